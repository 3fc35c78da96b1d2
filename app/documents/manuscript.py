"""What a document is written with, whatever its format: styles, cells, and what writes them."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from app.documents.illustrations import Illustration

#: Wholly kept on one page, unless the block is longer than this, in signs: a longer one would
#: leave half a page empty before it.
LONGEST_BLOCK = 700


class Style(Enum):
    """Be a style that the templates define: its name in a text document, then in a Word one."""

    BODY = "Text_20_body", "BodyText"
    PROVISIONAL = "Provisoire", "Provisoire"
    OVER_QUOTE = "Surtitre", "Surtitre"
    TITLE_QUOTE = "Titre-citation", "Title"
    TITLE_SOURCE = "Source_20_du_20_titre", "SourceTitre"
    NUMBER = "Chiffre", "Chiffre"
    NUMBER_REST = "Chiffre_2c__20_suite", "ChiffreSuite"
    METHOD_HEADING = "Titre_20_de_20_la_20_méthode", "TitreMethode"
    METHOD = "Méthode", "Methode"
    CAUTION = "Prudence", "Prudence"
    FINDING = "Constat", "Constat"
    SECOND = "Second_20_constat", "SecondConstat"
    MARGIN = "Marge", "Marge"
    LEARNT = "Appris", "Appris"
    ITEM = "Action", "ListNumber"
    PICTURE = "Dessin", "Dessin"
    CAPTION = "Caption", "Caption"
    TABLE_CAPTION = "Caption", "LegendeTableau"
    QUOTE = "Quotations", "Quote"
    QUOTE_SOURCE = "Source_20_de_20_citation", "Source"
    GONE = "Citation_20_retirée", "CitationRetiree"
    ANNEX_TITLE = "Titre_20_d_27_annexe", "TitreAnnexe"
    ANNEX_HEADING = "Heading_20_2", "IntertitreAnnexe"
    ANNEX = "Annexe", "Annexe"
    CELL = "Table_20_Contents", "Cellule"
    CELL_HEADING = "Table_20_Heading", "CelluleTitre"
    CELL_NAME = "Tableau_2c__20_entrée", "CelluleEntree"
    CELL_NOTE = "Tableau_2c__20_note", "CelluleNote"
    ANNEX_CELL = "Tableau_2c__20_annexe", "CelluleAnnexe"
    ANNEX_CELL_NAME = "Tableau_2c__20_entrée_20_d_27_annexe", "EntreeAnnexe"
    #: Of signs, not of paragraphs.
    STRONG = "Strong_20_Emphasis", "Strong"
    BADGE = "Badge", "Badge"
    NOTE = "Note", "Note"

    def __init__(self, odt: str, docx: str) -> None:
        self.odt = odt
        self.docx = docx


class Run(NamedTuple):
    """Be a stretch of a paragraph, in the style of the paragraph or in its own."""

    text: str
    style: Style | None = None


class Column(NamedTuple):
    """Be a column of a table: its heading and its width in millimetres."""

    heading: str
    width: float


class Cell(NamedTuple):
    """Be a cell: paragraphs, each with its style."""

    paragraphs: tuple[tuple[Style, str], ...]


class Manuscript(Protocol):
    """Be a document under way, written paragraph after paragraph."""

    @property
    def takes_columns(self) -> bool:
        """Tell whether columns may begin here."""

    def say(
        self, style: Style, *runs: Run | str, said_by_people: bool = False, under: str = "",
        in_next_column: bool = False,
    ) -> None:  # fmt: skip
        """Write a paragraph; what people said goes in the direction of their writing.

        `under` are the words that it stands under: it goes as they do. A paragraph may be asked
        to begin the next column.
        """

    def head(
        self, level: int, text: str, style: Style | None = None, *, in_next_column: bool = False
    ) -> None:
        """Write a heading, at the top of the next column when that is asked."""

    def caption(
        self, sequence: str, label: str, *texts: str, before: Sequence[Run] = ()
    ) -> tuple[int, ...]:
        """Write numbered captions on a line: « Figure 1. Score moyen ». Return their numbers."""

    def pictures(self, *shown: Illustration) -> None:
        """Show pictures that stand in a line, with what they say for who does not see them."""

    def listed(self, items: Sequence[str]) -> None:
        """Write a numbered list, from 1."""

    def table(
        self, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], name: str, about: str
    ) -> None:
        """Write a table whose first row names the columns, on each page where it goes on."""

    def columns(self, *, is_narrow: bool = False) -> AbstractContextManager[None]:
        """Write in two columns; styles that leave a margin on a page leave none in a narrow one."""

    def together(self) -> AbstractContextManager[None]:
        """Keep on one page all that is written meanwhile, where it fits."""
