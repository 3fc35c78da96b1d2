"""The real pages before somebody's hands, on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext

from app.db import Database
from app.demonstration import Demonstration, load_demonstration
from app.questionnaires import Library
from app.web.current import today
from config import Keys
from tests.browser.hands import Hands

SIZES = {"phone": (390, 844), "desk": (1280, 800)}
OpenHands = Callable[..., Hands]


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> dict[str, int]:
    """Return the screen of the journey, once for each."""
    width, height = SIZES[request.param]
    return {"width": width, "height": height}


@pytest.fixture
def site(app: Flask, address: str) -> str:
    """Return the address of the application, which knows it: links and posters lead to it."""
    app.extensions["settings"] = replace(app.extensions["settings"], base_url=address)
    return address


@pytest.fixture
def last_year(
    site: str, database: Database, keys: Keys, library: Library, tmp_path: Path
) -> Demonstration:
    """Return a structure whose campaigns ran last year: every month has answers and is closed."""
    day = date(today().year - 1, 12, 15)
    return load_demonstration(
        database, keys, library, folder=tmp_path, responses=380, seed=7, today=day
    )


@pytest.fixture
def somebody(browser: Browser, size: Any, tmp_path: Path) -> Iterator[OpenHands]:
    """Return a function that puts one more person before a screen; none met a fault."""
    opened: list[tuple[BrowserContext, Hands]] = []

    def sit_down(**options: Any) -> Hands:
        settled = {"viewport": size, "locale": "fr-FR", **options}
        context = browser.new_context(**settled)
        opened.append((context, Hands(context.new_page(), tmp_path)))
        return opened[-1][1]

    yield sit_down
    for context, _ in opened:
        context.close()
    assert [fault for _, hands in opened for fault in hands.faults] == []
