"""A response sent from a phone shows on the dashboard, which nobody reloads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.service import Site, serving, sign_in

pytestmark = pytest.mark.browser

ONE_CAMPAIGN = re.compile(r"/espace/campagnes/[0-9a-f-]{36}")


def answer(phone: Page, site: Site) -> None:
    """Send one answer from a phone, to the first campaign on the dashboard."""
    phone.goto(f"{site.address}/{site.code}")
    phone.click("label:has(input[name=sat1][value='3'])")
    send = phone.locator("form .actions .main")
    for _ in range(20):
        is_last = send.locator("span").inner_text() == "Envoyer"
        send.click()
        if is_last:
            break
    expect(phone.locator(".ticket")).to_be_visible()


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
        page.evaluate("document.fonts.ready.then(() => true)")
        height = page.evaluate("document.body.scrollHeight")
        page.evaluate("window.mark = 1")
        phone = browser.new_context(viewport={"width": 390, "height": 844}, locale="fr-FR")
        answer(phone.new_page(), site)
        expect(total).to_have_text(str(before + 1))
        assert page.evaluate("window.mark") == 1
        assert page.locator("[data-annonce]").inner_text() == f"{before + 1} réponses"
        assert page.locator("[data-portes] svg.gr").count() == drawn
        assert page.evaluate("document.body.scrollHeight") == height
        big = desk.new_page()
        open_big_count(page, big, site)
        count = big.locator("[data-compte=total]")
        was = int(count.inner_text())
        answer(phone.new_page(), site)
        expect(count).to_have_text(str(was + 1))
        desk.clear_cookies()
        big.bring_to_front()
        expect(big.locator("[data-fini]")).to_be_visible()
        assert errors == []
        phone.close()
        desk.close()


def open_big_count(page: Page, big: Page, site: Site) -> None:
    """Open the big count of the campaign that the poster belongs to."""
    page.goto(f"{site.address}/espace/campagnes")
    found = [one.get_attribute("href") or "" for one in page.locator("main a").all()]
    for address in dict.fromkeys(filter(ONE_CAMPAIGN.fullmatch, found)):
        big.goto(f"{site.address}{address}/compteur")
        typed = big.locator(".adresse")
        if typed.count() and site.code in typed.inner_text():
            return
    raise AssertionError(site.code)
