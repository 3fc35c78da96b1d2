"""An invitation: once, for seven days, by the `#` of a link or by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.db import Database
from app.organisations import actions, passwords
from app.organisations.models import Invitation, Organisation, Person
from app.web.current import today
from config import Keys
from tests.organisations.conftest import post, token_of, words

CHOSEN = "lampe tortue violon"


@pytest.fixture
def invited(database: Database, organisation: Organisation, keys: Keys) -> str:
    """Return the token of an invited person."""
    with database.writing() as session:
        person = actions.create_person(session, organisation.id, "sam@example.fr", "Sam Morin")
        return actions.invite(session, keys, person)


def accept(client: FlaskClient, token: str, password: str, again: str = "") -> TestResponse:
    data = {
        "csrf_token": token_of(client.get("/espace/invitation").text),
        "invitation": token,
        "mot_de_passe": password,
        "mot_de_passe_bis": again or password,
    }
    return client.post("/espace/invitation", data=data)


def test_an_invited_person_chooses_a_password_and_is_in(client: FlaskClient, invited: str) -> None:
    response = accept(client, invited, CHOSEN)
    assert (response.status_code, response.headers["Location"]) == (303, "/espace")
    page = client.get("/espace/compte").text
    assert "Votre mot de passe est enregistré. La prochaine fois, entrez avec sam@" in page
    assert "Sam Morin" in page
    client.post("/espace/deconnexion", data={"csrf_token": token_of(page)})
    data = {
        "csrf_token": token_of(client.get("/espace/connexion").text),
        "email": "sam@example.fr",
        "mot_de_passe": CHOSEN,
    }
    assert client.post("/espace/connexion", data=data).status_code == 303


def test_it_may_be_typed_without_hyphens_or_in_capitals(client: FlaskClient, invited: str) -> None:
    typed = f" {invited.replace('-', ' ').upper()} "
    assert accept(client, typed, CHOSEN).status_code == 303


def test_it_serves_once(client: FlaskClient, invited: str) -> None:
    accept(client, invited, CHOSEN)
    response = accept(client, invited, "une autre phrase longue")
    assert response.status_code == 422
    assert "a déjà servi ou a expiré" in response.text


def test_it_expires_after_seven_days(client: FlaskClient, database: Database, invited: str) -> None:
    with database.writing() as session:
        invitation = session.scalars(select(Invitation)).one()
        assert invitation.expires_on == today() + timedelta(days=7)
        invitation.expires_on = today() - timedelta(days=1)
    assert accept(client, invited, CHOSEN).status_code == 422


def test_a_new_invitation_cancels_the_former(
    client: FlaskClient, database: Database, keys: Keys, invited: str
) -> None:
    with database.writing() as session:
        actions.invite(session, keys, session.scalars(select(Person)).one())
    assert accept(client, invited, CHOSEN).status_code == 422


def test_two_who_use_it_together_do_not_both_succeed(
    database: Database, keys: Keys, invited: str
) -> None:
    with database.writing() as session:
        person = actions.invited(session, keys, invited)
        assert person is not None
        actions.accept_invitation(session, person, "$argon2id$")
        with pytest.raises(actions.OrganisationError):
            actions.accept_invitation(session, person, "$argon2id$")


def test_the_database_alone_opens_nothing(database: Database, invited: str) -> None:
    with database.reading() as session:
        kept = session.scalars(select(Invitation.token_hash)).one()
    assert invited.replace("-", "") not in kept
    assert len(kept) == 64


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("court", "", "5 signes : il en faut 12 au moins"),
        (CHOSEN, "lampe tortue violin", "Les deux mots de passe sont différents."),
        ("sam@example.fr", "", "ressemble trop à votre nom"),
        ("motdepasse1234", "", "se devine trop facilement"),
        ("", "", "Choisissez un mot de passe."),
    ],
)
def test_a_refused_password_says_why_and_keeps_the_invitation(
    client: FlaskClient, invited: str, password: str, again: str, said: str
) -> None:
    response = accept(client, invited, password, again)
    assert response.status_code == 422
    assert said in response.text.replace("\u202f", " ").replace("\u00a0", " ")
    assert f'value="{invited}"' in response.text
    assert accept(client, invited, CHOSEN).status_code == 303


def test_errors_are_bound_to_their_field_and_summed_up_at_the_head(
    client: FlaskClient, invited: str
) -> None:
    page = accept(client, invited, "court").text
    assert 'aria-describedby="mot_de_passe-aide mot_de_passe-erreur"' in page
    assert 'aria-invalid="true"' in page
    assert 'role="alert" tabindex="-1" autofocus' in page
    assert '<a href="#mot_de_passe">' in page


def test_a_short_password_typed_differently_is_told_both(client: FlaskClient, invited: str) -> None:
    page = words(accept(client, invited, "court", "courte").text)
    assert "5 signes : il en faut 12 au moins" in page
    assert "Les deux mots de passe sont différents." in page
    assert "Quelques points sont à revoir" in page


def test_no_password_is_hashed_while_writing(
    app: Flask, client: FlaskClient, invited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is slow, and waits for its turn: nobody’s answer waits behind it."""
    database, hashed = app.extensions["database"], []
    real = passwords._HASHER.hash

    class Watched:
        verify = passwords._HASHER.verify

        def hash(self, password: str) -> str:
            hashed.append(database._writers._held)
            return real(password)

    monkeypatch.setattr(passwords, "_HASHER", Watched())
    assert accept(client, invited, CHOSEN).status_code == 303
    other = "trois girafes silencieuses"
    changed = {"mot_de_passe_actuel": CHOSEN, "mot_de_passe": other, "mot_de_passe_bis": other}
    assert post(client, "/espace/compte/mot-de-passe", changed).status_code == 303
    assert hashed == [False, False]
