"""The first page says when a bilan waits to be begun, then to be sealed, and to whom."""

from __future__ import annotations

from datetime import date
from html import unescape
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from app.bilan.next_steps import steps
from app.db import Database
from app.indicators.next_steps import Step
from app.organisations.actions import create_person, set_password
from app.organisations.queries import Reach, find_member
from app.organisations.roles import MEDIATEUR, RESPONSABLE, Role
from app.questionnaires import Library
from config import Keys
from tests.bilan.sealed import freeze_closed, seal_one
from tests.bilan.structures import TODAY, Made, empty_structure, structure_with
from tests.organisations.conftest import PASSWORD, token_of

EMAIL = "resp@example.fr"
JANUARY, MARCH, APRIL = date(2027, 1, 12), date(2027, 3, 31), date(2027, 4, 1)


@pytest.fixture
def made(database: Database, keys: Keys, library: Library) -> Made:
    """Return a structure that people answered from January to October 2026."""
    return structure_with(database, keys, library, 12)


def said(
    database: Database, made: Made, today: date, role: Role = RESPONSABLE, *lieux: UUID
) -> list[Step]:
    """Return the steps of somebody new."""
    with database.writing() as session:
        email = f"{uuid4().hex}@exemple.fr"
        person_id = create_person(session, made.organisation_id, email, role=role).id
    reach = Reach(made.organisation_id, frozenset(lieux) or None)
    with database.reading() as session:
        member = find_member(session, person_id)
        assert member is not None
        return list(steps(session, member, reach, today))


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 10, 31), None),
        (date(2026, 11, 1), 2026),
        (date(2026, 12, 31), 2026),
        (JANUARY, 2026),
        (date(2027, 2, 28), 2026),
        (date(2027, 3, 1), None),
    ],
)
def test_the_bilan_is_proposed_from_november_to_february(
    database: Database, made: Made, day: date, year: int | None
) -> None:
    found = [(one.what, one.address) for one in said(database, made, day)]
    assert found == ([(f"Faire le bilan {year}", "/espace/bilan")] if year else [])


def test_nothing_is_proposed_once_it_is_begun(database: Database, made: Made) -> None:
    made.bilan(database, first_month="2026-01", last_month="2026-03")
    assert [one.what for one in said(database, made, TODAY)] == ["Faire le bilan 2026"]
    made.bilan(database)
    assert said(database, made, TODAY) == []


def test_nothing_is_proposed_where_nobody_answered(database: Database, library: Library) -> None:
    assert said(database, empty_structure(database, library), TODAY) == []


def test_the_whole_bilan_is_asked_of_who_sees_the_whole_structure(
    database: Database, made: Made
) -> None:
    assert said(database, made, TODAY, MEDIATEUR)
    assert said(database, made, TODAY, MEDIATEUR, made.lieu_id) == []


def test_the_draft_of_a_year_that_is_over_waits_for_its_seal_until_march(
    database: Database, keys: Keys, made: Made
) -> None:
    draft = made.bilan(database)
    (one,) = said(database, made, JANUARY)
    assert (one.what, one.address) == ("Arrêter le bilan 2026", f"/espace/bilan/{draft.id}/arreter")
    assert said(database, made, JANUARY, MEDIATEUR) == []
    assert said(database, made, date(2027, 1, 1)) == []  # a month closes one day after its end
    assert [one.what for one in said(database, made, MARCH)] == ["Arrêter le bilan 2026"]
    assert said(database, made, APRIL) == []
    freeze_closed(database, made, JANUARY)
    seal_one(database, keys, made, draft, JANUARY)
    assert said(database, made, JANUARY) == []


def test_a_draft_that_stays_provisional_is_not_to_seal(database: Database, made: Made) -> None:
    made.bilan(database, actions=["Ateliers du mardi"])
    assert said(database, made, JANUARY) == []


def test_the_first_page_leads_there(
    client: FlaskClient, database: Database, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.indicators.desk_dashboard.today", lambda: TODAY)
    with database.writing() as session:
        set_password(
            session, create_person(session, made.organisation_id, EMAIL, "Yann Kerbrat"), PASSWORD
        )
    token = token_of(client.get("/espace/connexion").text)
    data = {"csrf_token": token, "email": EMAIL, "mot_de_passe": PASSWORD}
    assert client.post("/espace/connexion", data=data).status_code == 303
    page = unescape(client.get("/espace").text)
    assert "Faire le bilan 2026" in page
    assert 'href="/espace/bilan"' in page
