"""How many testimonies came by each link: a campaign that collects them counts no answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.campaigns.models import Campaign, Link
from app.campaigns.queries import published, within
from app.responses import cards
from app.testimonies.models import Testimony

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date
    from uuid import UUID

    from sqlalchemy.orm import Session

    from app.campaigns.counting import Counts
    from app.organisations.queries import Reach


def told_by_link(session: Session, link_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """Return how many testimonies came by each link."""
    counted = (
        select(Testimony.link_id, func.count())
        .where(Testimony.link_id.in_(link_ids))
        .group_by(Testimony.link_id)
    )
    found = {link_id: count for link_id, count in session.execute(counted) if link_id}
    return {link_id: found.get(link_id, 0) for link_id in link_ids}


def campaigns_told(session: Session, reach: Reach, since: date) -> set[UUID]:
    """Return the campaigns by whose links somebody testified, on a day or after it."""
    came = (
        select(Link.campaign_id)
        .join(Testimony, Testimony.link_id == Link.id)
        .where(Testimony.organisation_id == reach.organisation_id, Testimony.day >= since)
    )
    return set(session.scalars(came.distinct()))


def campaign_counts(session: Session, reach: Reach, campaign_id: UUID) -> Counts:
    """Return what the page of a campaign within reach tells of what it collects."""
    counts = cards.campaign_counts(session, reach, campaign_id)
    version = select(Campaign.version).where(within(reach), Campaign.id == campaign_id)
    found = session.scalar(version)
    if found is None or not published(session, found).collects_testimonies:
        return counts
    return replace(counts, by_link=told_by_link(session, tuple(counts.by_link)))
