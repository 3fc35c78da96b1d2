"""Changes of a question that a responsable declares without effect, so that a series goes on.

Rule 14: two periods compare only when they asked exactly the same thing. A comma more changes the
key and nothing else: somebody who answers for the structure says so, why, and under their name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from app.indicators.models import HarmlessChange

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from sqlalchemy.orm import Session

    from app.indicators.comparison import Comparison
    from app.indicators.queries import Measured
    from app.scoring import Figure

#: Characters of a reason: one must be given, and it is read in one breath.
SHORTEST_REASON, LONGEST_REASON = 10, 300


@dataclass(frozen=True, slots=True)
class Break:
    """Be one series that stops because its question changed."""

    before: Figure
    now: Figure

    @property
    def questions(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the words of the questions, then and now."""
        return _words(self.before), _words(self.now)


def harmless_changes(session: Session, organisation_id: UUID) -> Mapping[str, str]:
    """Return the key before each change declared without effect, by the key after it."""
    return {one.later_key: one.earlier_key for one in declarations(session, organisation_id)}


def declarations(session: Session, organisation_id: UUID) -> Sequence[HarmlessChange]:
    """Return every declaration of a structure, the latest last."""
    mine = select(HarmlessChange).where(HarmlessChange.organisation_id == organisation_id)
    order = (HarmlessChange.declared_on, HarmlessChange.indicator, HarmlessChange.later_key)
    return session.scalars(mine.order_by(*order)).all()


def breaks(compared: Comparison | None, found: Iterable[Measured]) -> list[Break]:
    """Return the series that a change of question stops, between what is shown and compared."""
    if compared is None:
        return []
    pairs = [(compared.broken_off(one.figure), one.figure) for one in found]
    return [Break(before, now) for before, now in pairs if before is not None]


def declare(
    session: Session, organisation_id: UUID, found: Break, reason: str, by: UUID, today: date
) -> None:
    """Declare one change without effect, for one reason; the latest declaration holds."""
    later = found.now.measure.key
    take_back(session, organisation_id, later)
    session.execute(
        insert(HarmlessChange),
        {
            "organisation_id": organisation_id,
            "earlier_key": found.before.measure.key,
            "later_key": later,
            "indicator": found.now.measure.indicator.id,
            "reason": reason,
            "declared_on": today,
            "declared_by": by,
        },
    )


def take_back(session: Session, organisation_id: UUID, later_key: str) -> bool:
    """Take a declaration back: the series stops again; tell whether there was one."""
    mine = (
        HarmlessChange.organisation_id == organisation_id,
        HarmlessChange.later_key == later_key,
    )
    gone = delete(HarmlessChange).where(*mine).returning(HarmlessChange.later_key)
    return session.scalar(gone) is not None


def _words(figure: Figure) -> tuple[str, ...]:
    return tuple(item.posed.text.fr for item in figure.measure.asked)
