"""What the team changes takes effect everywhere at once, in a process that was not told too."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.answering import entrance
from app.answering.entrance import FRESH
from app.campaigns.actions import close_campaign
from app.campaigns.models import Campaign
from app.db import Database
from app.organisations.actions import revise_notice
from app.web.current import today
from config import Settings
from tests.answering.conftest import Person


class Clock:
    """Stand in the place of the module `time`, and let a second pass when it is told to."""

    def __init__(self) -> None:
        self.passed = 0.0

    def monotonic(self) -> float:
        return time.monotonic() + self.passed


@pytest.fixture
def other_process(app: Flask, settings: Settings) -> Iterator[FlaskClient]:
    """Yield a browser before another process of the same installation."""
    other = create_app(settings)
    yield other.test_client()
    other.extensions["database"].engine.dispose()


def test_a_new_notice_and_a_closing_take_effect_in_every_process_within_a_second(
    person: Person,
    other_process: FlaskClient,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock()
    monkeypatch.setattr(entrance, "time", clock)
    address = f"/{person.code}"
    campaign = person.entrance.campaign
    assert "Deux bénévoles" not in other_process.get(address).text
    with database.writing() as session:
        revise_notice(session, campaign.organisation_id, readers="Deux bénévoles")
    clock.passed += FRESH
    assert "Deux bénévoles" in other_process.get(address).text
    with database.writing() as session:
        close_campaign(session.get_one(Campaign, campaign.id), today())
    clock.passed += FRESH
    assert other_process.get(address).status_code == 410
    assert FRESH <= 1
