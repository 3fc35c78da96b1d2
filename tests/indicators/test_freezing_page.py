"""The page that freezes: a responsable says so knowingly, a médiateur only sees."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html import unescape

import pytest
from flask.testing import FlaskClient

from app.campaigns.models import Campaign
from app.db import Database
from app.indicators.freezing import frozen_months
from app.organisations.models import Organisation, Person, PersonLieu
from app.organisations.roles import MEDIATEUR
from tests.organisations.conftest import SignIn, token_of
from tests.responses.conftest import Sender

PAGE = "/espace/indicateurs/arreter"
Freeze = Callable[..., tuple[int, str]]


@pytest.fixture
def answers(campaign: Campaign, sender: Sender) -> None:
    """Receive 6 answers in January and 2 in February."""
    for month, count in ((1, 6), (2, 2)):
        for _ in range(count):
            sender.send(campaign.links[0], day=date(2026, month, 3))


@pytest.fixture
def fill(client: FlaskClient, sign_in: SignIn, answers: None) -> Freeze:
    """Return a function that fills the form of the page, signed in."""
    sign_in()

    def send(month: str, **fields: str) -> tuple[int, str]:
        token = token_of(client.get("/espace/indicateurs").text)
        reply = client.post(PAGE, data={"csrf_token": token, "mois": month, **fields})
        return reply.status_code, words(reply.text)

    return send


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def months(database: Database, organisation: Organisation) -> list[str]:
    with database.reading() as session:
        return [one.month for one in frozen_months(session, organisation.id)]


def test_a_responsable_freezes_knowingly(
    client: FlaskClient, fill: Freeze, database: Database, organisation: Organisation
) -> None:
    before = words(client.get(PAGE).text)
    assert "On ne peut pas revenir en arrière" in before
    assert "Mois arrêtés comparés" not in before
    assert fill("2026-02", certain="1")[0] == 303
    assert months(database, organisation) == ["2026-02", "2026-01"]
    after = words(client.get(PAGE).text)
    assert "C’est fait : de janvier à février 2026" in after
    assert "par Nolwenn Le Guen" in after
    assert after.count("identique") == 2


def test_an_unsure_responsable_freezes_nothing_and_keeps_the_month(
    client: FlaskClient, fill: Freeze, database: Database, organisation: Organisation
) -> None:
    token = token_of(client.get(PAGE).text)
    reply = client.post(PAGE, data={"csrf_token": token, "mois": "2026-01"})
    assert reply.status_code == 422
    assert "Cochez la case" in words(reply.text)
    assert '<option value="2026-01" selected>' in reply.text
    assert months(database, organisation) == []


@pytest.mark.parametrize("month", ["2099-01", "2025-12", "", "janvier"])
def test_a_month_that_cannot_be_frozen_is_refused_with_words(
    fill: Freeze, database: Database, organisation: Organisation, month: str
) -> None:
    status, page = fill(month, certain="1")
    assert status == 422
    assert "Choisissez un mois dans la liste" in page
    assert months(database, organisation) == []


def test_a_mediateur_sees_the_state_and_cannot_freeze(
    client: FlaskClient,
    fill: Freeze,
    database: Database,
    person: Person,
    organisation: Organisation,
) -> None:
    assert fill("2026-01", certain="1")[0] == 303
    with database.writing() as session:
        session.get_one(Person, person.id).role = MEDIATEUR
    page = client.get(PAGE)
    assert "<form" not in page.text.partition("<main")[2]
    assert "La ou le responsable de votre structure peut les arrêter" in words(page.text)
    assert "identique" in words(page.text)
    assert fill("2026-02", certain="1")[0] == 403
    assert months(database, organisation) == ["2026-01"]


def test_who_sees_some_lieux_learns_nothing_of_the_others(
    client: FlaskClient, fill: Freeze, database: Database, person: Person, campaign: Campaign
) -> None:
    fill("2026-02", certain="1")
    with database.writing() as session:
        mine = session.get_one(Person, person.id)
        mine.role, mine.everywhere = MEDIATEUR, False
        session.add(PersonLieu(person_id=person.id, lieu_id=campaign.lieu_id))
    page = words(client.get(PAGE).text)
    assert "par Nolwenn Le Guen" in page
    assert "identique" not in page
    assert "Aujourd’hui" not in page


def test_the_indicators_lead_there(client: FlaskClient, fill: Freeze) -> None:
    assert f'href="{PAGE}"' in client.get("/espace/indicateurs").text
