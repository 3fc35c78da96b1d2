"""The ledger of rule 13: which figures of frozen months may leave the structure.

What leaves is a fixed period of a fixed scope: the structure, or one of its lieux. Each figure
obeys rule 11 first; then its population is compared with every population of the same measure
that left before, and it stays when sums and differences would single out 1 to 4 people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from itertools import chain
from typing import NamedTuple, TypeAlias
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db import Database
from app.indicators.accompanied import accompanied_of, profile_gap
from app.indicators.fixed import FixedPeriod
from app.indicators.freezing import hold
from app.indicators.lines import Ledger, Population
from app.indicators.models import FrozenMonth, FrozenTally
from app.indicators.period import Period
from app.indicators.queries import Measured, Sums, measured, plans_behind
from app.indicators.selection import Selection
from app.organisations.queries import Reach, thresholds_of
from app.scoring import Plan, Tally, add
from app.scoring.differencing import isolates

GIVEN_AWAY = (
    "non diffusé (avec les chiffres déjà donnés, une soustraction désignerait moins de 5 personnes)"
)

#: Times that what leaves is worked out beside the others, before they are made to wait.
TRIES = 3

#: A month of one scope; the structure stands for the rest of it, beside its lieux that left.
Atom: TypeAlias = tuple[str, UUID]


@dataclass(frozen=True, slots=True)
class Leaving:
    """Be one figure of a release: it may leave, unless there is a reason why not."""

    measured: Measured
    tally: Tally
    #: The figure goes up to this month: earlier than the others when they would tell too much.
    last_month: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Release:
    """Be what a structure lets out of a fixed period."""

    period: FixedPeriod
    #: Last frozen month of the period; empty when the period is not frozen.
    last_month: str = ""
    figures: tuple[Leaving, ...] = ()
    plans: tuple[Plan, ...] = ()


class _Frozen(NamedTuple):
    month: str
    measure: str
    version: str
    tally: Tally


@dataclass
class _Audited:
    """Know what left of a structure, and how many people stand where."""

    session: Session
    ledger: Ledger
    scope_id: UUID

    @cached_property
    def counts(self) -> Mapping[str, Mapping[Atom, int]]:
        """Count the people of each measure, only once a figure asks to leave for the first time."""
        scopes = {one.scope_id for ones in self.ledger.left.values() for one in ones}
        return _counts(self.session, self.ledger.organisation_id, scopes | {self.scope_id})

    def admits(self, measure: str, population: Population) -> bool:
        """Tell whether a figure over some people may leave, after all that left before."""
        if self.ledger.holds(measure, population):
            return True
        left = self.ledger.left.get(measure, set())
        counts = self.counts.get(measure, {})
        return not isolates([self._atoms(one, counts) for one in (*left, population)], counts)

    def _atoms(self, population: Population, counts: Iterable[Atom]) -> list[Atom]:
        everywhere = population.scope_id == self.ledger.organisation_id
        return [
            (month, part)
            for month, part in counts
            if population.first <= month <= population.last
            and (everywhere or part == population.scope_id)
        ]


def publish(
    session: Session, organisation_id: UUID, scope_id: UUID, period: FixedPeriod, today: date
) -> Release:
    """Return what may leave of a period, and write it into the ledger, once.

    The structure is held until the commit: two readers cannot each take one half of a difference.
    """
    hold(session, organisation_id)
    ledger = Ledger.of(session, organisation_id)
    release = to_leave(session, ledger, scope_id, period)
    ledger.write(session, today)
    return release


def publish_briefly(
    database: Database, organisation_id: UUID, scope_id: UUID, period: FixedPeriod, today: date
) -> Release:
    """Publish, and hold the database only to write what leaves for the first time."""
    for _ in range(TRIES):
        with database.reading() as session:
            ledger = Ledger.of(session, organisation_id)
            release = to_leave(session, ledger, scope_id, period)
        if not ledger.lines:
            return release
        with database.writing() as session:
            hold(session, organisation_id)
            if ledger.stands(session):
                ledger.write(session, today)
                return release
    with database.writing() as session:
        return publish(session, organisation_id, scope_id, period, today)


def to_leave(session: Session, ledger: Ledger, scope_id: UUID, period: FixedPeriod) -> Release:
    """Return what may leave of a period, and note it in a ledger that is not written yet."""
    organisation_id = ledger.organisation_id
    months = frozen_in(session, organisation_id, period)
    if not months:
        return Release(period)
    rows = _frozen(session, organisation_id, scope_id, period)
    plans = plans_behind(session, Reach(organisation_id), {row.version for row in rows})
    audited = _Audited(session, ledger, scope_id)
    sums = _sums(rows, plans)
    figures = []
    lieux = None if scope_id == organisation_id else frozenset({scope_id})
    read = _reader(session, Reach(organisation_id, lieux), period, months[-1], plans)
    for one in read(sums):
        key = one.figure.measure.key
        whole = Leaving(one, sums.tallies[key], months[-1], one.figure.visibility.hidden)
        states = _earlier_states([row for row in rows if row.measure == key], whole, plans, read)
        leaving = _leaving(audited, period, whole, () if period.quarter else states)
        if not leaving.reason:
            population = Population(scope_id, period.first, leaving.last_month)
            ledger.note(key, population, leaving.measured.figure.n)
        figures.append(leaving)
    return Release(period, months[-1], tuple(figures), tuple(plans))


def frozen_in(session: Session, organisation_id: UUID, period: FixedPeriod) -> Sequence[str]:
    """Return the frozen months of a period that may be published; a quarter leaves whole."""
    months = session.scalars(
        select(FrozenMonth.month)
        .where(
            FrozenMonth.organisation_id == organisation_id,
            FrozenMonth.month.between(period.first, period.last),
        )
        .order_by(FrozenMonth.month)
    ).all()
    return [] if period.quarter and period.last not in months else months


def _leaving(
    audited: _Audited, period: FixedPeriod, whole: Leaving, earlier: Iterable[Leaving]
) -> Leaving:
    """Return a figure, or its latest earlier state that does not tell too much.

    Only the ledger sends back to an earlier state: what rule 11 hides today is hidden.
    """
    key = whole.measured.figure.measure.key
    if whole.reason:
        return whole
    for state in chain([whole], earlier):
        if audited.admits(key, Population(audited.scope_id, period.first, state.last_month)):
            return state
    return replace(whole, reason=GIVEN_AWAY)


def _reader(
    session: Session, reach: Reach, period: FixedPeriod, last_month: str, plans: Sequence[Plan]
) -> Callable[[Sums], Iterator[Measured]]:
    """Return what reads figures beside the number, and the groups, of the accompanied people.

    A frozen sum knows nobody’s age: who is missing is read in the answers that are still there.
    """
    (scope_id,) = reach.scopes
    about = (session, reach.organisation_id, scope_id, period.first)
    noted = accompanied_of(*about, last_month)
    # Over more months, nothing is out of that number: who is missing is told all the same.
    profile = noted or accompanied_of(*about, period.last)
    selection = Selection(Period(period.first, last_month))
    return partial(
        measured,
        thresholds=thresholds_of(session, reach.organisation_id),
        accompanied=noted.most if noted else None,
        is_unlike=bool(profile_gap(session, reach, selection, plans, profile)),
    )


def _earlier_states(
    rows: Sequence[_Frozen],
    whole: Leaving,
    plans: Sequence[Plan],
    read: Callable[[Sums], Iterator[Measured]],
) -> Iterator[Leaving]:
    """Yield the figure of one measure as it stood at the end of each earlier month."""
    for month in sorted({row.month for row in rows if row.month < whole.last_month}, reverse=True):
        sums = _sums([row for row in rows if row.month <= month], plans)
        found = next(read(sums), None)
        if found is None or found.figure.visibility.hidden:
            return
        yield Leaving(found, sums.tallies[found.figure.measure.key], month)


def _frozen(
    session: Session, organisation_id: UUID, scope_id: UUID, period: FixedPeriod
) -> list[_Frozen]:
    columns = (FrozenTally.month, FrozenTally.measure, FrozenTally.version, FrozenTally.tally)
    mine = select(*columns).where(
        FrozenTally.organisation_id == organisation_id,
        FrozenTally.scope_id == scope_id,
        FrozenTally.month.between(period.first, period.last),
    )
    return [_Frozen(*row) for row in session.execute(mine)]


def _sums(rows: Iterable[_Frozen], plans: Sequence[Plan]) -> Sums:
    tallies: dict[str, Tally] = {}
    versions: dict[str, set[str]] = {}
    for row in rows:
        add(tallies.setdefault(row.measure, {}), row.tally)
        versions.setdefault(row.measure, set()).add(row.version)
    return Sums(tallies, {measure: len(known) for measure, known in versions.items()}, plans)


def _counts(
    session: Session, organisation_id: UUID, scopes: set[UUID]
) -> dict[str, dict[Atom, int]]:
    """Count the people of each measure by month: of each lieu, and of the rest of the structure."""
    people = func.sum(FrozenTally.tally["n"].as_integer())
    query = (
        select(FrozenTally.measure, FrozenTally.month, FrozenTally.scope_id, people)
        .where(
            FrozenTally.organisation_id == organisation_id,
            FrozenTally.scope_id.in_(scopes | {organisation_id}),
        )
        .group_by(FrozenTally.measure, FrozenTally.month, FrozenTally.scope_id)
    )
    counts: dict[str, dict[Atom, int]] = {}
    for measure, month, scope_id, n in session.execute(query):
        cells = counts.setdefault(measure, {})
        rest = (month, organisation_id)
        cells[month, scope_id] = cells.get((month, scope_id), 0) + (n or 0)
        if scope_id != organisation_id:
            cells[rest] = cells.get(rest, 0) - (n or 0)
    return counts
