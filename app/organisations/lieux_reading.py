"""Read a file of lieux tolerantly: what is understood is kept, the rest is named line by line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.organisations.lieux_schema import FIELDS, NAME, UnfitError, folded
from app.web.forms import clean
from app.web.sheets import restore

#: Heaviest file, and most lieux in it.
LARGEST_FILE = 2 * 1024 * 1024
MOST_LINES = 1_000
#: Most columns of a file, known or not.
MOST_COLUMNS = 200
#: Where services that publish data put the list.
_ENVELOPES = ("data", "results", "records", "lieux", "features")
#: Where they put the columns of one line.
_WRAPPINGS = ("fields", "properties")
#: Other names that people give to columns, without accents nor signs.
_ALIASES = {
    "siret": "pivot",
    "rna": "pivot",
    "lieu": "nom",
    "nomdulieu": "nom",
    "ville": "commune",
    "cp": "code_postal",
    "insee": "code_insee",
    "codecommune": "code_insee",
    "lat": "latitude",
    "lon": "longitude",
    "lng": "longitude",
    "tel": "telephone",
    "email": "courriels",
    "mail": "courriels",
    "courriel": "courriels",
    "siteinternet": "site_web",
    "site": "site_web",
}
_COLUMNS = (
    {folded(one.title): name for name, one in FIELDS.items()}
    | {folded(name): name for name in FIELDS}
    | _ALIASES
)


class LieuxFileError(ValueError):
    """Say in French why a whole file cannot be read, and what to do."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Name a line or a cell that is not kept, why, and what to do."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Understood:
    """Be one line as the schéma writes it; empty cells are left out."""

    line: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """Be what a file says: the lieux, and all that is not kept."""

    #: What one lieu is in this file: « ligne » or « fiche ».
    unit: str
    lieux: list[Understood] = field(default_factory=list)
    refused: list[Remark] = field(default_factory=list)
    set_aside: list[Remark] = field(default_factory=list)
    #: Columns that are none of the schéma's.
    unknown: list[str] = field(default_factory=list)

    def keep(self, line: int, cells: Mapping[str, str]) -> None:
        """Keep what is understood of one line; `cells` go by the name of the field."""
        values = {}
        for column, text in cells.items():
            try:
                if value := FIELDS[column].read(text):
                    values[column] = value
            except UnfitError as error:
                self._blame(line, column, text, str(error))
        if NAME in values:
            self.lieux.append(Understood(line, values))
        elif not cells.get(NAME):
            self.refused.append(
                Remark(line, NAME, "", "Le nom manque. Écrivez-le, puis importez encore.")
            )

    def _blame(self, line: int, column: str, text: str, reason: str) -> None:
        """Note a cell that is not understood: without its name, a lieu is lost with it."""
        (self.refused if column == NAME else self.set_aside).append(
            Remark(line, column, text[:80], reason)
        )


def read_lieux(content: bytes, most: int = LARGEST_FILE) -> Reading:
    """Read a CSV or a JSON of the schéma; refuse only what cannot be read at all."""
    if len(content) > most:
        raise LieuxFileError("Ce fichier pèse plus de 2 Mo. Coupez-le en plusieurs fichiers.")
    text = _decoded(content)
    reading = _read_json(text) if text[:1] in ("[", "{") else _read_csv(text)
    if not (reading.lieux or reading.refused):
        raise LieuxFileError("Ce fichier ne contient aucun lieu. Ajoutez une ligne par lieu.")
    return reading


def _decoded(content: bytes) -> str:
    if not content:
        raise LieuxFileError("Choisissez un fichier CSV ou JSON sur votre appareil.")
    if content.startswith(b"PK\x03\x04"):
        raise LieuxFileError(
            "C’est un classeur. Dans votre tableur, choisissez « Enregistrer sous », puis CSV."
        )
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    for attempt in (encoding, "cp1252"):
        try:
            text = content.decode(attempt)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text.strip()
    raise LieuxFileError(
        "Ce fichier n’est pas du texte. Envoyez un CSV ou un JSON du schéma des lieux."
    )


def _read_csv(text: str) -> Reading:
    lines = text.split("\n", 1)
    if lines[0].strip().lower().startswith("sep="):
        text = lines[-1]
    heading = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=heading.count)
    reading = Reading("ligne")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        columns = _columns(next(rows, []), reading)
        for line, row in enumerate(rows, 2):
            if line > MOST_LINES + 1:
                raise LieuxFileError(_too_many())
            if any(cell.strip() for cell in row):
                _keep_row(reading, line, columns, row)
    except csv.Error as error:
        raise LieuxFileError(
            f"Le tableau est brisé près de la ligne {rows.line_num} : un guillemet manque sans "
            "doute. Enregistrez-le de nouveau en CSV depuis votre tableur."
        ) from error
    return reading


def _keep_row(reading: Reading, line: int, columns: list[str], row: Sequence[str]) -> None:
    cells: dict[str, str] = {}
    for column, cell in zip(columns, row, strict=False):
        if column and not cells.get(column):
            cells[column] = restore(clean(cell))
    if any(cell.strip() for cell in row[len(columns) :]):
        reason = "Cette ligne a plus de cellules que de colonnes : vérifiez ses guillemets."
        reading.set_aside.append(Remark(line, "", row[len(columns)][:80], reason))
    reading.keep(line, cells)


def _columns(heading: Sequence[str], reading: Reading) -> list[str]:
    """Return the field of each column, empty for what the schéma does not know."""
    if len(heading) > MOST_COLUMNS:
        raise LieuxFileError(
            f"Ce fichier a {len(heading)} colonnes, {MOST_COLUMNS} au plus : "
            "gardez celles du schéma."
        )
    names = [clean(name) for name in heading]
    found = [_COLUMNS.get(folded(name), "") for name in names]
    reading.unknown.extend(
        name[:60] for name, column in zip(names, found, strict=True) if name and not column
    )
    if NAME not in found:
        there = ", ".join(f"« {name[:30]} »" for name in names[:6] if name)
        raise LieuxFileError(
            "Il manque la colonne « nom ». "
            + (f"La première ligne du fichier dit : {there}. " if there else "")
            + "Écrivez-y les noms des colonnes du schéma des lieux."
        )
    return found


def _read_json(text: str) -> Reading:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise LieuxFileError(
            "Ce JSON est brisé ou incomplet. Téléchargez-le de nouveau, puis envoyez-le."
        ) from error
    items = _listed(found)
    if len(items) > MOST_LINES:
        raise LieuxFileError(_too_many())
    reading = Reading("fiche")
    unknown: dict[str, None] = {}
    for line, item in enumerate(items, 1):
        if not isinstance(item, dict):
            reason = 'Ce n’est pas la fiche d’un lieu. Écrivez-la comme { "nom": "…" }.'
            reading.refused.append(Remark(line, "", "", reason))
            continue
        _keep_item(reading, line, item, unknown)
    reading.unknown.extend(list(unknown)[:MOST_COLUMNS])
    return reading


def _listed(found: Any) -> list[Any]:
    if isinstance(found, list):
        return found
    if isinstance(found, dict):
        for envelope in _ENVELOPES:
            if isinstance(found.get(envelope), list):
                return list(found[envelope])
        if NAME in found:
            return [found]
    raise LieuxFileError("Ce JSON ne contient pas de liste de lieux. Il commence par « [ ».")


def _keep_item(
    reading: Reading, line: int, item: Mapping[str, Any], unknown: dict[str, None]
) -> None:
    for wrapping in _WRAPPINGS:
        if isinstance(item.get(wrapping), dict):
            item = item[wrapping]
    cells: dict[str, str] = {}
    for name, value in item.items():
        column = _COLUMNS.get(folded(name))
        if column is None:
            unknown[str(clean(name))[:60]] = None
            continue
        text = _text(value)
        if text is None:
            reason = "Écrivez un texte, un nombre ou une liste."
            reading.set_aside.append(Remark(line, column, "", reason))
        elif not cells.get(column):
            cells[column] = text
    reading.keep(line, cells)


def _text(value: Any) -> str | None:
    """Return a value of JSON as a cell; None for what no cell holds."""
    if value is None:
        return ""
    if isinstance(value, list):
        parts = [_text(part) for part in value if not isinstance(part, list)]
        return "|".join(part for part in parts if part)
    if isinstance(value, bool | dict):
        return None
    return str(clean(str(value)))


def _too_many() -> str:
    return f"Ce fichier a plus de {MOST_LINES} lieux. Coupez-le en plusieurs fichiers."
