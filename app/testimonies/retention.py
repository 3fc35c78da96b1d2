"""Testimonies go the day after the one their author chose, three years at most.

One whose only voice or picture never came holds nothing: it goes once no file may join it.
They leave by the same deletion as an erasure. No tombstone: nobody took them back, and an archive
restored within its 35 days names their end as well, so that the next purge takes them again.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.media.limits import GIVEN_UP_AFTER
from app.responses.keeping import Keeper, Taken
from app.testimonies.deletion import SWEPT, delete_testimonies, is_empty
from app.testimonies.models import Testimony

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session


def due(session: Session, organisation_id: UUID, today: date) -> Mapping[str, int]:
    """Count, by the month in which they were told, the testimonies whose time is over."""
    days = session.scalars(select(Testimony.day).where(_is_over(organisation_id, today)))
    return Counter(f"{day:%Y-%m}" for day in days)


def take(session: Session, organisation_id: UUID, today: date, at_most: int) -> Taken:
    """Delete some testimonies whose time is over; return their days and their files."""
    query = select(Testimony.id, Testimony.day).where(_is_over(organisation_id, today))
    # Held: who prolongs theirs meanwhile keeps it, or comes after.
    found = session.execute(query.limit(at_most).with_for_update()).all()
    if not found:
        return Taken([], [])
    files = delete_testimonies(session, [one.id for one in found], today)
    return Taken([one.day for one in found], files)


def _is_over(organisation_id: UUID, today: date) -> ColumnElement[bool]:
    # A day more than a file is waited for.
    waited = today - timedelta(days=GIVEN_UP_AFTER + 1)
    is_past = (Testimony.expires_on < today) | ((Testimony.day < waited) & is_empty())
    return (Testimony.organisation_id == organisation_id) & is_past


KEEPER = Keeper("testimonies", "témoignages", due, take, SWEPT, register="testimonies/registre.md")
