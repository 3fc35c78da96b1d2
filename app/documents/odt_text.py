"""A text document under way: paragraphs with named styles, columns, tables, pictures.

Every style has a name that is kept in `templates/documents/odt-styles.xml`, so that somebody who
edits the document changes a style and not each paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple, cast

from odfdo import (
    Container,
    Document,
    Element,
    Frame,
    Header,
    Paragraph,
    Section,
    Span,
    Styles,
)

from app.campaigns.printing import direction
from app.documents.manuscript import LONGEST_BLOCK, Cell, Column, Run, Style

if TYPE_CHECKING:
    from app.documents.illustrations import Illustration

#: What XML cannot hold: control characters, halves of pairs, two that are no characters.
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: In rows: a table that is never cut.
SHORT_TABLE = 6
#: The rule of a quote, once its words go from right to left.
_RULE_AT_RIGHT = {
    "fo:padding-left": "0mm",
    "fo:padding-right": "4mm",
    "fo:border-left": "none",
    "fo:border-right": "1.6pt solid #e0a526",
}


class Shade(NamedTuple):
    """Be a named style that one place changes."""

    style: str
    #: Stays with the paragraph that follows.
    keeps: bool
    #: `rtl`: written from right to left; `right`: our words under such a paragraph.
    side: str
    #: Takes the whole width of its column.
    is_narrow: bool
    #: Begins the next column.
    opens_column: bool = False


class OdtManuscript:
    """Write paragraph after paragraph into the body of a document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._into: Element = document.body
        styles = cast("Styles", document.get_part("styles.xml"))
        self._keeping = _keeping(styles)
        self._shades: dict[Shade, str] = {}
        self._columns: dict[float, str] = {}
        self._numbers = {"Figure": 0, "Table": 0}
        self._tables = self._sections = 0
        #: Paragraphs of the block under way.
        self._block: list[tuple[Element, Shade]] | None = None
        self._is_narrow = False

    @property
    def takes_columns(self) -> bool:
        """Tell whether columns may begin here: anywhere."""
        return True

    def say(
        self, style: Style, *runs: Run | str, said_by_people: bool = False, under: str = "",
        in_next_column: bool = False,
    ) -> None:  # fmt: skip
        """Write a paragraph; what people said goes in the direction of their writing.

        `under` are the words that it stands under: it goes as they do. A paragraph may be asked
        to begin the next column.
        """
        paragraph = Paragraph()
        text = _filled(paragraph, runs)
        leading = under or (text if said_by_people else "")
        turned = "right" if under else "rtl"
        side = turned if direction(leading) == "rtl" else ""
        self._placed(paragraph, style.odt, side, in_next_column=in_next_column)

    def head(
        self, level: int, text: str, style: Style | None = None, *, in_next_column: bool = False
    ) -> None:
        """Write a heading, at the top of the next column when that is asked."""
        named = "Titre_20_en_20_colonne" if in_next_column else f"Heading_20_{level}"
        self._placed(Header(level, cleaned(text)), style.odt if style else named)

    def caption(
        self, sequence: str, label: str, *texts: str, before: Sequence[Run] = ()
    ) -> tuple[int, ...]:
        """Write numbered captions on a line: « Figure 1. Score moyen ». Return their numbers."""
        paragraph, ranks = Paragraph(), []
        _filled(paragraph, before)
        for text in texts:
            self._numbers[sequence] += 1
            ranks.append(self._numbers[sequence])
            if len(ranks) > 1:
                paragraph.append(Element.from_tag("text:tab"))
            paragraph.append_plain_text(f"{label}\u00a0")
            paragraph.append(_number(sequence, ranks[-1]))
            paragraph.append_plain_text(cleaned(f". {text}"))
        self._placed(paragraph, Style.CAPTION.odt)
        return tuple(ranks)

    def pictures(self, *shown: Illustration) -> None:
        """Show pictures that stand in a line, with what they say for who does not see them."""
        paragraph = Paragraph()
        for rank, one in enumerate(shown):
            if rank:
                paragraph.append(Element.from_tag("text:tab"))
            width, height = (f"{length}mm" for length in one.size)
            frame = Frame.image_frame(
                self._held(one), name=one.drawing.name, style="Graphics", size=(width, height),
                anchor_type="as-char",
            )  # fmt: skip
            frame.svg_title = cleaned(one.drawing.caption)
            frame.svg_description = cleaned(one.drawing.spoken)
            paragraph.append(frame)
        self._placed(paragraph, Style.PICTURE.odt)

    def listed(self, items: Sequence[str]) -> None:
        """Write a numbered list."""
        listing = Element.from_tag("text:list")
        listing.set_attribute("text:style-name", "Actions")
        outer, self._into = self._into, listing
        for item in items:
            self._into = Element.from_tag("text:list-item")
            listing.append(self._into)
            self.say(Style.ITEM, item, said_by_people=True)
        self._into = outer
        outer.append(listing)

    def table(
        self, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], name: str, about: str
    ) -> None:
        """Write a table whose first row names the columns, on each page where it goes on."""
        self._tables += 1
        style = "Petit-tableau" if len(rows) <= SHORT_TABLE else "Tableau"
        table = _tag("table:table", name=f"{name} {self._tables}", style_name=style)
        described = Element.from_tag("table:desc")
        described.text = cleaned(about)
        table.append(described)
        for column in columns:
            style = self._columns.setdefault(column.width, f"Colonne{len(self._columns) + 1}")
            table.append(_tag("table:table-column", style_name=style))
        headings = Element.from_tag("table:table-header-rows")
        cells = [Cell(((Style.CELL_HEADING, column.heading),)) for column in columns]
        headings.append(self._row(cells, "Cellule-titre"))
        table.append(headings)
        for row in rows:
            table.append(self._row(row, "Cellule"))
        self._into.append(table)

    def columns(self, *, is_narrow: bool = False) -> AbstractContextManager[None]:
        """Write in two columns; styles that leave a margin on a page leave none in a narrow one."""
        return self._in_columns("Deux-colonnes", is_narrow=is_narrow)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Keep on one page all that is written meanwhile, where it fits."""
        block: list[tuple[Element, Shade]] = []
        self._block = block
        yield
        self._block = None
        signs = sum(len(paragraph.inner_text) for paragraph, _ in block)
        if signs <= LONGEST_BLOCK:
            for paragraph, shade in block[:-1]:
                self._styled(paragraph, shade._replace(keeps=True))
        for paragraph, shade in block[-1:]:
            self._styled(paragraph, shade._replace(keeps=False))

    def automatic_styles(self) -> Iterator[Element]:
        """Yield the styles that only places of this document need."""
        for shade, name in self._shades.items():
            yield _shade(name, shade)
        for width, name in self._columns.items():
            style = _named(name, "table-column")
            style.append(
                _with("style:table-column-properties", {"style:column-width": f"{width}mm"})
            )
            yield style

    @contextmanager
    def _in_columns(self, style: str, *, is_narrow: bool) -> Iterator[None]:
        self._sections += 1
        section = Section(style=style, name=f"Colonnes {self._sections}")
        outer, self._into, self._is_narrow = self._into, section, is_narrow
        yield
        self._into, self._is_narrow = outer, False
        if section.children:
            outer.append(section)

    def _held(self, shown: Illustration) -> str:
        """Put a picture in the document, and return its address."""
        path = f"Pictures/{shown.name}.png"
        cast("Container", self._document.container).set_part(path, shown.png)
        self._document.manifest.add_full_path(path, "image/png")
        return path

    def _placed(
        self, paragraph: Element, style: str, side: str = "", *, in_next_column: bool = False
    ) -> None:
        keeps = self._keeping.get(style, False)
        shade = Shade(style, keeps, side, self._is_narrow, in_next_column)
        self._styled(paragraph, shade)
        self._into.append(paragraph)
        if self._block is not None:
            self._block.append((paragraph, shade))

    def _styled(self, paragraph: Element, shade: Shade) -> None:
        """Give a paragraph its style, or the name of what differs from it."""
        name = shade.style
        if shade != Shade(name, self._keeping.get(name, False), "", False):
            name = self._shades.setdefault(shade, f"P{len(self._shades) + 1}")
        paragraph.set_attribute("text:style-name", name)

    def _row(self, cells: Sequence[Cell], style: str) -> Element:
        row = _tag("table:table-row", style_name="Ligne")
        outer, block = self._into, self._block
        self._block = None
        for cell in cells:
            self._into = _tag("table:table-cell", style_name=style)
            self._into.set_attribute("office:value-type", "string")
            for named, text in cell.paragraphs:
                self.say(named, text, said_by_people=True)
            row.append(self._into)
        self._into, self._block = outer, block
        return row


@cache
def part_xml(name: str) -> bytes:
    """Return a part of the empty document: `styles`, `content` or `meta`."""
    return (files("app.documents") / "templates" / "documents" / f"odt-{name}.xml").read_bytes()


def cleaned(text: str) -> str:
    """Return a text without what a document cannot hold."""
    return _IMPOSSIBLE.sub("", text)


def _filled(paragraph: Paragraph, runs: Sequence[Run | str]) -> str:
    """Put runs in a paragraph, and return what it says."""
    said = ""
    for run in runs:
        text, style = (run, None) if isinstance(run, str) else run
        text = cleaned(text)
        said += text
        if style and text:
            paragraph.append(Span(text, style=style.odt))
        elif text:
            paragraph.append_plain_text(text)
    return said


def _number(sequence: str, rank: int) -> Element:
    """Return a number that a text editor counts again when captions move."""
    field = _with(
        "text:sequence",
        {
            "text:ref-name": f"ref{sequence}{rank - 1}",
            "text:name": sequence,
            "text:formula": f"ooow:{sequence}+1",
            "style:num-format": "1",
        },
    )
    field.text = str(rank)
    return field


def _tag(element: str, /, **attributes: str) -> Element:
    return _with(element, {f"table:{key.replace('_', '-')}": to for key, to in attributes.items()})


def _with(name: str, attributes: Mapping[str, str]) -> Element:
    element = Element.from_tag(name)
    for key, value in attributes.items():
        element.set_attribute(key, value)
    return element


def _named(name: str, family: str) -> Element:
    return _with("style:style", {"style:name": name, "style:family": family})


def _shade(name: str, shade: Shade) -> Element:
    properties = {"fo:keep-with-next": "always" if shade.keeps else "auto"}
    is_quote = shade.style in (Style.QUOTE.odt, Style.QUOTE_SOURCE.odt)
    if shade.side:
        properties |= {"fo:text-align": "right"} | (_RULE_AT_RIGHT if is_quote else {})
    if shade.side == "rtl":
        # Lines as high as the writing asks: ours are set for Latin letters. Margins stay: the
        # left one of such a paragraph is where its lines begin.
        properties |= {"style:writing-mode": "rl-tb", "fo:line-height": "100%"}
    elif shade.side and is_quote:
        properties |= {"fo:margin-left": "14mm", "fo:margin-right": "0.3mm"}
    if shade.is_narrow:
        properties["fo:margin-left" if shade.side == "right" else "fo:margin-right"] = "0mm"
    if shade.opens_column:
        properties["fo:break-before"] = "column"
    style = _named(name, "paragraph")
    style.set_attribute("style:parent-style-name", shade.style)
    style.append(_with("style:paragraph-properties", properties))
    return style


def _keeping(styles: Styles) -> dict[str, bool]:
    """Tell for each named style whether it stays with the paragraph that follows."""
    found: dict[str, bool] = {}
    for style in styles.get_elements("//office:styles/style:style[@style:family='paragraph']"):
        name, parent = (
            str(style.get_attribute(f"style:{key}") or "") for key in ("name", "parent-style-name")
        )
        properties = style.get_element("style:paragraph-properties")
        keeps = properties.get_attribute("fo:keep-with-next") if properties else None
        found[name] = keeps == "always" if keeps else found.get(parent, False)
    return found
