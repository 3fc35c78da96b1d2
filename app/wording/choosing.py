"""What a critère tells first: one figure drawn, and at most one more sentence.

Two ways of asking the same thing are told once, by the one that more people answered; the other
is told beside it only where it says something else. The annex holds them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.questionnaires.formulas import Contribution, Tasks
from app.scoring.disclosure import MEANS
from app.wording import phrases
from app.wording.said import counts_of, direction, says_little

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from app.scoring import Figure
    from app.wording.told import Told


def ranked(among: Iterable[Told]) -> list[Told]:
    """Return figures, the one to be told first at the head, each asked in one way only."""
    kept = [ways[0] for ways in ways_of(among).values() if not is_detail(ways[0])]
    return sorted(kept, key=lambda one: (one.figure.n < MEANS, says_little(one.figure)))


def ways_of(among: Iterable[Told]) -> dict[str, list[Told]]:
    """Return the ways in which each indicator was asked, one a method.

    The first is told everywhere: in its block, as a headline, beside an objective. It is the one
    that more people answered.
    """
    asked: dict[str, list[Told]] = {}
    for one in sorted(among, key=lambda one: phrases.prominence(one.measured)):
        asked.setdefault(one.indicator, []).append(one)
    return {indicator: list(_by_method(ways)) for indicator, ways in asked.items()}


def _by_method(ways: Sequence[Told]) -> Iterator[Told]:
    """Yield the largest way of each method, the largest of all at the head."""
    seen: set[str] = set()
    # The sort is stable: of two as large, the more prominent.
    for one in sorted(ways, key=lambda one: -one.figure.n):
        if one.figure.measure.method not in seen:
            seen.add(one.figure.measure.method)
            yield one


def chosen(among: Sequence[Told], is_unfavourable: Callable[[Told], bool]) -> list[Told]:
    """Return the figure that a block draws, then the one that teaches the most beside it."""
    every = ranked(among)
    if not every:
        return []
    main, *others = every
    beside = [
        *_other_ways(main, among),
        *(one for one in others if is_unfavourable(one)),
        *_contribution(main, among),
        *(one for one in others if not says_little(one.figure)),
    ]
    # A few people are told of once: their other answers are in the annex.
    return [main, *(one for one in beside if main.figure.n >= MEANS or is_unfavourable(one))][:2]


def is_detail(one: Told) -> bool:
    """Tell whether a figure only details a progression: tasks, what the place is thanked for."""
    return isinstance(one.figure.measure.indicator.formula, (Contribution, Tasks))


def _other_ways(main: Told, among: Sequence[Told]) -> list[Told]:
    """Return the same figure asked in another way, where it says something else."""
    return [
        one
        for one in among
        if one.indicator == main.indicator
        and one is not main
        and one.figure.n >= MEANS
        and _says(one.figure) not in (0, _says(main.figure))
    ]


def _says(figure: Figure) -> int:
    """Return which way a movement surely goes; 0 where it is not sure."""
    return (direction(figure) or 0) if counts_of(figure) else 0


def _contribution(main: Told, among: Sequence[Told]) -> list[Told]:
    """Return what the place is thanked for, where people surely went up, asked in the same way."""
    measure = main.figure.measure
    if _says(main.figure) <= 0:
        return []
    return [
        one
        for one in among
        if isinstance(one.figure.measure.indicator.formula, Contribution)
        and one.figure.share
        and not says_little(one.figure)
        and (one.figure.measure.from_wave, one.figure.measure.to_wave, one.figure.measure.method)
        == (measure.from_wave, measure.to_wave, measure.method)
    ]
