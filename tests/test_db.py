"""One road to the schema on both databases; one commit for each block; nobody starves."""

from __future__ import annotations

import threading
import time
from datetime import date
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, select, text

from app.db import ERASED, Base, Database, FairLock, insert_or_skip, insert_or_update, migrate
from app.organisations.models import Notice, Organisation


def test_the_migrations_make_exactly_the_tables_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_every_constraint_of_the_database_has_the_name_of_the_models(database: Database) -> None:
    found = inspect(database.engine)
    for name, table in Base.metadata.tables.items():
        keys = {key["name"] for key in found.get_foreign_keys(name)}
        assert keys == {key.name for key in table.foreign_key_constraints}
        assert found.get_pk_constraint(name)["name"] == table.primary_key.name


def test_tables_of_answers_keep_no_order_of_arrival_on_sqlite(migrated_sqlite: Path) -> None:
    with Database(f"sqlite:///{migrated_sqlite}").reading() as session:
        with_rowid = set(
            session.scalars(
                text("SELECT name FROM pragma_table_list WHERE type = 'table' AND wr = 0")
            )
        )
        session.get_bind().dispose()  # type: ignore[union-attr]
    assert not with_rowid & {
        "response", "response_text", "receipt", "score", "pair", "pair_score", "unrolled",
        "rollup", "tombstone",
    }  # fmt: skip


def test_migrating_again_is_quick_and_changes_nothing(
    database: Database, database_url: str
) -> None:
    _add(database, "Le Fil numérique")
    started = time.thread_time()
    migrate(database_url)
    assert time.thread_time() - started < 0.5
    assert _names(database) == ["Le Fil numérique"]


def test_processes_that_migrate_together_do_not_collide(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    failures: list[BaseException] = []

    def start() -> None:
        try:
            migrate(url)
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_sqlite_is_set_to_survive_a_power_cut_and_to_forget(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new.sqlite3'}")
    with database.reading() as session:
        settings = {
            name: session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    database.engine.dispose()
    assert settings == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1,
    }  # fmt: skip


def test_a_writing_block_that_fails_writes_nothing(database: Database) -> None:
    def fail() -> None:
        with database.writing() as session:
            session.add(Organisation(name="Le Fil numérique", contact=""))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert _names(database) == []


def test_what_is_read_is_not_kept(database: Database) -> None:
    with database.reading() as session:
        session.add(Organisation(name="Le Fil numérique", contact=""))
        session.flush()
    assert _names(database) == []


def test_writers_that_read_first_are_never_refused(database: Database) -> None:
    _add(database, "0")
    failures: list[BaseException] = []

    def add_one() -> None:
        try:
            for _ in range(5):
                with database.writing() as session:
                    query = select(Organisation).with_for_update()
                    counter = session.scalars(query).one()
                    counter.name = str(int(counter.name) + 1)
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=add_one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert _names(database) == ["40"]


def test_the_lock_lets_threads_through_in_the_order_they_came() -> None:
    lock, passed = FairLock(), []

    def enter(number: int) -> None:
        with lock:
            passed.append(number)

    with lock:
        threads = [threading.Thread(target=enter, args=(number,)) for number in range(10)]
        for number, thread in enumerate(threads):
            thread.start()
            while len(lock._queue) <= number:
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert passed == list(range(10))


def test_what_was_erased_leaves_the_log_even_when_somebody_was_reading_it(
    database: Database, sqlite_file: Path
) -> None:
    organisation = _add(database, "une parole retirée")
    _add(database, "Le Fil numérique")
    log = sqlite_file.with_name(f"{sqlite_file.name}-wal")
    with database.reading() as reader:
        reader.scalars(select(Organisation)).all()
        with database.writing() as session:
            session.delete(session.get_one(Organisation, organisation.id))
            session.info[ERASED] = True
        assert "une parole retirée".encode() in log.read_bytes() + sqlite_file.read_bytes()
    _add(database, "L’Escale numérique")
    assert "une parole retirée".encode() not in log.read_bytes() + sqlite_file.read_bytes()


def test_inserting_what_exists_skips_or_updates_it(database: Database) -> None:
    organisation = _add(database, "Le Fil numérique")
    words = dict.fromkeys(
        ("readers", "purpose", "legal_basis", "recipients", "rights_contact"), "au début"
    )
    row = {
        "organisation_id": organisation.id, "revision": 1, "retention_years": 1,
        "made_on": date(2026, 3, 10), **words,
    }  # fmt: skip
    dialect = database.engine.dialect.name
    with database.writing() as session:
        connection = session.connection()
        connection.execute(insert_or_skip(dialect, Notice), row)
        skipped = connection.execute(insert_or_skip(dialect, Notice), {**row, "purpose": "après"})
        assert skipped.rowcount == 0
        update = insert_or_update(dialect, Notice, "readers")
        connection.execute(update, {**row, "purpose": "après", "readers": "après"})
    with database.reading() as session:
        notice = session.scalars(select(Notice)).one()
        assert (notice.readers, notice.purpose) == ("après", "au début")


def _add(database: Database, name: str) -> Organisation:
    with database.writing() as session:
        organisation = Organisation(name=name, contact="")
        session.add(organisation)
    return organisation


def _names(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Organisation.name)))
