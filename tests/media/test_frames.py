"""What is stored is encrypted: nothing of it is read on the disk, and no change of it passes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.media.frames import CLEAR, SALT, SEALED
from app.media.models import MediaFile
from app.media.serving import send_media
from app.media.store import Gone, Store, new_key
from config import PROJECT
from tests.media.conftest import DAY

MARKER = b"MARQUEUR-octets"
#: Nothing, a byte, and all that lies about the end of a frame and of four.
LENGTHS = (0, 1, CLEAR - 1, CLEAR, CLEAR + 1, 4 * CLEAR, 5 * CLEAR + 7)


def part(store: Store, key: str, start: int = 0) -> Path:
    """Return where a part stands on the disk."""
    return store.folder / key[:2] / key / f"{start:012}"


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("from_file", [False, True])
def test_what_was_put_is_read_back(
    store: Store, tmp_path: Path, length: int, from_file: bool
) -> None:
    content, key = os.urandom(length), new_key()
    (tmp_path / "made").write_bytes(content)
    store.put(key, tmp_path / "made" if from_file else content)
    assert store.size(key) == length
    assert b"".join(store.read(key)) == content


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_a_range_is_what_it_is_in_clear(store: Store, data: st.DataObject) -> None:
    """Across frames and across the parts of what came in pieces."""
    near = st.sampled_from(LENGTHS).flatmap(
        lambda length: st.integers(max(length - 2, 1), length + 2)
    )
    lengths = data.draw(st.lists(near, min_size=1, max_size=3))
    content, key = os.urandom(sum(lengths)), new_key()
    ends = [sum(lengths[:number]) for number in range(len(lengths) + 1)]
    for start, end in pairwise(ends):
        store.put(key, content[start:end], start)
    cut = st.integers(0, len(content) + 2)
    start, end = data.draw(cut), data.draw(cut)
    assert store.size(key) == len(content)
    assert b"".join(store.read(key, start, end)) == content[start:end]
    store.forget(key)


def test_nothing_of_it_is_read_on_the_disk(store: Store, tmp_path: Path) -> None:
    pieces, made = new_key(), new_key()
    store.put(pieces, MARKER * 10_000)
    store.put(pieces, MARKER, len(MARKER) * 10_000)
    (tmp_path / "made").write_bytes(MARKER * 10_000)
    store.put(made, tmp_path / "made")
    kept = b"".join(one.read_bytes() for one in store.folder.rglob("*") if one.is_file())
    assert len(kept) > 20_000 * len(MARKER)
    assert MARKER not in kept
    other = Store(tmp_path / "other")  # the same files, under other keys
    shutil.copytree(store.folder, other.folder, dirs_exist_ok=True)
    with pytest.raises(Gone):
        list(other.read(made))


def test_a_piece_that_comes_twice_is_written_the_same_and_another_wholly_otherwise(
    store: Store,
) -> None:
    """Two contents under one key would tell one by the other."""
    key = new_key()
    store.put(key, bytes(CLEAR))
    first = part(store, key).read_bytes()
    store.put(key, bytes(CLEAR))
    assert part(store, key).read_bytes() == first
    store.put(key, bytes(CLEAR - 1) + b"\x01")
    second = part(store, key).read_bytes()
    assert first[:SALT] != second[:SALT]
    assert first[SALT : SALT + 64] != second[SALT : SALT + 64]


def _flip(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def _swap(content: bytes) -> bytes:
    first, second = SALT + SEALED, SALT + 2 * SEALED
    return content[:SALT] + content[first:second] + content[SALT:first] + content[second:]


#: What somebody who reaches the disk, or a disk that fails, may make of three frames and a bit.
CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "a bit of the salt": lambda content: _flip(content, 3),
    "a bit of the first frame": lambda content: _flip(content, SALT + 5),
    "a bit of the last frame": lambda content: _flip(content, len(content) - 30),
    "cut between frames": lambda content: content[: SALT + 2 * SEALED],
    "cut within a frame": lambda content: content[: SALT + 2 * SEALED + 100],
    "cut within a tag": lambda content: content[: SALT + SEALED + 3],
    "its beginning cut": lambda content: content[:SALT] + content[SALT + SEALED :],
    "two frames swapped": _swap,
    "a frame more": lambda content: content + content[-SEALED:],
    "emptied": lambda _content: b"",
    "salt alone": lambda content: content[:SALT],
    "in clear": lambda _content: MARKER * 10,
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_changed_is_gone(app: Flask, store: Store, change: str) -> None:
    """On a page it is a 404, as what was erased is, and no byte of it leaves."""
    key = new_key()
    store.put(key, os.urandom(3 * CLEAR + 9))
    file = part(store, key)
    file.write_bytes(CHANGES[change](file.read_bytes()))
    with pytest.raises(Gone):
        list(store.read(key))
    media = MediaFile(
        kind="audio", state="ready", day=DAY, announced=1, original="", playable=key, poster="",
        content_type="audio/mp4",
    )  # fmt: skip
    app.add_url_rule("/one", "one", lambda: send_media(media))
    assert app.test_client().get("/one").status_code == 404


def test_a_file_in_the_place_of_another_is_gone(store: Store) -> None:
    mine, other = new_key(), new_key()
    for key in (mine, other):
        store.put(key, os.urandom(100))
        store.put(key, os.urandom(100), 100)
    shutil.copy(part(store, other), part(store, mine))
    with pytest.raises(Gone):
        list(store.read(mine))
    shutil.copy(part(store, other, 100), part(store, other))  # its own, elsewhere
    with pytest.raises(Gone):
        list(store.read(other))
    part(store, other).unlink()
    with pytest.raises(Gone):
        store.size(other)


def test_a_film_is_put_and_read_without_being_held(tmp_path: Path) -> None:
    """Measured in a process of its own, against what a small voice takes."""
    script = (
        "import resource, sys; from pathlib import Path\n"
        "from app.media.store import Store, new_key\n"
        "folder, size, key = Path(sys.argv[1]), int(sys.argv[2]), new_key()\n"
        "with (folder / 'made').open('wb') as made: made.truncate(size)\n"
        "store = Store(folder); store.put(key, folder / 'made')\n"
        "assert sum(map(len, store.read(key))) == size\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    small, large = (
        int(
            subprocess.run(
                [sys.executable, "-c", script, str(tmp_path), str(size)],
                cwd=PROJECT, check=True, capture_output=True, text=True,
            ).stdout
        )
        for size in (100_000, 120_000_000)
    )  # fmt: skip
    assert large - small < 24 * 1024
