"""Somebody before the page where people tell, without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.db import Database
from app.testimonies.models import Consent, ConsentText, Testimony
from app.testimonies.queries import parts_of
from config import Keys
from tests.answering.conftest import KEY, OpenToday, open_today

__all__ = ["Teller", "before", "open_today", "teller"]

WORDS = "Merci 🌻, j’écris <b>sans</b> « aide »"


@dataclass
class Teller:
    """Be somebody who opens a link and tells."""

    app: Flask
    client: FlaskClient
    database: Database
    code: str

    @property
    def path(self) -> str:
        """Return where they tell."""
        return f"/temoigner/{self.code}"

    def key(self) -> str:
        """Open the page and return its key."""
        found = KEY.search(self.client.get(self.path).text)
        assert found is not None
        return found[1]

    def send(self, data: dict[str, Any], path: str = "", **options: Any) -> TestResponse:
        """Send a form as a browser does, files or not."""
        options.setdefault("content_type", "multipart/form-data")
        return self.client.post(path or self.path, data=data, **options)

    def kept(self) -> list[Testimony]:
        """Return every testimony that is kept."""
        with self.database.reading() as session:
            return list(session.scalars(select(Testimony)))

    def only(self) -> Testimony:
        """Return the one testimony that is kept."""
        [one] = self.kept()
        return one

    def parts(self) -> dict[str, str]:
        """Return what the one testimony says."""
        keys: Keys = self.app.extensions["keys"]
        one = self.only()
        with self.database.reading() as session:
            return dict(parts_of(session, keys, [one.id])[one.id])

    def agreed(self) -> dict[str, tuple[str, str, str]]:
        """Return each choice of the one testimony, with its words and their language."""
        query = select(Consent, ConsentText).join(
            ConsentText, ConsentText.digest == Consent.text_digest
        )
        with self.database.reading() as session:
            return {
                consent.scope: (consent.choice, text.words, text.language)
                for consent, text in session.execute(query)
            }


Before = Callable[..., Teller]


@pytest.fixture
def before(app: Flask, client: FlaskClient, database: Database, open_today: OpenToday) -> Before:
    """Return a function that puts somebody before the first link of a campaign."""

    def stand(questionnaire: str = "temoignage", **options: Any) -> Teller:
        campaign = open_today(questionnaire, **options)
        return Teller(app, client, database, campaign.links[0].code)

    return stand


@pytest.fixture
def teller(before: Before) -> Teller:
    """Return somebody before the poster of a campaign of testimonies."""
    return before()


def receipt_on(page: TestResponse) -> str:
    """Return the code that a thanks page shows."""
    assert page.status_code == 200, page.text
    found = re.search(r'<p class="code">(.*?)</p>', page.text)
    assert found is not None, page.text
    return "-".join(re.findall(r"<span>(\w+)</span>", found[1]))
