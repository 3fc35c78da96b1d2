"""Figures as a table for a spreadsheet: only what may be shown, and what it stands on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import IO, TYPE_CHECKING

from app.indicators.reading import sentence_of
from app.scoring import IN_SHORT, METHODS
from app.web.sheets import CSV, ODS, TABLEUR, XLSX, Row, Sheet, csv_file, ods, xlsx
from app.web.typography import months, plural

if TYPE_CHECKING:
    from app.indicators.comparison import Comparison
    from app.indicators.queries import Measured
    from app.indicators.selection import Selection

#: By the name of a file: its type, and whether it is a workbook.
FORMATS = {"csv": CSV, "xlsx": XLSX, "ods": ODS}

HEADINGS = (
    "Code",
    "Indicateur",
    "Questionnaire",
    "Moments",
    "Méthode",
    "n",
    "Unité",
    "Favorables",
    "Part (%)",
    "Part : entre (%)",
    "Part : et (%)",
    "Moyenne avant (sur 100)",
    "Moyenne après (sur 100)",
    "Écart",
    "Écart : entre",
    "Écart : et",
    "Ce qui s’écrit",
    "Évolution",
    "Marge indicative (points)",
    "Précautions",
    "Comment c’est calculé",
)


def written(
    found: Sequence[Measured],
    about: Sequence[Row],
    comparison: Comparison | None,
    kind: str,
) -> IO[bytes]:
    """Write figures, below or beside what they stand on; `kind` is a key of FORMATS."""
    rows = (HEADINGS, *(_row(one, comparison) for one in found))
    if kind == "csv":
        return csv_file((*about, (), *rows), TABLEUR)
    sheets = (Sheet("Indicateurs", rows), Sheet("À lire", (("À lire", ""), *about)))
    return xlsx(sheets) if kind == "xlsx" else ods(sheets)


def about(
    organisation: str, selection: Selection, day: date, state: str, waiting: int = 0
) -> Iterator[Row]:
    """Yield what the table is: whose, what was looked at, when, and whether it may still change."""
    period = selection.period
    yield "Structure", organisation
    yield "Période", months(period.first_day, period.last_month)
    yield "Campagnes", ", ".join(one.title for one in selection.campaigns) or "toutes"
    yield "Lieux", ", ".join(lieu.title for lieu in selection.lieux) or "tous"
    yield "Écrit le", day
    yield "État", state
    if waiting:
        said = plural(waiting, "réponse d’aujourd’hui", "réponses d’aujourd’hui")
        yield "Pas encore comptées", f"{said} : demain, ou dès que cinq attendent"
    yield (
        "Petits nombres",
        "Ce que trop peu de personnes ont dit n’est pas écrit : on pourrait les reconnaître.",
    )


def _row(measured: Measured, comparison: Comparison | None) -> Row:
    figure = measured.figure
    measure, shown = figure.measure, figure.visibility
    told = not shown.hidden
    lead, rest = sentence_of(figure) if told else (shown.hidden, "")
    return (
        measure.indicator.id,
        measure.indicator.title.fr,
        measured.questionnaire,
        measured.moments,
        f"{measure.method}, {METHODS[measure.method].name}",
        figure.n if shown.counts else None,
        f"{measure.unit}s",
        figure.share.k if shown.counts and figure.share else None,
        *_share(measured),
        *_means(measured),
        lead + rest,
        comparison.sentence(figure) if told and comparison else "",
        _tenth(100 * figure.margin) if shown.percentages and figure.margin is not None else None,
        ", ".join(IN_SHORT[code] for code in figure.warnings) if told else "",
        measure.explanation(),
    )


def _share(measured: Measured) -> tuple[float | None, float | None, float | None]:
    """Return a share and its interval, out of 100; nothing below the threshold."""
    figure = measured.figure
    if not figure.visibility.percentages or figure.share is None:
        return None, None, None
    interval = figure.share.interval
    if interval is None:
        return None, None, None
    fraction = float(figure.share.fraction)
    return _tenth(100 * fraction), _tenth(100 * interval.low), _tenth(100 * interval.high)


def _means(measured: Measured) -> tuple[float | None, ...]:
    """Return two means, their difference and its interval; nothing below the threshold."""
    values = measured.figure.values
    interval = values.get("delta_ci")
    if not measured.figure.visibility.means or "tasks" in values or not isinstance(interval, tuple):
        return (None,) * 5
    three = (values["before"], values["after"], values["delta"])
    return tuple(_tenth(float(str(value))) for value in (*three, *interval))


def _tenth(value: float) -> float:
    return round(value, 1)
