"""Counts that change while they are looked at: what is open, and how many came by each door."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager

from app.campaigns.doors import DOORS, GROUPS
from app.campaigns.models import Campaign, Link
from app.campaigns.queries import LATEST_FIRST, published, within
from app.indicators.charts import Bar, stacked
from app.indicators.period import Period
from app.organisations.queries import Reach
from app.responses.models import Response, Unrolled
from app.responses.rollups import received
from app.testimonies.counting import told_by_link

#: More campaigns than this on the first page would hide the rest, and cost at each count.
MOST_SHOWN = 3


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
        .join(Campaign.lieu)
        .options(contains_eager(Campaign.lieu))
        .order_by(*LATEST_FIRST)
        .limit(at_most)
    )
    return session.scalars(query).all()


def door_counts(
    session: Session, reach: Reach, campaigns: Sequence[Campaign]
) -> dict[UUID, DoorCounts]:
    """Return how many answers, or testimonies, came to each campaign, by group of doors."""
    wanted = Link.campaign_id.in_([campaign.id for campaign in campaigns])
    links = session.execute(select(Link.id, Link.campaign_id, Link.door).where(wanted)).all()
    ids = [link_id for link_id, _, _ in links]
    came = received(session, reach.organisation_id, Response.link_id, ids)
    telling = {one.id for one in campaigns if collects_testimonies(session, one)}
    told = told_by_link(session, [link_id for link_id, one, _ in links if one in telling])
    groups: dict[UUID, Counter[str]] = {campaign.id: Counter() for campaign in campaigns}
    for link_id, campaign_id, door in links:
        groups[campaign_id][DOORS[door].group] += told.get(link_id, came[link_id])
    return {campaign_id: _in_order(counted) for campaign_id, counted in groups.items()}


def responses_in(session: Session, reach: Reach, period: Period) -> int:
    """Return how many answers came within reach over a period."""
    owner = Unrolled.organisation_id if reach.lieux is None else Campaign.lieu_id
    months = (period.first, period.last)
    return sum(received(session, reach.organisation_id, owner, reach.scopes, *months).values())


def responses_of(session: Session, campaign: Campaign) -> int:
    """Return how many answers, or testimonies, a campaign received since it opened."""
    if collects_testimonies(session, campaign):
        links = session.scalars(select(Link.id).where(Link.campaign_id == campaign.id)).all()
        return sum(told_by_link(session, links).values())
    counted = received(session, campaign.organisation_id, Link.campaign_id, [campaign.id])
    return counted[campaign.id]


def collects_testimonies(session: Session, campaign: Campaign) -> bool:
    """Tell whether people testify by a campaign: what comes is read, and counted apart."""
    return published(session, campaign.version).collects_testimonies


def _in_order(counted: Mapping[str, int]) -> DoorCounts:
    return DoorCounts({group: counted[group] for group in GROUPS if group in counted})
