"""`recueil testimonies evaluate`: figures with their intervals, or what is wrong with the file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import recueil
from config import PROJECT

DATA = PROJECT / "tests" / "hints" / "data"


def run(*arguments: str, typed: bytes | None = None) -> Result:
    return CliRunner().invoke(recueil, ["testimonies", "evaluate", *arguments], input=typed)


def figures(said: str) -> dict[str, list[str]]:
    lines = (line.split("  ") for line in said.splitlines())
    return {cells[0]: [cell.strip() for cell in cells[1:] if cell.strip()] for cells in lines}


def test_a_file_is_measured_with_intervals(tmp_path: Path) -> None:
    path = tmp_path / "textes.csv"
    path.write_text(
        "text;polarity;labels\nMerci beaucoup;pos;\nL'imprimante est en panne;neg;coince\n"
        "Je viens le mardi;neutre;\nTrès bien mais trop d'attente;mixte;coince\n",
        "utf-8",
    )
    result = run(str(path))
    assert result.exit_code == 0
    assert result.stdout.startswith(
        "Analyseur recueil, n = 4 textes (1 pos, 1 neg, 1 mixte, 1 neutre)"
    )
    said = figures(result.stdout)
    assert said["Exactitude"] == ["1,000", "[1,000 ; 1,000]"]
    assert said["Abstention"][0] == "0,250"
    assert said["Thèmes, micro-F1"][0] == "1,000"
    assert "1 000 tirages, graine 2026" in result.stdout


def test_plain_textblob_is_measured_beside_it_and_said_to_know_no_theme() -> None:
    typed = b"text,polarity,labels\nJe suis content,pos,lien\nJe n'y arrive pas,neg,\n"
    result = run("-", "--analyzer", "pattern", typed=typed)
    said = figures(result.stdout)
    assert said["Exactitude"][0] == "0,500"
    assert said["Rappel des négatifs"][0] == "0,000"
    assert said["Thèmes, micro-F1"] == ["sans objet"]
    assert "au moins 0,1 est positif" in result.stdout


@pytest.mark.parametrize("analyzer", ["recueil", "pattern"])
def test_the_same_file_gives_the_same_figures(analyzer: str) -> None:
    path = str(DATA / "reglage.csv")
    assert run(path, "--analyzer", analyzer).stdout == run(path, "--analyzer", analyzer).stdout


def test_a_wrong_file_is_said_in_french(tmp_path: Path) -> None:
    missing = run(str(tmp_path / "absent.csv"))
    assert (missing.exit_code, missing.stdout) == (2, "")
    assert "ne peut pas être lu" in missing.stderr
    wrong = run("-", typed=b"text,polarity,labels\nOui,positif,\n")
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert wrong.stderr.startswith("ligne 2 : « positif » n'est pas une polarité.")


def test_asking_for_help_waits_neither_for_textblob_nor_for_the_database() -> None:
    asked = "import sys, app.testimonies.cli; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", asked], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"textblob", "nltk", "sqlalchemy", "flask"} & set(loaded)
