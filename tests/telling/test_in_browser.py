"""Telling in a real browser: without a script on a small phone, from right to left, on a tablet."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from app.campaigns.actions import turn_language_on
from app.campaigns.models import Campaign
from app.db import Database
from app.questionnaires import Library
from app.testimonies.consents import SCOPES
from tests.answering.conftest import OpenToday
from tests.browser.test_answering import VOICE
from tests.telling.conftest import WORDS, Before, Teller

pytestmark = pytest.mark.browser

WIDTHS = (320, 360)
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
SEND = "#temoignage .actions button.main"


def choose(page: Page, name: str, code: str) -> None:
    page.locator(f'[name="{name}"][value="{code}"]').check()


@pytest.mark.parametrize("script", [False, True])
def test_somebody_tells_on_a_phone(
    browser: Browser, address: str, teller: Teller, script: bool
) -> None:
    with browser.new_context(
        viewport={"width": 360, "height": 800}, java_script_enabled=script
    ) as context:
        page = context.new_page()
        page.goto(f"{address}/{teller.code}")
        page.get_by_label("Qu’est-ce qui a changé pour vous").fill(WORDS)
        choose(page, "lieu", "oui")
        choose(page, "bilan", "non")
        # What serves one choice waits for it.
        expect(page.locator("#prenom")).to_be_hidden()
        choose(page, "nom", "prenom")
        page.get_by_label("Le prénom à montrer").fill("Liliane")
        choose(page, "capacite", "adulte")
        page.locator(SEND).click()
        expect(page.get_by_role("heading", name="Merci")).to_be_visible()
        expect(page.locator(".papier")).to_be_hidden()
        page.emulate_media(media="print")
        expect(page.locator(".papier")).to_be_visible()
        expect(page.get_by_role("heading", name="Merci")).to_be_hidden()
    assert teller.parts() == {"original": WORDS, "signature": "Liliane"}
    agreed = {scope: choice for scope, (choice, _, _) in teller.agreed().items()}
    assert agreed == {"lieu": "oui", "bilan": "non", "nom": "prenom"}


def test_an_error_shows_where_to_mend_and_keeps_the_choices(
    browser: Browser, address: str, teller: Teller
) -> None:
    with browser.new_context(
        viewport={"width": 360, "height": 800}, java_script_enabled=False
    ) as context:
        page = context.new_page()
        page.goto(f"{address}{teller.path}")
        choose(page, "public", "non")
        page.locator(SEND).click()
        expect(page.get_by_role("alert")).to_contain_text("Il n’y a encore rien à envoyer")
        expect(page.locator('[name="public"][value="non"]')).to_be_checked()
        page.get_by_role("alert").get_by_role("link").click()
        expect(page.locator("#recit")).to_be_focused()
        page.keyboard.type("Merci")
        page.locator(SEND).click()
        expect(page.get_by_role("heading", name="Merci")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("suffix", ["", "/ar"])
def test_nothing_is_wider_than_a_small_phone(
    browser: Browser, address: str, database: Database, library: Library, open_today: OpenToday,
    width: int, suffix: str,
) -> None:  # fmt: skip
    campaign = open_today("temoignage")
    with database.writing() as session:
        turn_language_on(session, library, session.get_one(Campaign, campaign.id), "ar")
    path = f"/temoigner/{campaign.links[0].code}{suffix}"
    with browser.new_context(viewport={"width": width, "height": 800}) as context:
        page = context.new_page()
        page.goto(f"{address}{path}")
        assert not page.evaluate(TOO_WIDE)
        if suffix:
            mark = page.locator("#lieu .tile .picto").first.bounding_box()
            tile = page.locator("#lieu .tile").first.bounding_box()
            assert mark
            assert tile
            assert mark["x"] > tile["x"] + tile["width"] / 2
        choose(page, "lieu", "oui")
        choose(page, "nom", "prenom")
        page.locator("#recit").fill("Merci")
        page.locator("#prenom").fill("Ève")
        page.locator(SEND).click()
        page.wait_for_selector('[data-page="merci"]')
        page.wait_for_load_state()
        assert not page.evaluate(TOO_WIDE)


@pytest.mark.parametrize("suffix", ["", "/ar"])
def test_letters_twice_as_large_fit_on_a_small_phone(
    browser: Browser, address: str, database: Database, library: Library, open_today: OpenToday,
    suffix: str,
) -> None:  # fmt: skip
    campaign = open_today("temoignage")
    with database.writing() as session:
        turn_language_on(session, library, session.get_one(Campaign, campaign.id), "ar")
    path = f"/temoigner/{campaign.links[0].code}{suffix}"
    with browser.new_context(viewport={"width": 320, "height": 800}) as context:
        page = context.new_page()
        page.add_init_script(VOICE.replace("LANG", "document.documentElement.lang"))
        page.goto(f"{address}{path}")
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        choose(page, "lieu", "oui")
        choose(page, "nom", "prenom")
        choose(page, "garder_media", "oui")
        assert not page.evaluate(TOO_WIDE)


def test_each_consent_and_the_notice_are_read_aloud_where_there_is_a_voice(
    browser: Browser, address: str, teller: Teller
) -> None:
    """Headless Chromium has no voice: the only part of the browser that a test replaces."""
    with browser.new_context(viewport={"width": 360, "height": 800}) as context:
        page = context.new_page()
        page.goto(f"{address}{teller.path}")
        assert page.locator(".listen:visible").count() == 0
        page.add_init_script(VOICE.replace("LANG", "'fr-FR'"))
        page.reload()
        shown = page.locator(".notice + .listen, fieldset.accord .listen")
        expect(shown.first).to_be_visible()
        assert shown.count() == 1 + len(SCOPES) + 1  # and who may have to sign
        shown.first.click()
        page.locator("#public .listen").click()
        page.locator("#public .listen").click()  # stops
        heard = page.evaluate("speechSynthesis.said")
        assert len(heard) == 2
        assert "3 ans au plus" in heard[0]
        for said in ("sur internet et dans la presse", "Tout le monde peut lire", "Oui. Non"):
            assert said in heard[1].replace("\xa0", " ")


@pytest.mark.parametrize("script", [False, True])
def test_an_error_is_reached_at_once(
    browser: Browser, address: str, teller: Teller, script: bool
) -> None:
    with browser.new_context(java_script_enabled=script) as context:
        page = context.new_page()
        page.goto(f"{address}{teller.path}")
        page.locator(SEND).click()
        expect(page.get_by_role("alert")).to_be_focused()


def test_a_file_that_is_not_kept_is_said_first_without_a_script(
    browser: Browser, address: str, teller: Teller
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{address}{teller.path}")
        page.fill("#recit", WORDS)
        page.locator("details.other > summary").click()
        choose(page, "garder_media", "oui")
        page.set_input_files(
            "#fichier-photo", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"MZ" * 900}
        )
        page.locator(SEND).click()
        expect(page.locator("p[role=alert]")).to_be_focused()


def test_a_tablet_goes_back_to_its_own_questions(
    browser: Browser, address: str, before: Before
) -> None:
    person = before("satisfaction", doors=["borne"])
    with browser.new_context(viewport={"width": 1024, "height": 768}) as context:
        page = context.new_page()
        page.goto(f"{address}{person.path}")
        page.locator("#recit").fill("Merci")
        page.locator(SEND).click()
        page.get_by_role("link", name="Personne suivante").click()
        page.wait_for_url(f"{address}/{person.code}")
        page.goto(f"{address}{person.path}")
        expect(page.locator("#recit")).to_have_value("")
