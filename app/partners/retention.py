"""Invitations of partners go when the linking window of their campaign is over."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from app.campaigns.models import Campaign, Link
from app.partners.models import PartnerInvitation
from app.responses.keeping import Keeper, Taken
from app.responses.retention import LINKING_WINDOW

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from sqlalchemy import Select
    from sqlalchemy.orm import Session


def due(session: Session, organisation_id: UUID, today: date) -> Mapping[str, int]:
    """Count, by the month in which they were made, the invitations whose time is over."""
    return Counter(f"{one.made_on:%Y-%m}" for one in session.execute(_over(organisation_id, today)))


def take(session: Session, organisation_id: UUID, today: date, at_most: int) -> Taken:
    """Delete some invitations whose time is over; return their days."""
    found = session.execute(_over(organisation_id, today).limit(at_most)).all()
    ids = [one.id for one in found]
    session.execute(delete(PartnerInvitation).where(PartnerInvitation.id.in_(ids)))
    return Taken([one.made_on for one in found], [])


def _over(organisation_id: UUID, today: date) -> Select[UUID, date]:
    closing = func.coalesce(Campaign.closed_on, Campaign.ends_on)
    return (
        select(PartnerInvitation.id, PartnerInvitation.made_on)
        .join(Link, Link.id == PartnerInvitation.link_id)
        .join(Campaign, Campaign.id == Link.campaign_id)
        .where(
            PartnerInvitation.organisation_id == organisation_id, closing < today - LINKING_WINDOW
        )
    )


KEEPER = Keeper(
    "partners", "invitations de partenaires", due, take, register="partners/registre.md"
)
