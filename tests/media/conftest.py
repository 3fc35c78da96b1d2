"""Real voices, films and pictures, made once; files that mean harm are in `hostile.py`."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from app.db import Database
from app.media.limits import CHUNK, Kind
from app.media.models import MediaFile
from app.media.reception import finish, open_file, receive
from app.media.store import Store
from app.organisations.models import Organisation

DAY = date(2026, 11, 22)
#: Words that a phone writes into what it makes: not one of them may stay.
MARKER = "MARQUEUR-Liliane-Kerlann"
PLACE = "+48.1173-001.6778/"

_TONE = ["-f", "lavfi", "-i", "sine=frequency=440:duration=2"]
_FILM = ["-f", "lavfi", "-i", "testsrc=size=640x360:rate=25:duration=2"]
_SAID = ["-metadata", f"title={MARKER}", "-metadata", f"comment={MARKER}"]
_WHERE = ["-metadata", f"location={PLACE}", "-metadata", f"com.apple.quicktime.location={PLACE}"]
_WHERE += ["-metadata:s:a", f"handler_name={MARKER}", "-movflags", "use_metadata_tags"]

#: How each sample is made: what phones and browsers send.
SAMPLES = {
    "voice.webm": [*_TONE, "-c:a", "libopus"],
    "voice.ogg": [*_TONE, "-c:a", "libopus"],
    "voice.m4a": [*_TONE, "-c:a", "aac"],
    "voice.mp3": [*_TONE, "-c:a", "libmp3lame"],
    "voice.aac": [*_TONE, "-c:a", "aac", "-f", "adts"],
    "voice.wav": [*_TONE],
    "film.webm": [*_TONE, *_FILM, "-c:v", "libvpx", "-c:a", "libopus", "-deadline", "realtime"],
    "film.mp4": [*_TONE, *_FILM, "-c:v", "libx264", "-c:a", "aac", *_WHERE],
    "film.mov": [*_TONE, *_FILM, "-c:v", "libx264", "-c:a", "aac", *_WHERE],
    "film.3gp": [*_TONE, *_FILM, "-c:v", "h263", "-s", "352x288", "-c:a", "aac"],
    "silent.mp4": [*_FILM, "-c:v", "libx264"],
}
VOICES = [name for name in SAMPLES if name.startswith("voice")]
FILMS = [name for name in SAMPLES if name.startswith("film")]


def ffmpeg(*options: str, folder: Path) -> None:
    """Run the real program in a folder."""
    subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-y", *options], check=True, cwd=folder, timeout=120
    )


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of samples, each with words of its author in its metadata."""
    if shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg n'est pas installé")
    folder = tmp_path_factory.mktemp("samples")
    for name, options in SAMPLES.items():
        ffmpeg(*options, *_SAID, name, folder=folder)
    return folder


def picture(form: str = "JPEG", size: tuple[int, int] = (400, 300), **options: Any) -> bytes:
    """Return a picture: red on its left half, blue on its right one."""
    drawn = Image.new(options.pop("mode", "RGB"), size, options.pop("color", "red"))
    drawn.paste("blue", (size[0] // 2, 0, *size))
    file = io.BytesIO()
    drawn.save(file, form, **options)
    return file.getvalue()


def streams(content: bytes, folder: Path) -> dict[str, Any]:
    """Return all that the real program finds in what we made."""
    file = folder / "looked-at"
    file.write_bytes(content)
    found = subprocess.run(
        ["ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", file],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    said: dict[str, Any] = json.loads(found.stdout)
    return said


@pytest.fixture(scope="session")
def long_film(samples: Path) -> bytes:
    """Return a film that takes some seconds to convert."""
    ffmpeg(
        "-f", "lavfi", "-i", "testsrc=size=640x480:rate=30:duration=3", "-c:v", "libx264",
        "-preset", "ultrafast", "short.mp4", folder=samples,
    )  # fmt: skip
    ffmpeg("-stream_loop", "14", "-i", "short.mp4", "-c", "copy", "long.mp4", folder=samples)
    return (samples / "long.mp4").read_bytes()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Return the store of the installation."""
    return Store(tmp_path)


#: Sends bytes as a kind; returns the id of the file.
Send = Callable[[bytes, Kind], UUID]


@pytest.fixture
def send(database: Database, organisation: Organisation, store: Store) -> Send:
    """Return a function that sends a whole file, chunk by chunk."""

    def send_one(content: bytes, kind: Kind) -> UUID:
        with database.writing() as session:
            media_id = open_file(session, organisation.id, kind, len(content), DAY).id
        for offset in range(0, len(content), CHUNK):
            receive(database, store, media_id, offset, content[offset : offset + CHUNK])
        with database.writing() as session:
            finish(session, store, media_id)
        return media_id

    return send_one


def find(database: Database, media_id: UUID) -> MediaFile:
    """Return a file as it stands."""
    with database.reading() as session:
        found = session.get(MediaFile, media_id)
    assert found is not None
    return found
