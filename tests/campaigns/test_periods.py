"""Periods of whole months; and the day of grace after a closing."""

from __future__ import annotations

from datetime import date

import pytest

from app.campaigns.models import Campaign
from app.campaigns.periods import (
    closing_day,
    first_day,
    is_whole_months,
    last_day,
    months_between,
    state_of,
)

MARCH = Campaign(starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 31), closed_on=None)
CLOSED = Campaign(
    starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 31), closed_on=date(2026, 3, 10)
)


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 2, 28), "not_yet"),
        (date(2026, 3, 1), "open"),
        (date(2026, 3, 31), "open"),
        (date(2026, 4, 1), "grace"),
        (date(2026, 4, 2), "closed"),
    ],
)
def test_a_campaign_lives_its_months_then_one_day_of_grace(day: date, state: str) -> None:
    assert state_of(MARCH, day) == state


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 3, 10), "grace"),
        (date(2026, 3, 11), "grace"),
        (date(2026, 3, 12), "closed"),
        (date(2026, 4, 1), "closed"),
    ],
)
def test_closing_takes_effect_the_same_day_and_leaves_24_hours(day: date, state: str) -> None:
    assert state_of(CLOSED, day) == state
    assert closing_day(CLOSED) == date(2026, 3, 10)


def test_a_campaign_closed_before_it_began_never_opens() -> None:
    never = Campaign(
        starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 31), closed_on=date(2026, 2, 1)
    )
    assert state_of(never, date(2026, 2, 1)) == "grace"
    assert state_of(never, date(2026, 3, 5)) == "closed"


def test_months_are_read_whole() -> None:
    assert first_day("2028-02") == date(2028, 2, 1)
    assert last_day("2028-02") == date(2028, 2, 29)
    assert is_whole_months(date(2028, 2, 1), date(2028, 2, 29))
    assert not is_whole_months(date(2028, 2, 1), date(2028, 2, 28))


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "mars 2026", "", "2026-03-01"])
def test_what_is_no_month_is_refused_with_an_example(month: str) -> None:
    with pytest.raises(ValueError, match="2026-03"):
        first_day(month)


def test_months_are_counted_across_years() -> None:
    assert months_between(date(2025, 11, 30), date(2026, 2, 1)) == [
        "2025-11",
        "2025-12",
        "2026-01",
        "2026-02",
    ]
    assert months_between(date(2026, 2, 1), date(2026, 1, 1)) == []
