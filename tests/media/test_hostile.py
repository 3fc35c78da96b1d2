"""Hostile uploads: refused at once, or harmless once they were drawn and sounded again."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from app.db import Database
from app.media import ffmpeg
from app.media.conversion import Unusable, convert
from app.media.kinds import REFUSALS
from app.media.limits import Kind
from app.media.models import MediaFile
from app.media.reception import FAILED, READY, TooLarge, WrongKind, finish, open_file, receive
from app.media.store import Store
from app.media.working import Worker
from app.organisations.models import Organisation
from tests.media import hostile
from tests.media.conftest import DAY, Send, find, picture
from tests.media.conftest import ffmpeg as make_sample

KINDS: tuple[Kind, ...] = ("image", "audio", "video")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", hostile.refused(Path("/dev/shm")))
def test_what_is_not_ours_is_refused_at_its_first_bytes(
    database: Database, organisation: Organisation, store: Store, tmp_path: Path,
    name: str, kind: Kind,
) -> None:  # fmt: skip
    content = hostile.refused(tmp_path)[name]
    with database.writing() as session:
        media_id = open_file(session, organisation.id, kind, len(content), DAY).id
    with pytest.raises(WrongKind) as caught:
        receive(database, store, media_id, 0, content)
    assert caught.value.reason == ("heic" if name in ("heic", "avif") else "inconnu")
    assert caught.value.reason in REFUSALS
    assert not [one for one in store.folder.rglob("*") if one.is_file()]


def test_what_comes_byte_after_byte_is_refused_at_its_end(
    database: Database, organisation: Organisation, store: Store
) -> None:
    content = b"#EXTM3U\nfile:///etc/passwd\n" + bytes(80)
    with database.writing() as session:
        media_id = open_file(session, organisation.id, "audio", len(content), DAY).id
    for at in range(len(content)):
        receive(database, store, media_id, at, content[at : at + 1])
    with pytest.raises(WrongKind), database.writing() as session:
        finish(session, store, media_id)


@pytest.mark.parametrize(
    "name",
    [
        "half a photo", "half a png", "head of a photo", "a photo of nothing",
        "half a film, its index at the end", "head of a voice", "a film of zeros",
        "an id3 and a playlist", "an ogg of nothing", "a webm that points elsewhere",
    ],
)  # fmt: skip
def test_what_is_broken_is_said_so_and_goes(
    database: Database, store: Store, tmp_path: Path, samples: Path, send: Send, name: str
) -> None:
    kind, content = hostile.broken(samples)[name]
    media_id = send(content, cast("Kind", kind))
    worker = Worker(database, tmp_path)
    for _ in range(2):
        worker.work_once()
    media = find(database, media_id)
    assert (media.state, media.original, media.playable) == (FAILED, "", "")
    assert media.problem.endswith(("entendre.", "montrée."))
    assert not [one for one in store.folder.rglob("*") if one.is_file()]


@pytest.mark.parametrize(
    "name",
    [
        "photo and zip", "photo and html", "photo with a page in its comment", "png and html",
        "film and html", "voice and zip", "wav and html", "mp3 and program",
    ],
)  # fmt: skip
def test_of_two_files_in_one_only_points_and_sounds_stay(
    database: Database, store: Store, tmp_path: Path, samples: Path, send: Send, name: str
) -> None:
    kind, content = hostile.polyglots(samples)[name]
    media_id = send(content, cast("Kind", kind))
    assert Worker(database, tmp_path).work_once()
    media = find(database, media_id)
    assert media.state == READY
    names = {one.parent.name for one in store.folder.rglob("*") if one.is_file()}
    kept = b"".join(content for one in names for content in store.read(one))
    assert kept
    for trace in (hostile.SECRET.encode(), b"<script", b"index.html", b"\x7fELF"):
        assert trace not in kept


@pytest.mark.parametrize("demuxer", ["matroska", "ogg", "mov", "mp3", "aac", "wav", "amr"])
@pytest.mark.parametrize("name", ["playlist", "list of cuts", "dash"])
def test_no_reader_of_ours_follows_a_reference(
    tmp_path: Path, samples: Path, name: str, demuxer: str
) -> None:
    file = tmp_path / "original"
    file.write_bytes(hostile.refused(tmp_path)[name])
    with pytest.raises(ffmpeg.Failed):
        ffmpeg.make(file, demuxer, ["-c:a", "aac", "-f", "mp4"], tmp_path / "made")
    assert not (tmp_path / "made").exists() or not (tmp_path / "made").stat().st_size


def test_a_decoder_that_is_not_named_is_not_reached(tmp_path: Path, samples: Path) -> None:
    make_sample(
        "-f", "lavfi", "-i", "testsrc=duration=1", "-c:v", "ffv1", "odd.mkv", folder=tmp_path
    )
    with pytest.raises(Unusable):
        convert(tmp_path / "odd.mkv", "video", tmp_path)


def test_a_film_with_too_many_points_is_refused(tmp_path: Path, samples: Path) -> None:
    make_sample(
        "-f", "lavfi", "-i", "color=size=8192x4320:rate=1:duration=1", "-c:v", "libx264",
        "-preset", "ultrafast", "large.mp4", folder=tmp_path,
    )  # fmt: skip
    with pytest.raises(Unusable, match="trop grand"):
        convert(tmp_path / "large.mp4", "video", tmp_path)
    with pytest.raises(ffmpeg.Failed):  # and whatever it had said of itself
        ffmpeg.make(tmp_path / "large.mp4", "mov", ["-f", "mp4"], tmp_path / "made")


def test_more_than_the_cap_or_than_was_announced_is_refused(
    database: Database, organisation: Organisation, store: Store
) -> None:
    with database.writing() as session:
        with pytest.raises(TooLarge):
            open_file(session, organisation.id, "image", 12_000_001, DAY)
        with pytest.raises(WrongKind):
            open_file(session, organisation.id, "image", 0, DAY)
        media_id = open_file(session, organisation.id, "image", 1_000, DAY).id
    content = picture()[:900]
    receive(database, store, media_id, 0, content)
    with pytest.raises(TooLarge):
        receive(database, store, media_id, 900, bytes(101))
    assert store.size(find(database, media_id).original) == 900


def test_a_photo_is_no_voice(samples: Path, tmp_path: Path) -> None:
    file = tmp_path / "original"
    file.write_bytes(picture())
    with pytest.raises(Unusable):
        convert(file, "audio", tmp_path)
    with pytest.raises(Unusable):
        convert(samples / "film.mp4", "image", tmp_path)


def test_no_name_of_a_file_has_a_place() -> None:
    """Whatever its name was, of 300 characters or with dots and slashes: nothing of ours asks."""
    names = {column.name for column in MediaFile.__table__.columns}
    assert not names & {"name", "filename", "title"}
