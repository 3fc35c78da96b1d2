"""Somebody who signs in, and how they do it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.db import Database
from app.organisations.actions import create_person, set_password
from app.organisations.models import Organisation, Person

EMAIL, PASSWORD = "nolwenn@lefilnumerique.example", "moulin cerise tabouret"

SignIn = Callable[..., TestResponse]


def token_of(page: str) -> str:
    """Return the token of the form on a page."""
    return re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]


@pytest.fixture
def person(database: Database, organisation: Organisation) -> Person:
    """Return a person of the team who has chosen a password."""
    with database.writing() as session:
        person = create_person(session, organisation.id, EMAIL, "Nolwenn Le Guen")
        set_password(session, person, PASSWORD)
    return person


@pytest.fixture
def sign_in(client: FlaskClient, person: Person) -> SignIn:
    """Return a function that fills the sign-in page."""

    def fill(email: str = EMAIL, password: str = PASSWORD, address: str = "") -> TestResponse:
        where = f"/espace/connexion{address}"
        data = {
            "csrf_token": token_of(client.get(where).text),
            "email": email,
            "mot_de_passe": password,
        }
        return client.post(where, data=data)

    return fill
