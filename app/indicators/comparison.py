"""How a figure changed since an earlier period: only where both asked exactly the same thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.indicators.declaring import harmless_changes
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
HARMLESS = "La question a changé entre les deux périodes : changement déclaré sans effet."


@dataclass(frozen=True, slots=True)
class Comparison:
    """Hold the figures of an earlier period."""

    #: « de janvier à mars 2025 ».
    words: str
    #: By comparability key (rule 14).
    figures: Mapping[str, Figure]
    thresholds: Thresholds
    #: Comparability key before a change declared without effect, by the key after it.
    harmless: Mapping[str, str] = field(default_factory=dict)
    #: Its figures leave: what is not here may have been answered, and only may not be told.
    leaves: bool = False

    def broken_off(self, now: Figure) -> Figure | None:
        """Return the earlier figure of a series that a change of question broke, or None."""
        if self._before(now) is not None:
            return None
        return next((one for one in self.figures.values() if _way(one) == _way(now)), None)

    def _before(self, now: Figure) -> Figure | None:
        """Return the earlier figure of the same series, back through every change declared."""
        key, seen = now.measure.key, set[str]()
        while key not in self.figures and key in self.harmless and key not in seen:
            seen.add(key)  # two periods compared both ways may name each other
            key = self.harmless[key]
        return self.figures.get(key)

    def stands(self, now: Figure) -> bool:
        """Tell whether there is something to say of one figure: a comparison, or a break."""
        before = self._before(now)
        if before is None:
            return self.broken_off(now) is not None
        if now.share is None or before.share is None:
            return False
        return before.visibility.percentages and now.visibility.percentages

    def absence(self, shown: Sequence[Figure]) -> str:
        """Say once for many figures why they are not compared; nothing where they all are."""
        compared = [one for one in shown if self.stands(one)]
        alone = [one for one in shown if not self.stands(one) and self._is_share(one)]
        if not alone:
            return ""
        nothing = f"{self._nothing[:1].lower()}{self._nothing[1:]}"
        few = f"il faut {plural(self.thresholds.percentages, 'réponse')} dans chaque période"
        whys = {nothing if self._before(one) is None else few for one in alone}
        if not self.leaves and few in whys:  # nobody is fewer than 20 too
            whys = {few}
        said = "Pas de comparaison possible avec la période d’avant"
        if compared:
            said = "Certains chiffres ne se comparent pas à ceux de la période d’avant"
        said += f", {self.words}"
        return spaced(f"{said} : {' ; '.join(sorted(whys))}.")

    @property
    def _nothing(self) -> str:
        return f"{'Pas de chiffre diffusable' if self.leaves else 'Aucune réponse'} à comparer"

    def _is_share(self, now: Figure) -> bool:
        before = self._before(now)
        return now.share is not None and (before is None or before.share is not None)

    def sentence(self, now: Figure) -> str:
        """Say how a figure that may be shown changed, or why that is not said."""
        before = self._before(now)
        if before is None:
            known = self.broken_off(now) is not None
            return spaced(BREAK if known else f"{self._nothing}, {self.words}.")
        if before.visibility.hidden:
            return spaced(f"Trop peu de réponses à comparer, {self.words}.")
        if now.share is None or before.share is None:
            return spaced(NO_SHARE)
        is_declared = before.measure.key != now.measure.key
        change = trend(before, now, declared_harmless=is_declared)
        if change is None or not change.display:
            least = plural(self.thresholds.percentages, "réponse")
            return spaced(f"Pas encore de comparaison : il faut {least} dans chaque période.")
        said = change.display[:1].upper() + change.display[1:]
        told = f"{said}, par rapport à {before.share.k} sur {before.n}, {self.words}."
        return spaced(f"{told} {HARMLESS}" if is_declared else told)


def _way(figure: Figure) -> tuple[str, ...]:
    """Return what two figures of a series share, whatever the words of their questions."""
    measure = figure.measure
    return (measure.indicator.id, measure.method, measure.from_wave, measure.to_wave)


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
        harmless_changes(session, reach.organisation_id),
    )
