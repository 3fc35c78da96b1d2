"""What a structure may read of its indicators, over a campaign or a period of whole months."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.campaigns.forms import desk_title
from app.campaigns.models import Campaign
from app.campaigns.queries import published, within
from app.indicators.period import Period
from app.organisations.models import Lieu
from app.organisations.queries import Reach
from app.questionnaires.definition import Criterion, Form, Questionnaire, Register
from app.questionnaires.formulas import Tasks
from app.responses.rollups import tallies
from app.scoring import (
    RESPONSES,
    WARNINGS,
    Figure,
    Measure,
    Plan,
    Tally,
    add,
    figure,
    measures,
)


@dataclass(frozen=True, slots=True)
class Measured:
    """Be one indicator measured one way: its figure, and the questionnaire that asked it."""

    questionnaire: str
    #: The waves of an apparié questionnaire: « Au début → À la fin »; empty when there is one.
    moments: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Block:
    """Gather what may be shown of one critère: the ways each indicator was measured, A to C."""

    register: Register
    criterion: Criterion
    indicators: Mapping[str, tuple[Measured, ...]]


@dataclass(frozen=True, slots=True)
class Results:
    """Be everything the page shows."""

    #: How many answered.
    responses: int
    #: In the order of the référentiel.
    blocks: tuple[Block, ...]
    #: Figures that too few people stand behind: named, with the reason, and not shown.
    hidden: tuple[Measured, ...]
    #: Warnings that hold for every figure shown: said once, at the head.
    shared_warnings: tuple[str, ...]
    #: Warnings of some figures: a few words beside each, explained once, at the foot.
    other_warnings: tuple[str, ...]


class NamedCampaign(NamedTuple):
    """Be a campaign that may be chosen, by the name that a médiateur knows it by."""

    id: UUID
    title: str
    starts_on: date


def named_campaigns(session: Session, reach: Reach) -> list[NamedCampaign]:
    """Return the campaigns within reach, the latest first, without loading them."""
    query = (
        select(Campaign.id, Campaign.version, Lieu.name, Campaign.action, Campaign.starts_on)
        .join(Lieu, Campaign.lieu_id == Lieu.id)
        .where(within(reach))
        .order_by(Campaign.ends_on.desc(), Campaign.starts_on.desc(), Campaign.id)
    )
    named = []
    for campaign_id, version, lieu, action, starts_on in session.execute(query):
        parts = (desk_title(published(session, version)), lieu, action)
        named.append(NamedCampaign(campaign_id, " · ".join(filter(None, parts)), starts_on))
    return named


def results(
    session: Session, reach: Reach, period: Period, campaign_id: UUID | None = None
) -> Results:
    """Return the figures of one campaign, or of all that is within reach, over a period."""
    totals = tallies(
        session,
        reach.organisation_id,
        scopes=(campaign_id,) if campaign_id else reach.scopes,
        first_month=period.first,
        last_month=period.last,
    )
    summed, versions = _summed(totals)
    asked = _asked(session, reach, {version for _, version in totals}, campaign_id)
    found = list(_measured(asked, summed, versions))
    shown = [one for one in found if not one.figure.visibility.hidden]
    raised = [one.figure.warnings for one in shown]
    shared = _shared(raised)
    return Results(
        summed.get(RESPONSES, {}).get("responses", 0),
        tuple(_blocks([plan.questionnaire for plan in asked], shown)),
        tuple(one for one in found if one.figure.visibility.hidden),
        shared,
        tuple(code for code in WARNINGS if code not in shared and any(code in of for of in raised)),
    )


def _measured(
    asked: Iterable[Plan], summed: Mapping[str, Tally], versions: Mapping[str, int]
) -> Iterator[Measured]:
    """Yield each measure that somebody answered, once."""
    done: set[str] = set()
    for plan in asked:
        for measure in measures(plan):
            if measure.key not in summed or measure.key in done:
                continue
            done.add(measure.key)
            computed = figure(measure, summed[measure.key], versions=versions[measure.key])
            if computed.n and not _is_one_task(measure):
                questionnaire = plan.questionnaire
                yield Measured(
                    desk_title(questionnaire), _moments(questionnaire, measure), computed
                )


def _blocks(asked: Iterable[Questionnaire], shown: Sequence[Measured]) -> Iterator[Block]:
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


def _is_one_task(measure: Measure) -> bool:
    """Tell whether the number of tasks would be 0 or 1: the progression already says it."""
    return isinstance(measure.indicator.formula, Tasks) and len(measure.items) == 1


def _shared(warnings: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    if len(warnings) < 2:
        return ()
    return tuple(code for code in warnings[0] if all(code in others for others in warnings))


def _asked(
    session: Session,
    reach: Reach,
    versions: Collection[str],
    campaign_id: UUID | None,
) -> list[Plan]:
    """Return the plans behind the tallies, those that measure most first."""
    query = (
        select(Campaign.version, Campaign.form, Campaign.modules)
        .where(within(reach), Campaign.version.in_(versions))
        .where(Campaign.id == campaign_id if campaign_id else Campaign.id.is_not(None))
    )
    seen = {(version, form, tuple(modules)) for version, form, modules in session.execute(query)}
    plans = [
        Plan.of_campaign(published(session, version), cast("Form", form), modules)
        for version, form, modules in sorted(seen)
    ]
    return sorted(plans, key=lambda plan: -len(plan.questionnaire.indicators))


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
