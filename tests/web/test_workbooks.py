"""Workbooks that people send: what is wanted of them, and nothing that a file may contrive."""

from __future__ import annotations

import io
import re
import resource
import time
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest
import xlsxwriter

from app.web import workbooks
from app.web.workbooks import Table, WorkbookError, read_table

WANTED, LEAST = ("Date", "Nom du lieu"), (frozenset({"Date"}),)
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def book(*rows: tuple[Any, ...], options: Mapping[str, Any] | None = None) -> bytes:
    file = io.BytesIO()
    made = xlsxwriter.Workbook(file, {"in_memory": True, **(options or {})})
    page, days = made.add_worksheet(), made.add_format({"num_format": "dd/mm/yyyy"})
    for rank, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                page.write_datetime(rank, column, cell, days)
            elif cell is not None:
                page.write(rank, column, cell)
    made.close()
    return file.getvalue()


def changed(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a workbook one part of which is written by somebody else."""
    source, file = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            found = source.read(name)
            made.writestr(name, change(found) if name == part else found)
    return file.getvalue()


def with_rows(xml: str) -> bytes:
    content = f"<worksheet {MAIN}><sheetData>{xml}</sheetData></worksheet>"
    return changed(book(("Date",)), SHEET, lambda _: content.encode())


def table(content: bytes) -> Table:
    found = read_table(content, WANTED, LEAST)
    assert found is not None
    return found


def rows(content: bytes) -> list[Mapping[str, Any]]:
    return list(table(content).rows)


def refusal(content: bytes) -> str:
    with pytest.raises(WorkbookError) as caught:
        rows(content)
    return str(caught.value)


def test_only_wanted_columns_are_taken_wherever_they_stand() -> None:
    content = book(
        ("Informations export",),
        (None, "Nom", "Prigent"),
        ("Secret", " nom  du LIEU", "date", "Autre"),
        ("un secret", "Médiathèque", "10/03/2026", "rien"),
        ("un autre",),
        (None, "Annexe", 5, None),
    )
    assert rows(content) == [
        {"Nom du lieu": "Médiathèque", "Date": "10/03/2026"},
        {},
        {"Nom du lieu": "Annexe", "Date": 5.0},
    ]
    assert table(content).columns == {"Date", "Nom du lieu"}


@pytest.mark.parametrize("heading", ["DATE", " Date ", "Da\u0301te", "date\u00a0:", "‹Date›"])
def test_a_heading_is_known_whatever_its_case_accents_and_signs(heading: str) -> None:
    assert rows(book((heading,), ("x",))) == [{"Date": "x"}]


def test_another_sheet_may_hold_the_table() -> None:
    file = io.BytesIO()
    made = xlsxwriter.Workbook(file)
    made.add_worksheet("Rien").write_string(0, 0, "bonjour")
    made.add_worksheet("Activités").write_column(0, 0, ["Date", "x"])
    made.close()
    assert rows(file.getvalue()) == [{"Date": "x"}]


def test_a_workbook_without_the_table_has_none() -> None:
    assert read_table(book(("Nom", "Prénom"), ("a", "b")), WANTED, LEAST) is None
    assert read_table(book(), WANTED, LEAST) is None
    late = [("rien",)] * workbooks.LOOKED_AT
    assert read_table(book(*late, ("Date",)), WANTED, LEAST) is None


@pytest.mark.parametrize("options", [{}, {"date_1904": True}])
@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (date(2026, 3, 10), date(2026, 3, 10)),
        (date(2024, 2, 29), date(2024, 2, 29)),
        ("10/03/2026", date(2026, 3, 10)),
        (" 1/9/2026 à 10:00", date(2026, 9, 1)),
        ("2026-03-10T09:00:00Z", date(2026, 3, 10)),
        ("31/02/2026", None),
        ("hier", None),
        (-4, None),
        (1e300, None),
        (9_999_999, None),
    ],
)
def test_a_day_is_read_however_it_is_written(
    cell: Any, day: date | None, options: Mapping[str, Any]
) -> None:
    found = table(book(("Date",), (cell,), options=options))
    assert [found.day(row.get("Date")) for row in found.rows] == [day]


def test_the_hour_of_a_day_is_left_out() -> None:
    found = table(book(("Date",), (46_091.98,)))
    assert [found.day(row["Date"]) for row in found.rows] == [date(2026, 3, 10)]


def test_texts_are_read_however_they_are_stored() -> None:
    inside = with_rows(
        '<row><c t="inlineStr"><is><t>Date</t></is></c></row>'
        '<row><c t="inlineStr"><is><r><t>A</t></r><rPh><t>z</t></rPh><r><t>b</t></r></is></c></row>'
        '<row><c t="str"><f>1+1</f><v>deux</v></c></row>'
        '<row><c t="e"><v>#REF!</v></c></row>'
    )
    assert [row.get("Date") for row in rows(inside)][1:] == ["deux", None]
    runs = f"<sst {MAIN}><si><r><t>Da</t></r><r><t>te</t></r><rPh><t>é</t></rPh></si></sst>"
    assert rows(changed(book(("x",)), STRINGS, lambda _: runs.encode())) == []


def test_a_formula_is_never_read_nor_computed() -> None:
    assert rows(book(("Date",), ("=1+1",))) == [{"Date": 0.0}]  # the value that stands beside it


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "pas un classeur Excel"),
        (b"nom;prenom\nA;B\n", "pas un classeur Excel"),
        (b"PK\x03\x04 coupe", "pas un classeur Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "mot de passe"),
    ],
)
def test_what_is_no_workbook_is_refused_with_what_to_do(content: bytes, words: str) -> None:
    assert words in refusal(content)


def test_an_archive_of_something_else_is_no_workbook() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("content.xml", "<a/>")
    assert "pas un classeur Excel" in refusal(file.getvalue())


def test_a_cut_workbook_is_damaged() -> None:
    whole = book(("Date",), *[(f"{rank}/01/2026",) for rank in range(1, 30)])
    assert "abîmé" in refusal(changed(whole, SHEET, lambda xml: xml[: len(xml) // 2]))
    assert "abîmé" in refusal(changed(whole, STRINGS, lambda _: b""))
    assert "abîmé" in refusal(changed(whole, STRINGS, lambda _: f"<sst {MAIN}/>".encode()))
    assert "abîmé" in refusal(changed(whole, SHEET, lambda xml: re.sub(rb"<v>\d", b"<v>-", xml)))


def test_a_bomb_is_refused_before_it_is_opened() -> None:
    bomb = changed(book(("Date",)), SHEET, lambda _: b" " * (workbooks.LARGEST_INSIDE + 1))
    assert len(bomb) < 200_000
    began = time.thread_time()
    assert "trop volumineux" in refusal(bomb)
    assert time.thread_time() - began < 1


def test_a_bomb_that_lies_about_its_size_is_never_inflated_beyond_it() -> None:
    bomb = bytearray(changed(book(("Date",)), SHEET, lambda _: b" " * (200 << 20)))
    size = (200 << 20).to_bytes(4, "little")
    assert bomb.count(size) == 2
    lying = bytes(bomb).replace(size, (1000).to_bytes(4, "little"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "abîmé" in refusal(lying)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kilobytes


def test_entities_are_refused() -> None:
    laughs = (
        b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><sst><si><t>&c;</t></si></sst>'
    )
    assert "abîmé" in refusal(changed(book(("Date",)), STRINGS, lambda _: laughs))


def test_one_cell_far_away_costs_nothing() -> None:
    far = with_rows(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Date</t></is></c></row>'
        '<row r="1048576"><c r="IA1048576"><v>1</v></c></row>'
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert rows(far) == [{}]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000


def test_one_long_text_named_many_times_is_held_once() -> None:
    cells = "".join(f'<row><c r="A{rank}" t="s"><v>1</v></c></row>' for rank in range(50_000))
    head = '<row><c r="A1" t="s"><v>0</v></c></row>'
    long = f"<sst {MAIN}><si><t>Date</t></si><si><t>{'x' * 1_000_000}</t></si></sst>"
    content = changed(with_rows(head + cells), STRINGS, lambda _: long.encode())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert len(rows(content)) == 50_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


def test_too_many_columns_or_rows_are_refused_with_what_to_do() -> None:
    wide = book(tuple(f"c{rank}" for rank in range(300)))
    assert "plus de 250 colonnes" in refusal(wide)
    fine = book(("Date", *(f"c{rank}" for rank in range(248))))
    assert rows(fine) == []
    many = with_rows("<row/>" * 99 + "<row/>" * workbooks.MOST_ROWS)
    assert read_table(many, WANTED, LEAST) is None  # nothing is looked for so far
    head = '<row><c t="inlineStr"><is><t>Date</t></is></c></row>'
    assert "plus de 200 000 lignes" in refusal(with_rows(head + "<row/>" * workbooks.MOST_ROWS))
