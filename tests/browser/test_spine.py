"""The whole road, as its users walk it: poster → phone → thanks → the structure's pages → erased.

Nothing is replaced: the real command migrates, fills and serves; the poster is the PDF that the
desk prints; its QR code says which address Chromium opens. Only the name of that address is made
up, and Chromium is told that it is this machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.service import Site, serving, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.document]

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
#: The best answer of `satisfaction.globale`, which the two people give.
QUESTION, BEST, INDICATOR = "sat1", "3", "satisfaction.globale"
WORDS = "On a pris le temps. Merci !"


@dataclass(frozen=True)
class Counts:
    """Be what the structure reads of one campaign."""

    everywhere: int
    campaign: int
    satisfied: int
    of: int


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with serving(tmp_path) as site:
        yield site


@pytest.fixture
def staff(site: Site, browser: Browser) -> Iterator[Page]:
    with browser.new_page(viewport=DESK, locale="fr-FR") as page:  # type: ignore[arg-type]
        sign_in(page, site)
        yield page


def test_an_answer_goes_from_the_poster_to_the_page_of_the_structure_and_back(
    site: Site, staff: Page, browser: Browser, tmp_path: Path
) -> None:
    campaign = campaign_of(staff, site)
    before = counts(staff, site, campaign)
    address = decoded(poster(staff, site, campaign, tmp_path / "affiche.pdf"))
    assert address.lower() == f"{site.address}/{site.code}".lower()

    receipt = answer_with_script(browser, address)
    answer_without_script(browser, address)
    after = counts(staff, site, campaign)
    assert after == Counts(*(count + 2 for count in vars(before).values()))

    erase(browser, site, receipt)
    assert counts(staff, site, campaign) == Counts(*(count + 1 for count in vars(before).values()))


def campaign_of(page: Page, site: Site) -> str:
    """Return the page of the campaign whose poster hangs on the wall."""
    page.goto(f"{site.address}/espace/campagnes")
    links = page.locator("main h2 a[href^='/espace/campagnes/']")
    for path in links.evaluate_all("links => links.map(link => link.getAttribute('href'))"):
        page.goto(f"{site.address}{path}")
        if page.locator(f"#adresse-{site.code}").count():
            return str(path)
    raise AssertionError(site.code)


def counts(page: Page, site: Site, campaign: str) -> Counts:
    page.goto(f"{site.address}/espace")
    everywhere = int(page.locator("[data-compte=total]").inner_text())
    page.goto(f"{site.address}/espace/indicateurs?campagne={campaign.rpartition('/')[2]}")
    count = first_number(page.locator("main .tete").inner_text())
    share = re.search(r"\((\d+)\s+sur\s+(\d+)\)", page.locator(f"[id='{INDICATOR}']").inner_text())
    assert share
    return Counts(everywhere, count, int(share[1]), int(share[2]))


def first_number(text: str) -> int:
    found = re.search(r"(\d+)\s+réponses", text)
    assert found, text
    return int(found[1])


def poster(page: Page, site: Site, campaign: str, file: Path) -> Path:
    """Download what the desk prints."""
    page.goto(f"{site.address}{campaign}")
    page.get_by_role("link", name="Imprimer l’affiche").click()
    with page.expect_download() as download:
        page.locator("a[download]", has_text="Imprimer l’affiche").click()
    download.value.save_as(file)
    return file


def decoded(file: Path) -> str:
    """Read the QR code of a poster seen from afar."""
    with pypdfium2.PdfDocument(file) as document:
        assert len(document) == 1
        found = zxingcpp.read_barcodes(document[0].render(scale=50 / 72).to_pil())
    assert len(found) == 1
    return str(found[0].text)


def answer_with_script(browser: Browser, address: str) -> str:
    """Answer one question at a time, up to the thanks; return the receipt code."""
    context = browser.new_context(viewport=PHONE, locale="fr-FR")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address)
    for _ in range(40):
        expect(page.locator(".question:visible")).to_have_count(1)
        answer(page.locator(".question:visible"))
        last = page.locator("form .main span").inner_text() == "Envoyer"
        page.click("form .main")
        if last:
            break
    receipt = thanked(page)
    context.close()
    return receipt


def answer_without_script(browser: Browser, address: str) -> str:
    """Answer every question of the one page where no script runs."""
    context = browser.new_context(viewport=PHONE, locale="fr-FR", java_script_enabled=False)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address)
    for rank in range(page.locator(".question").count()):
        answer(page.locator(".question").nth(rank))
    page.click("form .main")
    receipt = thanked(page)
    context.close()
    return receipt


def answer(question: Locator) -> None:
    best = question.locator(f"input[name='{QUESTION}'][value='{BEST}']")
    if best.count():
        best.check()
    elif question.locator("textarea, input.field").count():
        question.locator("textarea, input.field").fill(WORDS)
    else:
        question.locator(".choices .choice").first.click()


def thanked(page: Page) -> str:
    expect(page.locator("h1.thanks")).to_be_visible()
    receipt = " ".join(page.locator(".code span").all_inner_texts())
    assert re.fullmatch(r"\w{4} \w{4} \w{5}", receipt)
    return receipt


def erase(browser: Browser, site: Site, receipt: str) -> None:
    """Take an answer back, by hand, with the code of the thanks page."""
    context = browser.new_context(viewport=PHONE, locale="fr-FR")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{site.address}/recu")
    page.fill("#code", receipt.lower())
    page.click("main form button")
    expect(page.locator("main")).to_contain_text(WORDS)
    page.click("main button[value=demander]")
    page.click("main button[value=oui]")
    expect(page.locator("main form")).to_have_count(0)
    expect(page.locator("main")).not_to_contain_text(WORDS)
    context.close()
