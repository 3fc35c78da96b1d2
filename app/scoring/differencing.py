"""Rule 13: what a set of published populations gives away when they are added and subtracted.

Atoms are the smallest groups that figures add up (a month of a lieu); a published population is
a set of atoms whose number of people is known. This is the linear-sensitivity audit of published
sums (« database inference », D. Denning, *Cryptography and Data Security*, 1982, chapter 6): a
group is given away exactly when its 0/1 vector is a combination of the published ones.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import gcd
from typing import Generic, TypeAlias, TypeVar

from app.scoring.disclosure import COUNTS

Atom = TypeVar("Atom", bound=Hashable)

#: One person to the last number under which nothing is told.
MOST = COUNTS - 1

#: A row of the matrix, without its zeros: few groups stand in it once it is reduced.
Row: TypeAlias = Mapping[int, int]
#: A reduced matrix by pivot: the first entry of a row, which is 0 in every other one.
Rows: TypeAlias = dict[int, Row]


@dataclass(frozen=True, slots=True)
class _Class(Generic[Atom]):
    """Gather the atoms that stand in the same published populations."""

    atoms: tuple[Atom, ...]
    total: int


class Audit(Generic[Atom]):
    """Reduce what was published once, then tell of each new population what it would give away.

    `asked` are the populations that will be asked about, or cut them finer: what no population
    tells apart is counted as one. Populations only tell classes of atoms apart, so a group that
    is given away is made of whole classes. Classes without anybody are left out, as if they were
    known to be empty: this is the more cautious reading, and each class of the group then holds
    1 to 4 people.
    """

    def __init__(
        self,
        published: Iterable[Collection[Atom]],
        counts: Mapping[Atom, int],
        asked: Iterable[Collection[Atom]] = (),
    ) -> None:
        known = sorted(published, key=len)  # the small ones first: the large ones add them up
        self._classes = _classes([*known, *asked], counts)
        self._column = {
            atom: column for column, one in enumerate(self._classes) for atom in one.atoms
        }
        self._rows: Rows = {}
        for one in known:
            _put(self._rows, self._row(one))

    def given_away(self, new: Iterable[Collection[Atom]] = ()) -> frozenset[Atom] | None:
        """Return a group of 1 to 4 people that all this gives away, or None."""
        return self._group(self._with(new))

    def admits(self, new: Iterable[Collection[Atom]]) -> bool:
        """Add populations to what was published, unless they would give somebody away."""
        rows = self._with(new)
        if self._group(rows) is not None:
            return False
        self._rows = rows
        return True

    def _with(self, new: Iterable[Collection[Atom]]) -> Rows:
        rows = dict(self._rows)
        for one in new:
            _put(rows, self._row(one))
        return rows

    def _row(self, population: Collection[Atom]) -> Row:
        return {self._column[atom]: 1 for atom in population if atom in self._column}

    def _group(self, rows: Rows) -> frozenset[Atom] | None:
        totals = [one.total for one in self._classes]
        small = {pivot: row for pivot, row in sorted(rows.items()) if totals[pivot] <= MOST}
        for linked in _linked(small):
            if found := _small_group([(pivot, small[pivot]) for pivot in linked], totals):
                return frozenset(atom for column in found for atom in self._classes[column].atoms)
        return None


def isolates(published: Iterable[Collection[Atom]], counts: Mapping[Atom, int]) -> bool:
    """Tell whether somebody who adds and subtracts the published numbers finds 1 to 4 people."""
    return isolated(published, counts) is not None


def isolated(
    published: Iterable[Collection[Atom]], counts: Mapping[Atom, int]
) -> frozenset[Atom] | None:
    """Return a group of 1 to 4 people that the published numbers give away, or None."""
    return Audit(published, counts).given_away()


def _classes(
    populations: Sequence[Collection[Atom]], counts: Mapping[Atom, int]
) -> list[_Class[Atom]]:
    """Return the classes with somebody in them, the largest first."""
    standing: dict[Atom, list[int]] = {}
    for rank, population in enumerate(populations):
        for atom in population:
            standing.setdefault(atom, []).append(rank)
    together: dict[tuple[int, ...], list[Atom]] = {}
    for atom, ranks in standing.items():
        if counts.get(atom, 0):
            together.setdefault(tuple(ranks), []).append(atom)
    classes = [
        _Class(tuple(atoms), sum(counts[atom] for atom in atoms)) for atoms in together.values()
    ]
    return sorted(classes, key=lambda one: -one.total)


def _linked(rows: Rows) -> Iterator[list[int]]:
    """Yield the pivots of rows that share a column, directly or through others.

    Rows that share nothing add nothing to each other: a sum of both is a group only where each
    is one by itself.
    """
    of_column: dict[int, list[int]] = {}
    for pivot, row in rows.items():
        for column in row:
            of_column.setdefault(column, []).append(pivot)
    seen: set[int] = set()
    for pivot in rows:
        waiting, found = [pivot], []
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                found.append(one)
                waiting += (other for column in rows[one] for other in of_column[column])
        if found:
            yield sorted(found)


def _small_group(rows: Sequence[tuple[int, Row]], totals: Sequence[int]) -> list[int] | None:
    """Return the classes of a group of 1 to 4 people among the combinations of some rows.

    In a reduced matrix a combination is known by its entries at the pivots: a 0/1 vector is the
    plain sum of the rows whose pivots it holds, here at most four of them. The columns go from
    the largest class to the smallest, so a row whose pivot is a small class is 0 in every large
    one, and no other row can take part.
    """
    people = [_people(pivot, row, totals) for pivot, row in rows]
    for size in range(1, MOST + 1):
        for chosen in combinations(range(len(rows)), size):
            if 1 <= sum(people[rank] for rank in chosen) <= MOST:
                summed: dict[int, Fraction] = {}
                for pivot, row in (rows[rank] for rank in chosen):
                    for column, entry in row.items():
                        summed[column] = summed.get(column, 0) + Fraction(entry, row[pivot])
                if all(entry in (0, 1) for entry in summed.values()):
                    return [column for column, entry in summed.items() if entry]
    return None


def _people(pivot: int, row: Row, totals: Sequence[int]) -> Fraction:
    """Return the number that a row gives: as linear as the rows are."""
    return Fraction(sum(entry * totals[column] for column, entry in row.items()), row[pivot])


def _put(rows: Rows, row: Row) -> None:
    """Add a row to a reduced matrix: one step of a Gauss–Jordan elimination in whole numbers."""
    for pivot in [column for column in row if column in rows]:
        row = _without(row, pivot, rows[pivot])
    if not row:
        return
    new = min(row)
    for pivot, other in rows.items():
        if new in other:
            rows[pivot] = _without(other, new, row)
    rows[new] = row


def _without(row: Row, pivot: int, other: Row) -> Row:
    """Take another row away so often that nothing stands at its pivot, and simplify."""
    times, by = row[pivot], other[pivot]
    left = {column: entry * by for column, entry in row.items()}
    for column, entry in other.items():
        left[column] = left.get(column, 0) - entry * times
    divisor = gcd(*left.values()) or 1
    return {column: entry // divisor for column, entry in left.items() if entry}
