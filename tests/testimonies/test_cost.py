"""What a page of testimonies costs: as many statements for many as for few, and little opened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.db import Database
from app.organisations.actions import create_person, set_password
from app.organisations.models import Lieu, Person
from app.organisations.queries import Reach
from app.testimonies import glances
from app.testimonies.cutting import Stretch, stretches
from app.testimonies.glances import Memory, hard_ones, shown_texts
from app.testimonies.labels import set_label
from app.testimonies.masking import masked_words, masking_of, write_masking
from app.testimonies.models import Testimony
from app.testimonies.publications import note_use
from app.testimonies.queries import parts_of
from app.testimonies.queue import PAGE
from app.testimonies.quotes import cut, find_quote
from config import Keys
from tests.organisations.conftest import PASSWORD, token_of
from tests.testimonies.teller import BEFORE, TEXT, TODAY, Teller
from tests.testimonies.test_deciding import record

HARD = "C’est nul, je suis déçue. J’ai demandé à Jeannine."


@pytest.fixture
def teller(database: Database, keys: Keys, lieu: Lieu) -> Teller:
    return Teller(database, keys, lieu)


@pytest.fixture
def person(database: Database, lieu: Lieu) -> Person:
    with database.writing() as session:
        person = create_person(session, lieu.organisation_id, "nolwenn@fil.example", "Nolwenn")
        set_password(session, person, PASSWORD)
    return person


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """Note every statement."""
    said: list[str] = []

    def note(*given: Any) -> None:
        said.append(given[2])

    event.listen(database.engine, "before_cursor_execute", note)
    yield said
    event.remove(database.engine, "before_cursor_execute", note)


def fill(teller: Teller, person: Person, count: int) -> tuple[Any, Any]:
    """Add so many of each sort; return one to read and one that is quoted."""
    for rank in range(count):
        day = BEFORE - timedelta(rank)
        new = teller.tell(f"{HARD} {rank}", status="nouveau", masked="", day=day)
        silent = teller.tell("", {"garder_media": "oui"}, status="nouveau", masked="", day=day)
        record(teller, silent, "ready")
        kept = teller.tell(day=day)
        with teller.database.writing() as session:
            set_label(session, kept, "confiance", True, person.id)
            testimony, reach = session.get_one(Testimony, kept), Reach(teller.lieu.organisation_id)
            chosen = [Stretch(*stretches(TEXT)[0])]
            quote = cut(session, teller.keys, testimony, chosen, "confiance", person.id, TODAY)
            shown = find_quote(session, teller.keys, reach, quote.id, TODAY)
            assert shown
            note_use(session, shown, "bilan", "Bilan", TODAY, person.id)
    return new, kept


def test_more_testimonies_cost_no_more_statements(
    app: Flask, client: FlaskClient, database: Database, lieu: Lieu, person: Person
) -> None:
    teller = Teller(database, app.extensions["keys"], lieu)
    token = token_of(client.get("/espace/connexion").text)
    form = {"csrf_token": token, "email": person.email, "mot_de_passe": PASSWORD}
    assert client.post("/espace/connexion", data=form).status_code == 303
    new, kept = fill(teller, person, 1)
    pages = [
        "/espace/temoignages", "/espace/temoignages?statut=valide",
        "/espace/temoignages?critere=confiance", f"/espace/temoignages/{new}",
        f"/espace/temoignages/{kept}", "/espace/temoignages/citations",
        "/espace/temoignages/citations?critere=confiance", "/espace/temoignages/publications",
        "/espace/partenaires", "/espace",
    ]  # fmt: skip

    def statements() -> dict[str, int]:
        found = {}
        for page in pages:
            assert client.get(page).status_code == 200  # what is read once is read
            with counted(database) as said:
                assert client.get(page).status_code == 200
            found[page] = len(said)
        return found

    few = statements()
    fill(teller, person, 6)
    assert statements() == few


def test_a_list_opens_what_it_shows_only_and_looks_into_it_once(
    teller: Teller, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [teller.tell(f"{HARD} {rank}", status="nouveau", masked="") for rank in range(3)]
    opened: list[Any] = []
    looked: list[str] = []
    monkeypatch.setattr(
        glances,
        "decrypt",
        lambda *given, real=glances.decrypt: opened.append(given[1]) or real(*given),
    )
    monkeypatch.setattr(
        glances, "polarity", lambda text, real=glances.polarity: looked.append(text) or real(text)
    )
    with teller.database.reading() as session:
        assert hard_ones(session, teller.keys, ids) == set(ids)
        assert len(looked) == 3
        opened.clear()
        assert hard_ones(session, teller.keys, ids) == set(ids)
        assert (len(looked), opened) == (3, [])
        assert shown_texts(session, teller.keys, ids[:1]) == {ids[0]: f"{HARD} 0"}
        assert set(opened) == {ids[0]}


def test_what_is_remembered_of_a_text_follows_its_masking(teller: Teller) -> None:
    one = teller.tell(HARD, status="nouveau", masked="")
    with teller.database.reading() as session:
        assert shown_texts(session, teller.keys, [one]) == {one: HARD}
    with teller.database.writing() as session:
        masking = masking_of(parts_of(session, teller.keys, [one])[one])
        after = masked_words(masking, "Jeannine", "nom")
        write_masking(session, teller.keys, session.get_one(Testimony, one), after)
    with teller.database.reading() as session:
        assert shown_texts(session, teller.keys, [one]) == {one: HARD.replace("Jeannine", "[nom]")}


def test_memory_is_bounded() -> None:
    memory: Memory[int] = Memory(2)
    found = [memory.of(bytes([at]), lambda at=at: at) for at in (1, 2, 3)]  # type: ignore[misc]
    assert found == [1, 2, 3]
    assert memory.of(b"\3", lambda: 0) == 3
    assert memory.of(b"\1", lambda: 0) == 0  # the first went
    assert PAGE < glances.REMEMBERED
