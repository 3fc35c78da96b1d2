"""Write an archive of one state of the installation while people answer."""

from __future__ import annotations

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
    TOMBSTONES,
    ArchiveError,
    Table,
    fingerprint,
    kind_of,
    seal,
)
from app.db import Base, revision_of
from app.responses import tombstones

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from app.db import Database
    from config import Keys

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
        files = [_file(archive, data / tombstones.NAME, TOMBSTONES)]
        media = data / MEDIA
        files += [
            _file(archive, path, path.relative_to(data).as_posix())
            for path in sorted(media.rglob("*"))
            if path.is_file()
        ]
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


def _file(archive: ZipFile, path: Path, name: str) -> dict[str, Any]:
    _, digest = _write(archive, name, _chunks(path))
    return {"name": name, "digest": digest}


def _write(archive: ZipFile, name: str, parts: Iterable[bytes]) -> tuple[int, str]:
    count, digest = 0, sha256()
    with archive.open(name, "w", force_zip64=True) as member:
        for part in parts:
            member.write(part)
            digest.update(part)
            count += 1
    return count, digest.hexdigest()


def _chunks(path: Path) -> Iterator[bytes]:
    if not path.exists():
        return
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


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
