"""A period of whole months: the only kind of period a bilan knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.campaigns.periods import MONTH, first_day


@dataclass(frozen=True, slots=True)
class Period:
    """Go from the first to the last month, both included, written `2026-03`."""

    first: str
    last: str

    def __post_init__(self) -> None:
        """Refuse what is not a period, with the sentence to show."""
        if not (MONTH.fullmatch(self.first) and MONTH.fullmatch(self.last)):
            raise ValueError("Choisissez deux mois, par exemple de janvier à mars 2026.")
        if self.first > self.last:
            raise ValueError("Le premier mois vient après le dernier. Échangez-les.")

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

    def is_open(self, today: date) -> bool:
        """Tell whether answers may still arrive in it."""
        return self.last >= f"{today:%Y-%m}"


def months_between(first: date, last: date) -> list[str]:
    """Return every month from the first day's to the last day's."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [
        f"{first.year + (first.month - 1 + step) // 12}-{(first.month - 1 + step) % 12 + 1:02d}"
        for step in range(max(count, 0))
    ]
