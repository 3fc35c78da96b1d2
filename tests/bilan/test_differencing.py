"""Rule 13 over whole bilans: nobody who adds and subtracts what left finds 1 to 4 people.

Random small structures seal quarters, years up to several last months, the whole structure and
single lieux, in random orders; a coordinateur reads some of it too. What is checked is what the
documents say, by another arithmetic than that of the ledger.
"""

from __future__ import annotations

import contextlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any, TypeAlias
from uuid import UUID

import pytest
from sqlalchemy import func, select

from app.bilan.consolidated_section import consolidated_section
from app.bilan.models import Bilan, BilanSeal
from app.bilan.sealing import SealingError, section_of
from app.campaigns.doors import DOORS, GROUPS, PARTNER
from app.campaigns.models import Campaign, Link
from app.campaigns.names import desk_title
from app.campaigns.queries import published
from app.db import Database
from app.documents.section import Section
from app.indicators.answers_ledger import answers_key, doors_key
from app.indicators.consolidated import Consolidated, PeriodError, consolidated
from app.indicators.freezing import freeze
from app.indicators.models import FrozenTally, Publication
from app.organisations.actions import add_lieu
from app.organisations.team import share_with
from app.questionnaires import Library
from app.responses.actions import record_many
from app.scoring import RESPONSES
from app.web.typography import typographic
from config import Keys
from tests.bilan.sealed import seal_one
from tests.bilan.structures import ASKED, Made, empty_structure, opened
from tests.responses.conftest import Sender

#: How many people answer in a lieu in a month: few, as it is in a village.
PEOPLE = (0, 0, 1, 2, 3, 5, 9)
MONTHS = [f"2026-{month:02d}" for month in range(1, 11)]
SMALL = range(1, 5)
#: How many answered, cut by questionnaire and by door: one arithmetic for both.
ANSWERS = "answers"
#: A month of a lieu; of answers, with the questionnaire and the group of doors.
Atom: TypeAlias = tuple[Any, ...]
Population: TypeAlias = frozenset[Atom]


PUBLIC = tuple(group for group in GROUPS if group != PARTNER)
#: What the lines of the ledger on answers speak of.
MEANINGS: dict[str, tuple[str, dict[str, Any]]] = {
    **{answers_key(name): (ANSWERS, {"asked": (name,)}) for name in ASKED},
    **{
        doors_key(groups): (ANSWERS, {"groups": groups})
        for size in range(1, len(PUBLIC) + 1)
        for groups in combinations(PUBLIC, size)
    },
}


@dataclass
class Village:
    """Be a structure of three lieux whose months are frozen one after the other."""

    database: Database
    keys: Keys
    made: Made
    random: Random
    lieux: list[UUID]
    campaigns: list[Campaign]
    coordinateur: UUID
    sealed: list[UUID] = field(default_factory=list)
    together: list[tuple[Consolidated, Section]] = field(default_factory=list)

    def live(self, month: str) -> None:
        """Let people answer for a month, then freeze it."""
        sender = Sender(self.database, self.keys, self.random)
        sent = []
        for campaign in self.campaigns:
            for _ in range(self.random.choice(PEOPLE)):
                day = date(int(month[:4]), int(month[5:]), self.random.randint(1, 28))
                sent.append(sender.build(self.random.choice(campaign.links), day=day))
        with self.database.writing() as session:
            record_many(session, self.keys, sent)
        with self.database.writing() as session:
            if sent:
                freeze(session, self.made.organisation_id, month, self.made.person_id, after(month))

    def give(self, month: str) -> None:
        """Seal a bilan of one scope and one period; what may not be sealed is refused."""
        quarter = (int(month[5:]) + 2) // 3
        first, last = self.random.choice(
            [("2026-01", "2026-12")]
            + [(f"2026-{3 * q - 2:02d}", f"2026-{3 * q:02d}") for q in range(1, quarter + 1)]
        )
        lieu = self.random.choice([None, *self.lieux])
        audience = self.random.choice(["employeur", "financeur", "public"])
        bilan = self.made.bilan(
            self.database, first_month=first, last_month=last, audience=audience,
            lieux=[str(lieu)] if lieu else [],
        )  # fmt: skip
        try:
            seal_one(self.database, self.keys, self.made, bilan, after(month))
        except SealingError:
            return
        self.sealed.append(bilan.id)

    def read_together(self, month: str) -> None:
        """Let a coordinateur read what was frozen."""
        with contextlib.suppress(PeriodError):
            periods = ["", "2026", *(f"2026-T{q}" for q in range(1, 4))]
            given = self.random.choice(periods)
            shown = consolidated(self.database, self.coordinateur, given, after(month))
            if shown.period is not None:
                self.together.append((shown, consolidated_section(shown, after(month))))

    def look(self, month: str) -> None:
        """Read a provisional bilan, by action or not: nothing of it enters the ledger."""
        before = self._left()
        bilan = self.made.bilan(self.database, actions=self.random.choice([[], ["Ateliers"]]))
        with self.database.reading() as session:
            mine = session.get_one(Bilan, bilan.id)
            section = section_of(session, self.keys, self.made.reach, mine, after(month))
            session.rollback()
        assert "Provisoire, ne pas diffuser" in section.standing.words
        assert self._left() == before

    def _left(self) -> int:
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(Publication)) or 0


def after(month: str) -> date:
    """Return a day when a month is closed."""
    return date(2026, int(month[5:]) + 1, 5)


@pytest.fixture
def village(sqlite_file: Path, database: Database, keys: Keys, library: Library) -> Village:
    """Return a structure that asks two questionnaires in each of three lieux."""
    made = empty_structure(database, library)
    with database.writing() as session:
        others = [add_lieu(session, made.organisation_id, f"Lieu {rank}").id for rank in (2, 3)]
        lou, _ = share_with(session, keys, made.organisation_id, "lou@example.fr", "Lou")
        coordinateur = lou.id
    lieux = [made.lieu_id, *others]
    campaigns = [
        opened(database, library, made, asked, lieu_id=lieu, action="Ateliers")
        for asked in ASKED
        for lieu in lieux
    ]
    return Village(database, keys, made, Random(), lieux, campaigns, coordinateur)


@pytest.mark.parametrize("seed", range(4))
def test_no_sequence_of_bilans_isolates_anybody(village: Village, seed: int) -> None:
    village.random = Random(seed)
    for month in MONTHS:
        village.live(month)
        for _ in range(3):
            step = village.random.choice([village.give, village.give, village.read_together])
            step(month)
    village.look(MONTHS[-1])
    for _ in range(6):
        village.give(MONTHS[-1])
    counts = people(village)
    told: dict[str, set[Population]] = defaultdict(set)
    for measure, population, n in readable(village):
        cells = frozenset(cell for cell in population if counts[measure].get(cell))
        assert sum(counts[measure][cell] for cell in cells) == n
        assert n >= 5
        told[measure].add(cells)
    assert len(village.sealed) > 8
    assert sum(map(len, told.values())) > 20
    for measure, populations in told.items():
        assert alone(sorted(populations, key=sorted), counts[measure]) is None, measure


def readable(village: Village) -> Iterator[tuple[str, Population, int]]:
    """Yield each number of people that documents and the ledger tell, and of whom."""
    with village.database.reading() as session:
        for known in village.sealed:
            bilan, sealed = session.get_one(Bilan, known), session.get_one(BilanSeal, known)
            section = section_of(session, village.keys, village.made.reach, bilan, after("2026-10"))
            kept = {str(one["measure"]): one for one in sealed.figures}
            scope = UUID(bilan.lieux[0]) if bilan.lieux else None
            for measure, n in said(section):
                one = kept[measure]  # no figure is told that the seal does not name
                yield measure, cells(village, scope, bilan.first_month, str(one["last_month"])), n
            whole = cells(village, scope, bilan.first_month, sealed.last_month)
            for asked, n in received(session, section):
                yield ANSWERS, cut(whole, asked=(asked,)), n
            for groups, n in came_by(section):
                yield ANSWERS, cut(whole, groups=groups), n
        for row in session.scalars(select(Publication)):
            scope = None if row.scope_id == village.made.organisation_id else row.scope_id
            whole = cells(village, scope, row.first_month, row.last_month)
            system, parts = MEANINGS.get(row.measure, (row.measure, {}))
            yield system, cut(whole, **parts) if parts else whole, row.n
    for shown, section in village.together:
        yield from told_together(village, shown, section)


def told_together(
    village: Village, shown: Consolidated, section: Section
) -> Iterator[tuple[str, Population, int]]:
    """Yield what the section of a coordinateur tells of the structure."""
    assert shown.period is not None
    rows = iter(section.annex.rows)
    measured = [one for block in shown.blocks for ways in block.indicators.values() for one in ways]
    for line in (shown.lines[one.key] for one in measured):
        assert next(rows).n == "–"  # one structure is no sum
        ((_, leaving),) = line.figures
        row = next(rows)
        assert row.n.isdigit() is not bool(leaving.reason)
        if not leaving.reason:
            whole = cells(village, None, shown.period.first, leaving.last_month)
            yield line.example.key, whole, int(row.n)
    assert not list(rows)


def came_by(section: Section) -> Iterator[tuple[list[str], int]]:
    """Yield how many came by which doors, as the table under the drawing writes it."""
    if section.method.doors is not None:
        for label, n in section.method.doors.table[1:]:
            yield label.split(" ou "), int(n)


def cut(
    whole: Population, asked: Iterable[str] = ASKED, groups: Iterable[str] = PUBLIC
) -> Population:
    """Return the answers to some questionnaires, by some doors, in months of lieux."""
    return frozenset((*cell, one, group) for cell in whole for one in asked for group in groups)


def said(section: Section) -> Iterator[tuple[str, int]]:
    """Yield the n of each sentence, as what it stands on writes it."""
    for part in section.body:
        for finding in getattr(part, "findings", ()):
            found = re.match(r"([\d\u202f]+)", finding.trace.counts)
            assert found, finding.trace
            yield finding.trace.measure, int(found[1].replace("\u202f", ""))


def received(session: Any, section: Section) -> Iterator[tuple[str, int]]:
    """Yield how many answers to each questionnaire the method box tells."""
    titles = {}
    for version in session.scalars(select(Campaign.version).distinct()):
        questionnaire = published(session, version)
        titles[typographic(desk_title(questionnaire))] = questionnaire.id
    for source in section.method.sources:
        if found := re.match(r"(\d+)\sréponses?", source.received):
            yield titles[source.title], int(found[1])


def cells(village: Village, lieu: UUID | None, first: str, last: str) -> Population:
    months = [month for month in MONTHS if first <= month <= last]
    return frozenset((month, one) for month in months for one in village.lieux
                     if lieu in (None, one))  # fmt: skip


def people(village: Village) -> dict[str, dict[Atom, int]]:
    """Count who stands behind each measure, and behind the answers, in each month of each lieu."""
    counts: dict[str, dict[Atom, int]] = defaultdict(lambda: defaultdict(int))
    with village.database.reading() as session:
        links = session.execute(select(Link.id, Link.door, Campaign.lieu_id).join(Link.campaign))
        doors = {known: (lieu, DOORS[door].group) for known, door, lieu in links}
        for row in session.scalars(select(FrozenTally)):
            if row.measure == RESPONSES and row.scope_id in doors:
                lieu, group = doors[row.scope_id]
                asked = published(session, row.version).id
                counts[ANSWERS][row.month, lieu, asked, group] += row.tally["responses"]
            elif row.measure != RESPONSES and row.scope_id in village.lieux:
                counts[row.measure][row.month, row.scope_id] += row.tally.get("n", 0)
    return counts


def alone(
    populations: list[Population], counts: dict[Atom, int]
) -> tuple[tuple[Atom, ...], ...] | None:
    """Return a group of 1 to 4 people whose number follows from the others, by brute force.

    People who stand in the same populations are one class: every set of at most four classes
    that holds 1 to 4 people is tried against what was told.
    """
    classes: dict[tuple[bool, ...], list[Atom]] = defaultdict(list)
    for atom, n in counts.items():
        if n and any(atom in one for one in populations):
            classes[tuple(atom in one for one in populations)].append(atom)
    members = list(classes.values())
    matrix = [[Fraction(members[c][0] in one) for c in range(len(members))] for one in populations]
    unknown = hidden(matrix, len(members))
    totals = [sum(counts[atom] for atom in one) for one in members]
    few = [column for column, total in enumerate(totals) if total in SMALL]
    for size in SMALL:
        for group in combinations(few, size):
            if sum(totals[column] for column in group) in SMALL and not any(
                sum(way[column] for column in group) for way in unknown
            ):
                return tuple(tuple(members[column]) for column in group)
    return None


def hidden(matrix: list[list[Fraction]], width: int) -> list[list[Fraction]]:
    """Return every way to move people between classes that changes no number that was told.

    A number follows from what was told exactly when none of these ways changes it.
    """
    rows, pivots = [row[:] for row in matrix], list[int]()
    for column in range(width):
        at = len(pivots)
        pivot = next((r for r in range(at, len(rows)) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[at], rows[pivot] = rows[pivot], rows[at]
        rows[at] = [value / rows[at][column] for value in rows[at]]
        for other, row in enumerate(rows):
            if other != at and row[column]:
                times = row[column]
                rows[other] = [a - times * b for a, b in zip(row, rows[at], strict=True)]
        pivots.append(column)
    ways = []
    for free in (column for column in range(width) if column not in pivots):
        way = [Fraction(column == free) for column in range(width)]
        for at, column in enumerate(pivots):
            way[column] = -rows[at][free]
        ways.append(way)
    return ways


def test_the_arithmetic_of_this_test_finds_somebody_alone() -> None:
    here, there = UUID(int=1), UUID(int=2)
    counts = {("2026-01", here): 20, ("2026-01", there): 2, ("2026-02", here): 9}
    every = frozenset(counts)
    assert alone([every], counts) is None
    assert alone([every, frozenset({("2026-01", here), ("2026-02", here)})], counts) == (
        (("2026-01", there),),
    )
