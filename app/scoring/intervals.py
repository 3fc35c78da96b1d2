"""Intervals at 95 %, effect size, reliability and margin: the only floats of the room."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import exp, inf, lgamma, log, log1p, sqrt
from statistics import NormalDist
from typing import NamedTuple

CONFIDENCE = 0.95
Z = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2)

#: Alpha asks for this many complete rows and items (rule 10).
ALPHA_ROWS, ALPHA_ITEMS = 30, 3


class Interval(NamedTuple):
    """Be the two ends of an interval."""

    low: float
    high: float


class Difference(NamedTuple):
    """Be a difference of two shares and its interval."""

    value: Fraction
    interval: Interval

    @property
    def established(self) -> bool:
        """Tell whether 0 lies outside the interval."""
        return self.interval.low > 0 or self.interval.high < 0


def wilson(k: int, n: int) -> Interval | None:
    """Return the Wilson score interval of k out of n; None when n = 0."""
    if n == 0:
        return None
    share, square = k / n, Z * Z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = Z * sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    # Rounding must neither leave 0..1 nor exclude the share itself at the two ends.
    low = 0.0 if k == 0 else min(middle - half, share)
    high = 1.0 if k == n else max(middle + half, share)
    return Interval(low, high)


def newcombe(k1: int, n1: int, k2: int, n2: int) -> Difference | None:
    """Return the change from k1/n1 to k2/n2 with Newcombe's hybrid score interval."""
    first, second = wilson(k1, n1), wilson(k2, n2)
    if first is None or second is None:
        return None
    before, after = k1 / n1, k2 / n2
    change = after - before
    low = change - sqrt((after - second.low) ** 2 + (first.high - before) ** 2)
    high = change + sqrt((second.high - after) ** 2 + (before - first.low) ** 2)
    return Difference(Fraction(k2, n2) - Fraction(k1, n1), Interval(low, high))


def student(n: int, total: Fraction, squares: Fraction) -> Interval | None:
    """Return Student's interval of a mean, from Σx and Σx²; None below two values."""
    if n < 2:
        return None
    mean = total / n
    half = student_quantile(n - 1) * sqrt(variance(n, total, squares) / n)
    return Interval(float(mean) - half, float(mean) + half)


def effect_size(n: int, total: Fraction, squares: Fraction) -> float | None:
    """Return d_z with Hedges' correction; None when the deltas do not vary."""
    if n < 2 or not (spread := variance(n, total, squares)):
        return None
    correction = 1 - 3 / (4 * (n - 1) - 1)
    return correction * float(total / n) / sqrt(spread)


def variance(n: int, total: Fraction, squares: Fraction) -> Fraction:
    """Return the exact sample variance, from Σx and Σx²."""
    return (squares - total * total / n) / (n - 1)


def cronbach(n: int, items: tuple[int, ...], squares: int, total_squares: int) -> Fraction | None:
    """Return Cronbach's alpha from sums over n complete rows.

    `items` holds Σ of each item, `squares` ΣΣ of their squares, `total_squares` Σ of the squares
    of the rows' totals. None below two items or rows, and when the totals do not vary.
    """
    k = len(items)
    if n < 2 or k < 2:
        return None
    of_total = n * total_squares - sum(items) ** 2
    if of_total == 0:
        return None
    of_items = n * squares - sum(item * item for item in items)
    return Fraction(k, k - 1) * (1 - Fraction(of_items, of_total))


def margin(n: int, accompanied: int | None) -> float | None:
    """Return the indicative margin of a share (rule 17); None when it cannot be computed."""
    if accompanied is None or accompanied < 2 or not 0 < n <= accompanied:
        return None
    return 1.96 * sqrt(0.25 / n) * sqrt((accompanied - n) / (accompanied - 1))


@lru_cache(maxsize=4096)
def student_quantile(df: int) -> float:
    """Return the 97.5 % quantile of Student's t, by bisection of its exact tail."""
    low, high = Z, 13.0  # t decreases with df, from 12.706… at df = 1 towards Z
    while low < (middle := (low + high) / 2) < high:
        if _two_tails(middle, df) > 1 - CONFIDENCE:
            low = middle
        else:
            high = middle
    return high


def _two_tails(t: float, df: int) -> float:
    """Return P(|T| > t): the regularised incomplete beta I_x(df/2, 1/2) at x = df/(df + t²)."""
    x, a, b = df / (df + t * t), df / 2, 0.5
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(a, b, x) / a
    return 1 - front * _beta_fraction(b, a, 1 - x) / b


def _beta_fraction(a: float, b: float, x: float) -> float:
    """Sum the continued fraction of the incomplete beta function, by Lentz's method."""
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1))
    result, step, m = d, inf, 0
    while abs(step - 1) > 4e-16:
        m += 1
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d, c = 1 / (1 + term * d), 1 + term / c
            step = c * d
            result *= step
    return result
