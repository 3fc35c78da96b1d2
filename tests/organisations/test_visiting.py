"""Who visits the demonstration has no say over people, passwords or what is shared."""

from __future__ import annotations

from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.db import Database
from app.organisations.models import Coordination, Invitation, Organisation, Person
from app.organisations.roles import COORDINATEUR
from tests.organisations.conftest import PersonIn, SignIn, token_of

#: All pages below these change people, passwords or what is shared…
CLOSED = ("/espace/compte", "/espace/reglages/equipe")
#: … but this one, which only shows the team.
OPEN = "/espace/reglages/equipe"


def test_nobody_invites_shares_or_changes_a_password_from_the_demonstration(
    app: Flask, client: FlaskClient, sign_in: SignIn, person_in: PersonIn, database: Database
) -> None:
    person_in("lou@departement.example", COORDINATEUR, None)
    sign_in()
    token = token_of(client.get("/espace").text)
    client.post("/espace/demonstration", data={"csrf_token": token})
    with database.reading() as session:
        demo = select(Organisation.id).where(Organisation.is_demo)
        colleague = session.scalars(
            select(Person.id).where(Person.organisation_id.in_(demo), Person.role == "mediateur")
        ).first()
    before = _people(database)
    typed = {
        "csrf_token": token_of(client.get("/espace").text),
        "email": "lou@departement.example",
        "name": "Lou Berthelot",
        "role": "mediateur",
        "portee": "partout",
    }
    tried = 0
    for rule in app.url_map.iter_rules():
        below = any(f"{rule.rule}/".startswith(f"{one}/") for one in CLOSED)
        if not below or rule.rule == OPEN:
            continue
        address = rule.rule.replace("<uuid:person_id>", str(colleague or uuid4()))
        for method in {"GET", "POST"} & (rule.methods or set()):
            response = client.open(address, method=method, data=typed if method == "POST" else None)
            assert response.status_code == 403, (method, address)
            assert "Fermé pendant la démonstration" in response.text
            tried += 1
    assert tried >= 12
    assert _people(database) == before
    assert client.get(OPEN).status_code == 200


def test_back_in_their_structure_everything_is_open_again(
    client: FlaskClient, sign_in: SignIn
) -> None:
    sign_in()
    for way in ("/espace/demonstration", "/espace/demonstration/quitter"):
        token = token_of(client.get("/espace").text)
        assert client.post(way, data={"csrf_token": token}).status_code == 303
    assert client.get("/espace/compte").status_code == 200


def _people(database: Database) -> list[object]:
    """Return what must not have moved."""
    with database.reading() as session:
        return [
            session.scalar(select(func.count()).select_from(Person)),
            session.scalar(select(func.count()).select_from(Invitation)),
            session.scalar(select(func.count()).select_from(Coordination)),
            sorted(map(tuple, session.execute(select(Person.id, Person.session_epoch)))),
        ]
