"""What is known of a structure, its notice, its lieux and its people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.organisations.models import Lieu, Notice, Organisation, Person


@dataclass(frozen=True, slots=True)
class Member:
    """Be the person who is signed in, as a request needs to know them."""

    id: UUID
    organisation_id: UUID
    organisation: str
    name: str
    session_epoch: int


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


def lieux(session: Session, organisation_id: UUID) -> Sequence[Lieu]:
    """Return the lieux of a structure, by name."""
    mine = select(Lieu).where(Lieu.organisation_id == organisation_id)
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
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.id == person_id, Person.active)
    ).one_or_none()
    if found is None:
        return None
    person, name = found
    return Member(
        person.id, person.organisation_id, name, person.name or person.email, person.session_epoch
    )
