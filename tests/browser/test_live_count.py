"""A response sent from a phone shows on the dashboard, which nobody reloads."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.service import Site, serving, sign_in

pytestmark = pytest.mark.browser

SOON = 7_000


def answer(phone: Page, site: Site) -> None:
    """Send one answer from a phone, to the first campaign on the dashboard."""
    phone.goto(f"{site.address}/{site.code}")
    phone.click("label:has(input[name=sat1][value='3'])")
    for _ in range(20):
        if phone.locator(".ticket").count():
            return
        phone.click("form .actions .main")
        phone.wait_for_timeout(150)
    phone.wait_for_selector(".ticket")


def test_a_response_shows_without_reloading_on_the_dashboard_and_on_the_big_count(
    browser: Browser, tmp_path: Path
) -> None:
    with serving(tmp_path) as site:
        desk = browser.new_context(viewport={"width": 1280, "height": 800}, locale="fr-FR")
        page = desk.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        sign_in(page, site)
        total = page.locator("[data-compte=total]")
        before = int(total.inner_text().replace("\u202f", ""))
        drawn = page.locator("[data-portes] svg.gr").count()
        height = page.evaluate("document.body.scrollHeight")
        page.evaluate("window.mark = 1")
        phone = browser.new_context(viewport={"width": 390, "height": 844}, locale="fr-FR")
        answer(phone.new_page(), site)
        expect(total).to_have_text(str(before + 1), timeout=SOON)
        assert page.evaluate("window.mark") == 1
        assert page.locator("[data-annonce]").inner_text() == f"{before + 1} réponses"
        assert page.locator("[data-portes] svg.gr").count() == drawn
        assert page.evaluate("document.body.scrollHeight") == height
        big = desk.new_page()
        open_big_count(page, big, site)
        count = big.locator("[data-compte=total]")
        was = int(count.inner_text())
        answer(phone.new_page(), site)
        expect(count).to_have_text(str(was + 1), timeout=SOON)
        desk.clear_cookies()
        big.bring_to_front()
        expect(big.locator("[data-fini]")).to_be_visible(timeout=SOON)
        assert errors == []
        phone.close()
        desk.close()


def open_big_count(page: Page, big: Page, site: Site) -> None:
    """Open the big count of the campaign that the poster belongs to."""
    for link in page.locator("a[href$='/compteur']").all():
        big.goto(f"{site.address}{link.get_attribute('href')}")
        address = big.locator(".adresse")
        if address.count() and site.code in address.inner_text():
            return
    raise AssertionError(site.code)
