"""A file comes in chunks: each counts once, in its order, whatever is sent again or at once."""

from __future__ import annotations

import os
import threading
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app.db import Database
from app.media.limits import CHUNK
from app.media.models import Job, MediaFile
from app.media.reception import (
    FAILED,
    GIVEN_UP,
    RECEIVING,
    WAITING,
    Gone,
    StoreFull,
    TooLarge,
    WrongOffset,
    delete_files,
    finish,
    give_up,
    open_file,
    receive,
)
from app.media.store import Store
from app.organisations.models import Organisation
from tests.media.conftest import DAY, find

HEAD = b"OggS"
CONTENT = HEAD + os.urandom(CHUNK * 2 + 1_000)
CHUNKS = [(at, CONTENT[at : at + CHUNK]) for at in range(0, len(CONTENT), CHUNK)]


@pytest.fixture
def media_id(database: Database, organisation: Organisation) -> UUID:
    with database.writing() as session:
        return open_file(session, organisation.id, "audio", len(CONTENT), DAY).id


def test_it_comes_whole(database: Database, store: Store, media_id: UUID) -> None:
    here = [receive(database, store, media_id, at, chunk) for at, chunk in CHUNKS]
    assert here == [CHUNK, 2 * CHUNK, len(CONTENT)]
    with database.writing() as session:
        assert finish(session, store, media_id).state == WAITING
    with database.writing() as session:  # said again
        assert finish(session, store, media_id).state == WAITING
    assert b"".join(store.read(find(database, media_id).original)) == CONTENT
    with database.reading() as session:
        assert [job.subject_id for job in session.scalars(select(Job))] == [media_id]


def test_what_breaks_resumes_where_it_stopped(
    database: Database, store: Store, media_id: UUID
) -> None:
    receive(database, store, media_id, *CHUNKS[0])
    for wrong in (0, 5, CHUNK - 1, CHUNK + 1, 2 * CHUNK):
        with pytest.raises(WrongOffset) as caught:
            receive(database, store, media_id, wrong, CHUNKS[1][1])
        assert caught.value.size == CHUNK
    with pytest.raises(WrongOffset), database.writing() as session:
        finish(session, store, media_id)
    for at, chunk in CHUNKS[1:]:
        receive(database, store, media_id, at, chunk)
    assert b"".join(store.read(find(database, media_id).original)) == CONTENT


def test_the_same_chunk_sent_at_once_counts_once(
    database: Database, store: Store, media_id: UUID
) -> None:
    for at, chunk in CHUNKS:
        told: list[int] = []

        def send(at: int = at, chunk: bytes = chunk, told: list[int] = told) -> None:
            try:
                told.append(receive(database, store, media_id, at, chunk))
            except WrongOffset as error:
                told.append(error.size)

        threads = [threading.Thread(target=send) for _ in range(8)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert told == [at + len(chunk)] * 8
    assert b"".join(store.read(find(database, media_id).original)) == CONTENT
    assert find(database, media_id).size == len(CONTENT)


@pytest.mark.parametrize("chunk", [b"", HEAD + bytes(CHUNK)])
def test_a_chunk_has_a_size(database: Database, store: Store, media_id: UUID, chunk: bytes) -> None:
    with pytest.raises(TooLarge):
        receive(database, store, media_id, 0, chunk)


def test_after_its_end_nothing_is_added(database: Database, store: Store, media_id: UUID) -> None:
    for at, chunk in CHUNKS:
        receive(database, store, media_id, at, chunk)
    with database.writing() as session:
        finish(session, store, media_id)
    with pytest.raises(WrongOffset):
        receive(database, store, media_id, len(CONTENT), b"more")
    with pytest.raises(WrongOffset):
        receive(database, store, media_id, 0, b"other")
    assert b"".join(store.read(find(database, media_id).original)) == CONTENT


def test_what_was_erased_takes_nothing(database: Database, store: Store, media_id: UUID) -> None:
    receive(database, store, media_id, *CHUNKS[0])
    with database.writing() as session:
        keys = delete_files(session, [media_id])
    store.forget(*keys)
    for unknown in (media_id, uuid4()):
        with pytest.raises(Gone):
            receive(database, store, unknown, *CHUNKS[1])
        with pytest.raises(Gone), database.writing() as session:
            finish(session, store, unknown)
    assert not [one for one in store.folder.rglob("*") if one.is_file()]


def test_what_is_erased_while_it_comes_leaves_nothing(
    database: Database, store: Store, media_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = store.put

    def put_then_erased(*arguments: object) -> None:
        put(*arguments)  # type: ignore[arg-type]
        with database.writing() as session:
            keys = delete_files(session, [media_id])
        store.forget(*keys)
        put(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "put", put_then_erased)
    with pytest.raises(Gone):
        receive(database, store, media_id, *CHUNKS[0])
    assert not [one for one in store.folder.rglob("*") if one.is_file()]


def test_a_full_disk_loses_nothing(
    database: Database, store: Store, media_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive(database, store, media_id, *CHUNKS[0])
    with monkeypatch.context() as patched:
        patched.setattr("app.media.store.FLOOR", 1 << 60)
        with pytest.raises(StoreFull):
            receive(database, store, media_id, *CHUNKS[1])
    assert receive(database, store, media_id, *CHUNKS[1]) == 2 * CHUNK


def test_what_stopped_coming_is_given_up_after_two_days(
    database: Database, store: Store, media_id: UUID
) -> None:
    receive(database, store, media_id, *CHUNKS[0])
    for days, given_up in ((2, 0), (3, 1), (4, 0)):
        with database.writing() as session:
            keys = give_up(session, DAY + timedelta(days=days))
        store.forget(*keys)
        assert len(keys) == given_up
        assert find(database, media_id).state == (RECEIVING if days == 2 else FAILED)
    assert find(database, media_id).problem == GIVEN_UP
    assert not [one for one in store.folder.rglob("*") if one.is_file()]


def test_erasing_takes_all_its_keys_and_its_work(database: Database, media_id: UUID) -> None:
    with database.writing() as session:
        media = session.get_one(MediaFile, media_id)
        original, media.playable, media.poster = media.original, "p" * 32, "q" * 32
        assert delete_files(session, [media_id, uuid4()]) == [original, "p" * 32, "q" * 32]
    with database.reading() as session:
        assert session.scalars(select(MediaFile)).all() == []
        assert session.scalars(select(Job)).all() == []
