"""Intervals, against scipy where it computes the same thing."""

from __future__ import annotations

from fractions import Fraction
from statistics import stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from app.scoring.intervals import (
    cronbach,
    effect_size,
    margin,
    newcombe,
    student,
    student_quantile,
    wilson,
)


def test_student_quantile_is_scipys() -> None:
    worst = max(abs(student_quantile(df) - stats.t.ppf(0.975, df)) for df in range(1, 1001))
    assert worst < 1e-9
    assert student_quantile(1_000_000) == pytest.approx(stats.t.ppf(0.975, 1_000_000), abs=1e-8)


@given(st.lists(st.integers(-100, 100), min_size=2, max_size=40))
def test_student_interval_is_scipys(deltas: list[int]) -> None:
    n, total = len(deltas), Fraction(sum(deltas))
    found = student(n, total, Fraction(sum(delta * delta for delta in deltas)))
    mean, spread = sum(deltas) / n, stdev(deltas)
    half = stats.t.ppf(0.975, n - 1) * spread / n**0.5
    assert found == pytest.approx((mean - half, mean + half), abs=1e-7)


@given(st.integers(0, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_contains_the_share_and_stays_within_0_and_1(pair: tuple[int, int]) -> None:
    k, n = pair
    interval = wilson(k, n)
    if n == 0:
        assert interval is None
        return
    assert 0 <= interval.low <= k / n <= interval.high <= 1
    expected = stats.binomtest(k, n).proportion_ci(method="wilson")
    assert interval == pytest.approx((expected.low, expected.high), abs=1e-12)


@given(st.integers(1, 60), st.integers(1, 60), st.data())
def test_newcombe_turns_over_when_the_periods_are_exchanged(n1: int, n2: int, data: object) -> None:
    k1, k2 = data.draw(st.integers(0, n1)), data.draw(st.integers(0, n2))
    there, back = newcombe(k1, n1, k2, n2), newcombe(k2, n2, k1, n1)
    assert there.value == -back.value
    assert there.interval == pytest.approx((-back.interval.high, -back.interval.low), abs=1e-12)
    assert there.established == back.established


def test_one_value_has_neither_interval_nor_effect_size() -> None:
    assert student(1, Fraction(3), Fraction(9)) is None
    assert effect_size(1, Fraction(3), Fraction(9)) is None
    assert effect_size(2, Fraction(6), Fraction(18)) is None
    assert student(2, Fraction(6), Fraction(18)) == (3.0, 3.0)


def test_alpha_needs_totals_that_vary() -> None:
    assert cronbach(30, (30, 30, 30), 90, 270) is None
    assert cronbach(1, (1, 1, 1), 3, 9) is None


def test_the_margin_asks_for_a_known_and_larger_population() -> None:
    assert margin(20, None) is None
    assert margin(20, 19) is None
    assert margin(1, 1) is None
    assert margin(0, 10) is None
    assert margin(20, 20) == 0
    assert margin(25, 101) == pytest.approx(1.96 * 0.1 * 0.76**0.5)
