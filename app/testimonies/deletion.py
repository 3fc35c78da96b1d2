"""The one way testimonies leave the database, with all that hangs on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from app.db import ERASED, table_of
from app.media.models import MediaFile
from app.media.reception import RECEIVING, delete_files
from app.responses import texts
from app.testimonies.models import (
    Authorisation,
    Consent,
    Quote,
    QuoteUse,
    Testimony,
    TestimonyLabel,
    TestimonyMedia,
    TestimonyReceipt,
    TestimonyText,
)
from app.testimonies.statuses import NEW

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

#: What names a testimony, before the testimony itself.
_PARTS = (
    TestimonyText, TestimonyReceipt, Consent, Authorisation, TestimonyLabel, Quote,
)  # fmt: skip
#: Tables of encrypted words: written again when some of them go.
SWEPT = (TestimonyText.__tablename__, Quote.__tablename__)


def delete_testimonies(session: Session, testimony_ids: Collection[UUID], today: date) -> list[str]:
    """Delete testimonies; return the keys of their files, which go once this is committed.

    Where they were shown stays in the register of publications, without their words: the team
    learns that it is to be taken down.
    """
    ids = list(testimony_ids)
    files = delete_media(session, ids)
    for table in _PARTS:
        session.execute(delete(table).where(table_of(table).c.testimony_id.in_(ids)))
    withdraw_shown(session, ids, today)
    session.execute(delete(Testimony).where(Testimony.id.in_(ids)))
    leave_no_trace(session)
    return files


def is_empty() -> ColumnElement[bool]:
    """Tell that nothing was told: no word, and no voice, picture or film that came whole."""
    words = select(TestimonyText.testimony_id).where(TestimonyText.part == "original")
    # Of what was given up, or cannot be read, nothing is kept: no key.
    came = MediaFile.original + MediaFile.playable
    files = (
        select(TestimonyMedia.testimony_id)
        .join(MediaFile, MediaFile.id == TestimonyMedia.media_id)
        .where(MediaFile.state != RECEIVING, came != "")
    )
    return (
        (Testimony.origin == "personne")
        & (Testimony.status == NEW)
        & Testimony.id.not_in(words)
        & Testimony.id.not_in(files)
    )


def delete_media(session: Session, testimony_ids: Collection[UUID]) -> list[str]:
    """Delete voices and pictures, with the work that waits for them; return their keys."""
    mine = TestimonyMedia.testimony_id.in_(list(testimony_ids))
    ids = list(session.scalars(select(TestimonyMedia.media_id).where(mine)))
    if not ids:
        return []
    session.execute(delete(TestimonyMedia).where(mine))
    session.info[ERASED] = True
    return delete_files(session, ids)


def withdraw_shown(
    session: Session, testimony_ids: Collection[UUID], today: date, *scopes: str
) -> None:
    """Note in the register that what was shown, for these uses or for all, was taken back."""
    shown = [QuoteUse.testimony_id.in_(list(testimony_ids)), QuoteUse.withdrawn_on.is_(None)]
    if scopes:
        shown.append(QuoteUse.scope.in_(scopes))
    session.execute(update(QuoteUse).where(*shown).values(withdrawn_on=today))


def leave_no_trace(session: Session) -> None:
    """Take away the copies that the file of SQLite may keep of words that went."""
    texts.sweep(session.connection(), *SWEPT)
    session.info[ERASED] = True
