"""Rule 15: warnings, found from the numbers alone and always in the same order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.questionnaires.kinds import FULL_SCORE
from app.scoring.disclosure import PERCENTAGES
from app.scoring.figures import Circumstances
from app.scoring.measure import Measure, Side

SIDES: tuple[Side, ...] = ("from", "to")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Be what the warnings are found from."""

    measure: Measure
    tally: Mapping[str, int]
    n: int
    circumstances: Circumstances
    alpha: Fraction | None = None

    @property
    def before_after(self) -> bool:
        """Tell whether two moments are compared."""
        return bool(self.measure.from_wave)

    @property
    def paired(self) -> bool:
        """Tell whether the two moments are two responses, linked by a card."""
        return self.before_after and self.measure.method == "A"


def few(evidence: Evidence) -> bool:
    """W_PETIT_N: n < 20."""
    return evidence.n < PERCENTAGES


def rate(evidence: Evidence) -> bool:
    """W_TAUX: fewer than 30 % of the accompanied people answered, or nobody knows.

    More answers than people is no rate either.
    """
    accompanied = evidence.circumstances.accompanied
    answered = evidence.tally.get("pairs" if evidence.paired else "to", 0)
    return not accompanied or answered > accompanied or 10 * answered < 3 * accompanied


def profile(evidence: Evidence) -> bool:
    """W_PROFIL: a group stands 10 points apart among the accompanied people.

    A tally knows nobody's age: who reads the answers compares, and says it.
    """
    return evidence.circumstances.is_unlike


def with_staff(evidence: Evidence) -> bool:
    """W_MEDIATEUR: in one wave, 40 % or more answered with a member of the team."""
    tally = evidence.tally
    shares = ((tally.get(f"{side}.mediateur", 0), tally.get(side, 0)) for side in SIDES)
    return any(helped and 5 * helped >= 2 * answered for helped, answered in shares)


def ceiling(evidence: Evidence) -> bool:
    """W_PLAFOND: 25 % or more could not rise, being at 100 on entry."""
    top = evidence.tally.get("ceiling", 0)
    return evidence.before_after and top > 0 and 4 * top >= evidence.n


def attrition(evidence: Evidence) -> bool:
    """W_ATTRITION: fewer than 60 % came back, or those who did started 10 points apart."""
    tally = evidence.tally
    entries, pairs = tally.get("from", 0), tally.get("pairs", 0)
    if not evidence.paired or not entries:
        return False
    if 5 * pairs < 3 * entries:
        return True
    scored, total = tally.get("paired.scored", 0), tally.get("paired.sum", 0)
    alone = tally.get("from.scored", 0) - scored
    if scored <= 0 or alone <= 0:
        return False
    gap = Fraction(total, scored) - Fraction(tally.get("from.sum", 0) - total, alone)
    return 10 * abs(gap) >= FULL_SCORE


def retrospective(evidence: Evidence) -> bool:
    """W_RETRO: « avant » is remembered."""
    return evidence.before_after and evidence.measure.method == "B"


def versions(evidence: Evidence) -> bool:
    """W_VERSION: several versions of the questionnaire are added up."""
    return evidence.circumstances.versions > 1


def unreviewed(evidence: Evidence) -> bool:
    """W_LANGUE: some answered in a translation that nobody has read over."""
    return any(evidence.tally.get(f"{side}.non_relue", 0) for side in SIDES)


def missing(evidence: Evidence) -> bool:
    """W_NSP: 20 % or more left one question out, in one wave."""
    return evidence.measure.worst_missing(evidence.tally)


def alpha(evidence: Evidence) -> bool:
    """W_ALPHA: the questions do not go together well enough, alpha < 0.6."""
    return evidence.alpha is not None and evidence.alpha < Fraction(6, 10)


#: In the order of rule 15.
CHECKS: Mapping[str, Callable[[Evidence], bool]] = {
    "W_PETIT_N": few,
    "W_TAUX": rate,
    "W_PROFIL": profile,
    "W_MEDIATEUR": with_staff,
    "W_PLAFOND": ceiling,
    "W_ATTRITION": attrition,
    "W_RETRO": retrospective,
    "W_VERSION": versions,
    "W_LANGUE": unreviewed,
    "W_NSP": missing,
    "W_ALPHA": alpha,
}


def cautions(evidence: Evidence) -> tuple[str, ...]:
    """Return the warnings that a figure deserves."""
    return tuple(code for code, holds in CHECKS.items() if holds(evidence))
