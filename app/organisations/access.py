"""The access journal: who of the team did what, when; never what was read or typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal, TypeAlias, cast
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import insert_or_skip
from app.organisations.models import AccessEvent, Person
from app.organisations.roles import ADMINISTRATEUR
from app.organisations.sessions import current_member, current_organisation_id
from app.web.current import now
from app.web.typography import months

Act: TypeAlias = Literal[
    "read", "exported", "invited", "disabled", "role", "notice", "settings", "lieux", "froze",
    "shared", "erased", "reopened", "password", "partners", "asked",
    "sealed", "quoted", "noted", "told", "agreed", "declared", "counted", "wrote", "downloaded",
    "entered", "guessed",
]  # fmt: skip

#: How the journal says each act; `about` follows when there is one.
ACTS: Mapping[Act, str] = MappingProxyType(
    {
        "read": "a lu des commentaires, une réponse ou un témoignage",
        "exported": "a exporté des réponses",
        "invited": "a invité une personne",
        "disabled": "a coupé un accès",
        "reopened": "a rouvert un accès",
        "password": "a préparé un lien pour choisir un mot de passe",
        "role": "a changé un rôle ou des lieux",
        "notice": "a changé la notice",
        "settings": "a changé un réglage",
        "lieux": "a changé les lieux",
        "froze": "a arrêté les chiffres",
        "sealed": "a arrêté un bilan",
        "shared": "a partagé les résultats arrêtés, ou cessé de les partager",
        "erased": "a effacé des données",
        "partners": "a changé la liste des partenaires",
        "asked": "a sollicité un partenaire",
        "quoted": "a gardé, montré ou retiré une citation",
        "noted": "a noté un témoignage dicté",
        "told": "a relu ou trié un témoignage",
        "declared": "a déclaré un changement de question sans effet, ou repris sa déclaration",
        "wrote": "a écrit ou changé un bilan qualitatif",
        "agreed": "a noté un changement d’avis d’une personne",
        "counted": "a noté, ou effacé, le nombre de personnes accompagnées",
        "downloaded": "a téléchargé un bilan",
        "entered": "a ouvert une session",
        "guessed": "connexion refusée : plusieurs mots de passe faux à la suite",
    }
)


#: Lines of one page of the journal.
PAGE = 50

#: An account that nobody enters, for the journal to name: no e-mail, no password.
_SERVER = "serveur"

#: Noted once an hour: often done, and their minutes would only watch people at work.
_HOURLY = frozenset({"read", "entered", "guessed"})


@dataclass(frozen=True, slots=True)
class Line:
    """Be one line of the journal, in words."""

    at: datetime
    person: str
    act: str
    about: str
    #: Noted once an hour: its minutes say nothing.
    is_hourly: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """Be one page of the journal, what may be asked of it, and what was."""

    lines: tuple[Line, ...]
    people: dict[UUID, str]
    acts: tuple[str, ...]
    person_id: UUID | None
    act: str
    page: int
    has_more: bool


def note(
    session: Session, organisation_id: UUID, person_id: UUID, act: Act, about: str = ""
) -> None:
    """Write one line of the journal; what is often done once an hour, the rest to the second."""
    at: datetime = now().replace(microsecond=0, tzinfo=None)
    if act in _HOURLY:
        at = at.replace(minute=0, second=0)
    session.execute(
        insert_or_skip(session.connection().dialect.name, AccessEvent),
        {
            "id": uuid4(),
            "organisation_id": organisation_id,
            "person_id": person_id,
            "act": act,
            "about": about,
            "at": at,
        },
    )


def note_server(session: Session, organisation_id: UUID, act: Act, about: str = "") -> None:
    """Write what somebody did from the command line of the server: who it was, no one knows."""
    nobody = insert_or_skip(session.connection().dialect.name, Person)
    session.execute(
        nobody, {"id": uuid4(), "email": _SERVER, "role": ADMINISTRATEUR, "active": False}
    )
    known = session.scalars(select(Person.id).where(Person.email == _SERVER)).one()
    note(session, organisation_id, known, act, about)


def note_mine(session: Session, act: Act, about: str = "") -> None:
    """Write what the signed-in person did in their structure."""
    note(session, current_organisation_id(), current_member().id, act, about)


def read(
    session: Session, organisation_id: UUID, *, person_id: UUID | None, act: str, page: int
) -> Shown:
    """Return one page of the journal, the latest first; what nobody did filters nothing."""
    mine = AccessEvent.organisation_id == organisation_id
    names = select(Person.id, Person.name, Person.email, Person.role).where(
        Person.id.in_(select(AccessEvent.person_id).where(mine))
    )
    people = {row.id: _named(*row[1:]) for row in session.execute(names)}
    acts = tuple(sorted(session.scalars(select(AccessEvent.act).where(mine).distinct())))
    person_id = person_id if person_id in people else None
    act = act if act in acts else ""
    asked = select(AccessEvent).where(mine)
    if person_id is not None:
        asked = asked.where(AccessEvent.person_id == person_id)
    if act:
        asked = asked.where(AccessEvent.act == act)
    page = max(page, 1)
    # Within a second no order is known: a stable one, where months follow each other.
    asked = asked.order_by(AccessEvent.at.desc(), AccessEvent.about.desc(), AccessEvent.id)
    rows = session.scalars(asked.offset((page - 1) * PAGE).limit(PAGE + 1)).all()
    lines = tuple(
        Line(row.at, people[row.person_id], ACTS.get(cast("Act", row.act), row.act), _about(row),
             row.act in _HOURLY)
        for row in rows[:PAGE]
    )  # fmt: skip
    return Shown(lines, people, acts, person_id, act, page, len(rows) > PAGE)


def _about(row: AccessEvent) -> str:
    """Write what an act was about; months are kept as numbers, and read as words."""
    if row.act != "froze":
        return row.about
    first, _, last = row.about.partition("..")
    return months(*(date.fromisoformat(f"{month}-01") for month in (first, last or first)))


def _named(name: str, email: str, role: str) -> str:
    if email == _SERVER:
        return "Le serveur (ligne de commande)"
    return "L’administration du service" if role == ADMINISTRATEUR else name or email
