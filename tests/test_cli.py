"""The command `recueil`: it loads what it needs, and says in French why it cannot begin."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import ELSEWHERE, recueil
from config import PROJECT


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of an installation whose database is not there yet."""
    monkeypatch.setenv("RECUEIL_DATA", str(tmp_path))
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(recueil, arguments)


def test_every_command_is_listed_and_says_what_it_does() -> None:
    said = run("--help").stdout
    for name in (*ELSEWHERE, "questionnaires", "migrate", "serve"):
        assert name in said
        assert run(name, "--help").exit_code == 0


def test_scoring_a_file_loads_neither_the_server_nor_the_database() -> None:
    asked = "import sys, app.cli, app.scoring.cli; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", asked], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"flask", "sqlalchemy", "weasyprint", "cryptography"} & set(loaded)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORT", "huit", "PORT : « huit » n'est pas un nombre entier"),
        ("RECUEIL_SURVEYS", "/nulle-part", "RECUEIL_SURVEYS : le dossier « /nulle-part »"),
        ("RECUEIL_PROCESSES", "4", "SQLite n'accepte qu'un seul processus"),
        ("DATABASE_URL", "oracle://x", "DATABASE_URL : « oracle »"),
        ("DATABASE_URL", "postgresql://x@127.0.0.1:1/x", "Vérifiez DATABASE_URL"),
    ],
)
def test_a_setting_that_cannot_be_understood_is_named(
    installation: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(name, value)
    result = run("migrate")
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr


def test_a_database_that_is_not_ready_says_what_to_do(installation: Path) -> None:
    result = run("organisations", "create", "Le Fil", "--email", "n@fil.example")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "« recueil migrate »" in result.stderr


@pytest.mark.parametrize("arguments", [("serve",), ("organisations", "invite", "n@fil.example")])
def test_a_mistake_in_the_questionnaires_is_told_to_their_author(
    installation: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    surveys = installation / "surveys"
    (surveys / "questionnaires").mkdir(parents=True)
    (surveys / "referentiel.yaml").write_text("referentiel: [", "utf-8")
    monkeypatch.setenv("RECUEIL_SURVEYS", str(surveys))
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "surveys/referentiel.yaml:" in result.stderr


def test_what_is_written_is_its_owner_s_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine lets everybody read, unless told: the database holds what people answered."""
    data, written = tmp_path / "data", tmp_path / "registre.md"
    monkeypatch.setenv("RECUEIL_DATA", str(data))
    former = os.umask(0o022)
    try:
        assert run("migrate").exit_code == 0
        written.touch()
    finally:
        os.umask(former)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (data, *data.iterdir())}
    assert (modes["data"], modes["recueil.sqlite3"]) == (0o700, 0o600)
    assert set(modes.values()) == {0o700, 0o600}
    assert written.stat().st_mode & 0o777 == 0o644  # whoever called us keeps their own habits
