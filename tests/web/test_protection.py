"""What a request may be: host, size, length, origin, session."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from app import create_app
from app.web.protection import MAX_BODY, client_network, comes_from_us
from config import Settings


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("localhost:8000", 200),
        ("127.0.0.1:8000", 200),
        ("192.168.1.12:8000", 200),
        ("[::1]:8000", 200),
        ("recueil.local", 200),
        ("ailleurs.example", 400),
        ("8.8.8.8", 400),
        ("localhost.ailleurs.example", 400),
        ("192.168.1.12.ailleurs.example", 400),
        ("[::1", 400),
        ("<script>", 400),
        ("", 400),
    ],
)
def test_only_our_hosts_and_the_local_network_are_served(
    client: FlaskClient, host: str, status: int
) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == status


def test_the_public_address_is_ours(settings: Settings) -> None:
    app = create_app(replace(settings, base_url="https://Recueil.exemple.fr"))
    response = app.test_client().get("/healthz", headers={"Host": "recueil.exemple.fr"})
    assert response.status_code == 200


def test_a_body_without_its_length_is_refused(client: FlaskClient) -> None:
    response = client.post(
        "/espace/connexion",
        input_stream=io.BytesIO(b"email=a"),
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
    )
    assert response.status_code == 411


def test_a_body_too_large_is_refused(client: FlaskClient) -> None:
    data = {"email": "a" * (MAX_BODY + 1)}
    assert client.post("/espace/connexion", data=data).status_code == 413


def test_a_form_of_too_many_parts_is_refused(client: FlaskClient) -> None:
    data = {f"x{rank}": "1" for rank in range(201)}
    response = client.post("/espace/connexion", data=data, content_type="multipart/form-data")
    assert response.status_code == 413


@pytest.mark.parametrize(
    ("headers", "accepted"),
    [
        ({}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Origin": "http://localhost"}, True),
        ({"Origin": "https://localhost"}, True),
        ({"Origin": "http://ailleurs.example"}, False),
        ({"Origin": "null"}, False),
    ],
)
def test_a_form_comes_from_us_unless_the_browser_says_otherwise(
    app: Flask, headers: dict[str, str], accepted: bool
) -> None:
    with app.test_request_context("/", method="POST", headers=headers):
        assert comes_from_us(request) is accepted


@pytest.mark.parametrize(
    ("proxies", "seen"),
    [(0, "10.0.0.9"), (1, "203.0.113.7"), (2, "198.51.100.2")],
)
def test_the_address_of_a_client_is_read_by_trusted_hops(
    settings: Settings, proxies: int, seen: str
) -> None:
    app = create_app(replace(settings, proxies=proxies))
    app.add_url_rule("/essai/adresse", view_func=lambda: request.remote_addr)
    response = app.test_client().get(
        "/essai/adresse",
        headers={"X-Forwarded-For": "1.2.3.4, 198.51.100.2, 203.0.113.7"},
        environ_overrides={"REMOTE_ADDR": "10.0.0.9"},
    )
    assert response.text == seen


def test_public_pages_have_no_cookie(client: FlaskClient) -> None:
    client.get("/espace/connexion")
    for path in ("/healthz", "/rien/du/tout", "/favicon.ico"):
        response = client.get(path)
        assert "Set-Cookie" not in response.headers
        assert "Cookie" not in response.headers.get("Vary", "")


def test_the_cookie_of_the_desk_is_locked_to_https(settings: Settings) -> None:
    app = create_app(replace(settings, base_url="https://recueil.exemple.fr"))
    response = app.test_client().get("/espace/connexion", base_url="https://recueil.exemple.fr")
    parts = response.headers["Set-Cookie"].split("; ")
    assert parts[0].startswith("__Host-recueil=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(parts)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.168.1.12", "192.168.1.12"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
    ],
)
def test_a_client_is_counted_by_what_a_subscriber_is_given(
    app: Flask, address: str, network: str
) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert client_network(request) == network
