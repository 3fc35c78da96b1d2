"""How many answers and how many cards of a campaign came back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.campaigns.counting import CardsBack, Counts
from app.campaigns.models import Campaign, Card, Link
from app.campaigns.queries import within
from app.responses.models import Pair, Response
from app.responses.rollups import received

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from app.organisations.queries import Reach


def campaign_counts(session: Session, reach: Reach, campaign_id: UUID) -> Counts:
    """Return what the page of a campaign within reach tells of its answers."""
    mine = select(Link.id).join(Campaign).where(within(reach), Campaign.id == campaign_id)
    links = session.scalars(mine).all()
    return Counts(
        received(session, reach.organisation_id, Response.link_id, links),
        cards_back(session, reach, campaign_id),
    )


def cards_back(session: Session, reach: Reach, campaign_id: UUID) -> CardsBack:
    """Return how many cards of a campaign within reach were printed, and how many came back."""
    mine = within(reach) & (Campaign.id == campaign_id)
    printed = select(func.count()).select_from(Card).join(Campaign).where(mine)
    answered = select(Pair.id, Response.wave).join_from(Pair, Campaign).join(Response).where(mine)
    seen = answered.subquery()
    by_wave = select(seen.c.wave, func.count()).group_by(seen.c.wave)
    twice = select(seen.c.id).group_by(seen.c.id).having(func.count() > 1).subquery()
    return CardsBack(
        session.scalar(printed) or 0,
        {wave: int(number) for wave, number in session.execute(by_wave)},
        session.scalar(select(func.count()).select_from(twice)) or 0,
    )
