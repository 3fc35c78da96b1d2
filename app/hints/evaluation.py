"""How well the hints read: what they say beside what people read, with intervals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from app.hints.labelled import POLARITIES, Example
from app.hints.themes import CRITERIA
from app.hints.tone import MIXED, NEGATIVE, POSITIVE, UNCLEAR

#: What each tone counts as. An abstention is right when the person read nothing that leans.
COUNTS_AS = {POSITIVE: "pos", NEGATIVE: "neg", MIXED: "mixte", UNCLEAR: "neutre"}

RESAMPLES = 1000
SEED = 2026
_SIDE = 0.025  # on each side of a 95 % interval


class Outcome(NamedTuple):
    """Be what a person read in a text and what the hints said of it."""

    expected: str
    said: str
    labels: frozenset[str] = frozenset()
    themes: frozenset[str] = frozenset()


class Estimate(NamedTuple):
    """Be a figure with its interval; None when the file has nothing to compute it from."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Evaluation:
    """Hold the figures of an analyzer on a file."""

    outcomes: tuple[Outcome, ...]
    figures: Mapping[str, Estimate]

    def count(self, expected: str, said: str | None = None) -> int:
        """Count the texts a person read as one polarity, and an analyzer as another."""
        return sum(one.expected == expected and said in {None, one.said} for one in self.outcomes)


ACCURACY = "Exactitude"
MACRO_F1 = "Macro-F1 (4 classes)"
NEGATIVE_RECALL = "Rappel des négatifs"
ABSTENTION = "Abstention"
WHEN_SAID = "Exactitude sans les abstentions"
THEME_MICRO = "Thèmes, micro-F1"
THEME_MACRO = "Thèmes, macro-F1"
TONE_FIGURES = (ACCURACY, MACRO_F1, NEGATIVE_RECALL, ABSTENTION, WHEN_SAID)
THEME_FIGURES = (THEME_MICRO, THEME_MACRO)


def evaluate(
    examples: Iterable[Example],
    tone: Callable[[str], str],
    themes: Callable[[str], Iterable[str]] | None,
) -> Evaluation:
    """Measure what says a tone, and what says themes when it says any."""
    outcomes = tuple(
        Outcome(
            one.polarity,
            COUNTS_AS[tone(one.text)],
            one.labels,
            frozenset(themes(one.text)) if themes else frozenset(),
        )
        for one in examples
    )
    names = TONE_FIGURES + (THEME_FIGURES if themes else ())
    return Evaluation(outcomes, estimates(outcomes, names))


def estimates(outcomes: Sequence[Outcome], names: Sequence[str]) -> dict[str, Estimate]:
    """Compute figures, each with the interval that a draw of the same texts would give."""
    values = _figures(Counter(outcomes))
    distinct = list(dict.fromkeys(outcomes))
    ranks = {one: rank for rank, one in enumerate(distinct)}
    drawable = [ranks[one] for one in outcomes]  # numbers are drawn faster than sets of labels
    draws: dict[str, list[float]] = {name: [] for name in names}
    random = Random(SEED)
    for _ in range(RESAMPLES):
        times = Counter(random.choices(drawable, k=len(drawable)))
        drawn = _figures({distinct[rank]: count for rank, count in times.items()})
        for name in names:
            if (value := drawn[name]) is not None:
                draws[name].append(value)
    return {name: _estimate(values[name], sorted(draws[name])) for name in names}


def _estimate(value: float | None, drawn: list[float]) -> Estimate:
    if value is None or not drawn:
        return Estimate(value, None, None)
    low, high = round(_SIDE * (len(drawn) - 1)), round((1 - _SIDE) * (len(drawn) - 1))
    return Estimate(value, drawn[low], drawn[high])


def _figures(counted: Mapping[Outcome, int]) -> dict[str, float | None]:
    """Compute every figure of a set of outcomes, each with how many texts had it."""
    confusion: Counter[tuple[str, str]] = Counter()
    labels: dict[str, Counter[str]] = {one: Counter() for one in CRITERIA}
    for one, times in counted.items():
        confusion[one.expected, one.said] += times
        for label in one.labels | one.themes:
            kind = "hit" if label in one.labels & one.themes else "miss"
            labels[label][kind] += times
    total = confusion.total()
    right = sum(confusion[one, one] for one in POLARITIES)
    abstained = sum(confusion[one, COUNTS_AS[UNCLEAR]] for one in POLARITIES)
    right_unsaid = confusion[COUNTS_AS[UNCLEAR], COUNTS_AS[UNCLEAR]]
    negatives = sum(confusion["neg", said] for said in POLARITIES)
    hits = sum(counts["hit"] for counts in labels.values())
    return {
        ACCURACY: _share(right, total),
        MACRO_F1: _mean(_class_f1(confusion, one) for one in POLARITIES),
        NEGATIVE_RECALL: _share(confusion["neg", "neg"], negatives),
        ABSTENTION: _share(abstained, total),
        WHEN_SAID: _share(right - right_unsaid, total - abstained),
        THEME_MICRO: _f1(hits, sum(counts["miss"] for counts in labels.values())),
        THEME_MACRO: _mean(_f1(counts["hit"], counts["miss"]) for counts in labels.values()),
    }


def _class_f1(confusion: Counter[tuple[str, str]], one: str) -> float | None:
    wrong = sum(
        confusion[one, other] + confusion[other, one] for other in POLARITIES if other != one
    )
    return _f1(confusion[one, one], wrong)


def _f1(hits: int, wrong: int) -> float | None:
    """Return F1 from the hits and from what was missed or wrongly said, together."""
    return 2 * hits / (2 * hits + wrong) if hits or wrong else None


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _mean(values: Iterable[float | None]) -> float | None:
    """Average over the classes that somebody or something named; the others say nothing."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
