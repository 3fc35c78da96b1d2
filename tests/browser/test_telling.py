"""A testimony by hand: words, voice, film and photo, on a network that breaks.

The service is the real one, the microphone and the camera are Chromium's own, the conversion is
made by the real ffmpeg.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Dialog, Page, Request, Route, expect

from app.media.store import Store
from tests.browser.recorder import (
    DENIED,
    GRANTED,
    ask,
    data,
    launched,
    made,
    stored,
    trusted,
    unfold,
    wait_for,
)
from tests.browser.service import NAME, Site, serving, sign_in
from tests.visiting import overflows, violations

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 800}
NARROW = {"width": 320, "height": 640}
WORDS = "Avant je demandais à ma fille. Maintenant je fais seule."


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Yield the service by a name that browsers trust with a microphone."""
    with serving(tmp_path_factory.mktemp("service")) as site:
        yield trusted(site)


@pytest.fixture(scope="module")
def recorder(browser: Browser) -> Iterator[Browser]:
    """Yield a browser with a microphone and a camera, whose permission is given."""
    with launched(browser, GRANTED) as recorder:
        yield recorder


@pytest.fixture
def page(recorder: Browser, site: Site) -> Iterator[Page]:
    with before(recorder, site) as page:
        yield page


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a voice that takes several pieces."""
    return made(tmp_path_factory.mktemp("files") / "voix.wav", "sine=d=25", "-ar", "44100")


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(
        tmp_path_factory.mktemp("files") / "photo.jpg", "testsrc=s=640x480", "-frames:v", "1"
    )


@contextmanager
def before(
    browser: Browser, site: Site, language: str = "", size: Any = None, **options: Any
) -> Iterator[Page]:
    """Put somebody before the page on which people tell."""
    viewport: Any = size or PHONE
    context = browser.new_context(viewport=viewport, locale="fr-FR", **options)
    page = context.new_page()
    faults: list[object] = []
    page.on("pageerror", lambda fault: faults.append(fault))
    page.goto(f"{site.address}/temoigner/{site.code}{language}")
    unfold(page)
    yield page
    context.close()
    assert faults == []


def send(page: Page) -> None:
    page.locator("[data-etat] ~ .actions .main").click()


def agree(page: Page, scope: str = "garder_media", choice: str = "oui") -> None:
    """Touch the words of a choice, as a finger does: the page may still be moving under it."""
    choice_made = page.locator(f"[name={scope}][value={choice}]")
    page.locator("label.choice", has=choice_made).click()
    expect(choice_made).to_be_checked()


def thanked(page: Page) -> str:
    """Wait for the thanks; return the receipt code."""
    expect(page.locator(".ticket .code")).to_be_visible(timeout=40_000)
    return "".join(page.locator(".ticket .code span").all_inner_texts())


def record(page: Page, field: str, seconds: int = 1) -> None:
    """Record until the clock of the page says so many seconds."""
    box = page.locator(f"[data-moyen={field}]")
    box.locator("[data-premier]").click()
    expect(box.locator("[data-arreter]")).to_be_visible()
    expect(box.locator("[data-temps]")).to_have_text(re.compile(f"0:(0[{seconds}-9]|[1-5])"))
    box.locator("[data-arreter]").click()
    expect(box.locator("[data-ecoute]")).to_be_visible()


def media(site: Site) -> list[Any]:
    return ask(site, "SELECT kind, state, size, announced, id FROM media_file ORDER BY kind, id")


def settled(site: Site) -> list[Path]:
    """Let the server end its work, then return what the store holds."""
    wait_for(lambda: not ask(site, "SELECT 1 FROM job"))
    return stored(site)


def told(site: Site) -> int:
    (count,) = ask(site, "SELECT count(*) FROM testimony")[0]
    return int(count)


def ready(site: Site, known: list[Any]) -> dict[str, str]:
    """Let the server end its work; return the ids of what came since, by kind."""
    settled(site)
    rows = [row for row in media(site) if row[4] not in {one[4] for one in known}]
    assert {row[1] for row in rows} == {"ready"}
    return {row[0]: str(UUID(row[4])) for row in rows}


@pytest.mark.parametrize("javascript", [True, False])
def test_words_alone_are_enough(recorder: Browser, site: Site, javascript: bool) -> None:
    settled(site)
    already, files = told(site), media(site)
    with before(recorder, site, java_script_enabled=javascript) as page:
        page.fill("#recit", WORDS)
        send(page)
        assert len(thanked(page)) == 13
    assert (told(site), media(site)) == (already + 1, files)


def test_a_voice_a_film_and_a_photo_go_from_the_hand_to_the_team(
    page: Page, site: Site, browser: Browser, photo: Path
) -> None:
    known = media(site)
    posts: list[Request] = []
    page.on("request", lambda request: posts.append(request) if request.method == "POST" else None)
    record(page, "voix")
    record(page, "film", 2)
    page.set_input_files("#fichier-photo", photo)
    expect(page.locator("[data-moyen=photo] img")).to_be_visible()
    assert posts == []  # nothing leaves before Envoyer
    agree(page)
    send(page)
    thanked(page)
    expect(page.locator("[data-media]")).to_be_visible()
    ids = ready(site, known)
    assert set(ids) == {"audio", "video", "image"}
    with browser.new_page() as staff:
        sign_in(staff, site)
        (testimony,) = ask(
            site, "SELECT testimony_id FROM testimony_media WHERE media_id = ?",
            UUID(ids["audio"]).hex,
        )[0]  # fmt: skip
        for kind, found in ids.items():
            address = f"{site.address}/espace/temoignages/{UUID(testimony)}/media/{found}"
            whole = staff.request.get(address)
            part = staff.request.get(address, headers={"Range": "bytes=10-29"})
            assert (whole.status, part.status) == (200, 206)
            assert part.body() == whole.body()[10:30]
            assert whole.headers["content-type"].startswith(kind)


def test_an_upload_that_breaks_resumes_and_no_byte_counts_twice(
    recorder: Browser, sound: Path, tmp_path: Path
) -> None:
    """The server has no ffmpeg here: what came stays as it came, until it can be read."""
    programs = tmp_path / "bin"
    programs.mkdir()
    with serving(tmp_path, PATH=str(programs)) as named:
        site = trusted(named)
        with before(recorder, site) as page:
            page.fill("#recit", WORDS)
            page.set_input_files("#fichier-voix", sound)
            agree(page)
            pieces = 0

            def break_off(route: Route) -> None:
                nonlocal pieces
                pieces += 1
                if pieces == 2:  # this one arrives, and nobody hears of it
                    route.fetch()
                if pieces in (2, 3):
                    return route.abort()
                if pieces == 5:
                    site.service.stop()
                return route.continue_()

            page.route("**/fichier", break_off)
            send(page)
            panel = page.locator("[data-depart]")
            expect(panel).to_contain_text("Votre voix n’est pas encore partie")
            expect(panel).to_contain_text("Votre texte est bien arrivé")
            code = panel.get_by_text("Votre code")
            expect(code).to_have_text(re.compile(r"^Votre code\s: \w{4}-\w{4}-\w{5}$"))
            shown = panel.locator("[data-code]").inner_text()
            expect(panel.get_by_role("button", name="Réessayer")).to_be_visible()
            expect(panel.get_by_role("button", name="Continuer sans")).to_be_visible()
            wait_for(lambda: pieces >= 5, page)
            expect(panel).to_contain_text("Votre voix n’est pas encore partie")
            site.service.start()
            panel.get_by_role("button", name="Réessayer").click()
            assert thanked(page) == shown.replace("-", "")
        (row,) = media(site)
        assert row[:4] == ("audio", "waiting", sound.stat().st_size, sound.stat().st_size)
        (key,) = {file.parent.name for file in stored(site)}
        content = b"".join(Store(data(site)).read(key))
        assert sha256(content).digest() == sha256(sound.read_bytes()).digest()


def test_going_on_without_what_does_not_leave_keeps_the_words(page: Page, site: Site) -> None:
    already = told(site)
    page.fill("#recit", WORDS)
    record(page, "voix")
    agree(page)
    page.route("**/fichier", lambda route: route.abort())
    send(page)
    page.get_by_role("button", name="Continuer sans").click()
    thanked(page)
    expect(page.locator("[data-media]")).to_have_count(0)
    assert told(site) == already + 1


def test_a_network_that_fails_loses_nothing_and_is_waited_for(page: Page, site: Site) -> None:
    already = told(site)
    page.fill("#recit", WORDS)
    record(page, "voix")
    agree(page)
    page.context.set_offline(True)
    send(page)
    expect(page.locator("[data-etat]")).to_contain_text("Rien n’est perdu")
    page.context.set_offline(False)
    thanked(page)
    assert told(site) == already + 1


@pytest.mark.parametrize("said", ["non", ""])
def test_without_the_agreement_nothing_leaves_the_device(page: Page, site: Site, said: str) -> None:
    files, known = settled(site), media(site)
    page.fill("#recit", WORDS)
    record(page, "voix")
    if said:
        agree(page, choice=said)
    else:
        send(page)
    box = page.locator("[data-sans-accord]")
    expect(box).to_be_visible()
    page.get_by_role("button", name="Envoyer sans l’enregistrement").click()
    thanked(page)
    assert (settled(site), media(site)) == (files, known)


def test_a_form_that_comes_back_keeps_what_was_recorded(page: Page, site: Site) -> None:
    record(page, "voix")
    agree(page)
    agree(page, "lieu")
    agree(page, "nom", "prenom")
    send(page)
    expect(page.locator("main > .box.bad")).to_be_visible()
    expect(page.locator("[data-moyen=voix] audio")).to_be_visible()
    page.fill("#prenom", "Liliane")
    known = len(media(site))
    send(page)
    thanked(page)
    assert len(media(site)) == known + 1


def test_where_the_permission_is_refused_a_file_may_be_chosen(
    browser: Browser, site: Site, sound: Path
) -> None:
    with launched(browser, DENIED) as refused, before(refused, site) as page:
        box = page.locator("[data-moyen=voix]")
        box.locator("[data-premier]").click()
        expect(box.locator("[data-dit]")).to_contain_text("Le micro ou la caméra n’est pas ouvert")
        with page.expect_file_chooser() as chooser:
            box.locator("[data-second]").click()
        chooser.value.set_files(sound)
        expect(box.locator("audio")).to_be_visible()


def test_where_the_browser_cannot_record_a_file_may_be_chosen(
    recorder: Browser, site: Site
) -> None:
    """An address without https: browsers give no microphone there."""
    plain = replace(site, address=site.address.replace("localhost", NAME))
    with before(recorder, plain) as page:
        box = page.locator("[data-moyen=voix]")
        expect(box.locator("[data-premier]")).to_be_hidden()
        expect(box.locator("[data-second]")).to_be_visible()
        expect(box.locator("[data-dit]")).to_contain_text("ne sait pas enregistrer")


def test_a_voice_is_recorded_with_the_keyboard_alone(page: Page, site: Site) -> None:
    page.focus("#recit")
    page.keyboard.type(WORDS)
    page.keyboard.press("Tab")
    expect(page.locator("summary:focus")).to_contain_text("Vous préférez parler")
    page.keyboard.press("Enter")  # folds, and unfolds
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("[data-moyen=voix] [data-premier]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-moyen=voix] [data-dit]")).to_contain_text("Nous vous écoutons")
    expect(page.locator("[data-moyen=voix] [data-arreter]")).to_be_focused()
    clock = page.locator("[data-moyen=voix] [data-temps]")
    expect(clock).to_have_text(re.compile("0:(0[1-9]|[1-5])"))
    page.keyboard.press("Enter")
    expect(page.locator("[data-moyen=voix] audio")).to_be_focused()
    expect(page.locator("[data-moyen=voix] [data-dit]")).to_contain_text("C’est enregistré")
    page.locator("[data-moyen=voix] [data-enlever]").press("Enter")
    expect(page.locator("[data-moyen=voix] [data-premier]")).to_be_focused()
    expect(page.locator("[data-moyen=voix] audio")).to_be_hidden()


@pytest.mark.parametrize("language", ["", "/ar"])
@pytest.mark.parametrize("size", [NARROW, PHONE])
def test_every_state_holds_on_a_small_screen_and_has_no_axe_violation(
    recorder: Browser, site: Site, photo: Path, size: dict[str, int], language: str
) -> None:
    with before(recorder, site, language, size) as page:
        record(page, "voix")
        page.set_input_files("#fichier-photo", photo)
        page.locator("[data-moyen=film] [data-premier]").click()
        expect(page.locator("[data-moyen=film] [data-arreter]")).to_be_visible()
        agree(page, choice="non")
        expect(page.locator("[data-sans-accord]")).to_be_visible()
        for button in page.locator(".dire button:visible").all():
            found = button.bounding_box()
            assert found is not None
            assert found["height"] >= 48
        assert overflows(page) == []
        assert violations(page) == []
        page.locator("[data-moyen=film] [data-arreter]").click()
        agree(page)
        page.route("**/fichier", lambda route: route.abort())
        send(page)
        expect(page.locator("[data-rompu]")).to_be_visible()
        assert overflows(page) == []
        assert violations(page) == []


def test_a_recording_stops_by_itself_at_its_limit(page: Page) -> None:
    def shorten(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace('"300"', '"2"'))

    page.route("**/temoigner/*", shorten)
    page.reload()
    unfold(page)
    box = page.locator("[data-moyen=voix]")
    box.locator("[data-premier]").click()
    expect(box.locator("[data-dit]")).to_contain_text("Le temps est fini")
    expect(box.locator("audio")).to_be_visible()


def test_a_draft_waits_on_this_device_until_it_is_erased(page: Page) -> None:
    page.fill("#recit", WORDS)
    agree(page, "bilan")
    page.reload()
    expect(page.locator("#recit")).to_have_value(WORDS)
    expect(page.locator("[name=bilan][value=oui]")).to_be_checked()
    erase = page.get_by_role("button", name="Effacer et recommencer")
    erase.click()
    expect(page.locator("#recit")).to_be_hidden()
    page.get_by_role("button", name="Continuer cette réponse").click()
    expect(erase).to_be_focused()
    expect(page.locator("#recit")).to_have_value(WORDS)
    erase.click()
    with page.expect_navigation():
        erase.click()
    expect(page.locator("#recit")).to_be_visible()
    expect(page.locator("#recit")).to_have_value("")
    assert page.evaluate("localStorage.length") == 0


def test_a_draft_found_later_is_shown_only_to_who_asks_for_it(page: Page) -> None:
    page.fill("#recit", WORDS)
    later = page.context.new_page()
    later.goto(page.url)
    expect(later.get_by_text("Une réponse est commencée.")).to_be_visible()
    expect(later.locator("#recit")).to_be_hidden()
    expect(later.locator("#recit")).to_have_value("")
    assert later.locator("main :is(h1, h2):visible").count() == 1
    later.get_by_role("button", name="Continuer cette réponse").click()
    expect(later.locator("#recit")).to_have_value(WORDS)
    expect(later.get_by_role("heading", name="Votre histoire")).to_be_focused()
    other = page.context.new_page()
    other.goto(page.url)
    with other.expect_navigation():
        other.get_by_role("button", name="Effacer et recommencer").click()
    expect(other.locator("#recit")).to_be_visible()
    expect(other.locator("#recit")).to_have_value("")
    assert other.evaluate("localStorage.length") == 0


def test_what_was_begun_here_the_day_before_is_gone(page: Page) -> None:
    page.evaluate("""() => {
      localStorage.setItem("recueil:AVANT", JSON.stringify([Date.now() - 864e5 - 1, "", "a=b"]));
      localStorage.setItem("recueil:temoin:HIER", JSON.stringify([Date.now() - 8e7, 0, ""]));
      localStorage.setItem("recueil:autre", "null");
      localStorage.setItem("autre", "[0]");
    }""")
    page.reload()
    expect(page.locator("#recit")).to_be_visible()
    left = page.evaluate("Object.keys(localStorage).sort()")
    assert left == ["autre", "recueil:autre", "recueil:temoin:HIER"]


def test_a_recording_is_not_lost_by_a_tap_elsewhere(page: Page) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    record(page, "voix")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="En savoir plus").click()
    assert "/notice/" in opened.value.url
    opened.value.close()
    expect(page.locator("[data-moyen=voix] audio")).to_be_visible()
    assert asked == []
    page.close(run_before_unload=True)
    wait_for(lambda: asked == ["beforeunload"], page)
    expect(page.locator("[data-moyen=voix] audio")).to_be_visible()
    page.locator("[data-moyen=voix] [data-enlever]").click()
    page.reload()
    unfold(page)
    page.locator("[data-moyen=voix] [data-premier]").click()
    expect(page.locator("[data-moyen=voix] [data-arreter]")).to_be_visible()
    page.close(run_before_unload=True)
    wait_for(lambda: len(asked) == 2, page)
    page.locator("[data-moyen=voix] [data-arreter]").click()
    page.fill("#recit", WORDS)
    agree(page)
    send(page)
    thanked(page)
    page.reload()
    assert len(asked) == 2


def test_who_listens_to_a_recording_is_still_there(page: Page) -> None:
    busy = "Boolean(document.querySelector('#temoignage').busy())"
    record(page, "voix", 2)
    assert page.evaluate(busy) is False
    page.evaluate("document.querySelector('[data-moyen=voix] audio').play()")
    assert page.evaluate(busy) is True
    page.evaluate("document.querySelector('[data-moyen=voix] audio').pause()")
    assert page.evaluate(busy) is False


HEIC = {
    "name": "IMG_1.HEIC",
    "mimeType": "image/heic",
    "buffer": b"\0\0\0\x18ftypheic" + bytes(900),
}
NO_PHOTO = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": b"MZ" * 900}
BROKEN = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff" + bytes(900)}
A_PDF = {"name": "voix.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7" * 90}


@pytest.mark.parametrize(
    ("field", "file", "said"),
    [
        ("photo", HEIC, "HEIC"),
        ("photo", NO_PHOTO, "n’est pas une image"),
        ("photo", BROKEN, "n’est pas une image"),
        ("voix", A_PDF, "n’est pas un son"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_before_anything_leaves(
    page: Page, site: Site, field: str, file: Any, said: str
) -> None:
    already = told(site)
    page.set_input_files(f"#fichier-{field}", file)
    expect(page.locator(f"[data-moyen={field}] [data-dit]")).to_contain_text(said)
    expect(page.locator(f"[data-moyen={field}] [data-ecoute]")).to_be_hidden()
    agree(page)
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("Il n’y a encore rien à envoyer")
    assert told(site) == already


def test_no_code_is_shown_while_nothing_is_kept(page: Page, site: Site) -> None:
    already = told(site)
    page.set_input_files(
        "#fichier-voix", {"name": "v.mp3", "mimeType": "audio/mpeg", "buffer": b"MZ" * 4_000}
    )
    agree(page)
    send(page)
    panel = page.locator("[data-depart]")
    expect(panel.locator("[data-va]")).to_contain_text("Votre voix n’est pas gardée")
    expect(panel.locator("[data-code]")).to_be_hidden()
    expect(panel).not_to_contain_text("bien arrivés")
    page.get_by_role("button", name="Continuer sans").click()
    expect(page.locator("[data-etat]")).to_contain_text("Rien n’est gardé")
    assert told(site) == already


@pytest.mark.parametrize("javascript", [True, False])
def test_a_file_that_is_something_else_costs_no_word(
    recorder: Browser, site: Site, javascript: bool
) -> None:
    files, already = settled(site), told(site)
    with before(recorder, site, java_script_enabled=javascript) as page:
        page.fill("#recit", WORDS)
        page.set_input_files(
            "#fichier-voix",
            {"name": "v" * 300 + ".mp3", "mimeType": "audio/mpeg", "buffer": b"MZ" * 4_000},
        )
        agree(page)
        send(page)
        if javascript:
            expect(page.locator("[data-va]")).to_contain_text("Votre voix n’est pas gardée")
            page.get_by_role("button", name="Continuer sans").click()
        else:
            expect(page.locator("p[role=alert]")).to_contain_text("Votre voix n’est pas gardée")
        thanked(page)
    assert (settled(site), told(site)) == (files, already + 1)


def test_without_a_script_a_voice_and_a_photo_go_with_the_words(
    recorder: Browser, site: Site, sound: Path, photo: Path, tmp_path: Path
) -> None:
    known = media(site)
    with before(recorder, site, java_script_enabled=False) as page:
        page.fill("#recit", WORDS)
        page.set_input_files("#fichier-voix", sound)
        long = tmp_path / ("é" * 120 + ".jpg")
        shutil.copy(photo, long)
        page.set_input_files("#fichier-photo", long)
        agree(page)
        send(page)
        thanked(page)
    assert set(ready(site, known)) == {"audio", "image"}


@pytest.mark.parametrize("javascript", [True, False])
def test_a_file_above_its_cap_costs_no_word(
    recorder: Browser, site: Site, tmp_path: Path, javascript: bool
) -> None:
    heavy = tmp_path / "lourde.jpg"
    heavy.write_bytes(b"\xff\xd8\xff" + bytes(13_000_000))
    files, already = settled(site), told(site)
    with before(recorder, site, java_script_enabled=javascript) as page:
        page.fill("#recit", WORDS)
        page.set_input_files("#fichier-photo", heavy)
        agree(page)
        if javascript:
            expect(page.locator("[data-moyen=photo] [data-dit]")).to_contain_text("trop lourd")
        send(page)
        thanked(page)
        if not javascript:
            expect(page.locator("p[role=alert]")).to_contain_text("trop lourd")
    assert (settled(site), told(site)) == (files, already + 1)
