"""Error pages: calm, in French, with the right status; never a 500 for what people send."""

from __future__ import annotations

import errno
import json

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy import text

from app.web.current import database


@pytest.mark.parametrize(
    ("code", "title"),
    [
        (400, "Nous n’avons pas compris cette demande"),
        (401, "Votre session s’est fermée"),
        (403, "Cette page ne vous est pas ouverte"),
        (404, "Cette page n’existe pas"),
        (405, "Cette page ne se demande pas ainsi"),
        (410, "Cette page n’existe plus"),
        (411, "Votre envoi ne dit pas sa longueur"),
        (413, "Votre envoi est trop lourd"),
        (418, "Nous n’avons pas compris cette demande"),
        (429, "Beaucoup d’envois en même temps"),
        (500, "Quelque chose s’est mal passé"),
        (502, "Quelque chose s’est mal passé"),
        (503, "Le service fait une courte pause"),
    ],
)
def test_each_error_has_a_page_in_french(app: Flask, code: int, title: str) -> None:
    app.add_url_rule("/essai/erreur", view_func=lambda: abort(code))
    response = app.test_client().get("/essai/erreur")
    assert response.status_code == code
    assert f'<h1 class="title">{title}</h1>' in response.text
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("code", [404, 411, 413, 418, 429, 500, 503])
def test_a_public_address_in_arabic_ends_in_arabic(app: Flask, code: int) -> None:
    for place in ("/essai/erreur/ar", "/espace/erreur/ar"):
        app.add_url_rule(place, place, view_func=lambda: abort(code))
    client = app.test_client()
    said = app.extensions["library"].interface("ar")
    page = client.get("/essai/erreur/ar")
    assert page.status_code == code
    assert '<html lang="ar" dir="rtl">' in page.text
    assert said[f"page_{400 if code == 418 else code}"] in page.text
    assert '<html lang="fr" dir="ltr">' in client.get("/espace/erreur/ar").text


def _locked() -> str:
    with database().writing() as session:
        session.execute(text("INSERT INTO table_absente VALUES (1)"))
    return ""


def _disk_full() -> str:
    raise OSError(errno.ENOSPC, "No space left on device")


def _other_oserror() -> str:
    raise OSError(errno.ENOENT, "No such file")


def _unforeseen() -> str:
    raise KeyError("ce que la personne a écrit")


def _database_full() -> str:
    with database().reading() as session:
        session.execute(text("PRAGMA max_page_count = 1"))
        session.execute(text("CREATE TABLE trop (mots TEXT)"))
    return ""


@pytest.mark.parametrize(
    ("view", "status"), [(_locked, 503), (_disk_full, 507), (_database_full, 507)]
)
def test_a_store_in_trouble_asks_to_come_back_later(
    app: Flask, view: object, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    app.add_url_rule("/essai/pause", view_func=view)  # type: ignore[arg-type]
    response = app.test_client().get("/essai/pause")
    assert (response.status_code, response.headers["Retry-After"]) == (status, "10")
    assert caplog.text.count("Indisponible : ") == 1
    assert "Le service fait une courte pause" in response.text


@pytest.mark.parametrize(
    "view",
    [
        lambda: json.loads("[" * 100_000),
        lambda: "\ud800".encode(),
        lambda: float(10**400),
    ],
    ids=["deep", "surrogate", "huge"],
)
def test_what_no_machine_can_read_is_a_bad_request(app: Flask, view: object) -> None:
    app.add_url_rule("/essai/illisible", view_func=view)  # type: ignore[arg-type]
    assert app.test_client().get("/essai/illisible").status_code == 400


@pytest.mark.parametrize("view", [_other_oserror, _unforeseen])
def test_our_own_mistakes_give_a_calm_page(app: Flask, view: object) -> None:
    app.config.update(TESTING=False)
    app.add_url_rule("/essai/faute", view_func=view)  # type: ignore[arg-type]
    response = app.test_client().get("/essai/faute")
    assert response.status_code == 500
    assert "Ce n’est pas votre faute" in response.text


def test_a_trouble_of_the_database_never_writes_the_answers_into_the_log(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> str:
        with database().writing() as session:
            session.execute(text("INSERT INTO absente VALUES (:mot)"), {"mot": "mon secret"})
        return ""

    app.add_url_rule("/essai/fuite", view_func=broken)
    app.test_client().get("/essai/fuite")
    assert "absente" in caplog.text
    assert "mon secret" not in caplog.text


def test_an_unknown_page_says_nothing_of_the_address(client: FlaskClient) -> None:
    first, second = client.get("/un/deux/trois"), client.get("/4/5/6?x=<script>")
    assert first.data == second.data


def test_a_refused_method_names_the_allowed_ones(client: FlaskClient) -> None:
    assert "POST" in client.delete("/espace/connexion").headers["Allow"]
