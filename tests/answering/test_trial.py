"""The trial of a questionnaire: the real page, of which nothing is kept."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.answering.pages import trial_policy
from app.campaigns.codes import normalise
from app.db import Base, Database
from app.questionnaires import Library
from tests.web.test_headers import ALWAYS, protections

PAGE = "/essai/satisfaction"
FRAMED = {
    **ALWAYS,
    "X-Frame-Options": "SAMEORIGIN",
}


def rows(database: Database) -> dict[str, int]:
    """Count the rows of every table."""
    with database.reading() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }


def test_every_questionnaire_can_be_tried_at_every_moment_in_every_language(
    client: FlaskClient, library: Library
) -> None:
    for asked in library.questionnaires.values():
        for wave in asked.waves:
            for language in library.languages:
                page = client.get(f"/essai/{asked.id}/{wave.id}/{language}")
                assert page.status_code == 200
                if asked.collects_testimonies:
                    assert 'id="recit"' in page.text
                else:
                    posed = asked.passing(wave.id).posed
                    assert page.text.count('class="question"') == len(posed)
                assert f'<html lang="{language}"' in page.text
                assert '<aside class="essai" lang="fr" dir="ltr"' in page.text


@pytest.mark.parametrize(
    "path", ["/essai/rien", "/essai/satisfaction/sortie", "/essai/satisfaction/unique/xx"]
)
def test_what_does_not_exist_cannot_be_tried(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_address_is_no_code() -> None:
    assert normalise("essai") is None


def test_the_trial_offers_no_draft_no_notice_and_no_receipt(client: FlaskClient) -> None:
    page = client.get(PAGE).text
    assert "data-brouillon" not in page
    assert "/notice/" not in page
    assert "/recu" not in page


def test_an_answer_is_thanked_and_nothing_is_written(
    client: FlaskClient, database: Database
) -> None:
    before = rows(database)
    with database.engine.connect() as connection:
        content = list(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]
    thanks = client.post(PAGE, data={"sat1": "3", "frein_jour": "Le bruit dans la salle"})
    assert thanks.status_code == 200
    assert "C’était un essai\u00a0: rien n’est gardé." in thanks.text
    assert 'class="code"' not in thanks.text
    assert rows(database) == before
    with database.engine.connect() as connection:
        assert list(connection.connection.driver_connection.iterdump()) == content  # type: ignore[union-attr]


def test_a_fault_is_said_and_what_was_typed_stays(client: FlaskClient) -> None:
    page = client.post(PAGE, data={"sat1": "3", "frein_jour": "é" * 600})
    assert page.status_code == 422
    assert "é" * 600 in page.text
    assert re.search(r'value="3" checked', page.text)
    assert '<aside class="essai"' in page.text
    assert client.post(PAGE, data={"cle": "x"}).status_code == 422


def test_a_form_from_elsewhere_is_refused(client: FlaskClient) -> None:
    reply = client.post(PAGE, data={"sat1": "3"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert reply.status_code == 403


def test_the_trial_alone_may_be_framed_and_by_us_alone(client: FlaskClient) -> None:
    for reply in (
        client.get(PAGE),
        client.post(PAGE, data={"sat1": "3"}),
        client.post(PAGE, data={"cle": "x"}),
    ):
        with client.application.app_context():
            assert protections(reply) == {**FRAMED, "Content-Security-Policy": trial_policy()}
        assert "frame-ancestors 'self'" in reply.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in reply.headers
    for path in ("/", "/ZZZZ9", "/recu", "/essai/rien", "/espace/connexion"):
        assert client.get(path).headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in client.get(path).headers["Content-Security-Policy"]


def test_every_style_of_the_trial_is_in_its_policy(client: FlaskClient) -> None:
    for page in (client.get(PAGE), client.post(PAGE, data={"sat1": "3"})):
        for style in re.findall(r"<style>(.*?)</style>", page.text, re.DOTALL):
            digest = b64encode(sha256(style.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in page.headers["Content-Security-Policy"]
