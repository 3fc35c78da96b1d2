"""The annex of a document: where each figure comes from, as real tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from app.documents import shortened, words
from app.documents.manuscript import Cell, Column, Run, Style
from app.documents.section import AnnexRow, Section
from app.documents.words import lines_of
from app.web.typography import NO_BREAK, long_date

if TYPE_CHECKING:
    from app.documents.manuscript import Manuscript

FIGURES = tuple(map(Column, words.FIGURE_COLUMNS, (28, 48, 34, 41, 9, 11)))
QUOTES = tuple(map(Column, words.QUOTE_COLUMNS, (55, 37, 45, 34)))
#: In millimetres: of a table, of its first column at least, of a column of numbers at most.
WIDTH, NAME, NUMBER = 171, 45, 34


def write_annex(sheet: Manuscript, section: Section, figures: Mapping[str, int]) -> None:
    """Write the annex on a page of its own; where nothing was told, only what to refer to."""
    annex = section.annex
    quotes = _quotes(section)
    rows = shortened.rows_of(section)
    if rows or section.unshown or quotes or figures:
        sheet.head(1, words.ANNEX, Style.ANNEX_TITLE)
    if rows:
        sheet.say(Style.ANNEX, words.introduction(rows))
        sheet.table(FIGURES, [_row(row) for row in rows], "Chiffres", words.INTRODUCTION)
    write_unshown(sheet, section)
    _meanings(sheet, words.METHODS, annex.methods)
    warned = [(one.sign, one.meaning) for one in shortened.warned(annex)]
    _meanings(sheet, words.WARNINGS, warned)
    if quotes:
        sheet.head(2, words.QUOTES, Style.ANNEX_HEADING)
        sheet.table(QUOTES, quotes, "Citations", words.QUOTES)
    _data(sheet, section, figures)
    references = [one for one in (*annex.references, section.standing.since) if one]
    if references:
        sheet.head(2, words.SOURCES, Style.ANNEX_HEADING)
    for reference in references:
        sheet.say(Style.ANNEX, reference)


def write_unshown(sheet: Manuscript, section: Section) -> None:
    """Name the figures that may not be shown, by reason."""
    unshown = shortened.unshown(section)
    if unshown:
        sheet.head(2, words.UNSHOWN, Style.ANNEX_HEADING)
        sheet.say(Style.ANNEX, unshown)


def _meanings(sheet: Manuscript, title: str, pairs: Sequence[tuple[str, str]]) -> None:
    if pairs:
        sheet.head(2, title, Style.ANNEX_HEADING)
    for name, meaning in pairs:
        sheet.say(Style.ANNEX, Run(name, Style.STRONG), f"{NO_BREAK}: {meaning}")


def _row(row: AnnexRow) -> list[Cell]:
    questions = [(Style.ANNEX_CELL, line) for line in lines_of(row.questions)]
    return [
        Cell(((Style.ANNEX_CELL_NAME, row.title),)),
        Cell(tuple(questions) or ((Style.ANNEX_CELL, words.NOTHING),)),
        Cell(((Style.ANNEX_CELL, row.formula),)),
        Cell(((Style.ANNEX_CELL, words.result_of(row)),)),
        Cell(((Style.ANNEX_CELL, row.n),)),
        Cell(((Style.ANNEX_CELL, row.method),)),
    ]


def _quotes(section: Section) -> list[tuple[Cell, ...]]:
    """Say of each quote where it stands, what was agreed, and until when."""
    places = words.places_of(section)
    return [
        (
            Cell(((Style.ANNEX_CELL_NAME, words.beginning(quote)), (Style.CELL_NOTE, quote.told))),
            Cell(((Style.ANNEX_CELL, places[quote.id]),)),
            Cell(((Style.ANNEX_CELL, quote.agreed),)),
            Cell(((Style.ANNEX_CELL, long_date(quote.until)),)),
        )
        for quote in section.quotes
        if not quote.is_gone and quote.id in places
    ]


def _data(sheet: Manuscript, section: Section, figures: Mapping[str, int]) -> None:
    """Write the numbers of the drawings; those that say the same things share a table."""
    tables = [
        (one, [(name, row) for name, row in one.rows if name in figures])
        for one in shortened.numbers_of(section)
    ]
    shown = [(one, rows) for one, rows in tables if rows]
    if shown:
        sheet.head(2, words.DATA, Style.ANNEX_HEADING)
    for one, rows in shown:
        sheet.caption("Table", "Tableau", one.caption)
        cells = [_numbers(row, figures[name]) for name, row in rows]
        sheet.table(_number_columns(one.headings[1:]), cells, "Données", one.caption)


def _numbers(row: Sequence[str], figure: int) -> list[Cell]:
    title, *numbers = row
    return [
        Cell(((Style.ANNEX_CELL_NAME, words.drawn_of(title, figure)),)),
        *(Cell(((Style.ANNEX_CELL, text or words.NOTHING),)) for text in numbers),
    ]


def _number_columns(headings: Sequence[str]) -> list[Column]:
    """Share the width: what remains beside the names goes to the numbers."""
    width = round(min(NUMBER, (WIDTH - NAME) / len(headings)), 1)
    first = round(WIDTH - width * len(headings), 1)
    return [Column(words.DRAWN, first), *(Column(heading, width) for heading in headings)]
