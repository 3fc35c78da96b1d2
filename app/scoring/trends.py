"""Rule 14: two periods compare only when they asked exactly the same thing."""

from __future__ import annotations

from dataclasses import dataclass

from app.scoring.figures import Figure
from app.scoring.intervals import Difference, newcombe
from app.scoring.sentences import half_up, spaced, whole

NOT_ESTABLISHED = "évolution non établie"


@dataclass(frozen=True, slots=True)
class Trend:
    """Be the change of a share from one period to the next."""

    difference: Difference
    #: The sentence that may be shown; empty when a period is too small for percentages.
    display: str


def trend(before: Figure, after: Figure, *, declared_harmless: bool = False) -> Trend | None:
    """Compare the shares of two periods; None where the series breaks or nothing was counted.

    A change of question that a responsable declared without effect does not break the series.
    """
    same = declared_harmless or before.measure.key == after.measure.key
    if not same or not (before.share and after.share):
        return None
    difference = newcombe(before.share.k, before.n, after.share.k, after.n)
    if difference is None:
        return None
    both = before.visibility.percentages and after.visibility.percentages
    return Trend(difference, _sentence(difference) if both else "")


def _sentence(difference: Difference) -> str:
    low, high = difference.interval
    points = _points(float(difference.value))
    plural = "s" if points.strip("+−") not in ("0", "1") else ""
    change = f"{points} point{plural} ; entre {_points(low)} et {_points(high)}"
    return spaced(change if difference.established else f"{NOT_ESTABLISHED} ({change})")


def _points(share: float) -> str:
    points = int(half_up(100 * share))
    sign = "+" if points > 0 else "−" if points < 0 else ""
    return f"{sign}{whole(abs(points))}"
