"""Join the answers that one card gave in several waves, whatever their order of arrival."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import bindparam, func, insert, select, update

from app.campaigns.models import Card
from app.db import insert_or_skip, table_of
from app.responses.models import Pair, PairScore, Response
from app.responses.rollups import in_batches, unroll
from app.responses.scores import Member, pair_scores

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, Row
    from sqlalchemy.engine import Connection

    from app.campaigns.models import Campaign
    from app.scoring import Plan


class Joining(NamedTuple):
    """Be a new answer that came with a card."""

    card_hash: str
    member: Member


def all_issued(connection: Connection, campaign_id: UUID, hashes: set[str]) -> bool:
    """Tell whether every one of these cards was printed for the campaign."""
    known = select(func.count()).where(
        Card.campaign_id == campaign_id, Card.card_hash.in_(sorted(hashes))
    )
    return connection.execute(known).scalar() == len(hashes)


def join(
    connection: Connection, campaign: Campaign, plan: Plan, joining: Sequence[Joining]
) -> None:
    """Join new answers to the pairs of their cards, and score what can now be compared.

    The first answer of a card in a wave is its answer; a later one stays unpaired, and flagged.
    """
    pairs = _pairs(connection, campaign, {new.card_hash for new in joining})
    members = members_of(connection, pairs.values())
    moved: list[dict[str, Any]] = []
    scored: list[dict[str, Any]] = []
    for digest, new in joining:
        pair_id = pairs[digest]
        others = members[pair_id]
        reused = new.wave in others
        moved.append(
            {
                "its_id": new.response_id,
                "pair_id": None if reused else pair_id,
                "card_reused": reused,
            }
        )
        if not reused:
            scored.extend(pair_scores(plan, pair_id, new, others.values()))
            others[new.wave] = new
    fresh = {new.response_id for _, new in joining}
    later = {row["response_id"] for row in scored} - fresh
    if later:
        unroll(connection, campaign.organisation_id, later)
    connection.execute(_MOVE, moved)
    if scored:
        connection.execute(_SCORE, scored)


def members_of(
    connection: Connection, pair_ids: Iterable[UUID]
) -> defaultdict[UUID, dict[str, Member]]:
    """Return the answers of some pairs, by pair and wave."""
    members: defaultdict[UUID, dict[str, Member]] = defaultdict(dict)
    for batch in in_batches(pair_ids):
        columns = (Response.pair_id, Response.id, Response.wave, Response.answers)
        query = select(*columns).where(Response.pair_id.in_(batch))
        for pair_id, response_id, wave, answers in connection.execute(query):
            members[pair_id][wave] = Member(response_id, wave, answers)
    return members


def _pairs(connection: Connection, campaign: Campaign, hashes: set[str]) -> dict[str, UUID]:
    """Return the pair of each card, made when it is new; hold them until the transaction ends."""
    wanted = (Pair.campaign_id == campaign.id) & Pair.card_hash.in_(sorted(hashes))
    while True:
        connection.execute(
            insert_or_skip(connection.dialect.name, Pair),
            [
                {
                    "id": uuid4(),
                    "organisation_id": campaign.organisation_id,
                    "campaign_id": campaign.id,
                    "card_hash": digest,
                }
                for digest in sorted(hashes)
            ],
        )
        held = {row.card_hash: row.id for row in hold(connection, wanted)}
        # On PostgreSQL an erasure may end between the two, and take an emptied pair away.
        if len(held) == len(hashes):
            return held


def hold(connection: Connection, wanted: ColumnElement[bool]) -> Sequence[Row[str, UUID]]:
    """Lock some pairs until the transaction ends, always in the same order."""
    query = select(Pair.card_hash, Pair.id).where(wanted).order_by(Pair.campaign_id, Pair.card_hash)
    return connection.execute(query.with_for_update()).all()


_RESPONSE = table_of(Response)
_MOVE = (
    update(_RESPONSE)
    .where(_RESPONSE.c.id == bindparam("its_id"))
    .values(pair_id=bindparam("pair_id"), card_reused=bindparam("card_reused"))
)
_SCORE = insert(table_of(PairScore))
