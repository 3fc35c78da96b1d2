"""The page that seals: it names the months, asks to be sure, and says later what happened."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.bilan.drafting import write_text
from app.bilan.models import Bilan, BilanSeal
from app.db import Database
from app.indicators.models import FrozenMonth
from app.organisations.actions import create_person, set_password
from app.organisations.models import AccessEvent
from app.organisations.roles import MEDIATEUR
from app.questionnaires import Library
from app.testimonies.erasure import erase
from config import Keys, Settings
from tests.bilan.sealed import MARK, lend
from tests.bilan.structures import TODAY, Made, structure_with
from tests.organisations.conftest import PASSWORD, token_of

RESPONSABLE_EMAIL, MEDIATEUR_EMAIL = "resp@example.fr", "med@example.fr"


@pytest.fixture
def made(
    client: FlaskClient, database: Database, keys: Keys, library: Library,
    monkeypatch: pytest.MonkeyPatch,
) -> Made:  # fmt: skip
    """Return a structure with answers up to October, in November."""
    monkeypatch.setattr("app.bilan.desk_sealing.today", lambda: TODAY)
    monkeypatch.setattr("app.bilan.looking.today", lambda: TODAY)
    made = structure_with(database, keys, library, 24)
    with database.writing() as session:
        for email, role in ((RESPONSABLE_EMAIL, "responsable"), (MEDIATEUR_EMAIL, MEDIATEUR)):
            person = create_person(session, made.organisation_id, email, "Yann Kerbrat", role)
            set_password(session, person, PASSWORD)
    return made


def enter(client: FlaskClient, email: str = RESPONSABLE_EMAIL) -> None:
    token = token_of(client.get("/espace/connexion").text)
    data = {"csrf_token": token, "email": email, "mot_de_passe": PASSWORD}
    assert client.post("/espace/connexion", data=data).status_code == 303


def page(client: FlaskClient, bilan_id: UUID) -> str:
    return words(client.get(f"/espace/bilan/{bilan_id}/arreter").text)


def words(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def send(client: FlaskClient, bilan_id: UUID, **fields: str) -> tuple[int, str]:
    address = f"/espace/bilan/{bilan_id}/arreter"
    shown = client.get(address).text
    seen = re.search(r'name="vu" value="([^"]*)"', shown)
    data = {"csrf_token": token_of(shown), "vu": seen[1] if seen else "", **fields}
    reply = client.post(address, data=data)
    return reply.status_code, words(reply.text)


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_responsable_seals_knowingly(
    client: FlaskClient, database: Database, keys: Keys, made: Made
) -> None:
    lend(database, keys, made)
    bilan = made.bilan(database)
    enter(client)
    before = page(client, bilan.id)
    assert "Mois comptés De janvier à octobre 2026." in before
    assert "le bilan dira « jusqu’à octobre 2026 »" in before
    assert "janvier 2026, février 2026" in before
    assert "1 citation, qui sera notée dans le registre" in before
    status, said = send(client, bilan.id)
    assert (status, "Cochez la case" in said) == (422, True)
    assert (count(database, BilanSeal), count(database, FrozenMonth)) == (0, 0)
    assert send(client, bilan.id, certain="1")[0] == 303
    assert (count(database, BilanSeal), count(database, FrozenMonth)) == (1, 10)
    with database.reading() as session:
        acts = session.scalars(select(AccessEvent.act)).all()
    assert (acts.count("froze"), acts.count("sealed")) == (10, 1)
    after = page(client, bilan.id)
    assert "Tout est recompté : mêmes réponses" in after
    assert "Arrêté le 22 novembre 2026 par Yann Kerbrat, empreinte" in after


def test_what_changed_meanwhile_is_shown_before_it_is_sealed(
    client: FlaskClient, database: Database, keys: Keys, made: Made
) -> None:
    bilan = made.bilan(database)
    enter(client)
    with database.writing() as session:
        mine = session.get_one(Bilan, bilan.id)
        old = f"{mine.revision}.2026-10"
        write_text(session, keys, mine, "suite", "Ouvrir le jeudi.", "", made.person_id, TODAY)
    status, said = send(client, bilan.id, certain="1", vu=old)
    assert (status, "a changé depuis que cette page est ouverte" in said) == (409, True)
    assert count(database, FrozenMonth) == 0


def test_texts_over_other_figures_are_read_again(
    client: FlaskClient, database: Database, keys: Keys, made: Made
) -> None:
    bilan = made.bilan(database)
    with database.writing() as session:
        mine = session.get_one(Bilan, bilan.id)
        given = ("Nos limites à nous.", "Autre chose hier.", made.person_id, TODAY)
        write_text(session, keys, mine, "methode", *given)
    enter(client)
    status, said = send(client, bilan.id, certain="1")
    assert (status, "Vous avez écrit Nos limites à nous." in said) == (422, True)
    assert "La méthode : à lire avec prudence" in said
    assert count(database, BilanSeal) == 0
    status, said = send(client, bilan.id, certain="1", relire="1")
    assert (status, "puis cochez la case qui le dit" in said) == (422, True)
    assert send(client, bilan.id, certain="1", relire="1", relu="1")[0] == 303


def test_what_stays_provisional_says_what_to_do(
    client: FlaskClient, database: Database, made: Made
) -> None:
    bilan = made.bilan(database, last_month="2026-10")
    enter(client)
    assert "Choisissez toute l’année 2026" in page(client, bilan.id)
    status, said = send(client, bilan.id, certain="1")
    assert (status, said.count("Choisissez toute l’année 2026")) == (422, 1)


def test_a_mediateur_sees_and_does_not_seal(
    client: FlaskClient, database: Database, made: Made
) -> None:
    bilan = made.bilan(database)
    enter(client, MEDIATEUR_EMAIL)
    assert "La ou le responsable de votre structure peut arrêter" in page(client, bilan.id)
    assert send(client, bilan.id, certain="1")[0] == 403
    assert count(database, BilanSeal) == 0


def test_an_erased_quote_is_said_with_what_to_do(
    client: FlaskClient, database: Database, keys: Keys, settings: Settings, made: Made
) -> None:
    told, _ = lend(database, keys, made)
    bilan = made.bilan(database)
    enter(client)
    assert send(client, bilan.id, certain="1")[0] == 303
    with database.writing() as session:
        erase(session, settings.data, told, date(2026, 11, 22))
    said = page(client, bilan.id)
    assert "1 citation retirée" in said
    assert "voyez ce qui est à retirer" in said
    assert MARK not in client.get(f"/espace/bilan/{bilan.id}").text


def test_an_altered_bilan_must_not_be_given(
    client: FlaskClient, database: Database, keys: Keys, made: Made
) -> None:
    bilan = made.bilan(database)
    enter(client)
    assert send(client, bilan.id, certain="1")[0] == 303
    with database.writing() as session:
        session.get_one(BilanSeal, bilan.id).figures = []
    assert "Ne le donnez pas." in page(client, bilan.id)
    with database.writing() as session:
        session.get_one(BilanSeal, bilan.id).content = b"0" * 40
    assert "modifié hors de Recueil" in page(client, bilan.id)
    assert client.get(f"/espace/bilan/{bilan.id}").status_code == 200
