"""The documents of a bilan: a page to print, files to take away, and each of its pictures."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import IO, TYPE_CHECKING, Final, Literal, cast
from unicodedata import normalize

from flask import Blueprint, Response, abort, request, send_file

from app.bilan.frames import Frame
from app.bilan.queries import bilan_of
from app.bilan.sealing import section_of
from app.documents.printing import Links, page_of, write_pdf
from app.organisations.access import note_mine
from app.organisations.guard import reserved_to
from app.organisations.roles import TEAM
from app.organisations.sessions import current_reach
from app.responses.rollups import fold_if_needed
from app.web.current import database, keys, today
from app.web.sheets import CSV, ODS, XLSX

if TYPE_CHECKING:
    from uuid import UUID

    from app.bilan.models import Bilan
    from app.documents.section import Drawing, Section

Numbers = Literal["ods", "xlsx", "csv"]
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DOCUMENTS: Final = {
    "odt": "application/vnd.oasis.opendocument.text",
    "docx": DOCX,
    "pdf": "application/pdf",
}
FIGURES: Final = {"ods": ODS, "xlsx": XLSX, "csv": CSV}
PICTURES: Final = {"svg": "image/svg+xml", "png": "image/png"}
#: Signs of the name of a structure that a file name keeps.
LONGEST = 40


@dataclass(frozen=True, slots=True)
class Read:
    """Be a section as it stands today, and how a file that holds it is called."""

    section: Section
    name: str


def routes(parent: Blueprint) -> None:
    """Add what a bilan gives to print and to take away."""
    one = "/bilan/<uuid:bilan_id>"
    parent.add_url_rule(f"{one}/imprimer", view_func=imprimer_bilan)
    for files, view, address in (
        (DOCUMENTS, telecharger_bilan, "section"),
        (FIGURES, chiffres_bilan, "chiffres"),
        (PICTURES, dessin_bilan, "images/<string:name>"),
    ):
        for kind in files:
            where, given = f"{one}/{address}.{kind}", {"kind": kind}
            parent.add_url_rule(where, view_func=cast("Callable[..., Response]", view),
                                defaults=given)  # fmt: skip


@reserved_to(*TEAM)
def imprimer_bilan(bilan_id: UUID) -> str:
    """Show the section as it is printed, with what it may be taken away as."""
    base = request.path.removesuffix("/imprimer")
    files = {kind: f"{base}/section.{kind}" for kind in DOCUMENTS}
    return page_of(_read(bilan_id).section, Links(base, **files))


@reserved_to(*TEAM)
def telecharger_bilan(bilan_id: UUID, kind: str) -> Response:
    """Send the section as a document: drawn once the database is left alone, then noted."""
    read = _read(bilan_id)
    content = written(read.section, kind)
    return _sent(BytesIO(content), DOCUMENTS[kind], f"{read.name}.{kind}")


@reserved_to(*TEAM)
def chiffres_bilan(bilan_id: UUID, kind: Numbers) -> Response:
    """Send the figures of the section, for a spreadsheet."""
    from app.documents.sheets import write_figures

    read = _read(bilan_id)
    file = write_figures(read.section, kind)
    return _sent(file, FIGURES[kind], f"{read.name}-chiffres.{kind}")


@reserved_to(*TEAM)
def dessin_bilan(bilan_id: UUID, name: str, kind: str) -> Response:
    """Send one drawing of the section; what is not drawn in it is not there."""
    from app.documents.drawn_files import png_of, svg_of

    read = _read(bilan_id)
    drawing = _drawing(read.section, name) or abort(404)
    content = svg_of(drawing).encode() if kind == "svg" else png_of(drawing)
    title = f"{read.name}-{_slug(name)}.{kind}"
    return send_file(
        BytesIO(content), mimetype=PICTURES[kind], as_attachment=True, download_name=title
    )


def file_name(bilan: Bilan, section: Section) -> str:
    """Name the files of a bilan: `bilan-qualitatif-2026-le-fil-numerique-provisoire`."""
    who = _slug(section.structure)[:LONGEST].strip("-")
    parts = ["bilan-qualitatif", _slug(Frame.of(bilan).title), who]
    if not section.standing.is_sealed:
        parts.append("provisoire")
    return "-".join(filter(None, parts))


def _read(bilan_id: UUID) -> Read:
    """Compose the section of a bilan within reach."""
    reach = current_reach()
    fold_if_needed(database(), reach.organisation_id)
    with database().reading() as session:
        bilan = bilan_of(session, reach, bilan_id) or abort(404)
        section = section_of(session, keys(), reach, bilan, today())
        return Read(section, file_name(bilan, section))


def written(section: Section, kind: str) -> bytes:
    """Write a document; the library of each is read when somebody asks for it."""
    if kind == "odt":
        from app.documents.odt import write_odt

        return write_odt(section)
    if kind == "docx":
        from app.documents.docx import write_docx

        return write_docx(section)
    return write_pdf(section)


def _drawing(section: Section, name: str) -> Drawing | None:
    return next((one for one in section.drawings if one.name == name), None)


def _sent(file: IO[bytes], mimetype: str, name: str) -> Response:
    with database().writing() as session:
        note_mine(session, "downloaded", name)
    return send_file(file, mimetype=mimetype, as_attachment=True, download_name=name)


def _slug(text: str) -> str:
    """Return a name in plain letters, which any machine keeps as it is."""
    plain = normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe")).encode("ascii", "ignore")
    return re.sub(r"[^a-z0-9]+", "-", plain.decode().replace("'", "-").lower()).strip("-")
