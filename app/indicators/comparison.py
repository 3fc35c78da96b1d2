"""How a figure changed since an earlier period: only where both asked exactly the same thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.indicators.queries import measured, sums_of
from app.scoring import Figure, Thresholds, trend
from app.scoring.sentences import spaced
from app.web.typography import months, plural

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.indicators.selection import Selection
    from app.organisations.queries import Reach

NO_SHARE = "Cet indicateur ne se résume pas à une part : Recueil ne compare pas ses deux périodes."
BREAK = (
    "La question ou son calcul a changé entre les deux périodes : la série s’arrête là, et l’on ne "
    "compare pas."
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Hold the figures of an earlier period."""

    #: « de janvier à mars 2025 ».
    words: str
    #: By comparability key (rule 14).
    figures: Mapping[str, Figure]
    thresholds: Thresholds

    def sentence(self, now: Figure) -> str:
        """Say how a figure that may be shown changed, or why that is not said."""
        before = self.figures.get(now.measure.key)
        if before is None:
            ids = {figure.measure.indicator.id for figure in self.figures.values()}
            known = now.measure.indicator.id in ids and self._asked_so(now)
            return spaced(BREAK if known else f"Aucune réponse à comparer, {self.words}.")
        if before.visibility.hidden:
            return spaced(f"Trop peu de réponses à comparer, {self.words}.")
        if now.share is None or before.share is None:
            return spaced(NO_SHARE)
        change = trend(before, now)
        if change is None or not change.display:
            least = plural(self.thresholds.percentages, "réponse")
            return spaced(f"Pas encore de comparaison : il faut {least} dans chaque période.")
        said = change.display[:1].upper() + change.display[1:]
        return spaced(f"{said}, par rapport à {before.share.k} sur {before.n}, {self.words}.")

    def _asked_so(self, now: Figure) -> bool:
        """Tell whether the indicator was measured by the same method at the same moments."""
        way = (now.measure.indicator.id, now.measure.method, now.measure.from_wave)
        return any(
            (one.measure.indicator.id, one.measure.method, one.measure.from_wave) == way
            and one.measure.to_wave == now.measure.to_wave
            for one in self.figures.values()
        )


def comparison(
    session: Session, reach: Reach, selection: Selection, thresholds: Thresholds
) -> Comparison | None:
    """Return the earlier period that somebody wants to compare with; None when nobody does."""
    earlier = selection.compared
    if earlier is None:
        return None
    found = measured(sums_of(session, reach, earlier), thresholds)
    period = earlier.period
    return Comparison(
        months(period.first_day, period.last_month),
        {one.figure.measure.key: one.figure for one in found},
        thresholds,
    )
