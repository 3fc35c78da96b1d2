"""What is written about people: invitations, roles, lieux, access, shared results."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.organisations import actions, queries
from app.organisations.actions import OrganisationError
from app.organisations.models import Coordination, Person, PersonLieu
from app.organisations.roles import ADMINISTRATEUR, COORDINATEUR, RESPONSABLE, Role
from app.web.current import today
from config import Keys

_USED_ELSEWHERE = "Cette adresse ne peut pas servir ici. Demandez-en une autre à la personne."
_LAST_RESPONSABLE = (
    "C’est la seule personne responsable qui peut entrer ici. "
    "Nommez d’abord une autre personne responsable."
)


def invite_colleague(
    session: Session,
    keys: Keys,
    organisation_id: UUID,
    email: str,
    name: str,
    role: Role,
    lieux: Iterable[UUID] | None,
) -> tuple[Person, str]:
    """Write a person of the team and the token of their invitation; None means every lieu."""
    known = queries.find_person(session, actions.tidy_email(email))
    if known is not None:
        if known.organisation_id != organisation_id:
            raise OrganisationError(_USED_ELSEWHERE)
        raise OrganisationError(f"{known.name or 'Cette personne'} a déjà cette adresse, ici même.")
    person = actions.create_person(session, organisation_id, email, name, role)
    _give_lieux(session, person, lieux)
    return person, actions.invite(session, keys, person)


def change_role(session: Session, person: Person, role: Role, lieux: Iterable[UUID] | None) -> None:
    """Write another role or other lieux: true from the person's next request."""
    if role != RESPONSABLE:
        _keep_a_responsable(session, person)
    person.role = role
    _give_lieux(session, person, lieux)


def close_access(session: Session, person: Person, *, by: UUID) -> None:
    """Take somebody's access away: never one's own, nor that of the last responsable."""
    if person.id == by:
        raise OrganisationError("Demandez à une autre personne responsable de le faire.")
    _keep_a_responsable(session, person)
    actions.disable(session, person)


def reopen_access(session: Session, person: Person) -> None:
    """Give back an access that was taken away: the former password is good again."""
    person.active = True
    session.flush()


def share_with(
    session: Session, keys: Keys, organisation_id: UUID, email: str, name: str
) -> tuple[Person, str]:
    """Let a coordinateur read the frozen results; return a token when the person is new.

    Nobody gets a link to the account of a coordinateur whom another structure knows already.
    """
    person = queries.find_person(session, actions.tidy_email(email))
    token = ""
    if person is None:
        person = actions.create_person(session, None, email, name, COORDINATEUR)
        token = actions.invite(session, keys, person)
    elif person.role != COORDINATEUR or not person.active:
        raise OrganisationError(_USED_ELSEWHERE)
    if session.get(Coordination, (person.id, organisation_id)) is None:
        opened = Coordination(
            person_id=person.id, organisation_id=organisation_id, accepted_on=today()
        )
        session.add(opened)
        session.flush()
    return person, token


def stop_sharing(session: Session, organisation_id: UUID, person_id: UUID) -> Person | None:
    """Close the frozen results to a coordinateur; return who it was."""
    opened = session.get(Coordination, (person_id, organisation_id))
    if opened is None:
        return None
    session.delete(opened)
    session.flush()
    return session.get_one(Person, person_id)


def invite_administrateur(session: Session, keys: Keys, email: str) -> str:
    """Write an administrateur, or invite them again, and return the token."""
    person = queries.find_person(session, actions.tidy_email(email))
    if person is None or "@" not in person.email:  # which create_person refuses, as it says
        person = actions.create_person(session, None, email, "", ADMINISTRATEUR)
    elif person.role != ADMINISTRATEUR:
        raise OrganisationError(
            f"L’adresse {person.email} sert déjà à une personne qui n’administre pas."
        )
    reopen_access(session, person)
    return actions.invite(session, keys, person)


def _give_lieux(session: Session, person: Person, lieux: Iterable[UUID] | None) -> None:
    """Write where somebody works; a responsable works everywhere."""
    given = None if person.role == RESPONSABLE else lieux
    person.everywhere = given is None
    session.execute(delete(PersonLieu).where(PersonLieu.person_id == person.id))
    session.add_all(PersonLieu(person_id=person.id, lieu_id=lieu_id) for lieu_id in given or ())
    session.flush()


def _keep_a_responsable(session: Session, person: Person) -> None:
    """Refuse when no other responsable can enter; two who leave together wait for each other."""
    if person.role != RESPONSABLE:
        return
    able = session.scalars(
        select(Person.id)
        .where(
            Person.organisation_id == person.organisation_id,
            Person.role == RESPONSABLE,
            Person.active,
            Person.password_hash != "",
        )
        .order_by(Person.id)
        .with_for_update()
    ).all()
    if set(able) <= {person.id}:
        raise OrganisationError(_LAST_RESPONSABLE)
