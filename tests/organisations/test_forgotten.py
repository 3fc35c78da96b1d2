"""A forgotten password: a link by e-mail, told to nobody else."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient

from app.db import Database
from app.organisations import actions
from app.organisations.forgotten import MOST
from app.organisations.models import Person
from config import Keys
from tests.mailbox import Mailbox
from tests.organisations.conftest import EMAIL, SignIn, token_of, words
from tests.organisations.test_invitation import accept

PAGE = "/espace/mot-de-passe-oublie"
CHOSEN = "lampe tortue violon"


def ask(client: FlaskClient, email: str) -> tuple[int, str]:
    response = client.post(
        PAGE, data={"csrf_token": token_of(client.get(PAGE).text), "email": email}
    )
    return response.status_code, re.sub(r"[\w.]+@[\w.]+", "@", response.text)


def settle(app: Flask) -> None:
    """Wait until what was asked for is done."""
    app.extensions["forgotten_queue"].submit(int).result()


def test_a_link_arrives_and_lets_one_in(
    client: FlaskClient, mailbox: Mailbox, person: Person, sign_in: SignIn
) -> None:
    assert ask(client, f" {EMAIL.upper()} ")[0] == 200
    mailbox.wait(1)
    assert mailbox.received[0]["To"] == EMAIL
    token = re.findall(r"/espace/invitation#(\S+)", mailbox.text())[0]
    assert accept(client, token, CHOSEN).headers["Location"] == "/espace"
    assert accept(client, token, CHOSEN).status_code == 422


def test_known_or_not_the_answer_is_the_same(
    app: Flask, client: FlaskClient, mailbox: Mailbox, person: Person, database: Database
) -> None:
    with database.writing() as session:
        left = actions.create_person(session, person.organisation_id, "parti@example.fr")
        actions.disable(session, left)
    known = ask(client, EMAIL)
    assert ask(client, "inconnue@example.fr") == known
    assert ask(client, "parti@example.fr") == known
    settle(app)
    assert [message["To"] for message in mailbox.received] == [EMAIL]


def test_the_page_waits_neither_for_the_database_nor_for_the_mail(
    app: Flask, client: FlaskClient, mailbox: Mailbox, person: Person, database: Database
) -> None:
    """Its time would tell who is known: everything is done behind it."""
    with database.writing():  # nothing can be written meanwhile
        assert ask(client, EMAIL)[0] == 200
        assert mailbox.received == []
    settle(app)
    assert len(mailbox.received) == 1


def test_so_many_links_and_no_more_for_one_address(
    app: Flask, client: FlaskClient, mailbox: Mailbox, person: Person
) -> None:
    for _ in range(MOST):
        assert ask(client, EMAIL)[0] == 200
    waiting = ask(client, EMAIL)
    assert waiting[0] == 429
    assert "Attendez 10 minutes" in words(waiting[1])
    settle(app)
    assert len(mailbox.received) == MOST
    for _ in range(MOST):
        ask(client, "inconnue@example.fr")
    assert ask(client, "inconnue@example.fr")[0] == 429


def test_asking_in_the_name_of_somebody_leaves_their_links_and_their_password(
    app: Flask, client: FlaskClient, mailbox: Mailbox, person: Person, database: Database,
    keys: Keys, sign_in: SignIn,
) -> None:  # fmt: skip
    with database.writing() as session:
        given = actions.invite(session, keys, session.get_one(Person, person.id))
    ask(client, EMAIL)
    settle(app)
    with database.reading() as session:
        assert actions.invited(session, keys, given) is not None
    assert sign_in().status_code == 303


def test_a_mail_that_does_not_leave_shows_nothing(
    app: Flask, client: FlaskClient, mailbox: Mailbox, person: Person
) -> None:
    mailbox.is_refusing = True
    known = ask(client, EMAIL)
    settle(app)
    assert known == ask(client, "inconnue@example.fr")


def test_without_a_mail_server_one_is_told_whom_to_ask(client: FlaskClient) -> None:
    page = client.get(PAGE).text
    assert "Demandez un lien à la personne responsable" in page
    assert 'name="email"' not in page
    assert "mot-de-passe-oublie" in client.get("/espace/connexion").text
