"""Somebody answers on a phone: with JavaScript, without, without network, on a shared tablet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from sqlalchemy import select

from app.campaigns.actions import close_campaign, turn_language_on
from app.campaigns.models import Campaign
from app.db import Database
from app.questionnaires import Library
from app.responses.models import Response
from tests.answering.conftest import OpenToday, Person, open_today, person, person_at
from tests.browser.hands import still, wait_until

__all__ = ["open_today", "person", "person_at"]
pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 640}


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE)
    yield context
    context.close()


def shown(page: Page) -> Any:
    """Return the question on screen."""
    return page.locator(".question:visible")


def answer_all(page: Page, rank: int = 0, words: str = "Merci 🌻") -> None:
    """Answer every question that is shown, up to the last one."""
    for _ in range(40):
        if shown(page).locator("textarea, input.field").count():
            shown(page).locator("textarea, input.field").fill(words)
        else:
            shown(page).locator(".choices .choice").nth(rank).click()
        if page.locator("form .main span").inner_text() == "Envoyer":
            return
        page.click("form .main")
    raise AssertionError("no end")


def send_all(page: Page, rank: int = 0) -> None:
    answer_all(page, rank)
    page.click("form .main")
    expect(page.locator("h1.thanks")).to_be_visible()


def stored(database: Database) -> list[Response]:
    with database.reading() as session:
        return list(session.scalars(select(Response)))


def test_one_question_at_a_time_up_to_the_thanks(
    phone: BrowserContext, address: str, person: Person, database: Database
) -> None:
    page = phone.new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(f"{address}/{person.code.lower()}")
    assert len([url for url in requests if "favicon" not in url]) == 2
    total = len(person.entrance.passing.posed)
    expect(page.locator(".count")).to_have_text(f"Question 1 sur {total}")
    expect(shown(page)).to_have_count(1)
    expect(page.locator("[data-precedent]")).to_be_hidden()
    page.locator(".choices .choice").nth(2).click()
    page.click("form .main")
    expect(page.locator(".count")).to_have_text(f"Question 2 sur {total}")
    expect(shown(page).locator(".ask")).to_be_focused()
    page.click("[data-precedent]")
    expect(shown(page).locator(":checked")).to_have_count(1)
    page.click("form .main")
    page.go_back()
    expect(page.locator(".count")).to_have_text(f"Question 1 sur {total}")
    send_all(page)
    expect(page.locator("h1.thanks")).to_be_focused()
    assert page.locator(".code span").all_inner_texts()[0].isalnum()
    assert len(stored(database)) == 1
    assert phone.cookies() == []


def test_back_after_sending_shows_an_empty_form_with_a_new_key(
    phone: BrowserContext, address: str, person: Person
) -> None:
    page = phone.new_page()
    page.goto(f"{address}/{person.code}")
    first = page.locator("[name=cle]").input_value()
    send_all(page)
    page.go_back()
    page.wait_for_selector("form[data-mots]")
    page.wait_for_load_state()
    assert page.locator("[name=cle]").input_value() != first
    expect(page.locator(":checked")).to_have_count(0)


def test_without_script_the_page_is_one_form_that_works(
    browser: Browser, address: str, person: Person, database: Database
) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/{person.code}")
    expect(shown(page)).to_have_count(len(person.entrance.passing.posed))
    expect(page.locator(".listen")).to_be_hidden()
    page.locator(".choices .choice").first.click()
    page.click("form .main")
    expect(page.locator("h1.thanks")).to_be_visible()
    page.go_back()
    assert page.locator(":checked").count() == 0
    assert len(stored(database)) == 1
    context.close()


@pytest.mark.parametrize("language", ["", "/ar"])
def test_the_row_of_faces_is_whole_on_the_first_screen(
    language: str,
    phone: BrowserContext,
    address: str,
    person: Person,
    database: Database,
    library: Library,
) -> None:
    with database.writing() as session:
        turn_language_on(session, library, session.merge(person.entrance.campaign), "ar")
    person.app.extensions["answering"].entrances.forget()
    page = phone.new_page()
    page.set_viewport_size({"width": 360, "height": 620})
    page.goto(f"{address}/{person.code}{language}")
    box = page.locator(".row").first.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 620
    tops = (
        page.locator(".row")
        .first.locator(".tile")
        .evaluate_all("tiles => tiles.map(tile => tile.getBoundingClientRect().top)")
    )
    assert len(set(tops)) == 1


def progres_exit(open_today: OpenToday) -> str:
    campaign: Campaign = open_today("progres", form="longue")
    return next(link.code for link in campaign.links if link.wave == "sortie")


def test_a_condition_opens_and_closes_questions(
    phone: BrowserContext, address: str, open_today: OpenToday
) -> None:
    page = phone.new_page()
    page.goto(f"{address}/{progres_exit(open_today)}")
    while not shown(page).locator("[name=dro4]").count():
        page.click("form .main")
    before = page.locator(".count").inner_text()
    shown(page).locator("[value=oui]").check()
    page.click("form .main")
    expect(page.locator(".count")).not_to_have_text(before)
    expect(shown(page).locator("[name=dro5]")).not_to_have_count(0)
    page.click("[data-precedent]")
    shown(page).locator("[value=pas_besoin]").check()
    page.click("form .main")
    expect(shown(page).locator("[name=dro5]")).to_have_count(0)


def test_the_link_to_the_content_leaves_the_question_where_it_is(
    phone: BrowserContext, address: str, person: Person
) -> None:
    page = phone.new_page()
    page.goto(f"{address}/{person.code}")
    page.click("form .main")
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".count")).to_contain_text("Question 2")


def test_the_draft_stays_until_it_is_erased_or_sent(
    phone: BrowserContext, address: str, person: Person
) -> None:
    page = phone.new_page()
    page.goto(f"{address}/{person.code}")
    page.locator(".choices .choice").nth(1).click()
    page.click("form .main")
    page.goto("about:blank")
    page.goto(f"{address}/{person.code}")
    expect(page.locator(":checked")).to_have_count(1)
    with page.expect_navigation():
        page.click("[data-brouillon] button")
    expect(page.locator(":checked")).to_have_count(0)
    send_all(page)
    wait_until(page, "localStorage.length === 0")


def test_a_draft_does_not_outlive_a_day(
    phone: BrowserContext, address: str, person: Person
) -> None:
    page = phone.new_page()
    page.clock.install()
    page.goto(f"{address}/{person.code}")
    page.locator(".choices .choice").nth(1).click()
    page.clock.fast_forward("25:00:00")
    page.reload()
    assert page.locator(":checked").count() == 0
    assert page.evaluate("localStorage.length") == 0


def test_without_network_the_answer_stays_and_is_sent_later_once(
    phone: BrowserContext, address: str, person: Person, database: Database
) -> None:
    page = phone.new_page()
    page.goto(f"{address}/{person.code}")
    answer_all(page)
    phone.set_offline(True)
    page.click("form .main")
    expect(page.locator("[data-etat]")).to_contain_text("Rien n’est perdu")
    assert page.locator(":checked").count() > 0
    phone.set_offline(False)
    expect(page.locator("h1.thanks")).to_be_visible()
    assert len(stored(database)) == 1


def test_an_acknowledgement_lost_on_the_way_does_not_count_twice(
    phone: BrowserContext, address: str, person: Person, database: Database
) -> None:
    page = phone.new_page()
    lost = []

    def lose(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch())
            route.abort()
        else:
            route.fallback()

    page.route("**/*", lose)
    page.goto(f"{address}/{person.code}")
    send_all(page)
    assert lost
    assert len(stored(database)) == 1


def test_an_answer_not_yet_sent_survives_a_closed_tab(
    phone: BrowserContext, address: str, person: Person, database: Database
) -> None:
    page = phone.new_page()
    page.goto(f"{address}/{person.code}")
    answer_all(page)
    page.route("**/*", lambda route: route.abort())
    page.click("form .main")
    expect(page.locator("[data-etat]")).to_contain_text("Rien n’est perdu")
    page.close()
    again = phone.new_page()
    again.goto(f"{address}/{person.code}")
    expect(again.locator("h1.thanks")).to_be_visible()
    assert len(stored(database)) == 1


def test_an_answer_that_waited_leaves_even_from_the_page_that_says_closed(
    phone: BrowserContext, address: str, person: Person, database: Database
) -> None:
    today = date.today()  # noqa: DTZ011
    page = phone.new_page()
    page.goto(f"{address}/{person.code}")
    answer_all(page)
    phone.set_offline(True)
    page.click("form .main")
    expect(page.locator("[data-etat]")).to_contain_text("Rien n’est perdu")
    page.close()
    phone.set_offline(False)
    with database.writing() as session:
        close_campaign(session.merge(person.entrance.campaign), today)
    person.app.extensions["answering"].entrances.forget()
    again = phone.new_page()
    again.goto(f"{address}/{person.code}")
    expect(again.locator("h1.thanks")).to_be_visible()
    assert [(one.day, one.late) for one in stored(database)] == [(today, True)]
    again.goto(f"{address}/{person.code}")
    expect(again.locator("[data-ferme]")).to_be_visible()


def test_the_page_of_a_public_wifi_is_not_believed(
    phone: BrowserContext, address: str, person: Person
) -> None:
    page = phone.new_page()
    page.goto(f"{address}/{person.code}")
    answer_all(page)
    page.route("**/*", lambda route: route.fulfill(status=200, body="<h1>Wi-Fi gratuit</h1>"))
    page.click("form .main")
    expect(page.locator("[data-etat]")).to_contain_text("Rien n’est perdu")


def test_pressing_twice_sends_once(phone: BrowserContext, address: str, person: Person) -> None:
    page = phone.new_page()
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else 0)
    page.goto(f"{address}/{person.code}")
    answer_all(page)
    page.evaluate("const send = document.querySelector('form .main'); send.click(); send.click()")
    expect(page.locator("h1.thanks")).to_be_visible()
    assert len(posts) == 1


def test_a_text_too_long_comes_back_with_the_way_to_correct_it(
    phone: BrowserContext, address: str, person: Person, database: Database
) -> None:
    page = phone.new_page()
    page.goto(f"{address}/{person.code}")
    answer_all(page, words="é" * 3000)
    page.click("form .main")
    expect(page.locator("[role=alert]")).to_be_focused()
    page.locator("[role=alert] a").click()
    expect(page.locator(f"[name={person.text_key()}]")).to_be_focused()
    page.locator(f"[name={person.text_key()}]").fill("Plus court")
    page.locator("form .main").click()
    expect(page.locator("h1.thanks")).to_be_visible()
    assert len(stored(database)) == 1


def test_a_number_in_a_text_is_noticed_and_never_stops(
    phone: BrowserContext, address: str, person: Person
) -> None:
    page = phone.new_page()
    page.goto(f"{address}/{person.code}")
    while not shown(page).locator(f"[name={person.text_key()}]").count():
        page.click("form .main")
    box, said = shown(page).locator(f"[name={person.text_key()}]"), shown(page).locator(".personal")
    for typed in (
        "Appelez le 06 12 34 56 78",
        "marie@exemple.fr",
        "1 85 05 78 006 084 36",
        "FR76 3000 6000 0112 3456 7890 189",
    ):
        box.fill(typed)
        expect(said).not_to_be_empty()
    for typed in ("Je viens depuis le 12/03/2025", "3 fois par semaine, 2 heures"):
        box.fill(typed)
        expect(said).to_be_empty()


def test_a_tablet_wipes_itself_after_a_warning(
    browser: Browser, address: str, open_today: OpenToday
) -> None:
    context = browser.new_context(viewport={"width": 1024, "height": 768})
    page = context.new_page()
    page.clock.install()
    page.goto(f"{address}/{open_today(doors=('borne',)).links[0].code}")
    expect(page.locator("form[data-mots]")).to_be_hidden()
    page.click(".hello button")
    page.locator(".choices .choice").nth(1).click()
    assert page.evaluate("localStorage.length") == 0
    page.clock.run_for(62_000)
    expect(page.locator(".veil")).to_be_visible()
    page.locator(".veil .main").click()
    expect(page.locator(".veil")).to_be_hidden()
    page.clock.run_for(85_000)
    page.wait_for_selector(".hello:visible")
    assert page.locator(":checked").count() == 0
    context.close()


def test_a_tablet_greets_the_next_person_after_the_thanks(
    browser: Browser, address: str, open_today: OpenToday
) -> None:
    context = browser.new_context(viewport={"width": 1024, "height": 768})
    page = context.new_page()
    page.clock.install()
    page.goto(f"{address}/{open_today(doors=('borne',)).links[0].code}")
    page.click(".hello button")
    send_all(page)
    page.clock.run_for(85_000)
    page.wait_for_selector(".hello:visible")
    context.close()


def test_the_receipt_and_the_card_are_read_from_the_fragment(
    phone: BrowserContext, address: str, person: Person, open_today: OpenToday
) -> None:
    page = phone.new_page()
    page.goto(f"{address}/recu#S008-G1GC-D8W3E")
    expect(page.locator("#code")).to_have_value("S008G1GCD8W3E")
    expect(page).to_have_url(f"{address}/recu")
    code = progres_exit(open_today)
    page.goto(f"{address}/{code}#abcd2345")
    expect(page.locator("#carte")).to_have_value("ABCD2345")
    expect(page).to_have_url(f"{address}/{code}")


VOICE = """
const voice = {lang: LANG, name: "essai"};
Object.defineProperty(window, "speechSynthesis", {value: {
  speaking: false, said: [], getVoices: () => [voice],
  cancel() { this.speaking = false; },
  speak(one) { this.speaking = true; this.said.push(one.text); },
}});
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
"""


@pytest.mark.parametrize(("language", "offered"), [("fr-FR", True), ("de-DE", False)])
def test_listening_is_offered_when_there_is_a_voice(
    language: str, offered: bool, phone: BrowserContext, address: str, person: Person
) -> None:
    """Headless Chromium has no voice: the only part of the browser that a test replaces."""
    page = phone.new_page()
    page.add_init_script(VOICE.replace("LANG", f"'{language}'"))
    page.goto(f"{address}/{person.code}")
    expect(page.locator(".listen")).to_be_visible(visible=offered)
    if offered:
        page.click(".listen")
        said = page.evaluate("speechSynthesis.said[0]")
        assert person.entrance.passing.posed[0].question.options[0].text.fr in said


def test_the_keyboard_is_enough(phone: BrowserContext, address: str, person: Person) -> None:
    page = phone.new_page()
    page.goto(f"{address}/{person.code}")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "radio":
            break
    page.keyboard.press("ArrowRight")
    expect(page.locator(":checked")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(".count")).to_contain_text("Question 2")


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("language", ["", "/ar"])
def test_no_axe_violation_on_the_way(
    width: int,
    language: str,
    browser: Browser,
    address: str,
    person: Person,
    database: Database,
    library: Library,
) -> None:
    with database.writing() as session:
        turn_language_on(session, library, session.merge(person.entrance.campaign), "ar")
    person.app.extensions["answering"].entrances.forget()
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    axe = Axe()

    def check(step: str) -> None:
        still(page)
        found = axe.run(page, options={"rules": {"color-contrast-enhanced": {"enabled": True}}})
        problems = [
            (one["id"], node["html"])
            for one in found.response["violations"]
            for node in one["nodes"]
        ]
        assert not problems, (step, problems)

    page.goto(f"{address}/{person.code}{language}")
    check("first")
    page.locator(".choices .choice").nth(1).click()
    page.click("form .main")
    check("second")
    text = page.locator(f"[name={person.text_key()}]")
    while not text.is_visible():
        page.click("form .main")
    text.fill("é" * 3000)
    check("text")
    page.evaluate("document.querySelector('form').submit()")
    page.wait_for_selector("[role=alert]")
    check("error")
    text.fill("court")
    page.locator("form .main").click()
    page.wait_for_selector("h1.thanks")
    check("thanks")
    for path in (f"/notice/{person.code}{language}", f"/recu{language}", "/", "/ZZZZ9"):
        page.goto(f"{address}{path}")
        check(path)
    context.close()


def test_the_notice_leads_back_where_one_was(
    browser: Browser, address: str, person: Person
) -> None:
    """Another address of the same questions shows it: a personal link is one too."""
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.goto(f"{address}/{person.code.lower()}")
    page.click(".foot a >> nth=0")
    page.wait_for_url(f"**/notice/{person.code}")
    page.click("text=Revenir aux questions")
    page.wait_for_url(f"{address}/{person.code.lower()}")
    page.context.close()
    alone = browser.new_page()
    alone.goto(f"{address}/notice/{person.code}")
    alone.click("text=Revenir aux questions")
    alone.wait_for_url(f"{address}/{person.code}")
    alone.context.close()


@pytest.mark.parametrize("size", [100, 200])
def test_no_sideways_scroll_on_a_narrow_screen(
    size: int, browser: Browser, address: str, person: Person
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    for path in (f"/{person.code}", f"/notice/{person.code}", "/recu", "/"):
        page.goto(f"{address}{path}")
        page.evaluate(
            "size => { document.documentElement.style.fontSize = 18 * size / 100 + 'px' }", size
        )
        if page.locator("[data-brouillon]").count():
            page.locator(".choices .choice:visible").first.click()
            expect(page.locator("[data-brouillon]")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    context.close()
