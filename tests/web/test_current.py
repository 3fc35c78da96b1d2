"""What day it is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from app.web import current

#: Half past midnight on 1 January in Paris, still 31 December in universal time.
NEW_YEAR = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)


class Clock(datetime):
    """Stand still."""

    @classmethod
    def now(cls) -> datetime:  # type: ignore[override]
        return NEW_YEAR


@pytest.fixture
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Set the zone of the machine, and take it back."""
    with monkeypatch.context() as patched:
        patched.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Paris", date(2027, 1, 1)),
        ("UTC", date(2027, 1, 1)),
        ("America/Martinique", date(2026, 12, 31)),
        ("Indian/Reunion", date(2027, 1, 1)),
    ],
    indirect=["zone"],
)
def test_the_day_is_the_one_of_the_people_who_answer(
    zone: None, day: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(current, "datetime", Clock)
    assert current.today() == day
