"""A dictated testimony: each consent asked aloud, kept once, its slip handed over."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.db import Database
from app.organisations.actions import add_lieu, create_person, set_password
from app.organisations.models import AccessEvent, Lieu, Person
from app.organisations.roles import MEDIATEUR
from app.organisations.team import change_role
from app.testimonies.asking import asked
from app.testimonies.consents import CHOICES, agreement_of, history
from app.testimonies.erasure import erase
from app.testimonies.models import Testimony
from app.testimonies.queries import by_receipt, parts_of
from app.web.current import today as the_day
from config import Keys, Settings
from tests.organisations.conftest import PASSWORD, token_of, words
from tests.testimonies.conftest import enter

NOTER = "/espace/temoignages/noter"
REFUSED = {
    "accord_lieu": "non", "accord_bilan": "non", "accord_financeurs": "non",
    "accord_public": "non", "accord_nom": "rien", "accord_relire": "non",
    "accord_duree": "trois_ans",
}  # fmt: skip


@pytest.fixture
def filled(team: FlaskClient, lieu: Lieu) -> dict[str, str]:
    """Return a page filled by a médiateur whose person refuses everything."""
    page = team.get(NOTER).text
    return {
        "csrf_token": token_of(page),
        "key": re.findall(r'name="key"[^>]*value="([^"]+)"', page)[0],
        "lieu": str(lieu.id),
        "texte": "Avant <i>j’avais</i> peur.",
        "present": "y",
        **REFUSED,
    }


def test_nothing_is_chosen_beforehand(team: FlaskClient) -> None:
    page = team.get(NOTER).text
    assert page.count('type="radio"') > 10
    assert "checked" not in page
    assert page.count("selected") == 2  # the age, which is not said, and the only lieu there is


def test_what_was_dictated_is_kept_with_the_words_that_were_read_aloud(
    app: Flask, team: FlaskClient, filled: dict[str, str], database: Database, person: Person,
    keys: Keys,
) -> None:  # fmt: skip
    sent = {
        **filled, "accord_bilan": "oui", "accord_nom": "prenom", "prenom": "Liliane",
        "capacite": "adulte",
    }  # fmt: skip
    page = team.post(NOTER, data=sent)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    code = re.findall(r'papier-signes" dir="ltr">([^<]+)<', page.text)[0]
    with database.reading() as session:
        kept = by_receipt(session, keys, code)
        assert kept
        agreed = agreement_of(session, kept)
        parts = parts_of(session, keys, [kept.id])[kept.id]
        said = {consent.scope: text.words for consent, text in history(session, kept.id)}
        noted_by = {consent.noted_by for consent, _ in history(session, kept.id)}
        journal = session.execute(select(AccessEvent.act, AccessEvent.about)).all()
    assert (kept.origin, kept.written_by, kept.capacity) == ("dictee", person.id, "adulte")
    assert parts == {"original": "Avant <i>j’avais</i> peur.", "signature": "Liliane"}
    assert (agreed.uses, agreed.naming, noted_by) == (("bilan",), "prenom", {person.id})
    assert "garder_media" not in agreed.choices
    library = app.extensions["library"]
    shown = asked(library.interface("fr"), "Qui que ce soit", the_day())
    assert said["bilan"] == next(one for one in shown if one.scope == "bilan").chosen("oui").words
    assert ("noted", "") in [tuple(row) for row in journal]
    assert "peur" not in str(journal)
    for expected in ("Liliane", "Médiathèque de Kerlann", "/recu", "effacé"):
        assert expected in page.text


def test_the_same_page_sent_twice_is_one_testimony_and_one_code(
    team: FlaskClient, filled: dict[str, str], database: Database
) -> None:
    first, second = team.post(NOTER, data=filled), team.post(NOTER, data=filled)
    assert first.text == second.text.replace(token_of(second.text), token_of(first.text))
    with database.reading() as session:
        assert len(session.scalars(select(Testimony)).all()) == 1


def test_another_text_under_the_same_key_is_given_back_with_a_new_one(
    team: FlaskClient, filled: dict[str, str], database: Database, settings: Settings
) -> None:
    team.post(NOTER, data=filled)
    other = {**filled, "texte": "Tout autre chose"}
    page = team.post(NOTER, data=other)
    assert page.status_code == 409
    assert "Tout autre chose" in page.text
    key = re.findall(r'name="key"[^>]*value="([^"]+)"', page.text)[0]
    assert key != filled["key"]
    assert team.post(NOTER, data={**other, "key": key}).status_code == 200
    with database.writing() as session:
        found = session.scalars(
            select(Testimony.id).where(Testimony.idempotency_key == filled["key"])
        ).one()
        erase(session, settings.data, found, the_day())
    gone = team.post(NOTER, data=filled)
    assert gone.status_code == 410
    assert "Avant &lt;i&gt;j’avais" in gone.text


def test_each_question_waits_for_an_answer_and_nothing_typed_is_lost(
    team: FlaskClient, filled: dict[str, str], database: Database
) -> None:
    for lacking in (*REFUSED, "texte", "present"):
        sent = {name: value for name, value in filled.items() if name != lacking}
        page = team.post(NOTER, data=sent)
        assert page.status_code == 422, lacking
        assert ("j’avais&lt;/i&gt; peur" in page.text) == (lacking != "texte")
        if lacking != "accord_relire":
            assert re.search(r'name="accord_relire"[^>]*value="non"', page.text)
            assert re.search(r'<input checked[^>]*name="accord_relire"', page.text)
    long = team.post(NOTER, data={**filled, "texte": "é" * 2001})
    assert long.status_code == 422
    assert "é" * 2001 in long.text
    with database.reading() as session:
        assert session.scalars(select(Testimony)).all() == []


@pytest.mark.parametrize(
    ("named", "problem"),
    [
        ({"accord_nom": "prenom", "capacite": "adulte"}, "Écrivez le prénom à montrer"),
        ({"accord_nom": "age_lieu", "capacite": "adulte"}, "Choisissez l’âge à montrer"),
        ({"accord_nom": "prenom", "prenom": "Léo"}, "ne montre pas de nom"),
        ({"accord_nom": "organisation"}, None),
        ({"accord_bilan": "peut-être"}, None),
        ({"capacite": "ancien"}, None),
        ({"age": "cent_ans"}, None),
    ],
)
def test_a_name_needs_what_it_needs(
    team: FlaskClient, filled: dict[str, str], named: dict[str, str], problem: str | None
) -> None:
    page = team.post(NOTER, data={**filled, **named})
    assert page.status_code == 422
    assert (problem or "") in page.text


@pytest.mark.parametrize(("capacity", "lines"), [("adulte", 0), ("mineur", 2), ("protege", 1)])
def test_the_slip_has_a_line_for_each_signature_that_is_needed(
    team: FlaskClient, filled: dict[str, str], capacity: str, lines: int
) -> None:
    named = {"accord_nom": "prenom", "prenom": "Léo", "capacite": capacity}
    assert team.post(NOTER, data={**filled, **named}).text.count("papier-ligne") == lines
    again = team.get(NOTER).text
    key = re.findall(r'name="key"[^>]*value="([^"]+)"', again)[0]
    unnamed = team.post(NOTER, data={**filled, "key": key, "capacite": capacity})
    assert "papier-ligne" not in unnamed.text
    assert "Vos mots ne sont montrés nulle part" in unnamed.text


def test_a_lieu_out_of_reach_is_unknown(
    app: Flask, filled: dict[str, str], team: FlaskClient, database: Database, lieu: Lieu
) -> None:
    with database.writing() as session:
        annexe = add_lieu(session, lieu.organisation_id, "Annexe")
        yann = create_person(session, lieu.organisation_id, "yann@fil.example", "Yann")
        set_password(session, yann, PASSWORD)
        change_role(session, yann, MEDIATEUR, [annexe.id])
    assert team.post(NOTER, data={**filled, "lieu": ""}).status_code == 422
    for odd in (str(uuid4()), "x"):
        assert team.post(NOTER, data={**filled, "lieu": odd}).status_code == 404
    client = enter(app.test_client(), "yann@fil.example")
    page = client.get(NOTER).text
    assert ("Annexe" in page, "Médiathèque de Kerlann" in page) == (True, False)
    sent = {**filled, "csrf_token": token_of(page)}
    assert client.post(NOTER, data=sent).status_code == 404
    assert client.post(NOTER, data={**sent, "lieu": str(annexe.id)}).status_code == 200
    with database.reading() as session:
        assert session.scalars(select(Testimony.lieu_id)).all() == [UUID(str(annexe.id))]


def test_a_locked_database_gives_the_text_back(
    team: FlaskClient, filled: dict[str, str], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlite3

    blocker = sqlite3.connect(str(database.engine.url.database), isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    try:
        page = team.post(NOTER, data=filled)
    finally:
        blocker.rollback()
        blocker.close()
    assert (page.status_code, page.headers["Retry-After"]) == (503, "10")
    assert "j’avais&lt;/i&gt; peur" in page.text
    assert "Rien n’est perdu" in words(page.text)
    again = {**filled, "csrf_token": token_of(page.text)}
    assert team.post(NOTER, data=again).status_code == 200


def test_every_choice_of_the_form_is_a_choice_of_consents(team: FlaskClient) -> None:
    page = team.get(NOTER).text
    offered = re.findall(r'name="accord_(\w+)"[^>]*value="(\w+)"', page)
    assert {scope for scope, _ in offered} == {*CHOICES} - {"garder_media", "montrer_media"}
    assert all(code in CHOICES[scope] for scope, code in offered)  # type: ignore[index]
