"""Opening the frozen results to a coordinateur, and closing them."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app.db import Database
from app.organisations import actions, queries
from app.organisations.models import Coordination, Organisation, Person
from app.organisations.roles import ADMINISTRATEUR, COORDINATEUR, MEDIATEUR
from app.web.current import today
from tests.mailbox import Mailbox
from tests.organisations.conftest import PersonIn, SignIn, post, words
from tests.organisations.test_team import acts, found, link_on

TEAM = "/espace/reglages/equipe"
SHARE = f"{TEAM}/partage"
LOU = {"name": "Lou Berthelot", "email": "lou@departement.example"}


@pytest.fixture
def desk(client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    assert sign_in().status_code == 303
    return client


def opened_to(database: Database, email: str) -> list[str]:
    with database.reading() as session:
        return [one.name for one in queries.coordinated(session, found(database, email).id)]


def test_a_new_coordinateur_is_invited_and_sees_this_structure(
    desk: FlaskClient, database: Database
) -> None:
    page = post(desk, SHARE, LOU)
    assert link_on(page.text)
    person = found(database, LOU["email"])
    assert (person.role, person.organisation_id) == (COORDINATEUR, None)
    assert opened_to(database, LOU["email"]) == ["Le Fil numérique"]
    assert "Lou Berthelot" in desk.get(TEAM).text
    assert acts(database) == [("shared", "lou@departement.example : partagés")]


def test_a_known_coordinateur_sees_one_more_and_nobody_gets_their_link(
    desk: FlaskClient, database: Database, person_in: PersonIn
) -> None:
    lou = person_in(LOU["email"], COORDINATEUR, None)
    with database.writing() as session:
        other = actions.create_organisation(session, "L’Escale")
        session.add(Coordination(person_id=lou.id, organisation_id=other.id, accepted_on=today()))
    for _ in range(2):  # sent twice, opened once
        page = post(desk, SHARE, LOU)
        assert page.status_code == 303
        assert "/espace/invitation#" not in page.text
    assert opened_to(database, LOU["email"]) == ["Le Fil numérique", "L’Escale"]
    assert post(desk, f"{TEAM}/{lou.id}/lien").status_code == 404
    assert "Escale" not in desk.get(TEAM).text


def test_it_is_closed_at_any_time_and_only_ours(
    desk: FlaskClient, database: Database, organisation: Organisation
) -> None:
    post(desk, SHARE, LOU)
    lou = found(database, LOU["email"])
    assert post(desk, f"{SHARE}/{lou.id}/fermer").status_code == 303
    assert opened_to(database, LOU["email"]) == []
    assert post(desk, f"{SHARE}/{lou.id}/fermer").status_code == 404
    assert ("shared", "lou@departement.example : plus partagés") in acts(database)


@pytest.mark.parametrize("role", [MEDIATEUR, ADMINISTRATEUR])
def test_an_address_that_serves_otherwise_is_refused_without_saying_how(
    desk: FlaskClient, database: Database, person_in: PersonIn, role: str
) -> None:
    with database.writing() as session:
        other = actions.create_organisation(session, "L’Escale secrète")
    person_in(LOU["email"], role, other.id if role == MEDIATEUR else None)
    response = post(desk, SHARE, LOU)
    assert response.status_code == 422
    assert "Cette adresse ne peut pas servir ici." in words(response.text)
    assert "Escale" not in response.text
    assert 'value="Lou Berthelot"' in response.text


def test_by_email_the_link_is_for_the_coordinateur_only(
    desk: FlaskClient, mailbox: Mailbox
) -> None:
    page = post(desk, SHARE, LOU).text
    assert "/espace/invitation#" not in page
    assert "/espace/invitation#" in mailbox.text()


def test_a_disabled_coordinateur_is_refused(
    desk: FlaskClient, database: Database, person_in: PersonIn
) -> None:
    lou = person_in(LOU["email"], COORDINATEUR, None)
    with database.writing() as session:
        actions.disable(session, session.get_one(Person, lou.id))
    assert post(desk, SHARE, LOU).status_code == 422
