"""The store: files under random keys, on the disk by default, of which nothing is kept elsewhere.

A key is 160 random bits. Under it stand parts, named by where they begin: a file that comes in
pieces has several, what we made has one. No word of anybody is ever in a name.
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
from pathlib import Path
from typing import Final

import obstore
from obstore.exceptions import GenericError, NotFoundError
from obstore.store import LocalStore
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.media.models import MediaFile
from app.web.current import settings

#: The folder of the store, in RECUEIL_DATA: backups take it whole.
FOLDER = "media"
#: Under this many free bytes nothing more is taken: answers come first.
FLOOR = 200 * 1024 * 1024
#: Seconds that a file which nothing names is left alone: it may be on its way to be named.
ORPHAN_AGE = 3600
#: Bytes read together.
_AT_ONCE = 256 * 1024
_KEY: Final = re.compile(r"[a-z2-7]{32}")
_PART: Final = re.compile(r"[a-z2-7]{2}/(?P<key>[a-z2-7]{32})/(?P<start>\d{12})")
#: As the system says, through the store: no space, over quota, read-only.
_FULL = re.compile(r"os error (28|122|30)\b")


class StoreFull(Exception):  # noqa: N818 - it says what the disk is
    """Say that the disk takes no more: try again later, nothing that was here is lost."""


class Gone(Exception):  # noqa: N818 - it says what the file is
    """Say that nothing is there under a key (any more)."""


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

    def has_room(self, size: int) -> bool:
        """Tell whether so many bytes can come and leave the answers some room."""
        return shutil.disk_usage(self.folder).free - size > FLOOR

    def put(self, key: str, content: bytes | Path, start: int = 0) -> None:
        """Write one part, on the disk when this returns; raise StoreFull."""
        path = _path(key, start)
        try:
            obstore.put(self._objects, path, content, use_multipart=isinstance(content, Path))
            self._settle(path)
        except GenericError as error:
            if _FULL.search(str(error)):
                self._sweep_unfinished(key)
                raise StoreFull from error
            raise
        except OSError as error:
            raise StoreFull from error

    def size(self, key: str) -> int:
        """Return the bytes that are there under a key; raise Gone."""
        return sum(size for _, size in self._parts(key))

    def read(self, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Yield the bytes from `start` to before `end`; raise Gone, even half-way."""
        for begins, size in self._parts(key):
            first = max(start - begins, 0)
            last = size if end is None else min(end - begins, size)
            while first < last:
                upto = min(first + _AT_ONCE, last)
                try:
                    yield bytes(
                        obstore.get_range(self._objects, _path(key, begins), start=first, end=upto)
                    )
                except (FileNotFoundError, NotFoundError) as error:
                    raise Gone from error
                first = upto

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

    def _parts(self, key: str) -> list[tuple[int, int]]:
        """Return where each part begins and its size, in their order."""
        if not _KEY.fullmatch(key):
            raise Gone
        listed = obstore.list(self._objects, prefix=f"{key[:2]}/{key}").collect()
        parts = sorted(
            (int(found["start"]), one["size"])
            for one in listed
            if (found := _PART.fullmatch(one["path"]))
        )
        if not parts:
            raise Gone
        return parts

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
