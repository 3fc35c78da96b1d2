"""The store: files under random keys, encrypted, of which nothing is kept elsewhere.

A key is 160 random bits. Under it stand parts, named by where they begin: a file that comes in
pieces has several, what we made has one. No word of anybody is ever in a name. Each part is
encrypted (see `frames`) under the key file of the installation; what was changed, cut or put in
the place of another is no more there than what was deleted.
"""

from __future__ import annotations

import math
import os
import re
import secrets
import shutil
import time
from base64 import b32encode
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from errno import ENOSPC
from pathlib import Path
from typing import Final, NamedTuple

import obstore
from obstore.exceptions import GenericError, NotFoundError
from obstore.store import LocalStore
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.media.frames import CLEAR, SALT, SEALED, Broken, Frames, clear_size, count_of, new_frames
from app.media.models import MediaFile
from app.web.current import settings
from config import Keys

#: The folder of the store, in RECUEIL_DATA: backups take it whole.
FOLDER = "media"
#: Under this many free bytes nothing more is taken: answers come first.
FLOOR = 200 * 1024 * 1024
#: Seconds that a file which nothing names is left alone: it may be on its way to be named.
ORPHAN_AGE = 3600
#: Frames read together, and bytes handed to the disk together.
_FRAMES_AT_ONCE: Final = 4
_AT_ONCE: Final = 1 << 20
_KEY: Final = re.compile(r"[a-z2-7]{32}")
_PART: Final = re.compile(r"[a-z2-7]{2}/(?P<key>[a-z2-7]{32})/(?P<start>\d{12})")
#: As the system says, through the store: no space, over quota, read-only.
_FULL = re.compile(r"os error (28|122|30)\b")


class StoreFull(Exception):  # noqa: N818 - it says what the disk is
    """Say that the disk takes no more: try again later, nothing that was here is lost."""

    errno = ENOSPC


class Gone(Exception):  # noqa: N818 - it says what the file is
    """Say that nothing is there under a key (any more)."""


class _Part(NamedTuple):
    """Be one part of a file: where it begins, its bytes as they were recorded."""

    begins: int
    size: int
    path: str
    frames: int


def current_store() -> Store:
    """Return the store of the running application."""
    return Store(settings().data)


def new_key() -> str:
    """Return a key that nobody can guess."""
    return b32encode(secrets.token_bytes(20)).decode().lower()


class Store:
    """Be the store of one installation."""

    def __init__(self, data: Path) -> None:
        self.folder = data / FOLDER
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)  # also after a restoration, which asks nobody
        self._objects = LocalStore(self.folder)
        self._key = Keys.in_folder(data).derive("media")

    def has_room(self, size: int) -> bool:
        """Tell whether so many bytes can come and leave the answers some room."""
        return shutil.disk_usage(self.folder).free - size > FLOOR

    def put(self, key: str, content: bytes | Path, start: int = 0) -> None:
        """Write one part, on the disk when this returns; raise StoreFull."""
        path = _path(key, start)
        try:
            if isinstance(content, bytes):
                sealed = new_frames(self._key, path, content).encrypt((content,))
                obstore.put(self._objects, path, b"".join(sealed))
            else:
                self._put_file(path, new_frames(self._key, path).encrypt(_pieces(content)))
            self._settle(path)
        except GenericError as error:
            if _FULL.search(str(error)):
                self._sweep_unfinished(key)
                raise StoreFull from error
            raise
        except OSError as error:
            raise StoreFull from error

    def size(self, key: str) -> int:
        """Return the bytes that were recorded under a key; raise Gone."""
        return sum(part.size for part in self._parts(key))

    def read(self, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Yield the bytes from `start` to before `end`; raise Gone, even half-way."""
        for part in self._parts(key):
            first = max(start - part.begins, 0)
            last = part.size if end is None else min(end - part.begins, part.size)
            if first < last:
                yield from self._read_part(part, first, last)

    def copy_to(self, key: str, file: Path) -> None:
        """Write all that is there under a key into a file; raise Gone or OSError."""
        with file.open("wb") as opened:
            for content in self.read(key):
                opened.write(content)

    def forget(self, *keys: str) -> None:
        """Delete what is under keys: whole, in part, or not there any more."""
        for key in filter(_KEY.fullmatch, keys):
            # The whole folder of the key: a part that was being written goes too.
            shutil.rmtree(self.folder / key[:2] / key, ignore_errors=True)
            with suppress(OSError):  # others are there, or it is gone
                (self.folder / key[:2]).rmdir()

    def sweep_orphans(self, session: Session, older_than: float = ORPHAN_AGE) -> list[str]:
        """Delete what nothing names, and what a stop left unfinished; return the keys."""
        limit = time.time() - older_than
        found = {folder.name for folder in self._folders() if _latest(folder) < limit}
        orphans = sorted(found - set(_named(session, found)))
        self.forget(*orphans)
        for key in found - set(orphans):
            self._sweep_unfinished(key)
        return orphans

    def _folders(self) -> Iterator[Path]:
        """Yield the folder of each key; one that somebody else deletes meanwhile is passed over."""
        for shard in self.folder.glob("??"):
            with suppress(FileNotFoundError):
                yield from (one for one in shard.iterdir() if _KEY.fullmatch(one.name))

    def _parts(self, key: str) -> list[_Part]:
        """Return the parts of a file, in their order, each where the one before ends."""
        if not _KEY.fullmatch(key):
            raise Gone
        parts, ends = list[_Part](), 0
        for one in sorted(self._listed(key)):
            if one.begins != ends:
                raise Gone
            parts.append(one)
            ends += one.size
        if not parts:
            raise Gone
        return parts

    def _listed(self, key: str) -> Iterator[_Part]:
        for one in obstore.list(self._objects, prefix=f"{key[:2]}/{key}").collect():
            if found := _PART.fullmatch(one["path"]):
                try:
                    size, frames = clear_size(one["size"]), count_of(one["size"])
                except Broken as error:
                    raise Gone from error
                yield _Part(int(found["start"]), size, one["path"], frames)

    def _read_part(self, part: _Part, first: int, last: int) -> Iterator[bytes]:
        """Yield the bytes of one part, deciphering only the frames that they cross."""
        try:
            frames = Frames(self._key, part.path, self._bytes(part.path, 0, SALT))
            after = -(-last // CLEAR)
            for number in range(first // CLEAR, after, _FRAMES_AT_ONCE):
                upto = min(number + _FRAMES_AT_ONCE, after)
                sealed = self._bytes(part.path, SALT + number * SEALED, SALT + upto * SEALED)
                clear = frames.decrypt(sealed, number, part.frames)
                begins = number * CLEAR
                yield clear[max(first - begins, 0) : last - begins]
        except (FileNotFoundError, NotFoundError, Broken) as error:
            raise Gone from error

    def _bytes(self, path: str, start: int, end: int) -> bytes:
        """Return the bytes that stand on the disk, fewer where the file ends."""
        return bytes(obstore.get_range(self._objects, path, start=start, end=end))

    def _put_file(self, path: str, content: Iterator[bytes]) -> None:
        obstore.put(
            self._objects, path, content,
            use_multipart=True, chunk_size=_AT_ONCE, max_concurrency=2,
        )  # fmt: skip

    def _settle(self, path: str) -> None:
        """Leave a file to its owner only, and wait until a power cut cannot take it."""
        file = self.folder / path
        file.chmod(0o600)
        for one in (file, file.parent, file.parent.parent, self.folder):
            if one != file:
                one.chmod(0o700)
            descriptor = os.open(one, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def _sweep_unfinished(self, key: str) -> None:
        """Delete what the store was writing beside a file when it was stopped."""
        for left in (self.folder / key[:2] / key).glob("*#*"):
            left.unlink(missing_ok=True)


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while content := opened.read(CLEAR):
            yield content


def _path(key: str, start: int) -> str:
    return f"{key[:2]}/{key}/{start:012}"


def _latest(folder: Path) -> float:
    try:
        return max(one.stat().st_mtime for one in (folder, *folder.iterdir()))
    except FileNotFoundError:  # deleted as we look: nothing is to be swept
        return math.inf


def _named(session: Session, keys: Iterable[str]) -> Iterator[str]:
    """Yield those of the keys that a file names, asked for a few hundred at a time."""
    by_shard = defaultdict(list)
    for key in keys:
        by_shard[key[:1]].append(key)
    for some in by_shard.values():
        for column in (MediaFile.original, MediaFile.playable, MediaFile.poster):
            yield from session.scalars(select(column).where(column.in_(some)))
