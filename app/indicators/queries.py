"""What a structure may read of its indicators, over a campaign or a period of whole months."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.campaigns.models import Campaign
from app.campaigns.queries import published
from app.indicators.period import Period
from app.questionnaires.definition import Criterion, Form, Questionnaire
from app.questionnaires.formulas import Tasks
from app.responses.rollups import tallies
from app.scoring import RESPONSES, Figure, Measure, Plan, Tally, add, figure, measures


@dataclass(frozen=True, slots=True)
class Measured:
    """Be one indicator measured one way: its figure, and the questionnaire that asked it."""

    questionnaire: str
    #: The waves of an apparié questionnaire: « Au début → À la fin »; empty when there is one.
    moments: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Block:
    """Gather the figures of one critère that may be shown."""

    criterion: Criterion
    measured: tuple[Measured, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """Be everything the page shows."""

    #: How many answered.
    responses: int
    blocks: tuple[Block, ...]
    #: Figures that too few people stand behind: named, with the reason, and not shown.
    hidden: tuple[Measured, ...]
    #: Warnings that hold for every figure shown: said once.
    shared_warnings: tuple[str, ...]


def results(
    session: Session, organisation_id: UUID, period: Period, campaign_id: UUID | None = None
) -> Results:
    """Return the figures of one campaign, or of the whole structure, over a period."""
    totals = tallies(
        session,
        organisation_id,
        scopes=(campaign_id or organisation_id,),
        first_month=period.first,
        last_month=period.last,
    )
    summed, versions = _summed(totals)
    asked = _asked(session, organisation_id, {version for _, version in totals}, campaign_id)
    found = list(_measured(asked, summed, versions))
    shown = [(criterion, one) for criterion, one in found if not one.figure.visibility.hidden]
    criteria = {criterion.id: criterion for criterion, _ in shown}
    blocks = (
        Block(criterion, _in_order(criterion, (one for of, one in shown if of.id == criterion.id)))
        for criterion in criteria.values()
    )
    return Results(
        summed.get(RESPONSES, {}).get("responses", 0),
        tuple(sorted(blocks, key=lambda block: not block.criterion.core)),
        tuple(one for _, one in found if one.figure.visibility.hidden),
        _shared([one.figure.warnings for _, one in shown]),
    )


def _measured(
    asked: Iterator[tuple[Plan, Mapping[str, Criterion]]],
    summed: Mapping[str, Tally],
    versions: Mapping[str, int],
) -> Iterator[tuple[Criterion, Measured]]:
    """Yield each measure that somebody answered, once, with its critère."""
    done: set[str] = set()
    for plan, criterion_of in asked:
        for measure in measures(plan):
            if measure.key not in summed or measure.key in done:
                continue
            done.add(measure.key)
            computed = figure(measure, summed[measure.key], versions=versions[measure.key])
            if computed.n and not _is_one_task(measure):
                questionnaire = plan.questionnaire
                yield (
                    criterion_of[measure.indicator.id],
                    Measured(questionnaire.title.fr, _moments(questionnaire, measure), computed),
                )


def _is_one_task(measure: Measure) -> bool:
    """Tell whether the number of tasks would be 0 or 1: the progression already says it."""
    return isinstance(measure.indicator.formula, Tasks) and len(measure.items) == 1


def _in_order(criterion: Criterion, found: Iterable[Measured]) -> tuple[Measured, ...]:
    """Put the same indicator measured several ways side by side."""
    ranks = {indicator.id: rank for rank, indicator in enumerate(criterion.indicators)}
    return tuple(sorted(found, key=lambda one: ranks.get(one.figure.measure.indicator.id, 0)))


def _shared(warnings: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    if len(warnings) < 2:
        return ()
    return tuple(code for code in warnings[0] if all(code in others for others in warnings))


def _asked(
    session: Session,
    organisation_id: UUID,
    versions: Collection[str],
    campaign_id: UUID | None,
) -> Iterator[tuple[Plan, Mapping[str, Criterion]]]:
    """Yield the plans behind the tallies, each with the critère of every indicator."""
    query = (
        select(Campaign.version, Campaign.form, Campaign.modules)
        .where(Campaign.organisation_id == organisation_id, Campaign.version.in_(versions))
        .where(Campaign.id == campaign_id if campaign_id else Campaign.id.is_not(None))
    )
    seen = {(version, form, tuple(modules)) for version, form, modules in session.execute(query)}
    for version, form, modules in sorted(seen):
        questionnaire = published(session, version)
        plan = Plan.of_campaign(questionnaire, cast("Form", form), modules)
        yield plan, _criteria(questionnaire)


def _criteria(questionnaire: Questionnaire) -> Mapping[str, Criterion]:
    return {
        indicator.id: criterion
        for register in questionnaire.registers
        for criterion in register.criteria
        for indicator in criterion.indicators
    }


def _moments(questionnaire: Questionnaire, measure: Measure) -> str:
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
