"""A piece of work is claimed once, kept while it is worked at, and never lost."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from app.db import Database
from app.media import jobs
from app.media.models import Job

#: In universal time, as jobs write it.
NOW = datetime(2026, 11, 22, 10)  # noqa: DTZ001
SUBJECTS = [UUID(int=number) for number in range(1, 31)]


def ask(database: Database, *subjects: UUID, due_at: datetime = NOW) -> None:
    with database.writing() as session:
        for one in subjects:
            jobs.ask(session, jobs.CONVERT, one, due_at)


def claim(database: Database, now: datetime = NOW) -> jobs.Claimed | None:
    with database.writing() as session:
        return jobs.claim(session, now)


def must_claim(database: Database, now: datetime = NOW) -> jobs.Claimed:
    claimed = claim(database, now)
    assert claimed is not None
    return claimed


def test_it_is_asked_once(database: Database) -> None:
    ask(database, SUBJECTS[0])
    ask(database, SUBJECTS[0])
    with database.reading() as session:
        assert len(session.scalars(select(Job)).all()) == 1
        assert jobs.is_due(session, NOW)
        assert not jobs.is_due(session, NOW - timedelta(seconds=1))


def test_many_workers_share_and_none_takes_what_another_has(database: Database) -> None:
    ask(database, *SUBJECTS)
    taken: list[UUID] = []

    def work() -> None:
        while claimed := claim(database):
            taken.append(claimed.subject_id)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(taken) == sorted(SUBJECTS)


def test_the_one_that_waited_longest_comes_first(database: Database) -> None:
    ask(database, SUBJECTS[0], due_at=NOW - timedelta(minutes=1))
    ask(database, SUBJECTS[1], due_at=NOW - timedelta(minutes=5))
    ask(database, SUBJECTS[2], due_at=NOW + timedelta(seconds=1))
    taken = [claim(database) for _ in range(3)]
    assert [one and one.subject_id for one in taken] == [SUBJECTS[1], SUBJECTS[0], None]


def test_what_a_dead_worker_had_is_taken_again_when_its_lease_ends(database: Database) -> None:
    ask(database, SUBJECTS[0])
    dead = must_claim(database)
    assert claim(database, NOW + jobs.LEASE - timedelta(seconds=1)) is None
    second = must_claim(database, NOW + jobs.LEASE)
    assert (second.subject_id, second.attempts) == (SUBJECTS[0], 2)
    with database.writing() as session:  # the dead one was only asleep: it may end nothing
        assert not jobs.renew(session, dead, NOW)
        assert not jobs.done(session, dead)
        jobs.put_off(session, dead, NOW)
        jobs.fail(session, dead, NOW)
    assert claim(database, NOW + jobs.LEASE) is None
    with database.writing() as session:
        assert jobs.done(session, second)
        assert not jobs.done(session, second)


def test_a_lease_that_is_renewed_goes_on(database: Database) -> None:
    ask(database, SUBJECTS[0])
    claimed = must_claim(database)
    with database.writing() as session:
        assert jobs.renew(session, claimed, NOW + timedelta(minutes=2))
    assert claim(database, NOW + jobs.LEASE) is None
    assert claim(database, NOW + timedelta(minutes=2) + jobs.LEASE) is not None


def test_a_failure_waits_longer_and_longer_then_ends(database: Database) -> None:
    ask(database, SUBJECTS[0])
    now = NOW
    for delay in jobs.DELAYS:
        claimed = must_claim(database, now)
        with database.writing() as session:
            assert jobs.fail(session, claimed, now)
        assert claim(database, now + delay - timedelta(seconds=1)) is None
        now += delay
    claimed = must_claim(database, now)
    with database.writing() as session:
        assert not jobs.fail(session, claimed, now)
    with database.reading() as session:
        assert session.scalars(select(Job)).all() == []


def test_what_lacks_something_of_ours_costs_no_attempt(database: Database) -> None:
    ask(database, SUBJECTS[0])
    for hours in range(10):
        now = NOW + timedelta(hours=hours)
        claimed = must_claim(database, now)
        assert (claimed.attempts, claimed.is_hopeless) == (1, False)
        with database.writing() as session:
            jobs.put_off(session, claimed, now + timedelta(hours=1))
        assert claim(database, now) is None


def test_what_kills_each_worker_is_hopeless_at_last(database: Database) -> None:
    ask(database, SUBJECTS[0])
    for attempt in range(1, 5):
        claimed = must_claim(database, NOW + attempt * jobs.LEASE)
        assert claimed.is_hopeless == (attempt == 4)


def test_what_is_going_is_asked_no_more(database: Database) -> None:
    ask(database, *SUBJECTS[:3])
    with database.writing() as session:
        jobs.forget(session, [SUBJECTS[0], SUBJECTS[2], uuid4()])
    assert must_claim(database).subject_id == SUBJECTS[1]
    assert claim(database) is None
