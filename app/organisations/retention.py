"""What the installation keeps for a time: the journal, invitations nobody used, closed accounts."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from app.organisations.models import (
    AccessEvent,
    Coordination,
    Invitation,
    Organisation,
    Person,
    PersonLieu,
)
from app.organisations.roles import COORDINATEUR

#: The frozen months still name an account that was forgotten: its row stays, nobody in it.
_FORGOTTEN, _NAMELESS = "oublie-", "Compte effacé"
#: Months that an account is kept after its last visit, where no structure chose how many.
_USUAL_MONTHS = 12


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


def old_accounts_above(session: Session, today: date) -> Mapping[str, int]:
    """Count, by month of the last visit, the coordinateurs whom no structure shares with now."""
    found = session.scalars(select(Person.last_visit).where(_long_alone(today)))
    return Counter(f"{last or today:%Y-%m}" for last in found)


def forget_accounts_above(session: Session, today: date) -> Mapping[str, int]:
    """Take name, address and password out of these accounts; count them by month."""
    return _forget(session, _long_alone(today), today)


def old_accounts(session: Session, organisation: Organisation, today: date) -> Mapping[str, int]:
    """Count, by month of the last visit, the closed accounts that the journal no longer needs."""
    found = session.scalars(select(Person.last_visit).where(_long_closed(organisation, today)))
    return Counter(f"{last or today:%Y-%m}" for last in found)


def forget_accounts(session: Session, organisation: Organisation, today: date) -> Mapping[str, int]:
    """Take name, address and password out of the accounts closed for long; count them by month."""
    return _forget(session, _long_closed(organisation, today), today)


def _forget(session: Session, due: ColumnElement[bool], today: date) -> Mapping[str, int]:
    found = session.execute(select(Person.id, Person.last_visit).where(due)).all()
    if found:
        ids = [one.id for one in found]
        for named in (PersonLieu, Invitation):
            session.execute(delete(named).where(named.person_id.in_(ids)))
        nobody = {
            "name": _NAMELESS,
            "active": False,
            "password_hash": "",
            "last_visit": None,
            "previous_visit": None,
        }
        emptied = [{"id": one, "email": f"{_FORGOTTEN}{one.hex}", **nobody} for one in ids]
        session.execute(update(Person), emptied)
    return Counter(f"{last or today:%Y-%m}" for _, last in found)


def is_forgotten() -> ColumnElement[bool]:
    """Return the condition that nobody is left in an account."""
    return Person.email.startswith(_FORGOTTEN) & ~Person.email.contains("@")


def _long_closed(organisation: Organisation, today: date) -> ColumnElement[bool]:
    start = journal_start(organisation.journal_months, today)
    return (
        (Person.organisation_id == organisation.id)
        & ~Person.active
        & or_(Person.last_visit.is_(None), Person.last_visit < start)
        & ~is_forgotten()
    )


def _long_alone(today: date) -> ColumnElement[bool]:
    """Be of no structure and read none: administrateurs stay, an installation needs one."""
    shared = select(Coordination.person_id).where(Coordination.person_id == Person.id)
    return (
        (Person.role == COORDINATEUR)
        & ~shared.exists()
        & or_(Person.last_visit.is_(None), Person.last_visit < journal_start(_USUAL_MONTHS, today))
        & ~is_forgotten()
    )


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
