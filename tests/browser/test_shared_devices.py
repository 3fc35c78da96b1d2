"""A device that several people use: a public computer, a borrowed phone, the shared tablet."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.answering.limits import Limiter
from app.campaigns.actions import turn_language_on
from app.db import Database
from app.questionnaires import Library
from tests.answering.conftest import OpenToday, Person, open_today, person, person_at
from tests.browser.hands import wait_until
from tests.browser.test_answering import answer_all, phone, send_all, shown, stored

__all__ = ["open_today", "person", "person_at", "phone"]
pytestmark = pytest.mark.browser

TABLETS = [(1280, 800), (600, 1024), (1024, 768)]


@pytest.fixture
def tablet(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield context
    context.close()


@pytest.fixture
def kiosk(open_today: OpenToday, app: Flask, database: Database, library: Library) -> str:
    """Return the code of a shared tablet on which Arabic is offered."""
    campaign = open_today(doors=("borne",))
    with database.writing() as session:
        turn_language_on(session, library, session.merge(campaign), "ar")
    app.extensions["answering"].entrances.forget()
    return campaign.links[0].code


def begin(page: Page, url: str) -> None:
    page.goto(url)
    page.click(".hello button")
    page.locator(".choices .choice:visible").nth(1).click()
    page.click("form .main")
    expect(page.locator(".count")).to_contain_text("2")


def test_who_goes_back_to_correct_has_not_sent(
    phone: BrowserContext, address: str, person: Person, database: Database
) -> None:
    page = phone.new_page()
    page.goto(f"{address}/{person.code}")
    answer_all(page)
    phone.set_offline(True)
    page.click("form .main")
    expect(page.locator("[data-etat]")).to_contain_text("Rien n’est perdu")
    key = page.locator("[name=cle]").input_value()
    page.click("[data-precedent]")
    expect(page.locator("[data-etat]")).to_be_empty()
    phone.set_offline(False)
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else 0)
    page.reload()
    page.wait_for_timeout(1500)
    assert posts == []
    assert stored(database) == []
    # The same form: had the first one arrived, this one would not count twice.
    assert page.locator("[name=cle]").input_value() == key
    send_all(page)
    assert len(stored(database)) == 1


def test_the_draft_of_somebody_else_is_not_shown_before_it_is_asked_for(
    phone: BrowserContext, address: str, person: Person
) -> None:
    page = phone.new_page()
    page.goto(f"{address}/{person.code}")
    page.locator(".choices .choice").nth(1).click()
    page.click("form .main")
    page.reload()
    expect(page.locator(".count")).to_contain_text("Question 2")
    page.close()
    other = phone.new_page()
    other.goto(f"{address}/{person.code}")
    expect(other.locator("[data-brouillon]")).to_contain_text("Une réponse est commencée")
    expect(other.locator("form[data-mots]")).to_be_hidden()
    other.get_by_role("button", name="Continuer cette réponse").click()
    expect(other.locator(".count")).to_contain_text("Question 2")
    other.close()
    third = phone.new_page()
    third.goto(f"{address}/{person.code}")
    with third.expect_navigation():
        third.get_by_role("button", name="Effacer et recommencer").click()
    expect(third.locator("form[data-mots]")).to_be_visible()
    expect(third.locator(":checked")).to_have_count(0)
    assert third.evaluate("localStorage.length") == 0


def test_a_draft_goes_on_after_the_notice_or_another_language(
    phone: BrowserContext, address: str, person: Person
) -> None:
    page = phone.new_page()
    page.goto(f"{address}/{person.code}")
    page.locator(".choices .choice").nth(1).click()
    page.click("form .main")
    page.locator(".foot a", has_text="Vos droits").click()
    page.locator("main .actions a").click()
    expect(page.locator(".count")).to_contain_text("Question 2")
    page.goto(f"{address}/{person.code}")
    expect(page.locator("form[data-mots]")).to_be_hidden()


def test_what_anybody_left_is_swept_after_a_day_from_any_page(
    phone: BrowserContext, address: str, person: Person
) -> None:
    page = phone.new_page()
    page.goto(f"{address}/recu")
    page.evaluate(
        "localStorage['recueil:AAAAA'] = JSON.stringify([Date.now() - 9e7, '', 'mot=secret']);"
        "localStorage['recueil:BBBBB'] = JSON.stringify([Date.now() - 9e6, '', 'mot=neuf'])"
    )
    page.reload()
    wait_until(page, "localStorage.length === 1")
    assert page.evaluate("Object.keys(localStorage)") == ["recueil:BBBBB"]


def test_the_code_is_still_there_after_a_reload_until_the_answer_is_erased(
    phone: BrowserContext, address: str, person: Person
) -> None:
    page = phone.new_page()
    page.goto(f"{address}/{person.code}")
    send_all(page)
    code = "-".join(page.locator(".code span").all_inner_texts())
    page.reload()
    said = page.locator("main .box", has_text="Votre code")
    expect(said).to_contain_text(code)
    other = phone.new_page()
    other.goto(f"{address}/{person.code}")
    expect(other.get_by_text(code)).to_have_count(0)
    said.get_by_role("link").click()
    expect(page.locator("#code")).to_have_value(code.replace("-", ""))
    page.click("main .main")
    page.get_by_role("button", name="Effacer ma réponse").click()
    page.get_by_role("button", name="Oui, effacer").click()
    expect(page.locator("h1")).to_have_text("Votre réponse est effacée")
    page.goto(f"{address}/{person.code}")
    expect(page.get_by_text(code)).to_have_count(0)


def test_erasing_the_draft_asks_first(phone: BrowserContext, address: str, person: Person) -> None:
    page = phone.new_page()
    page.goto(f"{address}/{person.code}")
    page.locator(".choices .choice").nth(1).click()
    expect(page.get_by_role("button", name="Continuer cette réponse")).to_be_hidden()
    page.get_by_role("button", name="Effacer et recommencer").click()
    page.get_by_role("button", name="Continuer cette réponse").click()
    expect(page.locator(":checked")).to_have_count(1)
    page.get_by_role("button", name="Effacer et recommencer").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Effacer et recommencer").click()
    expect(page.locator(":checked")).to_have_count(0)


def test_a_busy_service_says_so_in_its_own_words(
    phone: BrowserContext, address: str, person: Person
) -> None:
    person.app.extensions["answering"].limiter = Limiter(1)
    assert person.send(person.choices()).status_code == 200
    page = phone.new_page()
    page.goto(f"{address}/{person.code}")
    answer_all(page)
    page.click("form .main")
    expect(page.locator("[data-etat]")).to_contain_text("Beaucoup de réponses arrivent")
    expect(page.locator("[data-etat]")).to_contain_text("Attendez une minute")


def test_the_tablet_takes_back_the_pages_reached_from_it(
    tablet: BrowserContext, address: str, kiosk: str
) -> None:
    page = tablet.new_page()
    page.clock.install()
    page.goto(f"{address}/{kiosk}")
    page.click(".hello button")
    send_all(page)
    code = "-".join(page.locator(".code span").all_inner_texts())
    assert page.evaluate("sessionStorage.length") == 0
    page.locator(".foot a", has_text="Relire ou effacer").click()
    page.fill("#code", code)
    page.click("main .main")
    expect(page.locator("h1")).to_have_text("Votre réponse")
    page.clock.run_for(62_000)
    expect(page.locator(".veil")).to_be_visible()
    page.clock.run_for(25_000)
    page.wait_for_selector(".hello:visible")
    page.goto(f"{address}/notice/{kiosk}")
    expect(page.locator("a[href^='https://www.cnil.fr']")).to_have_count(0)
    page.clock.run_for(85_000)
    page.wait_for_selector(".hello:visible")


def test_the_notice_and_a_language_lose_no_answer_on_the_tablet(
    tablet: BrowserContext, address: str, kiosk: str
) -> None:
    page = tablet.new_page()
    begin(page, f"{address}/{kiosk}")
    page.locator(".foot a", has_text="Vos droits").click()
    expect(page.locator("h1")).to_have_text("Vos droits")
    page.locator("main .actions a").click()
    expect(page.locator(".hello")).to_be_hidden()
    expect(page.locator(".count")).to_contain_text("Question 2")
    expect(page.locator(":checked")).to_have_count(1)
    page.click(".langs a")
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    expect(page.locator(".count")).to_contain_text("2")
    expect(page.locator(":checked")).to_have_count(1)
    page.goto(f"{address}/{kiosk}")
    page.wait_for_selector(".hello:visible")
    expect(page.locator(":checked")).to_have_count(0)


def test_the_veil_wipes_what_was_carried(tablet: BrowserContext, address: str, kiosk: str) -> None:
    page = tablet.new_page()
    page.clock.install()
    begin(page, f"{address}/{kiosk}")
    page.locator(".foot a", has_text="Vos droits").click()
    expect(page.locator("h1")).to_have_text("Vos droits")
    page.clock.run_for(85_000)
    page.wait_for_selector(".hello:visible")
    assert page.evaluate("sessionStorage.length") == 0
    expect(page.locator(":checked")).to_have_count(0)


@pytest.mark.parametrize(("width", "height"), TABLETS)
def test_the_first_question_stands_whole_on_a_tablet(
    width: int, height: int, browser: Browser, address: str, kiosk: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(f"{address}/{kiosk}")
    hello = page.locator(".hello button").bounding_box()
    assert hello is not None
    assert hello["y"] + hello["height"] <= height
    page.click(".hello button")
    expect(page.locator(".title")).to_be_focused()
    send = page.locator("form .main").bounding_box()
    assert send is not None
    assert send["y"] + send["height"] <= height
    expect(shown(page)).to_have_count(1)
    context.close()


def test_letters_twice_as_large_keep_the_faces_in_even_rows(
    browser: Browser, address: str, kiosk: str
) -> None:
    context = browser.new_context(viewport={"width": 600, "height": 1024})
    page = context.new_page()
    page.goto(f"{address}/{kiosk}")
    page.click(".hello button")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    tiles = [one.bounding_box() for one in page.locator(".row .tile:visible").all()]
    lines = [one["y"] for one in tiles if one]
    assert [lines.count(line) for line in sorted({*lines})] == [2, 2]
    for tile in page.locator(".row .tile:visible").all():
        assert tile.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    context.close()


def test_without_script_what_is_wrong_is_met_first(
    browser: Browser, address: str, person: Person
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/{person.code}")
    page.click("form .main")
    expect(page.locator("[role=alert]")).to_be_focused()
    context.close()
