"""A Word document under way: paragraphs with named styles, columns, tables, pictures.

Every style has its name in `templates/documents/docx/styles.xml`, so that somebody who edits the
document changes a style and not each paragraph.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from typing import TYPE_CHECKING, cast

from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.table import CT_Tbl
from docx.oxml.text.paragraph import CT_P
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from app.campaigns.printing import direction
from app.documents.manuscript import LONGEST_BLOCK, Cell, Column, Run, Style
from app.web.sheets import clean

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.oxml.section import CT_SectPr
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.text.run import Run as WordRun

    from app.documents.illustrations import Illustration

#: Styles that have another for what is written from right to left.
MIRRORED = {Style.QUOTE.docx: "QuoteRtl", Style.QUOTE_SOURCE.docx: "SourceRtl"}
#: Between two columns, in millimetres.
BETWEEN = 9
#: Twentieths of a point in a millimetre, in which Word counts.
_MILLIMETRE = 1440 / 25.4


class DocxManuscript:
    """Write paragraph after paragraph into a document."""

    def __init__(self, document: WordDocument) -> None:
        self._document = document
        self._body = document.element.body
        self._numbers = {"Figure": 0, "Table": 0}
        self._tables = self._lists = 0
        #: Paragraphs of the block under way.
        self._block: list[Paragraph] | None = None
        self._is_narrow = False

    @property
    def takes_columns(self) -> bool:
        """Tell whether columns may begin here: not after a table."""
        return not self.ends_in_table

    @property
    def ends_in_table(self) -> bool:
        """Tell whether a table was written last: columns and the end ask for a paragraph."""
        return isinstance(self._last(), CT_Tbl)

    def say(
        self, style: Style, *runs: Run | str, said_by_people: bool = False, under: str = "",
        in_next_column: bool = False,
    ) -> None:  # fmt: skip
        """Write a paragraph; what people said goes in the direction of their writing.

        `under` are the words that it stands under: it goes as they do. A paragraph may be asked
        to begin the next column.
        """
        text = "".join(run if isinstance(run, str) else run.text for run in runs)
        is_rtl = said_by_people and direction(text) == "rtl"
        named = style.docx
        if direction(under) == "rtl":
            named = MIRRORED.get(named, named)
        paragraph = self._paragraph(named, is_rtl=is_rtl)
        if in_next_column:
            paragraph.add_run().add_break(WD_BREAK.COLUMN)
        self._filled(paragraph, runs, is_rtl=is_rtl)

    def head(
        self, level: int, text: str, style: Style | None = None, *, in_next_column: bool = False
    ) -> None:
        """Write a heading, at the top of the next column when that is asked."""
        paragraph = self._paragraph(style.docx if style else f"Heading{level}")
        if in_next_column:
            paragraph.add_run().add_break(WD_BREAK.COLUMN)
            paragraph.paragraph_format.space_before = Mm(0)
        self._filled(paragraph, [text])

    def caption(
        self, sequence: str, label: str, *texts: str, before: Sequence[Run] = ()
    ) -> tuple[int, ...]:
        """Write numbered captions on a line: « Figure 1. Score moyen ». Return their numbers."""
        style = Style.CAPTION if sequence == "Figure" else Style.TABLE_CAPTION
        paragraph = self._paragraph(style.docx)
        self._filled(paragraph, before)
        ranks = []
        for text in texts:
            self._numbers[sequence] += 1
            ranks.append(self._numbers[sequence])
            paragraph.add_run(f"\t{label}\u00a0" if len(ranks) > 1 else f"{label}\u00a0")
            write_field(paragraph, f"SEQ {sequence} \\* ARABIC", str(ranks[-1]))
            self._filled(paragraph, [f". {text}"])
        return tuple(ranks)

    def pictures(self, *shown: Illustration) -> None:
        """Show pictures that stand in a line, with what they say for who does not see them."""
        paragraph = self._paragraph(Style.PICTURE.docx)
        for rank, one in enumerate(shown):
            if rank:
                paragraph.add_run("\t")
            width, height = one.size
            shape = paragraph.add_run().add_picture(io.BytesIO(one.png), Mm(width), Mm(height))
            # The library has no other road to what describes it, nor to the space around it.
            inline = shape._inline
            for side in "TBLR":
                inline.set(f"dist{side}", "0")
            inline.docPr.set("name", clean(one.drawing.name))
            inline.docPr.set("title", clean(one.drawing.caption))
            inline.docPr.set("descr", clean(one.drawing.spoken))

    def listed(self, items: Sequence[str]) -> None:
        """Write a numbered list, from 1."""
        self._lists += 1
        number = 1 if self._lists == 1 else self._restarted()
        for item in items:
            paragraph = self._paragraph(Style.ITEM.docx, is_rtl=direction(item) == "rtl")
            if number != 1:
                properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
                properties.get_or_add_ilvl().val = 0
                properties.get_or_add_numId().val = number
            self._filled(paragraph, [item])

    def table(
        self, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], name: str, about: str
    ) -> None:
        """Write a table whose first row names the columns, on each page where it goes on."""
        self._tables += 1
        table = _table(columns, f"{name} {self._tables}", about)
        self._body.insert_element_before(table, "w:sectPr")
        headings = [Cell(((Style.CELL_HEADING, column.heading),)) for column in columns]
        short = len(rows) <= 5
        for rank, row in enumerate([headings, *rows]):
            self._row(table, columns, row, is_first=not rank, keeps=short and rank < len(rows))
        self._block = None if self._block is None else []

    @contextmanager
    def columns(self, *, is_narrow: bool = False) -> Iterator[None]:
        """Write in two columns; styles that leave a margin on a page leave none in a narrow one.

        Both ends of columns stand in a paragraph: none may begin or end after a table.
        """
        self._break(count=1)
        self._is_narrow = is_narrow
        yield
        self._is_narrow = False
        self._break(count=2)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Keep on one page all that is written meanwhile, where it fits."""
        block: list[Paragraph] = []
        self._block = block
        yield
        block, self._block = self._block, None
        if sum(len(paragraph.text) for paragraph in block) <= LONGEST_BLOCK:
            for paragraph in block[:-1]:
                paragraph.paragraph_format.keep_with_next = True
        for paragraph in block[-1:]:
            paragraph.paragraph_format.keep_with_next = False

    def _paragraph(self, style: str, *, is_rtl: bool = False) -> Paragraph:
        paragraph = Paragraph(self._body.add_p(), self._document._body)
        _dress(paragraph, style, is_rtl=is_rtl)
        if self._is_narrow:
            layout = paragraph.paragraph_format
            if style == MIRRORED[Style.QUOTE_SOURCE.docx]:
                layout.left_indent = Mm(0)
            else:
                layout.right_indent = Mm(0)
        if self._block is not None:
            self._block.append(paragraph)
        return paragraph

    def _filled(
        self, paragraph: Paragraph, runs: Sequence[Run | str], *, is_rtl: bool = False
    ) -> None:
        for run in runs:
            text, style = (run, None) if isinstance(run, str) else run
            written = clean(text)
            if written:
                _run(paragraph, written, style.docx if style else "", is_rtl=is_rtl)

    def _row(
        self, table: CT_Tbl, columns: Sequence[Column], row: Sequence[Cell], *,
        is_first: bool, keeps: bool,
    ) -> None:  # fmt: skip
        element = table.add_tr()
        properties = element.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if is_first:
            properties.append(OxmlElement("w:tblHeader"))
        for column, cell in zip(columns, row, strict=True):
            one = element.add_tc()
            one.width = Mm(column.width)
            for inner in list(one.p_lst):
                one.remove(inner)
            for style, text in cell.paragraphs:
                paragraph = Paragraph(one.add_p(), self._document._body)
                is_rtl = direction(text) == "rtl"
                _dress(paragraph, style.docx, is_rtl=is_rtl)
                if keeps:
                    paragraph.paragraph_format.keep_with_next = True
                self._filled(paragraph, [text], is_rtl=is_rtl)

    def _break(self, *, count: int) -> None:
        """End a section of so many columns with the paragraph written last."""
        last = self._last()
        if not isinstance(last, CT_P) or last.pPr is None:
            raise AssertionError("columns begin and end after a paragraph")
        current = cast("CT_SectPr", self._body.sectPr)
        ended = deepcopy(current)
        _columns(ended, count)
        last.pPr.append(ended)
        _columns(current, 1)
        kind = current.get_or_add_type()
        kind.set(qn("w:val"), "continuous")

    def _last(self) -> BaseOxmlElement | None:
        children = [child for child in self._body if child.tag != qn("w:sectPr")]
        return cast("BaseOxmlElement", children[-1]) if children else None

    def _restarted(self) -> int:
        number = self._document.part.numbering_part.element.add_num(1)
        number.add_lvlOverride(0).add_startOverride(1)
        return int(number.numId)


def write_field(paragraph: Paragraph, instruction: str, shown: str, style: str = "") -> None:
    """Write a field that Word counts again: a page, a figure; `shown` is what it says today."""
    for kind in ("begin", "", "separate", "shown", "end"):
        run = _run(paragraph, shown if kind == "shown" else "", style)
        if kind == "shown":
            continue
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = f" {instruction} "
        run._r.append(mark)


def dress(paragraph: Paragraph, style: str) -> None:
    """Give a paragraph a style, by its id."""
    _dress(paragraph, style, is_rtl=False)


def _dress(paragraph: Paragraph, style: str, *, is_rtl: bool) -> None:
    properties = paragraph._p.get_or_add_pPr()
    properties.style = MIRRORED.get(style, style) if is_rtl else style
    if is_rtl and style not in MIRRORED:
        # `spacing` and what follows it come after: the order is part of the format.
        properties.insert_element_before(
            OxmlElement("w:bidi"), "w:spacing", "w:ind", "w:jc", "w:outlineLvl", "w:sectPr"
        )


def _run(paragraph: Paragraph, text: str, style: str = "", *, is_rtl: bool = False) -> WordRun:
    run = paragraph.add_run(text)
    if style:
        run._r.get_or_add_rPr().style = style
    if is_rtl:
        run.font.rtl = True
    return run


def _columns(section: CT_SectPr, count: int) -> None:
    columns = section.find(qn("w:cols"))
    if columns is None:
        raise AssertionError("every section of ours says its columns")
    columns.set(qn("w:num"), str(count))
    columns.set(qn("w:space"), str(round(BETWEEN * _MILLIMETRE)))


def _table(columns: Sequence[Column], name: str, about: str) -> CT_Tbl:
    """Return a table without rows, with its name and what it holds for who does not see it."""
    width = sum(column.width for column in columns)
    table = CT_Tbl.new_tbl(0, 0, Mm(width))
    properties = table.tblPr
    for child in list(properties):
        properties.remove(child)
    for tag, attributes in (
        ("w:tblStyle", {"val": "Tableau"}),
        ("w:tblW", {"w": str(round(width * _MILLIMETRE)), "type": "dxa"}),
        ("w:tblLayout", {"type": "fixed"}),
        ("w:tblLook", {"val": "0020", "firstRow": "1", "lastRow": "0", "firstColumn": "0",
                       "lastColumn": "0", "noHBand": "1", "noVBand": "1"}),
        ("w:tblCaption", {"val": clean(name)}),
        ("w:tblDescription", {"val": clean(about)}),
    ):  # fmt: skip
        element = OxmlElement(tag)
        for key, value in attributes.items():
            element.set(qn(f"w:{key}"), value)
        properties.append(element)
    for column in columns:
        table.tblGrid.add_gridCol().w = Mm(column.width)
    return table
