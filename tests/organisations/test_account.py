"""One's own account: a name, a password, and the sessions that fall with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db import Database
from app.organisations.guard import passive, reserved_to
from app.organisations.limits import Attempts
from app.organisations.models import Person
from app.organisations.roles import ADMINISTRATEUR, COORDINATEUR, EVERYONE, MEDIATEUR
from tests.organisations.conftest import EMAIL, PASSWORD, Entered, PersonIn, SignIn, post, words

ACCOUNT, CHANGE = "/espace/compte", "/espace/compte/mot-de-passe"
CHOSEN = "lampe tortue violon"
NEW = {"mot_de_passe_actuel": PASSWORD, "mot_de_passe": CHOSEN, "mot_de_passe_bis": CHOSEN}


def test_everybody_has_an_account(person_in: PersonIn, entered: Entered) -> None:
    for role in EVERYONE:
        above = role in (COORDINATEUR, ADMINISTRATEUR)
        person_in(f"{role}@example.fr", role, **({"organisation_id": None} if above else {}))
        assert f"{role}@example.fr" in entered(f"{role}@example.fr").get(ACCOUNT).text


def test_ones_name_is_written_otherwise(
    client: FlaskClient, sign_in: SignIn, database: Database, person: Person
) -> None:
    sign_in()
    assert post(client, ACCOUNT, {"name": "Nolwenn <b>"}).status_code == 303
    page = client.get(ACCOUNT).text
    assert "Votre nom est enregistré." in page
    assert "Nolwenn &lt;b&gt;" in page
    refused = post(client, ACCOUNT, {"name": "x" * 81})
    assert refused.status_code == 422
    assert f'value="{"x" * 81}"' in refused.text


def test_a_new_password_cuts_the_other_sessions_and_keeps_this_one(
    client: FlaskClient, sign_in: SignIn, entered: Entered
) -> None:
    sign_in()
    elsewhere = entered(EMAIL)
    assert post(client, CHANGE, NEW).status_code == 303
    assert "Vos autres appareils sont déconnectés." in client.get(ACCOUNT).text
    assert elsewhere.get(ACCOUNT).status_code == 302
    post(client, "/espace/deconnexion")
    assert sign_in(password=CHOSEN).status_code == 303


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"mot_de_passe_actuel": "faux"}, "Ce n’est pas votre mot de passe actuel."),
        ({"mot_de_passe": "court", "mot_de_passe_bis": "court"}, "5 signes : il en faut 12"),
        ({"mot_de_passe_bis": "autre chose"}, "Les deux mots de passe sont différents."),
    ],
)
def test_a_refused_password_says_why_and_changes_nothing(
    client: FlaskClient, sign_in: SignIn, changed: dict[str, str], said: str
) -> None:
    sign_in()
    response = post(client, CHANGE, {**NEW, **changed})
    assert response.status_code == 422
    assert said in words(response.text)
    assert PASSWORD not in response.text
    post(client, "/espace/deconnexion")
    assert sign_in().status_code == 303


def test_the_present_password_is_not_guessed_at(
    app: Flask, client: FlaskClient, sign_in: SignIn
) -> None:
    sign_in()
    app.extensions["sign_in_attempts"] = Attempts(2)
    for status in (422, 422, 429):
        wrong = post(client, CHANGE, {**NEW, "mot_de_passe_actuel": "faux"})
        assert wrong.status_code == status
    assert post(client, CHANGE, NEW).status_code == 429


def test_what_a_page_asks_by_itself_does_not_keep_a_session_alive(
    app: Flask, client: FlaskClient, sign_in: SignIn
) -> None:
    @passive
    @reserved_to(MEDIATEUR, "responsable")
    def sonde() -> str:
        return "12"

    app.add_url_rule("/espace/sonde", "espace.sonde", sonde)
    sign_in()
    polled = client.get("/espace/sonde")
    assert polled.text == "12"
    assert "Set-Cookie" not in polled.headers
    assert "Set-Cookie" in client.get(ACCOUNT).headers
    app.permanent_session_lifetime = timedelta(seconds=-1)
    assert client.get("/espace/sonde").status_code == 302
