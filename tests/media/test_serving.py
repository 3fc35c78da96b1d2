"""A recording is sent whole or by ranges, to be heard and never opened as a page of ours."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.media.models import MediaFile
from app.media.serving import send_media
from app.media.store import Store, new_key

CONTENT = os.urandom(700_000)
SMALL = b"small picture"


@pytest.fixture
def media(app: Flask, store: Store) -> MediaFile:
    """Serve one file, and its small picture, without the desk in front."""
    playable, poster = new_key(), new_key()
    store.put(playable, CONTENT)
    store.put(poster, SMALL)
    made = MediaFile(
        kind="audio", state="ready", day=date(2026, 1, 1), announced=1, original="",
        playable=playable, poster=poster, content_type="audio/mp4",
    )  # fmt: skip
    app.add_url_rule("/whole", "whole", lambda: send_media(made))
    app.add_url_rule("/small", "small", lambda: send_media(made, "poster"))
    return made


@pytest.fixture
def client(app: Flask, media: MediaFile) -> Iterator[FlaskClient]:
    with app.test_client() as client:
        yield client


def test_it_is_sent_whole(client: FlaskClient) -> None:
    sent = client.get("/whole")
    assert (sent.status_code, sent.data) == (200, CONTENT)
    assert (sent.content_type, sent.content_length) == ("audio/mp4", len(CONTENT))


def test_its_headers_keep_it_from_being_a_page(client: FlaskClient) -> None:
    for address in ("/whole", "/small"):
        headers = client.get(address).headers
        assert headers["Content-Disposition"].startswith("attachment; filename=temoignage.")
        assert headers.getlist("X-Content-Type-Options") == ["nosniff"]
        assert headers.getlist("Content-Security-Policy") == ["default-src 'none'; sandbox"]
        assert headers.getlist("Cache-Control") == ["private, no-store"]
        assert headers["Accept-Ranges"] == "bytes"
        assert not {"ETag", "Last-Modified", "Set-Cookie"} & set(headers.keys())


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-", 0, 700_000),
        ("bytes=0-1", 0, 2),
        ("bytes=100-199", 100, 200),
        ("bytes=262143-262144", 262_143, 262_145),
        ("bytes=699999-", 699_999, 700_000),
        ("bytes=-10", 699_990, 700_000),
        ("bytes=10-9999999", 10, 700_000),
    ],
)
def test_a_range_is_sent_alone(client: FlaskClient, asked: str, start: int, end: int) -> None:
    sent = client.get("/whole", headers={"Range": asked})
    assert (sent.status_code, sent.data) == (206, CONTENT[start:end])
    assert sent.headers["Content-Range"] == f"bytes {start}-{end - 1}/700000"
    assert sent.content_length == end - start


@pytest.mark.parametrize("asked", ["bytes=700000-", "bytes=9999999-99999999"])
def test_a_range_out_of_it_is_refused(client: FlaskClient, asked: str) -> None:
    sent = client.get("/whole", headers={"Range": asked})
    assert (sent.status_code, sent.headers["Content-Range"]) == (416, "bytes */700000")
    assert sent.data == b""


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "bytes=5-1", "lines=1-2", "bytes=a-b", "x"])
def test_any_other_range_is_answered_whole(client: FlaskClient, asked: str) -> None:
    sent = client.get("/whole", headers={"Range": asked})
    assert (sent.status_code, sent.data) == (200, CONTENT)


def test_a_head_says_it_and_sends_nothing(client: FlaskClient) -> None:
    sent = client.head("/whole")
    assert (sent.status_code, sent.data, sent.content_length) == (200, b"", len(CONTENT))
    sent = client.head("/whole", headers={"Range": "bytes=0-9"})
    assert (sent.status_code, sent.data, sent.content_length) == (206, b"", 10)


def test_its_small_picture_is_a_jpeg(client: FlaskClient) -> None:
    sent = client.get("/small")
    assert (sent.data, sent.content_type) == (SMALL, "image/jpeg")


@pytest.mark.parametrize("state", ["receiving", "waiting", "failed"])
def test_what_is_not_ready_is_not_there(client: FlaskClient, media: MediaFile, state: str) -> None:
    media.state = state
    assert client.get("/whole").status_code == 404


def test_what_was_forgotten_is_not_there(
    client: FlaskClient, media: MediaFile, store: Store
) -> None:
    store.forget(media.playable)
    assert client.get("/whole").status_code == 404
    media.poster = ""
    assert client.get("/small").status_code == 404
