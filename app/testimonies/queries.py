"""What may be read of testimonies: by the holder of a receipt, and by the team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select, true

from app.organisations.models import Organisation
from app.responses import receipts
from app.responses.readable import ENOUGH
from app.responses.texts import decrypt
from app.testimonies.models import Testimony, TestimonyReceipt, TestimonyText
from app.testimonies.statuses import NEW

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.organisations.queries import Reach
    from config import Keys


def by_receipt(session: Session, keys: Keys, code: str) -> Testimony | None:
    """Return the testimony of a receipt code, typed in any case and grouping."""
    digest = receipts.code_hash(keys, receipts.normalise(code) or "")
    query = select(Testimony).join(TestimonyReceipt, TestimonyReceipt.testimony_id == Testimony.id)
    return session.scalars(query.where(TestimonyReceipt.code_hash == digest)).one_or_none()


def find(session: Session, reach: Reach, testimony_id: UUID, today: date) -> Testimony | None:
    """Return one testimony within reach that may be read today, or None."""
    query = select(Testimony).where(
        Testimony.id == testimony_id, within(reach), is_readable(session, reach, today)
    )
    return session.scalars(query).one_or_none()


def within(reach: Reach) -> ColumnElement[bool]:
    """Return the condition that a testimony is within reach."""
    mine = Testimony.organisation_id == reach.organisation_id
    return and_(mine, reach.within(Testimony.lieu_id))


def is_readable(session: Session, reach: Reach, today: date) -> ColumnElement[bool]:
    """Return the condition that a testimony may be read today.

    One of the day that stands alone would tell its author: it waits for the next day, or for four
    others of the same lieu. A dictated one was told aloud, and a partner signs. After the day that
    its author chose nobody reads it, even where the purge has not come yet.
    """
    return and_(Testimony.expires_on >= today, _is_old_enough(session, reach, today))


def _is_old_enough(session: Session, reach: Reach, today: date) -> ColumnElement[bool]:
    organisation_id = reach.organisation_id
    if session.scalar(select(Organisation.is_demo).where(Organisation.id == organisation_id)):
        return true()
    waiting = (
        select(Testimony.lieu_id)
        .where(Testimony.organisation_id == organisation_id, Testimony.day >= today)
        .group_by(Testimony.lieu_id)
        .having(func.count() >= ENOUGH)
    )
    return or_(
        Testimony.day < today, Testimony.origin != "personne", Testimony.lieu_id.in_(waiting)
    )


def count_to_reread(session: Session, reach: Reach, today: date) -> int:
    """Return how many testimonies wait for somebody of the team to read them."""
    waiting = select(func.count()).where(
        Testimony.status == NEW, within(reach), is_readable(session, reach, today)
    )
    return session.scalar(waiting) or 0


def parts_of(
    session: Session, keys: Keys, testimony_ids: Collection[UUID]
) -> Mapping[UUID, Mapping[str, str]]:
    """Return the decrypted parts of each testimony: `original`, `masked`, `signature`."""
    parts: dict[UUID, dict[str, str]] = {one: {} for one in testimony_ids}
    query = select(TestimonyText).where(TestimonyText.testimony_id.in_(testimony_ids))
    for row in session.scalars(query):
        parts[row.testimony_id][row.part] = decrypt(
            keys, row.testimony_id, row.part, row.ciphertext
        )
    return parts
