"""A figure: the complete numbers for staff and tests, and what of them may be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from app.scoring.disclosure import FLOORS, Thresholds, Visibility
from app.scoring.intervals import Interval, wilson
from app.scoring.measure import Measure


class Circumstances(NamedTuple):
    """Be what a figure depends on beside its tally."""

    #: How many people were accompanied; None when nobody said.
    accompanied: int | None = None
    #: How many versions of the questionnaire the tally adds up.
    versions: int = 1
    #: How many people the structure wants behind what it shows.
    thresholds: Thresholds = FLOORS
    #: Those who answered and the accompanied people differ by 10 points in one group or more.
    is_unlike: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """Be one segment of the bar that draws a figure."""

    id: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Share:
    """Be k out of n."""

    k: int
    n: int

    @property
    def fraction(self) -> Fraction:
        """Return the exact share; n is never 0 here."""
        return Fraction(self.k, self.n)

    @property
    def interval(self) -> Interval | None:
        """Return the Wilson interval; None when n = 0."""
        return wilson(self.k, self.n)

    def to_json(self) -> dict[str, object]:
        """Return the share with its interval."""
        return {"k": self.k, "n": self.n, "ci": self.interval}


@dataclass(frozen=True, slots=True)
class Figure:
    """Be one indicator measured over some people."""

    measure: Measure
    n: int
    #: Every number, whether it may be shown or not, as `recueil score` prints it.
    values: Mapping[str, object]
    #: The sentence that may be shown.
    display: str
    #: The same in a few big words; empty when the sentence says it already, or is hidden.
    headline: str
    warnings: tuple[str, ...]
    visibility: Visibility
    #: Segments of the bar, empty when counts are hidden; they add up to n, save for motives.
    parts: tuple[Segment, ...]
    #: The share that the figure is about; None when it is about a mean or when n = 0.
    share: Share | None = None
    #: Indicative margin (rule 17); None when it cannot be computed.
    margin: float | None = None

    def to_json(self) -> dict[str, object]:
        """Return the figure as `recueil score` prints it."""
        moments: dict[str, object] = {"wave": self.measure.to_wave}
        if self.measure.from_wave:
            moments = {
                "method": self.measure.method,
                "from": self.measure.from_wave,
                "to": self.measure.to_wave,
            }
        return {
            "id": self.measure.indicator.id,
            **moments,
            **self.values,
            "display": self.display,
            "warnings": list(self.warnings),
        }
