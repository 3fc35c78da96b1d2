"""What a document says in fewer words than a spreadsheet: the annex, and what is not shown.

The rows of the annex keep everything; on paper, questions that stand in a row already are named
by its number, warnings by a letter, and what is not shown is one paragraph.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from string import ascii_lowercase
from typing import TYPE_CHECKING, NamedTuple

from app.documents.section import Words
from app.scoring import IN_SHORT
from app.scoring.sentences import spaced
from app.web.typography import listing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.documents.section import Annex, AnnexRow, Drawing, Section

BETWEEN = " · "
#: In signs: what is not worth a reference.
SHORT = 30
#: For who computes: the spreadsheet keeps it.
EFFECT_SIZE = re.compile(r"\s?; taille d’effet [−\d,]+")
#: What a column of the table says already: n, and the method.
PLAIN = {
    IN_SHORT["W_PETIT_N"]: "n plus petit que 20",
    IN_SHORT["W_RETRO"]: "méthode B",
}
#: An interval where several results stand line by line: « 62 % à 78 % ».
INTERVAL = re.compile(r"\bentre (\d+\s%) et (\d+\s%)")
DOORS = "Réponses"
PARTNERS = "partenaires"
COLON = " : "
EVERYWHERE = "tous les chiffres"


class Warned(NamedTuple):
    """Be a warning: what stands for it in the table, its few words, what it means."""

    sign: str
    name: str
    meaning: str


class Numbers(NamedTuple):
    """Be the numbers of drawings that say the same things."""

    caption: str
    headings: tuple[str, ...]
    #: The name of each drawing, then its row.
    rows: tuple[tuple[str, tuple[str, ...]], ...]


def rows_of(section: Section) -> tuple[AnnexRow, ...]:
    """Return the rows of the table: without what is not shown, and without saying things twice."""
    hidden = {title for title, _ in section.unshown}
    kept = _short_titles([row for row in section.annex.rows if row.title not in hidden])
    signs = {one.name: one.sign for one in warned(section.annex)}
    told = [
        replace(
            row,
            cautions=_marks(row, signs),
            questions=questions,
            formula=formula,
            result=EFFECT_SIZE.sub("", row.result),
        )
        for row, questions, formula in zip(kept, _questions(kept), _formulas(kept), strict=True)
    ]
    if not any(_refers(row) for row in told):
        return tuple(told)
    return tuple(replace(row, title=f"{rank}. {row.title}") for rank, row in enumerate(told, 1))


def warned(annex: Annex) -> tuple[Warned, ...]:
    """Return each warning with what stands for it in the table: a letter, unless it is plain."""
    shown = [row for row in annex.rows if row.cautions]
    letters = iter(ascii_lowercase)
    found = []
    for name, meaning in annex.warnings:
        is_everywhere = bool(shown) and all(name in _cautions(row) for row in shown)
        sign = PLAIN.get(name) or (EVERYWHERE if is_everywhere else next(letters))
        found.append(Warned(sign, name, meaning))
    return tuple(found)


def laid_out(section: Section) -> Section:
    """Return a section whose annex says how many partners answered, where a figure already does."""
    if "annexe" in section.hidden_slots:
        return section
    moved = [part for part in section.body if isinstance(part, Words) and _counts_only(part)]
    if not moved:
        return section
    body = (
        replace(part, passage=replace(part.passage, proposed="")) if part in moved else part
        for part in section.body
    )
    told = (f"{part.title} : {part.passage.proposed}" for part in moved)
    references = (*section.annex.references, *map(spaced, told))
    return replace(section, body=tuple(body), annex=replace(section.annex, references=references))


def _counts_only(part: Words) -> bool:
    """Tell whether the text of partners is only how many answered, under what they said."""
    said = part.passage
    return part.slot == PARTNERS and bool(part.findings and said.text) and said.written is None


def brief(said: str) -> str:
    """Write the interval of a sentence in fewer signs."""
    return INTERVAL.sub(r"\1 à \2", said)


def unshown(section: Section) -> str:
    """Write what is not shown in one paragraph, by reason; empty when all is shown."""
    if "petits" in section.hidden_slots:
        return ""
    reasons: dict[str, list[str]] = {}
    for title, reason in section.unshown:
        reasons.setdefault(reason, []).append(title)
    return spaced(" ".join(_because(reason, titles) for reason, titles in reasons.items()))


def numbers_of(section: Section) -> tuple[Numbers, ...]:
    """Return what the drawings draw: those that say the same things share a table."""
    tables: dict[tuple[str, ...], list[tuple[str, tuple[str, ...]]]] = {}
    for title, drawing in _drawn(section):
        headings, *rows = drawing.table
        key = (f"{headings[-1]}{COLON}{drawing.caption.partition(',')[0]}", *(r[0] for r in rows))
        row = (title, *(numbers[-1] for numbers in rows))
        tables.setdefault(key, []).append((drawing.name, row))
    return tuple(
        Numbers(key[0].partition(COLON)[2], ("", *key[1:]), tuple(rows))
        for key, rows in tables.items()
    )


def _drawn(section: Section) -> Iterator[tuple[str, Drawing]]:
    if section.method.doors and "methode" not in section.hidden_slots:
        yield DOORS, section.method.doors
    for part in section.body:
        for finding in getattr(part, "findings", ()):
            for drawing in finding.drawings:
                if drawing.table:
                    yield part.title, drawing


def _short_titles(rows: Sequence[AnnexRow]) -> list[AnnexRow]:
    """Return rows without the moments that nothing else has to be told from."""
    short = [row.title.removesuffix(f" ({row.moments})") for row in rows]
    alike = Counter((title, row.method) for title, row in zip(short, rows, strict=True))
    return [
        replace(row, title=title) if alike[title, row.method] == 1 else row
        for title, row in zip(short, rows, strict=True)
    ]


def _because(reason: str, titles: Sequence[str]) -> str:
    said = reason[:1].upper() + reason[1:]
    named = [f"{title[:1].lower()}{title[1:]}" for title in titles]
    return f"{said} : {listing(named)}."


def _cautions(row: AnnexRow) -> list[str]:
    return row.cautions.split(", ") if row.cautions else []


def _marks(row: AnnexRow, signs: dict[str, str]) -> str:
    return ", ".join(sign for name in _cautions(row) if len(sign := signs.get(name, "")) == 1)


def _questions(rows: Sequence[AnnexRow]) -> Iterator[str]:
    """Yield the questions of each row; those of a row above, by its number."""
    above: list[list[str]] = []
    for row in rows:
        asked = row.questions.split(BETWEEN) if row.questions else []
        same = [rank for rank, one in enumerate(above, 1) if one and set(one) <= set(asked)]
        best = max(same, key=lambda rank: len(above[rank - 1]), default=0)
        above.append(asked)
        if not best:
            yield row.questions
            continue
        more = [one for one in asked if one not in above[best - 1]]
        yield BETWEEN.join([_as_in(best), *more])


def _formulas(rows: Sequence[AnnexRow]) -> Iterator[str]:
    """Yield how each row is computed; when that is long and stands above, by its number."""
    above: dict[str, int] = {}
    for rank, row in enumerate(rows, 1):
        first = above.setdefault(row.formula, rank)
        is_long = len(row.formula) > SHORT
        yield _as_in(first) if first < rank and is_long else row.formula


def _as_in(rank: int) -> str:
    return spaced(f"comme {rank}")


def _refers(row: AnnexRow) -> bool:
    return row.questions.startswith("comme ")
