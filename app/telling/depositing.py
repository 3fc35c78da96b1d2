"""Put a voice, a picture or a film with the testimony it belongs to, piece after piece.

It comes with the form, or after it: then whoever holds the key of the form may send it, for two
days, if they agreed that it is kept. A testimony has one file of each kind.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, cast

from sqlalchemy import delete, select

from app.media.limits import CHUNK
from app.media.models import MediaFile
from app.media.reception import (
    RECEIVING,
    Gone,
    StoreFull,
    TooLarge,
    WrongKind,
    WrongOffset,
    delete_files,
    finish,
    open_file,
    receive,
)
from app.media.store import current_store
from app.testimonies.consents import YES, agreement_of
from app.testimonies.deletion import delete_testimonies, is_empty
from app.testimonies.models import Testimony, TestimonyMedia
from app.testimonies.recordings import TooMany, join
from app.testimonies.statuses import NEW, VALIDATED, WITHDRAWN
from app.web.current import database, today
from app.web.journal import LOGGER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from sqlalchemy.orm import Session

    from app.answering.entrance import Entrance
    from app.media.limits import Kind
    from app.telling.uploads import Arrived

#: A file may come so long after the words it goes with.
PATIENCE: Final = timedelta(days=2)


class Refused(Exception):  # noqa: N818 - it says what becomes of it
    """Say that nothing may be put there: unknown, erased, too late, or not agreed to."""


def expected(session: Session, entrance: Entrance, key: str) -> Testimony:
    """Return the testimony that a file may still join, held until the end of the transaction."""
    found = session.scalars(
        select(Testimony)
        .where(
            Testimony.organisation_id == entrance.organisation.id,
            Testimony.link_id == entrance.link.id,
            Testimony.idempotency_key == key,
            Testimony.day >= today() - PATIENCE,
            Testimony.status != WITHDRAWN,
        )
        .with_for_update()
    ).one_or_none()
    if found is None or agreement_of(session, found).choices.get("garder_media") != YES:
        raise Refused
    return found


def deposit(entrance: Entrance, key: str, kind: Kind, total: int, offset: int, data: bytes) -> int:
    """Put one piece; return how many bytes are here. Nobody waits while it is written.

    Raise Refused, or what `media.reception` raises: WrongOffset says where to go on.
    """
    with database().writing() as session:
        media = _opened(session, expected(session, entrance, key), kind, total)
    if media.announced != total:
        raise Refused
    if media.state != RECEIVING:
        return media.size or total
    try:
        size = receive(database(), current_store(), media.id, offset, data)
        if size == total:
            _finish(media.id)
    except WrongOffset as wrong:
        if wrong.size == total:  # all had come, and a stop kept it from being said
            _finish(media.id)
        raise
    except Gone as gone:
        raise Refused from gone
    except WrongKind:
        _throw_away(media.id)
        raise
    return size


def deposit_all(entrance: Entrance, key: str, files: Iterable[Arrived]) -> Mapping[str, str]:
    """Put the files that came with the form; return why for each field that could not be.

    The words are kept already: whatever happens here is told, and costs them nothing.
    """
    problems = {}
    for file in files:
        try:
            _deposit_whole(entrance, key, file)
        except Exception as trouble:
            problems[file.field] = reason(trouble)
            if problems[file.field] == "panne":
                LOGGER.error("Fichier non gardé : %s", type(trouble).__name__)
        finally:
            file.drop()
    return problems


def take_back(entrance: Entrance, key: str) -> bool:
    """Delete what holds no word and no file, once nothing more comes; tell whether it did."""
    mine = (
        Testimony.organisation_id == entrance.organisation.id,
        Testimony.link_id == entrance.link.id,
        Testimony.idempotency_key == key,
        is_empty(),
    )
    with database().writing() as session:
        found = list(session.scalars(select(Testimony.id).where(*mine).with_for_update()))
        files = delete_testimonies(session, found, today()) if found else []
    current_store().forget(*files)
    return bool(found)


def reason(trouble: Exception) -> str:
    """Return the word for what happened, which the interface explains (`fichier_…`)."""
    if isinstance(trouble, TooLarge):
        return "lourd"
    if isinstance(trouble, WrongKind):
        return "heic" if trouble.reason == "heic" else "inconnu"
    return "refuse" if isinstance(trouble, Refused) else "panne"


def _deposit_whole(entrance: Entrance, key: str, file: Arrived) -> None:
    if file.is_too_heavy:
        raise TooLarge
    if file.content is None:
        raise StoreFull
    kind = cast("Kind", file.kind)
    at = 0
    while at < file.size:
        file.content.seek(at)
        try:
            at = deposit(entrance, key, kind, file.size, at, file.content.read(CHUNK))
        except WrongOffset as wrong:  # the same form, sent again: the beginning is here
            if wrong.size <= at:
                raise
            at = wrong.size


def _opened(session: Session, testimony: Testimony, kind: Kind, total: int) -> MediaFile:
    """Return the file of this kind of a testimony, opened now if there is none."""
    found = session.scalars(
        select(MediaFile)
        .join(TestimonyMedia, TestimonyMedia.media_id == MediaFile.id)
        .where(TestimonyMedia.testimony_id == testimony.id, MediaFile.kind == kind)
    ).first()
    if found is None:
        found = open_file(session, testimony.organisation_id, kind, total, today())
        try:
            join(session, testimony.id, found)
        except TooMany as trouble:
            raise Refused from trouble
        if testimony.status == VALIDATED:  # what nobody heard is not kept with the rest
            testimony.status = NEW
    return found


def _finish(media_id: UUID) -> None:
    with database().writing() as session:
        finish(session, current_store(), media_id)


def _throw_away(media_id: UUID) -> None:
    """Keep nothing of what is no voice, picture or film: another may take its place."""
    with database().writing() as session:
        media = session.get(MediaFile, media_id, with_for_update=True)
        if media is None or media.state != RECEIVING:
            return
        session.execute(delete(TestimonyMedia).where(TestimonyMedia.media_id == media_id))
        keys_of_store = delete_files(session, [media_id])
    current_store().forget(*keys_of_store)
