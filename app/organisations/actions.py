"""What is written about structures: their notice, lieux, people, invitations, passwords."""

from __future__ import annotations

import hmac
import re
import secrets
import unicodedata
from base64 import b32encode
from dataclasses import asdict
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.organisations import queries
from app.organisations.models import Invitation, Lieu, Logo, Notice, Organisation, Person
from app.organisations.notice import default_notice
from app.organisations.passwords import hash_password
from app.organisations.roles import RESPONSABLE, Role
from app.scoring import Thresholds
from app.web.current import today
from config import Keys

if TYPE_CHECKING:
    from app.web.images import Picture

INVITATION_DAYS = 7
#: The link of a forgotten password: until tomorrow evening.
RESET_DAYS = 1
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


def confirm_notice(session: Session, organisation_id: UUID, today: date) -> None:
    """Remember the day somebody of the structure agreed to its present notice."""
    notice = queries.current_notice(session, organisation_id)
    if notice.confirmed_on is None:
        notice.confirmed_on = today
        session.flush()


def keep_journal(session: Session, organisation_id: UUID, months: int) -> None:
    """Write how many months the access journal is kept."""
    queries.organisation(session, organisation_id).journal_months = months
    session.flush()


def describe(session: Session, organisation_id: UUID, name: str, contact: str) -> None:
    """Write how a structure is called and reached, as people read it."""
    organisation = queries.organisation(session, organisation_id)
    organisation.name, organisation.contact = name, contact
    session.flush()


def raise_thresholds(session: Session, organisation_id: UUID, wanted: Thresholds) -> None:
    """Write the thresholds that stand above the floors, and those only."""
    raised = {
        name: value for name, value in asdict(wanted).items() if value > getattr(Thresholds(), name)
    }
    queries.organisation(session, organisation_id).thresholds = raised
    session.flush()


def keep_logo(session: Session, organisation_id: UUID, picture: Picture) -> None:
    """Write the logo of a structure in the place of the former one."""
    session.merge(
        Logo(
            organisation_id=organisation_id,
            image=picture.png,
            width=picture.width,
            height=picture.height,
        )
    )
    session.flush()


def remove_logo(session: Session, organisation_id: UUID) -> None:
    """Take the logo of a structure away."""
    session.execute(delete(Logo).where(Logo.organisation_id == organisation_id))


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
    try:
        with session.begin_nested():
            session.add(person)
    except IntegrityError as error:  # the same form, sent twice at once
        raise OrganisationError(f"Une personne utilise déjà l’adresse {email}.") from error
    return person


def rename(session: Session, person: Person, name: str) -> None:
    """Write how a person is called."""
    person.name = name
    session.flush()


def note_visit(session: Session, person_id: UUID) -> None:
    """Remember the day of this sign-in, and keep the day of the one before."""
    person = session.get_one(Person, person_id)
    if person.last_visit != today():
        person.previous_visit, person.last_visit = person.last_visit, today()
        session.flush()


def set_password(session: Session, person: Person, password: str) -> None:
    """Write the password of an invented person; others wait for a hash made before writing."""
    keep_password(session, person, hash_password(password))


def keep_password(session: Session, person: Person, password_hash: str) -> None:
    """Write the hash of a new password, and close every session opened with the former one."""
    person.password_hash = password_hash
    cut_sessions(session, person)


def cut_sessions(session: Session, person: Person) -> None:
    """Close every session of a person, wherever its cookie was copied."""
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
    return _new_token(session, keys, person, INVITATION_DAYS)


def let_choose_again(session: Session, keys: Keys, person: Person) -> str:
    """Write a short invitation that a forgotten password asked for.

    Anybody may ask in the name of somebody else: the invitations that wait stay good.
    """
    return _new_token(session, keys, person, RESET_DAYS)


def _new_token(session: Session, keys: Keys, person: Person, days: int) -> str:
    token = b32encode(secrets.token_bytes(15)).decode().lower()
    session.add(
        Invitation(
            token_hash=_token_hash(keys, token),
            person_id=person.id,
            expires_on=today() + timedelta(days=days),
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


def accept_invitation(session: Session, person: Person, password_hash: str) -> None:
    """Write the password that an invited person chose; the invitation is spent, once."""
    spent = session.scalars(
        delete(Invitation).where(Invitation.person_id == person.id).returning(Invitation.token_hash)
    ).all()
    if not spent:
        raise OrganisationError("Cette invitation vient d’être utilisée.")
    keep_password(session, person, password_hash)


def tidy_email(email: str) -> str:
    """Write an e-mail the one way it is kept."""
    return unicodedata.normalize("NFC", email).strip().lower()


def _token_hash(keys: Keys, token: str) -> str:
    """Return what is kept of a token, typed with or without its hyphens."""
    typed = re.sub(r"[^a-z2-7]", "", token.lower())
    return hmac.digest(keys.derive("invitations"), typed.encode(), "sha256").hex()
