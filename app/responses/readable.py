"""What may be read today: a count is live, but an answer that stands alone would tell its author.

Those of the day wait for the next one, or until five wait in their campaign; a person who was
accompanied told theirs aloud, and the demonstration hides nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, func, or_, select, true

from app.campaigns.doors import DOORS, TEAM
from app.campaigns.models import Link
from app.organisations.models import Organisation
from app.responses.models import Response, ResponseText

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

#: Answers of the day stay closed until so many wait.
ENOUGH = 5


def is_readable(session: Session, organisation_id: UUID, today: date) -> ColumnElement[bool]:
    """Return the condition that a response, joined to its link, may be read today.

    One with a comment waits for four others with a comment.
    """
    is_demo = select(Organisation.is_demo).where(Organisation.id == organisation_id)
    if session.scalar(is_demo):
        return true()
    waiting = (
        select(Link.campaign_id)
        .join_from(Response, Link, Response.link_id == Link.id)
        .where(Response.organisation_id == organisation_id, Response.day >= today)
        .group_by(Link.campaign_id)
        .having(func.count(Response.id.distinct()) >= ENOUGH)
    )
    commenting = waiting.join(ResponseText, ResponseText.response_id == Response.id)
    accompanied = [door.code for door in DOORS.values() if door.group == TEAM]
    return or_(
        Response.day < today,
        Link.door.in_(accompanied),
        Link.campaign_id.in_(commenting),
        and_(~has_comment(), Link.campaign_id.in_(waiting)),
    )


def has_comment() -> ColumnElement[bool]:
    """Return the condition that a response has words of its person's own."""
    return exists().where(ResponseText.response_id == Response.id).correlate(Response)
