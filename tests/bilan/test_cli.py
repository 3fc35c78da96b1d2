"""The commands of the bilan, as a person runs them."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select, update

from app.bilan.cli import bilan
from app.bilan.drafting import write_text
from app.bilan.models import Bilan, BilanSeal
from app.db import Database
from app.indicators.models import FrozenMonth, FrozenTally, Publication
from app.organisations.models import Person
from app.questionnaires import Library
from app.responses.actions import erase
from app.responses.models import Response
from config import Keys, Settings
from tests.bilan.structures import TODAY, Made, structure_with

HERE = ("--structure", "Le Fil numérique", "--period", "2026")


@pytest.fixture
def made(
    app: Flask, database: Database, keys: Keys, library: Library, monkeypatch: pytest.MonkeyPatch
) -> Made:
    """Return a structure with answers, in November."""
    monkeypatch.setattr("app.bilan.cli.today", lambda: TODAY)
    return structure_with(database, keys, library, 24)


@pytest.fixture
def email(database: Database, made: Made) -> str:
    """Return who may seal."""
    with database.reading() as session:
        return session.get_one(Person, made.person_id).email


def run(app: Flask, *arguments: object) -> Result:
    return app.test_cli_runner().invoke(bilan, [str(one) for one in arguments])


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_fresh_bilan_is_written_and_never_stored(
    app: Flask, database: Database, made: Made, tmp_path: Path
) -> None:
    out = tmp_path / "bilan.html"
    result = run(app, "write", *HERE, "--out", out)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "composé à l'instant" in result.stderr
    assert "Provisoire, ne pas diffuser" in out.read_text("utf-8")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.glob(".*.part")] == []
    assert (count(database, Bilan), count(database, Publication)) == (0, 0)


def test_the_draft_of_the_browser_is_written_with_its_texts(
    app: Flask, database: Database, keys: Keys, made: Made, tmp_path: Path
) -> None:
    draft, out = made.bilan(database), tmp_path / "bilan.html"
    with database.writing() as session:
        mine = session.get_one(Bilan, draft.id)
        write_text(session, keys, mine, "suite", "Ouvrir le jeudi.", "", made.person_id, TODAY)
    result = run(app, "write", *HERE, "--out", out)
    assert "brouillon, provisoire" in result.stderr
    assert "Ouvrir le jeudi." in out.read_text("utf-8")
    other = run(app, "write", *HERE, "--audience", "public", "--out", out)
    assert "composé à l'instant" in other.stderr
    assert "Ouvrir le jeudi." not in out.read_text("utf-8")


def test_freezing_then_writing_gives_the_sealed_one(
    app: Flask, database: Database, made: Made, email: str, tmp_path: Path
) -> None:
    result = run(app, "freeze", *HERE, "--by", email.upper())
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("Arrêté le 22\u00a0novembre 2026 par ")
    assert "Mois comptés : de janvier à octobre 2026." in result.stdout
    assert (count(database, BilanSeal), count(database, FrozenMonth)) == (1, 10)
    out = tmp_path / "bilan.html"
    assert "bilan arrêté" in run(app, "write", *HERE, "--out", out).stderr
    assert "Arrêté le 22" in out.read_text("utf-8")
    assert run(app, "write", *HERE, "--provisional", "--out", out).exit_code == 0
    assert "Provisoire, ne pas diffuser" in out.read_text("utf-8")


def test_verifying_says_what_happened(
    app: Flask, database: Database, settings: Settings, made: Made, email: str
) -> None:
    run(app, "freeze", *HERE, "--by", email)
    same = run(app, "verify", *HERE)
    assert (same.exit_code, "identique" in same.stdout) == (0, True)
    assert "Bilan qualitatif 2026, un financeur, arrêté le 22" in same.stdout
    with database.writing() as session:
        one = session.scalars(select(Response.id)).first()
        assert one
        erase(session, settings.data, one, TODAY)
    gone = run(app, "verify", *HERE, "--audience", "financeur")
    assert (gone.exit_code, "1\u00a0réponse effacée depuis" in gone.stdout) == (0, True)
    with database.writing() as session:
        session.execute(update(FrozenTally).values(tally={"n": 3}))
    altered = run(app, "verify", *HERE)
    assert (altered.exit_code, "ne se recompte plus" in altered.stdout) == (1, True)


def test_a_text_over_other_figures_waits_for_a_second_reading(
    app: Flask, database: Database, keys: Keys, made: Made, email: str
) -> None:
    draft = made.bilan(database)
    with database.writing() as session:
        mine = session.get_one(Bilan, draft.id)
        given = ("Nos limites.", "Autre chose hier.", made.person_id, TODAY)
        write_text(session, keys, mine, "methode", *given)
    refused = run(app, "freeze", *HERE, "--by", email)
    assert (refused.exit_code, "« Nos limites.… »" in refused.stderr) == (2, True)
    assert count(database, BilanSeal) == 0
    assert run(app, "freeze", *HERE, "--by", email, "--reread").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("write", *HERE, "--out", "bilan.txt"), "doit finir par .odt"),
        (("write", *HERE, "--out", "nulle/part/bilan.html"), "nulle/part"),
        (("write", "--structure", "Fil", "--period", "2026", "--out", "b.html"), "n’existe pas"),
        (("write", *HERE, "--lieu", "Lune", "--out", "b.html"), "Le lieu « Lune »"),
        (("write", "--structure", "Le Fil numérique", "--period", "26", "--out", "b.html"),
         "Écrivez une année"),
        (("write", "--structure", "Le Fil numérique", "--period", "2026-05..2026-02",
          "--out", "b.html"), "Écrivez une année"),
        (("verify", *HERE), "Aucun bilan n'est arrêté"),
        (("freeze", *HERE, "--by", "personne@example.fr"), "Personne n'a l'adresse"),
        (("freeze", "--structure", "Le Fil numérique", "--period", "2026-03", "--by", "{email}"),
         "trimestre entier"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_french(
    app: Flask, made: Made, email: str, arguments: tuple[str, ...], words: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    result = run(app, *(one.format(email=email) for one in arguments))
    assert result.exit_code == 2
    assert words in result.stderr
    assert list(tmp_path.glob("*.html")) == []


def test_months_and_a_lieu_may_be_asked_for(app: Flask, made: Made, tmp_path: Path) -> None:
    out = tmp_path / "b.html"
    for period, words in (("2026-03", "mars 2026"), ("2026-03..2026-05", "de mars à mai 2026")):
        asked = ("--structure", "le fil numérique", "--period", period)
        result = run(app, "write", *asked, "--lieu", "Médiathèque de Kerlann", "--out", out)
        assert result.exit_code == 0, result.output
        page = out.read_text("utf-8")
        assert words in page
        assert "Médiathèque de Kerlann" in page


@pytest.mark.parametrize(
    ("kind", "begins"),
    [
        ("odt", b"PK"),
        ("docx", b"PK"),
        ("ods", b"PK"),
        ("xlsx", b"PK"),
        ("csv", b"\xef\xbb\xbf"),
        pytest.param("pdf", b"%PDF", marks=pytest.mark.document),
    ],
)
def test_each_kind_of_file_is_written(
    app: Flask, made: Made, tmp_path: Path, kind: str, begins: bytes
) -> None:
    out = tmp_path / f"bilan.{kind}"
    result = run(app, "write", *HERE, "--out", out)
    assert result.exit_code == 0, result.output
    assert out.read_bytes().startswith(begins)
