"""What the first page of the desk says of the bilan: the season to write it, then to seal it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.bilan.frames import LAST_MONTH_OF_THE_YEAR_BEFORE, usual_year
from app.bilan.queries import bilans_of, seals_of
from app.bilan.sealable import sealable
from app.campaigns.periods import GRACE, last_day
from app.indicators.fixed import FixedPeriod
from app.indicators.live import responses_in
from app.indicators.next_steps import Step
from app.indicators.period import Period
from app.organisations.roles import RESPONSABLE
from app.web.typography import typographic

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from app.bilan.models import Bilan
    from app.organisations.queries import Member, Reach

#: The bilan of a year is begun from November to February.
SEASON = (11, 12, 1, 2)
READY = "Les phrases, les graphiques et l’annexe se font tout seuls : il reste à relire."
OVER = "L’année {year} est finie. Arrêté, il ne change plus, et vous pouvez le donner."


def steps(session: Session, member: Member, reach: Reach, today: date) -> Iterator[Step]:
    """Yield what there is to do of the bilan of the year, by who sees the whole structure."""
    if reach.lieux is not None:
        return
    year = FixedPeriod(usual_year(today))
    begun = [
        one
        for one in bilans_of(session, reach)
        if (one.first_month, one.last_month) == (year.first, year.last)
    ]
    if begun:
        yield from _to_seal(session, member, begun, year, today)
    elif today.month in SEASON and responses_in(session, reach, Period(year.first, year.last)):
        yield Step(f"Faire le bilan {year.year}", typographic(READY), "/espace/bilan")


def _to_seal(
    session: Session, member: Member, begun: Sequence[Bilan], year: FixedPeriod, today: date
) -> Iterator[Step]:
    """Yield the bilan of a year that is over and of which nothing is sealed."""
    is_over = today > last_day(year.last) + GRACE
    is_season = today.month <= LAST_MONTH_OF_THE_YEAR_BEFORE
    if member.role != RESPONSABLE or not (is_over and is_season):
        return
    if seals_of(session, [one.id for one in begun]):
        return
    draft = next((one for one in begun if not sealable(session, one, today).problem), None)
    if draft is not None:
        why = typographic(OVER.format(year=year.year))
        yield Step(f"Arrêter le bilan {year.year}", why, f"/espace/bilan/{draft.id}/arreter")
