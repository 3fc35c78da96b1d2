"""The drawings of a figure, with the words above them and the numbers that they draw."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.documents.section import Drawing
from app.indicators.charts import Bar, Circles, Dumbbell, dumbbell, share_chart
from app.scoring.disclosure import PERCENTAGES
from app.scoring.sentences import capital, signed, spaced
from app.web.typography import number, plural

if TYPE_CHECKING:
    from app.indicators.queries import Measured
    from app.scoring import Figure

#: Signs of the key of a measure that tell two ways of asking the same thing apart.
SIGNS = 6


def drawings_of(measured: Measured) -> tuple[Drawing, ...]:
    """Return one drawing, where rule 11 allows it: of the means, or of the counts.

    The sentence gives the three counts of a movement: from 20 people on, the means are drawn.
    """
    figure = measured.figure
    if figure.visibility.hidden:
        return ()
    every = tuple(_drawings(figure))
    return every[-1:] if figure.n >= PERCENTAGES else every[:1]


def name_of(figure: Figure) -> str:
    """Name a figure so that a file can be called so: `autonomie-progression-b-7c2f91`."""
    measure = figure.measure
    written = measure.indicator.id.replace(".", "-").replace("_", "-")
    return f"{written}-{measure.method.lower()}-{measure.key[:SIGNS]}"


def _drawings(figure: Figure) -> Iterator[Drawing]:
    name = name_of(figure)
    if chart := share_chart(figure):
        yield Drawing(f"{name}-personnes", _caption(figure, chart), chart, _counts(figure))
    if means := dumbbell(figure):
        asked = plural(len(figure.measure.items), "question")
        yield Drawing(f"{name}-moyennes", f"Score moyen de 0 à 100, {asked}", means, _means(means))


def _caption(figure: Figure, chart: Bar | Circles) -> str:
    unit = figure.measure.unit
    return f"Chaque rond est une {unit}" if isinstance(chart, Circles) else f"Nombre de {unit}s"


def _counts(figure: Figure) -> tuple[tuple[str, ...], ...]:
    headings = ("Résultat", f"{capital(figure.measure.unit)}s")
    rows = ((capital(part.label), number(part.count)) for part in figure.parts)
    return (headings, *rows)


def _means(means: Dumbbell) -> tuple[tuple[str, ...], ...]:
    bracket = f"entre {signed(means.low)} et {signed(means.high)}"
    return (
        ("Moment", "Score moyen"),
        ("Avant", number(means.before)),
        ("Maintenant", number(means.after)),
        ("Écart", spaced(f"{signed(means.after - means.before)} ({bracket})")),
    )
