"""A table of answers gives the figures of the pages, and computes nothing by itself."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from app.campaigns.actions import issue_cards
from app.campaigns.models import Campaign, Link
from app.campaigns.queries import plan_of, published
from app.db import Database
from app.responses.exporting import DIALECTS, defuse, export, restore
from app.responses.models import Response
from app.responses.rollups import tallies
from app.scoring import figure, measures, read_table
from app.scoring.results import score_table
from config import Keys
from tests.rebuilding import ALWAYS
from tests.responses.conftest import Sender


def test_the_interoperable_table_scores_like_the_pages(
    database: Database, keys: Keys, sender: Sender, progres: Campaign, waves: dict[str, Link]
) -> None:
    with database.writing() as session:
        cards = issue_cards(session, keys, progres, 12)
    for rank, card in enumerate(cards):
        for wave in ("entree", "sortie", "suivi")[: 1 + rank % 3]:
            sender.send(waves[wave], card=card)
    sender.send(waves["entree"], card=cards[0])
    with database.reading() as session:
        table = read_table(
            published(session, progres.version), io.StringIO(_written(database, keys, progres))
        )
        sums = tallies(session, progres.organisation_id, scopes=[progres.id], **ALWAYS)
        expected = [
            figure(one, sums.get((one.key, progres.version), {})).to_json()
            for one in measures(plan_of(session, progres))
        ]
    assert [one.to_json() for one in score_table(table).figures] == expected
    assert len(expected) > 3


def test_persons_are_new_in_each_table_and_nobody_where_a_card_served_twice(
    database: Database, keys: Keys, sender: Sender, progres: Campaign, waves: dict[str, Link]
) -> None:
    with database.writing() as session:
        card = issue_cards(session, keys, progres, 1)[0]
    for wave in ("entree", "entree", "sortie"):
        sender.send(waves[wave], card=card)
    first, second = (_rows(_written(database, keys, progres)) for _ in range(2))
    persons = [row["person"] for row in first]
    assert len(set(persons) - {""}) == 1
    assert persons.count("") == 1
    assert not (set(persons) & {row["person"] for row in second}) - {""}
    spreadsheet = _written(database, keys, progres, "tableur")
    remarks = [row["Remarque"] for row in _rows(spreadsheet, ";")]
    assert sorted(remarks) == ["", "", "carte déjà utilisée"]
    assert card not in spreadsheet


def test_rows_stand_in_the_order_of_random_ids(
    database: Database, keys: Keys, sender: Sender, link: Link
) -> None:
    for number in range(1, 13):
        sender.send(link, day=date(2026, number, 1))
    with database.reading() as session:
        days = [f"{day}" for day in session.scalars(select(Response.day).order_by(Response.id))]
    assert [row["jour"] for row in _rows(_written(database, keys, link.campaign))] == days


def test_a_spreadsheet_reads_french_words(
    database: Database, keys: Keys, sender: Sender, link: Link
) -> None:
    submission = sender.build(link)
    scale, text = _scale_and_text(submission)
    option = scale.question.options[-1]
    sender.send(link, answers={scale.key: option.code}, texts={text.key: "- Merci\n- Encore"})
    written = _written(database, keys, link.campaign, "tableur")
    assert "\r\n" in written
    row = _rows(written, ";")[0]
    assert row["Jour"] == "10/03/2026"
    assert row["Porte"] == "L’affiche"
    assert row["Langue"] == "Français"
    assert row[scale.text.fr] == option.text.fr
    assert row[text.text.fr] == "– Merci\n- Encore"


@pytest.mark.parametrize("dialect", ["interop", "tableur"])
@pytest.mark.parametrize(
    "typed", ["=1+1", "+33 6", "-2", "@SOMME(A1)", "'=1+1", "=cmd|' /C calc'!A0"]
)
def test_no_cell_is_a_live_formula(
    database: Database, keys: Keys, sender: Sender, link: Link, dialect: str, typed: str
) -> None:
    text = _scale_and_text(sender.build(link))[1]
    sender.send(link, texts={text.key: typed})
    delimiter = DIALECTS[dialect].delimiter
    for row in csv.reader(
        io.StringIO(_written(database, keys, link.campaign, dialect)), delimiter=delimiter
    ):
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_who_chose_the_answers_is_no_formula_either(
    database: Database, keys: Keys, sender: Sender, campaign_of: Callable[..., Campaign]
) -> None:
    link = campaign_of("partenaire", doors=("partenaire",)).links[0]
    sender.send(link, told_mode="=1+1")
    assert _rows(_written(database, keys, link.campaign))[0]["mode"] == "'=1+1"


@pytest.mark.parametrize(
    "cell", ["=1", "'=1", "''=1", "- un", "'", "l'eau", "", "aujourd'hui", "'bonjour'", "@"]
)
def test_a_defused_cell_can_be_restored(cell: str) -> None:
    assert restore(defuse(cell)) == cell


def _written(database: Database, keys: Keys, campaign: Campaign, dialect: str = "interop") -> str:
    file = io.StringIO(newline="")
    with database.reading() as session:
        export(session, keys, campaign, DIALECTS[dialect], file)
    return file.getvalue()


def _rows(written: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written, newline=""), delimiter=delimiter))


def _scale_and_text(submission: object) -> tuple[object, object]:
    posed = submission.passing.posed  # type: ignore[attr-defined]
    return (
        next(one for one in posed if one.question.kind.name == "echelle"),
        next(one for one in posed if one.question.kind.is_text),
    )
