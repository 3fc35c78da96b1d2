"""What a supervisor may ask."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.db import Database
from app.web import health
from config import Settings


def test_a_living_process_says_so(client: FlaskClient) -> None:
    assert (client.get("/healthz").status_code, client.get("/healthz").text) == (200, "ok\n")


def test_a_database_that_takes_writes_is_ready(client: FlaskClient) -> None:
    assert (client.get("/readyz").status_code, client.get("/readyz").text) == (200, "ok\n")


def test_a_locked_database_is_not_ready(client: FlaskClient, database: Database) -> None:
    path = database.engine.url.database
    assert path is not None
    with database.engine.connect() as connection:
        connection.connection.cursor().execute("PRAGMA busy_timeout=1")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    response = client.get("/readyz")
    other.close()
    assert response.status_code == 503
    assert "La base de données" in response.text


def test_a_disk_almost_full_is_not_ready(
    client: FlaskClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Path(settings.data).is_dir()
    monkeypatch.setattr(health, "DISK_FLOOR", 10**18)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "disque" in response.text
