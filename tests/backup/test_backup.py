"""An archive holds one state of everything but the keys, and comes back the same anywhere."""

from __future__ import annotations

import itertools
import json
import secrets
import shutil
import stat
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.backup import writing
from app.backup.archive import MANIFEST, ArchiveError, seal
from app.backup.burying import Buried
from app.backup.cli import backup as backup_command
from app.backup.cli import restore as restore_command
from app.backup.restoring import restore_archive
from app.backup.writing import tables_of_models, write_archive
from app.campaigns.actions import issue_cards
from app.campaigns.models import Campaign, Link
from app.db import Database, migrate
from app.media import jobs
from app.media.models import MediaFile
from app.media.reception import open_file
from app.media.store import Store, new_key
from app.media.workshop import workbench
from app.organisations.models import Organisation
from app.responses import tombstones
from app.responses.actions import erase
from app.responses.models import Response, ResponseText, Tombstone
from app.responses.queries import by_receipt, texts_of
from app.responses.rollups import fold
from config import Keys, Settings
from tests import conftest
from tests.rebuilding import differences
from tests.responses.conftest import DAY, Sender, progres, sender, waves

__all__ = ("progres", "sender", "waves")

#: Opens a new, empty place: its settings and its database.
NewPlace = Callable[[str], tuple[Settings, Database]]
_NUMBERS = itertools.count(1)


@pytest.fixture
def new_place(
    tmp_path: Path, settings: Settings, keys: Keys, request: pytest.FixtureRequest
) -> Iterator[NewPlace]:
    """Yield a function that makes an empty installation with the same keys, on either database."""
    opened: list[Database] = []
    created: list[tuple[str, str]] = []

    def make(kind: str) -> tuple[Settings, Database]:
        data = tmp_path / f"elsewhere{next(_NUMBERS)}"
        data.mkdir()
        shutil.copy(tmp_path / "recueil.key", data)
        url = f"sqlite:///{data}/recueil.sqlite3"
        if kind == "postgresql":
            server = request.getfixturevalue("postgresql_server")
            name = f"restored_{next(_NUMBERS)}"
            conftest._administer(server, f"CREATE DATABASE {name}")
            created.append((server, name))
            url = f"{server}/{name}"
        opened.append(Database(url))
        return replace(settings, data=data, database_url=url), opened[-1]

    yield make
    for database in opened:
        database.engine.dispose()
    for server, name in created:
        conftest._administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def receipt(
    database: Database, keys: Keys, sender: Sender, progres: Campaign, waves: dict[str, Link]
) -> str:
    """Fill the database with pairs, texts and rollups; return the receipt of one answer."""
    with database.writing() as session:
        cards = list(issue_cards(session, keys, progres, 4))
    for number, card in enumerate(cards):
        sender.send(waves["entree"], card=card, texts={"mot": f"Été n° {number} 🙂"})
        sent = sender.send(waves["sortie"], card=card, texts={"mot": "ça va mieux"})
        if number == 1:
            with database.writing() as session:
                fold(session, progres.organisation_id)
    return sent.receipt or ""


@pytest.mark.parametrize(
    "elsewhere", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def test_what_comes_back_is_the_same_on_either_database(
    database: Database, settings: Settings, keys: Keys, receipt: str, new_place: NewPlace,
    tmp_path: Path, elsewhere: str,
) -> None:  # fmt: skip
    made = write_archive(database, keys, settings.data, tmp_path / "a.zip")
    there, restored = new_place(elsewhere)
    manifest, erased = restore_archive(restored, there, keys, tmp_path / "a.zip")
    assert erased == Buried()
    again = write_archive(restored, keys, there.data, tmp_path / "b.zip")
    assert again["tables"] == manifest["tables"] == made["tables"]
    counts = {table["name"]: table["count"] for table in made["tables"]}
    assert (counts["response"], counts["pair"], counts["response_text"]) == (8, 4, 8)
    with restored.reading() as session:
        assert differences(session) == []
        found = by_receipt(session, keys, receipt)
        assert found is not None
        assert texts_of(session, keys, [found.id])[found.id] == {"mot": "ça va mieux"}


def test_every_table_travels() -> None:
    from app.db import Base

    assert {table.name for table in tables_of_models()} == set(Base.metadata.tables)


def test_an_answer_erased_after_the_backup_stays_erased(
    database: Database, settings: Settings, keys: Keys, receipt: str, new_place: NewPlace,
    tmp_path: Path, sender: Sender, waves: dict[str, Link],
) -> None:  # fmt: skip
    write_archive(database, keys, settings.data, tmp_path / "a.zip")
    later = sender.build(waves["entree"])
    later_receipt = sender.record(later).receipt or ""
    for code in (receipt, later_receipt):
        with database.writing() as session:
            found = by_receipt(session, keys, code)
            assert found is not None
            erase(session, settings.data, found.id, DAY)
    there, restored = new_place("sqlite")
    shutil.copy(settings.data / tombstones.NAME, there.data)
    _, erased = restore_archive(restored, there, keys, tmp_path / "a.zip")
    assert erased == Buried(answers=1)
    with restored.reading() as session:
        assert by_receipt(session, keys, receipt) is None
        assert differences(session) == []
        assert session.scalar(select(func.count()).select_from(Response)) == 7
        assert session.scalar(select(func.count()).select_from(Tombstone)) == 2
    assert Sender(restored, keys, sender.random).record(later).kind == "erased"


def test_the_tombstones_of_the_archive_come_along(
    database: Database, settings: Settings, keys: Keys, receipt: str, new_place: NewPlace,
    tmp_path: Path,
) -> None:  # fmt: skip
    with database.writing() as session:
        found = by_receipt(session, keys, receipt)
        assert found is not None
        erase(session, settings.data, found.id, DAY)
    write_archive(database, keys, settings.data, tmp_path / "a.zip")
    there, restored = new_place("sqlite")
    restore_archive(restored, there, keys, tmp_path / "a.zip")
    assert tombstones.read(there.data) == tombstones.read(settings.data) != []


def test_the_archive_is_one_state_while_people_answer(
    database: Database, settings: Settings, keys: Keys, receipt: str, new_place: NewPlace,
    tmp_path: Path, sender: Sender, waves: dict[str, Link], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Answers are sent between every two tables of the archive."""
    from app.backup import writing

    write_one = writing._table

    def answered_meanwhile(*given: Any) -> dict[str, Any]:
        sending = threading.Thread(target=sender.send, args=(waves["entree"],))
        sending.start()
        sending.join(60)
        assert not sending.is_alive()
        return write_one(*given)

    monkeypatch.setattr(writing, "_table", answered_meanwhile)
    made = write_archive(database, keys, settings.data, tmp_path / "a.zip")
    counts = {table["name"]: table["count"] for table in made["tables"]}
    assert counts["response"] == counts["receipt"] < 8 + len(counts)
    there, restored = new_place("sqlite")
    restore_archive(restored, there, keys, tmp_path / "a.zip")
    with restored.reading() as session:
        assert differences(session) == []


def test_the_archive_holds_no_key_and_no_readable_text(
    database: Database, settings: Settings, keys: Keys, receipt: str, tmp_path: Path
) -> None:
    write_archive(database, keys, settings.data, tmp_path / "a.zip")
    assert stat.S_IMODE((tmp_path / "a.zip").stat().st_mode) == 0o600
    with ZipFile(tmp_path / "a.zip") as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b'"satisfaction"' in everything or b"progres" in everything
    assert "ça va mieux".encode() not in everything
    assert keys.master.hex().encode() not in everything


def test_media_travel(
    database: Database, settings: Settings, keys: Keys, receipt: str, new_place: NewPlace,
    tmp_path: Path,
) -> None:  # fmt: skip
    (settings.data / "media" / "ab").mkdir(parents=True)
    (settings.data / "media" / "ab" / "voix").write_bytes(b"\x00son")
    write_archive(database, keys, settings.data, tmp_path / "a.zip")
    there, restored = new_place("sqlite")
    restore_archive(restored, there, keys, tmp_path / "a.zip")
    assert (there.data / "media" / "ab" / "voix").read_bytes() == b"\x00son"


@pytest.fixture
def archive(
    database: Database, settings: Settings, keys: Keys, receipt: str, tmp_path: Path
) -> Path:
    """Return an archive of the filled database."""
    write_archive(database, keys, settings.data, tmp_path / "a.zip")
    return tmp_path / "a.zip"


def _refused(
    new_place: NewPlace, keys: Keys, archive: Path, match: str, prepare: Any = None
) -> None:
    there, restored = new_place("sqlite")
    if prepare:
        prepare(there)
    was = _files(there.data)
    with pytest.raises(ArchiveError, match=match):
        restore_archive(restored, there, keys, archive)
    assert _files(there.data) == was
    if not prepare:
        with restored.engine.connect() as connection:
            assert connection.dialect.get_table_names(connection) == []


def test_other_keys_are_refused(new_place: NewPlace, archive: Path) -> None:
    _refused(new_place, Keys(b"x" * 32), archive, "autres clés")


@pytest.mark.parametrize("part", [0.0, 0.3, 0.9, 0.999])
def test_a_truncated_archive_is_refused(
    new_place: NewPlace, keys: Keys, archive: Path, part: float
) -> None:
    whole = archive.read_bytes()
    archive.write_bytes(whole[: int(len(whole) * part)])
    _refused(new_place, keys, archive, "abîmée")


def test_a_changed_row_is_refused(new_place: NewPlace, keys: Keys, archive: Path) -> None:
    changed = _rewritten(archive, "tables/lieu.jsonl", lambda text: text.replace(b"Kerlann", b"X"))
    _refused(new_place, keys, changed, "abîmée")


def test_rows_added_by_who_has_no_keys_are_refused(
    new_place: NewPlace, keys: Keys, archive: Path
) -> None:
    """Whoever keeps the copies can write digests as well as rows; not the seal."""
    forged = b'["0123456789abcdef0123456789abcdef"]\n'

    def with_digest(text: bytes) -> bytes:
        manifest = json.loads(text)
        table = next(one for one in manifest["tables"] if one["name"] == "lieu")
        table["digest"] = sha256(forged).hexdigest()
        return json.dumps(manifest).encode()

    _refused(new_place, keys, _rewritten(archive, MANIFEST, with_digest), "abîmée")
    both = _rewritten(archive, "tables/lieu.jsonl", lambda _: forged, "rows.zip")
    _refused(new_place, keys, _rewritten(both, MANIFEST, with_digest), "abîmée")


@pytest.mark.parametrize("name", ["../dehors", "media/../../dehors", "/tmp/dehors"])
def test_a_file_that_would_land_elsewhere_is_refused(
    new_place: NewPlace, keys: Keys, archive: Path, name: str
) -> None:
    with ZipFile(archive, "a") as slipped:
        slipped.writestr(name, b"x")

    def named(text: bytes) -> bytes:
        manifest = json.loads(text)
        manifest["files"].append({"name": name, "digest": sha256(b"x").hexdigest()})
        return json.dumps(manifest).encode()

    _refused(new_place, keys, _rewritten(archive, MANIFEST, named), "abîmée")


@pytest.mark.parametrize(
    "manifest",
    [b"[]", b"null", b'{"format": 1}', b"[" * 100_000, b'{"format": 1, "revision": []}', b"\xff",
     b" " * ((64 << 20) + 1)],
)  # fmt: skip
def test_a_manifest_that_says_anything_is_refused(
    new_place: NewPlace, keys: Keys, tmp_path: Path, manifest: bytes
) -> None:
    with ZipFile(tmp_path / "other.zip", "w", ZIP_DEFLATED) as other:
        other.writestr(MANIFEST, manifest)
    _refused(new_place, keys, tmp_path / "other.zip", "archive|plus récente")


def test_what_is_no_archive_is_refused(new_place: NewPlace, keys: Keys, tmp_path: Path) -> None:
    with ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr("lisez-moi.txt", "bonjour")
    _refused(new_place, keys, tmp_path / "other.zip", "pas une archive de Recueil")
    _refused(new_place, keys, tmp_path / "nowhere.zip", "ne peut pas être lu")


def test_a_newer_archive_is_refused(new_place: NewPlace, keys: Keys, archive: Path) -> None:
    def newer(text: bytes) -> bytes:
        return json.dumps({**json.loads(text), "revision": "9999"}).encode()

    _refused(new_place, keys, _rewritten(archive, MANIFEST, newer), "plus récente")


def test_what_is_there_already_is_never_mixed(
    new_place: NewPlace, keys: Keys, archive: Path, database: Database, settings: Settings
) -> None:
    with pytest.raises(ArchiveError, match="déjà des données"):
        restore_archive(database, settings, keys, archive)

    def with_media(there: Settings) -> None:
        (there.data / "media").mkdir()
        (there.data / "media" / "voix").write_bytes(b"son")

    _refused(new_place, keys, archive, "déjà des données", with_media)


def test_a_migrated_and_empty_database_may_receive(
    new_place: NewPlace, keys: Keys, archive: Path
) -> None:
    there, restored = new_place("sqlite")
    migrate(there.database_url)
    restore_archive(restored, there, keys, archive)
    with restored.reading() as session:
        assert session.scalar(select(func.count()).select_from(ResponseText)) == 8


def test_an_archive_of_an_older_version_is_brought_up_to_date(
    new_place: NewPlace, keys: Keys, archive: Path, receipt: str
) -> None:
    """Written as version 0001 wrote it: its tables, its columns."""
    older = _as_before_0002(archive, keys)
    there, restored = new_place("sqlite")
    _, erased = restore_archive(restored, there, keys, older)
    assert erased == Buried()
    with restored.reading() as session:
        assert differences(session) == []
        assert by_receipt(session, keys, receipt) is not None
    _refused(new_place, keys, older, "plus ancienne", lambda place: migrate(place.database_url))


def test_the_commands_say_the_same_on_both_sides(
    app: Flask, receipt: str, tmp_path: Path, keys: Keys, library: Any, new_place: NewPlace
) -> None:
    from app import create_app

    file = str(tmp_path / "a.zip")
    made = app.test_cli_runner().invoke(backup_command, [file])
    assert made.exit_code == 0
    assert str(app.extensions["settings"].data / "recueil.key") in made.stderr
    there, _ = new_place("sqlite")
    other = create_app(there)
    restored = other.test_cli_runner().invoke(restore_command, [file])
    assert restored.stdout == made.stdout
    assert "response " in made.stdout
    twice = app.test_cli_runner().invoke(backup_command, [file])
    assert twice.exit_code == 2
    assert "existe déjà" in twice.stderr
    again = other.test_cli_runner().invoke(restore_command, [file])
    assert again.exit_code == 2
    assert "déjà des données" in again.stderr
    other.extensions["database"].engine.dispose()


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if ".sqlite3" not in path.name)


def _rewritten(
    archive: Path, member: str, change: Callable[[bytes], bytes], name: str = "changed.zip"
) -> Path:
    changed = archive.with_name(name)
    with ZipFile(archive) as old, ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == member else content)
    return changed


def _as_before_0002(archive: Path, keys: Keys) -> Path:
    """Take away what 0002 added, and tell the digests of what is left."""
    from sqlalchemy import create_engine, inspect

    older = archive.with_name("older.zip")
    first = f"sqlite:///{archive.with_name('first.sqlite3')}"
    migrate(first, "0001")
    engine = create_engine(first)
    columns = {
        name: {column["name"] for column in inspect(engine).get_columns(name)}
        for name in inspect(engine).get_table_names()
    }
    engine.dispose()
    with ZipFile(archive) as old, ZipFile(older, "w") as new:
        manifest = json.loads(old.read(MANIFEST))
        manifest["revision"] = "0001"
        manifest["files"] = [one for one in manifest["files"] if one["name"] == "tombstones"]
        manifest["tables"] = [one for one in manifest["tables"] if one["name"] in columns]
        for table in manifest["tables"]:
            kept = [name for name in table["columns"] if name in columns[table["name"]]]
            places = [list(table["columns"]).index(name) for name in kept]
            lines = []
            for text in old.read(f"tables/{table['name']}.jsonl").splitlines():
                row = json.loads(text)
                values = [row[place] for place in places]
                lines.append(json.dumps(values, ensure_ascii=False, separators=(",", ":"),
                                        sort_keys=True) + "\n")  # fmt: skip
            content = "".join(lines).encode()
            table["columns"] = {name: table["columns"][name] for name in kept}
            table["digest"] = sha256(content).hexdigest()
            new.writestr(f"tables/{table['name']}.jsonl", content)
        new.writestr("tombstones", old.read("tombstones"))
        del manifest["seal"]
        new.writestr(MANIFEST, json.dumps({**manifest, "seal": seal(keys, manifest)}))
    return older


def test_a_voice_travels_with_the_archive_and_stays_to_its_owner(
    database: Database, settings: Settings, keys: Keys, organisation: Organisation,
    new_place: NewPlace, tmp_path: Path,
) -> None:  # fmt: skip
    content, key = secrets.token_bytes(300_000) + b"MARQUEUR-voix", new_key()
    Store(settings.data).put(key, content)
    with database.writing() as session:
        media = MediaFile(
            organisation_id=organisation.id, kind="audio", state="ready", day=DAY,
            announced=len(content), playable=key, content_type="audio/mp4",
        )  # fmt: skip
        waiting = open_file(session, organisation.id, "image", 10, DAY)
        session.add(media)
        jobs.ask(session, jobs.CONVERT, waiting.id)
    with workbench(settings.data) as folder:  # what is being made is not copied
        (folder / "original").write_bytes(b"half-way")
        write_archive(database, keys, settings.data, tmp_path / "a.zip")
    with ZipFile(tmp_path / "a.zip") as archive:
        names = archive.namelist()
        assert not any(b"MARQUEUR-voix" in archive.read(name) for name in names)
    assert [one for one in names if "original" in one or key in one] == [
        f"media/{key[:2]}/{key}/{0:012}"
    ]
    there, restored = new_place("sqlite")
    restore_archive(restored, there, keys, tmp_path / "a.zip")
    store = Store(there.data)
    with restored.reading() as session:
        assert store.sweep_orphans(session, older_than=-1) == []
        assert jobs.is_due(session, jobs.universal_now())
        found = session.get_one(MediaFile, media.id)
    assert b"".join(store.read(found.playable)) == content
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700


def test_a_file_erased_while_the_archive_is_written_is_not_in_it(
    database: Database, settings: Settings, keys: Keys, new_place: NewPlace, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The others may be listed already, alone or beside the one that is copied, or not yet."""
    store, erased = Store(settings.data), [new_key() for _ in range(6)]
    for key in erased:
        for start in (0, 5):
            store.put(key, b"voix \x00", start)
    copy, copied = writing._file, list[str]()

    def erase_while_copying(archive: ZipFile, name: str, file: IO[bytes]) -> dict[str, Any]:
        if name.startswith("media/"):
            copied.append(name)
            store.forget(*erased)
        return copy(archive, name, file)

    monkeypatch.setattr(writing, "_file", erase_while_copying)
    manifest = write_archive(database, keys, settings.data, tmp_path / "a.zip")
    named = [one["name"] for one in manifest["files"] if one["name"].startswith("media/")]
    assert len(named) == 1
    assert named == copied
    with ZipFile(tmp_path / "a.zip") as archive:
        assert [one for one in archive.namelist() if one.startswith("media/")] == named
    there, restored = new_place("sqlite")
    restore_archive(restored, there, keys, tmp_path / "a.zip")
    found = (there.data / "media").rglob("0*")
    assert [one.relative_to(there.data).as_posix() for one in found] == named
