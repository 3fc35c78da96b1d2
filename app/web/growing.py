"""Files of the data folder that only grow: what was taken back is known to an old backup."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def write_line(path: Path, line: str) -> None:
    """Write one line at the end of a file that only grows; return when it is on the disk."""
    with path.open("ab", buffering=0) as file:
        file.write(f"{line}\n".encode())
        os.fsync(file.fileno())
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)  # the file may be new
    finally:
        os.close(directory)
