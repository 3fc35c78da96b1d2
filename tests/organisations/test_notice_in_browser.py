"""The notice in a real browser: what is missing and what people will read follow the typing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from app.db import Database
from app.organisations import queries
from app.organisations.models import Organisation, Person
from tests.organisations.conftest import EMAIL, PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture(params=[(390, 844), (1280, 800)], ids=["phone", "desk"])
def page(browser: Browser, address: str, person: Person, request: pytest.FixtureRequest) -> Page:
    width, height = request.param
    page = browser.new_page(
        viewport={"width": width, "height": height}, locale="fr-FR", base_url=address
    )
    page.goto("/espace/reglages/notice?suite=/espace/campagnes")
    page.fill("[name=email]", EMAIL)
    page.fill("[name=mot_de_passe]", PASSWORD)
    page.click("main button")
    page.wait_for_selector("form#notice")
    return page


def test_what_is_typed_is_judged_and_shown_at_once(page: Page) -> None:
    purpose, lint = page.locator("[name=purpose]"), page.locator("#purpose-lint")
    expect(lint).to_contain_text("21 caractères sur 60")
    purpose.fill("")
    expect(lint).to_contain_text("À remplir")
    expect(page.locator("[data-montre=purpose]")).to_have_text("à remplir")
    expect(page.locator("[data-remplis]")).to_have_text("4")
    purpose.fill("Pour le bilan")
    expect(lint).to_contain_text("13 caractères sur 60")
    expect(page.locator("[data-montre=purpose]")).to_have_text("Pour le bilan")
    page.fill("[name=readers]", "x" * 28)
    expect(page.locator("#readers-lint")).to_contain_text("2 caractères de trop")
    page.select_option("[name=retention_years]", "3")
    year = page.locator("[data-annee]").inner_text()
    expect(page.locator("[data-jusque]")).to_contain_text(f"31\u00a0décembre {year}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()


def test_one_touch_confirms_and_leads_back(
    page: Page, database: Database, organisation: Organisation
) -> None:
    page.click("text=Ces phrases nous conviennent")
    page.wait_for_url("**/espace/campagnes")
    with database.reading() as session:
        assert queries.notice_is_confirmed(session, organisation.id)
    page.close()
