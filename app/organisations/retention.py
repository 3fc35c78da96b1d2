"""What the installation keeps for a time: the access journal, and invitations nobody used."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from app.organisations.models import AccessEvent, Invitation, Organisation, Person


def journal_start(months: int, today: date) -> date:
    """Return the first day of the access journal that is still kept."""
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def old_events(session: Session, organisation: Organisation, today: date) -> Mapping[str, int]:
    """Count, by month, the lines of the journal that have been kept long enough."""
    found = session.scalars(select(AccessEvent.at).where(_too_old(organisation, today)))
    return Counter(f"{at:%Y-%m}" for at in found)


def purge_events(session: Session, organisation: Organisation, today: date) -> Mapping[str, int]:
    """Delete the lines of the journal that have been kept long enough; count them by month."""
    gone = delete(AccessEvent).where(_too_old(organisation, today)).returning(AccessEvent.at)
    return Counter(f"{at:%Y-%m}" for at in session.scalars(gone))


def old_invitations(session: Session, organisation_id: UUID, today: date) -> Mapping[str, int]:
    """Count, by month, the invitations of a structure that expired unused."""
    found = session.scalars(select(Invitation.expires_on).where(_expired(organisation_id, today)))
    return Counter(f"{day:%Y-%m}" for day in found)


def purge_invitations(session: Session, organisation_id: UUID, today: date) -> Mapping[str, int]:
    """Delete the invitations of a structure that expired unused; count them by month."""
    gone = delete(Invitation).where(_expired(organisation_id, today))
    return Counter(f"{day:%Y-%m}" for day in session.scalars(gone.returning(Invitation.expires_on)))


def purge_invitations_above(session: Session, today: date) -> None:
    """Delete the expired invitations of who belongs to no structure."""
    session.execute(delete(Invitation).where(_expired(None, today)))


def _too_old(organisation: Organisation, today: date) -> ColumnElement[bool]:
    start = datetime.combine(journal_start(organisation.journal_months, today), time.min)
    return (AccessEvent.organisation_id == organisation.id) & (AccessEvent.at < start)


def _expired(organisation_id: UUID | None, today: date) -> ColumnElement[bool]:
    people = select(Person.id).where(
        Person.organisation_id.is_(None)
        if organisation_id is None
        else Person.organisation_id == organisation_id
    )
    return (Invitation.expires_on < today) & Invitation.person_id.in_(people)
