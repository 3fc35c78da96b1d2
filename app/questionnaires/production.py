"""Which indicators a questionnaire can produce, each cut down to the questions it poses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.questionnaires.definition import Method, Wave
from app.questionnaires.formulas import (
    Conjunction,
    Contribution,
    Formula,
    MultiplePart,
    Progression,
    Tasks,
)


class Production:
    """Know what is posed, and when, so as to cut formulas down to it."""

    def __init__(self, method: Method, waves: Sequence[Wave]) -> None:
        self.now = [_posed(wave, before=False) for wave in waves]
        before = [_posed(wave, before=True) for wave in waves]
        self.posed: set[str] = set().union(*self.now)
        #: Questions posed at two moments, by which a before/after is possible.
        self.twice: set[str] = {
            item
            for item in self.posed
            if (method == "A" and sum(item in wave for wave in self.now) > 1)
            or (method == "B" and any(item in wave for wave in before))
        }
        self.produced: set[str] = set()

    def cut(self, indicator: str, formula: Formula) -> Formula | None:
        """Return the formula over what is posed, None when it cannot be produced.

        Progressions come first: a contribution leans on one.
        """
        kept = self._cut(formula)
        if kept is not None:
            self.produced.add(indicator)
        return kept

    def _cut(self, formula: Formula) -> Formula | None:
        if isinstance(formula, (Progression, Tasks)):
            items = tuple(item for item in formula.items if item in self.twice)
            return replace(formula, items=items) if items else None
        if isinstance(formula, Contribution):
            possible = formula.base in self.produced and formula.attribution in self.posed
        elif isinstance(formula, Conjunction):
            needed = {clause.question for clause in formula.clauses + formula.among}
            possible = any(needed <= wave for wave in self.now)
        else:
            possible = formula.item in self.posed
        return formula if possible else None


def named_items(formula: Formula) -> Iterable[str]:
    """Return the questions that a formula names."""
    if isinstance(formula, (Progression, Tasks)):
        return formula.items
    if isinstance(formula, Contribution):
        return (formula.attribution,)
    if isinstance(formula, Conjunction):
        return [clause.question for clause in formula.clauses + formula.among]
    return (formula.item,)


def named_codes(formula: Formula) -> Iterable[tuple[str, tuple[int | str, ...]]]:
    """Return the codes that a formula names, by question."""
    if isinstance(formula, Tasks):
        return [(item, formula.alone) for item in formula.items]
    if isinstance(formula, Contribution):
        return [(formula.attribution, formula.attributed + formula.strong)]
    if isinstance(formula, Conjunction):
        return [(clause.question, clause.codes) for clause in formula.clauses + formula.among]
    if isinstance(formula, MultiplePart):
        return [(formula.item, formula.positive + formula.outside)]
    if isinstance(formula, Progression):
        return ()
    names = ("positive", "among", "pending", "satisfied")
    return [(formula.item, sum((getattr(formula, name, ()) for name in names), ()))]


def _posed(wave: Wave, *, before: bool) -> set[str]:
    return {
        posed.question.id
        for screen in wave.screens
        for posed in screen.posed
        if posed.before == before
    }
