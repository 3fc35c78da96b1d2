"""The periods of what leaves: a year, or a quarter, and nothing else."""

from __future__ import annotations

import pytest

from app.indicators.fixed import FixedPeriod


@pytest.mark.parametrize(
    ("written", "first", "last", "title"),
    [
        ("2026", "2026-01", "2026-12", "année 2026"),
        ("2026-T1", "2026-01", "2026-03", "1er trimestre 2026"),
        ("2026-T4", "2026-10", "2026-12", "4e trimestre 2026"),
    ],
)
def test_a_period_is_read_and_written(written: str, first: str, last: str, title: str) -> None:
    period = FixedPeriod.read(written)
    assert (period.written, period.first, period.last) == (written, first, last)
    assert period.title == title


@pytest.mark.parametrize("written", ["", "26", "2026-T0", "2026-T5", "2026-01", "٢٠٢٦", "2026\n"])
def test_another_period_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(ValueError, match="par exemple 2026 ou 2026-T1"):
        FixedPeriod.read(written)


def test_a_month_stands_in_one_year_and_one_quarter() -> None:
    assert FixedPeriod.holding("2026-03") == (FixedPeriod(2026), FixedPeriod(2026, 1))
    assert FixedPeriod.holding("2026-10") == (FixedPeriod(2026), FixedPeriod(2026, 4))
