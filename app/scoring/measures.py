"""Every measure of a plan, and what responses and pairs add to it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from app.questionnaires.definition import Answers
from app.questionnaires.formulas import (
    Conjunction,
    Contribution,
    Formula,
    Mean,
    MultiplePart,
    Part,
    Progression,
    Tasks,
    Typology,
)
from app.scoring.before_after import BeforeAfter
from app.scoring.contribution import ContributionMeasure
from app.scoring.disclosure import FLOORS, Thresholds
from app.scoring.figures import Circumstances, Figure
from app.scoring.measure import Measure
from app.scoring.plans import Plan
from app.scoring.progression import ProgressionMeasure
from app.scoring.readings import read_response
from app.scoring.satisfaction import MeanMeasure
from app.scoring.shares import ConjunctionMeasure, MultiplePartMeasure, PartMeasure
from app.scoring.tallies import Tally
from app.scoring.tasks import TasksMeasure
from app.scoring.typology import TypologyMeasure

#: Raised when the same answers would bring other scores or tallies: `rescore` then redoes them.
SCORING_VERSION = 1

#: Key of what each response adds whatever it answers: itself, and who chose the answers.
RESPONSES = "responses"

#: One class knows how a formula is measured, tallied, told and explained.
MEASURES: Mapping[type[Formula], type[Measure]] = {
    Progression: ProgressionMeasure,
    Tasks: TasksMeasure,
    Contribution: ContributionMeasure,
    Part: PartMeasure,
    MultiplePart: MultiplePartMeasure,
    Conjunction: ConjunctionMeasure,
    Typology: TypologyMeasure,
    Mean: MeanMeasure,
}


class Scored(NamedTuple):
    """Be what one response brings to one measure."""

    measure_key: str
    indicator: str
    #: Score of the person, in 30240ths of a point; None when too few items are valid.
    value: int | None
    tally: Tally


class ScoredPair(NamedTuple):
    """Be what one pair brings to one measure; `before` and `after` are None when excluded."""

    measure_key: str
    indicator: str
    #: Number of items valid at both times.
    k: int
    #: 30240ths of a point, or tasks.
    before: int | None
    after: int | None
    tally: Tally


@lru_cache(maxsize=1024)
def measures(plan: Plan) -> tuple[Measure, ...]:
    """Return what a plan measures, in the order of the référentiel, then of the waves."""
    return tuple(
        measure
        for indicator in plan.questionnaire.indicators.values()
        for measure in MEASURES[type(indicator.formula)].of(indicator, plan)
    )


@lru_cache(maxsize=4096)
def _read_in(plan: Plan, wave: str) -> tuple[Measure, ...]:
    """Return the measures that read the responses of a wave."""
    return tuple(
        measure
        for measure in measures(plan)
        if wave in (measure.from_wave, measure.to_wave) or measure.told_at_once
    )


def score_response(
    plan: Plan, wave: str, answers: Answers, *, mode: str | None = None, unreviewed: bool = False
) -> list[Scored]:
    """Score one response: conditions are applied here, `answers` are as they were stored."""
    reading = read_response(plan.passings[wave], answers, mode=mode, unreviewed=unreviewed)
    itself = {RESPONSES: 1, **({f"mode.{mode}": 1} if mode else {})}
    scored = [Scored(RESPONSES, RESPONSES, None, itself)]
    for measure in _read_in(plan, wave):
        value, tally = measure.of_response(wave, reading)
        scored.append(Scored(measure.key, measure.indicator.id, value, tally))
    return scored


def score_pair(
    plan: Plan, from_wave: str, to_wave: str, before: Answers, after: Answers
) -> list[ScoredPair]:
    """Compare two responses of one person."""
    earlier = read_response(plan.passings[from_wave], before)
    later = read_response(plan.passings[to_wave], after)
    scored = []
    for measure in measures(plan):
        if isinstance(measure, BeforeAfter) and measure.from_wave == from_wave:
            if measure.to_wave != to_wave:
                continue
            compared = measure.compare(earlier, later)
            scored.append(ScoredPair(measure.key, measure.indicator.id, *compared))
    return scored


def figure(
    measure: Measure,
    tally: Mapping[str, int],
    *,
    accompanied: int | None = None,
    versions: int = 1,
    thresholds: Thresholds = FLOORS,
    is_unlike: bool = False,
) -> Figure:
    """Return what a tally says of a measure."""
    return measure.figure(tally, Circumstances(accompanied, versions, thresholds, is_unlike))
