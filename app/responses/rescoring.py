"""Score stored answers again, when the rules of scoring changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from app.campaigns.models import Link, PublishedTranslation
from app.campaigns.queries import plan_of
from app.db import table_of
from app.responses.models import Pair, PairScore, Response, Score
from app.responses.pairs import hold, members_of
from app.responses.rollups import BATCH, roll, unroll
from app.responses.scores import Member, pair_scores, score_rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy import Row
    from sqlalchemy.orm import Session

    from app.campaigns.models import Campaign


def rescore(session: Session, campaign: Campaign, *, after: UUID | None = None) -> UUID | None:
    """Score some hundred answers of a campaign again; return where to go on, None at the end.

    An answer scored again leaves the rollups and comes back at once (one let out today must not
    wait again), so that figures are whole between two calls and nobody who answers meanwhile
    waits for the end of a long campaign.
    """
    connection = session.connection()
    last, rows = _held(session, campaign, after)
    if not rows:
        return last
    plan = plan_of(session, campaign)
    response_ids = [response.id for response, _ in rows]
    members = members_of(connection, {one.pair_id for one, _ in rows if one.pair_id})
    rolled = unroll(connection, campaign.organisation_id, response_ids)
    connection.execute(delete(Score).where(Score.response_id.in_(response_ids)))
    connection.execute(delete(PairScore).where(PairScore.response_id.in_(response_ids)))
    scores: list[dict[str, Any]] = []
    paired: list[dict[str, Any]] = []
    for response, reviewed_by in rows:
        unreviewed = response.translation is not None and not reviewed_by
        scores += score_rows(
            plan, response.wave, response.id, response.answers, response.mode, unreviewed
        )
        if response.pair_id is not None:
            new = Member(response.id, response.wave, response.answers)
            found = pair_scores(plan, response.pair_id, new, members[response.pair_id].values())
            paired += [row for row in found if row["response_id"] == response.id]
    connection.execute(insert(table_of(Score)), scores)
    if paired:
        connection.execute(insert(table_of(PairScore)), paired)
    roll(connection, campaign.organisation_id, rolled)
    return last


def _held(
    session: Session, campaign: Campaign, after: UUID | None
) -> tuple[UUID | None, Sequence[Row[Response, str | None]]]:
    """Return the last of the next answers, and each of them with who read over its translation.

    Pairs are locked, then answers, as sending and erasing do: on PostgreSQL an answer that
    comes or goes meanwhile is seen, or waits.
    """
    some = (
        select(Response.id, Response.pair_id)
        .join(Link, Response.link_id == Link.id)
        .where(Link.campaign_id == campaign.id)
        .order_by(Response.id)
        .limit(BATCH)
    )
    found = session.execute(some if after is None else some.where(Response.id > after)).all()
    if not found:
        return None, ()
    paired = {one.pair_id for one in found if one.pair_id is not None}
    hold(session.connection(), Pair.id.in_(paired))
    query = (
        select(Response, PublishedTranslation.reviewed_by)
        .outerjoin(PublishedTranslation, Response.translation == PublishedTranslation.digest)
        .where(Response.id.in_([one.id for one in found]))
        .with_for_update(of=Response)
    )
    return found[-1].id, session.execute(query).all()
