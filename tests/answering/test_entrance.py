"""What the team changes takes effect everywhere at once, in a process that was not told too."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date

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

OpenCampaign = Callable[..., Campaign]


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


def test_answers_that_a_card_links_are_promised_the_end_of_the_last_one(
    app: Flask, campaign_of: OpenCampaign
) -> None:
    """They leave together: what the first one reads must be true then too."""
    day = date(2026, 3, 10)
    for questionnaire, ends_on, until in (
        ("satisfaction", date(2027, 6, 30), 2027),
        ("progres", date(2026, 12, 31), 2027),
        ("progres", date(2027, 6, 30), 2028),
        ("progres", date(2029, 6, 30), 2028),
    ):
        campaign = campaign_of(questionnaire, ends_on=ends_on)
        found = app.extensions["answering"].entrances.find(campaign.links[0].code)
        assert found.kept_until(day) == date(until, 12, 31)
        page = app.test_client().get(f"/notice/{campaign.links[0].code}").text
        assert str(found.kept_until(today()).year) in page
