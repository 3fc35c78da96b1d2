"""The retention purge: what has been kept long enough goes, and the figures it gave stay.

Raw answers go when the years that their notice promised are over, counted from the bilan year.
Their sums are folded first and stay in the rollups: the month is sealed, and a proof without
content says how many went. A pair goes whole, with its last answer.
"""

from __future__ import annotations

import secrets
from collections import Counter
from datetime import date, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import aliased

from app.campaigns.models import Campaign, Card
from app.campaigns.periods import first_day
from app.db import ERASED
from app.organisations import retention as organisation_retention
from app.organisations.models import Organisation
from app.organisations.notice import last_day_over
from app.organisations.queries import notices
from app.responses import pairs, texts
from app.responses.deletion import delete_answers
from app.responses.models import Pair, PurgeProof, Response
from app.responses.rollups import AT_ONCE, BATCH, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from uuid import UUID

    from sqlalchemy import ColumnElement, Exists, Select
    from sqlalchemy.orm import Session

    from app.db import Database
    from app.responses.keeping import Forget, Keeper

#: The longest that a card may link answers: a year of action, and a follow-up six months later.
LINKING_WINDOW = timedelta(days=565)
#: A pair whose card is forgotten keeps a random value in place of the card's hash.
FORGOTTEN = "oubliee:"

#: What may go, and how it is said.
CATEGORIES: Mapping[str, str] = {
    "answers": "réponses",
    "pairs": "liens entre une carte et ses réponses",
    "cards": "cartes à code",
    "journal": "lignes du journal des accès",
    "invitations": "invitations expirées",
    "accounts": "comptes fermés de l’équipe",
}


class Part(NamedTuple):
    """Say how many things of one category and one month go."""

    category: str
    month: str
    number: int

    @property
    def first_day(self) -> date:
        """Return the first day of the month."""
        return first_day(self.month)


class Proof(NamedTuple):
    """Be what is left of a purge: what went, of which month, how many, when."""

    category: str
    month: str
    number: int
    purged_on: date

    @property
    def first_day(self) -> date:
        """Return the first day of the month."""
        return first_day(self.month)


def last_day_due(session: Session, organisation_id: UUID, today: date) -> date:
    """Return the last day whose answers have been kept as long as their notice promised."""
    return last_day_over(notices(session, organisation_id), today)


def due(
    session: Session, organisation_id: UUID, today: date, keepers: Iterable[Keeper] = ()
) -> list[Part]:
    """Count what a purge of that day would delete, and delete nothing."""
    organisation = session.get_one(Organisation, organisation_id)
    last = last_day_due(session, organisation_id, today)
    counted = {
        "answers": _days(session, select(Response.day).where(_is_due(organisation_id, last))),
        "pairs": _days(session, _ended(organisation_id, today).with_only_columns(_FIRST)),
        "cards": _days(session, _old_cards(organisation_id, today)),
        "journal": organisation_retention.old_events(session, organisation, today),
        "invitations": organisation_retention.old_invitations(session, organisation_id, today),
        "accounts": organisation_retention.old_accounts(session, organisation, today),
    }
    above = {keeper.category: keeper.due(session, organisation_id, today) for keeper in keepers}
    return _parts({**counted, **above})


def purge(
    database: Database,
    organisation_id: UUID,
    today: date,
    keepers: Iterable[Keeper] = (),
    forget: Forget | None = None,
) -> list[Part]:
    """Delete what has been kept long enough; return what went, each with its proof written.

    It works in small transactions, so that people answer meanwhile; stopped in the middle, it
    goes on where it was the next time.
    """
    gone: Counter[tuple[str, str]] = Counter()
    steps = chain(
        # First: the pairs that go today are counted like the others.
        _forget_cards(database, organisation_id, today),
        _purge_answers(database, organisation_id, today),
        _purge_the_rest(database, organisation_id, today),
        *(_purge_above(database, organisation_id, today, one, forget) for one in keepers),
    )
    for counted in steps:
        gone.update(counted)
    return sorted(Part(*name, count) for name, count in gone.items())


def sweep(database: Database, keepers: Iterable[Keeper] = ()) -> None:
    """Leave no copy of what went, in the file of SQLite or in its log."""
    with database.writing() as session:
        texts.sweep(session.connection())
        if swept := [table for keeper in keepers for table in keeper.swept]:
            texts.sweep(session.connection(), *swept)
        session.info[ERASED] = True


def proofs(session: Session, organisation_id: UUID, at_most: int) -> list[Proof]:
    """Return the proofs of past purges, the latest first."""
    columns = (PurgeProof.category, PurgeProof.month, PurgeProof.count, PurgeProof.purged_on)
    query = (
        select(*columns)
        .where(PurgeProof.organisation_id == organisation_id)
        .order_by(PurgeProof.purged_on.desc(), PurgeProof.category, PurgeProof.month.desc())
        .limit(at_most)
    )
    return [Proof(*row) for row in session.execute(query)]


def _purge_answers(
    database: Database, organisation_id: UUID, today: date
) -> Iterator[Counter[tuple[str, str]]]:
    """Delete the answers that are due, some hundred at a time; pairs go whole."""
    with database.reading() as session:
        last = last_day_due(session, organisation_id, today)
        some = select(Response.id, Response.pair_id).where(_is_due(organisation_id, last))
        if session.execute(some.limit(1)).first() is None:
            return
    moved = AT_ONCE
    while moved == AT_ONCE:
        with database.writing() as session:
            moved = fold(session, organisation_id, at_most=AT_ONCE)
    while True:
        with database.writing() as session:
            found = session.execute(some.limit(BATCH)).all()
            if not found:
                return
            days = _purge_some(session, organisation_id, last, found)
            yield _prove(session, organisation_id, today, {"answers": _by_month(days)})


def _purge_some(session: Session, organisation_id: UUID, last: date, found: Any) -> list[date]:
    """Delete some answers and the whole pairs they belong to; return their days.

    Pairs are locked, then answers, then the rollups, as sending and erasing do: an answer that
    joins a pair meanwhile keeps it.
    """
    connection = session.connection()
    pair_ids = {one.pair_id for one in found if one.pair_id is not None}
    pairs.hold(connection, Pair.id.in_(pair_ids))
    ids = {one.id for one in found}
    ids |= set(session.scalars(select(Response.id).where(Response.pair_id.in_(pair_ids))))
    # By their ids alone: with the structure, SQLite would read every answer of its past.
    held = connection.execute(
        select(Response.id, Response.pair_id, Response.day)
        .where(Response.id.in_(ids), Response.day <= last, ~_has_later(last))
        .with_for_update()
    ).all()
    # What waits would be lost to the sums; almost all of it was folded before.
    fold(session, organisation_id)
    delete_answers(connection, organisation_id, [one.id for one in held], pair_ids)
    session.info[ERASED] = True
    return [one.day for one in held]


def _forget_cards(
    database: Database, organisation_id: UUID, today: date
) -> Iterator[Counter[tuple[str, str]]]:
    """Cut the link between a card and its answers once the linking window is over."""
    while True:
        with database.writing() as session:
            found = session.execute(_ended(organisation_id, today).limit(BATCH)).all()
            if not found:
                return
            pairs.hold(session.connection(), Pair.id.in_([one.id for one in found]))
            changed = [
                {"id": one.id, "card_hash": FORGOTTEN + secrets.token_hex(16)} for one in found
            ]
            session.execute(update(Pair), changed)
            session.info[ERASED] = True
            counted = {"pairs": _by_month(one.first for one in found)}
            yield _prove(session, organisation_id, today, counted)


def _purge_the_rest(
    database: Database, organisation_id: UUID, today: date
) -> Iterator[Counter[tuple[str, str]]]:
    """Delete old cards, old lines of the journal, expired invitations and closed accounts."""
    with database.writing() as session:
        organisation = session.get_one(Organisation, organisation_id)
        ended = _old_campaigns(organisation_id, today)
        cards = _days(session, _old_cards(organisation_id, today))
        session.execute(delete(Card).where(Card.campaign_id.in_(ended)))
        about_people = organisation_retention
        counted = {
            "cards": cards,
            "journal": about_people.purge_events(session, organisation, today),
            "invitations": about_people.purge_invitations(session, organisation_id, today),
            "accounts": about_people.forget_accounts(session, organisation, today),
        }
        if any(counted.values()):
            session.info[ERASED] = True
        yield _prove(session, organisation_id, today, counted)


def _purge_above(
    database: Database,
    organisation_id: UUID,
    today: date,
    keeper: Keeper,
    forget: Forget | None,
) -> Iterator[Counter[tuple[str, str]]]:
    """Delete what a room above keeps, some at a time; its files go after each commit."""
    while True:
        with database.writing() as session:
            taken = keeper.take(session, organisation_id, today, BATCH)
            if not taken.days:
                return
            session.info[ERASED] = True
            counted = {keeper.category: _by_month(taken.days)}
            proved = _prove(session, organisation_id, today, counted)
        if taken.files and forget is not None:
            forget(taken.files)
        yield proved


def _prove(
    session: Session, organisation_id: UUID, today: date, counted: Mapping[str, Mapping[str, int]]
) -> Counter[tuple[str, str]]:
    """Write what goes in this transaction, added to what went the same day."""
    gone: Counter[tuple[str, str]] = Counter()
    for category, month, count in _parts(counted):
        gone[category, month] = count
        proof = session.get(PurgeProof, (organisation_id, category, month, today))
        if proof is None:
            named = {"category": category, "month": month, "purged_on": today}
            session.execute(
                insert(PurgeProof), {"organisation_id": organisation_id, "count": count, **named}
            )
        else:
            proof.count += count
    session.flush()
    return gone


def _is_due(organisation_id: UUID, last: date) -> ColumnElement[bool]:
    """Return the condition that an answer, and every other answer of its pair, may go."""
    mine = (Response.organisation_id == organisation_id) & (Response.day <= last)
    return mine & ~_has_later(last)


def _has_later(last: date) -> Exists:
    """Return the condition that another answer of the pair is kept longer."""
    other = aliased(Response)
    return select(other.id).where(other.pair_id == Response.pair_id, other.day > last).exists()


#: The day of the first answer of a pair.
_FIRST = func.min(Response.day).label("first")


def _ended(organisation_id: UUID, today: date) -> Select[UUID, date]:
    """Return the pairs whose linking window is over and whose card is still known."""
    window_start = today - LINKING_WINDOW
    return (
        select(Pair.id, _FIRST)
        .join(Response, Response.pair_id == Pair.id)
        .where(Pair.organisation_id == organisation_id, ~Pair.card_hash.startswith(FORGOTTEN))
        .group_by(Pair.id)
        .having(window_start > _FIRST)
    )


def _old_campaigns(organisation_id: UUID, today: date) -> Select[UUID]:
    closing = func.coalesce(Campaign.closed_on, Campaign.ends_on)
    return select(Campaign.id).where(
        Campaign.organisation_id == organisation_id, closing < today - LINKING_WINDOW
    )


def _old_cards(organisation_id: UUID, today: date) -> Select[date]:
    ended = _old_campaigns(organisation_id, today)
    return (
        select(Campaign.ends_on)
        .join(Card, Card.campaign_id == Campaign.id)
        .where(Campaign.id.in_(ended))
    )


def _days(session: Session, query: Select[date]) -> Mapping[str, int]:
    return _by_month(session.scalars(query))


def _by_month(days: Iterable[date]) -> Counter[str]:
    return Counter(f"{day:%Y-%m}" for day in days)


def _parts(counted: Mapping[str, Mapping[str, int]]) -> list[Part]:
    return sorted(
        Part(category, month, count)
        for category, months in counted.items()
        for month, count in months.items()
    )
