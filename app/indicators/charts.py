"""Which drawing says a figure honestly, by the number of people behind it.

Below 20 people each one is a circle; from 20 a bar; two means, from 10, are a dumbbell. What
rule 11 hides is not drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from app.scoring import Figure
from app.scoring.intervals import Interval
from app.web.typography import number

CIRCLES_BELOW = 20

#: Dark = now or yes; pale = the same; sand = beside; hatched = less.
FILLS = {"progress": "g-1", "stable": "g-2", "decline": "g-3"}
IN_ORDER = ("g-1", "g-2", "g-fond", "g-3")


@dataclass(frozen=True, slots=True)
class Segment:
    """Be one stretch of a bar, from `start` over `width` per cent."""

    fill: str
    label: str
    count: int
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Bar:
    """Draw parts that add up."""

    segments: tuple[Segment, ...]
    spoken: str


@dataclass(frozen=True, slots=True)
class Circles:
    """Draw one circle a person: the honest drawing of a small number."""

    k: int
    n: int
    spoken: str


@dataclass(frozen=True, slots=True)
class Dumbbell:
    """Draw two means on 0–100, and the interval of their difference set from « avant »."""

    before: float
    after: float
    low: float
    high: float
    first_word: str
    last_word: str
    spoken: str

    @property
    def difference(self) -> str:
        """Write the difference with its sign: « +25 »."""
        return _signed(self.after - self.before)

    @property
    def bracket(self) -> str:
        """Write the interval of the difference: « entre +20 et +30 »."""
        return f"entre {_signed(self.low)} et {_signed(self.high)}"

    @property
    def ends(self) -> tuple[float, float]:
        """Return where the bracket is drawn, within the axis."""
        return max(self.before + self.low, 0.0), min(self.before + self.high, 100.0)


def share_chart(figure: Figure) -> Bar | Circles | None:
    """Return the drawing of the counts; None when they may not be shown."""
    parts = figure.parts
    if (
        not figure.visibility.counts
        or not figure.n
        or sum(part.count for part in parts) != figure.n
    ):
        return None
    if figure.n < CIRCLES_BELOW and figure.share and len(figure.parts) == 2:
        return Circles(
            figure.share.k, figure.n, _spoken([(p.label, p.count) for p in figure.parts])
        )
    return stacked([(part.id, part.label, part.count) for part in figure.parts])


def stacked(parts: Sequence[tuple[str, str, int]]) -> Bar:
    """Return a bar of parts (id, label, count), whose total is not zero."""
    total = sum(count for _, _, count in parts)
    segments, start = [], 0.0
    for rank, (part, label, count) in enumerate(parts):
        width = 100 * count / total
        fill = FILLS.get(part, IN_ORDER[min(rank, len(IN_ORDER) - 1)])
        segments.append(Segment(fill, label, count, round(start, 2), round(width, 2)))
        start += width
    spoken = _spoken([(label, count) for _, label, count in parts])
    return Bar(tuple(segments), f"{spoken} (n = {number(total)})")


def _spoken(parts: Sequence[tuple[str, int]]) -> str:
    return ", ".join(f"{label} {number(count)}" for label, count in parts)


def dumbbell(figure: Figure) -> Dumbbell | None:
    """Return the drawing of two means out of 100; None when means may not be shown."""
    interval = cast("Interval | None", figure.values.get("delta_ci"))
    if not figure.visibility.means or interval is None or "tasks" in figure.values:
        return None
    before, after = (float(cast("float", figure.values[moment])) for moment in ("before", "after"))
    options = figure.measure.items[0].posed.question.options
    low, high = interval
    spoken = (
        f"Score moyen de 0 à 100. Avant {number(before)}, maintenant {number(after)}, "
        f"écart {_signed(after - before)}, intervalle de {_signed(low)} à {_signed(high)}."
    )
    first, last = options[0].text.fr.lower(), options[-1].text.fr.lower()
    return Dumbbell(before, after, low, high, first, last, spoken)


def _signed(points: float) -> str:
    return f"{'+' if round(points) > 0 else ''}{number(points)}"
