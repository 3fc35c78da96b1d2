"""The lines of the ledger: which figures left a structure, and which are about to.

What may leave is worked out over a copy of the ledger in memory, which takes seconds and holds
nobody. The lines are written at the end, in a short transaction, if nothing moved meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from sqlalchemy import func, select

from app.indicators.models import FrozenMonth, Publication

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session


class Population(NamedTuple):
    """Be whom a figure speaks of: a scope over some months."""

    scope_id: UUID
    first: str
    last: str


class Line(NamedTuple):
    """Be one figure that is about to leave: its measure, whom it speaks of, how many they are."""

    measure: str
    population: Population
    n: int


@dataclass
class Ledger:
    """Know what left of a structure, and what is about to."""

    organisation_id: UUID
    #: By measure; what is about to leave stands there too.
    left: dict[str, set[Population]]
    #: How many lines and frozen months there were: none is ever taken away.
    seen: tuple[int, int]
    #: What is not written yet.
    lines: list[Line] = field(default_factory=list)

    @classmethod
    def of(cls, session: Session, organisation_id: UUID) -> Ledger:
        """Read the ledger of a structure; what moves after that is seen by `stands`."""
        seen = _seen(session, organisation_id)
        columns = (
            Publication.measure,
            Publication.scope_id,
            Publication.first_month,
            Publication.last_month,
        )
        left: dict[str, set[Population]] = {}
        mine = select(*columns).where(Publication.organisation_id == organisation_id)
        for measure, scope_id, first, last in session.execute(mine):
            left.setdefault(measure, set()).add(Population(scope_id, first, last))
        return cls(organisation_id, left, seen)

    def holds(self, measure: str, population: Population) -> bool:
        """Tell whether a figure left already, or is about to."""
        return population in self.left.get(measure, ())

    def note(self, measure: str, population: Population, n: int) -> None:
        """Let a figure leave, once."""
        if not self.holds(measure, population):
            self.left.setdefault(measure, set()).add(population)
            self.lines.append(Line(measure, population, n))

    def stands(self, session: Session) -> bool:
        """Tell whether nobody froze or published since it was read; the structure is held."""
        return _seen(session, self.organisation_id) == self.seen

    def write(self, session: Session, today: date) -> None:
        """Write the lines of what leaves."""
        session.add_all(
            Publication(
                organisation_id=self.organisation_id,
                measure=measure,
                scope_id=population.scope_id,
                first_month=population.first,
                last_month=population.last,
                n=n,
                published_on=today,
            )
            for measure, population, n in self.lines
        )
        self.lines = []
        session.flush()


def _seen(session: Session, organisation_id: UUID) -> tuple[int, int]:
    lines, months = (
        select(func.count()).select_from(table).where(table.organisation_id == organisation_id)
        for table in (Publication, FrozenMonth)
    )
    row = session.execute(select(lines.scalar_subquery(), months.scalar_subquery())).one()
    return row[0], row[1]
