"""On SQLite the server converts by itself, and stops when it is told to."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from app.db import Database
from app.media import workshop
from app.media.models import Job
from app.media.reception import READY, WAITING
from app.media.store import Store
from config import PROJECT
from tests.media.conftest import Send, find, picture
from tests.ports import free_port


@pytest.mark.usefixtures("sqlite_file")
def test_the_server_converts_what_comes_and_stops_when_told_to(
    database: Database, database_url: str, store: Store, samples: Path, send: Send, tmp_path: Path
) -> None:
    waiting = send((samples / "voice.webm").read_bytes(), "audio")
    with _serving(database_url, tmp_path) as server:
        try:
            _wait_ready(database, waiting)
            _wait_ready(database, send(picture(), "image"))  # and what comes later
        finally:
            server.terminate()
            code = server.wait(60)
    assert code == 0


@pytest.mark.usefixtures("sqlite_file")
def test_it_stops_in_time_while_a_film_is_made_and_gives_it_back(
    database: Database, database_url: str, long_film: bytes, send: Send, tmp_path: Path
) -> None:
    waiting = send(long_film, "video")
    started = time.monotonic()
    with _serving(database_url, tmp_path) as server:
        try:
            _wait(lambda: any((tmp_path / workshop.FOLDER).glob("*/film.mp4")))
        finally:
            server.terminate()
            began = time.monotonic()
            code = server.wait(60)
    # What slows the stop on a machine with much to do slowed the start too.
    limit = max(10, began - started)
    assert (code, time.monotonic() - began < limit) == (0, True)
    assert find(database, waiting).state == WAITING
    with database.reading() as session:
        job = session.scalars(select(Job)).one()
    assert (job.claim, job.attempts) == (None, 0)
    assert list((tmp_path / workshop.FOLDER).iterdir()) == []


def _serving(database_url: str, folder: Path) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "RECUEIL_DATA": str(folder),
        "DATABASE_URL": database_url,
        "PORT": str(free_port()),
    }
    return subprocess.Popen(
        [Path(sys.executable).with_name("recueil"), "serve"],
        env=environment, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _wait_ready(database: Database, media_id: object) -> None:
    _wait(lambda: find(database, media_id).state == READY)  # type: ignore[arg-type]


def _wait(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.1)
