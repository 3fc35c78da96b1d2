"""From a sentence to what it stands on: the questions asked, the counts, the rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.documents.section import Trace
from app.scoring import IN_SHORT
from app.scoring.sentences import spaced, whole
from app.web.typography import number, plural, typographic
from app.wording.bank import WHEN
from app.wording.said import counts_of, movement_words, share_of

if TYPE_CHECKING:
    from app.indicators.queries import Measured
    from app.scoring import Figure, Measure


def trace_of(measured: Measured, *, received: int | None = None) -> Trace:
    """Lead from a figure to what it stands on; of a hidden one, only to its questions."""
    figure = measured.figure
    measure, is_hidden = figure.measure, bool(figure.visibility.hidden)
    return Trace(
        indicator=measure.indicator.id,
        measure=measure.key,
        title=title_of(measured),
        figure=spaced(figure.visibility.hidden or numbers_of(figure)),
        counts="" if is_hidden else spaced(counted(figure, received)),
        questionnaire=typographic(measured.questionnaire),
        versions=(),
        questions=questions_of(measure),
        rule=measure.explanation(),
        cautions=() if is_hidden else tuple(IN_SHORT[code] for code in figure.warnings),
    )


def title_of(measured: Measured) -> str:
    """Name a figure among others: its indicator, and its moments when there are several."""
    title = typographic(measured.figure.measure.indicator.title.fr)
    return f"{title} ({measured.moments})" if measured.moments else title


def questions_of(measure: Measure) -> tuple[str, ...]:
    """Return the exact words of each question; « avant » is asked in other words in method B."""
    items = (*measure.asked, *(measure.earlier if measure.told_at_once else ()))
    return tuple(dict.fromkeys(typographic(item.posed.text.fr) for item in items))


def numbers_of(figure: Figure) -> str:
    """Write the counts of a figure that may be shown, alone: « 43 sur 58 »."""
    if counts := counts_of(figure):
        return movement_words(counts)
    share = share_of(figure)
    return f"{whole(share.k)} sur {whole(share.n)}" if share else figure.display


def base_of(figure: Figure, received: int | None) -> str:
    """Write what a figure stands on, for a margin: « 58 réponses sur 61 reçues »."""
    base = plural(figure.n, figure.measure.unit)
    if received is None or received <= figure.n:
        return base
    if figure.measure.unit == "réponse":
        return f"{base} sur {number(received)} reçues"
    who = "suivies" if figure.measure.from_wave else f"qui ont répondu{_when(figure)}"
    return f"{base} sur {number(received)} {who}"


def _when(figure: Figure) -> str:
    """Write at which moment, where a questionnaire has several: « à la fin »."""
    when = WHEN.get(figure.measure.to_wave, "")
    return f" {when}" if when else ""


def counted(figure: Figure, received: int | None) -> str:
    """Say how many answers count: « 58 réponses valables sur 61 reçues »."""
    unit = figure.measure.unit
    if received is None or received <= figure.n:
        return plural(figure.n, unit)
    if unit == "réponse":
        valid = plural(figure.n, "réponse valable", "réponses valables")
        return f"{valid} sur {number(received)} reçues"
    people = plural(figure.n, "personne")
    if figure.measure.from_wave:
        return f"{people} sur {number(received)} qui ont répondu aux deux moments"
    return f"{people} sur {number(received)} qui ont répondu{_when(figure)}"
