"""Write answers, and erase them: each with everything derived from it, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID, uuid4

from sqlalchemy import bindparam, delete, insert, or_, select, tuple_

from app.campaigns.codes import card_hash
from app.db import ERASED, insert_or_skip, table_of
from app.responses import pairs, receipts, texts, tombstones
from app.responses.deletion import delete_answers
from app.responses.models import (
    Pair,
    PairScore,
    Receipt,
    Response,
    ResponseText,
    Score,
    Tombstone,
    Unrolled,
)
from app.responses.rollups import unroll
from app.responses.scores import Member, score_rows
from app.responses.submission import AlreadyRecorded, Outcome, Submission, UnknownCard

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from sqlalchemy.engine import Connection
    from sqlalchemy.orm import Session

    from config import Keys

#: Rows by table.
Parts: TypeAlias = dict[Any, list[dict[str, Any]]]
#: The hash of each card, by campaign and code.
Digests: TypeAlias = "Mapping[UUID, Mapping[str, str]]"

#: Prepared once: the road of an answer is measured in tenths of a millisecond.
_INSERT = {
    table: insert(table_of(table)).inline()
    for table in (Response, ResponseText, Receipt, Score, Unrolled)
}

_TOMBSTONE = select(Tombstone.response_id).where(
    Tombstone.link_id == bindparam("link_id"), Tombstone.idempotency_key == bindparam("key")
)


def record(session: Session, keys: Keys, submission: Submission) -> Outcome:
    """Record one answer, once, however many times it is sent.

    Raise UnknownCard, before anything is written, when its card was not printed for the campaign.
    """
    connection = session.connection()
    digests = _digests(keys, [submission])
    _refuse_unknown_cards(connection, digests, [submission])
    row = _row(keys, submission)
    statement = insert_or_skip(connection.dialect.name, Response)
    if connection.execute(statement, row).rowcount == 0:
        return _already(connection, keys, submission, row["content"])
    # Looked for after the insert: one that waited for an erasure to end sees its tombstone.
    if _is_erased(connection, submission):
        connection.execute(delete(Response).where(Response.id == row["id"]))
        return Outcome("erased")
    code = receipts.receipt_code(keys, submission.link.id, submission.key)
    _write_parts(connection, _parts(keys, [(row["id"], submission)]))
    _join(connection, digests, [(row["id"], submission)])
    return Outcome("recorded", receipts.show(code), row["id"])


def record_many(session: Session, keys: Keys, submissions: Sequence[Submission]) -> None:
    """Record new answers together: all of them, or none; see `record_prepared`."""
    record_prepared(session, prepare(keys, submissions))


@dataclass(frozen=True, slots=True)
class Prepared:
    """Be new answers whose rows are made: scored, encrypted, hashed, and not written yet."""

    rows: list[dict[str, Any]]
    parts: Parts
    digests: Digests
    written: list[tuple[UUID, Submission]]


def prepare(keys: Keys, submissions: Sequence[Submission]) -> Prepared:
    """Do all that recording answers asks of no database: it is what takes long."""
    rows = [_row(keys, submission) for submission in submissions]
    written = [(row["id"], each) for row, each in zip(rows, submissions, strict=True)]
    return Prepared(rows, _parts(keys, written), _digests(keys, submissions), written)


def record_prepared(session: Session, prepared: Prepared) -> None:
    """Write new answers together: all of them, or none.

    Raise AlreadyRecorded or UnknownCard, before anything is written, when one cannot be.
    """
    connection, written = session.connection(), prepared.written
    submissions = [each for _, each in written]
    _refuse_known(connection, submissions)
    _refuse_unknown_cards(connection, prepared.digests, submissions)
    if not written:
        return
    connection.execute(_INSERT[Response], prepared.rows)
    _write_parts(connection, prepared.parts)
    _join(connection, prepared.digests, written)


def erase(session: Session, folder: Path, response_id: UUID, today: date) -> bool:
    """Erase one answer and all that came of it; return False when there is none.

    What remains is a tombstone, in the database and in a file of `folder`, written for good
    before the caller can commit: neither a retry nor a backup brings the answer back.
    """
    connection = session.connection()
    row = _hold(connection, response_id)
    if row is None:
        return False
    its_pair_scores = or_(
        PairScore.response_id == response_id,
        (PairScore.pair_id == row.pair_id) & (PairScore.from_wave == row.wave),
    )
    counted = select(PairScore.response_id).where(its_pair_scores)
    touched = {response_id, *connection.execute(counted).scalars()}
    unroll(connection, row.organisation_id, touched)
    connection.execute(delete(PairScore).where(its_pair_scores))
    its_pair = [row.pair_id] if row.pair_id else []
    if delete_answers(connection, row.organisation_id, [response_id], its_pair):
        texts.sweep(connection)
    grave = tombstones.Grave(response_id, row.link_id, row.idempotency_key, today)
    connection.execute(insert(Tombstone), grave._asdict())
    tombstones.append(folder, grave)
    session.info[ERASED] = True
    return True


def _row(keys: Keys, submission: Submission) -> dict[str, Any]:
    link = submission.link
    return {
        "id": uuid4(),
        "organisation_id": link.organisation_id,
        "link_id": link.id,
        "wave": link.wave,
        "idempotency_key": submission.key,
        "content": submission.content(keys),
        "day": submission.day,
        "version": submission.questionnaire.version,
        "language": submission.language,
        "translation": submission.translation,
        "mode": submission.mode,
        "late": submission.late,
        "card_reused": False,
        "pair_id": None,
        "answers": dict(submission.answers),
        "commented": bool(submission.texts),
    }


def _parts(keys: Keys, written: Iterable[tuple[UUID, Submission]]) -> Parts:
    """Return all that hangs on new responses: texts, receipts, scores, and their turn to fold."""
    parts: Parts = {table: [] for table in (ResponseText, Receipt, Score, Unrolled)}
    for response_id, each in written:
        link = each.link
        code = receipts.receipt_code(keys, link.id, each.key)
        parts[ResponseText].extend(
            {
                "response_id": response_id,
                "item": item,
                "ciphertext": texts.encrypt(keys, response_id, item, text),
            }
            for item, text in each.texts.items()
        )
        parts[Receipt].append(
            {"code_hash": receipts.code_hash(keys, code), "response_id": response_id}
        )
        parts[Score].extend(
            score_rows(each.plan, link.wave, response_id, each.answers, each.mode, each.unreviewed)
        )
        parts[Unrolled].append(
            {"response_id": response_id, "organisation_id": link.organisation_id}
        )
    return parts


def _write_parts(connection: Connection, parts: Parts) -> None:
    for table, rows in parts.items():
        if rows:
            connection.execute(_INSERT[table], rows)


def _already(connection: Connection, keys: Keys, submission: Submission, content: str) -> Outcome:
    """Tell a retry from another answer under the same key."""
    query = select(Response.content).where(
        Response.link_id == submission.link.id, Response.idempotency_key == submission.key
    )
    found = connection.execute(query).scalar()
    if found is None:  # erased since the insert found it
        return Outcome("erased")
    if found != content:
        return Outcome("conflict")
    code = receipts.receipt_code(keys, submission.link.id, submission.key)
    return Outcome("repeated", receipts.show(code))


def _is_erased(connection: Connection, submission: Submission) -> bool:
    sent = {"link_id": submission.link.id, "key": submission.key}
    return connection.execute(_TOMBSTONE, sent).first() is not None


def _refuse_known(connection: Connection, submissions: Sequence[Submission]) -> None:
    sent = [(each.link.id, each.key) for each in submissions]
    for table in (Response, Tombstone):
        same = tuple_(table.link_id, table.idempotency_key).in_(sent)
        if connection.execute(select(table.link_id).where(same).limit(1)).first():
            raise AlreadyRecorded


def _digests(keys: Keys, submissions: Iterable[Submission]) -> Digests:
    """Return the hash of each card, by campaign and code."""
    digests: dict[UUID, dict[str, str]] = {}
    for each in submissions:
        if each.card is not None:
            known = digests.setdefault(each.link.campaign_id, {})
            if each.card not in known:
                known[each.card] = card_hash(keys, each.link.campaign_id, each.card)
    return digests


def _refuse_unknown_cards(
    connection: Connection, digests: Digests, submissions: Iterable[Submission]
) -> None:
    """Raise UnknownCard where a card was never printed, and no table vouches for it."""
    to_check: dict[UUID, set[str]] = {}
    for each in submissions:
        if each.card is not None and not each.vouched:
            campaign_id = each.link.campaign_id
            to_check.setdefault(campaign_id, set()).add(digests[campaign_id][each.card])
    for campaign_id, hashes in to_check.items():
        if not pairs.all_issued(connection, campaign_id, hashes):
            raise UnknownCard


def _join(
    connection: Connection,
    digests: Digests,
    written: Iterable[tuple[UUID, Submission]],
) -> None:
    joining: dict[UUID, list[pairs.Joining]] = {campaign_id: [] for campaign_id in digests}
    campaigns: dict[UUID, Submission] = {}
    for response_id, each in written:
        if each.card is None:
            continue
        link = each.link
        digest = digests[link.campaign_id][each.card]
        member = Member(response_id, link.wave, each.answers)
        joining[link.campaign_id].append(pairs.Joining(digest, member))
        campaigns[link.campaign_id] = each
    for campaign_id, new in joining.items():
        one = campaigns[campaign_id]
        pairs.join(connection, one.link.campaign, one.plan, new)


def _hold(connection: Connection, response_id: UUID) -> Any:
    """Lock the pair, then the response: the order in which a new answer takes them."""
    pair_id = connection.execute(
        select(Response.pair_id).where(Response.id == response_id)
    ).scalar()
    if pair_id is not None:
        pairs.hold(connection, Pair.id == pair_id)
    columns = (
        Response.organisation_id,
        Response.link_id,
        Response.idempotency_key,
        Response.wave,
        Response.pair_id,
    )
    return connection.execute(
        select(*columns).where(Response.id == response_id).with_for_update()
    ).one_or_none()
