"""Rule 12: what to hide in a one-way breakdown whose total is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.scoring.disclosure import CATEGORY


@dataclass(frozen=True, slots=True)
class Suppression:
    """Say which cells are hidden; when `withheld`, nothing of the breakdown is published."""

    hidden: frozenset[int]
    withheld: bool


def suppress(cells: Sequence[int], threshold: int = CATEGORY) -> Suppression:
    """Hide the small cells, and the one that would give them away by subtraction.

    Somebody may replay the rule itself ([6, 6, 4] has a single solution): when that settles the
    value of a hidden cell, the whole breakdown is withheld.
    """
    small = {rank for rank, count in enumerate(cells) if 0 < count < threshold}
    hidden = small | _complement(cells, small, threshold)
    withheld = bool(hidden) and _settled(cells, sorted(hidden), threshold)
    return Suppression(frozenset(hidden), withheld)


def _complement(cells: Sequence[int], small: set[int], threshold: int) -> set[int]:
    """Return the smallest remaining cell, the first of equals, when the small ones need it."""
    if not small or (len(small) > 1 and sum(cells[rank] for rank in small) >= threshold):
        return set()
    left = [rank for rank, count in enumerate(cells) if count and rank not in small]
    return set(sorted(left, key=lambda rank: cells[rank])[:1])


def _settled(cells: Sequence[int], hidden: Sequence[int], threshold: int) -> bool:
    """Tell whether somebody who replays the rule finds the value of a hidden cell."""
    possible: dict[int, set[int]] = {rank: set() for rank in hidden}
    for added in (None, *hidden):
        _collect(possible, cells, added, threshold)
    return any(len(values) == 1 for values in possible.values())


def _collect(
    possible: dict[int, set[int]], cells: Sequence[int], added: int | None, threshold: int
) -> None:
    """Add the values that fit if `added` is the cell hidden for the others' sake, or none is."""
    total = sum(cells[rank] for rank in possible)
    seen = [(count, rank) for rank, count in enumerate(cells) if count and rank not in possible]
    small = [rank for rank in possible if rank != added]
    if added is None:
        # No help was needed, or no cell was left to give it.
        sums = [total] if not seen or (len(small) > 1 and total >= threshold) else []
    else:
        # Help was needed: one small cell, or several that sum to less than the threshold.
        sums = [
            kept
            for kept in range(len(small), threshold)
            if small
            and total - kept >= threshold
            and all((total - kept, added) < other for other in seen)
        ]
    for kept in sums:
        if values := _one_of(len(small), kept, threshold - 1):
            for rank in small:
                possible[rank] |= values
            if added is not None:
                possible[added].add(total - kept)


def _one_of(cells: int, total: int, most: int) -> set[int]:
    """Return what one of some cells may be, each between 1 and `most`, all summing to `total`."""
    others = cells - 1
    return {
        value
        for value in range(1, min(most, total) + 1)
        if others <= total - value <= others * most
    }
