"""The objectives of the mission beside the results: reached, not reached, or not measurable.

An objective is told by the way of asking that its block tells; where another way would give
another verdict, both are written, and nothing is concluded.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from app.documents.section import Confronted, Verdict
from app.scoring.sentences import between, capital, out_of, percent, quoted, spaced
from app.web.typography import listing
from app.wording.choosing import ways_of
from app.wording.phrases import prominence
from app.wording.said import counts_of, direction, movement_words, share_of
from app.wording.tracing import trace_of

if TYPE_CHECKING:
    from app.bilan.models import BilanObjective
    from app.scoring import Figure
    from app.scoring.figures import Share
    from app.wording.told import Told

UNMEASURED = "Aucune question ne porte sur cet objectif."
UNKNOWN = "L’indicateur choisi n’existe pas dans les questionnaires de la période."
NO_SHARE = "Cet indicateur ne se résume pas à une part : on ne peut pas le comparer à un objectif."
NO_TARGET = "Cet indicateur n’a pas d’« avant » : choisissez la part de personnes à atteindre."


class Judged(NamedTuple):
    """Be what one way of asking says of an objective."""

    verdict: Verdict
    #: « 43 réponses sur 58 (74 % ; entre 62 % et 84 %) »; empty where no figure is compared.
    figure: str
    why: str
    #: « 74 % », what the ways are told apart by; empty where this one cannot decide.
    short: str = ""
    #: « au moins 60 % étaient visés »; empty where only a progress was.
    aimed: str = ""


def confront(objectives: Sequence[BilanObjective], told: Sequence[Told]) -> tuple[Confronted, ...]:
    """Return each objective with its verdict, and the figure and base that give it."""
    return tuple(_confronted(one, told) for one in objectives)


def _confronted(objective: BilanObjective, told: Sequence[Told]) -> Confronted:
    if not objective.indicator:
        return Confronted(objective.words, "non mesuré par questionnaire", spaced(UNMEASURED))
    asked = [one for one in told if one.indicator == objective.indicator]
    if not asked:
        return Confronted(objective.words, "non mesurable", spaced(UNKNOWN))
    shown = [one for one in asked if not one.reason]
    if not shown:
        first = min(asked, key=lambda way: prominence(way.measured))
        return Confronted(objective.words, "non mesurable", spaced(f"{capital(first.reason)}."))
    ways = ways_of(shown)[objective.indicator]
    trace = trace_of(ways[0].measured, received=ways[0].received)
    verdict, reason = _together(ways, [_judged(one.figure, objective.target) for one in ways])
    return Confronted(objective.words, verdict, spaced(reason), trace)


def _together(ways: Sequence[Told], judged: Sequence[Judged]) -> tuple[Verdict, str]:
    """Return the verdict of the first way; none where another that can decide says another."""
    first = judged[0]
    if not first.figure:
        return first.verdict, first.why
    deciding = [(way, one) for way, one in zip(ways, judged, strict=True) if one.short]
    if len({one.verdict for _, one in deciding}) < 2:
        return first.verdict, f"{_sourced(ways[0], first)} : {first.why}"
    figures = " ; ".join(_sourced(way, one) for way, one in deciding)
    said = listing(list(dict.fromkeys(one.short for _, one in deciding)), "ou")
    aimed = f" : {first.aimed}" if first.aimed else ""
    concluded = f"Selon la façon de demander, {said} : on ne peut pas conclure."
    return "non mesurable", f"{figures}{aimed}. {concluded}"


def _sourced(way: Told, judged: Judged) -> str:
    """Say where a figure comes from: the same thing may be asked in several ways."""
    asked = quoted(way.measured.questionnaire)
    return f"{judged.figure}, d’après {asked} (méthode {way.figure.measure.method})"


def _judged(figure: Figure, target: int | None) -> Judged:
    share = share_of(figure)
    if share is None:
        return Judged("non mesurable", "", NO_SHARE)
    return _moved(figure) if target is None else _aimed(figure, share, target)


def _aimed(figure: Figure, share: Share, target: int) -> Judged:
    """Compare the interval of a share to the share that was aimed at."""
    said = capital(out_of(share.k, share.n, figure.measure.unit))
    aimed = f"au moins {target} % étaient visés"
    interval = share.interval
    if not figure.visibility.percentages or interval is None:
        return Judged("non mesurable", said, f"trop peu pour dire si {target} % sont atteints.")
    rate = percent(share.fraction)
    said += f" ({rate} ; {between(interval)})"
    goal = Fraction(target, 100)
    if interval.low >= goal:
        return Judged("atteint", said, f"{aimed}.", rate, aimed)
    if interval.high < goal:
        return Judged("non atteint", said, f"{aimed}.", rate, aimed)
    return Judged("non mesurable", said, f"{aimed}, la marge contient l’objectif.", rate, aimed)


def _moved(figure: Figure) -> Judged:
    """Tell whether a progress or a decline is established."""
    counts = counts_of(figure)
    if counts is None:
        return Judged("non mesurable", "", NO_TARGET)
    said = capital(movement_words(counts))
    if not figure.visibility.means:
        return Judged("non mesurable", said, "trop peu pour établir une évolution.")
    way = direction(figure)
    if way == 1:
        return Judged("atteint", said, "le progrès moyen est établi.", "un progrès est établi")
    if way == -1:
        return Judged("non atteint", said, "un recul moyen est établi.", "un recul est établi")
    return Judged("non mesurable", said, "évolution non établie.", "l’évolution n’est pas établie")
