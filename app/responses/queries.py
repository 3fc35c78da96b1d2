"""What may be read of the answers: by the holder of a receipt, and by the team."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select, true

from app.campaigns.doors import DOORS, TEAM
from app.campaigns.models import Campaign, Link
from app.campaigns.queries import within
from app.organisations.models import Organisation
from app.responses import receipts
from app.responses.models import Receipt, Response, ResponseText
from app.responses.texts import decrypt

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.organisations.queries import Reach
    from config import Keys

#: Comments of the day stay closed until so many answers wait: one would tell who wrote it.
ENOUGH = 5


@dataclass(frozen=True, slots=True)
class FullResponse:
    """Be one answer with its texts."""

    response: Response
    link: Link
    #: Free texts by posed key.
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReadableText:
    """Be one free text that the team may read."""

    response_id: UUID
    campaign_id: UUID
    item: str
    text: str
    day: date


def by_receipt(session: Session, keys: Keys, code: str) -> Response | None:
    """Return the answer of a receipt code, typed in any case and grouping."""
    known = receipts.normalise(code)
    # An ill-formed code costs the same look-up as a wrong one.
    digest = receipts.code_hash(keys, known or "")
    query = select(Response).join(Receipt).where(Receipt.code_hash == digest)
    return session.scalars(query).one_or_none()


def response_in_full(
    session: Session, keys: Keys, reach: Reach, response_id: UUID
) -> FullResponse | None:
    """Return one answer within reach with its texts, or None."""
    query = (
        select(Response, Link)
        .join(Link, Response.link_id == Link.id)
        .join(Campaign, Link.campaign_id == Campaign.id)
        .where(within(reach), Response.id == response_id)
    )
    found = session.execute(query).one_or_none()
    if found is None:
        return None
    response, link = found
    return FullResponse(response, link, texts_of(session, keys, [response_id])[response_id])


def texts_of(session: Session, keys: Keys, response_ids: list[UUID]) -> dict[UUID, dict[str, str]]:
    """Return the free texts of some answers, by answer and posed key."""
    texts: dict[UUID, dict[str, str]] = {response_id: {} for response_id in response_ids}
    query = select(ResponseText.response_id, ResponseText.item, ResponseText.ciphertext).where(
        ResponseText.response_id.in_(response_ids)
    )
    for response_id, item, ciphertext in session.execute(query):
        texts[response_id][item] = decrypt(keys, response_id, item, ciphertext)
    return texts


def readable_texts(
    session: Session,
    keys: Keys,
    reach: Reach,
    campaign_id: UUID | None,
    today: date,
    limit: int,
) -> list[ReadableText]:
    """Return the latest texts that the team of a structure may read today.

    Those of the day wait for the next one, or until five answers with a text wait; a person who
    was accompanied told them aloud, and the demonstration hides nothing.
    """
    organisation_id = reach.organisation_id
    mine = (Response.organisation_id == organisation_id) & (
        true() if campaign_id is None else Link.campaign_id == campaign_id
    )
    columns = (
        Response.id,
        Link.campaign_id,
        ResponseText.item,
        Response.day,
        ResponseText.ciphertext,
    )
    query = (
        select(*columns)
        .join_from(ResponseText, Response, ResponseText.response_id == Response.id)
        .join(Link, Response.link_id == Link.id)
        .join(Campaign, Link.campaign_id == Campaign.id)
        .where(mine, within(reach))
        .order_by(Response.day.desc(), Response.id, ResponseText.item)
        .limit(limit)
    )
    is_demo = select(Organisation.is_demo).where(Organisation.id == organisation_id)
    if not session.scalar(is_demo):
        query = query.where(_is_readable(organisation_id, today))
    return [
        ReadableText(response_id, campaign, item, decrypt(keys, response_id, item, sealed), day)
        for response_id, campaign, item, day, sealed in session.execute(query)
    ]


def _is_readable(organisation_id: UUID, today: date) -> ColumnElement[bool]:
    crowded = (
        select(Link.campaign_id)
        .join_from(ResponseText, Response, ResponseText.response_id == Response.id)
        .join(Link, Response.link_id == Link.id)
        .where(Response.organisation_id == organisation_id, Response.day >= today)
        .group_by(Link.campaign_id)
        .having(func.count(Response.id.distinct()) >= ENOUGH)
    )
    accompanied = [door.code for door in DOORS.values() if door.group == TEAM]
    return or_(Response.day < today, Link.campaign_id.in_(crowded), Link.door.in_(accompanied))
