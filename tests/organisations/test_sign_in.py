"""Sign-in: who enters, where they land, when they leave."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.db import Database
from app.organisations import limits, passwords, sessions
from app.organisations.actions import disable, set_password
from app.organisations.guard import reserved_to
from app.organisations.limits import ADDRESS, PAIR, Attempts, Busy, Gate
from app.organisations.limits import EMAIL as EVERYWHERE
from app.organisations.models import Person
from app.organisations.roles import TEAM
from app.organisations.sessions import current_organisation_id
from tests.organisations.conftest import EMAIL, PASSWORD, Entered, SignIn, post, token_of, words


@pytest.fixture
def app(app: Flask) -> Flask:
    """Return the application with one page that only signed-in people see."""

    @reserved_to(*TEAM)
    def guarded() -> str:
        return str(current_organisation_id())

    app.add_url_rule("/espace/essai", "espace.essai", guarded, methods=["GET", "POST"])
    return app


def is_in(client: FlaskClient) -> bool:
    return client.get("/espace/essai").status_code == 200


def test_the_right_password_opens_the_desk_of_the_structure(
    client: FlaskClient, sign_in: SignIn, person: Person
) -> None:
    response = sign_in()
    assert (response.status_code, response.headers["Location"]) == (303, "/espace")
    assert client.get("/espace/essai").text == str(person.organisation_id)


def test_the_email_may_be_typed_with_capitals_and_spaces(sign_in: SignIn) -> None:
    assert sign_in(email=f"  {EMAIL.upper()} ").status_code == 303


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (EMAIL, "un autre mot de passe"),
        ("inconnue@example.fr", PASSWORD),
        ("pas une adresse", PASSWORD),
        ("\x00", "\x00\x00"),
        (EMAIL, "x" * 5_000),
    ],
)
def test_a_wrong_pair_says_the_same_thing_and_keeps_the_email(
    client: FlaskClient, sign_in: SignIn, email: str, password: str
) -> None:
    response = sign_in(email, password)
    assert response.status_code == 422
    assert "Adresse ou mot de passe inconnu" in response.text or "Écrivez" in response.text
    assert password not in response.text
    assert not is_in(client)


def test_an_unknown_email_costs_as_much_work_as_a_known_one(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.organisations import passwords

    verified = []
    real = passwords._HASHER.verify

    class Watched:
        def verify(self, password_hash: str, password: str) -> bool:
            verified.append(password_hash)
            return real(password_hash, password)

    monkeypatch.setattr(passwords, "_HASHER", Watched())
    sign_in("inconnue@example.fr", "x")
    sign_in(EMAIL, "x")
    assert [kept.split("$")[1:4] for kept in verified] == [
        ["argon2id", "v=19", "m=19456,t=2,p=1"]
    ] * 2


def test_many_wrong_passwords_must_wait_for_that_email_only(app: Flask, sign_in: SignIn) -> None:
    app.extensions["sign_in_attempts"] = Attempts(2)
    for _ in range(2):
        assert sign_in("autre@example.fr", "faux").status_code == 422
    waiting = sign_in("autre@example.fr", "faux")
    assert waiting.status_code == 429
    assert "Attendez 10 minutes" in words(waiting.text)
    assert 590 <= int(waiting.headers["Retry-After"]) <= 600
    assert 'value="autre@example.fr"' in waiting.text
    assert sign_in().status_code == 303


def test_one_address_does_not_try_email_after_email(sign_in: SignIn) -> None:
    said = [sign_in(f"p{number}@example.fr", "x").status_code for number in range(ADDRESS + 2)]
    assert said == [422] * ADDRESS + [429] * 2


def test_tries_at_once_are_counted_before_they_are_made(
    app: Flask, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_GATE", Gate(waiting=60))  # the try alone is counted here
    client = app.test_client()
    page = client.get("/espace/connexion")
    cookie = page.headers["Set-Cookie"].partition(";")[0]
    data = {"csrf_token": token_of(page.text), "email": EMAIL, "mot_de_passe": "faux"}

    def attempt(_: int) -> int:
        headers = {"Cookie": cookie}
        there = app.test_client(use_cookies=False)
        return there.post("/espace/connexion", data=data, headers=headers).status_code

    with ThreadPoolExecutor(20) as many:
        assert Counter(many.map(attempt, range(40))) == {422: PAIR, 429: 40 - PAIR}


def test_too_many_who_enter_together_are_told_so_and_lose_no_try(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(through=1, waiting=0)
    monkeypatch.setattr(passwords, "_GATE", gate)
    with gate.turn():
        for _ in range(PAIR + 1):
            told = sign_in()
            assert (told.status_code, told.headers["Retry-After"]) == (503, "5")
    assert "Attendez quelques secondes" in told.text
    assert f'value="{EMAIL}"' in told.text
    assert sign_in().status_code == 303


def test_two_passwords_at_most_are_checked_at_a_time() -> None:
    gate, inside, most = Gate(), [0], [0]

    def check(_: int) -> bool:
        try:
            with gate.turn():
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                time.sleep(0.05)
                inside[0] -= 1
        except Busy:
            return False
        return True

    with ThreadPoolExecutor(12) as many:
        done = list(many.map(check, range(12)))
    assert most == [2]
    assert 4 <= sum(done) < 12


def test_waiting_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    attempts = Attempts()
    assert [attempts.take("a", "b") for _ in range(PAIR)] == [0] * PAIR
    assert attempts.take("a", "b")
    monkeypatch.setattr(limits, "WINDOW", -1)
    assert not attempts.take("a", "b")


def test_one_email_is_not_tried_from_everywhere() -> None:
    attempts = Attempts()
    tries = [attempts.take("a", f"192.0.2.{number}") for number in range(EVERYWHERE + 1)]
    assert tries[:-1] == [0] * EVERYWHERE
    assert tries[-1]
    assert not attempts.take("b", "192.0.2.1")


def test_the_right_password_forgets_the_wrong_ones_of_its_own_only() -> None:
    attempts = Attempts(address=PAIR + 1)
    for _ in range(PAIR):
        attempts.take("a", "b")
    attempts.succeeded("a", "b")
    assert not attempts.take("a", "b")
    assert not attempts.take("c", "b")
    assert attempts.take("d", "b"), "an account of one’s own does not open the others"


@pytest.mark.parametrize(
    ("target", "landing"),
    [
        ("/espace/campagnes?de=2026-01", "/espace/campagnes?de=2026-01"),
        ("/espace", "/espace"),
        ("https://ailleurs.example/espace", "/espace"),
        ("//ailleurs.example", "/espace"),
        ("/espace//ailleurs.example", "/espace"),
        ("/\\ailleurs.example", "/espace"),
        ("/espaces", "/espace"),
        ("/espace/\nX: y", "/espace"),
        ("javascript:alert(1)", "/espace"),
    ],
)
def test_one_lands_where_one_was_going_and_never_elsewhere(
    client: FlaskClient, sign_in: SignIn, target: str, landing: str
) -> None:
    where = client.get("/espace/connexion", query_string={"suite": target}).request.full_path
    response = sign_in(address=where.removeprefix("/espace/connexion"))
    assert response.headers["Location"] == landing


def test_who_is_already_in_goes_on(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in()
    assert client.get("/espace/connexion").headers["Location"] == "/espace"


def test_signing_out_closes_the_session_everywhere(
    app: Flask, client: FlaskClient, sign_in: SignIn, entered: Entered
) -> None:
    sign_in()
    elsewhere, thief = entered(EMAIL), app.test_client(use_cookies=False)
    cookie = client.get_cookie("recueil")
    assert cookie
    stolen = {"Cookie": f"recueil={cookie.value}"}
    assert thief.get("/espace/essai", headers=stolen).status_code == 200
    assert client.post("/espace/deconnexion", data={"a": "1"}).status_code == 400
    assert "sur tous vos appareils" in client.get("/espace/compte").text
    assert post(client, "/espace/deconnexion").status_code == 303
    assert (
        "Votre session est fermée, sur tous vos appareils." in client.get("/espace/connexion").text
    )
    for one in (client, elsewhere):
        assert not is_in(one)
    assert thief.get("/espace/essai", headers=stolen).status_code == 302
    assert sign_in().status_code == 303


def test_signing_out_during_a_visit_closes_ones_own_sessions(
    client: FlaskClient, sign_in: SignIn, entered: Entered
) -> None:
    sign_in()
    elsewhere = entered(EMAIL)
    token = token_of(client.get("/espace/compte").text)
    client.post("/espace/demonstration", data={"csrf_token": token})
    token = token_of(client.get("/espace").text)
    visiting = client.get_cookie("recueil")
    assert visiting
    client.post("/espace/deconnexion", data={"csrf_token": token})
    assert not is_in(elsewhere)
    client.set_cookie("recueil", visiting.value)
    assert not is_in(client)


def test_a_session_ends_after_half_a_day_however_busy(
    app: Flask, client: FlaskClient, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in()
    later = time.time() + 12 * 3600 - 60
    app.permanent_session_lifetime = timedelta(days=2)
    monkeypatch.setattr(sessions.time, "time", lambda: later)
    token = token_of(client.get("/espace/compte").text)
    client.post("/espace/demonstration", data={"csrf_token": token})  # does not begin it again
    assert is_in(client)
    monkeypatch.setattr(sessions.time, "time", lambda: later + 120)
    assert not is_in(client)
    kept = client.post("/espace/essai", data={"action": "Ateliers"})
    assert (kept.status_code, "Ateliers" in kept.text) == (401, True)


def test_half_an_hour_without_a_page_closes_the_session(
    app: Flask, client: FlaskClient, sign_in: SignIn
) -> None:
    sign_in()
    assert is_in(client)
    app.permanent_session_lifetime = timedelta(seconds=-1)
    assert not is_in(client)


def test_every_page_prolongs_the_session(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in()
    assert "Expires=" in client.get("/espace/essai").headers["Set-Cookie"]


def test_disabling_a_person_cuts_them_off_at_once(
    client: FlaskClient, sign_in: SignIn, database: Database, person: Person
) -> None:
    sign_in()
    with database.writing() as session:
        disable(session, session.get_one(Person, person.id))
    assert not is_in(client)
    assert sign_in().status_code == 422


def test_a_new_password_closes_the_other_sessions(
    client: FlaskClient, sign_in: SignIn, database: Database, person: Person
) -> None:
    sign_in()
    with database.writing() as session:
        set_password(session, session.get_one(Person, person.id), "autre phrase assez longue")
    assert not is_in(client)


def test_a_forged_cookie_opens_nothing(client: FlaskClient) -> None:
    client.set_cookie("recueil", "eyJfdXNlcl9pZCI6IngifQ.aaaaaa.bbbbbbbbbbbb")
    assert not is_in(client)


def test_a_form_sent_after_the_session_ended_keeps_what_was_typed(
    app: Flask, client: FlaskClient, sign_in: SignIn
) -> None:
    sent = {"action": "Ateliers du <mardi>", "doors": ["affiche", "borne"], "csrf_token": "vieux"}
    response = client.post("/espace/essai", data=sent)
    assert response.status_code == 401
    assert 'name="action" value="Ateliers du &lt;mardi&gt;"' in response.text
    assert response.text.count('name="doors"') == 2
    assert "vieux" not in response.text

    sign_in()
    response = client.post("/espace/essai", data=sent)
    assert response.status_code == 400
    assert 'name="action" value="Ateliers du &lt;mardi&gt;"' in response.text
    response = client.post("/espace/essai", data={**sent, "csrf_token": token_of(response.text)})
    assert response.status_code == 200


def test_a_form_from_elsewhere_is_never_offered_again(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in()
    response = client.post(
        "/espace/essai", data={"action": "piège"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert response.status_code == 400
    assert "piège" not in response.text


def test_a_database_that_stops_gives_a_calm_page_to_who_is_signed_in(
    client: FlaskClient, sign_in: SignIn, database: Database
) -> None:
    sign_in()
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE person RENAME TO away"))
    response = client.get("/espace/essai")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")


def test_who_was_sent_here_is_told_why(client: FlaskClient) -> None:
    sent = client.get("/espace/indicateurs", follow_redirects=True).text
    assert "Connectez-vous pour revenir à votre page." in sent
    assert "Connectez-vous pour revenir à votre page." not in client.get("/espace/connexion").text
