"""A microphone, a camera and files to choose: what somebody who tells has at hand."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.browser.service import NAME, Site
from tests.conftest import CHROMIUM, CHROMIUM_OPTIONS

FAKE = "--use-fake-device-for-media-stream"
GRANTED, DENIED = "--use-fake-ui-for-media-stream", "--deny-permission-prompts"
#: Seconds that a machine with much to do may take for what a moment does elsewhere.
PATIENCE = 60.0


@contextmanager
def launched(browser: Browser, *options: str) -> Iterator[Browser]:
    """Yield a browser with Chromium's own microphone and camera, and these options."""
    started = browser.browser_type.launch(
        executable_path=CHROMIUM, args=[*CHROMIUM_OPTIONS, FAKE, *options]
    )
    yield started
    started.close()


def trusted(site: Site) -> Site:
    """Return a service by a name that browsers trust with a microphone."""
    return replace(site, address=site.address.replace(NAME, "localhost"))


def made(file: Path, source: str, *options: str) -> Path:
    """Make a file with the real ffmpeg."""
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", source, *options, str(file)]
    subprocess.run(command, check=True)
    return file


def unfold(page: Page) -> None:
    """Open the part of the page where people speak, film themselves or add a picture."""
    closed = page.locator("details:not([open]):has([data-dire]) > summary")
    if closed.count():
        closed.click()


def data(site: Site) -> Path:
    """Return the folder of the service."""
    return Path(site.service.environment["RECUEIL_DATA"])


def ask(site: Site, query: str, *values: object) -> list[Any]:
    """Ask the database of a service on SQLite."""
    file = data(site) / "recueil.sqlite3"
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as found:
        return found.execute(query, values).fetchall()


def stored(site: Site) -> list[Path]:
    """Return the files of the media store."""
    return sorted(within(data(site) / "media"))


def within(folder: Path) -> Iterator[Path]:
    """Go through the files of a folder in which a server makes and removes others meanwhile."""
    for place, _, names in os.walk(folder):
        yield from (Path(place, name) for name in names)


def wait_for(holds: Callable[[], object], page: Page | None = None) -> None:
    """Wait until something is so that no page shows; what a page sends meanwhile goes on."""
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until
        if page is None:
            time.sleep(0.05)
        else:
            page.wait_for_timeout(50)
