"""The file of tombstones: what was erased stays erased, even after an old backup is restored."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from app.web.growing import write_line

NAME = "tombstones"


class Grave(NamedTuple):
    """Remember an erased response, without anything that it said."""

    response_id: UUID
    link_id: UUID
    idempotency_key: str
    erased_on: date


def append(folder: Path, grave: Grave, name: str = NAME) -> None:
    """Write one line at the end of the file; return when it is on the disk."""
    line = "\t".join((grave.response_id.hex, grave.link_id.hex, grave.erased_on.isoformat()))
    write_line(folder / name, f"{line}\t{grave.idempotency_key.encode().hex()}")


def read(folder: Path, name: str = NAME) -> list[Grave]:
    """Return every tombstone of the file."""
    path = folder / name
    return parse(path.read_text("ascii")) if path.exists() else []


def parse(lines: str) -> list[Grave]:
    """Return the tombstones that lines of a file tell, each once."""
    graves = {}
    for line in lines.splitlines():
        response_id, link_id, erased_on, key = line.split("\t")
        graves[response_id] = Grave(
            UUID(response_id),
            UUID(link_id),
            bytes.fromhex(key).decode(),
            date.fromisoformat(erased_on),
        )
    return list(graves.values())
