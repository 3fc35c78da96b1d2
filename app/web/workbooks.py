"""Tables read from workbooks that people send (XLSX): only the columns that are wanted.

A workbook is read as a stream, in memory, and nothing of it is written on a disk. Libraries that
build the whole grid need gigabytes for a hostile file of a few kilobytes (one cell far away, one
long text named a million times): this one holds the wanted cells of one row.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from itertools import islice
from typing import Final, TypeAlias
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

Cell: TypeAlias = str | float
Attributes: TypeAlias = Mapping[str, str]

#: What all the parts of a workbook may weigh, once inflated.
LARGEST_INSIDE: Final = 60 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS, MOST_SHEETS = 200_000, 250, 20
#: The headings stand in the first rows, below what an export says of itself.
LOOKED_AT: Final = 100
_PIECE: Final = 1 << 16

NOT_A_WORKBOOK = (
    "Ce fichier n’est pas un classeur Excel (.xlsx). Déposez le fichier tel que La Coop l’a donné."
)
PROTECTED = (
    "Ce classeur est protégé par un mot de passe, ou trop ancien (.xls). Ouvrez-le, puis "
    "enregistrez-le en .xlsx, sans mot de passe."
)
TOO_LARGE = (
    "Ce classeur est trop volumineux une fois ouvert. Exportez-le en plusieurs fois, sur des "
    "périodes plus courtes."
)
TOO_MANY_ROWS = (
    "Ce classeur a plus de 200 000 lignes. Exportez-le en plusieurs fois, sur des périodes plus "
    "courtes."
)
TOO_MANY_COLUMNS = (
    "Ce classeur a plus de 250 colonnes. Déposez le fichier tel que La Coop l’a donné."
)
DAMAGED = "Ce classeur est abîmé : la lecture s’arrête en chemin. Exportez-le à nouveau."

#: How a file begins that is older than XLSX, or behind a password.
_OLE = b"\xd0\xcf\x11\xe0"
_ZERO, _ZERO_1904 = date(1899, 12, 30), date(1904, 1, 1)
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\b|(\d{4})-(\d\d)-(\d\d)(?!\d)", re.ASCII)
#: Days of a workbook, before the year 9999 however they are counted.
_LAST_DAY = 2_950_000


class WorkbookError(ValueError):
    """Say in French why a workbook cannot be read, and what to do."""


@dataclass(frozen=True, slots=True)
class Table:
    """Be the wanted columns of one sheet."""

    #: The wanted headings that stand in it.
    columns: frozenset[str]
    #: Each line below them: heading → cell; an empty cell is absent. Raises WorkbookError too.
    rows: Iterator[Mapping[str, Cell]]
    #: Its days are counted from 1904, as some computers do.
    since_1904: bool = False

    def day(self, cell: Cell | None) -> date | None:
        """Read a day: as workbooks count them, or written `31/12/2026`, `2026-12-31 10:00`."""
        if isinstance(cell, float):
            zero = _ZERO_1904 if self.since_1904 else _ZERO
            return zero + timedelta(int(cell)) if 1 <= cell < _LAST_DAY else None
        found = _DAY.match(cell.strip()) if cell else None
        if found is None:
            return None
        year, month, day = (found[3], found[2], found[1]) if found[1] else found.group(4, 5, 6)
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            return None


def folded(heading: str) -> str:
    """Return a heading without what people change: case, accents, spaces, apostrophes."""
    plain = unicodedata.normalize("NFKD", heading.casefold())
    return "".join(sign for sign in plain if sign.isalnum())


def read_table(
    content: bytes, wanted: Collection[str], least: Collection[frozenset[str]]
) -> Table | None:
    """Return the first sheet that has one of the `least` sets of headings, reduced to `wanted`.

    None without such a sheet. What stands in another column is dropped as it is met.
    """
    book = _Book(content)
    names = {folded(name): name for name in wanted}
    for sheet in book.sheets:
        for rank, row in enumerate(islice(book.rows(sheet), LOOKED_AT)):
            found: dict[str, int] = {}
            for column, cell in row.items():
                if name := names.get(folded(str(cell)[:100])):
                    found.setdefault(name, int(column))
            if any(one <= set(found) for one in least):
                below = islice(book.rows(sheet, found), rank + 1, None)
                return Table(frozenset(found), below, book.since_1904)
    return None


class _Book:
    """Open a workbook and know its sheets."""

    def __init__(self, content: bytes) -> None:
        if content.startswith(_OLE):
            raise WorkbookError(PROTECTED)
        try:
            self._archive = ZipFile(BytesIO(content))
        except (BadZipFile, ValueError, OSError):
            raise WorkbookError(NOT_A_WORKBOOK) from None
        parts = self._archive.infolist()
        if not any(part.filename == "xl/workbook.xml" for part in parts):
            raise WorkbookError(NOT_A_WORKBOOK)
        if sum(part.file_size for part in parts) > LARGEST_INSIDE:  # nothing is read beyond it
            raise WorkbookError(TOO_LARGE)
        listed, named = _Elements("sheet", "workbookPr"), _Elements("Relationship")
        self._read("xl/workbook.xml", listed)
        self._read("xl/_rels/workbook.xml.rels", named)
        targets = {one.get("Id", ""): one.get("Target", "") for one in named.found["Relationship"]}
        asked = [targets.get(_id_of(one), "") for one in listed.found["sheet"]]
        # Where each sheet stands, in the order of the workbook.
        self.sheets = list(dict.fromkeys(_path(target) for target in asked if target))[:MOST_SHEETS]
        options = listed.found["workbookPr"]
        self.since_1904 = any(one.get("date1904") in ("1", "true") for one in options)
        self._strings = _Strings()
        if any(part.filename == "xl/sharedStrings.xml" for part in parts):
            self._read("xl/sharedStrings.xml", self._strings)

    def rows(
        self, sheet: str, wanted: Mapping[str, int] | None = None
    ) -> Iterator[Mapping[str, Cell]]:
        """Yield the rows of a sheet: by column number, or by heading when some are wanted."""
        names = {column: name for name, column in wanted.items()} if wanted else None
        taken = _Rows(self._strings.texts, names)
        for _ in self._pieces(sheet, taken):
            yield from taken.done
            taken.done.clear()

    def _read(self, part: str, taken: _Taken) -> None:
        for _ in self._pieces(part, taken):
            pass

    def _pieces(self, part: str, taken: _Taken) -> Iterator[None]:
        """Parse a part piece by piece, and pause after each."""
        parser = expat.ParserCreate()  # a DOCTYPE is refused, and every entity with it
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse
        parser.StartElementHandler = taken.start
        parser.EndElementHandler = taken.end
        parser.CharacterDataHandler = taken.text
        try:
            with self._archive.open(part) as file:
                while piece := file.read(_PIECE):
                    parser.Parse(piece, False)
                    yield
                parser.Parse(b"", True)
                yield
        except _BROKEN as error:
            raise WorkbookError(DAMAGED) from error


#: What a damaged or a contrived workbook raises while it is read.
_BROKEN = (
    BadZipFile,
    EOFError,
    IndexError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    expat.ExpatError,
    zlib.error,
)


class _Taken:
    """Take what is wanted of a part while it is parsed."""

    def start(self, name: str, attributes: Attributes) -> None:
        """Meet the beginning of an element."""

    def end(self, name: str) -> None:
        """Meet its end."""

    def text(self, text: str) -> None:
        """Meet words."""


class _Elements(_Taken):
    """Take the attributes of some elements."""

    def __init__(self, *names: str) -> None:
        self.found: dict[str, list[Attributes]] = {name: [] for name in names}

    def start(self, name: str, attributes: Attributes) -> None:
        if (local := _local(name)) in self.found:
            self.found[local].append(dict(attributes))


class _Strings(_Taken):
    """Take the texts that cells name by their rank."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._parts: list[str] = []
        self._is_open = self._is_spoken = False

    def start(self, name: str, attributes: Attributes) -> None:  # noqa: ARG002
        local = _local(name)
        if local == "si":
            self._parts = []
        elif local == "rPh":  # how a Japanese text is spoken
            self._is_spoken = True
        elif local == "t":
            self._is_open = not self._is_spoken

    def end(self, name: str) -> None:
        local = _local(name)
        if local == "si":
            self.texts.append("".join(self._parts))
        elif local == "rPh":
            self._is_spoken = False
        elif local == "t":
            self._is_open = False

    def text(self, text: str) -> None:
        if self._is_open:
            self._parts.append(text)


@dataclass
class _Rows(_Taken):
    """Take the rows of a sheet, and of each the wanted columns."""

    strings: Sequence[str]
    #: Heading by column; None takes every column, by its number.
    names: Mapping[int, str] | None
    done: list[dict[str, Cell]] = field(default_factory=list)
    _count: int = 0
    _row: dict[str, Cell] = field(default_factory=dict)
    _column: int = -1
    _kind: str = "n"
    _is_wanted: bool = False
    _parts: list[str] = field(default_factory=list)
    _is_open: bool = False

    def start(self, name: str, attributes: Attributes) -> None:
        local = _local(name)
        if local == "row":
            self._count += 1
            if self._count > MOST_ROWS:
                raise WorkbookError(TOO_MANY_ROWS)
            self._row, self._column = {}, -1
        elif local == "c":
            self._column = _column(attributes.get("r", ""), self._column + 1)
            if self._column >= MOST_COLUMNS:
                raise WorkbookError(TOO_MANY_COLUMNS)
            self._is_wanted = self.names is None or self._column in self.names
            self._kind, self._parts = attributes.get("t", "n"), []
        elif local in ("v", "t"):  # a formula itself, `f`, is never read
            self._is_open = self._is_wanted

    def end(self, name: str) -> None:
        local = _local(name)
        if local in ("v", "t"):
            self._is_open = False
        elif local == "c" and self._is_wanted and self._parts:
            cell = self._cell("".join(self._parts))
            if cell != "":
                self._row[self.names[self._column] if self.names else str(self._column)] = cell
        elif local == "row":
            self.done.append(self._row)

    def text(self, text: str) -> None:
        if self._is_open:
            self._parts.append(text)

    def _cell(self, written: str) -> Cell:
        if self._kind == "s":
            return self.strings[_index(written)]
        if self._kind != "n":
            return "" if self._kind in ("e", "b") else written
        try:
            return float(written)
        except ValueError:
            return written


def _refuse(*_: object) -> None:
    raise WorkbookError(DAMAGED)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _id_of(sheet: Attributes) -> str:
    return next((value for name, value in sheet.items() if name.endswith(":id")), "")


def _path(target: str) -> str:
    return target[1:] if target.startswith("/") else f"xl/{target}"


def _index(written: str) -> int:
    if not (written.isascii() and written.strip().isdigit()) or len(written) > 9:
        raise IndexError(written)
    return int(written)


def _column(reference: str, following: int) -> int:
    """Return the number of a column: `C12` → 2; the one that follows when it is not said."""
    letters = reference[:4].rstrip("0123456789")
    if not (letters.isascii() and letters.isalpha()):
        return following
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - 64
    return number - 1
