"""The sign-in pages and the shell in a real browser: scripts, focus, small screens, no script."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, render_template_string
from playwright.sync_api import Browser, Page, expect

from app.db import Database
from app.organisations.actions import create_person, invite, set_password
from app.organisations.guard import reserved_to
from app.organisations.models import Organisation, Person
from app.organisations.roles import ADMINISTRATEUR, TEAM
from config import Keys
from tests.browser.hands import wait_until
from tests.organisations.conftest import EMAIL, PASSWORD

pytestmark = pytest.mark.browser

SHELL = '{% extends "web/espace.html" %}{% block content %}<h1>Essai</h1>{% endblock %}'
PHONE, DESK = {"width": 360, "height": 640}, {"width": 1280, "height": 800}


@pytest.fixture
def site(app: Flask, address: str, person: Person) -> str:
    """Return the address of the running application, with one page in the shell."""
    essai = reserved_to(*TEAM)(lambda: render_template_string(SHELL))
    app.add_url_rule("/espace/essai", "espace.essai", essai)
    return address


def enter(page: Page, site: str) -> None:
    page.goto(f"{site}/espace/connexion?suite=/espace/essai")
    page.fill("#email", EMAIL)
    page.fill("#mot_de_passe", PASSWORD)
    page.click("text=Entrer")


def test_an_invitation_leaves_the_address_for_the_field(
    browser: Browser, site: str, database: Database, organisation: Organisation, keys: Keys
) -> None:
    with database.writing() as session:
        token = invite(session, keys, create_person(session, organisation.id, "sam@example.fr"))
    page = browser.new_page()
    page.goto(f"{site}/espace/invitation#{token}")
    wait_until(page, "location.hash === ''")
    assert page.input_value("#invitation") == token
    assert not page.is_visible("#invitation")
    expect(page.locator("#mot_de_passe")).to_be_focused()
    page.fill("#mot_de_passe", "lampe tortue violon")
    page.fill("#mot_de_passe_bis", "lampe tortue violon")
    page.click("text=Enregistrer")
    page.wait_for_url(f"{site}/espace")
    page.close()


def test_an_invitation_stays_out_of_sight_while_the_password_is_mended(
    browser: Browser, site: str, database: Database, organisation: Organisation, keys: Keys
) -> None:
    with database.writing() as session:
        token = invite(session, keys, create_person(session, organisation.id, "sam@example.fr"))
    page = browser.new_page()
    page.goto(f"{site}/espace/invitation#{token}")
    page.fill("#mot_de_passe", "court")
    page.fill("#mot_de_passe_bis", "courte")
    page.click("text=Enregistrer")
    expect(page.locator(".champ.non")).to_have_count(2)
    expect(page.locator("#invitation")).to_be_hidden()
    assert page.input_value("#invitation") == token
    page.evaluate("document.getElementById('invitation').value = 'autre'")
    for field in ("#mot_de_passe", "#mot_de_passe_bis"):
        page.fill(field, "lampe tortue violon")
    page.click("text=Enregistrer")
    expect(page.locator("#invitation")).to_be_visible()
    page.close()


def test_signing_out_leaves_no_draft_of_the_desk_in_any_tab(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport=DESK)
    first, second = context.new_page(), context.new_page()
    enter(first, site)
    first.wait_for_url(f"{site}/espace/essai")
    second.goto(f"{site}/espace/essai")
    for page in (first, second):
        page.evaluate("sessionStorage.setItem('bilan:1', 'Ce que Mona a dit')")
    first.evaluate("localStorage.setItem('recueil:file', 'une réponse qui attend')")
    first.click("text=Me déconnecter")
    first.wait_for_url(f"{site}/espace/connexion")
    assert first.evaluate("sessionStorage.length") == 0
    wait_until(second, "sessionStorage.length === 0")
    assert first.evaluate("localStorage.getItem('recueil:file')") == "une réponse qui attend"
    context.close()


def test_a_colleague_is_invited_by_a_link_to_copy(browser: Browser, site: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    enter(page, site)
    page.goto(f"{site}/espace/reglages/equipe")
    page.click("text=Inviter quelqu’un")
    page.fill("#name", "Awa Diallo")
    page.fill("#email", "awa@example.fr")
    page.check("text=Médiateur, médiatrice")
    page.click("text=Préparer l’invitation")
    page.click("text=Copier le lien")
    page.wait_for_selector("text=Lien copié")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.input_value("#lien")
    assert "/espace/invitation#" in copied
    context.close()


def test_the_pages_of_the_administrateur_have_no_fault(
    browser: Browser, site: str, database: Database, person: Person
) -> None:
    with database.writing() as session:
        admin = create_person(session, None, "admin@example.fr", "Max", ADMINISTRATEUR)
        set_password(session, admin, PASSWORD)
    page = browser.new_page(viewport={"width": 320, "height": 640})
    page.goto(f"{site}/espace")
    page.fill("#email", "admin@example.fr")
    page.fill("#mot_de_passe", PASSWORD)
    page.click("text=Entrer")
    page.wait_for_url(f"{site}/espace/installation")
    one = f"/espace/installation/{person.organisation_id}"
    close = f"{one}/responsable/{person.id}/fermer"
    for path in ("/espace/installation", "/espace/installation/nouvelle", one, close):
        page.goto(site + path)
        assert Axe().run(page).response["violations"] == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.close()


def test_a_refused_sign_in_puts_the_focus_on_what_to_do(browser: Browser, site: str) -> None:
    page = browser.new_page()
    page.goto(f"{site}/espace/connexion")
    page.fill("#email", EMAIL)
    page.fill("#mot_de_passe", "faux")
    page.click("text=Entrer")
    page.wait_for_selector("[role=alert]:focus")
    page.click("[role=alert] a")
    expect(page.locator("#mot_de_passe")).to_be_focused()
    page.close()


def test_the_menu_of_a_phone_opens_and_closes_without_script(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    enter(page, site)
    menu = page.locator("#menu")
    expect(menu).to_be_hidden()
    page.click("text=Menu")
    expect(menu.get_by_text("Campagnes et affiches")).to_be_visible()
    page.click("text=Fermer")
    expect(menu).to_be_hidden()
    context.close()


def test_the_end_of_a_session_is_announced_and_can_be_put_off(browser: Browser, site: str) -> None:
    page = browser.new_page()
    page.clock.install()
    enter(page, site)
    page.wait_for_url(f"{site}/espace/essai")
    page.clock.fast_forward("24:00")
    assert not page.is_visible("#veille")
    page.clock.fast_forward("02:00")
    expect(page.locator("#veille")).to_be_visible()
    page.click("#veille button")
    page.wait_for_selector("#veille", state="hidden")
    page.close()


@pytest.mark.parametrize("size", [PHONE, {"width": 768, "height": 1024}, DESK], ids=str)
def test_no_page_has_a_fault_of_accessibility_or_runs_over(
    browser: Browser, site: str, size: dict[str, int]
) -> None:
    context = browser.new_context(viewport=size)  # type: ignore[arg-type]
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    paths = ["/espace/connexion", "/espace/invitation", "/rien/du/tout", "/espace/essai"]
    for path in paths:
        if path == "/espace/essai":
            enter(page, site)
        page.goto(site + path)
        assert Axe().run(page).response["violations"] == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    assert [text for text in complaints if "404" not in text] == []
    context.close()
