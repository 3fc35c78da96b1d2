"""What the page of one testimony shows: two texts, what hints suggest in them, what was decided.

Themes, tone and contrasts are looked for in the masked text only: no hint says what is masked.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from app.hints.contrasts import contrasts
from app.hints.personal import tag_of
from app.hints.themes import themes
from app.hints.tone import MIXED, NEGATIVE, POSITIVE, polarity
from app.testimonies.labels import LABELS, labels_of
from app.testimonies.masking import Masking, masking_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.hints.spans import Span
    from app.testimonies.models import Testimony

#: How each tone is said; an undetermined one is not.
TONES: Mapping[str, str] = {
    POSITIVE: "plutôt positif",
    NEGATIVE: "plutôt une difficulté",
    MIXED: "du positif et une difficulté",
}
#: Keys that decide, one for each of the first suggestions.
KEYS = "123456789"


@dataclass(frozen=True, slots=True)
class Piece:
    """Be a stretch of a text, with what marks it: `cache`, `code`, `sur`, `doute` or nothing."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """Be one passage that is masked or may have to be: a line with one button."""

    start: int
    end: int
    kind: str
    words: str
    is_masked: bool
    is_sure: bool
    #: Somebody left it readable: it names nobody.
    is_left: bool = False

    @property
    def value(self) -> str:
        """Return what the button sends."""
        return f"{self.start}-{self.end}-{self.kind}"


@dataclass(frozen=True, slots=True)
class Label:
    """Be one critère that a testimony may be about, and why."""

    criterion: str
    title: str
    #: The words that suggest it.
    words: tuple[str, ...]
    #: The person chose it themselves.
    is_said: bool
    #: What the team decided; None while it is open.
    holds: bool | None
    #: The key that decides it; empty beyond nine.
    key: str = ""

    @property
    def is_offered(self) -> bool:
        """Tell whether something speaks for it."""
        return bool(self.words) or self.is_said or self.holds is not None


@dataclass(frozen=True, slots=True)
class Reading:
    """Be all that hints and masking say of one testimony."""

    masking: Masking
    original: tuple[Piece, ...]
    masked: tuple[Piece, ...]
    passages: tuple[Passage, ...]
    tone: str
    tone_words: tuple[str, ...]
    contrasts: tuple[tuple[str, str], ...]
    labels: tuple[Label, ...]

    @property
    def offered(self) -> tuple[Label, ...]:
        """Return the critères that something speaks for."""
        return tuple(one for one in self.labels if one.is_offered)

    @property
    def others(self) -> tuple[Label, ...]:
        """Return the critères that nothing speaks for yet."""
        return tuple(one for one in self.labels if not one.is_offered)

    @property
    def waiting(self) -> tuple[Passage, ...]:
        """Return the passages that are readable and wait for a look."""
        return tuple(one for one in self.passages if not one.is_masked and not one.is_left)


def reading_of(session: Session, testimony: Testimony, parts: Mapping[str, str]) -> Reading:
    """Read one testimony from its decrypted parts."""
    masking = masking_of(parts)
    text = masking.text
    tone = polarity(text)
    suggested = themes(text)
    decided = labels_of(session, [testimony.id])[testimony.id]
    return Reading(
        masking=masking,
        original=_original(masking),
        masked=_masked(masking, [span for spans in suggested.values() for span in spans]),
        passages=tuple(_passages(masking)),
        tone=TONES.get(tone.value, ""),
        tone_words=_words(text, tone.words),
        contrasts=tuple(
            (text[one.before.start : one.before.end], text[one.now.start : one.now.end])
            for one in contrasts(text)
        ),
        labels=_labels(text, suggested, testimony.themes, decided),
    )


def _labels(
    text: str,
    suggested: Mapping[str, Sequence[Span]],
    said: Sequence[str],
    decided: Mapping[str, bool],
) -> tuple[Label, ...]:
    """Return every critère, those that something speaks for first, each with its key."""
    labels = [
        Label(
            criterion,
            title,
            _words(text, suggested.get(criterion, ())),
            criterion in said,
            decided.get(criterion),
        )
        for criterion, title in LABELS.items()
    ]
    labels.sort(key=lambda one: not one.is_offered)
    return tuple(
        Label(one.criterion, one.title, one.words, one.is_said, one.holds, KEYS[at : at + 1])
        for at, one in enumerate(labels)
    )


def _words(text: str, spans: Iterable[Span]) -> tuple[str, ...]:
    """Return the words of spans, each once, as they were written."""
    return tuple(dict.fromkeys(text[start:end] for start, end in sorted(spans)))


def _original(masking: Masking) -> tuple[Piece, ...]:
    """Cut what was said where something is found or masked."""
    masks = [(one.start, one.end, "sur") for one in masking.masks]
    waiting = [(one.start, one.end, "doute") for one in masking.waiting]
    return tuple(_pieces(masking.original, masks + waiting))


def _masked(masking: Masking, spans: Iterable[Span]) -> tuple[Piece, ...]:
    """Cut what may be shown where a passage was replaced, then where words suggest a critère."""
    tags, shift = [], 0
    for one in masking.masks:
        tag = len(tag_of(one.kind))
        tags.append((one.start + shift, one.start + shift + tag, "cache"))
        shift += tag - (one.end - one.start)
    return tuple(_pieces(masking.text, tags + [(*span, "code") for span in sorted(spans)]))


def _pieces(text: str, marks: Iterable[tuple[int, int, str]]) -> Iterable[Piece]:
    """Yield a text cut at its marks; of two that overlap, the first given keeps its place."""
    painted = [""] * len(text)
    borders = {0, len(text)}
    for start, end, mark in marks:
        if not any(painted[start:end]):
            painted[start:end] = [mark] * (end - start)
            borders |= {start, end}
    cuts = sorted(borders)
    for start, end in pairwise(cuts):
        yield Piece(text[start:end], painted[start])


def _passages(masking: Masking) -> Iterable[Passage]:
    left = {(one.start, one.end) for one in masking.spared}
    lines = [(one, True) for one in masking.masks] + [
        (one, False)
        for one in masking.found
        if not any(mask.start < one.end and one.start < mask.end for mask in masking.masks)
    ]
    for one, is_masked in sorted(lines):
        start, end, kind, is_sure = one
        words, is_left = masking.original[start:end], (start, end) in left
        yield Passage(start, end, kind, words, is_masked, is_sure, is_left)
