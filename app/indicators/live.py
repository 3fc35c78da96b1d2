"""Counts that change while they are looked at: what is open, and how many came by each door."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.campaigns.doors import DOORS, GROUPS
from app.campaigns.models import Campaign, Link
from app.campaigns.queries import within
from app.indicators.charts import Bar, stacked
from app.indicators.period import Period
from app.organisations.queries import Reach
from app.responses.models import Response
from app.responses.rollups import received

#: More campaigns than this on one page would help nobody, and cost at each count.
MOST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class DoorCounts:
    """Be how many answers a campaign received, by group of doors, those without any included."""

    doors: Mapping[str, int]

    @property
    def total(self) -> int:
        """Return how many came in all."""
        return sum(self.doors.values())

    @property
    def bar(self) -> Bar | None:
        """Return the drawing of the doors; None while nobody came."""
        parts = [(group, group, count) for group, count in self.doors.items()]
        return stacked(parts) if self.total else None


def open_campaigns(
    session: Session, reach: Reach, today: date, at_most: int | None = None
) -> Sequence[Campaign]:
    """Return the campaigns that people may answer today, as `state_of` says, the latest first."""
    query = (
        select(Campaign)
        .where(
            within(reach),
            Campaign.starts_on <= today,
            Campaign.ends_on >= today,
            or_(Campaign.closed_on.is_(None), Campaign.closed_on > today),
        )
        .options(joinedload(Campaign.lieu), selectinload(Campaign.links))
        .order_by(Campaign.ends_on.desc(), Campaign.starts_on.desc(), Campaign.id)
        .limit(at_most)
    )
    return session.scalars(query).all()


def door_counts(
    session: Session, reach: Reach, campaigns: Sequence[Campaign]
) -> dict[UUID, DoorCounts]:
    """Return how many answers came to each campaign, by group of doors in the usual order."""
    links = [link.id for campaign in campaigns for link in campaign.links]
    came = received(session, reach.organisation_id, Response.link_id, links)
    return {campaign.id: _by_group(campaign, came) for campaign in campaigns}


def responses_in(session: Session, reach: Reach, period: Period) -> int:
    """Return how many answers came within reach over a period."""
    owner = Response.organisation_id if reach.lieux is None else Campaign.lieu_id
    months = (period.first, period.last)
    return sum(received(session, reach.organisation_id, owner, reach.scopes, *months).values())


def responses_of(session: Session, campaign: Campaign) -> int:
    """Return how many answers a campaign received since it opened."""
    counted = received(session, campaign.organisation_id, Link.campaign_id, [campaign.id])
    return counted[campaign.id]


def _by_group(campaign: Campaign, came: Mapping[UUID, int]) -> DoorCounts:
    groups: Counter[str] = Counter()
    for link in campaign.links:
        groups[DOORS[link.door].group] += came[link.id]
    return DoorCounts({group: groups[group] for group in GROUPS if group in groups})
