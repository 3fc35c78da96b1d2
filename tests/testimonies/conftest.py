"""Who testifies, and the person of the team who reads."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app.db import Database
from app.organisations.actions import create_person, set_password
from app.organisations.models import Lieu, Person
from config import Keys
from tests.organisations.conftest import PASSWORD, token_of
from tests.testimonies.teller import Teller


@pytest.fixture
def teller(database: Database, keys: Keys, lieu: Lieu) -> Teller:
    """Return somebody who testifies."""
    return Teller(database, keys, lieu)


@pytest.fixture
def person(database: Database, lieu: Lieu) -> Person:
    """Return the responsable."""
    with database.writing() as session:
        return create_person(session, lieu.organisation_id, "nolwenn@fil.example", "Nolwenn")


@pytest.fixture
def team(client: FlaskClient, database: Database, person: Person) -> FlaskClient:
    """Return the browser of the responsable."""
    with database.writing() as session:
        set_password(session, session.get_one(Person, person.id), PASSWORD)
    return enter(client, person.email)


def enter(client: FlaskClient, email: str) -> FlaskClient:
    """Sign in; return the browser."""
    token = token_of(client.get("/espace/connexion").text)
    form = {"csrf_token": token, "email": email, "mot_de_passe": PASSWORD}
    assert client.post("/espace/connexion", data=form).status_code == 303
    return client
