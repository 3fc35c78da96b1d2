"""What is known of a structure, its notice, its lieux and its people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.organisations.models import (
    Coordination,
    Lieu,
    Logo,
    Notice,
    Organisation,
    Person,
    PersonLieu,
)
from app.organisations.roles import Role
from app.scoring import Thresholds


@dataclass(frozen=True, slots=True)
class Reach:
    """Say what of a structure somebody may see: every lieu, or some. Reads take it first."""

    organisation_id: UUID
    #: None means every lieu.
    lieux: frozenset[UUID] | None = None

    @property
    def scopes(self) -> tuple[UUID, ...]:
        """Return what to add up over: the structure, or each lieu."""
        return (self.organisation_id,) if self.lieux is None else tuple(sorted(self.lieux))

    def holds(self, lieu_id: UUID) -> bool:
        """Tell whether a lieu of the structure is within reach."""
        return self.lieux is None or lieu_id in self.lieux

    def within(self, lieu_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
        """Return the condition that a column names a lieu within reach."""
        return true() if self.lieux is None else lieu_id.in_(self.lieux)


@dataclass(frozen=True, slots=True)
class Member:
    """Be the person who is signed in, as a request needs to know them."""

    id: UUID
    name: str
    role: Role
    session_epoch: int
    #: Name of the structure; empty for who belongs to none.
    organisation: str
    #: What they see of their structure; None for who belongs to none.
    reach: Reach | None
    #: The day of the visit before this one.
    previous_visit: date | None


def organisation(session: Session, organisation_id: UUID) -> Organisation:
    """Return the structure; its id comes from a session or from a row, so it exists."""
    return session.get_one(Organisation, organisation_id)


def current_notice(session: Session, organisation_id: UUID) -> Notice:
    """Return the latest revision of the notice of a structure."""
    latest = (
        select(Notice)
        .where(Notice.organisation_id == organisation_id)
        .order_by(Notice.revision.desc())
        .limit(1)
    )
    return session.scalars(latest).one()


def notices(session: Session, organisation_id: UUID) -> Sequence[Notice]:
    """Return every revision of the notice of a structure, the latest first."""
    mine = select(Notice).where(Notice.organisation_id == organisation_id)
    return session.scalars(mine.order_by(Notice.revision.desc())).all()


def notice_is_confirmed(session: Session, organisation_id: UUID) -> bool:
    """Tell whether somebody of the structure read its present notice and agreed to it."""
    return current_notice(session, organisation_id).confirmed_on is not None


def thresholds_of(session: Session, organisation_id: UUID) -> Thresholds:
    """Return how many people the structure wants behind what it shows."""
    return Thresholds(**organisation(session, organisation_id).thresholds)


def logo_of(session: Session, organisation_id: UUID) -> Logo | None:
    """Return the logo of the structure, when it gave one."""
    return session.get(Logo, organisation_id)


def lieux(session: Session, reach: Reach) -> Sequence[Lieu]:
    """Return the lieux within reach, by name."""
    mine = select(Lieu).where(Lieu.organisation_id == reach.organisation_id, reach.within(Lieu.id))
    return session.scalars(mine.order_by(Lieu.name, Lieu.id)).all()


def find_lieu(session: Session, organisation_id: UUID, name: str) -> Lieu | None:
    """Return the lieu of that name."""
    mine = select(Lieu).where(Lieu.organisation_id == organisation_id, Lieu.name == name)
    return session.scalars(mine).one_or_none()


def find_person(session: Session, email: str) -> Person | None:
    """Return the person who signs in with that e-mail, written as `actions.tidy_email` does."""
    return session.scalars(select(Person).where(Person.email == email)).one_or_none()


def find_member(session: Session, person_id: UUID) -> Member | None:
    """Return the signed-in person, unless somebody disabled them."""
    found = session.execute(
        select(Person, Organisation.name)
        .join(Organisation, Organisation.id == Person.organisation_id, isouter=True)
        .where(Person.id == person_id, Person.active)
    ).one_or_none()
    return member_of(session, *found) if found else None


def coordinated(session: Session, person_id: UUID) -> Sequence[Organisation]:
    """Return the structures that opened their frozen results to a coordinateur, by name."""
    opened = (
        select(Organisation)
        .join(Coordination, Coordination.organisation_id == Organisation.id)
        .where(Coordination.person_id == person_id)
    )
    return session.scalars(opened.order_by(Organisation.name, Organisation.id)).all()


def member_of(session: Session, person: Person, organisation_name: str | None) -> Member:
    """Return a person as a request needs to know them."""
    reach = None
    if person.organisation_id is not None:
        given = select(PersonLieu.lieu_id).where(PersonLieu.person_id == person.id)
        lieux = None if person.everywhere else frozenset(session.scalars(given))
        reach = Reach(person.organisation_id, lieux)
    return Member(
        person.id,
        person.known_as,
        cast("Role", person.role),
        person.session_epoch,
        organisation_name or "",
        reach,
        person.previous_visit,
    )
