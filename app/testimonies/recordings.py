"""The voice, the picture or the film of a testimony: joined to it, and seen by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from app.media.models import MediaFile
from app.testimonies.consents import YES
from app.testimonies.models import TestimonyMedia
from app.testimonies.statuses import WITHDRAWN

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from sqlalchemy.orm import Session

    from app.testimonies.consents import Agreement

#: Most files of one testimony: a voice, a film, and a photo of each side of a page.
MOST_FILES = 4


class TooMany(Exception):  # noqa: N818 - it says what was asked
    """Refuse one file more."""


def join(session: Session, testimony_id: UUID, media: MediaFile) -> None:
    """Join a file to a testimony; raise TooMany."""
    mine = TestimonyMedia.testimony_id == testimony_id
    if (session.scalar(select(func.count()).where(mine)) or 0) >= MOST_FILES:
        raise TooMany
    session.execute(insert(TestimonyMedia), {"media_id": media.id, "testimony_id": testimony_id})


def recordings_of(session: Session, testimony_ids: Collection[UUID]) -> dict[UUID, list[MediaFile]]:
    """Return the files of each testimony, whatever their state: films, voices, then pictures."""
    found: dict[UUID, list[MediaFile]] = {one: [] for one in testimony_ids}
    rows = session.execute(
        select(TestimonyMedia.testimony_id, MediaFile)
        .join(MediaFile, MediaFile.id == TestimonyMedia.media_id)
        .where(TestimonyMedia.testimony_id.in_(list(testimony_ids)))
        .order_by(MediaFile.kind.desc(), MediaFile.id)
    )
    for testimony_id, media in rows:
        found[testimony_id].append(media)
    return found


def recording(session: Session, testimony_id: UUID, media_id: UUID) -> MediaFile | None:
    """Return one file, if it is of this testimony."""
    query = (
        select(MediaFile)
        .join(TestimonyMedia, TestimonyMedia.media_id == MediaFile.id)
        .where(MediaFile.id == media_id, TestimonyMedia.testimony_id == testimony_id)
    )
    return session.scalars(query).one_or_none()


def may_be_heard(agreement: Agreement) -> bool:
    """Tell whether the team may listen and look: kept, and not taken back."""
    return agreement.status != WITHDRAWN and agreement.choices.get("garder_media") == YES
