"""What the signed-in person looks at, read from the address: common to pages and downloads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import abort, request

from app.indicators.accompanied import people_asked, scope_of
from app.indicators.comparison import Comparison, comparison
from app.indicators.freezing import compare, frozen_months
from app.indicators.period import Period
from app.indicators.queries import Measured, Sums, measured, sums_of
from app.indicators.selection import Choices, Selection, Unknown, choices, read_selection
from app.organisations.queries import Reach, thresholds_of
from app.organisations.sessions import current_reach
from app.responses.rollups import fold_if_needed
from app.scoring import Thresholds
from app.web.current import database, today

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Looked:
    """Be what somebody looks at, and what may be chosen instead."""

    reach: Reach
    offered: Choices
    selection: Selection
    #: The period of who asks for none.
    usual: Period
    #: What is wrong with the period that was asked; empty when nothing is.
    problem: str
    thresholds: Thresholds

    @property
    def people_query(self) -> str | None:
        """Return where to note how many people are looked at; None when they are some campaigns'.

        Who asks for no period is led to the whole year.
        """
        scope_id, period = scope_of(self.reach, self.selection), self.selection.period
        if scope_id is None:
            return None
        pairs = [] if period == self.usual else [("de", period.first), ("a", period.last)]
        lieu = [] if scope_id == self.reach.organisation_id else [("lieu", str(scope_id))]
        return urlencode([*pairs, *lieu])

    def sums(self, session: Session) -> Sums:
        """Add up what is looked at."""
        return sums_of(session, self.reach, self.selection)

    def comparison(self, session: Session) -> Comparison | None:
        """Return the earlier period, when somebody wants to compare."""
        return comparison(session, self.reach, self.selection, self.thresholds)

    def measured(self, session: Session, sums: Sums) -> Iterator[Measured]:
        """Yield each figure, out of the people who were accompanied when somebody said it."""
        asked = people_asked(session, self.reach, self.selection, sums.plans)
        return measured(sums, self.thresholds, asked.most, is_unlike=bool(asked.gaps))

    def ways_of(self, session: Session, sums: Sums, code: str) -> list[Measured]:
        """Return the ways an indicator was measured; one that nobody answered is unknown."""
        every = self.measured(session, sums)
        found = [one for one in every if one.figure.measure.indicator.id == code]
        return sorted(found, key=lambda one: one.figure.measure.method) or abort(404)

    def is_frozen(self, session: Session) -> bool:
        """Tell whether every month of the period is frozen, and says the same today."""
        period = self.selection.period
        frozen = {one.month: one for one in frozen_months(session, self.reach.organisation_id)}
        return all(name in frozen and compare(session, frozen[name]).same for name in period.months)


def fold_first() -> None:
    """Move what waits into the rollups when there is much of it: reading it would be slow."""
    fold_if_needed(database(), current_reach().organisation_id)


def looked_at(session: Session, *, strict: bool = False) -> Looked:
    """Read the address; another structure's campaign or lieu is unknown here.

    `strict` answers « introuvable » to a wrong period too: a file has no place to say it.
    """
    reach, usual = current_reach(), Period.of_year_so_far(today())
    offered = choices(session, reach)
    try:
        selection, problem = read_selection(offered, request.args, usual)
    except Unknown:
        abort(404)
    if problem and strict:
        abort(404)
    thresholds = thresholds_of(session, reach.organisation_id)
    return Looked(reach, offered, selection, usual, problem, thresholds)
