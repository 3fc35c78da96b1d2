"""Nobody is found by adding and subtracting what was published: checked against brute force."""

from __future__ import annotations

import time
from fractions import Fraction
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.scoring.differencing import isolated, isolates


def span(vectors: list[tuple[int, ...]]) -> list[list[Fraction]]:
    """Return a basis of what the vectors combine to, by textbook elimination."""
    basis: list[list[Fraction]] = []
    for vector in vectors:
        left = reduce_by(basis, [Fraction(one) for one in vector])
        if any(left):
            basis.append(left)
    return basis


def reduce_by(basis: list[list[Fraction]], vector: list[Fraction]) -> list[Fraction]:
    for row in basis:
        first = next(rank for rank, one in enumerate(row) if one)
        times = vector[first] / row[first]
        vector = [one - times * other for one, other in zip(vector, row, strict=True)]
    return vector


def by_brute_force(published: list[set[int]], counts: dict[int, int]) -> bool:
    """Try every group of atoms of 1 to 4 people: is it a combination of what was published?"""
    seen = [atom for atom, count in counts.items() if count]
    basis = span([tuple(int(atom in one) for atom in seen) for one in published])
    for group in product((0, 1), repeat=len(seen)):
        people = sum(counts[atom] for atom, taken in zip(seen, group, strict=True) if taken)
        if 1 <= people <= 4 and not any(reduce_by(basis, [Fraction(one) for one in group])):
            return True
    return False


def by_adding_and_subtracting(published: list[set[int]], counts: dict[int, int]) -> bool:
    """Try every whole-number combination from −2 to 2."""
    seen = [atom for atom, count in counts.items() if count]
    for times in product(range(-2, 3), repeat=len(published)):
        group = [
            sum(time for time, one in zip(times, published, strict=True) if atom in one)
            for atom in seen
        ]
        if set(group) <= {0, 1}:
            people = sum(counts[atom] for atom, taken in zip(seen, group, strict=True) if taken)
            if 1 <= people <= 4:
                return True
    return False


@st.composite
def publications(draw: st.DrawFn) -> tuple[list[set[int]], dict[int, int]]:
    atoms = draw(st.integers(2, 7))
    counts = {atom: draw(st.integers(0, 7)) for atom in range(atoms)}
    published = draw(st.lists(st.sets(st.integers(0, atoms - 1), min_size=1), max_size=5))
    return published, counts


@settings(max_examples=400, deadline=None)
@given(publications())
def test_it_finds_what_brute_force_finds_and_nothing_else(
    drawn: tuple[list[set[int]], dict[int, int]],
) -> None:
    published, counts = drawn
    found = isolated(published, counts)
    assert (found is not None) == by_brute_force(published, counts)
    if found is not None:
        assert 1 <= sum(counts[atom] for atom in found) <= 4


@settings(max_examples=150, deadline=None)
@given(publications())
def test_no_sum_or_difference_of_published_numbers_escapes_it(
    drawn: tuple[list[set[int]], dict[int, int]],
) -> None:
    published, counts = drawn
    if by_adding_and_subtracting(published, counts):
        assert isolates(published, counts)


def test_a_year_minus_its_quarters_gives_the_last_one_away() -> None:
    counts = {"T1": 8, "T2": 9, "T3": 7, "T4": 3}
    year, quarters = set(counts), [{"T1"}, {"T2"}, {"T3"}]
    assert isolated([year, *quarters], counts) == {"T4"}
    assert not isolates([year, *quarters[:2]], counts)


def test_a_structure_minus_its_other_lieux_gives_the_smallest_away() -> None:
    counts = {"gare": 12, "port": 20, "bus": 4}
    assert isolates([set(counts), {"gare"}, {"port"}], counts)
    assert not isolates([set(counts), {"gare"}], counts)


def test_a_group_in_several_pieces_is_found() -> None:
    # Rows minus a column: one person here, two there, never told alone.
    counts = {("jan", "a"): 1, ("jan", "b"): 9, ("feb", "a"): 2, ("feb", "b"): 9}
    everybody = set(counts)
    of_b = {atom for atom in counts if atom[1] == "b"}
    assert isolated([everybody, of_b], counts) == {("jan", "a"), ("feb", "a")}


def test_halves_of_sums_are_found_too() -> None:
    # a+b, b+c and a+c give twice a: no whole-number combination does.
    counts = {"a": 3, "b": 30, "c": 30}
    pairs = [{"a", "b"}, {"b", "c"}, {"a", "c"}]
    assert isolated(pairs, counts) == {"a"}


def test_an_empty_month_hides_nobody() -> None:
    counts = {"jan": 8, "feb": 0, "mar": 2}
    assert isolates([{"jan", "mar"}, {"jan", "feb"}], counts)


@pytest.mark.parametrize("population", [[], [set()], [{"jan"}]])
def test_little_published_gives_nothing_away(population: list[set[str]]) -> None:
    assert not isolates(population, {"jan": 5})


def test_two_years_of_sixty_lieux_are_audited_at_once() -> None:
    random = Random(13)
    months = [f"{year}-{month:02d}" for year in (2025, 2026) for month in range(1, 13)]
    atoms = product(months, range(60))
    counts = {atom: random.choice([0, 1, 2, 5, 9]) for atom in atoms}
    published = [
        {atom for atom in counts if start <= months.index(atom[0]) < start + 3}
        for start in range(0, 24, 3)
    ]
    published += [{atom for atom in counts if atom[1] == lieu} for lieu in range(30)]
    published += [{atom for atom in counts if atom[0][:4] == year} for year in ("2025", "2026")]
    started = time.thread_time()
    isolates(published, counts)
    assert time.thread_time() - started < 2
