"""The access journal, as the responsable reads it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from app.db import Database
from app.organisations import access, actions
from app.organisations.access import note
from app.organisations.limits import PAIR, Attempts
from app.organisations.models import AccessEvent, Organisation, Person
from app.organisations.roles import ADMINISTRATEUR, MEDIATEUR
from tests.organisations.conftest import PersonIn, SignIn, post, words

PAGE = "/espace/reglages/journal"


@pytest.fixture
def desk(client: FlaskClient, sign_in: SignIn, database: Database) -> FlaskClient:
    assert sign_in().status_code == 303
    with database.writing() as session:
        session.execute(delete(AccessEvent))  # the sign-in, which has a test of its own
    return client


def lines(client: FlaskClient, query: str = "") -> list[str]:
    page = words(client.get(f"{PAGE}{query}").text).partition("<tbody>")[2]
    return page.split("<tr>")[1:]


def test_an_empty_journal_says_what_will_come(desk: FlaskClient) -> None:
    page = desk.get(PAGE).text
    assert "Rien à montrer ici." in page
    assert "Ce qui n’est jamais noté" in page


def test_who_did_what_is_filtered_by_person_and_by_act(
    desk: FlaskClient, database: Database, person: Person, person_in: PersonIn
) -> None:
    sam = person_in("sam@example.fr", MEDIATEUR)
    admin = person_in("admin@example.fr", ADMINISTRATEUR, None)
    assert person.organisation_id
    with database.writing() as session:
        note(session, person.organisation_id, sam.id, "read", "Votre <avis>")
        note(session, person.organisation_id, person.id, "exported", "Juin")
        note(session, person.organisation_id, admin.id, "disabled", "Awa")
    assert len(lines(desk)) == 3
    (read,) = lines(desk, f"?personne={sam.id}")
    assert "a lu des commentaires" in read
    assert "Votre &lt;avis&gt;" in read
    assert "vers " in read
    (exported,) = lines(desk, "?geste=exported")
    assert "Nolwenn Le Guen" in exported
    assert lines(desk, f"?geste=exported&personne={sam.id}") == []
    (closed,) = lines(desk, "?geste=disabled")
    assert "L’administration du service" in closed
    assert "admin@" not in desk.get(PAGE).text
    for nonsense in ("?geste=x&personne=y&page=z", "?page=0", f"?personne={uuid4()}", "?page=²"):
        assert len(lines(desk, nonsense)) == 3


def test_it_is_paged_and_begins_with_the_latest(
    desk: FlaskClient, database: Database, person: Person
) -> None:
    assert person.organisation_id
    with database.writing() as session:
        for number in range(access.PAGE + 1):
            session.add(
                AccessEvent(
                    organisation_id=person.organisation_id,
                    person_id=person.id,
                    act="exported",
                    about=f"n{number}.",
                    at=datetime(2026, 3, 1)  # noqa: DTZ001
                    + timedelta(minutes=number),
                )
            )
    first = lines(desk)
    assert len(first) == access.PAGE
    assert f"n{access.PAGE}." in first[0]
    assert "geste=exported&amp;page=2" in desk.get(f"{PAGE}?geste=exported").text
    (last,) = lines(desk, "?page=2")
    assert "n0." in last


def test_another_structure_has_another_journal(
    desk: FlaskClient, database: Database, organisation: Organisation, person_in: PersonIn
) -> None:
    with database.writing() as session:
        other = actions.create_organisation(session, "L’Escale")
    sam = person_in("sam@example.fr", organisation_id=other.id)
    with database.writing() as session:
        note(session, other.id, sam.id, "exported", "secret")
    for query in ("", f"?personne={sam.id}", "?geste=exported"):
        page = desk.get(f"{PAGE}{query}").text
        assert "secret" not in page
        assert "sam" not in page


def test_a_sign_in_and_a_series_of_wrong_passwords_are_noted(
    app: Flask, client: FlaskClient, sign_in: SignIn, one_moment: None
) -> None:
    for _ in range(PAIR + 3):
        sign_in(password="faux")
    sign_in("inconnue@example.fr", "faux")
    app.extensions["forgotten_queue"].submit(int).result()
    app.extensions["sign_in_attempts"] = Attempts()
    for _ in range(3):
        assert sign_in().status_code == 303
        assert post(client, "/espace/deconnexion").status_code == 303
    sign_in()
    entered, refused = sorted(lines(client), key=lambda line: "refusée" in line)
    assert "Nolwenn Le Guen" in entered
    assert "a ouvert une session" in entered
    assert "vers " in entered
    assert "plusieurs mots de passe faux" in refused
    assert "vers " in refused
