"""A figure told in a section: its sentence, its margin, its drawings, where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, cast

from app.documents.section import Badge, Finding, Headline, Passage
from app.questionnaires.formulas import (
    Conjunction,
    Contribution,
    Formula,
    Mean,
    MultiplePart,
    Part,
    Progression,
    Tasks,
    Typology,
)
from app.scoring import IN_SHORT, METHODS
from app.scoring.disclosure import MEANS, PERCENTAGES
from app.scoring.sentences import capital, decimal, signed, spaced
from app.wording.bank import FIRST
from app.wording.drawn import drawings_of
from app.wording.limits import SENTENCES, limits
from app.wording.said import opening, told
from app.wording.tracing import base_of, trace_of

if TYPE_CHECKING:
    from app.indicators.queries import Measured
    from app.scoring import Figure
    from app.scoring.intervals import Interval

__all__ = ["drawings_of", "finding", "headline", "limits", "prominence", "trace_of"]

#: Said once for the whole section (`limits`), by the badge, or by the margin in its own words.
SAID_ELSEWHERE: Final = frozenset({"W_TAUX", "W_PROFIL", "W_PETIT_N", *SENTENCES})
#: What makes a headline before what details it.
IN_ORDER: Final[Sequence[type[Formula]]] = (
    Progression, Conjunction, Mean, Part, MultiplePart, Tasks, Typology, Contribution
)  # fmt: skip
#: Moments of an apparié questionnaire, those that are told first at the head.
MOMENTS: Final = (("entree", "sortie"), ("", "sortie"), ("entree", "suivi"))


def finding(
    measured: Measured,
    *,
    evolution: str = "",
    received: int | None = None,
    is_drawn: bool = True,
) -> Finding:
    """Tell one figure."""
    figure = measured.figure
    measure = figure.measure
    said = told(figure)
    return Finding(
        passage=Passage(f"constat:{measure.indicator.id}:{measure.key}", said.whole, said.lead),
        badge=Badge(measure.method, METHODS[measure.method].name),
        margin=tuple(spaced(words) for words in _margin(figure, received)),
        drawings=drawings_of(measured) if is_drawn else (),
        trace=trace_of(measured, received=received),
        evolution=evolution,
    )


def headline(measured: Measured) -> Headline | None:
    """Return a figure as a sentence that opens the section; None where nothing supports it."""
    measure = measured.figure.measure
    said = opening(measured.figure)
    if said is None:
        return None
    slot = f"phrase:{measure.indicator.id}:{measure.key}"
    return Headline(Passage(slot, said.whole, said.lead), trace_of(measured))


def prominence(measured: Measured) -> tuple[int | str, ...]:
    """Return a key that puts what is told first at the head."""
    figure = measured.figure
    measure = figure.measure
    name, moments = measure.indicator.id, (measure.from_wave, measure.to_wave)
    size = 0 if figure.n >= MEANS else 1
    return (
        2 if figure.visibility.hidden else size,
        FIRST.index(name) if name in FIRST else len(FIRST),
        IN_ORDER.index(type(measure.indicator.formula)),
        MOMENTS.index(moments) if moments in MOMENTS else len(MOMENTS),
        measure.method,
        -figure.n,
        measure.key,
    )


def _margin(figure: Figure, received: int | None) -> Iterator[str]:
    """Yield what makes a figure precise: n, difference, one caution; nothing when hidden."""
    if figure.visibility.hidden:
        return
    yield f"n\u00a0= {base_of(figure, received)}"
    yield from _difference(figure)
    yield from list(_cautions(figure))[:1]


def _cautions(figure: Figure) -> Iterator[str]:
    """Yield what the whole section does not say already, what changes the reading most first."""
    if not figure.visibility.percentages and figure.n >= PERCENTAGES:
        yield "On écrit des nombres, pas un pourcentage : il manque encore des réponses."
    for code in figure.warnings:
        if code not in SAID_ELSEWHERE:
            yield f"{capital(IN_SHORT[code])}."


def _difference(figure: Figure) -> Iterator[str]:
    """Yield the mean difference with its interval, and the means that no drawing shows."""
    values = figure.values
    if not figure.visibility.means:
        return
    if (average := values.get("mean")) is not None:
        yield f"Moyenne {decimal(cast('float', average))} sur 100"
    interval = cast("Interval | None", values.get("delta_ci"))
    if interval is None:
        return
    delta, tasks = cast("float", values["delta"]), values.get("tasks")
    decimals = 0 if tasks is None else 1
    low, high = (signed(end, decimals) for end in interval)
    if tasks is not None:
        before, after = (cast("float", values[moment]) for moment in ("before", "after"))
        several = "s" if before >= 2 else ""
        yield (
            f"En moyenne {decimal(before)} démarche{several} sur {tasks} sans aide avant, "
            f"{decimal(after)} maintenant"
        )
    points = "" if tasks is not None else " point" if abs(round(delta)) < 2 else " points"
    yield f"Écart {signed(delta, decimals)}{points}, entre {low} et {high}"
