"""The life of a testimony, by hand: told, prepared, seen, quoted, taken back, and nothing is left.

The service is the real one and converts by itself what it receives; the microphone and the camera
are Chromium's own.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Response, expect
from sqlalchemy import create_engine, text

from tests.browser.hands import Hands, wait_until
from tests.browser.recorder import GRANTED, ask, data, launched, made, stored, trusted, wait_for
from tests.browser.service import Site, serving
from tests.browser.traces import encrypted, ranks, run_of, sealed, where, written_out

pytestmark = pytest.mark.browser

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
KINDS = {"voix": "audio", "film": "video", "photo": "image"}
USES = ("lieu", "bilan", "financeurs", "public")
NAME, PASSING_BY, NUMBER = "Zéphyrine", "Jeannine Quémeneur", "06 12 34 56 78"
QUESTION = "Qu’est-ce qui a changé pour vous ?"
SAID = "Maintenant je fais mes papiers seule, comme un tournesol."
TOLD = f"Avant, je demandais à ma fille {PASSING_BY}. {SAID} On m’appelle au {NUMBER}."
MASKED = f"Avant, je demandais à ma fille [nom]. {SAID} On m’appelle au [téléphone]."
FUNDER, WALL = "Dossier du conseil départemental", "Affiche de l’accueil"
#: From the list of testimonies to a quote that is copied, and noted at two places.
MOST_TOUCHES = 25
#: Keep the last file that the page shows before it leaves.
KEEP_BLOB = """
const show = URL.createObjectURL;
URL.createObjectURL = (blob) => { window.kept = blob; return show.call(URL, blob); };
"""
READ_BLOB = "kept.arrayBuffer().then((all) => [...new Uint8Array(all)])"
Come = Callable[..., Hands]


@pytest.fixture(scope="module")
def recorder(browser: Browser) -> Iterator[Browser]:
    """Yield a browser with a microphone and a camera, whose permission is given."""
    with launched(browser, GRANTED) as recorder:
        yield recorder


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Yield the service, whose temporary files are in a folder of its own."""
    folder = tmp_path_factory.mktemp("service")
    (folder / "temporary").mkdir()
    with serving(folder, TMPDIR=str(folder / "temporary")) as site:
        yield trusted(site)


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a photo without two parts that are the same."""
    file = tmp_path_factory.mktemp("files") / "photo.jpg"
    return made(file, "nullsrc=s=320x240,geq=random(1)*255:128:128", "-frames:v", "1")


@pytest.fixture
def come(recorder: Browser, tmp_path: Path) -> Iterator[Come]:
    """Return a function that puts somebody before a screen; none met a fault."""
    opened: list[tuple[BrowserContext, Hands]] = []

    def sit_down(size: Any, **options: Any) -> Hands:
        context = recorder.new_context(viewport=size, locale="fr-FR", **options)
        context.add_init_script(KEEP_BLOB)
        opened.append((context, Hands(context.new_page(), tmp_path)))
        return opened[-1][1]

    yield sit_down
    for context, _ in opened:
        context.close()
    assert [fault for _, hands in opened for fault in hands.faults] == []


# --- what people do on their telephone ------------------------------------------------------------


def choose(hands: Hands, scope: str, code: str) -> None:
    """Touch one answer of one choice."""
    hands.touch(hands.main.locator(f".choice:has([name='{scope}'][value='{code}'])"))


def agree(hands: Hands, *, has_media: bool) -> None:
    """Let words, voice and image go everywhere, under a first name."""
    for use in USES:
        choose(hands, use, "oui")
    choose(hands, "nom", "prenom")
    hands.type("Le prénom à montrer", NAME)
    if has_media:
        choose(hands, "garder_media", "oui")
        choose(hands, "montrer_media", "oui")
    choose(hands, "capacite", "adulte")


def record(hands: Hands, kind: str) -> bytes:
    """Record a voice or a film for two seconds; return what the page holds."""
    box = hands.main.locator(f"[data-moyen={kind}]")
    folded = hands.main.locator("details:not([open]):has([data-dire]) > summary")
    if folded.count():
        hands.touch(folded)
    hands.touch(box.locator("[data-premier]"))
    expect(box.locator("[data-temps]")).to_have_text(re.compile("0:(0[2-9]|[1-5])"))
    hands.touch(box.locator("[data-arreter]"))
    expect(box.locator("[data-ecoute]")).to_be_visible()
    return bytes(hands.page.evaluate(READ_BLOB))


def add_photo(hands: Hands, photo: Path) -> bytes:
    """Choose a photo of the telephone."""
    with hands.page.expect_file_chooser() as chooser:
        hands.tap("Choisir une photo", "button")
    chooser.value.set_files(photo)
    expect(hands.main.locator("[data-moyen=photo] [data-ecoute]")).to_be_visible()
    return photo.read_bytes()


def send(hands: Hands) -> str:
    """Send, and return the code of the slip."""
    hands.touch(hands.main.locator(".actions button.main:visible").last)
    expect(hands.main.locator(".ticket .code")).to_be_visible(timeout=40_000)
    return "-".join(hands.main.locator(".ticket .code span").all_inner_texts())


def tell(hands: Hands, site: Site, kind: str, photo: Path) -> tuple[str, bytes]:
    """Tell on the public page, in one of the four ways; return the code, and what was recorded."""
    hands.open(f"{site.address}/temoigner/{site.code}")
    original = b""
    if kind in ("text", "photo"):
        hands.type(QUESTION, TOLD)
    if kind in KINDS:
        hands.tap_open("Vous préférez parler")
        original = add_photo(hands, photo) if kind == "photo" else record(hands, kind)
    agree(hands, has_media=kind in KINDS)
    return send(hands), original


def find_again(hands: Hands, site: Site, code: str) -> None:
    """Open one's testimony with the code of the slip, typed as people type it."""
    hands.open(f"{site.address}/recu")
    hands.type("Votre code", code.replace("-", " ").lower())
    hands.tap("Voir", "button")
    hands.reads("Votre témoignage")


def refuse(hands: Hands, *scopes: str) -> None:
    """Say no where it was yes."""
    for scope in scopes:
        choose(hands, scope, "non")
    hands.tap("Enregistrer mes choix", "button")
    hands.reads("C’est enregistré")


def erase(hands: Hands) -> None:
    """Erase everything, and be told that it is done."""
    hands.tap("Effacer mon témoignage", "button")
    hands.tap("Oui, effacer", "button")
    hands.reads("Votre témoignage est effacé")


# --- what the médiatrice does on the desk ---------------------------------------------------------


def enter(come: Come, site: Site) -> Hands:
    """Sit the médiatrice down before her screen."""
    nolwenn = come(DESK, permissions=["clipboard-read", "clipboard-write"])
    nolwenn.sign_in(site.address, site.email, site.password)
    return nolwenn


def read(hands: Hands, testimony_id: UUID) -> None:
    hands.menu("Témoignages")
    hands.touch(hands.main.locator(f".file a[href*='{testimony_id}']").first)


def plays(hands: Hands, kind: str) -> bytes:
    """Check that what was sent is really played or drawn; return the file that the desk gives."""
    answers: list[Response] = []
    hands.page.on("response", lambda answer: answers.append(answer))
    player = hands.main.locator({"audio": "audio", "video": "video"}.get(kind, ".medias img"))
    element = f"document.querySelector('.medias {'img' if kind == 'image' else kind}')"
    if kind == "image":
        wait_until(hands.page, f"{element}.complete && {element}.naturalWidth > 0")
    else:
        player.evaluate("(one) => one.play()")
        wait_until(hands.page, f"{element}.currentTime > 0.3")
        player.evaluate("(one) => one.pause()")
        assert {one.status for one in answers if "/media/" in one.url} == {206}
    address = hands.page.evaluate(f"{element}.src")
    whole = hands.page.request.get(address)
    part = hands.page.request.get(address, headers={"Range": "bytes=100-199"})
    assert (whole.status, part.status) == (200, 206)
    assert part.body() == whole.body()[100:200]
    return whole.body()


def write_down(hands: Hands) -> None:
    """Write what a voice says, so that it can be quoted."""
    hands.type("Écrire ce que la personne dit", TOLD)
    hands.touch(hands.main.locator("#ecrire button"))
    hands.reads("C’est écrit.")


def mask(hands: Hands) -> None:
    """Mask the name; the number is masked already."""
    shown = hands.main.locator("[data-masquable]")
    expect(shown).to_contain_text("[téléphone]")
    hands.tap(f"Masquer « {PASSING_BY} »", "button")
    expect(shown).to_have_text(MASKED)


def keep(hands: Hands) -> None:
    """Say what it is about by one key, and keep it once it was read."""
    box = hands.main.locator("[data-touche='1']")
    hands.touches += 1
    hands.page.keyboard.press("1")
    expect(hands.main.locator("[data-dit]")).to_contain_text("oui")
    expect(box).to_be_checked()
    hands.tap("J’ai relu", "checkbox")
    hands.tap("Garder", "button", within=hands.main.locator("#decider"))
    hands.reads("Il est gardé")


def quote(hands: Hands, places: tuple[str, str]) -> None:
    """Cut a sentence, copy it with its signature, and note that a funder and the lieu see it."""
    part = hands.main.locator("#citation")
    hands.touch(part.get_by_label(SAID))
    hands.choose("De quoi parle-t-elle ?", "Confiance et estime de soi")
    hands.tap("Garder cette citation", "button")
    hands.touch(mine(hands).get_by_role("button", name="Copier"))
    hands.reads("Copié, avec sa signature.")
    copied = hands.page.evaluate("navigator.clipboard.readText()")
    assert SAID in copied
    assert NAME in copied
    for place, words in zip(places, ("Pour un financeur", "Dans le lieu"), strict=True):
        hands.touch(mine(hands).get_by_role("link", name="Noter où elle est montrée"))
        hands.tap(words, "radio")
        hands.type("Où est-elle montrée ?", place)
        hands.tap("Noter au registre", "button")
        hands.menu("Témoignages")
        hands.tap("Citations")


def mine(hands: Hands) -> Locator:
    """Return the line of the quote."""
    return hands.main.locator("li.citation, .gardee", has_text=SAID)


def register(hands: Hands, places: tuple[str, str]) -> tuple[list[str], list[str]]:
    """Return which of these places are to take down, and which others the register names."""
    hands.menu("Témoignages")
    hands.tap("Registre")
    hands.reads("Ce registre ne garde aucun mot.")
    expect(hands.main).not_to_contain_text("tournesol")
    waiting, others = (
        hands.main.locator(rows).all_inner_texts() for rows in ("li.retirer b", "tbody th")
    )
    return (
        [place for place in places if any(place in one for one in waiting)],
        [place for place in places if any(place in one for one in others)],
    )


# --- what the machine holds -----------------------------------------------------------------------


def held(site: Site) -> set[UUID]:
    """Return the testimonies that the database holds."""
    file = f"sqlite:///{data(site) / 'recueil.sqlite3'}"
    engine = create_engine(site.service.environment.get("DATABASE_URL", file))
    with engine.connect() as connection:
        ids = connection.execute(text("SELECT id FROM testimony")).scalars().all()
    engine.dispose()
    return {UUID(str(one)) for one in ids}


def rest(site: Site) -> None:
    """Wait until the server has converted all that came."""
    wait_for(lambda: not ask(site, "SELECT 1 FROM job"))


@pytest.mark.parametrize("kind", ["text", *KINDS])
def test_a_testimony_is_told_seen_quoted_taken_back_and_nothing_is_left(
    site: Site, come: Come, photo: Path, tmp_path: Path, kind: str
) -> None:
    places = (f"{FUNDER}, {kind}", f"{WALL}, {kind}")
    liliane, nolwenn, before = come(PHONE), enter(come, site), held(site)
    code, original = tell(liliane, site, kind, photo)
    (testimony_id,) = held(site) - before
    print(f"{kind}: told in {liliane.touches} touches")
    rest(site)

    nolwenn.touches = 0
    read(nolwenn, testimony_id)
    converted = plays(nolwenn, KINDS[kind]) if kind in KINDS else b""
    if kind in ("voix", "film"):
        write_down(nolwenn)
    mask(nolwenn)
    keep(nolwenn)
    quote(nolwenn, places)
    print(f"{kind}: quoted in {nolwenn.touches} touches")
    assert nolwenn.touches <= MOST_TOUCHES
    assert register(nolwenn, places) == ([], [*places])

    clear = [run_of(one) for one in (original, converted) if one]
    files = encrypted(site, converted) if converted else []
    assert len(files) == bool(converted)
    kept = [*sealed(site, testimony_id), *files]
    assert ranks(where(site, kept)) == {*range(len(kept))}  # the search finds what is there
    assert where(site, clear) == []
    find_again(liliane, site, code)
    refuse(liliane, "financeurs")
    assert register(nolwenn, places) == ([places[0]], [places[1]])
    refuse(liliane, "lieu", "bilan", "public", *(["garder_media"] if converted else []))
    liliane.reads("Vous avez tout repris.")
    assert register(nolwenn, places) == ([*places], [])
    erase(liliane)
    assert register(nolwenn, places) == ([*places], [])

    marks = [one.encode() for one in (SAID, NAME, PASSING_BY, NUMBER)]
    marks += [*kept, *clear]
    wait_for(lambda: not where(site, marks))
    assert where(site, marks, *written_out(site, tmp_path / "out")) == []
    assert held(site) == before


def test_without_a_script_words_and_a_photo_are_told_and_erased(
    site: Site, come: Come, photo: Path, tmp_path: Path
) -> None:
    liliane, before = come(PHONE, java_script_enabled=False), held(site)
    liliane.open(f"{site.address}/temoigner/{site.code}")
    liliane.type(QUESTION, TOLD)
    liliane.tap_open("Vous préférez parler")
    liliane.page.set_input_files("#fichier-photo", photo)
    choose(liliane, "garder_media", "oui")
    code = send(liliane)
    (testimony_id,) = held(site) - before
    rest(site)
    nolwenn = enter(come, site)
    read(nolwenn, testimony_id)
    nolwenn.reads(SAID)
    converted = plays(nolwenn, "image")
    clear = [run_of(one) for one in (converted, photo.read_bytes())]
    (file,) = encrypted(site, converted)
    marks = [file, *sealed(site, testimony_id)]
    assert ranks(where(site, marks)) == {*range(len(marks))}
    assert where(site, clear) == []

    find_again(liliane, site, code)
    liliane.reads(TOLD)
    erase(liliane)
    marks += [*clear, SAID.encode(), PASSING_BY.encode()]
    wait_for(lambda: not where(site, marks))
    assert where(site, marks, *written_out(site, tmp_path / "out")) == []


@pytest.mark.parametrize("script", [True, False], ids=["script", "no_script"])
def test_words_alone_take_three_touches(site: Site, come: Come, script: bool) -> None:
    liliane = come(PHONE, java_script_enabled=script)
    liliane.open(f"{site.address}/temoigner/{site.code}")
    liliane.type(QUESTION, "Je fais mes papiers seule.")
    find_again(liliane, site, send(liliane))
    erase(liliane)
    # Three to tell; then the address, the code, « Voir », « Effacer », « Oui ».
    assert liliane.touches == 3 + 5


def test_a_partner_is_invited_answers_testifies_and_the_list_says_so(
    site: Site, come: Come
) -> None:
    nolwenn, name, before = enter(come, site), "Mission locale de Trévou", held(site)
    nolwenn.menu("Partenaires")
    nolwenn.tap("Ajouter un partenaire")
    nolwenn.type("Son nom", name)
    nolwenn.choose("Son type", "Insertion professionnelle (France Travail, mission locale…)")
    nolwenn.tap("Ajouter ce partenaire", "button")
    nolwenn.tap("Préparer sa lettre", "button")
    link = nolwenn.main.get_by_label("Son lien, à lui seul").input_value()
    nolwenn.tap("Je l’ai envoyée moi-même", "button")

    anne = come(PHONE)
    anne.answer(link)
    anne.reads("Votre réponse est signée", name)
    anne.tap("Raconter", "button")
    anne.type("Que voyez-vous changer chez les personnes ?", "Elles viennent plus tôt.")
    for scope, code in (("lieu", "oui"), ("bilan", "oui"), ("nom", "organisation")):
        choose(anne, scope, code)
    anne.type("Le nom de votre organisation", name)
    code = send(anne)
    print(f"partner: answered and told in {anne.touches} touches after the questionnaire")

    (testimony_id,) = held(site) - before
    nolwenn.menu("Partenaires")
    expect(nolwenn.main.locator("tr", has_text=name)).to_contain_text("a répondu")
    nolwenn.menu("Témoignages")
    line = nolwenn.main.locator(f".file a[href*='{testimony_id}']").first
    expect(line).to_contain_text(name)
    nolwenn.touch(line)
    nolwenn.reads("Elles viennent plus tôt.", name)
    find_again(anne, site, code)
    erase(anne)
    assert held(site) == before


@pytest.fixture
def on_postgresql(postgresql_server: str, tmp_path: Path) -> Iterator[Site]:
    """Yield the service on PostgreSQL, where it converts nothing by itself."""
    name = f"recueil_journey_{os.getpid()}"
    server = create_engine(f"{postgresql_server}/postgres", isolation_level="AUTOCOMMIT")
    with server.connect() as administration:
        administration.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        administration.execute(text(f"CREATE DATABASE {name}"))
        with serving(tmp_path / "service", DATABASE_URL=f"{postgresql_server}/{name}") as site:
            yield trusted(site)
        administration.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.mark.postgresql
def test_on_postgresql_a_command_converts_what_waits(
    on_postgresql: Site, come: Come, photo: Path
) -> None:
    site, liliane, before = on_postgresql, come(PHONE), held(on_postgresql)
    code, _ = tell(liliane, site, "voix", photo)
    (testimony_id,) = held(site) - before
    nolwenn = enter(come, site)
    read(nolwenn, testimony_id)
    nolwenn.reads("La voix se prépare.")
    site.service.run("work", "--once")
    nolwenn.page.reload()
    plays(nolwenn, "audio")
    find_again(liliane, site, code)
    erase(liliane)
    assert held(site) == before
    wait_for(lambda: not stored(site))
