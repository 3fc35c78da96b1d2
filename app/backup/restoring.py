"""Restore an archive into an empty installation: checked whole before anything is written."""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from zipfile import BadZipFile, ZipFile

from sqlalchemy import insert, inspect, select

from app.backup.archive import (
    AT_ONCE,
    FORMAT,
    MANIFEST,
    MEDIA,
    ArchiveError,
    Table,
    fingerprint,
    seal,
)
from app.backup.burying import Buried, bury
from app.db import known_revisions, migrate, revision_of
from app.media.store import Store

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from app.db import Database
    from config import Keys, Settings

#: Bytes read together.
CHUNK = 1 << 20
#: Bytes of the longest manifest: it is read whole, before anything says who wrote it.
LONGEST_MANIFEST = 64 << 20

DAMAGED = "L’archive « {} » est abîmée ou incomplète : prenez-en une autre. Rien n’a été écrit."


def restore_archive(
    database: Database, settings: Settings, keys: Keys, file: Path
) -> tuple[dict[str, Any], Buried]:
    """Restore an archive; return its manifest, and what was erased since and went again.

    Raise ArchiveError, before anything is written, when it cannot be restored here.
    """
    with _opened(file) as archive:
        manifest = _manifest(archive, file)
        _refuse_other_keys(manifest, keys, settings, file)
        _check(archive, manifest, file)
        _refuse_what_is_there(database, manifest, settings.data)
        migrate(settings.database_url, manifest["revision"])
        is_older = manifest["revision"] != known_revisions()[0]
        buried = Buried()
        with database.writing() as session:
            _load(archive, session.connection(), manifest)
            if not is_older:
                buried = bury(session, keys, settings.data, archive)
        _extract_media(archive, manifest, settings.data)
        if is_older:
            migrate(settings.database_url)
            with database.writing() as session:
                buried = bury(session, keys, settings.data, archive)
        # Last: they were copied with the others.
        if buried.files:
            Store(settings.data).forget(*buried.files)
    return manifest, buried


@contextmanager
def _opened(file: Path) -> Iterator[ZipFile]:
    try:
        with ZipFile(file) as archive:
            yield archive
    except OSError as error:
        raise ArchiveError(f"« {file} » ne peut pas être lu : {error.strerror}.") from error
    except (BadZipFile, zlib.error, EOFError) as error:
        raise ArchiveError(DAMAGED.format(file)) from error


def _manifest(archive: ZipFile, file: Path) -> dict[str, Any]:
    try:
        with archive.open(MANIFEST) as member:
            manifest = json.loads(member.read(LONGEST_MANIFEST))
        is_ours = manifest["format"] == FORMAT and manifest["revision"] in known_revisions()
    except (KeyError, TypeError, ValueError, RuntimeError) as error:  # RuntimeError: ciphered
        raise ArchiveError(f"« {file} » n’est pas une archive de Recueil.") from error
    if not is_ours:
        raise ArchiveError(
            "Cette archive vient d’une version de Recueil plus récente que celle-ci. "
            "Mettez Recueil à jour, puis recommencez. Rien n’a été écrit."
        )
    return cast("dict[str, Any]", manifest)


def _refuse_other_keys(
    manifest: dict[str, Any], keys: Keys, settings: Settings, file: Path
) -> None:
    """Refuse what other keys wrote, then what was written by who has no keys."""
    if manifest.get("keys") != fingerprint(keys):
        raise ArchiveError(
            "Cette archive a été faite avec d’autres clés : ses textes et ses reçus seraient "
            f"illisibles. Remplacez {settings.data / 'recueil.key'} par la copie des clés de "
            "cette installation-là, puis recommencez. Rien n’a été écrit."
        )
    if manifest.pop("seal", "") != seal(keys, manifest):
        raise ArchiveError(DAMAGED.format(file))


def _check(archive: ZipFile, manifest: dict[str, Any], file: Path) -> None:
    """Refuse an archive of which one byte changed, or whose files would land elsewhere."""
    members = {f"tables/{one['name']}.jsonl": one["digest"] for one in manifest["tables"]}
    members |= {one["name"]: one["digest"] for one in manifest["files"]}
    for name, digest in members.items():
        found = sha256()
        try:
            with archive.open(name) as member:
                while chunk := member.read(CHUNK):
                    found.update(chunk)
        except (KeyError, RuntimeError) as error:  # RuntimeError: ciphered, or squeezed otherwise
            raise ArchiveError(DAMAGED.format(file)) from error
        if found.hexdigest() != digest or ".." in name.split("/"):
            raise ArchiveError(DAMAGED.format(file))


def _refuse_what_is_there(database: Database, manifest: dict[str, Any], data: Path) -> None:
    """Refuse a database or a media folder that holds something already."""
    known = known_revisions()
    with database.engine.connect() as connection:
        revision = revision_of(connection)
        if revision and known.index(revision) < known.index(manifest["revision"]):
            raise ArchiveError(
                "Cette archive vient d’une version plus ancienne de Recueil : restaurez-la dans "
                "une base toute neuve, sans « recueil migrate » avant. Rien n’a été écrit."
            )
        present = set(inspect(connection).get_table_names()) - {"alembic_version"}
        tables = {one["name"]: _table_of(one) for one in manifest["tables"]}
        is_empty = all(
            revision is not None
            and name in tables
            and connection.execute(select(tables[name].clause).limit(1)).first() is None
            for name in present
        )
    media = data / MEDIA
    if not is_empty or (media.exists() and any(media.iterdir())):
        raise ArchiveError(
            "Il y a déjà des données ici. Restaurez dans un dossier RECUEIL_DATA ou une base "
            "(DATABASE_URL) vides, avec la même clé recueil.key. Rien n’a été écrit."
        )


def _load(archive: ZipFile, connection: Connection, manifest: dict[str, Any]) -> None:
    """Write every row, then read all back: the digests must be those of the archive."""
    for described in manifest["tables"]:
        table = _table_of(described)
        with archive.open(f"tables/{table.name}.jsonl") as member:
            lines = io.BufferedReader(cast("io.RawIOBase", member), CHUNK)
            while rows := [table.values(text) for text in islice(lines, AT_ONCE)]:
                connection.execute(insert(table.clause), rows)
    for described in manifest["tables"]:
        digest = sha256()
        for text in _table_of(described).rows(connection):
            digest.update(text)
        if digest.hexdigest() != described["digest"]:
            raise ArchiveError(
                f"La table « {described['name']} » relue n’est pas celle de l’archive. "
                "Rien n’a été gardé ; signalez-le."
            )


def _extract_media(archive: ZipFile, manifest: dict[str, Any], data: Path) -> None:
    for described in manifest["files"]:
        if described["name"].startswith(MEDIA):
            archive.extract(described["name"], data)


def _table_of(described: dict[str, Any]) -> Table:
    return Table(described["name"], described["columns"], described["key"])
