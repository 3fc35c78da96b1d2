"""Work to do outside a request: claimed by one worker at a time, never lost, never done twice.

A claim lasts as long as its lease, which the worker renews while it works: what a stopped machine
left undone is claimed again when its lease ends.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, cast
from uuid import UUID, uuid4

from sqlalchemy import CursorResult, delete, func, select, update

from app.db import insert_or_skip
from app.media.models import Job

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Delete, Update
    from sqlalchemy.orm import Session

#: Make of a file that came what every phone plays.
CONVERT: Final = "convert"
#: How long a claim lasts without news of the worker.
LEASE = timedelta(minutes=3)
MOST_ATTEMPTS = 3
#: Waits after the first and the second failure.
DELAYS = (timedelta(minutes=1), timedelta(minutes=15))


@dataclass(frozen=True, slots=True)
class Claimed:
    """Be one piece of work that is ours until its lease ends."""

    job_id: UUID
    kind: str
    subject_id: UUID
    #: This one included.
    attempts: int
    claim: str

    @property
    def is_hopeless(self) -> bool:
        """Tell whether it was tried as often as anything is: the worker died each time."""
        return self.attempts > MOST_ATTEMPTS


def universal_now() -> datetime:
    """Return the hour in universal time, as jobs write it."""
    return datetime.now(UTC).replace(tzinfo=None)


def ask(session: Session, kind: str, subject_id: UUID, due_at: datetime | None = None) -> None:
    """Ask for a piece of work, once."""
    session.execute(
        insert_or_skip(session.connection().dialect.name, Job),
        {
            "id": uuid4(),
            "kind": kind,
            "subject_id": subject_id,
            "due_at": due_at or universal_now(),
            "attempts": 0,
            "claim": None,
        },
    )


def is_due(session: Session, now: datetime) -> bool:
    """Tell whether there is something to claim, without making writers wait."""
    return session.scalar(select(func.count()).where(Job.due_at <= now)) != 0


def claim(session: Session, now: datetime) -> Claimed | None:
    """Take the piece of work that waited longest, or None; nobody else takes it meanwhile."""
    waiting = select(Job).where(Job.due_at <= now).order_by(Job.due_at, Job.id).limit(1)
    # On SQLite writers come one at a time; on PostgreSQL the row that another takes is skipped.
    job = session.scalars(waiting.with_for_update(skip_locked=True)).one_or_none()
    if job is None:
        return None
    job.due_at = now + LEASE
    job.attempts += 1
    job.claim = secrets.token_hex(16)
    session.flush()
    return Claimed(job.id, job.kind, job.subject_id, job.attempts, job.claim)


def renew(session: Session, claimed: Claimed, now: datetime) -> bool:
    """Prolong a claim; False when it is not ours any more: what it was for was erased, or taken."""
    return _touched(session, update(Job).where(*_ours(claimed)).values(due_at=now + LEASE))


def done(session: Session, claimed: Claimed) -> bool:
    """End a piece of work; False when it is not ours any more: nothing of it may be written."""
    return _touched(session, delete(Job).where(*_ours(claimed)))


def fail(session: Session, claimed: Claimed, now: datetime) -> bool:
    """Put a piece of work off after a failure; False when it will not be tried again."""
    if claimed.attempts >= MOST_ATTEMPTS:
        done(session, claimed)
        return False
    later = now + DELAYS[claimed.attempts - 1]
    session.execute(update(Job).where(*_ours(claimed)).values(due_at=later, claim=None))
    return True


def put_off(session: Session, claimed: Claimed, due_at: datetime) -> None:
    """Give a piece of work back as if it had not been begun, for it lacks something of ours."""
    session.execute(
        update(Job)
        .where(*_ours(claimed))
        .values(due_at=due_at, claim=None, attempts=claimed.attempts - 1)
    )


def forget(session: Session, subject_ids: Iterable[UUID]) -> None:
    """Ask for nothing any more about what is going."""
    session.execute(delete(Job).where(Job.subject_id.in_(list(subject_ids))))


def _ours(claimed: Claimed) -> tuple[Any, Any]:
    return Job.id == claimed.job_id, Job.claim == claimed.claim


def _touched(session: Session, statement: Update | Delete) -> bool:
    return cast("CursorResult[Any]", session.execute(statement)).rowcount == 1
