"""The store: keys that nobody guesses, parts in their order, and nothing left of what goes."""

from __future__ import annotations

import os
import stat
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.db import Database
from app.media.limits import KINDS
from app.media.reception import open_file
from app.media.store import Gone, Store, StoreFull, new_key
from app.organisations.models import Organisation
from tests.media.conftest import DAY

MARKER = b"MARQUEUR-octets"


def held(store: Store) -> list[Path]:
    return sorted(one for one in store.folder.rglob("*") if one.is_file())


def test_keys_are_random_and_say_nothing() -> None:
    keys = {new_key() for _ in range(1_000)}
    assert len(keys) == 1_000
    assert all(len(key) == 32 and key.isalnum() and key.islower() for key in keys)
    assert len({key[0] for key in keys}) == 32  # all of the 160 bits move


def test_only_its_owner_reads_it(store: Store) -> None:
    key = new_key()
    store.put(key, MARKER)
    for one in (store.folder, *store.folder.rglob("*")):
        mode = stat.S_IMODE(one.stat().st_mode)
        assert mode == (0o600 if one.is_file() else 0o700), one


def test_parts_are_read_as_one(store: Store) -> None:
    key = new_key()
    parts = [os.urandom(size) for size in (700_000, 1, 300_000)]
    whole = b"".join(parts)
    for start, part in ((700_001, parts[2]), (0, parts[0]), (700_000, parts[1])):
        store.put(key, part, start)
    assert store.size(key) == len(whole)
    for start, end in ((0, None), (0, 1), (699_999, 700_002), (5, 5), (999_999, 1_000_001)):
        assert b"".join(store.read(key, start, end)) == whole[start:end]


def test_a_file_is_put_from_a_file(store: Store, tmp_path: Path) -> None:
    content = os.urandom(12_000_000)
    (tmp_path / "made").write_bytes(content)
    key = new_key()
    store.put(key, tmp_path / "made")
    assert b"".join(store.read(key)) == content
    store.copy_to(key, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == content


@pytest.mark.parametrize("key", ["", "../../recueil.key", "a" * 31, "A" * 32, "a" * 32])
def test_what_is_not_there_is_gone(store: Store, tmp_path: Path, key: str) -> None:
    (tmp_path / "recueil.key").write_text("key")
    with pytest.raises(Gone):
        store.size(key)
    with pytest.raises(Gone):
        list(store.read(key))
    store.forget(key)
    assert (tmp_path / "recueil.key").exists()
    assert store.folder.exists()


def test_what_is_forgotten_is_gone_even_half_way(store: Store) -> None:
    kept, gone = new_key(), new_key()
    store.put(kept, MARKER)
    store.put(gone, bytes(600_000))
    store.put(gone, bytes(600_000), 600_000)
    reading = store.read(gone)
    next(reading)
    store.forget(gone, "", gone)
    with pytest.raises(Gone):
        list(reading)
    assert {one.parent.name for one in held(store)} == {kept}
    assert b"".join(store.read(kept)) == MARKER


def test_what_nothing_names_is_swept_after_an_hour(
    database: Database, organisation: Organisation, store: Store
) -> None:
    with database.writing() as session:
        named = open_file(session, organisation.id, "audio", KINDS["audio"].most_bytes, DAY)
    old, young = new_key(), new_key()
    for key in (named.original, old, young):
        store.put(key, MARKER)
        # What the store was writing when the machine stopped, beside the file.
        (store.folder / key[:2] / key / "000000000099#1").write_bytes(MARKER)
    for key in (named.original, old):
        for one in (store.folder / key[:2] / key).rglob("*"):
            os.utime(one, (1, 1))
        os.utime(store.folder / key[:2] / key, (1, 1))
    with database.reading() as session:
        assert store.sweep_orphans(session) == [old]
        assert store.sweep_orphans(session, older_than=-1) == [young]
    assert [one.parent.name for one in held(store)] == [named.original]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Yield a folder on a disk of its own, of one megabyte."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False).returncode != 0:
        pytest.skip("monter un petit disque demande d'être root")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk_is_said_so_and_keeps_what_was_there(small_disk: Path) -> None:
    store = Store(small_disk)
    assert not store.has_room(1)  # answers come first
    key = new_key()
    store.put(key, bytes(500_000))
    with pytest.raises(StoreFull):
        store.put(key, bytes(800_000), 500_000)
    assert store.size(key) == 500_000
    assert len(held(store)) == 1  # nothing half-written stays
    store.forget(key)
    store.put(key, bytes(800_000))  # it goes on as soon as there is room


def test_many_write_at_once(store: Store) -> None:
    key = new_key()
    threads = [
        threading.Thread(target=store.put, args=(key, bytes([at]) * 1_000, at * 1_000))
        for at in range(20)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert b"".join(store.read(key)) == b"".join(bytes([at]) * 1_000 for at in range(20))
