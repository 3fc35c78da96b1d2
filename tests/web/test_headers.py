"""P8: the exact set of headers on every answer of the server."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask, Response, send_file
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from app.web.headers import content_policy
from app.web.static import static_url
from config import Settings
from tests.answering.conftest import OpenToday, open_today

__all__ = ["open_today"]

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}
RECORDING = "camera=(self), geolocation=(), microphone=(self), payment=(), usb=()"
OVER_HTTPS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
}
#: What an answer may say besides.
PLAIN = {
    "Content-Type", "Content-Length", "Cache-Control", "Vary", "Set-Cookie", "Location",
    "Content-Encoding", "Allow", "Retry-After",
}  # fmt: skip
PATHS = (
    "/healthz",
    "/readyz",
    "/favicon.ico",
    static_url("espace.css"),
    "/static/x/absent.css",
    "/espace/connexion",
    "/espace/invitation",
    "/espace/deconnexion",
    "/espace/rien/du/tout",
    "/rien/du/tout",
    "/espace/campagnes",
)


def protections(response: TestResponse) -> dict[str, str]:
    """Return the headers that are not plain HTTP, and fail when one comes twice."""
    names = [name for name, _ in response.headers if name not in PLAIN]
    assert len(names) == len(set(names))
    return {name: response.headers[name] for name in names}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "DELETE"])
def test_every_answer_carries_the_exact_set(client: FlaskClient, path: str, method: str) -> None:
    assert protections(client.open(path, method=method)) == ALWAYS


def test_a_refused_host_gets_them_too(client: FlaskClient) -> None:
    response = client.get("/healthz", headers={"Host": "ailleurs.example"})
    assert (response.status_code, protections(response)) == (400, ALWAYS)


def test_https_adds_its_own(settings: Settings) -> None:
    app = create_app(replace(settings, base_url="https://recueil.exemple.fr"))
    response = app.test_client().get("/healthz", base_url="https://recueil.exemple.fr")
    assert protections(response) == ALWAYS | OVER_HTTPS


def test_a_page_that_inlines_its_style_keeps_the_policy_it_sets(app: Flask) -> None:
    policy = content_policy("p{color:red}")
    assert "style-src 'self' 'sha256-" in policy

    def page() -> Response:
        return Response("<style>p{color:red}</style>", headers={"Content-Security-Policy": policy})

    app.add_url_rule("/essai/page", view_func=page)
    response = app.test_client().get("/essai/page")
    assert response.headers["Content-Security-Policy"] == policy


def test_only_the_page_that_records_may_ask_for_a_microphone(
    client: FlaskClient, open_today: OpenToday
) -> None:
    """It plays what it made before anything leaves; nothing else of the policy is wider."""
    campaign = open_today()
    page = client.get(f"/temoigner/{campaign.links[0].code}")
    policy = page.headers["Content-Security-Policy"].split("; ")
    assert [one for one in policy if "blob:" in one] == [
        "img-src 'self' blob:",
        "media-src 'self' blob:",
    ]
    usual = [one for one in POLICY.split("; ") if not one.startswith(("img-src", "style-src"))]
    assert [one for one in policy if "blob:" not in one and "style-src" not in one] == usual
    assert protections(page) == ALWAYS | {
        "Content-Security-Policy": page.headers["Content-Security-Policy"],
        "Permissions-Policy": RECORDING,
    }
    piece = client.post(f"/temoigner/{campaign.links[0].code}/fichier")
    assert protections(piece) == ALWAYS


def test_files_that_are_sent_are_not_kept_either(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/essai", view_func=lambda: send_file(BytesIO(b"a"), "text/csv"))
    assert client.get("/essai").headers["Cache-Control"] == "no-store"


def test_pages_are_never_kept_by_a_cache(client: FlaskClient) -> None:
    assert client.get("/espace/connexion").headers["Cache-Control"] == "no-store"
