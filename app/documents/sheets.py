"""The figures of a section for a spreadsheet: its annex, its drawings, its quotes.

Nothing is computed: numbers are read again in what the annex writes, so that a sheet never says
more than the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Literal

from app.documents import words
from app.web.sheets import TABLEUR, Sheet, csv_file, ods, xlsx
from app.web.typography import NARROW, NO_BREAK

if TYPE_CHECKING:
    from app.documents.section import Drawing, Section, Trace
    from app.web.sheets import Row

FIGURES = (
    "Code",
    "Indicateur",
    "Questionnaire",
    "Versions",
    "Moments",
    "Méthode",
    "n",
    "Favorables",
    "Part (%)",
    "Part : entre (%)",
    "Part : et (%)",
    "Écart",
    "Écart : entre",
    "Écart : et",
    "Ce qui s’écrit",
    "Précautions",
    "Questions posées",
    "Comment c’est calculé",
    "Période",
    "État",
)
DRAWINGS = ("Graphique", "Titre", "Ligne", "Mesure", "Valeur")
QUOTES = ("Citation", "Signature", "Recueillie", "Où", "Accord", "Jusqu’au", "État")
SMALL = "Ce que trop peu de personnes ont dit n’est pas écrit : on pourrait les reconnaître."
GONE, SHOWN = "retirée à la demande de la personne", "accord en cours"

_WHOLE, _SIGNED = r"(\d[\d ]*)", r"([+-]?\d[\d ]*(?:,\d)?)"
_COUNT = re.compile(rf"^{_WHOLE} [^;,:]*?sur {_WHOLE}")
_SHARE = re.compile(rf"soit {_WHOLE} % \[{_WHOLE} ; {_WHOLE}\]")
_GAP = re.compile(rf"écart {_SIGNED} \[{_SIGNED} ; {_SIGNED}\]")
_NUMBER = re.compile(_SIGNED)


def write_figures(section: Section, kind: Literal["csv", "xlsx", "ods"]) -> IO[bytes]:
    """Write the figures of a section; as CSV, those of its annex alone."""
    figures = (FIGURES, *_figures(section))
    if kind == "csv":
        return csv_file(figures, TABLEUR)
    sheets = (
        Sheet("Chiffres", figures),
        Sheet("Graphiques", (DRAWINGS, *_drawings(section))),
        Sheet("Citations", (QUOTES, *_quotes(section))),
        Sheet("À lire", (("À lire", ""), *_about(section))),
    )
    return xlsx(sheets) if kind == "xlsx" else ods(sheets)


def _figures(section: Section) -> Iterator[Row]:
    traces = _traces(section)
    for row in section.annex.figures:
        found = traces.get(row.title, [])
        said = _plain(row.result)
        yield (
            row.code or _only({trace.indicator for trace in found}),
            row.title,
            row.questionnaire or _only({trace.questionnaire for trace in found}),
            row.versions,
            row.moments,
            row.method,
            _as_number(row.n),
            *_numbers(_COUNT, said)[:1],
            *_numbers(_SHARE, said),
            *_numbers(_GAP, said),
            row.result,
            row.cautions,
            row.questions,
            row.formula,
            section.method.period,
            section.standing.words,
        )


def _drawings(section: Section) -> Iterator[Row]:
    for rank, drawing in enumerate(section.drawings, 1):
        yield from _data(rank, drawing)


def _data(rank: int, drawing: Drawing) -> Iterator[Row]:
    if not drawing.table:
        return
    headings, *rows = drawing.table
    for label, *values in rows:
        for heading, value in zip(headings[1:], values, strict=False):
            yield f"Figure {rank}", drawing.caption, label, heading, _as_number(value)


def _quotes(section: Section) -> Iterator[Row]:
    places = words.places_of(section)
    for quote in section.quotes:
        if quote.id not in places:
            continue
        if quote.is_gone:
            yield "", "", "", places[quote.id], "", None, GONE
        else:
            yield (quote.text, quote.signature, quote.told, places[quote.id], quote.agreed,
                   quote.until, SHOWN)  # fmt: skip


def _about(section: Section) -> Iterator[Row]:
    """Yield what the tables are: whose, of which months, and whether they may still change."""
    yield "Structure", section.structure
    yield "Lieu", section.place or "toute la structure"
    yield "Période", section.method.period
    yield "État", section.standing.words
    if section.standing.since:
        yield "Depuis", section.standing.since
    if section.method.accompanied:
        yield "Personnes accompagnées", section.method.accompanied
    for source in section.method.sources:
        yield source.title, ", ".join(said for said in (source.received, source.margin) if said)
    if section.method.limits.text:
        yield "À lire avec prudence", section.method.limits.text
    yield "Petits nombres", SMALL
    yield from (*section.annex.methods, *section.annex.warnings, *section.unshown)
    for reference in section.annex.references:
        yield "Source", reference


def _traces(section: Section) -> dict[str, list[Trace]]:
    """Return where figures come from, by the title that the annex gives them."""
    traces: dict[str, list[Trace]] = {}
    told = [headline.trace for headline in section.headlines]
    for part in section.body:
        told += [finding.trace for finding in getattr(part, "findings", ())]
        told += [one.trace for one in getattr(part, "confronted", ()) if one.trace]
    for trace in told:
        traces.setdefault(trace.title, []).append(trace)
    return traces


def _only(values: set[str]) -> str:
    """Return the one value; nothing when it could be one or another."""
    return values.pop() if len(values) == 1 else ""


def _numbers(pattern: re.Pattern[str], said: str) -> tuple[int | float | None, ...]:
    found = pattern.search(said)
    return tuple(map(_number, found.groups())) if found else (None,) * pattern.groups


def _as_number(text: str) -> str | int | float:
    """Return what a cell holds: a number where the text is one."""
    number = _number(text)
    return text if number is None else number


def _number(text: str) -> int | float | None:
    """Read a number as it is written: « 1 240 », « −1,5 »; None when the text is something else."""
    plain = _plain(text)
    if not _NUMBER.fullmatch(plain):
        return None
    digits = plain.replace(" ", "").replace(",", ".")
    return float(digits) if "." in digits else int(digits)


def _plain(text: str) -> str:
    """Return a text with the spaces and the sign that programs know."""
    return text.replace(NARROW, " ").replace(NO_BREAK, " ").replace("−", "-")
