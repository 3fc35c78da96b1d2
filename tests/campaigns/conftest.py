"""A member of the team, signed in as in real life."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.campaigns.models import Campaign
from app.db import Database
from app.organisations.actions import confirm_notice, create_person, set_password
from app.organisations.models import Organisation
from app.web.current import today

PASSWORD = "sept-rivieres-calmes-27"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')

Post = Callable[..., TestResponse]


@pytest.fixture
def campaign(campaign_of: Callable[..., Campaign]) -> Campaign:
    """Return a campaign that is open, whatever day it is when the test runs."""
    year = today().year
    return campaign_of(starts_on=date(year, 1, 1), ends_on=date(year, 12, 31))


@pytest.fixture
def post(client: FlaskClient) -> Post:
    """Return a function that fills the form of a page, token included, and sends it."""

    def send(path: str, *, page: str = "", **fields: Any) -> TestResponse:
        found = TOKEN.search(client.get(page or path).text)
        assert found is not None
        return client.post(path, data={"csrf_token": found[1], **fields})

    return send


@pytest.fixture
def member(
    client: FlaskClient, database: Database, organisation: Organisation, post: Post
) -> FlaskClient:
    """Return the browser of a person of the structure, signed in."""
    with database.writing() as session:
        person = create_person(session, organisation.id, "nolwenn@fil.example", name="Nolwenn")
        set_password(session, person, PASSWORD)
        confirm_notice(session, organisation.id, today())
    answer = post("/espace/connexion", email="nolwenn@fil.example", mot_de_passe=PASSWORD)
    assert answer.status_code == 303
    return client
