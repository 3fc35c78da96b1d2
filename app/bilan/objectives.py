"""The objectives of the mission beside the results: reached, not reached, or not measurable."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from app.documents.section import Confronted, Verdict
from app.scoring.sentences import between, capital, out_of, percent, spaced
from app.wording.phrases import prominence
from app.wording.said import counts_of, direction, movement_words, share_of
from app.wording.tracing import trace_of

if TYPE_CHECKING:
    from app.bilan.models import BilanObjective
    from app.scoring import Figure
    from app.scoring.figures import Share
    from app.wording.told import Told

UNMEASURED = "Aucun indicateur choisi : la section ne mesure pas cet objectif."
UNKNOWN = "L’indicateur choisi n’existe pas dans les questionnaires de la période."
NO_SHARE = "Cet indicateur ne se résume pas à une part : on ne peut pas le comparer à un objectif."
NO_TARGET = "Cet indicateur n’a pas d’« avant » : choisissez la part de personnes à atteindre."


def confront(objectives: Sequence[BilanObjective], told: Sequence[Told]) -> tuple[Confronted, ...]:
    """Return each objective with its verdict, and the figure and base that give it."""
    return tuple(_confronted(one, told) for one in objectives)


def _confronted(objective: BilanObjective, told: Sequence[Told]) -> Confronted:
    ways = [one for one in told if one.measured.figure.measure.indicator.id == objective.indicator]
    if not objective.indicator:
        return Confronted(objective.words, "non mesurable", spaced(UNMEASURED))
    if not ways:
        return Confronted(objective.words, "non mesurable", spaced(UNKNOWN))
    one = min(ways, key=lambda way: (bool(way.reason), *prominence(way.measured)))
    trace = trace_of(one.measured, received=one.received)
    if one.reason:
        return Confronted(objective.words, "non mesurable", spaced(f"{capital(one.reason)}."))
    verdict, reason = _verdict(one.measured.figure, objective.target)
    return Confronted(objective.words, verdict, spaced(reason), trace)


def _verdict(figure: Figure, target: int | None) -> tuple[Verdict, str]:
    share = share_of(figure)
    if share is None:
        return "non mesurable", NO_SHARE
    return _moved(figure) if target is None else _aimed(figure, share, target)


def _aimed(figure: Figure, share: Share, target: int) -> tuple[Verdict, str]:
    """Compare the interval of a share to the share that was aimed at."""
    said = capital(out_of(share.k, share.n, figure.measure.unit))
    aimed = f"au moins {target} % étaient visés"
    interval = share.interval
    if not figure.visibility.percentages or interval is None:
        return "non mesurable", f"{said} : trop peu pour dire si {target} % sont atteints."
    said += f" ({percent(share.fraction)} ; {between(interval)})"
    goal = Fraction(target, 100)
    if interval.low >= goal:
        return "atteint", f"{said} : {aimed}."
    if interval.high < goal:
        return "non atteint", f"{said} : {aimed}."
    return "non mesurable", f"{said} : {aimed}, la marge contient l’objectif."


def _moved(figure: Figure) -> tuple[Verdict, str]:
    """Tell whether a progress or a decline is established."""
    counts = counts_of(figure)
    if counts is None:
        return "non mesurable", NO_TARGET
    said = capital(movement_words(counts))
    if not figure.visibility.means:
        return "non mesurable", f"{said} : trop peu pour établir une évolution."
    way = direction(figure)
    if way == 1:
        return "atteint", f"{said} : le progrès moyen est établi."
    if way == -1:
        return "non atteint", f"{said} : un recul moyen est établi."
    return "non mesurable", f"{said} : évolution non établie."
