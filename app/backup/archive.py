"""The archive: one file of JSON lines a table, with all that proves it whole.

It is a ZIP: `tables/NAME.jsonl` (one row a line, an array of values), the files of the data
folder that only grow (what was erased, what was taken back), `media/…`, and `manifest.json`, which
says the columns with their types, the counts and the digests, under the seal of the keys.
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    LargeBinary,
    String,
    Uuid,
    column,
    select,
    table,
)

from app.media.store import FOLDER

if TYPE_CHECKING:
    from sqlalchemy import Column, Select, TableClause
    from sqlalchemy.engine import Connection
    from sqlalchemy.types import TypeEngine

    from config import Keys

FORMAT = 1
MANIFEST = "manifest.json"
MEDIA = f"{FOLDER}/"
#: Rows read, written or checked together.
AT_ONCE = 1_000


class ArchiveError(ValueError):
    """Say in French why an archive cannot be written or restored, and what to do."""


class Kind(NamedTuple):
    """Know how the values of a column travel: in a database, and in an archive."""

    type: TypeEngine[Any]
    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


def _as_is(value: Any) -> Any:
    return value


#: Portable types of columns, the most precise first; every column has one of them.
KINDS = {
    "uuid": Kind(Uuid(), lambda value: value.hex, UUID),
    "datetime": Kind(DateTime(), datetime.isoformat, datetime.fromisoformat),
    "date": Kind(Date(), date.isoformat, date.fromisoformat),
    "bytes": Kind(LargeBinary(), lambda value: base64.b64encode(value).decode(), base64.b64decode),
    "json": Kind(JSON(), _as_is, _as_is),
    "boolean": Kind(Boolean(), _as_is, _as_is),
    "integer": Kind(BigInteger(), _as_is, _as_is),
    "text": Kind(String(), _as_is, _as_is),
}
_PYTHON = {
    UUID: "uuid", datetime: "datetime", date: "date", bytes: "bytes", dict: "json",
    bool: "boolean", int: "integer", str: "text",
}  # fmt: skip


class Table(NamedTuple):
    """Name a table of an archive, its columns with their types, and its key."""

    name: str
    columns: dict[str, str]
    key: list[str]

    @property
    def clause(self) -> TableClause:
        """Return what statements need to know of the table, whatever the models say today."""
        columns = (column(name, KINDS[kind].type) for name, kind in self.columns.items())
        return table(self.name, *columns)

    def rows(self, connection: Connection) -> Iterator[bytes]:
        """Yield every row in the order of its key, as a line, without holding them all."""
        writers = [KINDS[kind].write for kind in self.columns.values()]
        streaming = {"yield_per": AT_ONCE}
        streamed = connection.execute(self._ordered(connection), execution_options=streaming)
        for row in streamed:
            values = [
                None if value is None else write(value)
                for value, write in zip(row, writers, strict=True)
            ]
            yield line(values)

    def values(self, text: bytes) -> dict[str, Any]:
        """Read a line back."""
        values = json.loads(text)
        return {
            name: None if value is None else KINDS[kind].read(value)
            for (name, kind), value in zip(self.columns.items(), values, strict=True)
        }

    def _ordered(self, connection: Connection) -> Select[Any]:
        clause = self.clause
        keys = [clause.c[name] for name in self.key]
        if connection.dialect.name == "postgresql":  # the order of bytes, as SQLite has
            keys = [
                key.collate("C") if self.columns[key.name] == "text" else key  # type: ignore[misc]
                for key in keys
            ]
        return select(clause).order_by(*keys)


def kind_of(one: Column[Any]) -> str:
    """Return the portable type of a column of a model."""
    return "json" if isinstance(one.type, JSON) else _PYTHON[one.type.python_type]


def line(values: Any) -> bytes:
    """Write values the one way that gives the same digest everywhere."""
    written = json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return written.encode() + b"\n"


def fingerprint(keys: Keys) -> str:
    """Return what tells the keys of an installation from others, and nothing about them."""
    return hmac.digest(keys.derive("backup"), b"recueil", sha256).hex()


def seal(keys: Keys, manifest: dict[str, Any]) -> str:
    """Return what only the keys of an installation can write under a manifest.

    The digests it holds prove each file whole; without a seal, whoever keeps the copies could
    write other rows, an account of their own among them, with other digests.
    """
    written = json.dumps(manifest, sort_keys=True).encode()
    return hmac.digest(keys.derive("backup"), written, sha256).hex()
