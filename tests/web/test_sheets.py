"""Spreadsheets read back what was written, compute nothing, and are never held in memory."""

from __future__ import annotations

import io
import re
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from typing import IO, Any
from xml.etree import ElementTree

import pytest
from python_calamine import CalamineWorkbook

from app.web.sheets import INTEROP, TABLEUR, Row, Sheet, clean, csv_file, ods, xlsx

Writer = Callable[[list[Sheet]], IO[bytes]]
WRITERS = pytest.mark.parametrize("write", [xlsx, ods])


def _read(write: Writer, *sheets: Sheet) -> dict[str, list[list[Any]]]:
    with write(list(sheets)) as file:
        book = CalamineWorkbook.from_filelike(io.BytesIO(file.read()))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@WRITERS
def test_each_sort_of_cell_is_read_back(write: Writer) -> None:
    rows: list[Row] = [
        ["Texte", "Nombre", "Part", "Jour", "Vide"],
        ["Très bien <&> « oui »", 12, 0.5, date(2026, 3, 1), None],
        ["  deux  espaces ", -3, -1.25, date(2024, 2, 29), ""],
        ["une ligne\nune autre\n\nla fin", 0, 0.0, date(2026, 12, 31), "شكرا 🌻"],
    ]
    read = _read(write, Sheet("Réponses", rows), Sheet("À propos", [["Un", "Deux"]]))
    assert list(read) == ["Réponses", "À propos"]
    assert read["Réponses"] == [["" if cell is None else cell for cell in row] for row in rows]
    assert read["À propos"] == [["Un", "Deux"]]


@WRITERS
@pytest.mark.parametrize(
    "typed",
    ["=1+1", "+33 6 00", "-2", "@SOMME(A1)", "'=1+1", "=HYPERLINK(\"http://x.example\")",
     "http://x.example", "=cmd|' /C calc'!A0", "{=1+1}", "_x0041_", "12", "01/02/2026", "VRAI"],
)  # fmt: skip
def test_a_text_stays_a_readable_text(write: Writer, typed: str) -> None:
    """No formula, no link, no number, no date is made of what a person typed."""
    assert _read(write, Sheet("A", [[typed], [typed]]))["A"] == [[typed], [typed]]
    with write([Sheet("A", [["t"], [typed]])]) as file, zipfile.ZipFile(file) as archive:
        written = "".join(archive.read(name).decode() for name in archive.namelist())
    assert not re.search(r"<f[ >]|table:formula|<hyperlink|xlink:href", written)


@WRITERS
def test_control_characters_and_lone_surrogates_are_gone(write: Writer) -> None:
    typed = "a\x00b\x0bc\x1fd\x7fe\x9ff\ud800g\uffffh\r\ni"
    assert _read(write, Sheet("A", [["t"], [typed]]))["A"][1] == ["abcdefgh\ni"]
    assert clean(typed) == "abcdefgh\ni"


@WRITERS
def test_a_sheet_takes_any_name_and_may_be_empty(write: Writer) -> None:
    read = _read(write, Sheet("Avant / après [2026] : tout ce qui est trop long", []))
    assert list(read) == ["Avant   après  2026    tout ce "]


def test_an_opendocument_is_well_formed_and_says_its_type_first() -> None:
    with ods([Sheet("A", [["Un"], [date(2026, 3, 1)]])]) as file, zipfile.ZipFile(file) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        listed = archive.read("META-INF/manifest.xml").decode()
        for name in archive.namelist():
            if name.endswith(".xml"):
                ElementTree.fromstring(archive.read(name))
                assert name == "META-INF/manifest.xml" or f'"{name}"' in listed


def test_a_csv_for_people_is_as_spreadsheets_of_france_want_it() -> None:
    rows: list[Row] = [
        ["Jour", "Part"],
        [date(2026, 3, 1), 0.5],
        ["- un\n- deux", "=1"],
        [None, -2],
    ]
    with csv_file(rows, TABLEUR) as file:
        written = file.read()
    assert written == (
        '\ufeffJour;Part\r\n01/03/2026;0,5\r\n"– un\n- deux";\'=1\r\n;-2\r\n'.encode()
    )


def test_a_csv_for_programs_is_as_programs_want_it() -> None:
    rows: list[Row] = [["jour", "part"], [date(2026, 3, 1), 0.5], ["- un", 'dit "oui"']]
    with csv_file(rows, INTEROP) as file:
        written = file.read()
    assert written == b'jour,part\n2026-03-01,0.5\n\'- un,"dit ""oui"""\n'


@pytest.mark.parametrize(
    "write",
    [xlsx, ods, lambda sheets: csv_file(sheets[0].rows, TABLEUR)],
    ids=["xlsx", "ods", "csv"],
)
def test_rows_are_never_held_together(write: Writer) -> None:
    """Twenty times the rows take about the same memory."""

    def rows(count: int) -> Iterator[Row]:
        yield [f"Question {number}" for number in range(20)]
        for number in range(count):
            yield [f"Réponse {number}-{column}" for column in range(20)]

    peaks = []
    for count in (300, 6_000):
        tracemalloc.start()
        with write([Sheet("Réponses", rows(count))]) as file:
            assert file.read(1)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 3_000_000
