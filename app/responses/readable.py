"""What may be read today: a count is live, but an answer that stands alone would tell its author.

Those of the day wait for the next one, or until five wait in their campaign; a person who was
accompanied told theirs aloud, and the demonstration hides nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select, true

from app.campaigns.doors import DOORS, TEAM
from app.campaigns.models import Link
from app.organisations.models import Organisation
from app.responses.models import Response

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

#: Answers of the day stay closed until so many wait.
ENOUGH = 5


def is_readable(session: Session, organisation_id: UUID, today: date) -> ColumnElement[bool]:
    """Return the condition that a response may be read today.

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
        .having(func.count() >= ENOUGH)
    )
    commenting = waiting.where(Response.commented)
    doors = [door.code for door in DOORS.values() if door.group == TEAM]
    links = select(Link.id).where(Link.organisation_id == organisation_id)
    return or_(
        Response.day < today,
        Response.link_id.in_(links.where(Link.door.in_(doors))),
        Response.link_id.in_(links.where(Link.campaign_id.in_(commenting))),
        and_(~Response.commented, Response.link_id.in_(links.where(Link.campaign_id.in_(waiting)))),
    )
