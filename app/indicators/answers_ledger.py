"""The ledger of how many answered: to each questionnaire, and by which doors (rule 13).

A questionnaire and a door cut the same answers in two ways: what both told is added and
subtracted together, so that neither gives the other away.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import chain, combinations
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from sqlalchemy import func, select

from app.campaigns.doors import DOORS, GROUPS, PARTNER
from app.campaigns.models import Campaign, Link, PublishedVersion
from app.campaigns.queries import published
from app.indicators.models import FrozenTally
from app.organisations.queries import thresholds_of
from app.scoring import RESPONSES
from app.scoring.differencing import Audit

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from app.indicators.lines import Ledger, Population

#: Groups of doors that are told as one: those that few took stand with others.
Doors: TypeAlias = frozenset[str]

_ANSWERS = func.sum(FrozenTally.tally["responses"].as_integer())


class Cell(NamedTuple):
    """Be the smallest group of answers: months of a lieu, a questionnaire, a group of doors."""

    #: Any of months that every line holds together, or not at all.
    month: str
    #: A lieu of which something left; the structure stands for all the others.
    part: UUID
    questionnaire: str
    group: str


@dataclass
class Answered:
    """Tell how many answers may leave of a period, and note them in a ledger."""

    session: Session
    ledger: Ledger
    population: Population

    def questionnaires(self) -> dict[str, int]:
        """Return how many answers to each questionnaire may be told, by its id.

        A number below the threshold of counts is not told.
        """
        told = {}
        for questionnaire, n in _answers_in(self.session, self.population).items():
            key = answers_key(questionnaire)
            if n >= self._least and self._admits([key]):
                told[questionnaire] = n
                self.ledger.note(key, self.population, n)
        return told

    def doors(self, doors: Mapping[Doors, int]) -> bool:
        """Tell whether how many came by each door may leave: all of it, or nothing.

        Only doors of the public; those that few took stand together already.
        """
        if not doors or min(doors.values()) < self._least:
            return False
        if not self._admits([doors_key(groups) for groups in doors]):
            return False
        for groups, n in doors.items():
            self.ledger.note(doors_key(groups), self.population, n)
        return True

    def _admits(self, keys: Iterable[str]) -> bool:
        """Tell whether some numbers may leave together, after all that left before."""
        new = [key for key in keys if not self.ledger.holds(key, self.population)]
        return not new or self._audit.admits([self._within(key, self.population) for key in new])

    @cached_property
    def _least(self) -> int:
        return thresholds_of(self.session, self.ledger.organisation_id).counts

    @cached_property
    def _left(self) -> list[tuple[str, Population]]:
        every = self.ledger.left.items()
        return [(key, one) for key, ones in every if ":" in key for one in ones]

    @cached_property
    def _audit(self) -> Audit[Cell]:
        """Reduce what left once, for all that this period asks."""
        left = [self._within(*one) for one in self._left]
        asked = [self._within(key, self.population) for key in self._meanings]
        return Audit(left, self._cells, asked)

    @cached_property
    def _cells(self) -> Mapping[Cell, int]:
        """Count the answers of each cell; months that no line tells apart count as one."""
        organisation_id = self.ledger.organisation_id
        query = (
            select(Link.door, Campaign.lieu_id, FrozenTally.version, FrozenTally.month, _ANSWERS)
            .join(Campaign, Link.campaign_id == Campaign.id)
            .join(FrozenTally, FrozenTally.scope_id == Link.id)
            .where(
                FrozenTally.organisation_id == organisation_id,
                FrozenTally.measure == RESPONSES,
            )
            .group_by(Link.door, Campaign.lieu_id, FrozenTally.version, FrozenTally.month)
        )
        told = [self.population, *(one for _, one in self._left)]
        scopes = {one.scope_id for one in told}
        firsts = sorted({one.first for one in told})
        lasts = sorted({one.last for one in told})
        stretches: dict[tuple[int, int], str] = {}
        cells: Counter[Cell] = Counter()
        for door, lieu_id, version, month, n in self.session.execute(query):
            asked = published(self.session, version)
            group = DOORS[door].group if asked.audience == "usager" else PARTNER
            part = lieu_id if lieu_id in scopes else organisation_id
            stretch = (bisect_right(firsts, month), bisect_left(lasts, month))
            first = stretches.setdefault(stretch, month)
            cells[Cell(first, part, asked.id, group)] += n or 0
        return cells

    def _within(self, key: str, population: Population) -> list[Cell]:
        """Return the cells that a line of the ledger speaks of."""
        everywhere = population.scope_id == self.ledger.organisation_id
        return [
            cell
            for cell in self._speaks_of(key, None if everywhere else population.scope_id)
            if population.first <= cell.month <= population.last
        ]

    def _speaks_of(self, key: str, part: UUID | None) -> Collection[Cell]:
        return self._by_key.get((key, part), ())

    @cached_property
    def _by_key(self) -> Mapping[tuple[str, UUID | None], list[Cell]]:
        """Return the cells of each key, in each part and everywhere."""
        keys: dict[tuple[str, str], list[str]] = {}
        for key, pairs in self._meanings.items():
            for pair in pairs:
                keys.setdefault(pair, []).append(key)
        found: dict[tuple[str, UUID | None], list[Cell]] = {}
        for cell in self._cells:
            for key in keys[cell.questionnaire, cell.group]:
                for part in (cell.part, None):
                    found.setdefault((key, part), []).append(cell)
        return found

    @cached_property
    def _meanings(self) -> Mapping[str, frozenset[tuple[str, str]]]:
        """Return the questionnaires and doors of each key."""
        every = {(cell.questionnaire, cell.group) for cell in self._cells}
        told = {
            answers_key(name): frozenset(pair for pair in every if pair[0] == name)
            for name, _ in every
        }
        for groups in _every_doors():
            told[doors_key(groups)] = frozenset(pair for pair in every if pair[1] in groups)
        return told


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
