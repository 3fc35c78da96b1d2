"""A file for one pair of eyes: exports, cards and bilans that a command writes."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MODE = 0o600


@contextmanager
def private_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that only its owner may read; a half-written one is never left.

    Whatever mode the file had before, it is replaced. A pipe or a device is written as it is.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as stream:
            yield stream
        return
    part = path.with_name(f".{path.name}.part")
    try:
        with _opened(part, path) as file:
            yield file
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _opened(part: Path, path: Path) -> IO[bytes]:
    try:
        part.unlink(missing_ok=True)  # a command that was killed may have left one
        return os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE), "wb")
    except OSError as error:  # told by the name that somebody gave
        raise OSError(error.errno, error.strerror, str(path)) from error
