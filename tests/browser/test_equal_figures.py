"""The same answers count the same with JavaScript, without, and from a table.

One of them no longer applies: the person said « oui », answered the question that follows, then
changed her mind. What she had answered is kept as evidence, and weighs nothing.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext, expect

from app.campaigns.models import Campaign
from app.campaigns.queries import plan_of
from app.db import Database
from app.responses.rollups import tallies
from app.scoring import figure, measures
from app.scoring.cli import score
from app.web.current import today
from tests.answering.conftest import OpenToday, open_today, person, person_at
from tests.browser.test_answering import phone, shown, stored
from tests.rebuilding import ALWAYS

__all__ = ["open_today", "person", "person_at", "phone"]
pytestmark = pytest.mark.browser

#: Asked only of those who made a request, which she first said, then took back.
OPENING, CLOSING, FOLLOWING = ("dro4", "oui"), ("dro4", "pas_besoin"), ("dro5", "non")


def test_script_form_and_table_give_equal_figures(
    phone: BrowserContext,
    address: str,
    client: FlaskClient,
    database: Database,
    open_today: OpenToday,
    person_at: Any,
) -> None:
    campaigns = [open_today("progres", form="longue", waves=["sortie"]) for _ in range(2)]
    codes = [campaign.links[0].code for campaign in campaigns]
    said = {**person_at(codes[0]).choices(1), **dict((CLOSING, FOLLOWING))}
    del said["dro6"]  # another question that no longer applies, never answered

    answer_with_script(phone, f"{address}/{codes[0]}", said)
    assert client.post(f"/{codes[1]}", data=said).status_code == 200
    assert [one.answers for one in stored(database)] == [stored(database)[0].answers] * 2
    assert stored(database)[0].answers["dro5"] == "non"

    table = f"wave,{','.join(said)}\nsortie,{','.join(said.values())}\n"
    printed = json.loads(CliRunner().invoke(score, ["progres", "-", "--json"], input=table).stdout)
    assert printed["hors_condition"] == 1
    expected = {name(one): one for one in printed["indicators"]}
    assert len(expected) > 5
    for campaign in campaigns:
        found = figures(database, campaign)
        assert {key: found[key] for key in expected} == expected


def answer_with_script(phone: BrowserContext, link: str, said: dict[str, str]) -> None:
    page = phone.new_page()
    page.goto(link)
    while True:
        asked = shown(page).locator("input, textarea").first.get_attribute("name")
        if asked == OPENING[0]:
            shown(page).locator(f"[value={OPENING[1]}]").check()
            page.click("form .main")
            shown(page).locator(f"[name={FOLLOWING[0]}][value={FOLLOWING[1]}]").check()
            page.click("[data-precedent]")
        if asked in said:
            shown(page).locator(f"[name={asked}][value='{said[asked]}']").check()
        is_last = page.locator("form .main span").inner_text() == "Envoyer"
        page.click("form .main")
        if is_last:
            return expect(page.locator("h1.thanks")).to_be_visible()


def figures(database: Database, campaign: Campaign) -> dict[Any, Any]:
    """Return what the pages of the structure say of a campaign."""
    # Answers of the day wait for the next one: that day, they count like those of a table.
    tomorrow = today() + timedelta(days=1)
    with database.reading() as session:
        sums = tallies(
            session, campaign.organisation_id, scopes=[campaign.id], **ALWAYS, today=tomorrow
        )
        told = [
            figure(one, sums.get((one.key, campaign.version), {})).to_json()
            for one in measures(plan_of(session, campaign))
        ]
    return {name(one): json.loads(json.dumps(one)) for one in told}


def name(told: dict[str, Any]) -> tuple[Any, ...]:
    """Return what tells an indicator from the same one at another moment."""
    return tuple(told.get(part) for part in ("id", "wave", "from", "to"))
