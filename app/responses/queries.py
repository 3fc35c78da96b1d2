"""What may be read of the answers: by the holder of a receipt, and by the team."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.campaigns.models import Campaign, Link
from app.campaigns.queries import partner_campaigns, within
from app.organisations.models import Person
from app.organisations.roles import RESPONSABLE
from app.responses import receipts
from app.responses.models import Receipt, Response, ResponseText
from app.responses.readable import is_readable
from app.responses.texts import decrypt

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.organisations.queries import Reach
    from config import Keys


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


def readable_response(
    session: Session, keys: Keys, reach: Reach, response_id: UUID, today: date
) -> FullResponse | None:
    """Return one answer within reach that the team may read today, or None."""
    full = response_in_full(session, keys, reach, response_id)
    if full is None:
        return None
    open_today = is_readable(session, reach.organisation_id, today)
    query = select(Response.id).join(Link, Response.link_id == Link.id)
    is_open = session.scalar(query.where(Response.id == response_id, open_today))
    return full if is_open else None


def answered_campaigns(session: Session, wanted: ColumnElement[bool]) -> set[UUID]:
    """Return the campaigns of some responses, by a condition on them, their link and campaign."""
    query = select(Link.campaign_id).join_from(Response, Link, Response.link_id == Link.id)
    query = query.join(Campaign, Link.campaign_id == Campaign.id)
    return set(session.scalars(query.where(wanted).distinct()))


def who_may_export(session: Session, organisation_id: UUID) -> list[str]:
    """Return the names of the responsables of a structure."""
    responsables = (
        select(Person.name, Person.email)
        .where(Person.organisation_id == organisation_id, Person.role == RESPONSABLE, Person.active)
        .order_by(Person.name, Person.email)
    )
    return [name or email for name, email in session.execute(responsables)]


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
    *,
    is_public: bool = False,
) -> list[ReadableText]:
    """Return the latest texts that the team of a structure may read today.

    Those of the day wait: see `readable`. The public's alone when asked, without the partners'.
    """
    organisation_id = reach.organisation_id
    mine = [Response.organisation_id == organisation_id, within(reach)]
    if campaign_id is not None:
        mine.append(Link.campaign_id == campaign_id)
    if is_public:
        mine.append(Campaign.id.not_in(partner_campaigns(session, reach)))
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
        .where(*mine, Response.commented, is_readable(session, organisation_id, today))
        .order_by(Response.day.desc(), Response.id, ResponseText.item)
        .limit(limit)
    )
    return [
        ReadableText(response_id, campaign, item, decrypt(keys, response_id, item, sealed), day)
        for response_id, campaign, item, day, sealed in session.execute(query)
    ]
