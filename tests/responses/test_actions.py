"""An answer is recorded once, whole, whatever is sent again; erased, nothing of it remains."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text

from app.campaigns.actions import issue_cards
from app.campaigns.models import Campaign, Link
from app.db import Base, Database
from app.responses import receipts, tombstones
from app.responses.actions import erase, record, record_many
from app.responses.models import (
    Pair,
    Receipt,
    Response,
    ResponseText,
    Score,
    Tombstone,
    Unrolled,
)
from app.responses.queries import by_receipt, texts_of
from app.responses.rollups import fold
from app.responses.submission import AlreadyRecorded, Outcome, UnknownCard
from config import Keys
from tests.rebuilding import differences
from tests.responses.conftest import DAY, Sender


def test_an_answer_is_recorded_with_all_that_hangs_on_it(
    database: Database, keys: Keys, sender: Sender, link: Link
) -> None:
    submission = sender.build(link, texts={"mot": "- Merci 🙏🏽"}, late=True)
    outcome = sender.record(submission)
    assert outcome.kind == "recorded"
    with database.reading() as session:
        stored = by_receipt(session, keys, outcome.receipt or "")
        assert stored is not None
        assert stored.answers == submission.answers
        assert (stored.day, stored.wave, stored.late) == (DAY, link.wave, True)
        assert stored.organisation_id == link.organisation_id
        assert stored.mode == submission.answers.get("mode")
        assert texts_of(session, keys, [stored.id]) == {stored.id: {"mot": "- Merci 🙏🏽"}}
        assert session.scalar(select(Unrolled.response_id)) == stored.id
        assert differences(session) == []


def test_the_same_form_sent_again_is_one_answer_with_one_receipt(
    database: Database, sender: Sender, link: Link
) -> None:
    submission = sender.build(link, texts={"mot": "Merci"})
    first, again = sender.record(submission), sender.record(submission)
    assert (first.kind, again.kind) == ("recorded", "repeated")
    assert first.receipt == again.receipt
    assert _count(database, Response) == _count(database, Receipt) == 1


@pytest.mark.parametrize("changed", [{"texts": {"mot": "Autre"}}, {"answers": {"sat1": 0}}])
def test_another_answer_under_the_same_key_is_a_conflict_and_writes_nothing(
    database: Database, sender: Sender, link: Link, changed: dict[str, object]
) -> None:
    submission = sender.build(link, answers={"sat1": 3}, texts={"mot": "Merci"})
    sender.record(submission)
    outcome = sender.record(replace(submission, **changed))
    assert outcome == Outcome("conflict")
    assert _count(database, Response) == 1


def test_the_same_key_on_another_link_is_another_answer(
    database: Database, sender: Sender, waves: dict[str, Link]
) -> None:
    for link in waves.values():
        assert sender.send(link, key="the same key for all").kind == "recorded"
    assert _count(database, Response) == len(waves)


def test_fifty_threads_with_one_key_make_one_row(
    database: Database, sender: Sender, link: Link
) -> None:
    submission = sender.build(link, texts={"mot": "Merci"})
    outcomes: list[Outcome] = []
    together = threading.Barrier(50)

    def post() -> None:
        together.wait()
        outcomes.append(sender.record(submission))

    _run([post] * 50)
    assert Counter(outcome.kind for outcome in outcomes) == {"recorded": 1, "repeated": 49}
    assert len({outcome.receipt for outcome in outcomes}) == 1
    assert _count(database, Response) == 1


def test_two_contents_racing_under_one_key_make_one_row_and_conflicts(
    database: Database, sender: Sender, link: Link
) -> None:
    first = sender.build(link, answers={"sat1": 3})
    rivals = [first, replace(first, answers={"sat1": 0})] * 8
    outcomes: list[Outcome] = []
    _run([lambda one=one: outcomes.append(sender.record(one)) for one in rivals])  # type: ignore[misc]
    kinds = Counter(outcome.kind for outcome in outcomes)
    assert kinds == {"recorded": 1, "repeated": 7, "conflict": 8}
    assert _count(database, Response) == 1


def test_a_card_that_was_not_printed_is_refused_before_anything_is_written(
    database: Database, keys: Keys, waves: dict[str, Link], sender: Sender
) -> None:
    with database.writing() as session, pytest.raises(UnknownCard):
        record(session, keys, sender.build(waves["entree"], card="AAAA2222"))
    assert _count(database, Response) == _count(database, Pair) == 0


def test_erasing_takes_the_answer_out_of_everything(
    database: Database, keys: Keys, sender: Sender, link: Link, tmp_path: Path
) -> None:
    for _ in range(3):
        sender.send(link)
    erased = sender.build(link, texts={"mot": "Merci"})
    receipt = sender.record(erased).receipt or ""
    with database.writing() as session:
        fold(session, link.organisation_id)
    response_id = _erase_by(database, keys, receipt, tmp_path)
    with database.reading() as session:
        assert by_receipt(session, keys, receipt) is None
        assert differences(session) == []
        for table in (ResponseText, Receipt, Score, Unrolled):
            mine = select(func.count()).where(table.response_id == response_id)
            assert session.scalar(mine) == 0
        stone = session.scalars(select(Tombstone)).one()
    grave = tombstones.Grave(response_id, link.id, erased.key, DAY)
    kept = (stone.response_id, stone.link_id, stone.idempotency_key, stone.erased_on)
    assert kept == grave
    assert tombstones.read(tmp_path) == [grave]
    assert _count(database, Response) == 3


def test_a_retry_of_an_erased_answer_says_so_and_writes_nothing(
    database: Database, keys: Keys, sender: Sender, link: Link, tmp_path: Path
) -> None:
    submission = sender.build(link)
    _erase_by(database, keys, sender.record(submission).receipt or "", tmp_path)
    assert sender.record(submission) == Outcome("erased")
    assert sender.record(replace(submission, answers={"sat1": 0})) == Outcome("erased")
    assert _count(database, Response) == _count(database, Score) == 0


def test_erasing_what_is_not_there_changes_nothing(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        assert not erase(session, tmp_path, uuid4(), DAY)
    assert tombstones.read(tmp_path) == []


def test_erasing_twice_at_once_erases_once(
    database: Database, keys: Keys, sender: Sender, link: Link, tmp_path: Path
) -> None:
    receipt = sender.send(link).receipt or ""
    with database.reading() as session:
        found = by_receipt(session, keys, receipt)
        assert found is not None
    results: list[bool] = []

    def erase_it() -> None:
        with database.writing() as session:
            results.append(erase(session, tmp_path, found.id, DAY))

    _run([erase_it] * 4)
    assert sorted(results) == [False, False, False, True]
    assert len(tombstones.read(tmp_path)) == 1


def test_no_trace_of_an_erased_answer_stays_on_the_disk(
    database: Database,
    sqlite_file: Path,
    keys: Keys,
    sender: Sender,
    link: Link,
    tmp_path: Path,
) -> None:
    submissions = [
        sender.build(link, texts={"mot": f"Témoignage numéro {number} " * 20})
        for number in range(200)
    ]
    receipts_of = [sender.record(one).receipt or "" for one in submissions]
    sealed: dict[str, bytes] = {}
    with database.reading() as session:
        for receipt in receipts_of[::3]:
            found = by_receipt(session, keys, receipt)
            assert found is not None
            mine = select(ResponseText.ciphertext).where(ResponseText.response_id == found.id)
            sealed[receipt] = session.scalars(mine).one()
    for receipt in sealed:
        _erase_by(database, keys, receipt, tmp_path)
    files = list(sqlite_file.parent.glob(f"{sqlite_file.name}*"))
    stored = b"".join(path.read_bytes() for path in files)
    assert [receipt for receipt, blob in sealed.items() if blob[:40] in stored] == []
    assert b"moignage num" not in stored
    digests = [receipts.code_hash(keys, receipts.normalise(one) or "") for one in sealed]
    assert [digest for digest in digests if digest.encode() in stored] == []


def test_a_batch_is_recorded_like_as_many_single_answers(
    database: Database, keys: Keys, sender: Sender, progres: Campaign, waves: dict[str, Link]
) -> None:
    with database.writing() as session:
        cards = issue_cards(session, keys, progres, 30)
    submissions = [
        sender.build(waves[wave], card=card, texts={"mot": f"{wave} {card}"})
        for card in cards
        for wave in ("sortie", "entree", "suivi", "entree")
    ]
    with database.writing() as session:
        record_many(session, keys, submissions)
    with database.reading() as session:
        assert differences(session) == []
        assert session.scalar(select(func.count()).where(Response.card_reused)) == 30
        assert session.scalar(select(func.count()).select_from(Pair)) == 30
        texts = texts_of(session, keys, list(session.scalars(select(Response.id))))
    assert len(texts) == 120
    assert all(len(said) == 1 for said in texts.values())


def test_a_batch_with_a_known_or_erased_answer_writes_nothing(
    database: Database, keys: Keys, sender: Sender, link: Link, tmp_path: Path
) -> None:
    known = sender.build(link)
    receipt = sender.record(known).receipt or ""
    with database.writing() as session, pytest.raises(AlreadyRecorded):
        record_many(session, keys, [sender.build(link), known])
    assert _count(database, Response) == 1
    _erase_by(database, keys, receipt, tmp_path)
    with database.writing() as session, pytest.raises(AlreadyRecorded):
        record_many(session, keys, [sender.build(link), known])
    assert _count(database, Response) == 0


def test_nothing_stored_tells_the_hour_or_the_order(
    database: Database, sender: Sender, link: Link
) -> None:
    for _ in range(3):
        sender.send(link)
    with database.reading() as session:
        columns = {column.name: column.type for column in Response.__table__.columns}
        assert not [name for name, kind in columns.items() if "TIME" in str(kind).upper()]
        if database.is_sqlite:
            with pytest.raises(Exception, match="rowid"):
                session.execute(text("SELECT rowid FROM response"))


def _erase_by(database: Database, keys: Keys, receipt: str, folder: Path) -> UUID:
    with database.writing() as session:
        found = by_receipt(session, keys, receipt)
        assert found is not None
        assert erase(session, folder, found.id, date(2026, 3, 10))
        return found.id


def _count(database: Database, table: type[Base]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def _run(jobs: list[object]) -> None:
    failures: list[BaseException] = []

    def guard(job: object) -> None:
        try:
            job()  # type: ignore[operator]
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=guard, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
