"""The figures of a bilan: live ones, for the structure’s own reading, or those that may leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from app.bilan.doors import doors, released_doors
from app.bilan.scope import Scope, earlier_of, scope_of
from app.bilan.totals import Added, Asked, Totals, frozen_totals
from app.indicators.accompanied import People, accompanied_for, people_asked
from app.indicators.answers_ledger import Answered
from app.indicators.comparison import Comparison, comparison
from app.indicators.declaring import harmless_changes
from app.indicators.ledger import Leaving, Release, to_leave
from app.indicators.lines import Ledger, Population
from app.indicators.period import Period
from app.indicators.queries import Measured, measured, plans_behind
from app.organisations.queries import thresholds_of
from app.responses.rollups import tallies
from app.scoring import Plan, Thresholds, measures
from app.web.typography import months
from app.wording.told import Told

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from sqlalchemy.orm import Session

    from app.bilan.models import Bilan
    from app.indicators.fixed import FixedPeriod
    from app.indicators.models import Accompanied
    from app.organisations.queries import Reach


@dataclass(frozen=True, slots=True)
class Figures:
    """Be all the figures of a bilan."""

    told: tuple[Told, ...]
    plans: tuple[Plan, ...]
    #: How many people answered; partners are not counted.
    responses: int
    #: The period before; None when nothing was answered then.
    comparison: Comparison | None
    #: How many people were accompanied; None when nobody said.
    accompanied: Accompanied | None
    #: How many over more months than these figures count: told, and nothing is out of it.
    longer: Accompanied | None = None
    #: Questionnaires that were answered, those that measure most first.
    asked: tuple[Asked, ...] = ()
    #: The last month that they count, when they leave; empty for live figures.
    last_month: str = ""
    #: Answers of the public by group of doors; empty when that may not leave.
    doors: Mapping[str, int] = field(default_factory=dict)
    #: What they add to the ledger, once somebody writes it; None for live figures.
    ledger: Ledger | None = None

    @property
    def shown(self) -> tuple[Told, ...]:
        """Return what may be told."""
        return tuple(one for one in self.told if not one.reason)

    @property
    def of_public(self) -> tuple[Told, ...]:
        """Return what may be told of what people answered."""
        return tuple(one for one in self.shown if not one.is_partner)

    @property
    def of_partners(self) -> tuple[Told, ...]:
        """Return what may be told of what partners answered."""
        return tuple(one for one in self.shown if one.is_partner)


def live(session: Session, reach: Reach, bilan: Bilan, _today: date) -> Figures:
    """Return the figures of a bilan as they stand today: never for the outside."""
    scope = scope_of(session, reach, bilan)
    period = scope.frame.period
    totals: Totals = {}
    if scope.scopes:
        totals = tallies(
            session,
            reach.organisation_id,
            scopes=scope.scopes,
            first_month=period.first,
            last_month=period.last,
        )
    versions = {version for _, version in totals}
    plans = plans_behind(session, scope.reach, versions, scope.selection.campaigns_asked)
    limits = thresholds_of(session, reach.organisation_id)
    people = _people(session, scope, plans)
    added = Added(totals, plans)
    found = measured(added.sums, limits, people.most, is_unlike=bool(people.gaps))
    return Figures(
        told=tuple(_told(added, one) for one in found),
        plans=tuple(plans),
        responses=added.responses,
        comparison=_earlier(session, scope, limits) if scope.scopes else None,
        accompanied=people.accompanied,
        asked=tuple(added.asked()),
        doors=doors(session, scope),
    )


def released(session: Session, reach: Reach, bilan: Bilan) -> Figures:
    """Return the figures of a bilan that may leave (rule 13); their ledger is not written yet."""
    scope = scope_of(session, reach, bilan)
    fixed, scope_id = scope.fixed, scope.single
    if fixed is None or scope_id is None:
        raise ValueError("Seuls une année ou un trimestre, de la structure ou d’un lieu, sortent.")
    ledger = Ledger.of(session, reach.organisation_id)
    release = to_leave(session, ledger, scope_id, fixed)
    counted = Population(scope_id, fixed.first, release.last_month)
    answered = Answered(session, ledger, counted)
    answers = answered.questionnaires() if release.last_month else {}
    added = Added(frozen_totals(session, scope_id, release), release.plans)
    people, longer = _people_counted(session, scope, fixed, release)
    asked = tuple(added.asked(answers))
    may_tell_doors = all(one.responses is not None for one in asked if not one.is_partner)
    return Figures(
        told=tuple(
            replace(
                _told(added, one.measured, one.reason),
                last_month=one.last_month,
                received=_received(added, one, release, answers),
            )
            for one in release.figures
        ),
        plans=release.plans,
        responses=added.responses,
        comparison=_earlier_released(session, ledger, fixed, scope_id),
        accompanied=people.accompanied,
        longer=longer,
        asked=asked,
        last_month=release.last_month,
        doors=released_doors(session, scope, release, answered) if may_tell_doors else {},
        ledger=ledger,
    )


def _told(added: Added, one: Measured, reason: str | None = None) -> Told:
    hidden = one.figure.visibility.hidden if reason is None else reason
    received = added.received(one.figure.measure)
    versions = added.versions.get(one.key, ())
    return Told(one, hidden, "", received, versions, one.key in added.partners)


def _received(
    added: Added, leaving: Leaving, release: Release, answers: Mapping[str, int]
) -> int | None:
    """Return how many answers a figure was looked for in, where the ledger let that number out."""
    measure = leaving.measured.figure.measure
    received = added.received(measure)
    told = sum(
        answers.get(name, 0)
        for name in {
            plan.questionnaire.id
            for plan in release.plans
            if measure.key in {one.key for one in measures(plan)}
        }
    )
    return received if received == told and leaving.last_month == release.last_month else None


def _people(session: Session, scope: Scope, plans: Sequence[Plan]) -> People:
    """Return how many people were accompanied, where that number is of the same people."""
    if not scope.scopes:
        return People()
    return people_asked(session, scope.reach, scope.selection, plans)


def _people_counted(
    session: Session, scope: Scope, fixed: FixedPeriod, release: Release
) -> tuple[People, Accompanied | None]:
    """Return how many were accompanied over the months that leave, else over more of them."""
    counted = Period(fixed.first, release.last_month or fixed.last)
    people = _people(
        session,
        replace(scope, selection=replace(scope.selection, period=counted)),
        release.plans,
    )
    if people.accompanied is not None:
        return people, None
    return people, accompanied_for(session, scope.reach, scope.selection)


def _earlier(session: Session, scope: Scope, limits: Thresholds) -> Comparison | None:
    try:
        found = comparison(session, scope.reach, scope.selection, limits)
    except ValueError:  # nothing is older than the year 2000
        return None
    return found if found and found.figures else None


def _earlier_released(
    session: Session, ledger: Ledger, fixed: FixedPeriod, scope_id: UUID
) -> Comparison | None:
    """Return the frozen period before, as it may leave; None when it is not frozen."""
    organisation_id = ledger.organisation_id
    earlier = earlier_of(fixed)
    release = to_leave(session, ledger, scope_id, earlier)
    figures = {
        one.measured.key: one.measured.figure
        for one in release.figures
        if not one.reason and one.last_month == release.last_month
    }
    if not release.figures:
        return None
    period = Period(earlier.first, release.last_month)
    return Comparison(
        months(period.first_day, period.last_month),
        figures,
        thresholds_of(session, organisation_id),
        harmless_changes(session, organisation_id),
        leaves=True,
    )
