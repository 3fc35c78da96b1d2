"""A folder to work in, outside the store and its backups, of which a stop leaves nothing."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: In RECUEIL_DATA: on the same disk as the store, where there is room or there is not.
FOLDER = "conversion"
_LOCK = "lock"


@contextmanager
def workbench(data: Path) -> Iterator[Path]:
    """Yield a new folder, readable by us only, deleted at the end."""
    place = data / FOLDER
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=place))
    try:
        # The lock goes with the process: whoever is killed leaves a folder that can be told.
        with (folder / _LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def clear_abandoned(data: Path) -> int:
    """Delete the folders that a stopped machine or a killed worker left; return how many."""
    cleared = 0
    for folder in (data / FOLDER).glob("*/"):
        if _is_abandoned(folder):
            shutil.rmtree(folder, ignore_errors=True)
            cleared += 1
    return cleared


def _is_abandoned(folder: Path) -> bool:
    try:
        with (folder / _LOCK).open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        # Nothing to lock yet, and nothing in it: it is beginning, or was stopped as it began.
        return isinstance(error, FileNotFoundError) and not any(folder.iterdir())
    return True
