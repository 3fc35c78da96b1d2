"""What is written about structures: their notice, lieux, people, invitations, passwords."""

from __future__ import annotations

import hmac
import re
import secrets
import unicodedata
from base64 import b32encode
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.organisations import queries
from app.organisations.models import Invitation, Lieu, Notice, Organisation, Person
from app.organisations.notice import default_notice
from app.organisations.passwords import hash_password
from app.organisations.roles import RESPONSABLE, Role
from app.web.current import today
from config import Keys

INVITATION_DAYS = 7
_EMAIL = re.compile(r"[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+\.[^@\s\x00-\x1f]+")


class OrganisationError(ValueError):
    """Say in French why something about a structure cannot be written."""


def create_organisation(
    session: Session, name: str, *, contact: str = "", is_demo: bool = False
) -> Organisation:
    """Write a structure and its first notice, complete at once."""
    if not name.strip():
        raise OrganisationError("Une structure a un nom.")
    organisation = Organisation(name=name.strip(), contact=contact.strip(), is_demo=is_demo)
    session.add(organisation)
    session.flush()
    session.add(default_notice(organisation, today()))
    session.flush()
    return organisation


def revise_notice(session: Session, organisation_id: UUID, **changed: str | int) -> Notice:
    """Write the next revision of the notice; the former ones are kept."""
    current = queries.current_notice(session, organisation_id)
    fields = ("readers", "purpose", "legal_basis", "recipients", "retention_years")
    kept = {name: getattr(current, name) for name in (*fields, "rights_contact")}
    notice = Notice(
        organisation_id=organisation_id,
        revision=current.revision + 1,
        made_on=today(),
        **(kept | changed),
    )
    session.add(notice)
    session.flush()
    return notice


def add_lieu(session: Session, organisation_id: UUID, name: str, commune: str = "") -> Lieu:
    """Write a lieu of the structure; its name is taken once."""
    if not name.strip():
        raise OrganisationError("Un lieu a un nom.")
    if queries.find_lieu(session, organisation_id, name.strip()):
        raise OrganisationError(f"Le lieu « {name.strip()} » existe déjà.")
    lieu = Lieu(organisation_id=organisation_id, name=name.strip(), commune=commune.strip())
    session.add(lieu)
    session.flush()
    return lieu


def create_person(
    session: Session,
    organisation_id: UUID | None,
    email: str,
    name: str = "",
    role: Role = RESPONSABLE,
) -> Person:
    """Write a person; they cannot sign in before they chose a password."""
    email = tidy_email(email)
    if not _EMAIL.fullmatch(email) or len(email) > 254:
        raise OrganisationError(
            f"« {email} » n’est pas une adresse e-mail. Exemple : prenom@structure.fr."
        )
    if queries.find_person(session, email):
        raise OrganisationError(f"Une personne utilise déjà l’adresse {email}.")
    person = Person(organisation_id=organisation_id, email=email, name=name.strip(), role=role)
    session.add(person)
    session.flush()
    return person


def note_visit(session: Session, person_id: UUID) -> None:
    """Remember the day of this sign-in, and keep the day of the one before."""
    person = session.get_one(Person, person_id)
    if person.last_visit != today():
        person.previous_visit, person.last_visit = person.last_visit, today()
        session.flush()


def set_password(session: Session, person: Person, password: str) -> None:
    """Write a new password, and close every session opened with the former one."""
    person.password_hash = hash_password(password)
    person.session_epoch = (person.session_epoch or 0) + 1
    session.flush()


def disable(session: Session, person: Person) -> None:
    """Take a person's access away, at once and everywhere."""
    person.active = False
    person.session_epoch += 1
    session.execute(delete(Invitation).where(Invitation.person_id == person.id))
    session.flush()


def invite(session: Session, keys: Keys, person: Person) -> str:
    """Write an invitation and return its token; the person's former invitations fall."""
    session.execute(delete(Invitation).where(Invitation.person_id == person.id))
    token = b32encode(secrets.token_bytes(15)).decode().lower()
    session.add(
        Invitation(
            token_hash=_token_hash(keys, token),
            person_id=person.id,
            expires_on=today() + timedelta(days=INVITATION_DAYS),
        )
    )
    session.flush()
    return "-".join(token[start : start + 4] for start in range(0, len(token), 4))


def invited(session: Session, keys: Keys, token: str) -> Person | None:
    """Return the person whom an invitation names, while it may be used."""
    return session.scalars(
        select(Person)
        .join(Invitation, Invitation.person_id == Person.id)
        .where(
            Invitation.token_hash == _token_hash(keys, token),
            Invitation.expires_on >= today(),
            Person.active,
        )
    ).one_or_none()


def accept_invitation(session: Session, person: Person, password: str) -> None:
    """Write the password that an invited person chose; the invitation is spent, once."""
    spent = session.scalars(
        delete(Invitation).where(Invitation.person_id == person.id).returning(Invitation.token_hash)
    ).all()
    if not spent:
        raise OrganisationError("Cette invitation vient d’être utilisée.")
    set_password(session, person, password)


def tidy_email(email: str) -> str:
    """Write an e-mail the one way it is kept."""
    return unicodedata.normalize("NFC", email).strip().lower()


def _token_hash(keys: Keys, token: str) -> str:
    """Return what is kept of a token, typed with or without its hyphens."""
    typed = re.sub(r"[^a-z2-7]", "", token.lower())
    return hmac.digest(keys.derive("invitations"), typed.encode(), "sha256").hex()
