"""The file of what was taken from people who sign in: an old backup gives none of it back.

`acces-retires` holds ids and days: an access closed or opened again, a password that another
replaced (with the number of the sessions it opened), results shared or not any more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast
from uuid import UUID

from sqlalchemy import delete, event, inspect, update

from app.organisations.models import Coordination, Invitation, Person
from app.web.current import today
from app.web.growing import write_line

if TYPE_CHECKING:
    from sqlalchemy import CursorResult
    from sqlalchemy.orm import Session

    from app.db import Database

NAME: Final = "acces-retires"
_CLOSED, _OPENED, _PASSWORD = "ferme", "rouvert", "mot-de-passe"
_UNSHARED, _SHARED = "partage-repris", "partage-donne"


class Withdrawal(NamedTuple):
    """Remember what was taken from somebody, or given back, on a day."""

    what: str
    person_id: UUID
    #: The structure whose results were shared, or the number of the person's sessions.
    about: str
    day: date


class Withdrawn(NamedTuple):
    """Say how much was taken again."""

    accesses: int = 0
    shared: int = 0
    passwords: int = 0


def watch(database: Database, folder: Path) -> None:
    """Write to the file, in its transaction, each thing taken from somebody: no caller forgets."""

    def note(session: Session, _context: Any, _instances: Any) -> None:
        append(folder, _flushed(session))

    event.listen(database.sessions, "before_flush", note)


def append(folder: Path, withdrawals: Iterable[Withdrawal]) -> None:
    """Write lines at the end of the file; return when they are on the disk."""
    lines = [
        "\t".join((one.what, one.person_id.hex, one.about, one.day.isoformat()))
        for one in withdrawals
    ]
    if lines:
        write_line(folder / NAME, "\n".join(lines))


def read(folder: Path) -> list[Withdrawal]:
    """Return every line of the file, in order."""
    path = folder / NAME
    return parse(path.read_text("ascii")) if path.exists() else []


def parse(lines: str) -> list[Withdrawal]:
    """Return what lines of a file tell, in order."""
    words = (line.split("\t") for line in lines.splitlines())
    return [
        Withdrawal(what, UUID(person_id), about, date.fromisoformat(day))
        for what, person_id, about, day in words
    ]


def take_again(session: Session, withdrawals: Iterable[Withdrawal]) -> Withdrawn:
    """Take again, after a restoration, what was taken since; every session of everybody ends.

    Only what is safe comes back: an access opened again since the backup is to be opened once
    more, and a password that was replaced since is to be chosen anew.
    """
    doors: dict[UUID, str] = {}
    shared: dict[tuple[UUID, UUID], str] = {}
    epochs: defaultdict[UUID, int] = defaultdict(int)
    for one in withdrawals:
        if one.what in (_UNSHARED, _SHARED):
            shared[one.person_id, UUID(one.about)] = one.what
        elif one.what == _PASSWORD:
            epochs[one.person_id] = max(epochs[one.person_id], int(one.about))
        else:
            doors[one.person_id] = one.what
    passwords = sum(_forget_password(session, *one) for one in epochs.items())
    accesses = sum(_close(session, one) for one, what in doors.items() if what == _CLOSED)
    unshared = sum(_unshare(session, *pair) for pair, what in shared.items() if what == _UNSHARED)
    session.execute(update(Person).values(session_epoch=Person.session_epoch + 1))
    return Withdrawn(accesses, unshared, passwords)


def _forget_password(session: Session, person_id: UUID, epoch: int) -> int:
    """Forget a password that another replaced since, and the link that may have been used."""
    older = update(Person).where(Person.id == person_id, Person.session_epoch < epoch)
    # Above every number that was given: the next password is not taken for an older one.
    if not _changed(session, older.values(password_hash="", session_epoch=epoch)):
        return 0
    session.execute(delete(Invitation).where(Invitation.person_id == person_id))
    return 1


def _close(session: Session, person_id: UUID) -> int:
    session.execute(delete(Invitation).where(Invitation.person_id == person_id))
    opened = update(Person).where(Person.id == person_id, Person.active)
    return _changed(session, opened.values(active=False))


def _unshare(session: Session, person_id: UUID, organisation_id: UUID) -> int:
    return _changed(
        session,
        delete(Coordination).where(
            Coordination.person_id == person_id, Coordination.organisation_id == organisation_id
        ),
    )


def _changed(session: Session, statement: Any) -> int:
    return cast("CursorResult[Any]", session.execute(statement)).rowcount


def _flushed(session: Session) -> Iterator[Withdrawal]:
    """Yield what a session is about to write that takes something from somebody, or gives it."""
    for one in session.dirty:
        if isinstance(one, Person):
            yield from _of_person(one)
    for what, changed in ((_UNSHARED, session.deleted), (_SHARED, session.new)):
        for one in changed:
            if isinstance(one, Coordination):
                yield Withdrawal(what, one.person_id, one.organisation_id.hex, today())


def _of_person(person: Person) -> Iterator[Withdrawal]:
    attributes = inspect(person).attrs
    if attributes.active.history.has_changes():
        what = _OPENED if person.active else _CLOSED
        yield Withdrawal(what, person.id, str(person.session_epoch), today())
    if attributes.password_hash.history.has_changes():
        yield Withdrawal(_PASSWORD, person.id, str(person.session_epoch), today())
