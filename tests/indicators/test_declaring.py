"""A change of question declared without effect: said by a responsable, and said again each time."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from app.campaigns.models import Campaign
from app.db import Database
from app.indicators.comparison import BREAK, HARMLESS
from app.indicators.declaring import declarations
from app.indicators.models import HarmlessChange
from app.organisations.models import Organisation, Person
from app.organisations.roles import MEDIATEUR
from app.questionnaires import Library, load_library
from app.scoring.sentences import spaced
from config import PROJECT
from tests.indicators.test_comparison import FEBRUARY, MARCH, send
from tests.organisations.conftest import SignIn, token_of
from tests.responses.conftest import Sender

QUERY = "de=2026-03&a=2026-04&comparer=precedente"
FIGURES, PAGE = f"/espace/indicateurs?{QUERY}", f"/espace/indicateurs/changements?{QUERY}"
REASON = "Un point d’interrogation mieux placé."
Fill = Callable[..., tuple[int, str]]


@pytest.fixture
def earlier_library(tmp_path: Path) -> Library:
    """Return the questionnaires as they were before one question was written again."""
    folder = shutil.copytree(PROJECT / "surveys", tmp_path / "surveys")
    bank = folder / "referentiel.yaml"
    now, before = "Avez-vous eu l’aide que vous vouliez ?", "Avez-vous eu l’aide voulue ?"
    assert now in bank.read_text("utf-8")
    bank.write_text(bank.read_text("utf-8").replace(now, before), "utf-8")
    shutil.rmtree(folder / "translations")
    (folder / "translations").mkdir()
    return load_library(folder)


@pytest.fixture
def page(
    client: FlaskClient,
    sign_in: SignIn,
    sender: Sender,
    campaign: Campaign,
    campaign_of: Callable[..., Campaign],
    earlier_library: Library,
) -> FlaskClient:
    """Return the desk of a structure whose question changed between February and March."""
    before = campaign_of("satisfaction", library=earlier_library, action="Avant")
    send(sender, before, FEBRUARY, 14, 11)
    send(sender, campaign, MARCH, 24, 8)
    sign_in()
    return client


def words(client: FlaskClient, address: str) -> str:
    return text(client.get(address).text)


def text(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def fill(client: FlaskClient, **fields: str) -> tuple[int, str]:
    token = token_of(client.get("/espace/indicateurs").text)
    reply = client.post(PAGE, data={"csrf_token": token, **fields})
    return reply.status_code, text(reply.text)


def key_on(client: FlaskClient) -> str:
    found = re.search(r'name="question" value="([0-9a-f]{32})"', client.get(PAGE).text)
    assert found
    return found[1]


def test_a_broken_series_goes_on_once_its_change_is_declared_without_effect(
    page: FlaskClient, database: Database, organisation: Organisation
) -> None:
    assert " ".join(spaced(BREAK).split()) in words(page, FIGURES)
    shown = words(page, PAGE)
    assert "Avez-vous eu l’aide voulue" in shown
    assert "Avez-vous eu l’aide que vous vouliez" in shown
    assert fill(page, question=key_on(page), raison=REASON)[0] == 303
    compared = words(page, FIGURES)
    assert "par rapport à 14 sur 25" in compared
    assert " ".join(spaced(HARMLESS).split()) in compared
    assert " ".join(spaced(BREAK).split()) not in compared
    assert REASON in words(page, PAGE)
    with database.reading() as session:
        (declared,) = declarations(session, organisation.id)
    assert (declared.indicator, declared.reason) == ("satisfaction.aide", REASON)
    assert "a déclaré un changement" in words(page, "/espace/reglages/journal")


def test_a_declaration_taken_back_stops_the_series_again(page: FlaskClient) -> None:
    key = key_on(page)
    fill(page, question=key, raison=REASON)
    assert fill(page, question=key, reprendre="oui")[0] == 303
    assert " ".join(spaced(BREAK).split()) in words(page, FIGURES)
    assert fill(page, question=key, reprendre="oui")[0] == 404


@pytest.mark.parametrize("reason", ["", "rien", "x" * 301])
def test_a_reason_is_asked_for_and_nothing_typed_is_lost(page: FlaskClient, reason: str) -> None:
    status, shown = fill(page, question=key_on(page), raison=reason)
    assert status == 422
    assert reason in shown
    assert " ".join(spaced(BREAK).split()) in words(page, FIGURES)


def test_what_is_no_change_of_a_question_cannot_be_declared(page: FlaskClient) -> None:
    assert fill(page, question="0" * 32, raison=REASON)[0] == 404


def test_only_a_responsable_declares(page: FlaskClient, database: Database, person: Person) -> None:
    key = key_on(page)
    with database.writing() as session:
        session.execute(update(Person).where(Person.id == person.id).values(role=MEDIATEUR))
    assert "Voir ce qui a changé" not in words(page, FIGURES)
    assert fill(page, question=key, raison=REASON)[0] == 403


def test_the_declaration_of_a_structure_is_its_own(page: FlaskClient, database: Database) -> None:
    fill(page, question=key_on(page), raison=REASON)
    with database.writing() as session:
        other = Organisation(name="Ailleurs")
        session.add(other)
        session.flush()
        assert declarations(session, other.id) == []


def test_two_changes_declared_one_after_the_other_are_one_series(
    page: FlaskClient, database: Database
) -> None:
    assert fill(page, question=key_on(page), raison=REASON)[0] == 303
    between = "b" * 32
    with database.writing() as session:
        whole = session.scalars(select(HarmlessChange)).one()
        said = {"indicator": whole.indicator, "reason": REASON, "declared_on": whole.declared_on}
        said |= {"organisation_id": whole.organisation_id, "declared_by": whole.declared_by}
        session.add(HarmlessChange(earlier_key=between, later_key=whole.later_key, **said))
        whole.later_key = between
    assert "par rapport à 14 sur 25" in words(page, FIGURES)
    with database.writing() as session:
        session.execute(delete(HarmlessChange).where(HarmlessChange.later_key == between))
    # What was declared does not reach the compared period: the series stops, and it is said.
    assert " ".join(spaced(BREAK).split()) in words(page, FIGURES)
