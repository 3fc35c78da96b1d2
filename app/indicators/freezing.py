"""Freezing closed months: their sums are copied once, and no later event changes the copy."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any, TypeAlias
from typing import cast as cast_type
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, cast, func, insert, select, text
from sqlalchemy.orm import Session

from app.campaigns.models import Campaign, Link
from app.campaigns.periods import GRACE, first_day, last_day, months_between
from app.db import table_of
from app.indicators.models import FrozenMonth, FrozenTally, Publication
from app.organisations import access
from app.organisations.models import Organisation, Person
from app.responses.models import PurgeProof, Response, Rollup, Tombstone, Unrolled
from app.responses.rollups import fold, read_tally, tallies
from app.scoring import RESPONSES
from app.web.typography import plural

#: Bytes kept of the print of an answer: enough that two never look alike.
PRINT = 8

#: What the digest of a month covers, in this order, and then the tally.
_SEALED = ("scope_id", "month", "measure", "version", "indicator")
_COLUMNS = ("scope_id", "month", "measure", "version", "organisation_id", "indicator", "tally")

#: What hides the tables of frozen months from one session: the months that it adds to the first
#: have their sums of today in the second.
_SUPPOSED = (
    """
    CREATE TEMPORARY TABLE frozen_month AS
    SELECT organisation_id, month, frozen_on, frozen_by, responses, digest, x'' AS members
    FROM main.frozen_month WHERE organisation_id = :organisation_id
    """,
    """
    CREATE TEMPORARY VIEW frozen_tally AS
    SELECT scope_id, month, measure, version, organisation_id, indicator, tally
    FROM main.frozen_tally
    UNION ALL
    SELECT scope_id, month, measure, version, organisation_id, indicator, tally
    FROM main.rollup WHERE (organisation_id, month) IN
    (SELECT organisation_id, month FROM frozen_month WHERE digest = '')
    """,
)

#: One frozen sum: the columns of `_SEALED` as text, then its tally as it is stored, not read.
Row: TypeAlias = tuple[Any, ...]


class FreezingError(ValueError):
    """Say in French why months cannot be frozen."""


@dataclass(frozen=True, slots=True)
class Aftermath:
    """Say what became of a frozen month since: its sums are compared with today's."""

    #: Whether today's sums are the frozen ones.
    same: bool
    #: Answers that the sums hold and that were erased since.
    erased: int = 0
    #: Answers of the month that arrived since, and stay outside.
    late: int = 0
    #: Whether the retention purge took the answers: the sums cannot be counted again.
    purged: bool = False

    @property
    def said(self) -> str:
        """Say it in a few words."""
        if self.purged:
            return "réponses parties à leur échéance, sommes gardées"
        if self.same:
            return "identique"
        parts = []
        if self.erased:
            gone = "effacée" if self.erased == 1 else "effacées"
            parts.append(f"{plural(self.erased, 'réponse')} {gone} depuis")
        if self.late:
            came = "tardive, restée" if self.late == 1 else "tardives, restées"
            parts.append(f"{plural(self.late, 'réponse')} {came} en dehors")
        return ", ".join(parts) or "mêmes réponses, calculées autrement depuis"


@dataclass(frozen=True, slots=True)
class Verification:
    """Be the proof of a frozen month: what became of the answers, and whether the copy is whole."""

    aftermath: Aftermath
    #: Whether the frozen sums still give the digest of the day they were frozen.
    intact: bool


def frozen_months(session: Session, organisation_id: UUID) -> Sequence[FrozenMonth]:
    """Return the frozen months of a structure, the latest first."""
    mine = select(FrozenMonth).where(FrozenMonth.organisation_id == organisation_id)
    return session.scalars(mine.order_by(FrozenMonth.month.desc())).all()


def who_froze(session: Session, organisation_id: UUID) -> dict[str, str]:
    """Return the name of who froze each month."""
    rows = session.execute(
        select(FrozenMonth.month, Person.name, Person.email)
        .join(Person, Person.id == FrozenMonth.frozen_by)
        .where(FrozenMonth.organisation_id == organisation_id)
    )
    return {month: name or email for month, name, email in rows}


def freezable(session: Session, organisation_id: UUID, today: date) -> list[str]:
    """Return the closed months that may be frozen, the first one first.

    A month is closed once the day that late answers have is over. A month that was counted as
    empty in a published period stays so: freezing it now would change what has left.
    """
    first = _first_day_of_answers(session, organisation_id)
    if first is None:
        return []
    is_mine = FrozenMonth.organisation_id == organisation_id
    frozen = set(session.scalars(select(FrozenMonth.month).where(is_mine)))
    left = session.execute(
        select(Publication.first_month, Publication.last_month)
        .where(Publication.organisation_id == organisation_id)
        .distinct()
    ).all()
    settled = today - GRACE
    return [
        month
        for month in months_between(first, settled)[:-1]
        if month not in frozen and not any(start <= month <= end for start, end in left)
    ]


def freeze(
    session: Session, organisation_id: UUID, up_to: str, person_id: UUID, today: date
) -> list[str]:
    """Freeze every closed month up to one, and return them; nobody changes them afterwards."""
    # Holds the sums of the structure until the commit; a closed month is copied whole.
    last_closed = (today - GRACE).replace(day=1) - timedelta(days=1)
    fold(session, organisation_id, today=today, until=last_closed)
    hold(session, organisation_id)
    waiting = freezable(session, organisation_id, today)
    if up_to not in waiting:
        raise FreezingError("Ce mois n’est plus à arrêter. Choisissez un mois dans la liste.")
    months = [month for month in waiting if month <= up_to]
    _copy(session, organisation_id, months)
    for month in months:
        frozen = _frozen_tallies(session, organisation_id, month)
        session.add(
            FrozenMonth(
                organisation_id=organisation_id,
                month=month,
                frozen_on=today,
                frozen_by=person_id,
                responses=_responses(frozen, organisation_id),
                digest=digest(frozen),
                members=b"".join(sorted(_prints(session, organisation_id, month))),
            )
        )
    session.flush()
    span = months[0] if len(months) == 1 else f"{months[0]}..{months[-1]}"
    access.note(session, organisation_id, person_id, "froze", span)
    return months


def suppose_frozen(
    session: Session, organisation_id: UUID, months: Collection[str], today: date
) -> None:
    """Show the sums of months as freezing them would, to a session that is thrown away.

    On SQLite, where whoever writes stops everybody else, they stand in temporary tables.
    """
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        for statement in _SUPPOSED:
            connection.execute(text(statement), {"organisation_id": organisation_id.hex})
    else:
        _copy(session, organisation_id, months)
    session.add_all(
        FrozenMonth(
            organisation_id=organisation_id, month=month, frozen_on=today, frozen_by=None,
            responses=0, digest="", members=b"",
        )
        for month in months
    )  # fmt: skip
    session.flush()


def hold(session: Session, organisation_id: UUID) -> None:
    """Let one transaction at a time freeze or publish for a structure (on SQLite one writes)."""
    mine = select(Organisation.id).where(Organisation.id == organisation_id)
    session.execute(mine.with_for_update(key_share=True))


def compare(session: Session, frozen: FrozenMonth, lieu_id: UUID | None = None) -> Aftermath:
    """Compare a frozen month with the answers of today: of the structure, or of one lieu."""
    organisation_id, month = frozen.organisation_id, frozen.month
    scope_id = lieu_id or organisation_id
    proofs = select(PurgeProof.month).where(
        PurgeProof.organisation_id == organisation_id,
        PurgeProof.category == "answers",
        PurgeProof.month == month,
    )
    if session.execute(proofs.limit(1)).first():
        return Aftermath(same=False, purged=True)
    were = _frozen_sums(session, scope_id, month)
    same = _sums_today(session, organisation_id, scope_id, month) == were
    # The same sums may be those of others: one answer went, another one came and says the same.
    if same and not _erased_since(session, frozen):
        return Aftermath(same=True)
    members = session.scalars(
        select(FrozenMonth.members).where(
            FrozenMonth.organisation_id == organisation_id, FrozenMonth.month == month
        )
    ).one()
    held = {members[start : start + PRINT] for start in range(0, len(members), PRINT)}
    there = _prints(session, organisation_id, month, arrived_since=True, lieu_id=lieu_id)
    # The prints are those of the structure: of a lieu, the sums say how many there were.
    counted = sum(tally.get("responses", 0) for (key, _), tally in were.items() if key == RESPONSES)
    gone = counted - len(held & there) if lieu_id else len(held - there)
    late = len(there - held)
    return Aftermath(same and not (gone or late), gone, late)


def verify(session: Session, organisation_id: UUID, month: str) -> Verification | None:
    """Compare a frozen month with today and check its digest; None when it is not frozen."""
    frozen = session.get(FrozenMonth, (organisation_id, month))
    if frozen is None:
        return None
    intact = digest(_frozen_tallies(session, organisation_id, month)) == frozen.digest
    return Verification(compare(session, frozen), intact)


def digest(rows: Iterable[Row]) -> str:
    """Return the SHA-256 of frozen sums: one canonical JSON line a row, the lines in order."""
    lines = sorted(f"[{','.join(map(_quoted, row[:-1]))}]{_canonical(row[-1])}" for row in rows)
    return sha256("\n".join(lines).encode()).hexdigest()


#: The same scopes, measures and versions come back in thousands of rows.
_quoted = lru_cache(maxsize=8_192)(json.dumps)
_write = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


@lru_cache(maxsize=8_192)
def _canonical(stored: str) -> str:
    """Write a stored tally the one way that every database gives; few differ from each other."""
    return _write(json.loads(stored))


def _copy(session: Session, organisation_id: UUID, months: Collection[str]) -> None:
    columns = [getattr(Rollup, name) for name in _COLUMNS]
    sums = select(*columns).where(_of_months(Rollup, organisation_id, months))
    session.execute(insert(table_of(FrozenTally)).from_select(_COLUMNS, sums))


def _frozen_tallies(session: Session, organisation_id: UUID, month: str) -> list[Row]:
    """Return the frozen sums of a month, their scope as 32 hexadecimal signs."""
    scope = func.replace(cast(FrozenTally.scope_id, Text), "-", "")
    columns = [getattr(FrozenTally, name) for name in _SEALED[1:]]
    mine = select(scope, *columns, cast(FrozenTally.tally, Text)).where(
        _of_months(FrozenTally, organisation_id, [month])
    )
    return cast_type("list[Row]", session.execute(mine).all())


def _of_months(
    table: type[Rollup | FrozenTally], organisation_id: UUID, months: Collection[str]
) -> ColumnElement[bool]:
    """Find the sums of some months by the key, where the month stands after the scope.

    The index by structure alone would read all of its months to find one.
    """
    mine = select(table.scope_id).where(table.organisation_id == organisation_id)
    return and_(table.scope_id.in_(mine.distinct()), table.month.in_(months))


def _erased_since(session: Session, frozen: FrozenMonth) -> bool:
    """Tell whether any answer of the structure was erased since a month was frozen."""
    mine = (
        select(Tombstone.response_id)
        .join(Link, Link.id == Tombstone.link_id)
        .join(Campaign, Campaign.id == Link.campaign_id)
        .where(
            Campaign.organisation_id == frozen.organisation_id,
            Tombstone.erased_on >= frozen.frozen_on,
        )
    )
    return session.execute(mine.limit(1)).first() is not None


def _responses(rows: Iterable[Row], organisation_id: UUID) -> int:
    return sum(
        read_tally(tally).get("responses", 0)
        for scope_id, _, measure, _, _, tally in rows
        if measure == RESPONSES and scope_id == organisation_id.hex
    )


def _first_day_of_answers(session: Session, organisation_id: UUID) -> date | None:
    """Return the first day there was an answer; sums outlive the answers that were purged."""
    answered = select(Response.day).where(Response.organisation_id == organisation_id)
    rolled = select(Rollup.month).where(Rollup.scope_id == organisation_id)
    day = session.scalar(answered.order_by(Response.day).limit(1))
    month = session.scalar(rolled.order_by(Rollup.month).limit(1))
    known = [one for one in (day, first_day(month) if month else None) if one]
    return min(known, default=None)


def _sums_today(
    session: Session, organisation_id: UUID, scope_id: UUID, month: str
) -> dict[Any, Any]:
    summed = tallies(
        session, organisation_id, scopes=(scope_id,), first_month=month, last_month=month
    )
    return {key: _without_zeros(tally) for key, tally in summed.items() if any(tally.values())}


def _frozen_sums(session: Session, scope_id: UUID, month: str) -> dict[Any, Any]:
    rows = select(FrozenTally.measure, FrozenTally.version, FrozenTally.tally).where(
        FrozenTally.scope_id == scope_id, FrozenTally.month == month
    )
    return {(measure, version): tally for measure, version, tally in session.execute(rows)}


def _without_zeros(tally: Mapping[str, int]) -> dict[str, int]:
    return {name: value for name, value in tally.items() if value}


def _prints(
    session: Session,
    organisation_id: UUID,
    month: str,
    *,
    arrived_since: bool = False,
    lieu_id: UUID | None = None,
) -> set[bytes]:
    """Return the print of each answer of a month that the sums hold, or of every one today."""
    answers = select(Response.id).where(
        Response.organisation_id == organisation_id,
        Response.day.between(first_day(month), last_day(month)),
    )
    if lieu_id is not None:
        links = select(Link.id).join(Campaign, Campaign.id == Link.campaign_id)
        answers = answers.where(Response.link_id.in_(links.where(Campaign.lieu_id == lieu_id)))
    if not arrived_since:
        waiting = select(Unrolled.response_id).where(Unrolled.organisation_id == organisation_id)
        answers = answers.where(Response.id.not_in(waiting))
    return {sha256(known.bytes).digest()[:PRINT] for known in session.scalars(answers)}
