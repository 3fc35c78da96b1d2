"""Write an archive of one state of the installation while people answer."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

from app.backup.archive import (
    FORMAT,
    MANIFEST,
    MEDIA,
    ArchiveError,
    Table,
    fingerprint,
    kind_of,
    seal,
)
from app.db import Base, revision_of
from app.organisations import withdrawals
from app.responses import tombstones
from app.testimonies import tombstones as told

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from app.db import Database
    from config import Keys

#: Files of the data folder that only grow: what was erased, what was taken back.
_GROWING = (tombstones.NAME, told.NAME, told.CHANGES, withdrawals.NAME)
#: Bytes of a file copied together.
CHUNK = 1 << 20


def write_archive(database: Database, keys: Keys, data: Path, file: Path) -> dict[str, Any]:
    """Write the archive of an installation, readable by its owner only; return its manifest."""
    with _opened(file) as opened, ZipFile(opened, "w", ZIP_DEFLATED, compresslevel=6) as archive:
        with database.photographed() as connection:
            revision = revision_of(connection)
            if revision is None:
                raise ArchiveError(
                    "La base de données est neuve : lancez d’abord « recueil migrate »."
                )
            tables = [_table(archive, connection, one) for one in tables_of_models()]
        # After the photograph: it names at least every answer erased before.
        files = [_grown(archive, data, name) for name in _GROWING]
        files += _media(archive, data)
        manifest = {
            "format": FORMAT,
            "revision": revision,
            "keys": fingerprint(keys),
            "tables": tables,
            "files": files,
        }
        manifest["seal"] = seal(keys, manifest)
        archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    return manifest


def tables_of_models() -> list[Table]:
    """Return every table, those that others refer to first."""
    return [
        Table(
            table.name,
            {column.name: kind_of(column) for column in table.columns},
            [column.name for column in table.primary_key],
        )
        for table in Base.metadata.sorted_tables
    ]


def _table(archive: ZipFile, connection: Connection, table: Table) -> dict[str, Any]:
    count, digest = _write(archive, f"tables/{table.name}.jsonl", table.rows(connection))
    return {**table._asdict(), "count": count, "digest": digest}


def _grown(archive: ZipFile, data: Path, name: str) -> dict[str, Any]:
    """Copy a file that only grows: it is empty until the first line."""
    path = data / name
    if not path.exists():
        return _file(archive, name, io.BytesIO())
    with path.open("rb") as file:
        return _file(archive, name, file)


def _media(archive: ZipFile, data: Path) -> Iterator[dict[str, Any]]:
    """Copy the files of the store; one that is erased meanwhile is simply not there.

    Walked by `os.walk`, which passes over a folder that goes: `rglob` would stop at it.
    """
    for folder, _, names in os.walk(data / MEDIA):
        for path in (Path(folder, name) for name in names):
            try:
                file = path.open("rb")
            except FileNotFoundError:
                continue
            with file:
                yield _file(archive, path.relative_to(data).as_posix(), file)


def _file(archive: ZipFile, name: str, file: IO[bytes]) -> dict[str, Any]:
    _, digest = _write(archive, name, iter(lambda: file.read(CHUNK), b""))
    return {"name": name, "digest": digest}


def _write(archive: ZipFile, name: str, parts: Iterable[bytes]) -> tuple[int, str]:
    count, digest = 0, sha256()
    with archive.open(name, "w", force_zip64=True) as member:
        for part in parts:
            member.write(part)
            digest.update(part)
            count += 1
    return count, digest.hexdigest()


@contextmanager
def _opened(file: Path) -> Iterator[IO[bytes]]:
    """Open a new file under another name: it gets its own when it is whole and on the disk."""
    if file.exists():
        raise ArchiveError(f"« {file} » existe déjà. Choisissez un autre nom : rien n’est écrasé.")
    unfinished = file.with_name(f".{file.name}.en-cours")
    try:
        descriptor = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        raise ArchiveError(f"« {file} » ne peut pas être écrit : {error.strerror}.") from error
    try:
        with os.fdopen(descriptor, "w+b") as opened:
            yield opened
            opened.flush()
            os.fsync(opened.fileno())
        unfinished.rename(file)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
