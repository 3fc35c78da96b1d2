"""Receive a file in chunks: each counted once, in their order, and resumed where they stopped."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import CursorResult, select, update

from app.media import jobs
from app.media.kinds import HEAD, WrongKind, container_of
from app.media.limits import CHUNK, GIVEN_UP_AFTER, KINDS, Kind
from app.media.models import MediaFile
from app.media.store import Gone, StoreFull, new_key

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date
    from uuid import UUID

    from sqlalchemy.orm import Session

    from app.db import Database
    from app.media.store import Store

__all__ = ("Gone", "StoreFull", "TooLarge", "WrongKind", "WrongOffset")

RECEIVING, WAITING, READY, FAILED = "receiving", "waiting", "ready", "failed"

GIVEN_UP = "L’envoi s’est arrêté avant la fin : il n’y a rien à voir ni à entendre."


class TooLarge(Exception):  # noqa: N818 - it says what the file is
    """Refuse more bytes than the kind allows, or than were announced."""


class WrongOffset(Exception):  # noqa: N818 - it says where to go on
    """Say where the next chunk must begin: `size` bytes are here."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


def open_file(
    session: Session, organisation_id: UUID, kind: Kind, announced: int, today: date
) -> MediaFile:
    """Open a file that will come in chunks; raise TooLarge or WrongKind at once."""
    if announced > KINDS[kind].most_bytes:
        raise TooLarge
    if announced < 1:
        raise WrongKind("vide")
    opened = MediaFile(
        organisation_id=organisation_id,
        kind=kind,
        state=RECEIVING,
        day=today,
        announced=announced,
        original=new_key(),
    )
    session.add(opened)
    session.flush()
    return opened


def receive(database: Database, store: Store, media_id: UUID, offset: int, content: bytes) -> int:
    """Receive one chunk; return the bytes that are here. Nobody waits while it is written.

    Raise WrongOffset, TooLarge, WrongKind, StoreFull, or Gone when the file was erased.
    """
    with database.reading() as session:
        key = _expected(session, media_id, offset, content)
    _put(store, key, offset, content)
    try:
        with database.writing() as session:
            return _advance(session, media_id, key, offset, len(content))
    except Gone:
        store.forget(key)  # it was erased meanwhile
        raise


def finish(session: Session, store: Store, media_id: UUID) -> MediaFile:
    """Say that all came, and ask for its conversion; saying it twice changes nothing.

    Raise WrongOffset when some is missing, WrongKind when it cannot be what was announced.
    """
    media = session.get(MediaFile, media_id, with_for_update=True)
    if media is None:
        raise Gone
    if media.state == RECEIVING:
        if media.size != media.announced:
            raise WrongOffset(media.size)
        container_of(b"".join(store.read(media.original, 0, HEAD)), _kind(media))
        media.state = WAITING
        jobs.ask(session, jobs.CONVERT, media.id)
        session.flush()
    return media


def give_up(session: Session, today: date) -> list[str]:
    """Give up the files that stopped coming; return the keys to forget after the commit."""
    stopped = session.scalars(
        select(MediaFile).where(
            MediaFile.state == RECEIVING, MediaFile.day < today - timedelta(days=GIVEN_UP_AFTER)
        )
    ).all()
    keys = [one.original for one in stopped]
    for one in stopped:
        one.state, one.problem, one.original, one.size = FAILED, GIVEN_UP, "", 0
    return keys


def delete_files(session: Session, media_ids: Collection[UUID]) -> list[str]:
    """Delete files and what was asked about them; return the keys to forget after the commit.

    Whoever joined them to something takes that away first.
    """
    # Held: what a conversion is writing meanwhile is either known here, or finds no row.
    held = select(MediaFile).where(MediaFile.id.in_(media_ids)).with_for_update()
    found = session.scalars(held).all()
    jobs.forget(session, [one.id for one in found])
    for one in found:
        session.delete(one)
    session.flush()
    return [key for one in found for key in (one.original, one.playable, one.poster) if key]


def _expected(session: Session, media_id: UUID, offset: int, content: bytes) -> str:
    """Return the key of the file that waits for this very chunk."""
    media = session.get(MediaFile, media_id)
    if media is None:
        raise Gone
    if media.state != RECEIVING or offset != media.size:
        raise WrongOffset(media.size)
    if not 0 < len(content) <= CHUNK or offset + len(content) > media.announced:
        raise TooLarge
    if offset == 0 and len(content) >= min(HEAD, media.announced):
        container_of(content[:HEAD], _kind(media))
    return media.original


def _put(store: Store, key: str, offset: int, content: bytes) -> None:
    if not store.has_room(len(content)):
        raise StoreFull
    store.put(key, content, offset)


def _advance(session: Session, media_id: UUID, key: str, offset: int, length: int) -> int:
    """Count a chunk that is here, unless another request counted it first."""
    counted = session.execute(
        update(MediaFile)
        .where(
            MediaFile.id == media_id,
            MediaFile.original == key,
            MediaFile.state == RECEIVING,
            MediaFile.size == offset,
        )
        .values(size=offset + length)
    )
    if cast("CursorResult[Any]", counted).rowcount == 1:
        return offset + length
    here = select(MediaFile.size).where(MediaFile.id == media_id, MediaFile.original == key)
    size = session.scalar(here)
    if size is None:
        raise Gone
    raise WrongOffset(size)


def _kind(media: MediaFile) -> Kind:
    return cast("Kind", media.kind)
