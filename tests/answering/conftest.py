"""A campaign that is open today, and a person who answers it without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.answering.entrance import Entrance
from app.campaigns.models import Campaign
from app.db import Database
from app.responses.models import Response
from app.web.current import today

KEY = re.compile(r'name="cle"[^>]*value="([^"]+)"')
THIS_YEAR = today().year
OpenToday = Callable[..., Campaign]


@pytest.fixture
def open_today(campaign_of: OpenToday, app: Flask) -> OpenToday:
    """Return a function that opens a campaign over the present year."""

    def open_one(questionnaire: str = "satisfaction", **options: Any) -> Campaign:
        days = {
            "starts_on": date(THIS_YEAR, 1, 1),
            "ends_on": date(THIS_YEAR, 12, 31),
            "today": date(THIS_YEAR, 1, 1),
        }
        return campaign_of(questionnaire, **{**days, **options})

    return open_one


@dataclass
class Person:
    """Be somebody who opens a link and answers it."""

    app: Flask
    client: FlaskClient
    database: Database
    code: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def entrance(self) -> Entrance:
        """Return all that is known of the link."""
        with self.app.app_context():
            found = self.app.extensions["answering"].entrances.find(self.code)
        assert found is not None
        return found

    def choices(self, rank: int = 0) -> dict[str, str]:
        """Return an answer to every question with options: the one of that rank."""
        return {
            posed.key: str(posed.question.options[rank].code)
            for posed in self.entrance.passing.posed
            if posed.question.options
        }

    def text_key(self) -> str:
        """Return the name of the first free text."""
        return next(
            posed.key for posed in self.entrance.passing.posed if posed.question.kind.is_text
        )

    def key(self) -> str:
        """Open the page and return its key."""
        found = KEY.search(self.client.get(f"/{self.code}").text)
        assert found is not None
        return found[1]

    def send(self, data: dict[str, Any], **options: Any) -> TestResponse:
        """Send a form."""
        headers = {**self.headers, **options.pop("headers", {})}
        return self.client.post(f"/{self.code}", data=data, headers=headers, **options)

    def stored(self) -> list[Response]:
        """Return every stored answer."""
        with self.database.reading() as session:
            return list(session.scalars(select(Response)))

    def count(self) -> int:
        """Return how many answers are stored."""
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(Response)) or 0


@pytest.fixture
def person_at(app: Flask, client: FlaskClient, database: Database) -> Callable[[str], Person]:
    """Return a function that puts somebody before a link."""
    return lambda code: Person(app, client, database, code)


@pytest.fixture
def person(person_at: Callable[[str], Person], open_today: OpenToday) -> Person:
    """Return somebody before the poster of a satisfaction campaign."""
    return person_at(open_today().links[0].code)


def receipt_on(page: TestResponse) -> str:
    """Return the receipt code that a thanks page shows."""
    found = re.search(r'<p class="code">(.*?)</p>', page.text)
    assert found is not None, page.text
    return "-".join(re.findall(r"<span>(\w+)</span>", found[1]))
