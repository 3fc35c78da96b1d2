"""A table of answers gives the figures of the pages, and computes nothing by itself."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from app.campaigns.actions import issue_cards
from app.campaigns.models import Campaign, Link
from app.campaigns.queries import plan_of, published
from app.db import Database
from app.questionnaires import Library, read_frozen
from app.responses.exporting import SeveralVersions
from app.responses.models import Response
from app.responses.rollups import tallies
from app.scoring import figure, measures, read_table
from app.scoring.results import score_table
from app.web.sheets import INTEROP, TABLEUR, defuse, restore
from config import Keys
from tests.rebuilding import ALWAYS
from tests.responses.conftest import Sender
from tests.responses.exported import DAY, exported
from tests.responses.exported import text as _written


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
    spreadsheet = _written(database, keys, progres, name="tableur")
    remarks = [row["Remarque"] for row in _rows(spreadsheet, ";")]
    assert {row["Moment"] for row in _rows(spreadsheet, ";")} == {"Au début", "À la fin"}
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
    written = _written(database, keys, link.campaign, name="tableur")
    assert "\r\n" in written
    row = _rows(written, ";")[0]
    assert row["Jour"] == "10/03/2026"
    assert row["Porte"] == "L’affiche"
    assert row["Moment"] == "", "a questionnaire asked once has no moments"
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
    delimiter = (INTEROP if dialect == "interop" else TABLEUR).delimiter
    for row in csv.reader(
        io.StringIO(_written(database, keys, link.campaign, name=dialect)), delimiter=delimiter
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


def _rows(written: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written, newline=""), delimiter=delimiter))


def _scale_and_text(submission: object) -> tuple[object, object]:
    posed = submission.passing.posed  # type: ignore[attr-defined]
    return (
        next(one for one in posed if one.question.kind.name == "echelle"),
        next(one for one in posed if one.question.kind.is_text),
    )


FORMATS_OF_WORDS = ("tableur", "xlsx", "ods")


@pytest.mark.parametrize("layout", ["mots", "codes"])
def test_every_format_holds_the_same_cells(
    database: Database,
    keys: Keys,
    sender: Sender,
    campaign_of: Callable[..., Campaign],
    layout: str,
) -> None:
    campaigns = [
        campaign_of("satisfaction", form="longue", action=action) for action in ("A", "=B")
    ]
    typed = ["Merci 🌻\nà tous", "=1+1", "- un\n- deux", "  شكرا; « ça »\ttab ", "12", "01/02/2026"]
    for rank, words in enumerate(typed):
        link = campaigns[rank % 2].links[0]
        sender.send(link, texts={"mot": words}, day=date(2026, 3, 1 + rank))
    tables = {
        name: _cells(exported(database, keys, *campaigns, name=name, layout=layout), name)
        for name in FORMATS_OF_WORDS
    }
    assert len(tables["ods"]) == 1 + len(typed)
    assert tables["xlsx"] == tables["ods"] == tables["tableur"]
    heading, *rows = tables["ods"]
    assert [heading[2], heading[3]] == (
        ["Lieu", "Action"] if layout == "mots" else ["lieu", "action"]
    )
    assert {row[3] for row in rows} == {"A", "=B"}


def test_a_workbook_says_what_its_columns_are_and_that_it_is_internal(
    database: Database, keys: Keys, sender: Sender, link: Link
) -> None:
    sender.send(link)
    for name in ("xlsx", "ods"):
        book = _book(exported(database, keys, link.campaign, name=name, layout="codes"))
        assert book.sheet_names == ["Réponses", "Dictionnaire", "À propos"]
        columns = book.get_sheet_by_name("Réponses").to_python()[0]
        heading, *lines = book.get_sheet_by_name("Dictionnaire").to_python()
        assert [line[0] for line in lines] == columns
        first = dict(zip(heading, next(one for one in lines if one[1] == "sat1"), strict=True))
        assert first["Ce qu’elle contient"] == "Comment ça s’est passé aujourd’hui ?"
        assert "= Très bien" in first["Codes et libellés"]
        assert "refus = " in first["Codes et libellés"]
        assert first["Indicateurs"]
        about = {row[0]: row[1] for row in book.get_sheet_by_name("À propos").to_python()}
        assert about["Interne : ne pas diffuser"].startswith("Chaque ligne est la réponse")
        assert about["Structure"] == "Le Fil numérique"
        assert about["Réponses"] == "1\u00a0réponse"
        assert about["Fait le"] == DAY


def test_two_versions_share_a_table_of_words_and_none_of_codes_for_programs(
    database: Database, keys: Keys, sender: Sender, campaign_of: Callable[..., Campaign],
    library: Library,
) -> None:  # fmt: skip
    old = campaign_of("satisfaction")
    changed = read_frozen(
        library.questionnaires["satisfaction"].source.replace(
            "L’accueil était-il bon ?", "L’accueil était-il agréable ?"
        )
    )
    assert changed.version != old.version
    shelf = replace(library, questionnaires={**library.questionnaires, "satisfaction": changed})
    new = campaign_of("satisfaction", library=shelf, action="Neuf")
    for campaign in (old, new):
        sender.send(campaign.links[0], answers={"sat4": 3})
    rows = _cells(exported(database, keys, new, old, name="ods"), "ods")
    column = rows[0].index("L’accueil était-il agréable ?")
    assert "L’accueil était-il bon ?" not in rows[0]
    assert [bool(row[column]) for row in rows[1:]] == [True, True]
    book = _book(exported(database, keys, new, old, name="ods"))
    lines = book.get_sheet_by_name("Dictionnaire").to_python()
    assert [line[2] for line in lines if line[1] == "sat4"] == [
        "L’accueil était-il agréable ?", "L’accueil était-il bon ?",
    ]  # fmt: skip
    with pytest.raises(SeveralVersions):
        exported(database, keys, new, old, name="interop")


def test_campaigns_of_one_version_make_one_table_for_programs(
    database: Database, keys: Keys, sender: Sender, campaign_of: Callable[..., Campaign]
) -> None:
    campaigns = [campaign_of("satisfaction", action=action) for action in ("A", "B")]
    for campaign in campaigns:
        sender.send(campaign.links[0])
    written = _written(database, keys, *campaigns)
    with database.reading() as session:
        table = read_table(published(session, campaigns[0].version), io.StringIO(written))
    assert len(table.rows) == 2


def _book(file: bytes) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(io.BytesIO(file))


def _cells(file: bytes, name: str) -> list[list[str]]:
    """Return the cells of a table as a person sees them, the person of each row apart."""
    if name == "tableur":
        lines = csv.reader(io.StringIO(file.decode("utf-8-sig"), newline=""), delimiter=";")
        read = [[restore(cell) for cell in line] for line in lines]
    else:
        read = [
            [_shown(cell) for cell in row] for row in _book(file).get_sheet_by_index(0).to_python()
        ]
    # A tab has no place in a cell of LibreOffice; a dash that opens a text is an en dash in CSV.
    return [[re.sub("^– ", "- ", cell.replace("\t", " ")) for cell in row] for row in read]


def _shown(cell: object) -> str:
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return f"{cell:g}" if isinstance(cell, float) else str(cell)
