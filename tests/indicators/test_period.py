"""A bilan knows only whole months."""

from __future__ import annotations

from datetime import date

import pytest

from app.indicators.period import Period


def test_the_usual_period_goes_from_january_to_the_current_month() -> None:
    assert Period.of_year_so_far(date(2026, 3, 9)) == Period("2026-01", "2026-03")


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-13", "2026-12"), ("", "2026-01"), ("2026-05", "2026-04"), ("x", "y")]
    + [(month, "2026-12") for month in ("0000-01", "٢٠٢٦-01", "2026-1", "2026-01\n")],
)
def test_what_is_no_period_is_refused_with_a_sentence(first: str, last: str) -> None:
    with pytest.raises(ValueError, match="mois"):
        Period(first, last)


def test_a_period_is_open_until_its_last_month_is_over() -> None:
    period = Period("2026-01", "2026-03")
    assert period.is_open(date(2026, 3, 31))
    assert not period.is_open(date(2026, 4, 1))


def test_an_earlier_period_has_the_same_length() -> None:
    period = Period("2025-11", "2026-02")
    assert period.length == 4
    assert period.earlier(period.length) == Period("2025-07", "2025-10")
    assert period.earlier(12) == Period("2024-11", "2025-02")
    with pytest.raises(ValueError, match="mois"):
        Period("2000-01", "2000-02").earlier(12)
