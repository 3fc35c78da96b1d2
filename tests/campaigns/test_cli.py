"""The commands `recueil campaigns …`."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from app.campaigns.cli import campaigns
from app.campaigns.models import Campaign, Card
from app.db import Database
from app.organisations.models import Lieu, Organisation

PERIOD = ("--from", "2026-01", "--to", "2026-12")


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(campaigns, [str(one) for one in arguments])


@pytest.fixture
def where(organisation: Organisation, lieu: Lieu) -> tuple[str, ...]:
    return ("--structure", organisation.name, "--lieu", lieu.name)


def test_open_prints_one_line_per_link(app: Flask, where: tuple[str, ...]) -> None:
    result = run(app, "open", "progres", *where, *PERIOD, "--doors", "affiche,aide")
    assert result.exit_code == 0, result.output
    lines = [line.split() for line in result.output.splitlines()]
    assert len(lines) == 6
    for code, door, wave, address in lines:
        assert door in ("affiche", "aide")
        assert wave in ("entree", "sortie", "suivi")
        assert address.endswith(f"/{code}")


def test_open_takes_ids_and_an_unreviewed_language_with_a_warning(
    app: Flask, organisation: Organisation, lieu: Lieu
) -> None:
    result = run(
        app, "open", "satisfaction", "--structure", str(organisation.id), "--lieu", str(lieu.id),
        *PERIOD, "--doors", "affiche", "--languages", "ar",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "n'a pas été relue" in result.stderr
    assert len(result.stdout.splitlines()) == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"--structure": "Le Fil"}, "« Le Fil numérique »"),
        ({"--lieu": "Nulle part"}, "« Médiathèque de Kerlann »"),
        ({"--from": "2026"}, "2026-03"),
        ({"--from": "2027-01"}, "à l’envers"),
        ({"--doors": ""}, "au moins une porte"),
        ({"--doors": "afiche"}, "« affiche »"),
        ({"--languages": "xx"}, "pas entièrement traduit"),
    ],
)
def test_what_cannot_open_exits_2_and_says_what_to_write(
    app: Flask, organisation: Organisation, lieu: Lieu, changed: dict[str, str], words: str
) -> None:
    options = {
        "--structure": organisation.name, "--lieu": lieu.name, "--from": "2026-01",
        "--to": "2026-12", "--doors": "affiche", **changed,
    }  # fmt: skip
    result = run(app, "open", "satisfaction", *(part for pair in options.items() for part in pair))
    assert result.exit_code == 2
    assert words in " ".join(result.stderr.split())
    assert result.stdout == ""


def test_close_takes_any_case_and_refuses_the_second_time(
    app: Flask, database: Database, campaign: Campaign
) -> None:
    code = campaign.links[0].code
    assert run(app, "close", code.lower()).exit_code == 0
    with database.reading() as session:
        assert session.get_one(Campaign, campaign.id).closed_on is not None
    assert run(app, "close", code).exit_code == 2


def test_a_mistyped_code_names_the_signs_that_no_code_holds(app: Flask) -> None:
    result = run(app, "close", "K7QO0")
    assert result.exit_code == 2
    assert "Aucun code ne contient O, 0" in result.stderr


@pytest.mark.document
def test_poster_writes_a_pdf(app: Flask, campaign: Campaign, tmp_path: Path) -> None:
    out = tmp_path / "affiche.pdf"
    assert run(app, "poster", campaign.links[0].code, "--out", str(out)).exit_code == 0
    assert out.read_bytes().startswith(b"%PDF-")
    arabic = run(app, "poster", campaign.links[0].code, "--language", "ar", "--out", str(out))
    assert arabic.exit_code == 2
    assert "n’est pas proposée" in arabic.stderr
    grey = run(app, "poster", campaign.links[0].code, "--format", "a3", "--grey", "--out", str(out))
    assert "1,20" in grey.stdout
    nowhere = run(app, "poster", campaign.links[0].code, "--out", str(tmp_path / "x" / "y.pdf"))
    assert nowhere.exit_code == 2


@pytest.mark.document
def test_cards_writes_a_pdf_and_issues_nothing_when_it_cannot(
    app: Flask, where: tuple[str, ...], tmp_path: Path, database: Database
) -> None:
    opened = run(app, "open", "progres", *where, *PERIOD, "--doors", "affiche")
    code = opened.stdout.split()[0]
    out = tmp_path / "cartes.pdf"
    nowhere = run(app, "cards", code, "--count", "5", "--out", str(tmp_path / "x" / "y.pdf"))
    assert nowhere.exit_code == 2
    assert cards_issued(database) == 0
    assert run(app, "cards", code, "--count", "5", "--out", str(out)).exit_code == 0
    assert out.read_bytes().startswith(b"%PDF-")
    assert cards_issued(database) == 5


def cards_issued(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Card)) or 0
