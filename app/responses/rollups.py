"""Sums by month: what the pages read, exact at every moment.

A response is either counted in the rollups or named in `unrolled`, never both; readers add the
two in one statement, so that they see one state of the database. What may not be read yet (see
`readable`) is in no sum: `received` alone counts it, for a count tells nothing of what was said.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Text, and_, bindparam, cast, delete, func, or_, select, text, union_all

from app.campaigns.models import Campaign, Link
from app.campaigns.periods import first_day, last_day
from app.db import insert_or_skip, insert_or_update, table_of
from app.responses.models import PairScore, Response, Rollup, Score, Unrolled
from app.responses.readable import complete, is_readable, pair_waits
from app.scoring import RESPONSES, Tally
from app.web.current import today as day_here

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.engine import Connection
    from sqlalchemy.orm import InstrumentedAttribute, Session

    from app.db import Database

#: Above so many unrolled responses, reading them one by one costs more than folding them.
FEW = 200
#: Folded in one transaction while people answer, so that none of them waits long.
AT_ONCE = 2_000
#: Values in one IN (…).
BATCH = 500


#: What a response is counted under. The structure is that of `unrolled`: by that of `response`,
#: SQLite would look for the few that wait among all the answers of the period.
OWNERS = (Response.link_id, Link.campaign_id, Campaign.lieu_id, Unrolled.organisation_id)


class Cell(NamedTuple):
    """Name one row of the rollups."""

    scope_id: UUID
    month: str
    measure: str
    version: str


def tallies(
    session: Session,
    organisation_id: UUID,
    *,
    scopes: Sequence[UUID],
    first_month: str,
    last_month: str,
    today: date | None = None,
) -> dict[tuple[str, str], Tally]:
    """Return the sums of each (measure, version) over some scopes and whole months.

    The scopes are links, campaigns, lieux or the structure itself, all of one sort: a campaign
    beside one of its own links would count that link twice. `today` is the day it is here.
    """
    rolled = select(Rollup.measure, Rollup.version, cast(Rollup.tally, Text)).where(
        Rollup.organisation_id == organisation_id,
        Rollup.scope_id.in_(scopes),
        Rollup.month.between(first_month, last_month),
    )
    waiting = and_(
        Unrolled.organisation_id == organisation_id,
        Response.day.between(first_day(first_month), last_day(last_month)),
        _within(scopes),
    )
    may_count = countable(session, organisation_id, today)
    parts = (_unrolled(table).where(waiting, may_count[table]) for table in (Score, PairScore))
    query = union_all(rolled, *parts)
    sums: dict[tuple[str, str], Tally] = {}
    for (measure, version, tally), times in Counter(map(tuple, session.execute(query))).items():
        _add(sums.setdefault((measure, version), {}), read_tally(tally), times)
    return sums


def received(
    session: Session,
    organisation_id: UUID,
    owner: InstrumentedAttribute[UUID],
    scopes: Collection[UUID],
    first_month: str = "2000-01",
    last_month: str = "2099-12",
) -> dict[UUID, int]:
    """Return how many answers came to each scope over whole months, zeros included.

    `owner` says of which sort the scopes are: one of OWNERS. It reads a few rows: pages ask it
    again and again while they are looked at.
    """
    rolled = select(Rollup.scope_id.label("scope"), _answers(Rollup).label("answers")).where(
        Rollup.organisation_id == organisation_id,
        Rollup.scope_id.in_(scopes),
        Rollup.measure == RESPONSES,
        Rollup.month.between(first_month, last_month),
    )
    waiting = (
        select(owner, _answers(Score))
        .join_from(Unrolled, Response, Unrolled.response_id == Response.id)
        .join(Score, Score.response_id == Response.id)
        .join(Link, Response.link_id == Link.id)
        .join(Campaign, Link.campaign_id == Campaign.id)
        .where(
            Unrolled.organisation_id == organisation_id,
            Response.day.between(first_day(first_month), last_day(last_month)),
            Score.measure == RESPONSES,
            owner.in_(scopes),
        )
    )
    every = union_all(rolled, waiting).subquery()
    query = select(every.c.scope, func.sum(every.c.answers)).group_by(every.c.scope)
    counted = {scope_id: int(answers) for scope_id, answers in session.execute(query)}
    return dict.fromkeys(scopes, 0) | counted


def countable(
    session: Session, organisation_id: UUID, today: date | None = None
) -> dict[type[Score | PairScore], ColumnElement[bool]]:
    """Return the condition that figures may count what a response brings, alone or by its pair."""
    day = today or day_here()
    readable = is_readable(session, organisation_id, day)
    return {Score: readable, PairScore: readable & ~pair_waits(session, organisation_id, day)}


def fold_if_needed(database: Database, organisation_id: UUID, today: date | None = None) -> None:
    """Let out the answers that enough others joined, and fold where reading would be slow."""
    day = today or day_here()
    while True:
        with database.reading() as session:
            if not _is_worth_folding(session, organisation_id, day):
                return
        with database.writing() as session:
            fold(session, organisation_id, at_most=AT_ONCE, today=day)


def _is_worth_folding(session: Session, organisation_id: UUID, today: date) -> bool:
    some = select(Unrolled.response_id).where(Unrolled.organisation_id == organisation_id)
    number = len(session.execute(some.limit(FEW + 1)).all())
    if number > FEW:
        ready = _ready(session, organisation_id, today).limit(FEW + 1)
        if len(session.execute(ready).all()) > FEW:
            return True
    return number > 0 and bool(complete(session, organisation_id, today))


def fold(
    session: Session,
    organisation_id: UUID,
    *,
    at_most: int | None = None,
    today: date | None = None,
    until: date | None = None,
) -> int:
    """Move what may be read into the rollups; return how many responses were moved.

    Those that wait for others leave together, never cut. Those of a day up to `until` are moved
    even where the other answer of their card still waits.
    """
    connection, day = session.connection(), today or day_here()
    _hold(connection, organisation_id)
    ready = {*session.scalars(_ready(session, organisation_id, day, until).limit(at_most))}
    if len(ready) != at_most:  # the last of many turns: `complete` reads all that waits
        ready.update(complete(session, organisation_id, day))
    return roll(connection, organisation_id, ready)


def roll(connection: Connection, organisation_id: UUID, response_ids: Collection[UUID]) -> int:
    """Move these responses into the rollups; return how many waited."""
    _hold(connection, organisation_id)
    moved: list[UUID] = []
    for batch in in_batches(response_ids):
        taken = delete(Unrolled).where(
            Unrolled.organisation_id == organisation_id, Unrolled.response_id.in_(batch)
        )
        moved += connection.execute(taken.returning(Unrolled.response_id)).scalars()
    _write(connection, organisation_id, _sums(connection, organisation_id, moved), 1)
    return len(moved)


def unroll(
    connection: Connection, organisation_id: UUID, response_ids: Collection[UUID]
) -> set[UUID]:
    """Take responses out of the rollups, before anything they brought there changes.

    Return those that were there.
    """
    _hold(connection, organisation_id)
    rolled = set(response_ids)
    for batch in in_batches(response_ids):
        waiting = select(Unrolled.response_id).where(
            Unrolled.organisation_id == organisation_id, Unrolled.response_id.in_(batch)
        )
        rolled.difference_update(connection.execute(waiting).scalars())
    if not rolled:
        return rolled
    _write(connection, organisation_id, _sums(connection, organisation_id, rolled), -1)
    connection.execute(
        insert_or_skip(connection.dialect.name, Unrolled),
        [{"response_id": known, "organisation_id": organisation_id} for known in rolled],
    )
    return rolled


def in_batches(values: Iterable[UUID]) -> Iterator[list[UUID]]:
    """Cut values into lists that one statement can hold."""
    every = list(values)
    for start in range(0, len(every), BATCH):
        yield every[start : start + BATCH]


@lru_cache(maxsize=8_192)
def read_tally(stored: str) -> Mapping[str, int]:
    """Read a stored tally; the same few come back over and over."""
    tally: dict[str, int] = json.loads(stored)
    return tally


def _answers(table: type[Rollup | Score]) -> ColumnElement[int]:
    """Return how many answers a row of the measure RESPONSES counts."""
    answers: ColumnElement[int] = table.tally["responses"].as_integer()
    return answers


def _unrolled(table: type[Score | PairScore]) -> Select[str, str, str]:
    return (
        select(table.measure, Response.version, cast(table.tally, Text))
        .join_from(Unrolled, Response, Unrolled.response_id == Response.id)
        .join(table, table.response_id == Response.id)
        .join(Link, Response.link_id == Link.id)
        .join(Campaign, Link.campaign_id == Campaign.id)
    )


def _ready(
    session: Session, organisation_id: UUID, today: date, until: date | None = None
) -> Select[UUID]:
    """Find what waits to be folded and may be read, with all that its pairs compare."""
    hung = select(PairScore.pair_id).where(
        PairScore.response_id == Response.id, pair_waits(session, organisation_id, today)
    )
    whole = ~hung.exists() if until is None else or_(Response.day <= until, ~hung.exists())
    return (
        select(Unrolled.response_id)
        .join(Response, Unrolled.response_id == Response.id)
        .where(Unrolled.organisation_id == organisation_id)
        .where(is_readable(session, organisation_id, today), whole)
    )


def _within(scopes: Sequence[UUID]) -> ColumnElement[bool]:
    return or_(*(owner.in_(scopes) for owner in OWNERS))


def _sums(
    connection: Connection, organisation_id: UUID, response_ids: Collection[UUID]
) -> dict[Cell, tuple[str, Tally]]:
    """Add up what some responses bring to each scope: indicator and tally of each cell."""
    brought: Counter[tuple[Any, ...]] = Counter()
    for batch in in_batches(response_ids):
        parts = (_brought(table).where(Response.id.in_(batch)) for table in (Score, PairScore))
        brought.update(map(tuple, connection.execute(union_all(*parts))))
    sums: dict[Cell, tuple[str, Tally]] = {}
    for row, times in brought.items():
        *scopes, day, version, measure, indicator, tally = row
        month = day.isoformat()[:7]
        for scope_id in (*scopes, organisation_id):
            cell = Cell(scope_id, month, measure, version)
            _add(sums.setdefault(cell, (indicator, {}))[1], read_tally(tally), times)
    return sums


def _brought(table: type[Score | PairScore]) -> Select[UUID, UUID, UUID, date, str, str, str, str]:
    return (
        select(
            Link.id,
            Link.campaign_id,
            Campaign.lieu_id,
            Response.day,
            Response.version,
            table.measure,
            table.indicator,
            cast(table.tally, Text),
        )
        .join_from(table, Response, table.response_id == Response.id)
        .join(Link, Response.link_id == Link.id)
        .join(Campaign, Link.campaign_id == Campaign.id)
    )


def _write(
    connection: Connection,
    organisation_id: UUID,
    sums: Mapping[Cell, tuple[str, Tally]],
    sign: int,
) -> None:
    """Add sums to the rollups, or take them away; a row that comes to nothing goes."""
    known = _known(connection, sums)
    kept, emptied = [], []
    for cell, (indicator, tally) in sums.items():
        total = dict(known.get(cell, {}))
        _add(total, tally, sign)
        total = {name: value for name, value in total.items() if value}
        if total:
            row = {"organisation_id": organisation_id, "indicator": indicator, "tally": total}
            kept.append({**cell._asdict(), **row})
        else:
            emptied.append({f"its_{name}": value for name, value in cell._asdict().items()})
    if kept:
        connection.execute(insert_or_update(connection.dialect.name, Rollup, "tally"), kept)
    if emptied:
        table = table_of(Rollup)
        names = [table.c[name] for name in Cell._fields]
        same = (column == bindparam(f"its_{column.name}", type_=column.type) for column in names)
        connection.execute(delete(table).where(*same), emptied)


def _known(connection: Connection, cells: Iterable[Cell]) -> dict[Cell, Mapping[str, int]]:
    cells = list(cells)
    months = sorted({cell.month for cell in cells})
    known: dict[Cell, Mapping[str, int]] = {}
    for batch in in_batches({cell.scope_id for cell in cells}):
        columns = (Rollup.scope_id, Rollup.month, Rollup.measure, Rollup.version)
        query = select(*columns, cast(Rollup.tally, Text)).where(
            Rollup.scope_id.in_(batch), Rollup.month.in_(months)
        )
        for row in connection.execute(query):
            known[Cell(*row[:4])] = read_tally(row[4])
    return known


def _hold(connection: Connection, organisation_id: UUID) -> None:
    """Let one transaction at a time change the rollups of a structure (on SQLite one writes)."""
    if connection.dialect.name == "postgresql":
        number = int.from_bytes(organisation_id.bytes[:8], signed=True)
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


def _add(total: Tally, tally: Mapping[str, int], times: int) -> None:
    for name, value in tally.items():
        total[name] = total.get(name, 0) + value * times
