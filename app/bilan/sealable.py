"""What of a bilan may be « arrêté »: a fixed period, one scope, and which months will count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from app.bilan.frames import Frame
from app.campaigns.periods import GRACE, first_day, last_day
from app.indicators.freezing import freezable, frozen_months
from app.web.typography import long_date, month, months

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from app.bilan.models import Bilan
    from app.indicators.fixed import FixedPeriod

NOT_FIXED = (
    "Ce bilan reste provisoire : on arrête une année, ou un trimestre entier (de janvier à mars, "
    "d’avril à juin…). Changez sa période, ou faites-en une copie."
)
NOT_YEAR = (
    "Ce bilan reste provisoire tel qu’il est. Choisissez toute l’année {year} : vous pourrez "
    "l’arrêter dès maintenant, jusqu’à son dernier mois clos."
)
MANY_LIEUX = (
    "Ce bilan reste provisoire : on arrête les chiffres de toute la structure, ou d’un seul lieu. "
    "Gardez un lieu, ou tous."
)
SOME_ACTIONS = (
    "Ce bilan reste provisoire : les chiffres d’une action ne sortent pas de la structure, car une "
    "soustraction pourrait désigner quelqu’un. Retirez le choix des actions."
)
NO_MONTH = (
    "Aucun mois de cette période n’est prêt : il faut des réponses, et un mois se clôt un jour "
    "après sa fin."
)


@dataclass(frozen=True, slots=True)
class Sealable:
    """Say which months a seal would count, or in French why there is none."""

    problem: str = ""
    #: Months that would be frozen first, those before the period included.
    to_freeze: tuple[str, ...] = ()
    #: Months whose answers the bilan would count.
    counted: tuple[str, ...] = ()
    #: The year is not over: it can be sealed, up to the last of these months.
    is_partial: bool = False

    @property
    def words(self) -> str:
        """Write the months that count: « de janvier à octobre 2026 »."""
        return months(first_day(self.counted[0]), first_day(self.counted[-1]))


def sealed_scope(bilan: Bilan) -> UUID | None:
    """Return what a bilan speaks of, the structure or one lieu; None when it is neither."""
    if len(bilan.lieux) > 1 or bilan.actions:
        return None
    return UUID(bilan.lieux[0]) if bilan.lieux else bilan.organisation_id


def provisional_for_ever(bilan: Bilan) -> str:
    """Say why a bilan with this frame is never « arrêté »; empty when it may be."""
    frame = Frame.of(bilan)
    if frame.fixed is None:
        first, last = frame.period.first, frame.period.last
        is_year = first.endswith("-01") and first[:4] == last[:4]
        return (NOT_YEAR if is_year else NOT_FIXED).format(year=first[:4])
    if bilan.actions:
        return SOME_ACTIONS
    return MANY_LIEUX if len(bilan.lieux) > 1 else ""


def sealable(session: Session, bilan: Bilan, today: date) -> Sealable:
    """Return which months a seal would count today, once those that wait are frozen."""
    problem = provisional_for_ever(bilan)
    period = Frame.of(bilan).fixed
    if problem or period is None:
        return Sealable(problem)
    frozen = {one.month for one in frozen_months(session, bilan.organisation_id)}
    waiting = freezable(session, bilan.organisation_id, today)
    to_freeze = tuple(one for one in waiting if one <= bilan.last_month)
    counted = tuple(
        one for one in sorted(frozen.union(to_freeze)) if period.first <= one <= bilan.last_month
    )
    if not counted:
        return Sealable(NO_MONTH)
    if period.quarter and counted[-1] != period.last:
        return Sealable(_unfinished(period, today))
    return Sealable("", to_freeze, counted, counted[-1] != period.last)


def _unfinished(period: FixedPeriod, today: date) -> str:
    ready = last_day(period.last) + GRACE
    if today > ready:
        return NO_MONTH
    return (
        f"Le {period.title} n’est pas fini. Il pourra être arrêté après le {long_date(ready)}, "
        "quand ses dernières réponses seront arrivées."
    )


def month_names(found: Sequence[str]) -> list[str]:
    """Write months: « mars 2026 »."""
    return [month(first_day(one)) for one in found]
