"""Who works in a structure, who reads its frozen results, and which structures there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.organisations.models import (
    Coordination,
    Invitation,
    Lieu,
    Organisation,
    Person,
    PersonLieu,
)
from app.organisations.retention import is_forgotten
from app.organisations.roles import COORDINATEUR, RESPONSABLE, TEAM
from app.web.current import today

#: What is to know of somebody's access; `in` has chosen a password.
Access: TypeAlias = Literal["in", "invited", "expired", "closed"]


@dataclass(frozen=True, slots=True)
class Colleague:
    """Be one person as a page about people shows them."""

    person: Person
    access: Access
    #: The lieux given; empty for who works everywhere.
    lieux: tuple[Lieu, ...] = ()

    @property
    def name(self) -> str:
        """Return the name, or the e-mail while there is none."""
        return self.person.known_as


@dataclass(frozen=True, slots=True)
class Structure:
    """Be one structure as the administrateur sees it: people, never contents."""

    organisation: Organisation
    people: int
    last_visit: date | None


def team_of(session: Session, organisation_id: UUID) -> list[Colleague]:
    """Return the people of a structure: those who enter first, then by name."""
    mine = select(Person).where(Person.organisation_id == organisation_id, ~is_forgotten())
    found = session.scalars(mine.order_by(Person.active.desc(), Person.name, Person.email)).all()
    return _colleagues(session, found)


def person_of(session: Session, organisation_id: UUID, person_id: UUID) -> Person | None:
    """Return one person of the team of a structure."""
    mine = select(Person).where(Person.organisation_id == organisation_id, Person.id == person_id)
    return session.scalars(mine).one_or_none()


def colleague(session: Session, organisation_id: UUID, person_id: UUID) -> Colleague | None:
    """Return one person of the team, with what is known of their access."""
    person = person_of(session, organisation_id, person_id)
    return _colleagues(session, [person])[0] if person else None


def responsables_of(session: Session, organisation_id: UUID) -> list[Colleague]:
    """Return the responsables of a structure."""
    return [one for one in team_of(session, organisation_id) if one.person.role == RESPONSABLE]


def coordinateurs_of(session: Session, organisation_id: UUID) -> list[tuple[Colleague, date]]:
    """Return who reads the frozen results of a structure, and since when."""
    rows = session.execute(
        select(Person, Coordination.accepted_on)
        .join(Coordination, Coordination.person_id == Person.id)
        .where(Coordination.organisation_id == organisation_id, Person.role == COORDINATEUR)
        .order_by(Person.name, Person.email)
    ).all()
    people = _colleagues(session, [person for person, _ in rows])
    return list(zip(people, (since for _, since in rows), strict=True))


def structures(session: Session) -> list[Structure]:
    """Return every structure of the installation, by name."""
    rows = session.execute(
        select(Organisation, func.count(Person.id), func.max(Person.last_visit))
        .join(
            Person,
            (Person.organisation_id == Organisation.id) & Person.role.in_(TEAM),
            isouter=True,
        )
        .group_by(Organisation.id)
        .order_by(Organisation.name, Organisation.id)
    )
    return [Structure(*row) for row in rows]


def _colleagues(session: Session, people: Sequence[Person]) -> list[Colleague]:
    ids = [person.id for person in people]
    given = session.execute(
        select(PersonLieu.person_id, Lieu)
        .join(Lieu, Lieu.id == PersonLieu.lieu_id)
        .where(PersonLieu.person_id.in_(ids))
        .order_by(Lieu.name)
    ).all()
    waiting = session.scalars(
        select(Invitation.person_id).where(
            Invitation.person_id.in_(ids), Invitation.expires_on >= today()
        )
    ).all()
    return [
        Colleague(
            person,
            _access(person, person.id in waiting),
            tuple(lieu for owner, lieu in given if owner == person.id),
        )
        for person in people
    ]


def _access(person: Person, is_waited_for: bool) -> Access:
    if not person.active:
        return "closed"
    if person.password_hash:
        return "in"
    return "invited" if is_waited_for else "expired"
