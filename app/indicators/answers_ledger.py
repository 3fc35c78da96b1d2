"""The ledger of how many answered: to each questionnaire, and by which doors (rule 13).

A questionnaire and a door cut the same answers in two ways: what both told is added and
subtracted together, so that neither gives the other away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import chain, combinations
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from sqlalchemy import func, select

from app.campaigns.doors import DOORS, GROUPS, PARTNER
from app.campaigns.models import Campaign, Link, PublishedVersion
from app.campaigns.queries import published
from app.indicators.freezing import hold
from app.indicators.ledger import Population, frozen_in
from app.indicators.models import FrozenTally, Publication
from app.organisations.queries import thresholds_of
from app.scoring import RESPONSES
from app.scoring.differencing import isolates

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy.orm import Session

    from app.indicators.fixed import FixedPeriod

#: Groups of doors that are told as one: those that few took stand with others.
Doors: TypeAlias = frozenset[str]

_ANSWERS = func.sum(FrozenTally.tally["responses"].as_integer())


class Cell(NamedTuple):
    """Be the smallest group of answers: a month of a lieu, a questionnaire, a group of doors."""

    month: str
    #: A lieu of which something left; the structure stands for all the others.
    part: UUID
    questionnaire: str
    group: str


@dataclass
class _Answered:
    """Know what was told of the answers, and how many there are in each cell."""

    session: Session
    organisation_id: UUID
    left: dict[str, set[Population]]
    scopes: Collection[UUID]

    @cached_property
    def cells(self) -> Mapping[Cell, int]:
        """Count the answers of each cell."""
        query = (
            select(Link.door, Campaign.lieu_id, FrozenTally.version, FrozenTally.month, _ANSWERS)
            .join(Campaign, Link.campaign_id == Campaign.id)
            .join(FrozenTally, FrozenTally.scope_id == Link.id)
            .where(
                FrozenTally.organisation_id == self.organisation_id,
                FrozenTally.measure == RESPONSES,
            )
            .group_by(Link.door, Campaign.lieu_id, FrozenTally.version, FrozenTally.month)
        )
        cells: Counter[Cell] = Counter()
        for door, lieu_id, version, month, n in self.session.execute(query):
            asked = published(self.session, version)
            group = DOORS[door].group if asked.audience == "usager" else PARTNER
            part = lieu_id if lieu_id in self.scopes else self.organisation_id
            cells[Cell(month, part, asked.id, group)] += n or 0
        return cells

    def admits(self, told: Mapping[str, Population]) -> bool:
        """Tell whether some numbers may leave together, after all that left before."""
        new = [(key, one) for key, one in told.items() if one not in self.left.get(key, ())]
        known = [(key, one) for key, ones in self.left.items() for one in ones]
        return not new or not isolates([self._within(*one) for one in (*known, *new)], self.cells)

    def note(self, key: str, population: Population, n: int, today: date) -> None:
        """Write into the ledger what leaves, once."""
        if population in self.left.get(key, ()):
            return
        self.left.setdefault(key, set()).add(population)
        self.session.add(
            Publication(
                organisation_id=self.organisation_id,
                measure=key,
                scope_id=population.scope_id,
                first_month=population.first,
                last_month=population.last,
                n=n,
                published_on=today,
            )
        )

    def _within(self, key: str, population: Population) -> list[Cell]:
        """Return the cells that a line of the ledger speaks of."""
        everywhere = population.scope_id == self.organisation_id
        speaks_of = self._meanings.get(key, frozenset())
        return [
            cell
            for cell in self.cells
            if population.first <= cell.month <= population.last
            and (everywhere or cell.part == population.scope_id)
            and (cell.questionnaire, cell.group) in speaks_of
        ]

    @cached_property
    def _meanings(self) -> Mapping[str, frozenset[tuple[str, str]]]:
        """Return the questionnaires and doors of each key."""
        every = {(cell.questionnaire, cell.group) for cell in self.cells}
        told = {
            answers_key(name): frozenset(pair for pair in every if pair[0] == name)
            for name, _ in every
        }
        for groups in _every_doors():
            told[doors_key(groups)] = frozenset(pair for pair in every if pair[1] in groups)
        return told


def publish_answers(
    session: Session, organisation_id: UUID, scope_id: UUID, period: FixedPeriod, today: date
) -> dict[str, int]:
    """Return how many answers to each questionnaire may be told, and write them into the ledger.

    By the id of the questionnaire. A number below the threshold of counts is not told.
    """
    population = _population(session, organisation_id, scope_id, period)
    if population is None:
        return {}
    told = {}
    least = thresholds_of(session, organisation_id).counts
    answered = _answered(session, organisation_id, scope_id)
    for questionnaire, n in _answers_in(session, population).items():
        key = answers_key(questionnaire)
        if n >= least and answered.admits({key: population}):
            told[questionnaire] = n
            answered.note(key, population, n, today)
    session.flush()
    return told


def publish_doors(
    session: Session,
    organisation_id: UUID,
    scope_id: UUID,
    period: FixedPeriod,
    doors: Mapping[Doors, int],
    today: date,
) -> bool:
    """Write into the ledger how many came by each door; tell whether all that may leave.

    Only doors of the public; those that few took stand together already.
    """
    population = _population(session, organisation_id, scope_id, period)
    least = thresholds_of(session, organisation_id).counts
    if population is None or not doors or min(doors.values()) < least:
        return False
    answered = _answered(session, organisation_id, scope_id)
    if not answered.admits({doors_key(groups): population for groups in doors}):
        return False
    for groups, n in doors.items():
        answered.note(doors_key(groups), population, n, today)
    session.flush()
    return True


def answers_key(questionnaire: str) -> str:
    """Return what the ledger calls the answers to a questionnaire: no measure has this name."""
    return f"{RESPONSES}:{_digest(questionnaire)}"


def doors_key(groups: Collection[str]) -> str:
    """Return what the ledger calls the answers that came by some groups of doors."""
    return f"doors:{_digest('+'.join(sorted(groups)))}"


def _digest(words: str) -> str:
    return sha256(words.encode()).hexdigest()[:16]


def _every_doors() -> Iterator[Doors]:
    public = [group for group in GROUPS if group != PARTNER]
    sizes = (combinations(public, size) for size in range(1, len(public) + 1))
    return map(frozenset, chain.from_iterable(sizes))


def _population(
    session: Session, organisation_id: UUID, scope_id: UUID, period: FixedPeriod
) -> Population | None:
    """Hold the structure until the commit; return whom a period speaks of, where it is frozen."""
    hold(session, organisation_id)
    months = frozen_in(session, organisation_id, period)
    return Population(scope_id, period.first, months[-1]) if months else None


def _answered(session: Session, organisation_id: UUID, scope_id: UUID) -> _Answered:
    left: dict[str, set[Population]] = {}
    mine = select(Publication).where(
        Publication.organisation_id == organisation_id, Publication.measure.contains(":")
    )
    for one in session.scalars(mine):
        population = Population(one.scope_id, one.first_month, one.last_month)
        left.setdefault(one.measure, set()).add(population)
    scopes = {one.scope_id for populations in left.values() for one in populations}
    return _Answered(session, organisation_id, left, scopes | {scope_id})


def _answers_in(session: Session, population: Population) -> dict[str, int]:
    query = (
        select(PublishedVersion.questionnaire, _ANSWERS)
        .join_from(FrozenTally, PublishedVersion, PublishedVersion.version == FrozenTally.version)
        .where(
            FrozenTally.scope_id == population.scope_id,
            FrozenTally.measure == RESPONSES,
            FrozenTally.month.between(population.first, population.last),
        )
        .group_by(PublishedVersion.questionnaire)
    )
    return {row[0]: row[1] or 0 for row in session.execute(query)}
