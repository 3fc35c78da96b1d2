"""The empty Word document that a bilan is written into: our styles, and nothing else in it."""

from __future__ import annotations

import io
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

from docx import Document

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_CORE, _APP = "docProps/core.xml", "docProps/app.xml"
_CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
_APP_TYPE = "application/vnd.openxmlformats-officedocument.extended-properties+xml"
#: Files of `templates/documents/docx`: what the document calls each, and its type.
_PARTS = {
    "document": ("officeDocument", "document.main"),
    "styles": ("styles", "styles"),
    "settings": ("settings", "settings"),
    "numbering": ("numbering", "numbering"),
    "fonts": ("fontTable", "fontTable"),
}


def empty_document() -> WordDocument:
    """Return a document of one A4 page, with our styles and no text."""
    return Document(io.BytesIO(_package()))


@cache
def _package() -> bytes:
    folder = files("app.documents") / "templates" / "documents" / "docx"
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", _content_types())
        package.writestr("_rels/.rels", _first_relations())
        package.writestr("word/_rels/document.xml.rels", _relations_of_document())
        package.writestr(_CORE, _core())
        package.writestr(_APP, _app())
        for name in _PARTS:
            package.writestr(f"word/{name}.xml", (folder / f"{name}.xml").read_bytes())
    return file.getvalue()


def _content_types() -> str:
    kinds = {f"/word/{name}.xml": f"{_WORD}.{kind}+xml" for name, (_, kind) in _PARTS.items()}
    kinds |= {f"/{_CORE}": _CORE_TYPE, f"/{_APP}": _APP_TYPE}
    parts = "".join(
        f'<Override PartName="{path}" ContentType="{kind}"/>' for path, kind in kinds.items()
    )
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/>{parts}</Types>'
    )


def _first_relations() -> str:
    return _relations(
        (f"{_OFFICE}/officeDocument", "word/document.xml"),
        (f"{_PACKAGE}/relationships/metadata/core-properties", _CORE),
        (f"{_OFFICE}/extended-properties", _APP),
    )


def _relations_of_document() -> str:
    return _relations(
        *(
            (f"{_OFFICE}/{relation}", f"{name}.xml")
            for name, (relation, _) in _PARTS.items()
            if name != "document"
        )
    )


def _relations(*targets: tuple[str, str]) -> str:
    written = "".join(
        f'<Relationship Id="rId{rank}" Type="{kind}" Target="{target}"/>'
        for rank, (kind, target) in enumerate(targets, 1)
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{written}</Relationships>'


def _core() -> str:
    return (
        f'{_XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"/>'
    )


def _app() -> str:
    return (
        f'{_XML}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
        'extended-properties"><Application>Recueil</Application></Properties>'
    )
