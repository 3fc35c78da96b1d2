"""The database: one engine, read sessions, and write blocks that commit once."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, cast

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, Insert, MetaData, Table, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from config import PROJECT

#: Every constraint has a name, so that migrations can speak of it on both databases.
NAMES = {
    "pk": "pk_%(table_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
}

#: Milliseconds that a writer of another process is waited for.
BUSY = 5_000

#: FULL makes an acknowledged answer survive a power cut (NORMAL lost some in 6 cuts of 6).
SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    f"busy_timeout={BUSY}",
    # Random ids touch pages all over: with the default of 2 MiB a large file thrashes.
    "cache_size=-16384",
    "secure_delete=ON",
    "trusted_schema=OFF",
)

#: In `Session.info`: something was erased, of which no trace may stay.
ERASED = "erased"

#: Milliseconds that emptying the log waits for those who read it: writers wait behind it.
PATIENCE = 100

#: The advisory lock that lets one process migrate at a time on PostgreSQL.
MIGRATING = 0x7265_6375


class Base(DeclarativeBase):
    """Be the parent of every table."""

    metadata = MetaData(naming_convention=NAMES)


class FairLock:
    """Let threads through in the order they came: SQLite alone can starve one for seconds."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._held = False
        self._queue: deque[threading.Lock] = deque()

    def __enter__(self) -> None:
        with self._guard:
            if not self._held:
                self._held = True
                return
            turn = threading.Lock()
            turn.acquire()
            self._queue.append(turn)
        turn.acquire()

    def __exit__(self, *_: object) -> None:
        with self._guard:
            if self._queue:
                self._queue.popleft().release()
            else:
                self._held = False


class Database:
    """Open sessions on one database, SQLite or PostgreSQL, with the same promises."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        #: What opens a session; rooms may watch what goes through.
        self.sessions = sessionmaker(self.engine, expire_on_commit=False)
        self._writers = FairLock()
        #: The log may hold what was erased; a former process may have left some.
        self._log_holds_traces = True

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session whose work is thrown away at the end."""
        with self.sessions() as session:
            yield session

    @contextmanager
    def photographed(self) -> Iterator[Connection]:
        """Yield a connection that sees one state of the database, whoever writes meanwhile."""
        with self.engine.connect() as connection:
            if not self.is_sqlite:  # where a read transaction sees one state anyway
                connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Yield a session that is committed once, at the end, or rolled back on an error.

        On SQLite writers queue in order of arrival and begin with BEGIN IMMEDIATE: a
        transaction that reads before it writes is never refused in the middle.
        """
        if not self.is_sqlite:
            with self.sessions() as session, session.begin():
                yield session
            return
        with self._writers, self.sessions() as session:
            session.connection(execution_options={"recueil_writes": True})
            yield session
            session.commit()
            if ERASED in session.info:
                self._log_holds_traces = True
            if self._log_holds_traces:
                self._log_holds_traces = not self._empty_log()

    def _empty_log(self) -> bool:
        """Move the write-ahead log into the file, where what was deleted is zeroes, and cut it.

        Return False while somebody still reads the log: the next write tries again.
        """
        with self.engine.connect() as connection:
            cursor = connection.connection.cursor()
            cursor.execute(f"PRAGMA busy_timeout={PATIENCE}")
            (is_busy, *_) = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            cursor.execute(f"PRAGMA busy_timeout={BUSY}")
            return not is_busy


def table_of(model: type[Base]) -> Table:
    """Return the table of a model, for statements that make no objects."""
    return cast("Table", model.__table__)


@cache
def insert_or_skip(dialect: str, table: type[Base]) -> Insert:
    """Return an INSERT that leaves in place a row that has the same key already."""
    return _insert(dialect, table).on_conflict_do_nothing()


@cache
def insert_or_update(dialect: str, table: type[Base], *columns: str) -> Insert:
    """Return an INSERT that, where the primary key exists already, updates some columns."""
    statement = _insert(dialect, table)
    return statement.on_conflict_do_update(
        index_elements=[column.name for column in table_of(table).primary_key],
        set_={column: statement.excluded[column] for column in columns},
    )


def _insert(dialect: str, table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(table_of(table)).inline().execution_options(preserve_rowcount=True)


def migrate(url: str, revision: str | None = None) -> None:
    """Bring the database to a migration, the last one unless told; cheap when it is there already.

    Several processes may call it at once: one works, the others wait for it.
    """
    settings = _alembic()
    wanted = revision or ScriptDirectory.from_config(settings).get_current_head()
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            if revision_of(connection) == wanted:
                return
        with engine.connect() as connection:
            _migrate(connection, settings, revision or "head")
    finally:
        engine.dispose()


def revision_of(connection: Connection) -> str | None:
    """Return the migration that a database is at; None when it is new."""
    return MigrationContext.configure(connection).get_current_revision()


def known_revisions() -> list[str]:
    """Return every migration that this version of Recueil knows, the last one first."""
    scripts = ScriptDirectory.from_config(_alembic())
    return [script.revision for script in scripts.walk_revisions()]


def _alembic() -> Config:
    settings = Config(attributes={"connection": None})
    settings.set_main_option("script_location", str(PROJECT / "migrations").replace("%", "%%"))
    return settings


def _migrate(connection: Connection, settings: Config, revision: str) -> None:
    if connection.dialect.name == "sqlite":
        # A batch migration rebuilds tables: their rows must not cascade away meanwhile.
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        connection = connection.execution_options(recueil_writes=True)
    with connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATING})
        settings.attributes["connection"] = connection
        command.upgrade(settings, revision)


def _engine(url: str) -> Engine:
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    # An error must never write what somebody answered into the log.
    engine = create_engine(url, hide_parameters=True, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver would otherwise begin by itself, too late
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("recueil_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
