"""The sums of one measure, group by group: by link or campaign, or by an answer of the person."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from sqlalchemy import Select, Text, and_, cast, func, select, union_all
from sqlalchemy.orm import aliased

from app.campaigns.models import Campaign, Link
from app.campaigns.periods import first_day, last_day
from app.campaigns.queries import within
from app.organisations.models import Lieu
from app.responses.models import PairScore, Response, Rollup, Score, Unrolled
from app.responses.readable import waits
from app.responses.rollups import countable, in_batches, read_tally
from app.scoring import Tally
from app.web.current import today

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.indicators.period import Period
    from app.indicators.selection import Selection
    from app.organisations.queries import Reach
    from app.scoring import Measure


class Door(NamedTuple):
    """Be one link that is looked at, with what tells it from others."""

    link_id: UUID
    door: str
    campaign_id: UUID
    action: str
    lieu: str


def doors_of(session: Session, reach: Reach, selection: Selection) -> list[Door]:
    """Return the links of the campaigns that are looked at."""
    query = (
        select(Link.id, Link.door, Campaign.id, Campaign.action, Lieu.name)
        .join(Campaign, Link.campaign_id == Campaign.id)
        .join(Lieu, Campaign.lieu_id == Lieu.id)
        .where(within(reach), selection.campaigns_asked)
    )
    return [Door(*row) for row in session.execute(query)]


def by_scope(
    session: Session,
    organisation_id: UUID,
    scopes: Collection[UUID],
    period: Period,
    measure: str,
) -> dict[UUID, Tally]:
    """Return the sums of a measure over each scope: links or campaigns, of one sort."""
    sums: dict[UUID, Tally] = {}
    may_count = countable(session, organisation_id)
    for batch in in_batches(scopes):
        for scope_id, tally, times in session.execute(
            _rolled_and_waiting(organisation_id, batch, period, measure, may_count)
        ):
            _add(sums.setdefault(scope_id, {}), tally, times)
    return sums


def _rolled_and_waiting(
    organisation_id: UUID,
    scopes: Collection[UUID],
    period: Period,
    measure: str,
    may_count: Mapping[type[Score | PairScore], ColumnElement[bool]],
) -> Select[UUID, str, int]:
    rolled = select(Rollup.scope_id.label("scope"), cast(Rollup.tally, Text).label("tally")).where(
        Rollup.organisation_id == organisation_id,
        Rollup.scope_id.in_(scopes),
        Rollup.month.between(period.first, period.last),
        Rollup.measure == measure,
    )
    waiting = (
        select(owner, cast(table.tally, Text))
        .join_from(Unrolled, Response, Unrolled.response_id == Response.id)
        .join(table, table.response_id == Response.id)
        .join(Link, Response.link_id == Link.id)
        .where(
            Unrolled.organisation_id == organisation_id,
            Response.day.between(first_day(period.first), last_day(period.last)),
            owner.in_(scopes),
            table.measure == measure,
            may_count[table],
        )
        for table in (Score, PairScore)
        for owner in (Link.id, Link.campaign_id)
    )
    # One statement: an answer moves from what waits to the rollups between two of them.
    every = union_all(rolled, *waiting).subquery()
    return select(every.c.scope, every.c.tally, func.count()).group_by(every.c.scope, every.c.tally)


def by_answer(
    session: Session,
    reach: Reach,
    selection: Selection,
    measure: Measure,
    question: str,
    wave: str,
) -> dict[str | None, Tally]:
    """Return the sums of a measure over those who gave each answer to a question of one wave.

    The other answers of a card are those of the same person: it may have been asked on entry.
    """
    mate = aliased(Response)
    closed = waits(session, reach.organisation_id, today(), mate)
    may_count = countable(session, reach.organisation_id)
    said = func.coalesce(Response.answers[question].as_string(), mate.answers[question].as_string())
    period = selection.period
    asked: ColumnElement[bool] = and_(
        within(reach),
        selection.campaigns_asked,
        Response.organisation_id == reach.organisation_id,
        Response.day.between(first_day(period.first), last_day(period.last)),
    )
    parts = [
        select(said.label("said"), cast(table.tally, Text).label("tally"))
        .join_from(table, Response, table.response_id == Response.id)
        .join(Link, Response.link_id == Link.id)
        .join(Campaign, Link.campaign_id == Campaign.id)
        .outerjoin(mate, and_(mate.pair_id == Response.pair_id, mate.wave == wave, ~closed))
        .where(asked, table.measure == measure.key, may_count[table])
        # Only cards make pairs: the other methods need not look for them.
        for table in ((Score, PairScore) if measure.method == "A" else (Score,))
    ]
    every = union_all(*parts).subquery()
    query = select(every.c.said, every.c.tally, func.count()).group_by(every.c.said, every.c.tally)
    sums: dict[str | None, Tally] = {}
    for answer, tally, times in session.execute(query):
        _add(sums.setdefault(answer, {}), tally, times)
    return sums


def _add(total: Tally, tally: str, times: int) -> None:
    for name, value in read_tally(tally).items():
        total[name] = total.get(name, 0) + value * times
