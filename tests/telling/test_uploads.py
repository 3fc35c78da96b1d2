"""A form with files: its words are read whatever the files are."""

from __future__ import annotations

import builtins
import errno
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder

from app.media.limits import KINDS
from app.telling import uploads
from app.telling.uploads import ReadForm, read_form

LONG_NAME = "é" * 300 + ".mp3"


Read = Callable[..., ReadForm]


@pytest.fixture
def read(app: Flask) -> Iterator[Read]:
    """Return a function that reads a form, whose files are let go at the end."""
    forms: list[ReadForm] = []

    def read_one(data: dict[str, Any], **options: Any) -> ReadForm:
        with app.test_request_context("/temoigner/K7QF3", method="POST", data=data, **options):
            forms.append(read_form())
        return forms[-1]

    yield read_one
    for form in forms:
        for file in form.files:
            file.drop()


def body(*parts: tuple[str, bytes]) -> dict[str, Any]:
    """Write a form by hand: the test client leaves a heavy one open behind it."""
    said = b""
    for name, content in parts:
        file = '; filename="f"' if name in uploads.FIELDS else ""
        said += f'--b\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode()
        said += content + b"\r\n"
    said += b"--b--\r\n"
    return {
        "input_stream": BytesIO(said),
        "content_type": "multipart/form-data; boundary=b",
        "headers": {"Content-Length": str(len(said))},
    }


def test_words_and_files_are_told_apart(read: Read) -> None:
    form = read({"recit": "Merci", "lieu": ["oui"], "voix": (BytesIO(b"abc"), LONG_NAME)})
    assert form.typed == {"recit": ["Merci"], "lieu": ["oui"]}
    (voice,) = form.files
    assert (voice.field, voice.kind, voice.size, form.is_whole) == ("voix", "audio", 3, True)
    assert voice.content is not None
    voice.content.seek(0)
    assert voice.content.read() == b"abc"
    assert form.announced == (("audio", 3),)


def test_a_stream_that_the_server_ends_itself_is_read_whole(read: Read) -> None:
    """As gunicorn does: Werkzeug then raises where a limit is reached, not where it is passed."""
    ends = {"environ_overrides": {"wsgi.input_terminated": True}}
    form = read({}, **body(("recit", b"Merci"), ("voix", b"abc")), **ends)
    assert (form.typed, form.is_whole, form.files[0].size) == ({"recit": ["Merci"]}, True, 3)


def test_an_empty_file_field_brings_nothing(read: Read) -> None:
    form = read({"recit": "Merci", "photo": (BytesIO(b""), "")})
    assert (form.files, form.announced, form.is_whole) == ([], (), True)


def test_a_field_that_is_not_ours_or_comes_twice_is_thrown_away(read: Read) -> None:
    files = [(BytesIO(b"one"), "a.jpg"), (BytesIO(b"three"), "b.jpg")]
    form = read({"virus": (BytesIO(b"x" * 99), "x.exe"), "photo": files, "recit": "Ici"})
    assert [(one.field, one.size) for one in form.files] == [("photo", 3)]
    assert form.typed == {"recit": ["Ici"]}


def test_a_file_above_its_cap_is_counted_and_not_kept(read: Read) -> None:
    heavy = b"x" * (KINDS["image"].most_bytes + 1)
    form = read({}, **body(("recit", b"Avant"), ("photo", heavy), ("suite", "Après".encode())))
    (photo,) = form.files
    assert (photo.size, photo.is_too_heavy, photo.content) == (len(heavy), True, None)
    assert form.typed == {"recit": ["Avant"], "suite": ["Après"]}


def test_a_full_disk_costs_no_word(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(uploads, "TemporaryFile", full)
    form = read({"recit": "Merci", "voix": (BytesIO(b"abc"), "v")})
    assert form.typed == {"recit": ["Merci"]}
    assert (form.files[0].content, form.files[0].is_too_heavy) == (None, False)


def test_what_stands_beyond_what_is_read_costs_no_word(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_READ", 100_000)
    form = read({"recit": "Merci", "film": (BytesIO(b"x" * 300_000), "f.mp4")})
    assert (form.typed, form.is_whole) == ({"recit": ["Merci"]}, False)


@pytest.mark.parametrize("cut", [1, 40, 400, 560])
def test_a_body_that_was_cut_gives_what_came(read: Read, cut: int) -> None:
    builder = EnvironBuilder(
        method="POST", data={"recit": "Merci", "voix": (BytesIO(b"x" * 500), "v")}
    )
    environ = builder.get_environ()
    body = environ["wsgi.input"].read()[:-cut]
    form = read({}, input_stream=BytesIO(body), content_type=environ["CONTENT_TYPE"],
                headers={"Content-Length": str(len(body))})  # fmt: skip
    assert form.typed == {"recit": ["Merci"]}
    assert form.is_whole is (cut == 1)


@pytest.mark.parametrize(
    "body", [b"", b"nothing", b"--b\r\nX: y\r\n\r\n", b"--b\r\n" + b"x" * 3_000_000]
)
def test_a_body_that_is_no_form_is_said_broken(read: Read, body: bytes) -> None:
    kind = "multipart/form-data; boundary=b"
    form = read({}, input_stream=BytesIO(body), content_type=kind,
                headers={"Content-Length": str(len(body))})  # fmt: skip
    assert (form.typed, form.files, form.is_whole) == ({}, [], False)


def test_too_many_words_are_not_all_read(read: Read) -> None:
    long = b"x" * uploads.MAX_GIVEN_BACK
    form = read({}, **body(("recit", b"Merci"), ("suite", long), ("voix", b"abc")))
    assert (form.typed, form.is_whole) == ({"recit": ["Merci"]}, False)


@pytest.mark.parametrize(
    ("said", "announced"),
    [("audio:123", (("audio", 123),)), ("audio:-1", ()), ("pdf:12", ()), ("image:٣", ()),
     ("video:12345678901", ()), ("audio", ())],
)  # fmt: skip
def test_what_the_script_announces_is_believed_in_part(
    read: Read, said: str, announced: object
) -> None:
    assert read({"recit": "Merci", "annonce": said}).announced == announced


def test_the_name_of_a_file_opens_nothing(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    real = builtins.open
    monkeypatch.setattr(builtins, "open", lambda *a, **k: opened.append(a[0]) or real(*a, **k))
    read({"voix": (BytesIO(b"abc"), "../../etc/passwd")})
    assert not [one for one in opened if "passwd" in str(one)]
