"""The files of what people took back: an old backup restored brings none of it back.

`tombstones-temoignages` names the testimonies that were erased; `accords-changes` names each
change of mind, in order: the code of the choice, never the words.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from app.responses import tombstones
from app.web.growing import write_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

NAME = "tombstones-temoignages"
CHANGES = "accords-changes"


class Grave(NamedTuple):
    """Remember an erased testimony, without anything that it said."""

    testimony_id: UUID
    organisation_id: UUID
    idempotency_key: str
    erased_on: date


class Change(NamedTuple):
    """Remember that one person changed one choice, on a day."""

    testimony_id: UUID
    scope: str
    choice: str
    day: date


def append(folder: Path, grave: Grave) -> None:
    """Write one tombstone at the end of its file; return when it is on the disk."""
    tombstones.append(folder, tombstones.Grave(*grave), NAME)


def read(folder: Path) -> list[Grave]:
    """Return every tombstone of the file."""
    return [Grave(*one) for one in tombstones.read(folder, NAME)]


def parse(lines: str) -> list[Grave]:
    """Return the tombstones that lines of a file tell, each once."""
    return [Grave(*one) for one in tombstones.parse(lines)]


def append_changes(folder: Path, changes: Iterable[Change]) -> None:
    """Write changes of mind at the end of their file; return when they are on the disk."""
    lines = [
        "\t".join((one.testimony_id.hex, one.scope, one.choice, one.day.isoformat()))
        for one in changes
    ]
    if lines:
        write_line(folder / CHANGES, "\n".join(lines))


def read_changes(folder: Path) -> list[Change]:
    """Return every change of mind of the file, in order."""
    path = folder / CHANGES
    return parse_changes(path.read_text("ascii")) if path.exists() else []


def parse_changes(lines: str) -> list[Change]:
    """Return the changes of mind that lines of a file tell, in order."""
    words = (line.split("\t") for line in lines.splitlines())
    return [
        Change(UUID(testimony_id), scope, choice, date.fromisoformat(day))
        for testimony_id, scope, choice, day in words
    ]
