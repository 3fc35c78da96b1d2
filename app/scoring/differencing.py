"""Rule 13: what a set of published populations gives away when they are added and subtracted.

Atoms are the smallest groups that figures add up (a month of a lieu); a published population is
a set of atoms whose number of people is known. This is the linear-sensitivity audit of published
sums (« database inference », D. Denning, *Cryptography and Data Security*, 1982, chapter 6): a
group is given away exactly when its 0/1 vector is a combination of the published ones.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import gcd
from typing import Generic, TypeVar

from app.scoring.disclosure import COUNTS

Atom = TypeVar("Atom", bound=Hashable)

#: One person to the last number under which nothing is told.
MOST = COUNTS - 1


@dataclass(frozen=True, slots=True)
class _Class(Generic[Atom]):
    """Gather the atoms that stand in the same published populations."""

    populations: frozenset[int]
    atoms: tuple[Atom, ...]
    total: int


@dataclass(frozen=True, slots=True)
class _Row:
    """Be one row of the reduced matrix: its first entry that is not 0 stands at the pivot."""

    pivot: int
    entries: tuple[int, ...]


def isolates(published: Sequence[Collection[Atom]], counts: Mapping[Atom, int]) -> bool:
    """Tell whether somebody who adds and subtracts the published numbers finds 1 to 4 people."""
    return isolated(published, counts) is not None


def isolated(
    published: Sequence[Collection[Atom]], counts: Mapping[Atom, int]
) -> frozenset[Atom] | None:
    """Return a group of 1 to 4 people that the published numbers give away, or None.

    Populations only tell classes of atoms apart, so such a group is made of whole classes.
    Classes without anybody are left out, as if they were known to be empty: this is the more
    cautious reading, and each class of the group then holds 1 to 4 people.
    """
    classes = _classes(published, counts)
    columns = [one.total for one in classes]
    matrix = [[int(rank in one.populations) for one in classes] for rank in range(len(published))]
    found = _small_group([row for row in _reduced(matrix) if columns[row.pivot] <= MOST], columns)
    if found is None:
        return None
    return frozenset(atom for column in found for atom in classes[column].atoms)


def _classes(
    published: Sequence[Collection[Atom]], counts: Mapping[Atom, int]
) -> list[_Class[Atom]]:
    """Return the classes with somebody in them, the largest first."""
    standing: dict[Atom, set[int]] = {}
    for rank, population in enumerate(published):
        for atom in population:
            standing.setdefault(atom, set()).add(rank)
    together: dict[frozenset[int], list[Atom]] = {}
    for atom, ranks in standing.items():
        if counts.get(atom, 0):
            together.setdefault(frozenset(ranks), []).append(atom)
    classes = [
        _Class(ranks, tuple(atoms), sum(counts[atom] for atom in atoms))
        for ranks, atoms in together.items()
    ]
    return sorted(classes, key=lambda one: -one.total)


def _small_group(rows: Sequence[_Row], columns: Sequence[int]) -> list[int] | None:
    """Return the classes of a group of 1 to 4 people among the combinations of some rows.

    In a reduced matrix a combination is known by its entries at the pivots: a 0/1 vector is the
    plain sum of the rows whose pivots it holds, here at most four of them. The columns go from
    the largest class to the smallest, so a row whose pivot is a small class is 0 in every large
    one, and no other row can take part.
    """
    people = [_people(row, columns) for row in rows]
    for size in range(1, MOST + 1):
        for chosen in combinations(range(len(rows)), size):
            if 1 <= sum(people[rank] for rank in chosen) <= MOST:
                summed = [
                    sum(entry)
                    for entry in zip(*(_scaled(rows[rank]) for rank in chosen), strict=True)
                ]
                if all(entry in (0, 1) for entry in summed):
                    return [column for column, entry in enumerate(summed) if entry]
    return None


def _people(row: _Row, columns: Sequence[int]) -> Fraction:
    """Return the number that a row gives: as linear as the rows are."""
    weighed = sum(entry * total for entry, total in zip(row.entries, columns, strict=True))
    return Fraction(weighed, row.entries[row.pivot])


def _scaled(row: _Row) -> Iterator[Fraction]:
    """Yield the entries of a row, 1 at its pivot."""
    return (Fraction(entry, row.entries[row.pivot]) for entry in row.entries)


def _reduced(matrix: Sequence[Sequence[int]]) -> list[_Row]:
    """Return the reduced row echelon form, by Gauss–Jordan elimination in whole numbers."""
    rows: list[_Row] = []
    for given in matrix:
        entries = tuple(given)
        for row in rows:
            entries = _without(entries, row)
        pivot = next((column for column, entry in enumerate(entries) if entry), None)
        if pivot is not None:
            new = _Row(pivot, entries)
            rows = [_Row(row.pivot, _without(row.entries, new)) for row in rows]
            rows.append(new)
    return rows


def _without(entries: tuple[int, ...], row: _Row) -> tuple[int, ...]:
    """Take a row away so often that nothing stands at its pivot, and simplify."""
    times = entries[row.pivot]
    if not times:
        return entries
    by = row.entries[row.pivot]
    left = tuple(
        entry * by - other * times for entry, other in zip(entries, row.entries, strict=True)
    )
    divisor = gcd(*left) or 1
    return tuple(entry // divisor for entry in left)
