"""The real service, started as `./run` starts it on a demonstration structure."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Page

from config import PROJECT

RECUEIL = PROJECT / ".venv" / "bin" / "recueil"
#: The made-up name of the public address, which Chromium (tests/conftest.py) finds on this
#: machine.
NAME = "avis.exemple.test"
#: How `recueil demo` names the sign-in and the code of the poster.
SAID = ("identifiant", "mot de passe", "affiche")


@dataclass(frozen=True)
class Site:
    """Be the running service, how its first person signs in, and what hangs on the wall."""

    address: str
    email: str
    password: str
    code: str


@contextmanager
def serving(folder: Path) -> Iterator[Site]:
    """Migrate, load the demonstration and serve, until the end of the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://{NAME}:{port}"
    environment = os.environ | {
        "RECUEIL_DATA": str(folder / "data"),
        "RECUEIL_BASE_URL": address,
        "HOST": "127.0.0.1",
        "PORT": str(port),
    }
    environment.pop("DATABASE_URL", None)
    subprocess.run([RECUEIL, "migrate"], env=environment, check=True)
    said = subprocess.run(
        [RECUEIL, "demo"], env=environment, check=True, capture_output=True, text=True
    ).stdout
    words = [re.search(rf"^{word} +(\S+)", said, re.MULTILINE) for word in SAID]
    server = subprocess.Popen([RECUEIL, "serve"], env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}/healthz", server)
        yield Site(address, *(found[1] for found in words if found))
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=10)


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert server.poll() is None
        try:
            with urlopen(address):
                return
        except URLError:
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


def sign_in(page: Page, site: Site) -> None:
    """Sign in by hand, from the address of the desk."""
    page.goto(f"{site.address}/espace")
    page.fill("#email", site.email)
    page.fill("#mot_de_passe", site.password)
    page.click("main form button")
    page.wait_for_url(f"{site.address}/espace")
