"""The page of a coordinateur: the frozen results of the structures that opened them."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, abort, render_template, request, send_file

from app.campaigns.periods import first_day
from app.indicators.charts import share_chart
from app.indicators.consolidated import Consolidated, Line, consolidated
from app.indicators.reading import sentence_of
from app.organisations.guard import reserved_to
from app.organisations.roles import COORDINATEUR
from app.organisations.sessions import current_member
from app.scoring import IN_SHORT, METHODS
from app.web.current import database, today
from app.web.sheets import CSV, ODS, TABLEUR, XLSX, Row, Sheet, csv_file, ods, xlsx
from app.web.typography import month

HEADINGS = (
    "Critère",
    "Indicateur",
    "Méthode",
    "Questionnaire",
    "Structure",
    "Période",
    "Arrêté jusqu’à",
    "n",
    "Ce qui s’écrit",
)
TOGETHER = "Ensemble ({} structures comptées sur {})"
TYPES = {"csv": CSV, "xlsx": XLSX, "ods": ODS}


def routes(parent: Blueprint) -> None:
    """Add the page and its files."""
    parent.add_url_rule("/consolide", view_func=consolide)
    for kind in TYPES:
        parent.add_url_rule(
            f"/consolide/resultats.{kind}", view_func=resultats, defaults={"kind": kind}
        )


@reserved_to(COORDINATEUR)
def consolide() -> str | tuple[str, int]:
    """Show each indicator of a fixed period, structure by structure and added up."""
    problem = ""
    try:
        shown = _read(request.args.get("periode", ""))
    except ValueError as error:
        problem, shown = str(error), _read("")
    page = render_template(
        "indicators/consolide.html",
        shown=shown,
        problem=problem,
        word_of=_word_of,
        sentence_of=sentence_of,
        share_chart=share_chart,
        METHODS=METHODS,
        IN_SHORT=IN_SHORT,
    )
    return (page, 422) if problem else page


@reserved_to(COORDINATEUR)
def resultats(kind: str) -> Response:
    """Send the same figures for a spreadsheet."""
    try:
        shown = _read(request.args.get("periode", ""))
    except ValueError:
        abort(404)
    if shown.period is None:
        abort(404)
    rows = [HEADINGS, *_rows(shown)]
    sheet = Sheet("Résultats", rows)
    file = csv_file(rows, TABLEUR) if kind == "csv" else {"xlsx": xlsx, "ods": ods}[kind]([sheet])
    name = f"resultats-{shown.period.written}.{kind}"
    return send_file(file, TYPES[kind], as_attachment=True, download_name=name)


def _read(written: str) -> Consolidated:
    return consolidated(database(), current_member().id, written, today())


def _rows(shown: Consolidated) -> Iterator[Row]:
    for block in shown.blocks:
        for ways in block.indicators.values():
            for way in ways:
                line = shown.lines[way.figure.measure.key]
                for said in _said(shown, line):
                    measure = way.figure.measure
                    yield (
                        block.criterion.title.fr,
                        measure.indicator.title.fr,
                        METHODS[measure.method].name,
                        way.questionnaire,
                        *said,
                    )


def _said(shown: Consolidated, line: Line) -> Iterator[Row]:
    """Yield what is said of each structure, then of all: whose, when, until when, n, the words."""
    title = shown.period.title if shown.period else ""
    for structure, one in line.figures:
        figure = one.measured.figure
        n = None if one.reason else figure.n
        yield structure.name, title, _word_of(one.last_month), n, one.reason or figure.display
    if line.together:
        name = TOGETHER.format(line.counted, len(shown.structures))
        yield name, title, "", line.together.figure.n, line.together.figure.display


def _word_of(written: str) -> str:
    return month(first_day(written))
