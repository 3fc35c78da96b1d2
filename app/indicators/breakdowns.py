"""One indicator, group by group: what may be said of each group without pointing at anyone.

Rules 11 and 12: each group needs enough answers, a group hidden alone hides a second one, and
when even so somebody could find a hidden number, the whole table is withheld.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from app.campaigns.doors import DOORS, GROUPS
from app.indicators.grouped import Door, by_answer, by_scope, doors_of
from app.questionnaires.definition import Question
from app.scoring import (
    Figure,
    Measure,
    Plan,
    Tally,
    Thresholds,
    add,
    figure,
    measures,
    suppress,
)

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from app.indicators.selection import Selection
    from app.organisations.queries import Reach

#: By what an indicator may be broken down, as an address says it.
WAYS: Mapping[str, str] = MappingProxyType(
    {
        "lieu": "lieu",
        "porte": "porte",
        "cadre": "action",
        "age": "âge",
        "genre": "genre",
        "statut": "situation",
        "type": "type de structure",
    }
)
#: Those that are an answer: of the person, in the optional module of questions; of a partner.
PERSONAL, OF_PARTNERS = ("age", "genre", "statut"), ("type",)
PROFILE = (*PERSONAL, *OF_PARTNERS)

NO_ACTION = "sans action précisée"
NOT_SAID = "sans réponse à cette question"
GONE = "réponses effacées à leur échéance"

SEVERAL = (
    "Cet indicateur compte plusieurs choix par personne : les groupes ne s’additionnent pas. "
    "Recueil n’en fait pas le détail."
)
CROSSED = (
    "Croiser deux filtres isole de tout petits groupes, où l’on pourrait reconnaître quelqu’un. "
    "Retirez les filtres de campagne et de lieu pour voir ce détail."
)
NOT_ASKED = (
    "La question n’a pas été posée. Ajoutez le module « Âge, genre, situation » à la prochaine "
    "campagne."
)
PURGED = (
    "Les réponses une à une ont été effacées à leur échéance : il reste les totaux, et plus "
    "l’âge, le genre ni la situation."
)
PURGED_TYPES = (
    "Les réponses une à une ont été effacées à leur échéance : il reste les totaux, et plus le "
    "type de structure."
)
NO_TYPES = "Aucun partenaire n’a dit dans quel type de structure il travaille."
WITHHELD = (
    "Avec ces nombres, on pourrait retrouver par le calcul un groupe caché, et reconnaître "
    "quelqu’un. Recueil ne montre pas ce détail."
)
TOO_SMALL = (
    "Aucun groupe n’a assez de réponses pour se montrer seul : il en faut {}. On pourrait "
    "reconnaître quelqu’un. Élargissez la période, ou attendez d’autres réponses."
)
HIDDEN = "non diffusé : on pourrait reconnaître quelqu’un"


@dataclass(frozen=True, slots=True)
class Group:
    """Be one line of a breakdown; without a figure, it is hidden."""

    label: str
    figure: Figure | None


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Be one indicator measured one way, group by group."""

    groups: tuple[Group, ...] = ()
    #: Why there is no table; empty when there is one.
    refusal: str = ""

    @property
    def crosses(self) -> bool:
        """Tell whether taking filters off would give a table."""
        return self.refusal == CROSSED

    @property
    def hides(self) -> bool:
        """Tell whether a group is hidden."""
        return any(group.figure is None for group in self.groups)


@dataclass(frozen=True, slots=True)
class Asked:
    """Be what a breakdown is made from."""

    session: Session
    reach: Reach
    selection: Selection
    thresholds: Thresholds
    plans: Sequence[Plan]


def breakdown(asked: Asked, way: str, whole: Figure, total: Mapping[str, int]) -> Breakdown:
    """Break a figure that may be shown down; `total` is the tally behind it."""
    measure = whole.measure
    if any(item.posed.question.kind.is_multiple for item in measure.asked):
        return Breakdown(refusal=SEVERAL)
    if crosses(asked.selection, way):
        return Breakdown(refusal=CROSSED)
    if way not in PROFILE:
        return _published(_by_scope(asked, way, measure), measure, asked.thresholds)
    posed = _posed(asked.plans, measure, way)
    if posed is None:
        return Breakdown(refusal=NOT_ASKED)
    groups = _by_profile(asked, measure, total, *posed)
    if all(label in (GONE, NOT_SAID) for label in groups):
        gone, silent = (PURGED_TYPES, NO_TYPES) if way in OF_PARTNERS else (PURGED, NOT_ASKED)
        return Breakdown(refusal=gone if GONE in groups else silent)
    return _published(groups, measure, asked.thresholds)


def ways_for(plans: Sequence[Plan], found: Sequence[Measure]) -> Mapping[str, str]:
    """Return the ways that make sense for measures: the public has an age, partners a type."""
    keys = {measure.key for measure in found}
    audiences = {
        plan.questionnaire.audience
        for plan in plans
        if any(one.key in keys for one in measures(plan))
    }
    senseless: set[str] = set()
    if "partenaire" not in audiences:
        senseless |= set(OF_PARTNERS)
    if "usager" not in audiences:
        senseless |= set(PERSONAL)
    return {way: words for way, words in WAYS.items() if way not in senseless}


def crosses(selection: Selection, way: str) -> bool:
    """Tell whether a filter and a breakdown would make a two-way table, never published.

    A campaign stands in one lieu, for one action: filtering campaigns crosses neither.
    """
    if way == "lieu":
        return False
    return bool(selection.lieux) or (way != "cadre" and bool(selection.campaigns))


def _by_scope(asked: Asked, way: str, measure: Measure) -> dict[str, Tally]:
    """Return the tally of each lieu, door or action, in the order they are read."""
    scope, label = _READ_BY[way]
    doors = doors_of(asked.session, asked.reach, asked.selection)
    labels = {scope(door): label(door) for door in doors}
    sums = by_scope(
        asked.session,
        asked.reach.organisation_id,
        sorted(labels),
        asked.selection.period,
        measure.key,
    )
    groups: dict[str, Tally] = {}
    for scope_id, tally in sums.items():
        add(groups.setdefault(labels[scope_id], {}), tally)
    # The order of doors is fixed; lieux and actions are never ranked.
    order = GROUPS if way == "porte" else sorted(groups, key=str.casefold)
    return {name: groups[name] for name in order if name in groups}


_READ_BY: Mapping[str, tuple[Callable[[Door], UUID], Callable[[Door], str]]] = MappingProxyType(
    {
        "lieu": (lambda door: door.campaign_id, lambda door: door.lieu),
        "cadre": (lambda door: door.campaign_id, lambda door: door.action or NO_ACTION),
        "porte": (lambda door: door.link_id, lambda door: DOORS[door.door].group),
    }
)


def _posed(plans: Sequence[Plan], measure: Measure, way: str) -> tuple[Question, str] | None:
    """Return the question of the module and the wave that asks it, beside a measure."""
    for plan in plans:
        if any(one.key == measure.key for one in measures(plan)):
            for wave, passing in plan.passings.items():
                if way in passing.by_key:
                    return passing.by_key[way].question, wave
    return None


def _by_profile(
    asked: Asked, measure: Measure, total: Mapping[str, int], question: Question, wave: str
) -> dict[str, Tally]:
    """Return the tally of each answer, then of who gave none, then of what was purged."""
    sums = by_answer(asked.session, asked.reach, asked.selection, measure, question.id, wave)
    groups = {
        option.text.fr: sums.pop(str(option.code))
        for option in question.options
        if str(option.code) in sums
    }
    known: Tally = {}
    for tally in groups.values():
        add(known, tally)
    silent: Tally = {}
    for tally in sums.values():
        add(silent, tally)
    add(known, silent)
    gone = {name: total[name] - known.get(name, 0) for name in total}
    if silent.get("n"):
        groups[NOT_SAID] = silent
    if gone.get("n", 0) > 0:
        groups[GONE] = gone
    return groups


def _published(groups: Mapping[str, Tally], measure: Measure, thresholds: Thresholds) -> Breakdown:
    """Hide what rules 11 and 12 hide, or withhold everything."""
    counted = {label: tally for label, tally in groups.items() if tally.get("n")}
    cells = [tally["n"] for tally in counted.values()]
    hidden = suppress(cells, thresholds.of_category)
    if hidden.withheld:
        return Breakdown(refusal=WITHHELD)
    told = [
        Group(
            label, None if rank in hidden.hidden else figure(measure, tally, thresholds=thresholds)
        )
        for rank, (label, tally) in enumerate(counted.items())
    ]
    if measure.sensitive and _gives_away(told, counted, measure, thresholds):
        return Breakdown(refusal=WITHHELD)
    if all(group.figure is None for group in told):
        return Breakdown(refusal=TOO_SMALL.format(thresholds.of_category))
    return Breakdown(tuple(told))


def _gives_away(
    told: Sequence[Group], groups: Mapping[str, Tally], measure: Measure, thresholds: Thresholds
) -> bool:
    """Tell whether a sensitive count below 5 could be read, or found by subtraction."""
    if any(group.figure and group.figure.visibility.hidden for group in told):
        return True
    rest: Tally = {}
    for group in told:
        if group.figure is None:
            add(rest, groups[group.label])
    return bool(rest) and bool(figure(measure, rest, thresholds=thresholds).visibility.hidden)
