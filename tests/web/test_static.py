"""Static files: one address per content, kept forever, squeezed."""

from __future__ import annotations

import gzip
import re

import pytest
from flask.testing import FlaskClient

from app.web.static import FOLDER, static_file, static_url

NAMES = sorted(
    str(path.relative_to(FOLDER))
    for path in FOLDER.rglob("*")
    if path.suffix in (".css", ".js", ".svg", ".woff2")
)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_kept_forever_under_the_address_of_its_content(
    client: FlaskClient, name: str
) -> None:
    response = client.get(static_url(name))
    assert response.status_code == 200
    assert response.data == static_file(name).body
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in response.headers


def test_a_former_address_gets_the_file_of_today_for_a_day(client: FlaskClient) -> None:
    response = client.get("/static/000000000000/public.css")
    assert response.data == static_file("public.css").body
    assert response.headers["Cache-Control"] == "public, max-age=86400"


def test_text_is_squeezed_for_those_who_can_read_it(client: FlaskClient) -> None:
    response = client.get(static_url("espace.css"), headers={"Accept-Encoding": "br, gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.data) == static_file("espace.css").body
    assert len(response.data) < 8_000


def test_fonts_named_in_a_style_have_their_versioned_address(client: FlaskClient) -> None:
    fonts = re.findall(r"url\(([^)]+)\)", client.get(static_url("espace.css")).text)
    assert len(fonts) == 4
    for font in fonts:
        assert client.get(font).headers["Content-Type"] == "font/woff2"


@pytest.mark.parametrize("name", ["absent.css", "../current.py", "..%2fcurrent.py", "polices", ""])
def test_nothing_else_is_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/x/{name}").status_code == 404


def test_fonts_come_with_their_licences() -> None:
    assert {path.name for path in (FOLDER / "polices").glob("OFL-*.txt")} == {
        "OFL-atkinson.txt",
        "OFL-literata.txt",
    }


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith((".css", ".js"))])
def test_no_style_and_no_script_leads_outside(name: str) -> None:
    assert not re.search(r"https?://|//\w", static_file(name).body.decode())
