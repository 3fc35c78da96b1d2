"""The commands, as a person runs them."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select, update

from app.campaigns.models import Campaign, Link
from app.db import Database
from app.organisations import access
from app.organisations.cli import organisations
from app.organisations.models import Person
from app.responses.cli import responses
from app.responses.models import Response, Score, Unrolled
from tests.rebuilding import differences
from tests.responses.conftest import Sender


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a table of two answers."""
    path = tmp_path / "saisie.csv"
    path.write_text("wave,aut1,aut3\nentree,1,2\nsortie,2,2\n", "utf-8")
    return path


def test_export_writes_a_file_for_its_owner_only(
    app: Flask, sender: Sender, link: Link, tmp_path: Path
) -> None:
    sender.send(link)
    out = tmp_path / "réponses.csv"
    result = _run(app, "export", link.code.lower(), "--out", str(out))
    assert (result.exit_code, result.stderr) == (0, "1 réponse\n")
    assert out.read_bytes().startswith(b"\xef\xbb\xbfPersonne;Moment;")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_export_is_noted_for_the_structure_to_read(
    app: Flask, sender: Sender, database: Database, link: Link
) -> None:
    sender.send(link)
    for _ in range(2):
        assert _run(app, "export", link.code.lower()).exit_code == 0
    assert _run(app, "export", "ABSENT").exit_code == 2
    organisation_id = link.campaign.organisation_id
    with database.reading() as session:
        shown = access.read(session, organisation_id, person_id=None, act="", page=1)
        (server,) = session.scalars(select(Person))
    assert {(one.person, one.act, one.about) for one in shown.lines} == {
        ("Le serveur (ligne de commande)", "a exporté des réponses", link.code)
    }
    assert (server.active, server.password_hash) == (False, "")
    for verb in ("invite", "administrator"):  # nobody makes it a way in
        assert app.test_cli_runner().invoke(organisations, [verb, server.email]).exit_code == 2


def test_export_writes_on_the_standard_output(app: Flask, sender: Sender, link: Link) -> None:
    sender.send(link)
    result = _run(app, "export", link.code, "--dialect", "interop")
    assert result.stdout.startswith("person,wave,jour,porte,langue,version,")
    assert result.stdout.count("\n") == 2


@pytest.mark.parametrize("format_", ["xlsx", "ods"])
def test_export_writes_a_workbook(
    app: Flask, sender: Sender, link: Link, tmp_path: Path, format_: str
) -> None:
    sender.send(link)
    out = tmp_path / f"réponses.{format_}"
    result = _run(app, "export", link.code, "--format", format_, "--out", str(out))
    assert (result.exit_code, result.stderr) == (0, "1 réponse\n")
    names = CalamineWorkbook.from_path(out).sheet_names
    assert names == ["Réponses", "Dictionnaire", "À propos"]
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_import_adds_answers(app: Flask, database: Database, progres: Campaign, file: Path) -> None:
    result = _run(app, "import", progres.links[0].code, str(file))
    assert (result.exit_code, result.stdout) == (0, "2 réponses ajoutées\n")
    assert _count(database) == 2
    again = _run(app, "import", progres.links[0].code, str(file))
    assert again.exit_code == 2
    assert "déjà été importé" in again.stderr
    assert _count(database) == 2


def test_import_names_what_is_wrong_and_adds_nothing(
    app: Flask, database: Database, progres: Campaign, file: Path
) -> None:
    with file.open("a", encoding="utf-8") as more:
        more.write("entree,9,1\nentree,1,1,1\n")
    result = _run(app, "import", progres.links[0].code, str(file))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "ligne 4, colonne « aut1 », valeur « 9 »" in result.stderr
    assert "ligne 5" in result.stderr
    assert _count(database) == 0


@pytest.mark.parametrize("verb", [("export",), ("import", "x.csv"), ("rescore", "--campaign")])
def test_an_unknown_code_is_said_in_french(app: Flask, file: Path, verb: tuple[str, ...]) -> None:
    name, *rest = verb
    arguments = [*rest, "ZZ9ZZ"] if name == "rescore" else ["ZZ9ZZ", *([str(file)] if rest else [])]
    result = _run(app, name, *arguments)
    assert result.exit_code == 2
    assert "Aucun lien n'a le code « ZZ9ZZ »" in result.stderr


def test_a_file_that_cannot_be_read_is_said_in_french(
    app: Flask, progres: Campaign, tmp_path: Path
) -> None:
    latin = tmp_path / "latin.csv"
    latin.write_bytes("wave,aut1\nentrée,1\n".encode("latin-1"))
    for path, said in ((tmp_path / "absent.csv", "ne peut pas être lu"), (latin, "UTF-8")):
        result = _run(app, "import", progres.links[0].code, str(path))
        assert (result.exit_code, said in result.stderr) == (2, True)


def test_rescore_puts_scores_and_sums_right(
    app: Flask, database: Database, sender: Sender, link: Link
) -> None:
    sender.send(link)
    with database.writing() as session:
        session.execute(update(Score).values(scoring_version=0, tally={"responses": 2}))
    result = _run(app, "rescore", "--campaign", link.code)
    assert (result.exit_code, result.stdout) == (0, "1 campagne notée de nouveau\n")
    with database.reading() as session:
        assert differences(session) == []
        assert session.scalar(select(func.count()).select_from(Unrolled)) == 0
    assert _run(app, "rescore").exit_code == 0


def _run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(responses, list(arguments))


def _count(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Response)) or 0
