"""One figure as it is told: what was computed, or why nothing of it is said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.indicators.queries import Measured
    from app.scoring import Figure


@dataclass(frozen=True, slots=True)
class Told:
    """Be one figure to tell, or the reason why it stays."""

    measured: Measured
    #: Why nothing of it is said; empty when it may be told.
    reason: str = ""
    #: The last month that it counts, when it leaves; empty for a live figure.
    last_month: str = ""
    #: How many answers, or pairs of answers, it was looked for in; None when that may not leave.
    received: int | None = None
    #: Versions of the questionnaire that it adds up.
    versions: tuple[str, ...] = ()
    #: Partners answered: it stands apart from what people say.
    is_partner: bool = False

    @property
    def figure(self) -> Figure:
        """Return what was computed."""
        return self.measured.figure

    @property
    def indicator(self) -> str:
        """Return the id of its indicator."""
        return self.figure.measure.indicator.id
