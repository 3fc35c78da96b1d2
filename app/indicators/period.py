"""A period of whole months: the only kind of period a bilan knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.campaigns.periods import (
    MONTH,
    NOT_MONTHS,
    REVERSED,
    first_day,
    months_around,
    months_between,
)


@dataclass(frozen=True, slots=True)
class Period:
    """Go from the first to the last month, both included, written `2026-03`."""

    first: str
    last: str

    def __post_init__(self) -> None:
        """Refuse what is not a period, with the sentence to show."""
        if not (MONTH.fullmatch(self.first) and MONTH.fullmatch(self.last)):
            raise ValueError(NOT_MONTHS)
        if self.first > self.last:
            raise ValueError(REVERSED)

    @classmethod
    def of_year_so_far(cls, today: date) -> Period:
        """Return 1 January → end of the current month, the habit of the field."""
        return cls(f"{today.year}-01", f"{today:%Y-%m}")

    @property
    def first_day(self) -> date:
        """Return the first day of the first month."""
        return first_day(self.first)

    @property
    def last_month(self) -> date:
        """Return the first day of the last month."""
        return first_day(self.last)

    @property
    def months(self) -> list[str]:
        """Return its months, written `2026-03`."""
        return months_between(self.first_day, self.last_month)

    @property
    def length(self) -> int:
        """Return how many months it holds."""
        return len(self.months)

    def earlier(self, by: int) -> Period:
        """Return the period of the same length that begins so many months earlier."""
        first, last = (
            months_around(day, -by, 1 - by)[0] for day in (self.first_day, self.last_month)
        )
        return Period(f"{first:%Y-%m}", f"{last:%Y-%m}")

    def is_open(self, today: date) -> bool:
        """Tell whether answers may still arrive in it."""
        return self.last >= f"{today:%Y-%m}"
