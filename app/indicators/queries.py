"""What a structure may read of its indicators, over a campaign or a period of whole months."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from app.campaigns.models import Campaign
from app.campaigns.names import desk_title
from app.campaigns.queries import published, within
from app.indicators.accompanied import Gap, people_asked
from app.indicators.models import Accompanied
from app.indicators.selection import Selection
from app.organisations.queries import Reach
from app.questionnaires.definition import Criterion, Form, Questionnaire, Register
from app.questionnaires.formulas import Tasks
from app.responses.readable import count_waiting
from app.responses.rollups import tallies
from app.scoring import (
    RESPONSES,
    WARNINGS,
    Figure,
    Measure,
    Plan,
    Tally,
    Thresholds,
    add,
    figure,
    measures,
)
from app.scoring.disclosure import FLOORS
from app.web.current import today


@dataclass(frozen=True, slots=True)
class Measured:
    """Be one indicator measured one way: its figure, and the questionnaire that asked it."""

    questionnaire: str
    #: The waves of an apparié questionnaire: « Au début → À la fin »; empty when there is one.
    moments: str
    figure: Figure

    @property
    def key(self) -> str:
        """Return the comparability key of its measure."""
        return self.figure.measure.key


@dataclass(frozen=True, slots=True)
class Block:
    """Gather what may be shown of one critère: the ways each indicator was measured, A to C."""

    register: Register
    criterion: Criterion
    indicators: Mapping[str, tuple[Measured, ...]]


@dataclass(frozen=True, slots=True)
class Results:
    """Be everything the page shows."""

    #: How many answered, and are counted.
    responses: int
    #: In the order of the référentiel.
    blocks: tuple[Block, ...]
    #: Figures that too few people stand behind: named, with the reason, and not shown.
    hidden: tuple[Measured, ...]
    #: Warnings that hold for every figure shown: said once, at the head.
    shared_warnings: tuple[str, ...]
    #: Warnings of some figures: a few words beside each, explained once, at the foot.
    other_warnings: tuple[str, ...]
    #: How many people were accompanied; None when nobody said.
    accompanied: Accompanied | None = None
    #: Groups that stand 10 points apart among the accompanied people.
    gaps: tuple[Gap, ...] = ()
    #: How many answers of today are not counted yet.
    waiting: int = 0


class Sums(NamedTuple):
    """Be what answers add up to, and the plans that asked them."""

    tallies: Mapping[str, Tally]
    #: How many versions of a questionnaire each measure adds up.
    versions: Mapping[str, int]
    plans: Sequence[Plan]


def results(
    session: Session, reach: Reach, selection: Selection, thresholds: Thresholds = FLOORS
) -> Results:
    """Return the figures of what is looked at."""
    sums = sums_of(session, reach, selection)
    asked = people_asked(session, reach, selection, sums.plans)
    found = list(measured(sums, thresholds, asked.most, is_unlike=bool(asked.gaps)))
    shown = [one for one in found if not one.figure.visibility.hidden]
    raised = [one.figure.warnings for one in shown]
    shared = _shared(raised)
    return Results(
        sums.tallies.get(RESPONSES, {}).get("responses", 0),
        tuple(blocks([plan.questionnaire for plan in sums.plans], shown)),
        tuple(one for one in found if one.figure.visibility.hidden),
        shared,
        tuple(code for code in WARNINGS if code not in shared and any(code in of for of in raised)),
        asked.accompanied,
        asked.gaps,
        waiting_in(session, reach, selection),
    )


def waiting_in(session: Session, reach: Reach, selection: Selection) -> int:
    """Count the answers of today that no figure counts yet, of what is looked at."""
    period, day = selection.period, today()
    if not period.first <= f"{day:%Y-%m}" <= period.last:
        return 0
    asked = within(reach) & selection.campaigns_asked
    return count_waiting(session, reach.organisation_id, day, asked)


def sums_of(session: Session, reach: Reach, selection: Selection) -> Sums:
    """Add up what is looked at, from the rollups and what waits beside them."""
    totals = tallies(
        session,
        reach.organisation_id,
        scopes=selection.scopes(reach),
        first_month=selection.period.first,
        last_month=selection.period.last,
    )
    versions = {version for _, version in totals}
    plans = plans_behind(session, reach, versions, selection.campaigns_asked)
    return Sums(*_summed(totals), plans)


def measured(
    sums: Sums,
    thresholds: Thresholds,
    accompanied: int | None = None,
    *,
    is_unlike: bool = False,
) -> Iterator[Measured]:
    """Yield each measure that somebody answered, once.

    How many people were accompanied, and who they are, tells nothing of what partners said.
    """
    done: set[str] = set()
    for plan in sums.plans:
        for measure in measures(plan):
            if measure.key not in sums.tallies or measure.key in done:
                continue
            done.add(measure.key)
            is_public = plan.questionnaire.audience == "usager"
            computed = figure(
                measure,
                sums.tallies[measure.key],
                accompanied=accompanied if is_public else None,
                versions=sums.versions[measure.key],
                thresholds=thresholds,
                is_unlike=is_unlike and is_public,
            )
            if computed.n and not is_one_task(measure):
                questionnaire = plan.questionnaire
                yield Measured(desk_title(questionnaire), moments(questionnaire, measure), computed)


def blocks(asked: Iterable[Questionnaire], shown: Sequence[Measured]) -> Iterator[Block]:
    """Yield the critères that have something to show, as the référentiel orders them.

    Each questionnaire holds the part of the référentiel that it measures: the longest lays the
    registres, critères and indicateurs out, and the next ones add theirs.
    """
    frame: dict[str, tuple[Register, dict[str, tuple[Criterion, dict[str, None]]]]] = {}
    for questionnaire in asked:
        for register in questionnaire.registers:
            _, criteria = frame.setdefault(register.id, (register, {}))
            for criterion in register.criteria:
                _, indicators = criteria.setdefault(criterion.id, (criterion, {}))
                indicators.update(dict.fromkeys(one.id for one in criterion.indicators))
    ways: dict[str, list[Measured]] = defaultdict(list)
    for one in sorted(shown, key=lambda one: one.figure.measure.method):
        ways[one.figure.measure.indicator.id].append(one)
    for register, criteria in frame.values():
        for criterion, indicators in criteria.values():
            found = {name: tuple(ways[name]) for name in indicators if name in ways}
            if found:
                yield Block(register, criterion, found)


def is_one_task(measure: Measure) -> bool:
    """Tell whether the number of tasks would be 0 or 1: the progression already says it."""
    return isinstance(measure.indicator.formula, Tasks) and len(measure.items) == 1


def _shared(warnings: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    if len(warnings) < 2:
        return ()
    return tuple(code for code in warnings[0] if all(code in others for others in warnings))


def plans_behind(
    session: Session,
    reach: Reach,
    versions: Collection[str],
    asked: ColumnElement[bool] | None = None,
) -> list[Plan]:
    """Return the plans behind the tallies, those that measure most first.

    `asked` keeps the campaigns that are looked at, by default every one within reach.
    """
    query = select(Campaign.version, Campaign.form, Campaign.modules).where(
        within(reach), Campaign.version.in_(versions), true() if asked is None else asked
    )
    seen = {(version, form, tuple(modules)) for version, form, modules in session.execute(query)}
    plans = [
        Plan.of_campaign(published(session, version), cast("Form", form), modules)
        for version, form, modules in sorted(seen)
    ]
    return sorted(plans, key=lambda plan: -len(plan.questionnaire.indicators))


def moments(questionnaire: Questionnaire, measure: Measure) -> str:
    """Write what a measure compares: « Au début → À la fin »; empty when there is one moment."""
    titles = {wave.id: wave.title.fr for wave in questionnaire.waves}
    if len(titles) == 1:
        return ""
    waves = (measure.from_wave, measure.to_wave) if measure.from_wave else (measure.to_wave,)
    return " → ".join(titles[wave] for wave in waves)


def _summed(
    totals: Mapping[tuple[str, str], Tally],
) -> tuple[dict[str, Tally], dict[str, int]]:
    """Add the versions of a questionnaire up where they ask exactly the same thing."""
    summed: dict[str, Tally] = {}
    versions: dict[str, int] = defaultdict(int)
    for (measure, _), tally in totals.items():
        add(summed.setdefault(measure, {}), tally)
        versions[measure] += 1
    return summed, versions
