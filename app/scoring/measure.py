"""What is common to every measure: its key, its moments, what is missing at each."""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Literal, TypeAlias

from app.questionnaires.definition import Indicator, Method, Question, Text
from app.questionnaires.formulas import Formula
from app.scoring.readings import MISSING, NOT_ASKED, WITH_STAFF, Item, Reading
from app.scoring.tallies import Tally, under

if TYPE_CHECKING:
    from app.scoring.figures import Circumstances, Figure
    from app.scoring.plans import Plan

Side: TypeAlias = Literal["from", "to"]

_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'"})


@dataclass(frozen=True, kw_only=True, eq=False)
class Measure(ABC):
    """Measure one indicator one way: a method, one or two moments, the items posed there."""

    indicator: Indicator
    method: Method
    #: Empty when a single wave is measured.
    from_wave: str = ""
    to_wave: str
    #: Items as posed at `to_wave`, in the order of the screens.
    items: tuple[Item, ...]
    #: The same items as posed at `from_wave`.
    earlier: tuple[Item, ...] = ()

    @classmethod
    @abstractmethod
    def of(cls, indicator: Indicator, plan: Plan) -> Iterator[Measure]:
        """Yield the measures of an indicator that a plan allows: one a wave, or a pair of waves."""

    @abstractmethod
    def of_response(self, wave: str, reading: Reading) -> tuple[int | None, Tally]:
        """Return the score of one response, and what it adds to the tally."""

    @abstractmethod
    def figure(self, tally: Mapping[str, int], circumstances: Circumstances) -> Figure:
        """Return what a tally says."""

    @abstractmethod
    def explanation(self) -> str:
        """Say in plain French how the figure is computed."""

    @property
    def unit(self) -> str:
        """Return what n counts: persons are known apart only by their cards (rule 11)."""
        return "personne" if self.method == "A" else "réponse"

    @property
    def told_at_once(self) -> bool:
        """Tell whether « avant » and « maintenant » stand in one response (method B)."""
        return self.method == "B" and bool(self.from_wave)

    @cached_property
    def sensitive(self) -> bool:
        """Tell whether the indicator, or one of its questions, is sensitive."""
        return self.indicator.sensitive or any(item.posed.question.sensitive for item in self.asked)

    @property
    def asked(self) -> tuple[Item, ...]:
        """Return every question the measure reads at `to_wave`."""
        return self.items

    @cached_property
    def key(self) -> str:
        """Return the comparability key (rule 14): two figures compare only if theirs are equal.

        It covers the indicator, its formula over the items posed, the method, the moments, and
        the exact words, options, order and kind of these items; not the languages.
        """
        parts: list[object] = [self.indicator.id, self._posed_formula(), self.method]
        parts += [self.from_wave, self.to_wave]
        parts += [_meaning(item) for item in (*self.earlier, *self.asked)]
        return sha256(repr(parts).encode()).hexdigest()[:32]

    def _posed_formula(self) -> Formula:
        """Return the formula, cut down to the items posed."""
        return self.indicator.formula

    def observe(self, side: Side, reading: Reading) -> Tally:
        """Return what one response adds on one side: itself, its mode, what it leaves out."""
        tally: Tally = {side: 1}
        gaps = reading.gaps
        for item in self.earlier if side == "from" else self.asked:
            if gap := gaps.get(item.key):
                tally[f"{side}.{item.id}.{gap}"] = 1
        if reading.mode == WITH_STAFF:
            tally[f"{side}.mediateur"] = 1
        if reading.unreviewed:
            tally[f"{side}.non_relue"] = 1
        return tally

    def missing(self, tally: Mapping[str, int]) -> dict[str, int]:
        """Count the missing cells by code, item by item and wave by wave, of everyone."""
        items = {item.id for item in self.items}
        counts = dict.fromkeys(MISSING, 0)
        for side in ("from.", "to."):
            for name, count in under(tally, side).items():
                item, _, code = name.rpartition(".")
                if item in items and code in counts:
                    counts[code] += count
        return counts

    def worst_missing(self, tally: Mapping[str, int]) -> bool:
        """Tell whether 20 % or more of those asked left one question out, in one wave."""
        return any(
            _mostly_missing(tally, side, item)
            for side, items in (("from", self.earlier), ("to", self.asked))
            for item in items
        )


def _mostly_missing(tally: Mapping[str, int], side: str, item: Item) -> bool:
    asked = tally.get(side, 0) - tally.get(f"{side}.{item.id}.{NOT_ASKED}", 0)
    missing = sum(tally.get(f"{side}.{item.id}.{code}", 0) for code in MISSING)
    return missing > 0 and 5 * missing >= asked


def _meaning(item: Item) -> tuple[object, ...]:
    question: Question = item.posed.question
    return (
        item.key,
        question.kind.name,
        _normal(item.posed.text),
        _normal(question.hint),
        question.reversed,
        question.asides,
        tuple((option.code, _normal(option.text)) for option in question.options),
        tuple((clause.question, clause.codes) for clause in question.condition),
    )


def _normal(text: Text | None) -> str:
    """Return words without what changes nothing: spaces, forms of Unicode, apostrophes."""
    if text is None:
        return ""
    composed = unicodedata.normalize("NFKC", text.fr).translate(_APOSTROPHES)
    return re.sub(r"\s+", " ", composed).strip()
