"""In Chromium: « Copier le lien » with a clipboard and without, and the preview of a poster."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from app.campaigns.models import Campaign
from app.db import Database
from app.organisations.actions import create_person, set_password
from app.organisations.models import Organisation
from tests.browser.hands import wait_until

pytestmark = pytest.mark.browser
PASSWORD = "sept-rivieres-calmes-27"


@pytest.fixture
def page(
    browser: Browser,
    address: str,
    database: Database,
    organisation: Organisation,
    campaign: Campaign,
) -> Iterator[Page]:
    """Yield the page of the campaign on a telephone, signed in."""
    with database.writing() as session:
        person = create_person(session, organisation.id, "nolwenn@fil.example")
        set_password(session, person, PASSWORD)
    with browser.new_page(viewport={"width": 360, "height": 740}) as page:
        page.goto(f"{address}/espace/connexion")
        page.get_by_label("Votre adresse e-mail").fill("nolwenn@fil.example")
        page.get_by_label("Votre mot de passe").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/espace")
        page.goto(f"{address}/espace/campagnes/{campaign.id}")
        yield page


def test_the_link_is_copied_and_said(page: Page, campaign: Campaign) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copier le lien").click()
    expect(page.get_by_role("status").last).to_have_text("Lien copié dans le presse-papier.")
    assert page.evaluate("navigator.clipboard.readText()").endswith(campaign.links[0].code)


def test_over_plain_http_the_field_is_selected(page: Page, campaign: Campaign) -> None:
    # What a page has over http on a local network: no clipboard, and a refused copy command.
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.evaluate("document.execCommand = () => false")
    page.get_by_role("button", name="Copier le lien").click()
    expect(page.get_by_role("status").last).to_contain_text("L’adresse est sélectionnée")
    chosen = page.evaluate("String(getSelection()) || document.activeElement.value")
    assert chosen.endswith(campaign.links[0].code)


def test_the_page_holds_on_a_telephone(page: Page) -> None:
    width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(width) == 0


def test_choosing_a_format_shows_it_at_once(page: Page, campaign: Campaign) -> None:
    page.get_by_role("link", name="Imprimer l’affiche").click()
    page.get_by_label("Chevalet").check()
    expect(page.get_by_role("link", name="Imprimer le chevalet")).to_be_visible()
    page.get_by_label("En noir et blanc").check()
    shown = page.locator("#apercu img")
    expect(shown).to_have_attribute("src", re.compile("format=chevalet.*gris=1"))
    wait_until(page, "document.querySelector('#apercu img').naturalWidth > 800")
    expect(page).to_have_url(re.compile("format=chevalet&gris=1$"))
    expect(page.get_by_label("Chevalet")).to_be_checked()
