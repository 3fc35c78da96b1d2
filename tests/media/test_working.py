"""What waits is converted once, whoever is stopped or killed meanwhile, and its original goes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from app.db import Database
from app.media import jobs, working, workshop
from app.media.ffmpeg import Stopped
from app.media.models import Job, MediaFile
from app.media.reception import FAILED, READY, WAITING, delete_files
from app.media.store import Store, new_key
from app.media.working import NO_FFMPEG, NO_ROOM, NOT_MADE, Worker, retry
from config import PROJECT
from tests.media.conftest import Send, find, picture


def held(store: Store) -> set[str]:
    """Return the keys under which something lies."""
    return {one.parent.name for one in store.folder.rglob("*") if one.is_file()}


@pytest.fixture
def worker(database: Database, tmp_path: Path) -> Worker:
    return Worker(database, tmp_path)


@pytest.fixture
def due_again(database: Database) -> Callable[[], None]:
    """Return what makes the waits and the leases be over."""

    def now() -> None:
        with database.writing() as session:
            past = jobs.universal_now() - timedelta(days=1)
            session.execute(update(Job).values(due_at=past))

    return now


def test_each_kind_is_made_ready(
    database: Database, store: Store, worker: Worker, samples: Path, send: Send
) -> None:
    sent = {
        send((samples / "voice.webm").read_bytes(), "audio"): ("audio/mp4", False),
        send((samples / "film.webm").read_bytes(), "video"): ("video/mp4", True),
        send(picture(), "image"): ("image/jpeg", True),
    }
    while worker.work_once():
        pass
    keys = set()
    for media_id, (content_type, has_poster) in sent.items():
        media = find(database, media_id)
        assert (media.state, media.content_type, media.problem) == (READY, content_type, "")
        assert (bool(media.poster), media.original) == (has_poster, "")
        keys |= {media.playable, media.poster} - {""}
    assert held(store) == keys  # the originals went
    with database.reading() as session:
        assert session.scalars(select(Job)).all() == []
    assert list((worker.data / workshop.FOLDER).iterdir()) == []


def test_without_ffmpeg_it_waits_and_says_so(
    database: Database, worker: Worker, samples: Path, send: Send,
    due_again: Callable[[], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:  # fmt: skip
    media_id = send((samples / "voice.webm").read_bytes(), "audio")
    with monkeypatch.context() as poor:
        poor.setenv("PATH", str(tmp_path))
        for _ in range(5):  # hours without it cost no attempt
            assert worker.work_once()
            assert not worker.work_once()
            due_again()
    media = find(database, media_id)
    assert (media.state, media.problem) == (WAITING, NO_FFMPEG)
    assert worker.work_once()
    media = find(database, media_id)
    assert (media.state, media.problem) == (READY, "")


def test_on_a_full_disk_it_waits_and_says_so(
    database: Database, store: Store, worker: Worker, send: Send,
    due_again: Callable[[], None], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    media_id = send(picture(), "image")
    before = held(store)
    with monkeypatch.context() as full:
        full.setattr("app.media.store.FLOOR", 1 << 60)
        assert worker.work_once()
    media = find(database, media_id)
    assert (media.state, media.problem, held(store)) == (WAITING, NO_ROOM, before)
    due_again()
    assert worker.work_once()
    assert find(database, media_id).state == READY


def test_what_fails_three_times_keeps_its_original_and_may_be_tried_again(
    database: Database, store: Store, worker: Worker, send: Send,
    due_again: Callable[[], None], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    media_id = send(picture(), "image")

    def breaks(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(working, "convert", breaks)
        for _ in range(3):
            assert find(database, media_id).state == WAITING
            assert worker.work_once()
            due_again()
        assert not worker.work_once()
    media = find(database, media_id)
    assert (media.state, media.problem, held(store)) == (FAILED, NOT_MADE, {media.original})
    with database.writing() as session:
        assert retry(session) == 1
    assert worker.work_once()
    assert find(database, media_id).state == READY


def test_what_is_erased_while_it_is_made_leaves_nothing(
    database: Database, store: Store, worker: Worker, long_film: bytes, send: Send,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(working, "RENEWED_EVERY", 0.0)
    ends: list[object] = []
    convert = working.convert

    def heard(*arguments: Any) -> object:
        try:
            ends.append(convert(*arguments))
        except Stopped as stopped:
            ends.append(stopped)
            raise
        return ends[-1]

    monkeypatch.setattr(working, "convert", heard)
    media_id = send(long_film, "video")
    thread = threading.Thread(target=worker.work_once)
    thread.start()
    _wait(lambda: any((worker.data / workshop.FOLDER).glob("*/film.mp4")))
    with database.writing() as session:
        keys = delete_files(session, [media_id])
    store.forget(*keys)
    thread.join()
    assert [type(end) for end in ends] == [Stopped]  # on the way, not at its end
    assert held(store) == set()
    assert list((worker.data / workshop.FOLDER).iterdir()) == []


def test_what_is_erased_just_before_it_is_kept_leaves_nothing(
    database: Database, store: Store, worker: Worker, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    media_id = send(picture(), "image")
    keep = working._keep

    def erased_first(session: object, *arguments: object) -> bool:
        store.forget(*delete_files(session, [media_id]))  # type: ignore[arg-type]
        return keep(session, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(working, "_keep", erased_first)
    assert worker.work_once()
    assert held(store) == set()


def test_a_stop_gives_the_work_back_at_once(
    database: Database, store: Store, worker: Worker, long_film: bytes, send: Send
) -> None:
    media_id = send(long_film, "video")
    thread = threading.Thread(target=worker.run)
    thread.start()
    _wait(lambda: any((worker.data / workshop.FOLDER).glob("*/film.mp4")))
    worker.stop.set()
    thread.join()
    media = find(database, media_id)
    assert (media.state, held(store)) == (WAITING, {media.original})  # not ready: not at its end
    with database.reading() as session:
        job = session.scalars(select(Job)).one()
        assert (job.claim, job.attempts) == (None, 0)
        assert job.due_at <= jobs.universal_now()


def test_a_killed_worker_loses_nothing_and_leaves_nothing(
    database: Database, database_url: str, store: Store, worker: Worker, long_film: bytes,
    send: Send, due_again: Callable[[], None], tmp_path: Path,
) -> None:  # fmt: skip
    media_id = send(long_film, "video")
    command = _work(tmp_path, database_url)
    _wait(lambda: any((tmp_path / workshop.FOLDER).glob("*/film.mp4")))
    os.kill(command.pid, signal.SIGKILL)
    command.communicate()
    assert find(database, media_id).state == WAITING
    assert not worker.work_once()  # its lease is not over
    due_again()
    assert worker.work_once()
    assert find(database, media_id).state == READY
    assert len(held(store)) == 2
    worker.upkeep()
    assert list((tmp_path / workshop.FOLDER).iterdir()) == []


def test_two_processes_make_each_file_once(
    database: Database, database_url: str, store: Store, send: Send, tmp_path: Path
) -> None:
    sent = [send(picture(size=(1_000 + one, 800)), "image") for one in range(12)]
    commands = [_work(tmp_path, database_url, "--once") for _ in range(2)]
    told = [line for one in commands for line in _told(one).splitlines()]
    assert sorted(told) == sorted(f"{one} · image · ready" for one in sent)
    assert len(held(store)) == 24


def test_the_work_ends_at_a_sigterm(database: Database, database_url: str, tmp_path: Path) -> None:
    command = _work(tmp_path, database_url)
    assert command.stderr is not None
    assert "convertit" in command.stderr.readline()
    command.terminate()
    _told(command)


def test_a_folder_in_use_is_not_cleared(tmp_path: Path) -> None:
    with workshop.workbench(tmp_path) as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
        assert workshop.clear_abandoned(tmp_path) == 0
        assert folder.exists()
    assert not folder.exists()
    (tmp_path / workshop.FOLDER / "left").mkdir()
    (tmp_path / workshop.FOLDER / "left" / "lock").write_text("")
    (tmp_path / workshop.FOLDER / "left" / "original").write_text("")
    assert workshop.clear_abandoned(tmp_path) == 1
    assert list((tmp_path / workshop.FOLDER).iterdir()) == []


def test_upkeep_sweeps_what_nothing_names(
    database: Database, store: Store, worker: Worker, send: Send
) -> None:
    send(picture(), "image")
    named = held(store)
    orphan = new_key()
    store.put(orphan, b"left behind")
    folder = store.folder / orphan[:2] / orphan
    for one in (*folder.iterdir(), folder):
        os.utime(one, (1, 1))
    worker.upkeep()
    assert held(store) == named


def test_work_of_another_kind_or_about_nothing_ends(
    database: Database, store: Store, worker: Worker, send: Send, due_again: Callable[[], None]
) -> None:
    ready, other = send(picture(), "image"), send(picture(), "image")
    with database.writing() as session:
        session.get_one(MediaFile, ready).state = READY
        session.execute(update(Job).where(Job.subject_id == other).values(kind="other"))
        jobs.ask(session, jobs.CONVERT, UUID(int=5))
    before = held(store)
    due_again()  # long since: whether it is due never hangs on the clock between two looks
    assert [worker.work_once() for _ in range(4)] == [True, True, True, False]
    with database.reading() as session:
        assert session.scalars(select(Job)).all() == []
    assert (find(database, other).state, held(store)) == (WAITING, before)


def _work(data: Path, url: str, *options: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "RECUEIL_DATA": str(data), "DATABASE_URL": url}
    return subprocess.Popen(
        [Path(sys.executable).with_name("recueil"), "work", *options],
        env=environment, cwd=PROJECT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def _told(command: subprocess.Popen[str]) -> str:
    told, said = command.communicate(timeout=120)
    assert command.returncode == 0, said
    return told


def _wait(is_there: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not is_there():
        assert time.monotonic() < until
        time.sleep(0.02)
