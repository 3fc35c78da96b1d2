"""Invitations of partners, and the contacts of those archived, go when their time is over."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from app.campaigns.models import Campaign, Link
from app.organisations.notice import kept_until
from app.organisations.queries import current_notice
from app.partners.models import Partner, PartnerInvitation
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


def contacts_due(session: Session, organisation_id: UUID, today: date) -> Mapping[str, int]:
    """Count, by the month they were archived, the partners whose contact is kept no more."""
    found = _forgettable(session, organisation_id, today)
    return Counter(f"{one.archived_on:%Y-%m}" for one in found)


def take_contacts(session: Session, organisation_id: UUID, today: date, at_most: int) -> Taken:
    """Take out whom to write to at some partners archived for long; return their days."""
    found = _forgettable(session, organisation_id, today)[:at_most]
    for one in found:
        one.contact_name = one.email = ""
    session.flush()
    return Taken([one.archived_on for one in found if one.archived_on], [])


def contact_until(session: Session, organisation_id: UUID, archived_on: date) -> date:
    """Return the last day that the contact of an archived partner is kept, like an answer."""
    return kept_until(current_notice(session, organisation_id), archived_on)


def _forgettable(session: Session, organisation_id: UUID, today: date) -> list[Partner]:
    reached = (Partner.contact_name != "") | (Partner.email != "")
    archived = select(Partner).where(
        Partner.organisation_id == organisation_id, Partner.archived_on.is_not(None), reached
    )
    return [
        one
        for one in session.scalars(archived.order_by(Partner.archived_on, Partner.id))
        if one.archived_on and contact_until(session, organisation_id, one.archived_on) < today
    ]


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
CONTACTS = Keeper("contacts", "contacts de partenaires archivés", contacts_due, take_contacts)
