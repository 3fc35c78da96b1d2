"""A hidden cell of a breakdown is deduced neither by subtraction nor by replaying the rule."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from app.scoring import suppress

cells_and_threshold = st.tuples(
    st.lists(st.integers(0, 14), min_size=1, max_size=4), st.sampled_from([3, 5])
)


def fits(cells: list[int], hidden: list[int]) -> list[tuple[int, ...]]:
    """Return what the hidden cells may be, the total being known, zeros never hidden."""
    total = sum(cells[rank] for rank in hidden)
    if not hidden:
        return []
    return [
        (*values, last)
        for values in product(range(1, total + 1), repeat=len(hidden) - 1)
        if (last := total - sum(values)) > 0
    ]


@settings(max_examples=300, deadline=None)
@given(cells_and_threshold)
def test_a_hidden_cell_cannot_be_deduced(case: tuple[list[int], int]) -> None:
    cells, threshold = case
    found = suppress(cells, threshold)
    hidden = sorted(found.hidden)
    possible = []
    for values in fits(cells, hidden):
        guess = list(cells)
        for rank, value in zip(hidden, values, strict=True):
            guess[rank] = value
        if suppress(guess, threshold).hidden == found.hidden:
            possible.append(values)
    settled = [len(set(column)) == 1 for column in zip(*possible, strict=True)]
    assert found.withheld == any(settled)


@given(cells_and_threshold)
def test_every_small_cell_is_hidden_and_never_alone(case: tuple[list[int], int]) -> None:
    cells, threshold = case
    found = suppress(cells, threshold)
    small = {rank for rank, count in enumerate(cells) if 0 < count < threshold}
    assert small <= found.hidden
    assert found.withheld or len(found.hidden) != 1
    assert all(cells[rank] for rank in found.hidden)


def test_a_replay_with_one_solution_withholds_everything() -> None:
    assert suppress([6, 6, 4], 5).withheld
    assert suppress([3, 0, 0], 5).withheld
    assert not suppress([25, 8, 3, 14], 5).withheld
    assert suppress([25, 8, 14], 5) == suppress([8, 8, 8], 5)


def test_categories_need_eleven_people_unless_told_otherwise() -> None:
    assert suppress([20, 11, 0, 9]) == suppress([20, 11, 0, 9], 11)


def test_a_large_breakdown_is_answered_at_once() -> None:
    found = suppress([1, 2, 3, 900] * 25, 11)
    assert len(found.hidden) == 75
    assert not found.withheld
