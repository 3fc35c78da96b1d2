"""Somebody who signs in, and how they do it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.db import Database
from app.organisations.actions import create_person, set_password
from app.organisations.models import Organisation, Person
from app.organisations.roles import RESPONSABLE, Role
from app.organisations.team import change_role
from config import Smtp
from tests.mailbox import Mailbox, open_mailbox

EMAIL, PASSWORD = "nolwenn@lefilnumerique.example", "moulin cerise tabouret"

SignIn = Callable[..., TestResponse]
PersonIn = Callable[..., Person]
Entered = Callable[[str], FlaskClient]


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


def post(client: FlaskClient, path: str, data: dict[str, Any] | None = None) -> TestResponse:
    """Send a form of the desk, with the token of the session."""
    token = token_of(client.get("/espace/compte").text)
    return client.post(path, data={"csrf_token": token, **(data or {})})


def words(page: str) -> str:
    """Return a page with plain spaces, to look for sentences in it."""
    return page.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.fixture
def person_in(database: Database, organisation: Organisation) -> PersonIn:
    """Return a function that writes somebody who has chosen a password."""

    def make(
        email: str,
        role: Role = RESPONSABLE,
        organisation_id: UUID | None = organisation.id,
        lieux: Iterable[UUID] | None = None,
    ) -> Person:
        with database.writing() as session:
            made = create_person(session, organisation_id, email, email.partition("@")[0], role)
            set_password(session, made, PASSWORD)
            if lieux is not None:
                change_role(session, made, role, lieux)
        return made

    return make


@pytest.fixture
def entered(app: Flask) -> Entered:
    """Return a function that opens a session, as somebody's own browser does."""

    def enter(email: str) -> FlaskClient:
        client = app.test_client()
        token = token_of(client.get("/espace/connexion").text)
        data = {"csrf_token": token, "email": email, "mot_de_passe": PASSWORD}
        assert client.post("/espace/connexion", data=data).status_code == 303
        return client

    return enter


@pytest.fixture
def mailbox(app: Flask) -> Iterator[Mailbox]:
    """Yield the e-mails that the application sends, through a real server."""
    with open_mailbox() as mailbox:
        smtp = Smtp.from_url(f"smtp://127.0.0.1:{mailbox.port}")
        app.extensions["settings"] = replace(app.extensions["settings"], smtp=smtp)
        yield mailbox
