"""What every test may ask for: a migrated database of its own, keys, an application, a campaign.

Data tests run on SQLite and on PostgreSQL; tests of pages, which ask for `app`, and tests of the
file itself, which ask for `sqlite_file`, on SQLite.
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect, sync_playwright
from werkzeug.serving import make_server

from app import create_app
from app.campaigns import queries
from app.campaigns.actions import open_campaign
from app.campaigns.models import Campaign, Link
from app.db import Database, migrate
from app.organisations import access
from app.organisations.actions import add_lieu, create_organisation
from app.organisations.models import Lieu, Organisation
from app.organisations.queries import Reach
from app.questionnaires import Library, load_library
from config import PROJECT, Keys, Settings
from tests.browser.service import NAME
from tests.ports import free_port

#: Folders where Debian and others keep the server's programs.
POSTGRESQL_BINARIES = "/usr/lib/postgresql/*/bin"
#: Nothing here must outlive a power cut.
FAST_AND_LOOSE = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
#: Where Debian puts the browser.
CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_OPTIONS = ["--no-sandbox", f"--host-resolver-rules=MAP {NAME} 127.0.0.1"]

# The same examples each time, without a limit to their duration: no run differs from the last one.
hypothesis.settings.load_profile("ci")
# A page shows what it should at once; a machine with much to do may take longer.
expect.set_options(timeout=30_000)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for a database once on each, unless it is about pages."""
    if "database_kind" not in metafunc.fixturenames:
        return
    kinds: list[Any] = ["sqlite"]
    if not {"app", "sqlite_file"} & set(metafunc.fixturenames):
        kinds.append(pytest.param("postgresql", marks=pytest.mark.postgresql))
    metafunc.parametrize("database_kind", kinds)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Try a test of the browser once more when the page was not ready in time, and say so.

    Only what Playwright waited for counts; what a test asserts by itself fails at once.
    """
    waited_for = ["^(Timeout)?Error: ", "^AssertionError: (Locator|Page) expected"]
    again = pytest.mark.flaky(reruns=1, only_rerun=waited_for)
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(again)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Make a skipped test fail where everything must run (`.ci/run`)."""
    report = yield
    if report.skipped and os.environ.get("RECUEIL_NO_SKIP"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped: {call.excinfo and call.excinfo.value}"
    return report


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty, migrated SQLite file: each test takes a copy."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.sqlite3"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Yield the URL of a PostgreSQL server, without a database name: ours, or a given one."""
    given = os.environ.get("RECUEIL_TEST_POSTGRESQL")
    if given:
        yield given.rsplit("/", 1)[0]
        return
    binaries = sorted(Path("/").glob(POSTGRESQL_BINARIES[1:]), key=str)
    if not binaries:
        pytest.skip("PostgreSQL n'est pas installé (paquet postgresql)")
    with tempfile.TemporaryDirectory(prefix="recueil-pg-") as folder:
        as_owner = _unprivileged(Path(folder))
        data, port = f"{folder}/data", free_port()
        initdb = [binaries[-1] / "initdb", "-D", data, "-U", "recueil", "-A", "trust"]
        subprocess.run(
            [*as_owner, *initdb, "-E", "UTF8", "--no-locale", "--no-sync"],
            check=True, capture_output=True, cwd=folder,
        )  # fmt: skip
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 {FAST_AND_LOOSE}"
        control = [*as_owner, binaries[-1] / "pg_ctl", "-D", data, "-w", "-t", "300"]
        subprocess.run(
            [*control, "start", "-l", f"{folder}/log", "-o", options],
            check=True, stdout=subprocess.DEVNULL, cwd=folder,
        )  # fmt: skip
        try:
            yield f"postgresql+psycopg://recueil@127.0.0.1:{port}"
        finally:
            subprocess.run([*control, "stop", "-m", "immediate"], check=True, cwd=folder,
                           stdout=subprocess.DEVNULL)  # fmt: skip


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_server: str) -> str:
    """Return the name of an empty, migrated database: each test takes a copy."""
    name = f"recueil_{os.getpid()}"
    _administer(postgresql_server, f"CREATE DATABASE {name}")
    migrate(f"{postgresql_server}/{name}")
    return name


@pytest.fixture
def database_url(
    database_kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[str]:
    """Yield the URL of a migrated database of the test's own."""
    if database_kind == "sqlite":
        path = tmp_path / "recueil.sqlite3"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    server: str = request.getfixturevalue("postgresql_server")
    template: str = request.getfixturevalue("migrated_postgresql")
    name = f"{template}_{next(_NUMBERS)}"
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield f"{server}/{name}"
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


_NUMBERS = itertools.count(1)


@pytest.fixture
def sqlite_file(database_url: str) -> Path:
    """Return the file of the database, for what only a file can show."""
    return Path(database_url.removeprefix("sqlite:///"))


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Return the settings of an installation in a temporary folder."""
    defaults = Settings.from_environment({"RECUEIL_DATA": str(tmp_path)})
    return replace(defaults, database_url=database_url, surveys=PROJECT / "surveys")


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    """Return the keys of the installation."""
    return Keys.in_folder(tmp_path)


@pytest.fixture(scope="session")
def library() -> Library:
    """Return the questionnaires we ship."""
    return load_library(PROJECT / "surveys")


@pytest.fixture
def app(settings: Settings, library: Library, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """Yield the whole application on the test's database."""
    # The real questionnaires, which never change, read once for all tests.
    monkeypatch.setattr("app.load_library", lambda _folder: library)
    app = create_app(settings)
    app.config["TESTING"] = True
    yield app
    app.extensions["database"].engine.dispose()


@pytest.fixture
def one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no second and no hour end: the journal notes the same act once in each."""
    moment = access.now()
    monkeypatch.setattr(access, "now", lambda: moment)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a browser without JavaScript."""
    return app.test_client()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Yield the address of the application, served for real."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    # The server looks this often whether it should stop: half a second a test otherwise.
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Yield Chromium: one for all tests, each of which opens and closes its own context."""
    if not CHROMIUM.exists():
        pytest.skip("Chromium n'est pas installé (paquet chromium)")
    # Playwright allows one running instance a thread: nothing else in the tests starts it.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def database(request: pytest.FixtureRequest, database_url: str) -> Iterator[Database]:
    """Yield the test's database: the application's own when the test asks for one."""
    if "app" in request.fixturenames:
        yield request.getfixturevalue("app").extensions["database"]
        return
    database = Database(database_url)
    yield database
    database.engine.dispose()


@pytest.fixture
def organisation(database: Database) -> Organisation:
    """Return a structure whose notice is complete."""
    with database.writing() as session:
        return create_organisation(
            session, "Le Fil numérique", contact="4 rue du Lavoir, Kerlann · 02 00 00 00 00"
        )


@pytest.fixture
def lieu(database: Database, organisation: Organisation) -> Lieu:
    """Return a place of the structure."""
    with database.writing() as session:
        return add_lieu(session, organisation.id, "Médiathèque de Kerlann", "Kerlann")


OpenCampaign = Callable[..., Campaign]


@pytest.fixture
def campaign_of(database: Database, library: Library, lieu: Lieu) -> OpenCampaign:
    """Return a function that opens a campaign of any questionnaire over the year 2026."""

    def open_one(
        questionnaire: str = "satisfaction",
        *,
        doors: tuple[str, ...] = ("affiche",),
        lieu_id: Any = lieu.id,
        library: Library = library,
        **options: Any,
    ) -> Campaign:
        options = {
            "starts_on": date(2026, 1, 1),
            "ends_on": date(2026, 12, 31),
            "today": date(2026, 3, 10),
            **options,
        }
        with database.writing() as session:
            opened = open_campaign(
                session,
                library,
                lieu.organisation_id,
                questionnaire=questionnaire,
                lieu_id=lieu_id,
                doors=doors,
                **options,
            )
            campaign_id = opened.id
        with database.reading() as session:
            found = queries.campaign_of(session, Reach(lieu.organisation_id), campaign_id)
            assert found is not None
            assert all(link.campaign is found for link in found.links)  # loads them too
            return found

    return open_one


@pytest.fixture
def campaign(campaign_of: OpenCampaign) -> Campaign:
    """Return an open campaign of the questionnaire `satisfaction`, with a poster."""
    return campaign_of("satisfaction")


@pytest.fixture
def link(campaign: Campaign) -> Link:
    """Return the link of the poster of that campaign."""
    return campaign.links[0]


def _unprivileged(folder: Path) -> list[str]:
    """Return how to run the server as another user: it refuses to run as root."""
    if os.geteuid() != 0:
        return []
    shutil.chown(folder, "postgres")
    return ["runuser", "-u", "postgres", "--"]


def _administer(server: str, command: str) -> None:
    url = server.replace("postgresql+psycopg", "postgresql") + "/postgres"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(command)  # type: ignore[call-overload]
