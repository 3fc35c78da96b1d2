"""The figures of a section as a spreadsheet: opened again by what reads spreadsheets."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from typing import Any, Literal

import pytest
from python_calamine import CalamineWorkbook

from app.documents.section import AnnexRow, Section
from app.documents.sheets import DRAWINGS, FIGURES, QUOTES, write_figures
from tests.documents.sections import quote, sample, trace

Workbook = Literal["xlsx", "ods"]
KINDS: tuple[Workbook, ...] = ("xlsx", "ods")
FULL = (
    "1\u202f243 sur 1\u202f358 en progrès, soit 92\u202f% [62\u202f; 94]\u202f; 9 stables, 6 en "
    "recul\u202f; écart −1,5 [−3\u202f; +1,0], évolution non établie"
)


def sheets(section: Section, kind: Workbook) -> dict[str, list[list[Any]]]:
    """Return the rows of each sheet."""
    with write_figures(section, kind) as file:
        book = CalamineWorkbook.from_filelike(io.BytesIO(file.read()))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def figures(section: Section) -> list[dict[str, str]]:
    """Return the rows of the CSV table, as a spreadsheet of France reads them."""
    with write_figures(section, "csv") as file:
        content = file.read()
    assert content.startswith("\ufeff".encode())
    assert b"\r\n" in content
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), ""), delimiter=";"))


def row(**changed: str) -> AnnexRow:
    values = {
        "title": "Autonomie", "questions": "Vous savez faire\u202f?", "formula": "Moyenne",
        "result": FULL, "n": "1\u202f358", "method": "B", "cautions": "",
    }  # fmt: skip
    return AnnexRow(**{**values, **changed})


def with_rows(*rows: AnnexRow) -> Section:
    section = sample()
    return replace(section, annex=replace(section.annex, rows=rows))


@pytest.mark.parametrize("kind", KINDS)
def test_a_workbook_has_a_sheet_for_each_thing(kind: Workbook) -> None:
    found = sheets(sample(), kind)
    assert list(found) == ["Chiffres", "Graphiques", "Citations", "À lire"]
    assert found["Chiffres"][0] == list(FIGURES)
    assert [line[1] for line in found["Chiffres"][1:]] == [
        "Autonomie dans les démarches", "Prudence en ligne",
    ]  # fmt: skip
    assert found["Graphiques"][0] == list(DRAWINGS)
    assert found["Citations"][0] == list(QUOTES)


@pytest.mark.parametrize("kind", KINDS)
def test_every_number_of_every_drawing_is_there(kind: Workbook) -> None:
    section = sample()
    rows = sheets(section, kind)["Graphiques"][1:]
    assert rows[0] == [
        "Figure 1", "Comment les réponses sont arrivées", "téléphone", "Réponses", 19,
    ]  # fmt: skip
    assert len(rows) == sum(len(drawing.table) - 1 for drawing in section.drawings)
    assert {line[0] for line in rows} == {f"Figure {rank}" for rank in range(1, 7)}


@pytest.mark.parametrize("kind", KINDS)
def test_quotes_come_with_what_was_agreed_and_without_a_word_once_gone(kind: Workbook) -> None:
    section = sample()
    stuck = next(part for part in section.body if part.slot == "coince")
    gone = replace(stuck, quotes=(replace(quote(20, "Secret.", "Paulette"), is_gone=True),))
    body = tuple(gone if part.slot == "coince" else part for part in section.body)
    _, first, *others = sheets(replace(section, body=body), kind)["Citations"]
    assert first == [
        "Maintenant, c’est moi qui montre à ma voisine.", "Une personne accompagnée",
        "mars 2026, écrit", "en titre", "financeurs, sans nom", date(2029, 3, 17),
        "accord en cours",
    ]  # fmt: skip
    assert ["", "", "", "Ce qui coince", "", "", "retirée à la demande de la personne"] in others
    hidden = sheets(replace(section, hidden_slots=("titre",)), kind)["Citations"]
    assert len(hidden) == len(others) + 1


@pytest.mark.parametrize("kind", KINDS)
def test_what_to_read_first_says_whether_it_may_still_change(kind: Workbook) -> None:
    read = dict(sheets(sample(), kind)["À lire"])
    assert read["Structure"] == "Le Fil numérique"
    assert read["État"].startswith("Provisoire, ne pas diffuser")
    assert read["Période"] == "de janvier à novembre 2026"
    assert read["Prudence en ligne"] == "non diffusé (moins de 5 réponses)"
    assert read["À lire avec prudence"]
    assert "Depuis" not in read
    section = sample(is_sealed=True)
    since = replace(section, standing=replace(section.standing, since="2 réponses effacées."))
    assert dict(sheets(since, kind)["À lire"])["Depuis"] == "2 réponses effacées."


def test_a_csv_table_gives_numbers_to_programs() -> None:
    (told,) = figures(with_rows(row(moments="Au début → À la fin")))
    numbers = [told[name] for name in FIGURES[6:14]]
    assert numbers == ["1358", "1243", "92", "62", "94", "-1,5", "-3", "1,0"]
    assert told["Ce qui s’écrit"] == FULL
    assert (told["Méthode"], told["Moments"]) == ("B", "Au début → À la fin")
    assert told["État"].startswith("Provisoire, ne pas diffuser")


def test_what_is_hidden_has_no_number() -> None:
    reason = "non diffusé (moins de 5 réponses)"
    (told,) = figures(with_rows(row(result=reason, n="<\u202f5")))
    assert [told[name] for name in FIGURES[7:14]] == [""] * 7
    assert (told["n"], told["Ce qui s’écrit"]) == ("<\u202f5", reason)


def test_counts_alone_give_no_share() -> None:
    (told,) = figures(with_rows(row(result="6 sur 10 en progrès\u202f; 2 stables", n="10")))
    assert [told[name] for name in FIGURES[6:11]] == ["10", "6", "", "", ""]
    (told,) = figures(with_rows(row(result="10 réponses\u202f: 4 sur 6", n="10")))
    assert told["Favorables"] == ""


def test_every_figure_keeps_what_it_is_and_who_asked_it() -> None:
    """Told in a sentence or not, alone or gathered with others in a row of the annex."""
    alone = row(code="a.b", questionnaire="Mes progrès", versions="7c2f91ab")
    other = replace(alone, title="Jamais dit", code="c.d")
    gathered = replace(alone, figures=(alone, other))
    told = figures(with_rows(gathered, replace(other, method="A")))
    keys = ("Code", "Questionnaire", "Versions", "Méthode")
    assert [tuple(one[name] for name in keys) for one in told] == [
        ("a.b", "Mes progrès", "7c2f91ab", "B"),
        ("c.d", "Mes progrès", "7c2f91ab", "B"),
        ("c.d", "Mes progrès", "7c2f91ab", "A"),
    ]


def test_a_figure_that_is_told_gives_its_code_unless_it_could_be_another() -> None:
    section = with_rows(row(title="Compétences et autonomie"), row(title="Autonomie"))
    told, other = figures(section)
    assert (told["Code"], told["Questionnaire"]) == ("autonomie.progression", "Mes progrès")
    assert other["Code"] == "a.b"
    twin = replace(section.headlines[0], trace=trace("c.d", "Autonomie", "1"))
    _, other = figures(replace(section, headlines=(*section.headlines, twin)))
    assert (other["Code"], other["Questionnaire"]) == ("", "Mes progrès")


@pytest.mark.parametrize("kind", KINDS)
def test_what_looks_like_a_formula_stays_a_text(kind: Workbook) -> None:
    formula = '=HYPERLINK("http://exemple.fr")'
    section = with_rows(row(title=formula, cautions="+1\x00\x0b", questions="@a"))
    section = replace(section, title_quote=quote(1, formula))
    found = sheets(section, kind)
    assert found["Chiffres"][1][1] == formula
    assert found["Citations"][1][0] == formula
    (told,) = figures(section)
    assert told["Indicateur"] == f"'{formula}"
    assert told["Précautions"] == "'+1"
