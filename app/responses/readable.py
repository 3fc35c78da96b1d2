"""What may be read and counted today: an answer that stands alone would tell its author.

Those of the day wait for the next one, or until five wait in their campaign, and then leave
together: that they left is that they are in the rollups, and no longer in `unrolled`. A list that
opened them, or a figure that counted them, one by one would tell what each one said. A person who
was accompanied told theirs aloud, and the demonstration hides nothing.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, false, func, not_, select
from sqlalchemy.orm import aliased

from app.campaigns.doors import DOORS, TEAM
from app.campaigns.models import Campaign, Link
from app.organisations.models import Organisation
from app.responses.models import PairScore, Response, Unrolled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

#: Answers of the day stay closed until so many wait.
ENOUGH = 5

# Made once: pages ask these conditions several times each, and an alias is slow to make.
_UNFOLDED = aliased(Unrolled)
_MATE = aliased(Response)


def is_readable(session: Session, organisation_id: UUID, today: date) -> ColumnElement[bool]:
    """Return the condition that a response may be read, and counted, today."""
    return not_(waits(session, organisation_id, today))


def waits(
    session: Session, organisation_id: UUID, today: date, response: Any = Response
) -> ColumnElement[bool]:
    """Return the condition that a response, or an alias of it, is still closed today."""
    if _is_demo(session, organisation_id):
        return false()
    return and_(
        # The next day may begin while this is read.
        response.day.between(today, today + timedelta(days=1)),
        response.link_id.not_in(_told_aloud(organisation_id)),
        exists().where(
            _UNFOLDED.organisation_id == organisation_id, _UNFOLDED.response_id == response.id
        ),
    )


def pair_waits(session: Session, organisation_id: UUID, today: date) -> ColumnElement[bool]:
    """Return the condition that the earlier answer of a pair is still closed.

    It may come after the later one: what the two compare would tell what it said.
    """
    return exists().where(
        _MATE.pair_id == PairScore.pair_id,
        _MATE.wave == PairScore.from_wave,
        waits(session, organisation_id, today, _MATE),
    )


def count_waiting(
    session: Session, organisation_id: UUID, today: date, wanted: ColumnElement[bool]
) -> int:
    """Count the answers still closed, by a condition on them, their link and campaign."""
    query = (
        select(func.count())
        .select_from(Unrolled)
        .join(Response, Unrolled.response_id == Response.id)
        .join(Link, Response.link_id == Link.id)
        .join(Campaign, Link.campaign_id == Campaign.id)
        .where(Unrolled.organisation_id == organisation_id, wanted)
        .where(waits(session, organisation_id, today))
    )
    return session.scalar(query) or 0


def complete(session: Session, organisation_id: UUID, today: date) -> list[UUID]:
    """Return the answers that waited and may leave now, with enough others of their campaign."""
    query = (
        select(Response.id, Response.pair_id, Response.commented, Link.campaign_id)
        .join_from(Unrolled, Response, Unrolled.response_id == Response.id)
        .join(Link, Response.link_id == Link.id)
        .where(Unrolled.organisation_id == organisation_id)
        .where(waits(session, organisation_id, today))
    )
    campaigns: defaultdict[UUID, list[Any]] = defaultdict(list)
    for row in session.execute(query):
        campaigns[row.campaign_id].append(row)
    return [row.id for waiting in campaigns.values() for row in _leaving(waiting)]


def _leaving(waiting: Sequence[Any]) -> Iterator[Any]:
    """Yield what may leave of a campaign: one with a comment waits for four others with one."""
    commented = [row for row in waiting if row.commented]
    if _people(commented) >= ENOUGH:
        yield from waiting
        return
    # The answers of one card leave together: what they compare would tell the other.
    held = {row.pair_id for row in commented if row.pair_id}
    silent = [row for row in waiting if not row.commented and row.pair_id not in held]
    if _people(silent) >= ENOUGH:
        yield from silent


def _people(rows: Sequence[Any]) -> int:
    """Count who gave some answers: those of one card are of one person."""
    return len({row.pair_id or row.id for row in rows})


def _is_demo(session: Session, organisation_id: UUID) -> bool:
    """Tell whether a structure is the demonstration: asked once in a session."""
    known: dict[UUID, bool] = session.info.setdefault("is_demo", {})
    if organisation_id not in known:
        is_demo = select(Organisation.is_demo).where(Organisation.id == organisation_id)
        known[organisation_id] = bool(session.scalar(is_demo))
    return known[organisation_id]


@lru_cache(maxsize=64)
def _told_aloud(organisation_id: UUID) -> Any:
    doors = [door.code for door in DOORS.values() if door.group == TEAM]
    return select(Link.id).where(Link.organisation_id == organisation_id, Link.door.in_(doors))
