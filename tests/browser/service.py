"""The real service, started as `./run` starts it on a demonstration structure."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Page

from config import PROJECT
from tests.ports import free_port

RECUEIL = PROJECT / ".venv" / "bin" / "recueil"
#: The made-up name of the public address, which Chromium (tests/conftest.py) finds on this
#: machine.
NAME = "avis.exemple.test"
#: How `recueil demo` names the sign-in and the code of the poster.
SAID = ("identifiant", "mot de passe", "affiche")
#: Seconds that a machine with much to do may take to start the service, or to stop it.
PATIENCE = 60.0


@dataclass(frozen=True)
class Site:
    """Be the running service, how its first person signs in, and what hangs on the wall."""

    address: str
    email: str
    password: str
    code: str
    service: Service


@dataclass
class Service:
    """Be the process that serves, which a test may stop and start again."""

    environment: dict[str, str]
    _server: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Serve, and wait until it answers."""
        command = [RECUEIL, "serve"]
        server = subprocess.Popen(command, env=self.environment, stdout=subprocess.DEVNULL)
        self._server = server
        _wait(f"http://127.0.0.1:{self.environment['PORT']}/healthz", server)

    def stop(self) -> None:
        """Stop as a machine that is switched off does, and wait for the end."""
        if self._server is not None:
            self._server.send_signal(signal.SIGTERM)
            self._server.wait(PATIENCE)
            self._server = None

    def run(self, *command: str) -> None:
        """Run a command of Recueil beside the server."""
        subprocess.run([RECUEIL, *command], env=self.environment, check=True)


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[Site]:
    """Serve the demonstration, migrated and loaded, until the end of the block."""
    port = free_port()
    address = f"http://{NAME}:{port}"
    environment = _surroundings(folder / "data") | {
        "RECUEIL_BASE_URL": address,
        "HOST": "127.0.0.1",
        "PORT": str(port),
        **settings,
    }
    if "DATABASE_URL" in settings:
        said = _load(environment, "--responses", "20")
    else:
        made, said = _loaded()
        shutil.copytree(made, folder / "data")
    words = [re.search(rf"^{word} +(\S+)", said, re.MULTILINE) for word in SAID]
    service = Service(environment)
    try:
        service.start()
        email, password, code = (found[1] for found in words if found)
        yield Site(address, email, password, code, service)
    finally:
        service.stop()


@cache
def _loaded() -> tuple[Path, str]:
    """Return a data folder whose demonstration is loaded, once for all tests, and what it said."""
    folder = Path(tempfile.mkdtemp(prefix="recueil-demo-"))
    atexit.register(shutil.rmtree, folder)
    return folder / "data", _load(_surroundings(folder / "data"))


def _surroundings(data: Path) -> dict[str, str]:
    known = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return known | {"RECUEIL_DATA": str(data)}


def _load(environment: dict[str, str], *options: str) -> str:
    subprocess.run([RECUEIL, "migrate"], env=environment, check=True)
    command = [RECUEIL, "demo", *options]
    return subprocess.run(
        command, env=environment, check=True, capture_output=True, text=True
    ).stdout


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        assert server.poll() is None
        assert time.monotonic() < until, "the server does not answer"
        try:
            with urlopen(address, timeout=PATIENCE):
                return
        except OSError:
            time.sleep(0.1)


def sign_in(page: Page, site: Site) -> None:
    """Sign in by hand, from the address of the desk."""
    page.goto(f"{site.address}/espace")
    page.fill("#email", site.email)
    page.fill("#mot_de_passe", site.password)
    page.click("main form button")
    page.wait_for_url(f"{site.address}/espace")
