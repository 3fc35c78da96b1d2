"""What a bilan speaks of: months, lieux and actions, never more than somebody may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select

from app.bilan.frames import Frame
from app.campaigns.models import Campaign
from app.campaigns.names import NamedCampaign, named_campaigns
from app.campaigns.queries import within
from app.indicators.fixed import FixedPeriod
from app.indicators.selection import Selection
from app.organisations.models import Lieu
from app.organisations.queries import Reach

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.bilan.models import Bilan


@dataclass(frozen=True, slots=True)
class Scope:
    """Be what a bilan speaks of, within the reach of somebody."""

    #: No further than the lieux of the bilan.
    reach: Reach
    frame: Frame
    #: Its campaigns are those of the actions that were chosen.
    selection: Selection
    #: What to add up over; nothing when the actions that were chosen asked nobody.
    scopes: tuple[UUID, ...]
    #: Names of the lieux, when the bilan is not that of the whole structure.
    lieux: tuple[str, ...]

    @property
    def single(self) -> UUID | None:
        """Return the structure or the one lieu that is spoken of; None when it is neither."""
        return self.scopes[0] if len(self.scopes) == 1 and not self.frame.actions else None

    @property
    def fixed(self) -> FixedPeriod | None:
        """Return the year or the quarter that is spoken of; None for other months."""
        return self.frame.fixed


def scope_of(session: Session, reach: Reach, bilan: Bilan) -> Scope:
    """Return what a bilan speaks of, within reach."""
    frame = Frame.of(bilan)
    if frame.lieux:
        chosen = frozenset(frame.lieux)
        mine = chosen if reach.lieux is None else chosen & reach.lieux
        reach = Reach(reach.organisation_id, mine)
    campaigns: list[NamedCampaign] = []
    if frame.actions:
        told = select(Campaign.id).where(within(reach), Campaign.action.in_(frame.actions))
        asked = set(session.scalars(told))
        campaigns = [one for one in named_campaigns(session, reach) if one.id in asked]
    selection = Selection(frame.period, tuple(campaigns), (), _comparison(frame))
    scopes = selection.scopes(reach) if campaigns or not frame.actions else ()
    return Scope(reach, frame, selection, scopes, _names(session, reach))


def earlier_of(fixed: FixedPeriod) -> FixedPeriod:
    """Return the period before: last year, or the quarter before."""
    if fixed.quarter == 0:
        return FixedPeriod(fixed.year - 1)
    if fixed.quarter == 1:
        return FixedPeriod(fixed.year - 1, 4)
    return FixedPeriod(fixed.year, fixed.quarter - 1)


def _comparison(frame: Frame) -> str:
    """Compare a year, begun or over, with the same months a year before; others with the last."""
    period = frame.period
    is_quarter = frame.fixed is not None and frame.fixed.quarter > 0
    begins_year = period.first.endswith("-01") and period.first[:4] == period.last[:4]
    return "an-dernier" if begins_year and not is_quarter else "precedente"


def _names(session: Session, reach: Reach) -> tuple[str, ...]:
    if reach.lieux is None:
        return ()
    names = select(Lieu.name).where(
        Lieu.organisation_id == reach.organisation_id, reach.within(Lieu.id)
    )
    return tuple(session.scalars(names.order_by(Lieu.name)))
