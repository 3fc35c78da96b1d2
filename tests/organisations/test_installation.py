"""The administrateur: structures and who answers for them, never contents."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.db import Database
from app.organisations import actions, people
from app.organisations.cli import organisations
from app.organisations.models import AccessEvent, Organisation, Person
from app.organisations.roles import ADMINISTRATEUR, MEDIATEUR
from tests.mailbox import Mailbox
from tests.organisations.conftest import EMAIL, Entered, PersonIn, post, words
from tests.organisations.test_invitation import accept
from tests.organisations.test_team import found, link_on

PAGE = "/espace/installation"
NEW = {
    "structure": "L’Escale",
    "contact": "2 quai Neuf, Callac",
    "lieu": "Mairie de Callac",
    "name": "Sam Morin",
    "email": "sam@example.fr",
}


@pytest.fixture
def admin(person_in: PersonIn, entered: Entered) -> FlaskClient:
    """Return the browser of the administrateur."""
    person_in("admin@example.fr", ADMINISTRATEUR, None)
    return entered("admin@example.fr")


def test_the_command_prints_the_link_of_the_first_administrateur(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    result = run(organisations, ["administrator", "Admin@Example.fr"])
    assert result.exit_code == 0
    token = re.findall(r"/espace/invitation#(\S+)", result.output)[0]
    client = app.test_client()
    accept(client, token, "lampe tortue violon")
    assert client.get("/espace").headers["Location"] == PAGE
    assert client.get(PAGE).status_code == 200
    assert run(organisations, ["administrator", "admin@example.fr"]).exit_code == 0


def test_somebody_of_a_team_does_not_become_administrateur(app: Flask, person: Person) -> None:
    result = app.test_cli_runner().invoke(organisations, ["administrator", EMAIL])
    assert result.exit_code == 2
    assert "sert déjà" in result.output


def test_a_structure_is_created_with_its_lieu_and_its_responsable(
    app: Flask, admin: FlaskClient, database: Database
) -> None:
    page = post(admin, f"{PAGE}/nouvelle", NEW)
    assert page.status_code == 200
    theirs = app.test_client()
    accept(theirs, link_on(page.text), "lampe tortue violon")
    assert "Sam Morin" in theirs.get("/espace/reglages/equipe").text
    shown = words(admin.get(PAGE).text)
    assert "L’Escale" in shown
    assert "1 personne" in shown
    assert "aujourd’hui" in shown


@pytest.mark.parametrize("missing", [*NEW])
def test_a_structure_that_lacks_something_is_not_created(
    admin: FlaskClient, database: Database, missing: str
) -> None:
    response = post(admin, f"{PAGE}/nouvelle", {**NEW, missing: ""})
    assert response.status_code == 422
    assert all(
        f'value="{typed}"' in response.text for name, typed in NEW.items() if name != missing
    )
    with database.reading() as session:
        assert (
            session.scalars(select(Organisation).where(Organisation.name == "L’Escale")).all() == []
        )


def test_an_address_that_serves_already_creates_nothing(
    admin: FlaskClient, database: Database, person: Person
) -> None:
    assert post(admin, f"{PAGE}/nouvelle", {**NEW, "email": EMAIL}).status_code == 422
    with database.reading() as session:
        assert [one.organisation.name for one in people.structures(session)] == ["Le Fil numérique"]


def test_a_responsable_is_invited_again_closed_and_reopened(
    admin: FlaskClient, database: Database, person: Person, entered: Entered
) -> None:
    one = f"{PAGE}/{person.organisation_id}"
    theirs = entered(EMAIL)
    assert link_on(post(admin, f"{one}/responsable/{person.id}/lien").text)
    assert admin.get(f"{one}/responsable/{person.id}/fermer").status_code == 200
    post(admin, f"{one}/responsable/{person.id}/fermer")
    assert theirs.get("/espace/compte").status_code == 302
    assert "Aucune personne responsable ne peut entrer" in admin.get(one).text
    assert link_on(post(admin, one, {"name": "Sam", "email": "sam@example.fr"}).text)
    post(admin, f"{one}/responsable/{person.id}/rouvrir")
    assert found(database, EMAIL).active
    with database.reading() as session:
        acts = set(session.scalars(select(AccessEvent.act)))
    assert acts == {"password", "disabled", "invited", "reopened", "entered"}


def test_the_link_of_an_account_in_use_leaves_by_e_mail_only(
    admin: FlaskClient, person: Person, mailbox: Mailbox
) -> None:
    one = f"{PAGE}/{person.organisation_id}"
    page = post(admin, f"{one}/responsable/{person.id}/lien").text
    assert "/espace/invitation#" not in page
    assert "Elle seule le reçoit" in words(page)
    assert "/espace/invitation#" in mailbox.text()
    assert link_on(post(admin, one, {"name": "Sam", "email": "sam@example.fr"}).text)


def test_a_mediateur_or_somebody_of_elsewhere_is_unknown(
    admin: FlaskClient, database: Database, person: Person, person_in: PersonIn
) -> None:
    awa = person_in("awa@example.fr", MEDIATEUR)
    with database.writing() as session:
        other = actions.create_organisation(session, "L’Escale")
    for where, who in (
        (person.organisation_id, awa.id),
        (other.id, person.id),
        (UUID(int=0), person.id),
    ):
        for verb in ("lien", "fermer", "rouvrir"):
            path = f"{PAGE}/{where}/responsable/{who}/{verb}"
            assert post(admin, path).status_code == 404
    assert found(database, EMAIL).active
    assert "awa" not in admin.get(f"{PAGE}/{person.organisation_id}").text


def test_contents_are_closed_to_the_administrateur(admin: FlaskClient) -> None:
    assert admin.get("/espace/campagnes").status_code == 403
    assert admin.get("/espace/reglages/equipe").status_code == 403
