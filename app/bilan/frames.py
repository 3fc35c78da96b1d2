"""The frame of a bilan: its months, its lieux, its actions, its readers, and if it may leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from app.bilan.audiences import USUAL
from app.indicators.fixed import FixedPeriod
from app.indicators.period import Period
from app.web.typography import listing, months

if TYPE_CHECKING:
    from datetime import date

    from app.bilan.models import Bilan

#: Until this month, the bilan that people write is that of the year before.
LAST_MONTH_OF_THE_YEAR_BEFORE = 3


@dataclass(frozen=True, slots=True)
class Frame:
    """Say which months, lieux and actions a bilan speaks of, and to whom."""

    period: Period
    #: No lieu means the whole structure.
    lieux: tuple[UUID, ...] = ()
    #: No action means all of them.
    actions: tuple[str, ...] = ()
    audience: str = USUAL
    testimonies_apart: bool = False

    @classmethod
    def of(cls, bilan: Bilan) -> Frame:
        """Return the frame of a bilan."""
        return cls(
            Period(bilan.first_month, bilan.last_month),
            tuple(UUID(lieu) for lieu in bilan.lieux),
            tuple(bilan.actions),
            bilan.audience,
            bilan.testimonies_apart,
        )

    @property
    def fixed(self) -> FixedPeriod | None:
        """Return the year or the quarter that its months are, or None."""
        asked = (self.period.first, self.period.last)
        held = FixedPeriod.holding(self.period.last)
        return next((one for one in held if (one.first, one.last) == asked), None)

    @property
    def title(self) -> str:
        """Write its period as people say it: « 2026 », « 1er trimestre 2026 », « mars 2026 »."""
        if self.fixed is None:
            return months(self.period.first_day, self.period.last_month)
        return self.fixed.title.removeprefix("année ")

    @property
    def stays_inside(self) -> str:
        """Say why the document is for the structure only; empty when it may leave one day."""
        why = []
        if self.fixed is None:
            why.append("ses mois ne font ni une année, ni un trimestre")
        if len(self.lieux) > 1:
            why.append("il parle de plusieurs lieux")
        if self.actions:
            why.append("il ne parle que de certaines actions")
        return listing(why)


def usual_year(today: date) -> int:
    """Return the year whose bilan is written now: in winter, that of the year before."""
    return today.year - (today.month <= LAST_MONTH_OF_THE_YEAR_BEFORE)


def fixed_choices(today: date, years: int = 3) -> Mapping[str, str]:
    """Return the years and quarters that may be chosen, the latest first, with their words."""
    found: dict[str, str] = {}
    for year in range(today.year, today.year - years, -1):
        whole = FixedPeriod(year)
        found[whole.written] = whole.title.capitalize()
        for quarter in (4, 3, 2, 1):
            one = FixedPeriod(year, quarter)
            if one.first <= f"{today:%Y-%m}":
                found[one.written] = one.title
    return found
