"""Reading a testimony with the keyboard and the mouse, in Chromium."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app.db import Database
from app.organisations.actions import create_person, set_password
from app.organisations.models import Lieu
from app.testimonies.labels import labels_of
from tests.organisations.conftest import PASSWORD
from tests.testimonies.teller import Teller

pytestmark = pytest.mark.browser

TEXT = "Maintenant je fais mes papiers sans aide. Je montre à Jeannine. Trop de monde le mardi."
#: Select words of the pane, as a finger or a mouse does.
SELECT = """words => {
  const walk = document.createTreeWalker(document.querySelector("[data-masquable]"), 4);
  for (let node; (node = walk.nextNode());) {
    const at = node.data.indexOf(words);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + words.length);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  }
}"""


@pytest.fixture
def page(app: Flask, address: str, database: Database, lieu: Lieu, browser: Browser) -> Page:
    """Return the page of a new testimony, open for somebody of the team."""
    teller = Teller(database, app.extensions["keys"], lieu)
    testimony_id = teller.tell(TEXT, status="nouveau", masked="")
    with database.writing() as session:
        made = create_person(session, lieu.organisation_id, "nolwenn@fil.example", "Nolwenn")
        set_password(session, made, PASSWORD)
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(f"{address}/espace/connexion?suite=/espace/temoignages/{testimony_id}")
    page.fill("[name=email]", "nolwenn@fil.example")
    page.fill("[name=mot_de_passe]", PASSWORD)
    page.click("form button.bt")
    expect(page.locator("[data-masquable]")).to_be_visible()
    page.wait_for_load_state()  # the script listens to selections once the page is whole
    return page


def test_one_key_decides_a_critere_and_typing_decides_none(page: Page, database: Database) -> None:
    box = page.locator("[data-touche='1']")
    criterion = box.get_attribute("value") or ""
    page.keyboard.press("1")
    expect(page.locator("[data-dit]")).to_contain_text("oui")
    with database.reading() as session:
        testimony_id = UUID(page.url.partition("#")[0].rpartition("/")[2])
        assert labels_of(session, [testimony_id])[testimony_id] == {criterion: True}
    page.locator("[data-autre] summary").click()
    page.fill("#mots", "")
    page.locator("#mots").press("1")
    expect(page.locator("#mots")).to_have_value("1")
    expect(box).to_be_checked()
    page.locator("body").press("Control+1")
    expect(box).to_be_checked()
    page.reload()
    expect(page.locator("[data-touche='1']")).to_be_checked()


def test_selected_words_are_masked_by_one_more_touch(page: Page) -> None:
    page.evaluate(SELECT, " Jeannine. ")
    expect(page.locator("#mots")).to_have_value("Jeannine")
    page.select_option("#sorte", "autre")
    page.click(".autre button")
    expect(page.locator("[data-masquable]")).to_contain_text("Je montre à [masqué]. Trop")


def test_a_critere_that_could_not_be_sent_says_so(page: Page) -> None:
    page.route("**/criteres", lambda route: route.abort())
    page.keyboard.press("1")
    expect(page.locator("[data-dit]")).to_contain_text("Pas encore enregistré")
    expect(page.locator("[data-enregistrer]")).to_be_visible()
    page.unroute("**/criteres")
    with page.expect_navigation():
        page.click("[data-enregistrer]")
    expect(page.locator("[data-touche='1']")).to_be_checked()


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_nothing_overflows_and_the_list_stands_beside_only_where_there_is_room(
    page: Page, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    expect(page.locator("nav.liste")).to_be_visible(visible=width == 1280)
