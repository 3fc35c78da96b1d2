"""A section as a text document (.odt) that people edit, paste and sign."""

from __future__ import annotations

import io
from typing import cast

from odfdo import Container, Document, Element, Span, Styles

from app.documents.manuscript_body import write_section
from app.documents.odt_text import OdtManuscript, cleaned, part_xml
from app.documents.section import Section

#: Folders of the library's own empty document that say where it was made.
_FOREIGN = ("Thumbnails/", "Configurations2/")


def write_odt(section: Section) -> bytes:
    """Return the section as a document that LibreOffice and Word open."""
    document = _empty()
    _margins(cast("Styles", document.get_part("styles.xml")), section)
    sheet = OdtManuscript(document)
    write_section(sheet, section)
    automatic = cast("Element", document.content.get_element("//office:automatic-styles"))
    for style in sheet.automatic_styles():
        automatic.append(style)
    _named(document, section)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _empty() -> Document:
    document = Document("text")
    container = cast("Container", document.container)
    for name in ("styles", "content", "meta"):
        container.set_part(f"{name}.xml", part_xml(name))
    for path in container.parts:
        if path.startswith(_FOREIGN):
            container.del_part(path)
    for path in document.manifest.get_paths():
        if path.startswith(_FOREIGN):
            document.manifest.del_full_path(path)
    return document


def _margins(styles: Styles, section: Section) -> None:
    """Write the head and the foot of each page."""
    head = cast("Element", styles.get_element("//style:header/text:p"))
    foot = cast("Element", styles.get_element("//style:footer/text:p"))
    place = f" · {section.place}" if section.place else ""
    for paragraph, left in ((head, f"{section.structure}{place}"), (foot, section.standing.words)):
        paragraph.append(Span(cleaned(left)))
        paragraph.append(Element.from_tag("text:tab"))
    head.append(Span(cleaned(section.running_title)))
    number = Element.from_tag("text:page-number")
    number.set_attribute("text:select-page", "current")
    number.text = "1"
    page = Span(style="Page")
    page.append(number)
    foot.append(page)


def _named(document: Document, section: Section) -> None:
    """Say what the document is, never who or what made it."""
    meta = document.meta
    meta.title = cleaned(section.heading)
    about = (section.structure, section.place, section.running_title)
    meta.subject = cleaned(", ".join(words for words in about if words))
    meta.language = "fr-FR"
    meta.generator = "Recueil"
