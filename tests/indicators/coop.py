"""La Coop's export of activities, as its own worksheet is laid out."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import xlsxwriter

#: Every heading, in the order of the export.
HEADINGS = (
    "Date",
    "Enregistré le",
    "Dernière modification le",
    "Type",
    "Participants",
    "Bénéficiaire",
    "Canaux d’accompagnement",
    "Nom du lieu",
    "Adresse",
    "Commune",
    "Code postal",
    "Code Insee",
    "Durée (min)",
    "Nom de l’atelier",
    "Matériel numérique utilisé",
    "Thématique(s) d’accompagnement",
    "Tags",
    "Nom de la démarche administrative",
    "Niveau d’autonomie (ou de l’atelier)",
    "Bénéficiaire réorienté",
    "Structure de redirection",
    "Commune du bénéficiaire",
    "Code postal du bénéficiaire",
    "Code Insee du bénéficiaire",
    "Genre du bénéficiaire",
    "Tranche d’âge du bénéficiaire",
    "Statut du bénéficiaire",
    "Notes supplémentaires",
    "ID CRA",
)
NAMELESS = "Bénéficiaire anonyme"
#: What the export says of itself, above its table.
ABOUT = (
    ("Informations export",),
    ("Nom", "Prigent"),
    ("Prénom", "Inès"),
    ("Date d’export", "22/11/2026"),
    ("Filtres",),
    ("Période", "-"),
    ("Lieux d’accompagnement", "-"),
    ("",),
)


def activity(name: str = "", day: Any = date(2026, 3, 10), **cells: Any) -> dict[str, Any]:
    """Return one row of the export; `cells` are named by the beginning of a heading."""
    row = {
        "Date": day,
        "Type": "Accompagnement individuel",
        "Participants": 1,
        "Bénéficiaire": name or NAMELESS,
        "Genre du bénéficiaire": "Non communiqué",
        "Tranche d’âge du bénéficiaire": "Non communiqué",
        "Statut du bénéficiaire": "Non communiqué ou hétérogène",
    }
    known = {"genre": HEADINGS[24], "age": HEADINGS[25], "statut": HEADINGS[26],
             "lieu": "Nom du lieu", "notes": "Notes supplémentaires",
             "participants": "Participants", "cra": "ID CRA"}  # fmt: skip
    return row | {known[name]: value for name, value in cells.items()}


def export(
    rows: Iterable[Mapping[str, Any]],
    headings: Sequence[str] = HEADINGS,
    about: Iterable[Sequence[str]] = ABOUT,
    sheet: str = "Activités",
    before: Sequence[str] = (),
) -> bytes:
    """Write a workbook of activities; `before` names empty sheets that come first."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    for name in before:
        book.add_worksheet(name).write_string(0, 0, "Rien ici")
    page = book.add_worksheet(sheet)
    days = book.add_format({"num_format": "dd/mm/yyyy"})
    number = -1
    for number, line in enumerate(about):
        page.write_row(number, 0, line)
    page.write_row(number + 1, 0, headings)
    for rank, row in enumerate(rows, number + 2):
        for column, heading in enumerate(headings):
            cell = row.get(heading)
            if isinstance(cell, date):
                page.write_datetime(rank, column, cell, days)
            elif cell is not None:
                page.write(rank, column, cell)
    book.close()
    return file.getvalue()
