"""Invent the people of a demonstration: one for each role that looks at answers."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from app.demonstration.words import FIRST_LIEU
from app.organisations.actions import create_person, set_password
from app.organisations.queries import Reach, lieux
from app.organisations.roles import COORDINATEUR, MEDIATEUR, Role
from app.organisations.team import change_role, share_with

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.db import Database
    from app.organisations.models import Person
    from config import Keys


@dataclass(frozen=True, slots=True)
class SignIn:
    """Say how an invented person enters, and what they see when it is not everything."""

    email: str
    password: str
    sees: str = ""


def invent(
    session: Session, organisation_id: UUID | None, email: str, name: str, role: Role
) -> tuple[Person, SignIn]:
    """Write an invented person with a password drawn for this installation alone."""
    person = create_person(session, organisation_id, email, name, role)
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    set_password(session, person, password)
    return person, SignIn(email, password)


def invent_mediateur(database: Database, organisation_id: UUID) -> SignIn:
    """Let a médiatrice work in the first lieu of a structure, and nowhere else."""
    with database.writing() as session:
        person, entry = invent(session, organisation_id, _email(), "Sam Morin", MEDIATEUR)
        known = lieux(session, Reach(organisation_id))
        place = next(lieu for lieu in known if lieu.name == FIRST_LIEU)
        change_role(session, person, MEDIATEUR, [place.id])
    return SignIn(entry.email, entry.password, sees=place.name)


def invent_coordinateur(database: Database, keys: Keys, organisation_ids: Iterable[UUID]) -> SignIn:
    """Let a coordinatrice read the frozen results of several structures."""
    with database.writing() as session:
        person, entry = invent(session, None, _email(), "Lou Berthelot", COORDINATEUR)
        for organisation_id in organisation_ids:
            share_with(session, keys, organisation_id, person.email, person.name)
    return entry


def _email() -> str:
    return f"demo-{secrets.token_hex(3)}@recueil.invalid"
