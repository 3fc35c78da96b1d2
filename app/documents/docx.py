"""A section as a Word document (.docx) that people edit, paste and sign."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.documents.docx_empty import empty_document
from app.documents.docx_text import DocxManuscript, dress, write_field
from app.documents.manuscript import Style
from app.documents.manuscript_body import write_section
from app.web.sheets import clean

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph

    from app.documents.section import Section


def write_docx(section: Section) -> bytes:
    """Return the section as a document that Word and LibreOffice open."""
    document = empty_document()
    sheet = DocxManuscript(document)
    write_section(sheet, section)
    if sheet.ends_in_table:
        # Word asks for a paragraph at the end: rather words than an empty one.
        sheet.say(Style.ANNEX, section.standing.words)
    _margins(document, section)
    _named(document, section)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _margins(document: WordDocument, section: Section) -> None:
    """Write the head and the foot of each page."""
    first = document.sections[0]
    place = f" · {section.place}" if section.place else ""
    head = _margin(first.header.paragraphs[0], "Header", f"{section.structure}{place}")
    head.add_run(clean(section.running_title))
    foot = _margin(first.footer.paragraphs[0], "Footer", section.standing.words)
    write_field(foot, "PAGE", "1", "Page")


def _margin(paragraph: Paragraph, style: str, left: str) -> Paragraph:
    dress(paragraph, style)
    paragraph.add_run(f"{clean(left)}\t")
    return paragraph


def _named(document: WordDocument, section: Section) -> None:
    """Say what the document is and whose, never what made it."""
    about = document.core_properties
    about.title = clean(section.heading)[:255]
    subject = (section.structure, section.place, section.running_title)
    about.subject = clean(", ".join(words for words in subject if words))[:255]
    about.author = about.last_modified_by = clean(section.structure)[:255]
    about.language = "fr-FR"
    about.created = about.modified = datetime.now(UTC)
    about.revision = 1
