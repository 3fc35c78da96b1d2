"""What is said of a sealed bilan later: the same, answers that went or came, or altered."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update

from app.bilan.models import Bilan, BilanSeal
from app.bilan.verifying import Verification, verify
from app.db import Database
from app.indicators.models import FrozenTally
from app.organisations.actions import add_lieu
from app.questionnaires import Library
from app.responses.actions import erase
from app.responses.models import PurgeProof, Response
from config import Keys, Settings
from tests.bilan.sealed import freeze_closed, lend, seal_one, shown
from tests.bilan.structures import TODAY, Made, answer, opened, structure_with

LATER = date(2027, 1, 4)


@pytest.fixture
def made(database: Database, keys: Keys, library: Library) -> Made:
    """Return a structure with 30 answers to each questionnaire."""
    return structure_with(database, keys, library, 30)


@pytest.fixture
def bilan(database: Database, keys: Keys, made: Made) -> Bilan:
    """Return a sealed bilan of the year."""
    freeze_closed(database, made)
    bilan = made.bilan(database)
    seal_one(database, keys, made, bilan)
    return bilan


def proof(database: Database, keys: Keys, bilan: Bilan, day: date = LATER) -> Verification:
    with database.reading() as session:
        found = verify(session, keys, session.get_one(Bilan, bilan.id), day)
    assert found is not None
    return found


def erase_some(database: Database, folder: Path, count: int, **only: Any) -> None:
    with database.writing() as session:
        query = select(Response.id).filter_by(**only).order_by(Response.day, Response.id)
        for known in session.scalars(query.limit(count)).all():
            erase(session, folder, known, TODAY)


def test_nothing_moved(database: Database, keys: Keys, made: Made, bilan: Bilan) -> None:
    found = proof(database, keys, bilan)
    assert (found.is_identical, found.said) == (True, ("identique",))
    with database.reading() as session:
        assert verify(session, keys, made.bilan(database), LATER) is None


def test_answers_erased_and_late_ones_are_told_apart(
    database: Database, keys: Keys, settings: Settings, made: Made, bilan: Bilan
) -> None:
    erase_some(database, settings.data, 2)
    found = proof(database, keys, bilan)
    assert (found.is_altered, found.is_identical) == (False, False)
    assert found.said == ("2\u00a0réponses effacées depuis",)
    answer(database, keys, made, 1, tone="negative")
    assert proof(database, keys, bilan).said == (
        "2\u00a0réponses effacées depuis", "2\u00a0réponses tardives, restées en dehors"
    )  # fmt: skip
    said = shown(database, keys, made, bilan, LATER).standing.since
    assert said.startswith("2\u00a0réponses effacées depuis, 2\u00a0réponses tardives")
    assert said.endswith("les chiffres sont ceux du jour de l’arrêt")


def test_a_bilan_of_one_lieu_speaks_of_its_own_answers_only(
    database: Database, keys: Keys, library: Library, settings: Settings, made: Made
) -> None:
    with database.writing() as session:
        other = add_lieu(session, made.organisation_id, "Annexe").id
    made.campaigns["progres_retrospectif"] = opened(
        database, library, made, "progres_retrospectif", lieu_id=other
    )
    answer(database, keys, made, 10, asked=("progres_retrospectif",))
    there = made.campaigns["progres_retrospectif"].links[0].id
    freeze_closed(database, made)
    bilan = made.bilan(database, lieux=[str(made.lieu_id)])
    seal_one(database, keys, made, bilan)
    erase_some(database, settings.data, 1, link_id=there)
    assert proof(database, keys, bilan).is_identical
    here = made.campaigns["satisfaction"].links[0].id
    erase_some(database, settings.data, 1, link_id=here)
    answer(database, keys, made, 1, tone="negative", asked=("satisfaction",))
    assert proof(database, keys, bilan).said == (
        "1\u00a0réponse effacée depuis", "1\u00a0réponse tardive, restée en dehors"
    )  # fmt: skip


def test_a_purged_month_is_said_and_the_figures_stay(
    database: Database, keys: Keys, settings: Settings, made: Made, bilan: Bilan
) -> None:
    before = shown(database, keys, made, bilan)
    with database.writing() as session:
        session.add(
            PurgeProof(
                organisation_id=made.organisation_id, category="answers", month="2026-01",
                count=6, purged_on=TODAY,
            )
        )  # fmt: skip
    found = proof(database, keys, bilan)
    assert found.said == ("purgé\u00a0: réponses de janvier 2026 parties à leur échéance",)
    assert not found.is_altered
    after = shown(database, keys, made, bilan, LATER)
    assert (after.headlines, after.annex, after.body) == (
        before.headlines, before.annex, before.body
    )  # fmt: skip


def test_a_quote_that_went_is_counted(database: Database, keys: Keys, made: Made) -> None:
    told, _ = lend(database, keys, made)
    freeze_closed(database, made)
    bilan = made.bilan(database)
    seal_one(database, keys, made, bilan)
    assert proof(database, keys, bilan).is_identical
    with database.writing() as session:
        session.execute(text("UPDATE testimony SET status = 'retire' WHERE id = :id"),
                        {"id": told.hex if database.is_sqlite else told})  # fmt: skip
    assert proof(database, keys, bilan).said == ("1\u00a0citation retirée",)


TALLY = {"n": 99, "progress": 99}


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("content", "le texte du bilan ne peut plus être lu"),
        ("figures", "l’empreinte ne correspond plus"),
        ("frame", "l’empreinte ne correspond plus"),
        ("last_month", "l’empreinte ne correspond plus"),
        ("sums", "les sommes de mars 2026 ont été modifiées"),
        ("gone", "ne se recompte plus comme ce jour-là"),
    ],
)
def test_what_was_changed_outside_recueil_is_found(
    database: Database, keys: Keys, made: Made, bilan: Bilan, what: str, words: str
) -> None:
    with database.writing() as session:
        sealed = session.get_one(BilanSeal, bilan.id)
        if what == "content":
            sealed.content = sealed.content[:-1] + bytes([sealed.content[-1] ^ 1])
        elif what == "figures":
            first, *others = sealed.figures
            sealed.figures = [{**first, "tally": TALLY}, *others]
        elif what == "frame":
            session.get_one(Bilan, bilan.id).audience = "public"
        elif what == "last_month":
            sealed.last_month = "2026-12"
        elif what == "sums":
            march = update(FrozenTally).where(FrozenTally.month == "2026-03")
            session.execute(march.values(tally=TALLY))
        else:
            session.execute(text("DELETE FROM frozen_tally WHERE month = '2026-03'"))
    found = proof(database, keys, bilan)
    assert found.is_altered
    assert any(words in line for line in found.said)
    section = shown(database, keys, made, bilan, LATER)
    if what in ("content", "figures", "frame", "last_month"):
        assert not section.standing.is_sealed
        assert "modifié hors de Recueil" in section.standing.since


def test_other_rules_of_computing_are_said(
    database: Database, keys: Keys, bilan: Bilan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.bilan.verifying.SCORING_VERSION", 99)
    assert proof(database, keys, bilan).said == ("les règles de calcul ont changé depuis",)
