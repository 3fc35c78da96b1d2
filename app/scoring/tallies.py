"""Sums of integers: everything a figure needs, whatever the order and the grouping of people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

#: Exact integers by name, zeros left out; the tally of a crowd is the sum of its people's.
#:
#: `from`, `to`: responses on each side of a measure (a single wave has only `to`); under each,
#: `mediateur`, `non_relue`, and `ITEM.CODE` for missing and unasked questions.
Tally: TypeAlias = dict[str, int]


def add(total: Tally, other: Mapping[str, int]) -> None:
    """Add a tally to a total, in place."""
    for name, count in other.items():
        total[name] = total.get(name, 0) + count


def sparse(**counts: int) -> Tally:
    """Return a tally without its zeros."""
    return {name: int(count) for name, count in counts.items() if count}


def under(tally: Mapping[str, int], prefix: str) -> Tally:
    """Return what a tally counts under a prefix (`aside.`), by the rest of the name."""
    return {
        name.removeprefix(prefix): count
        for name, count in tally.items()
        if name.startswith(prefix) and count
    }
