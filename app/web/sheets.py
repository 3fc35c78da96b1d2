"""Tables written for spreadsheets: XLSX, OpenDocument and two dialects of CSV.

Rows are written as they come and never held together; nothing written can compute anything.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from tempfile import SpooledTemporaryFile
from typing import IO, Final, TypeAlias, cast
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from xlsxwriter import Workbook

Cell: TypeAlias = str | int | float | date | None
Row: TypeAlias = Sequence[Cell]

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODS: Final = "application/vnd.oasis.opendocument.spreadsheet"
CSV: Final = "text/csv"

#: What a spreadsheet would compute, behind any number of the apostrophes that defuse it.
FORMULA = re.compile(r"'*[=+\-@\t\r]")
#: A dash that opens a line of text; an en dash reads the same and computes nothing.
DASH, EN_DASH = "- ", "– "
#: What no XML may hold, and what no cell needs.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

#: A file stays in memory up to this size.
_SPOOLED = 1 << 20
#: Rows that are looked at to choose the width of the columns.
_LOOKED_AT = 40
#: Narrowest and widest column, in characters.
_NARROW, _WIDE = 8, 60
#: What spreadsheets allow in the name of a sheet.
_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 31


@dataclass(frozen=True, slots=True)
class Sheet:
    """Be one sheet: its first row holds the headings."""

    name: str
    rows: Iterable[Row]


@dataclass(frozen=True, slots=True)
class CsvDialect:
    """Know how a table is written as CSV."""

    delimiter: str
    end: str
    encoding: str
    day: str
    decimal: str
    #: A dash that opens a text may become an en dash; a program wants it back unchanged.
    for_people: bool


#: For the spreadsheets of France, and for other programs.
TABLEUR = CsvDialect(";", "\r\n", "utf-8-sig", "%d/%m/%Y", ",", for_people=True)
INTEROP = CsvDialect(",", "\n", "utf-8", "%Y-%m-%d", ".", for_people=False)


def xlsx(sheets: Iterable[Sheet]) -> IO[bytes]:
    """Write a workbook for Excel; return the file, open at its beginning."""
    file = _file()
    workbook = Workbook(file, {"constant_memory": True})
    formats = {
        "heading": workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        "text": workbook.add_format({"text_wrap": True, "valign": "top"}),
        # Typing Enter in the cell does not bring the formula to life either.
        "quoted": workbook.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True}),
        "day": workbook.add_format({"num_format": "dd/mm/yyyy", "valign": "top"}),
        "number": workbook.add_format({"valign": "top"}),
    }
    for sheet in sheets:
        page = workbook.add_worksheet(_sheet_name(sheet.name))
        page.freeze_panes(1, 0)
        widths, rows = _measured(sheet.rows)
        for column, width in enumerate(widths):
            page.set_column(column, column, width)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    text = clean(cell)
                    style = "quoted" if FORMULA.match(text) else "text"
                    page.write_string(number, column, text, formats[style if number else "heading"])
                elif isinstance(cell, date):
                    page.write_datetime(number, column, cell, formats["day"])
                elif cell is not None:
                    page.write_number(number, column, cell, formats["number"])
    workbook.close()
    return _at_beginning(file)


def ods(sheets: Iterable[Sheet]) -> IO[bytes]:
    """Write an OpenDocument workbook; return the file, open at its beginning."""
    file = _file()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", ODS, ZIP_STORED)  # first, and not squeezed: the rule
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        archive.writestr("styles.xml", _STYLES)
        with archive.open("content.xml", "w", force_zip64=True) as content:
            written = io.TextIOWrapper(content, "utf-8", newline="\n", write_through=False)
            written.write(_CONTENT_BEGINS)
            for sheet in sheets:
                written.writelines(_ods_sheet(sheet))
            written.write(_CONTENT_ENDS)
            written.flush()
            written.detach()
    return _at_beginning(file)


def csv_file(rows: Iterable[Row], dialect: CsvDialect) -> IO[bytes]:
    """Write a CSV table; return the file, open at its beginning."""
    file = _file()
    text = io.TextIOWrapper(cast("IO[bytes]", file), dialect.encoding, newline="")
    write_csv(rows, dialect, text)
    text.flush()
    text.detach()
    return _at_beginning(file)


def write_csv(rows: Iterable[Row], dialect: CsvDialect, file: io.TextIOBase) -> None:
    """Write a CSV table into an open text file."""
    table = csv.writer(file, delimiter=dialect.delimiter, lineterminator=dialect.end)
    table.writerows([_csv_cell(cell, dialect) for cell in row] for row in rows)


def clean(text: str) -> str:
    """Return a text that every format can hold: newlines as `\\n`, no control character."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def defuse(cell: str) -> str:
    """Make sure that a CSV cell is shown and computes nothing; see `restore`."""
    return f"'{cell}" if FORMULA.match(cell) else cell


def restore(cell: str) -> str:
    """Return a cell as it was before `defuse`."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def _csv_cell(cell: Cell, dialect: CsvDialect) -> str:
    if isinstance(cell, str):
        text = clean(cell)
        if dialect.for_people and text.startswith(DASH):
            text = EN_DASH + text.removeprefix(DASH)
        return defuse(text)
    if isinstance(cell, date):
        return cell.strftime(dialect.day)
    if isinstance(cell, float):
        return str(cell).replace(".", dialect.decimal)
    return "" if cell is None else str(cell)


def _file() -> SpooledTemporaryFile[bytes]:
    return SpooledTemporaryFile(max_size=_SPOOLED)


def _at_beginning(file: SpooledTemporaryFile[bytes]) -> IO[bytes]:
    file.seek(0)
    return cast("IO[bytes]", file)


def _sheet_name(name: str) -> str:
    return _SHEET_NAME.sub(" ", clean(name))[:_LONGEST_NAME]


def _measured(rows: Iterable[Row]) -> tuple[list[int], Iterator[Row]]:
    """Return how wide each column is, by the first rows, and all the rows."""
    remaining = iter(rows)
    seen = list(islice(remaining, _LOOKED_AT))
    widths: list[int] = []
    for row in seen:
        widths += [_NARROW] * (len(row) - len(widths))
        for column, cell in enumerate(row):
            length = len("00/00/0000") if isinstance(cell, date) else len(str(cell or "")) + 2
            widths[column] = min(max(widths[column], length), _WIDE)
    return widths, chain(seen, remaining)


def _ods_sheet(sheet: Sheet) -> Iterator[str]:
    widths, rows = _measured(sheet.rows)
    yield f"<table:table table:name={quoteattr(_sheet_name(sheet.name))}>"
    for width in widths or [_NARROW]:
        yield f'<table:table-column table:style-name="w{width}"/>'
    heading: Row = ()
    with suppress(StopIteration):
        heading = next(rows)
    cells = "".join(_ods_cell(cell, "heading") for cell in heading)
    yield f"<table:table-header-rows><table:table-row>{cells or _EMPTY}</table:table-row>"
    yield "</table:table-header-rows>"
    for row in rows:
        cells = "".join(_ods_cell(cell, "text") for cell in row)
        yield f"<table:table-row>{cells or _EMPTY}</table:table-row>\n"
    yield "</table:table>"


def _ods_cell(cell: Cell, style: str) -> str:
    if cell is None or cell == "":
        return _EMPTY
    if isinstance(cell, date):
        return (
            f'<table:table-cell table:style-name="day" office:value-type="date" '
            f'office:date-value="{cell.isoformat()}"><text:p>{cell:%d/%m/%Y}</text:p>'
            "</table:table-cell>"
        )
    if isinstance(cell, (int, float)):
        return (
            f'<table:table-cell table:style-name="number" office:value-type="float" '
            f'office:value="{cell}"><text:p>{cell}</text:p></table:table-cell>'
        )
    lines = "".join(f"<text:p>{_ods_text(line)}</text:p>" for line in clean(cell).split("\n"))
    return (
        f'<table:table-cell table:style-name="{style}" office:value-type="string">{lines}'
        "</table:table-cell>"
    )


def _ods_text(line: str) -> str:
    """Escape a line; spaces that XML would merge are counted.

    A tab becomes a space: LibreOffice drops those of a cell.
    """
    text = escape(line.replace("\t", " "))
    if "  " in text or text[:1] == " " or text[-1:] == " ":
        text = _SPACES.sub(lambda found: f'<text:s text:c="{len(found[0])}"/>', text)
    return text


#: Runs of spaces, and a space at either end of a line: XML forgets them.
_SPACES = re.compile(r" {2,}|^ | $")
_EMPTY = "<table:table-cell/>"
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("style", "style"),
        ("text", "text"),
        ("table", "table"),
        ("fo", "xsl-fo-compatible"),
        ("number", "datastyle"),
    )
)
_MANIFEST = f"""{_XML}<manifest:manifest \
xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">
<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{ODS}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
<manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/>
</manifest:manifest>"""
_STYLES = f"""{_XML}<office:document-styles {_NAMESPACES} office:version="1.3"><office:styles>\
<style:default-style style:family="table-cell"><style:text-properties fo:language="fr" \
fo:country="FR" fo:font-size="10pt"/></style:default-style>\
</office:styles></office:document-styles>"""
_CELL = '<style:style style:name="{}" style:family="table-cell"{}>{}</style:style>'
_WRAP = '<style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/>'
_CONTENT_BEGINS = "".join(
    (
        f'{_XML}<office:document-content {_NAMESPACES} office:version="1.3">',
        '<office:automatic-styles><number:date-style style:name="jma">',
        '<number:day number:style="long"/><number:text>/</number:text>',
        '<number:month number:style="long"/><number:text>/</number:text>',
        '<number:year number:style="long"/></number:date-style>',
        *(
            f'<style:style style:name="w{width}" style:family="table-column">'
            f'<style:table-column-properties style:column-width="{width * 0.2:.1f}cm"/>'
            "</style:style>"
            for width in range(_NARROW, _WIDE + 1)
        ),
        _CELL.format("heading", "", f'{_WRAP}<style:text-properties fo:font-weight="bold"/>'),
        _CELL.format("text", "", _WRAP),
        _CELL.format("number", "", '<style:table-cell-properties style:vertical-align="top"/>'),
        _CELL.format("day", ' style:data-style-name="jma"',
                     '<style:table-cell-properties style:vertical-align="top"/>'),
        "</office:automatic-styles><office:body><office:spreadsheet>\n",
    )
)  # fmt: skip
_CONTENT_ENDS = "</office:spreadsheet></office:body></office:document-content>"
