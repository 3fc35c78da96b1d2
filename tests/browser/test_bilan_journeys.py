"""The life of a bilan, by hand: begun, written, arranged, sealed, taken away, and words taken back.

Every structure is that of the demonstration, made once; each test works on a copy of its folder.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Locator, expect
from sqlalchemy import select

from app import create_app
from app.bilan.frames import usual_year
from app.db import Database
from app.demonstration import load_demonstration
from app.demonstration.people import SignIn, invent_coordinateur, invent_mediateur
from app.organisations.models import Lieu, Person
from app.questionnaires import Library
from app.responses.receipts import receipt_code
from app.testimonies.cutting import stretches
from app.testimonies.models import Testimony
from app.testimonies.quotes import cut
from app.web import current
from app.web.current import FRANCE, today
from config import PROJECT, Keys, Settings
from tests.browser.hands import Hands, told, wait_until
from tests.testimonies.teller import EVERYWHERE, Teller

pytestmark = pytest.mark.browser

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
FILE = "recueil.sqlite3"
#: Words that stand nowhere else.
NEIGHBOUR = "L’Escale numérique"
LENT = "Le tournesol de la médiathèque m’a redonné confiance."
MINE, HERS = "Le mardi, on attend trop longtemps.", "Le jeudi, la salle est trop petite."
#: What somebody who enters touches before the page of bilans: address, two fields, button.
ENTERING = 4
#: Touches from the page of bilans to a document: go on, or begin another with its frame as it is.
MOST_TO_GO_ON, MOST_TO_BEGIN = 2, 3
#: From a bilan to a quote in its title, and from there to its seal.
MOST_TO_QUOTE, MOST_TO_SEAL = 3, 3
#: On a phone: how long the page of a bilan may be, and where its first words come at the latest.
LONGEST_PAGE, FIRST_WORDS = 4_000, 700
MANY_PARTS = 10
Come = Callable[..., Hands]


@pytest.fixture(scope="module", autouse=True)
def in_november() -> Iterator[None]:
    """Let every journey be of the same day: early in a quarter, other months are closed."""
    with pytest.MonkeyPatch.context() as held:
        held.setattr(current, "now", lambda: datetime(2026, 11, 22, 12, tzinfo=FRANCE))
        yield


@dataclass(frozen=True)
class Team:
    """Be the structure, and how everybody enters."""

    folder: Path
    code: str
    responsable: SignIn
    mediateur: SignIn
    coordinateur: SignIn
    #: Of a testimony whose words are a quote: the code of its slip.
    receipt: str


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path, library: Library) -> Team:
    """Make the structure, once."""
    folder = tmp_path_factory.mktemp("bilan")
    shutil.copy(migrated_sqlite, folder / FILE)
    defaults = Settings.from_environment({"RECUEIL_DATA": str(folder)})
    url = f"sqlite:///{folder / FILE}"
    settings = replace(defaults, database_url=url, surveys=PROJECT / "surveys")
    database, keys = create_app(settings).extensions["database"], settings.keys()
    made = load_demonstration(database, keys, library, folder=folder, today=today())
    mediateur = invent_mediateur(database, made.organisation_id)
    receipt = lend(database, keys)
    # A document adds up: one structure alone has nothing to give.
    other = load_demonstration(
        database, keys, library, folder=folder, name=NEIGHBOUR, seed=2, today=today()
    )
    both = [made.organisation_id, other.organisation_id]
    coordinateur = invent_coordinateur(database, keys, both)
    database.engine.dispose()  # the last connection moves the log into the file
    responsable = SignIn(made.email, made.password)
    return Team(folder, made.code, responsable, mediateur, coordinateur, receipt)


def lend(database: Database, keys: Keys) -> str:
    """Keep a testimony and a quote of it; return the code of its slip."""
    with database.reading() as session:
        lieu = session.scalars(select(Lieu).where(Lieu.name == "Médiathèque de Kerlann")).one()
    day = today() - timedelta(days=30)
    told = Teller(database, keys, lieu).tell(LENT, EVERYWHERE, day=day)
    with database.writing() as session:
        one = session.get_one(Testimony, told)
        person = session.scalars(
            select(Person).where(Person.organisation_id == lieu.organisation_id)
        ).first()
        assert person
        cut(session, keys, one, stretches(LENT), "autonomie", person.id, today())
        return receipt_code(keys, lieu.organisation_id, one.idempotency_key)


@pytest.fixture
def database_url(team: Team, tmp_path: Path) -> str:
    """Return the URL of the test's own copy of the structure."""
    shutil.copytree(team.folder, tmp_path, dirs_exist_ok=True)
    return f"sqlite:///{tmp_path / FILE}"


@pytest.fixture
def site(app: Flask, address: str) -> str:
    """Return the address of the application, which knows it."""
    app.extensions["settings"] = replace(app.extensions["settings"], base_url=address)
    return address


@pytest.fixture
def come(browser: Browser, tmp_path: Path) -> Iterator[Come]:
    """Return a function that puts somebody before a screen; none met a fault."""
    opened: list[tuple[BrowserContext, Hands]] = []

    def sit_down(size: Any = DESK, **options: Any) -> Hands:
        context = browser.new_context(viewport=size, locale="fr-FR", **options)
        opened.append((context, Hands(context.new_page(), tmp_path)))
        return opened[-1][1]

    yield sit_down
    for context, _ in opened:
        context.close()
    assert [fault for _, hands in opened for fault in hands.faults] == []


Enter = Callable[..., Hands]


@pytest.fixture
def enter(come: Come, site: str, team: Team) -> Enter:
    """Return a function that seats somebody of the team, on the page of bilans."""

    def sit_down(who: str = "responsable", size: Any = DESK, **options: Any) -> Hands:
        hands, known = come(size, **options), getattr(team, who)
        hands.sign_in(site, known.email, known.password)
        assert hands.touches == ENTERING
        if who != "coordinateur":
            hands.menu("Bilan")
        hands.touches = 0
        return hands

    return sit_down


@pytest.fixture
def nolwenn(enter: Enter) -> Hands:
    """Return the responsable before the bilan of the year, which she began."""
    hands = enter()
    go_on(hands)
    return hands


def go_on(hands: Hands) -> None:
    hands.tap(f"Continuer le bilan {usual_year(today())}")


def part(hands: Hands, slot: str) -> Locator:
    """Return one part of the bilan."""
    return hands.page.locator(f"[id='{slot}']")


def open_part(hands: Hands, slot: str) -> None:
    """Touch the row of a part, where the page shows no more of it."""
    fold = hands.main.locator("details.pli", has=part(hands, slot))
    if fold.get_attribute("open") is None:
        hands.touch(fold.locator("summary").first)


def write(hands: Hands, slot: str, text: str) -> None:
    """Open the text of a part in its place, and type another; nothing is saved yet."""
    open_part(hands, slot)
    place = part(hands, slot).locator("details.ecrire").first
    hands.touch(place.locator("summary"))
    hands.touches += 1
    place.locator("textarea").fill(text)


def save(hands: Hands, slot: str) -> None:
    hands.tap("Enregistrer ce texte", "button", within=part(hands, slot))


def read_odt(file: Path) -> str:
    """Return what a document says, without its marks."""
    with ZipFile(file) as found:
        content = found.read("content.xml").decode()
    return re.sub(r"<[^>]+>", "", content).replace("\u00a0", " ").replace("\u202f", " ")


def title_quote(hands: Hands) -> None:
    """Choose the words that were lent as the title."""
    hands.tap("En choisir une autre")
    hands.touch(hands.main.locator(".citation-choix label", has_text=LENT))
    hands.tap("Enregistrer ce choix", "button")
    hands.reads("Les citations sont choisies.")


def seal(hands: Hands, *, rereads: bool = False) -> None:
    """Seal the bilan that is open; say once more that texts were read when figures changed."""
    hands.tap("Arrêter ce bilan")
    if rereads:
        hands.reads("Textes à relire", HERS)
    for box in ("relu", "sans_suite", "certain"):
        label = hands.main.locator(f"label[for={box}]")
        if label.count():
            hands.touch(label)
    hands.tap("Arrêter ce bilan", "button")
    hands.reads("C’est fait : ce bilan est arrêté.")


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_from_the_first_page_to_a_document_in_2_touches_or_3(
    enter: Enter, size: Any, has_script: bool
) -> None:
    hands = enter(size=size, java_script_enabled=has_script)
    go_on(hands)
    said = read_odt(hands.download("Télécharger (.odt)"))
    assert hands.touches <= MOST_TO_GO_ON
    year = str(usual_year(today()))
    assert "À lire avec prudence" in said
    assert year in said
    hands.menu("Bilan")
    hands.touches = 0
    hands.tap("Un autre bilan")
    hands.tap("Commencer ce bilan", "button")
    hands.reads("Le bilan est commencé.")
    assert "À lire avec prudence" in read_odt(hands.download("Télécharger (.odt)"))
    assert hands.touches <= MOST_TO_BEGIN


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_on_a_phone_each_part_is_a_row_that_opens(enter: Enter, has_script: bool) -> None:
    """Only what asks something is open; an address opens the part that it points to."""
    hands = enter(size=PHONE, java_script_enabled=has_script)
    go_on(hands)
    page, rows = hands.page, hands.main.locator("details.pli")
    assert rows.count() > MANY_PARTS
    expect(hands.main.locator("details.pli[open]")).to_have_count(1)
    assert told(page, "document.documentElement.scrollHeight") <= LONGEST_PAGE
    first = hands.main.locator(".apercu").first.bounding_box()
    assert first
    assert first["y"] <= FIRST_WORDS
    expect(part(hands, "coince")).to_be_hidden()
    hands.tap_open("Aller à…")
    hands.tap("Ce qui coince")
    expect(part(hands, "coince")).to_be_visible()
    expect(part(hands, "coince-titre")).to_be_in_viewport()
    hands.open(f"{page.url.partition('#')[0]}#suite")
    page.reload()
    expect(part(hands, "suite").locator("details.ecrire summary")).to_be_in_viewport()


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_a_wide_screen_shows_every_part(enter: Enter, has_script: bool) -> None:
    hands = enter(java_script_enabled=has_script)
    go_on(hands)
    expect(part(hands, "coince").locator("details.ecrire summary")).to_be_visible()
    expect(hands.main.get_by_text("D’où vient cette phrase ?").first).to_be_visible()
    expect(hands.main.get_by_text("Plus…").first).to_be_hidden()


def test_a_part_moves_and_its_place_is_shown(enter: Enter) -> None:
    hands = enter(size=PHONE)
    go_on(hands)
    order = hands.main.locator("#ordre li")
    last = order.filter(has=hands.page.locator("button[value=monter]")).last
    title = last.locator("span").first.text_content() or ""
    before = [one.strip() for one in order.locator("> span").all_text_contents()]
    hands.tap_open("Ordre des parties")
    hands.tap(f"Monter : {title}", "button")
    expect(order.get_by_role("button", name=f"Monter : {title}")).to_be_in_viewport()
    after = [one.strip() for one in order.locator("> span").all_text_contents()]
    assert after.index(title) == before.index(title) - 1


def test_a_text_is_kept_when_the_page_reloads_and_when_the_session_ends(
    nolwenn: Hands, team: Team
) -> None:
    page = nolwenn.page
    write(nolwenn, "coince", MINE)
    nolwenn.reads("Pas encore enregistré.")
    page.reload()
    field = part(nolwenn, "coince").locator("textarea")
    expect(field).to_be_visible()
    expect(field).to_have_value(MINE)
    nolwenn.reads("Votre texte d’avant est revenu")

    page.context.clear_cookies()
    save(nolwenn, "coince")
    expect(nolwenn.main).not_to_contain_text("Ce qui coince")
    where = page.url
    page.goto(re.sub(r"/espace.*", "/espace", where))
    nolwenn.type("Votre adresse e-mail", team.responsable.email)
    nolwenn.type("Votre mot de passe", team.responsable.password)
    nolwenn.tap("Entrer", "button")
    nolwenn.menu("Bilan")
    go_on(nolwenn)
    expect(field).to_have_value(MINE)
    save(nolwenn, "coince")
    expect(part(nolwenn, "coince").locator("p.ecrit")).to_have_text(MINE)
    expect(field).to_be_hidden()
    wait_until(page, "sessionStorage.length === 0")


def test_a_text_is_written_by_keyboard_alone(nolwenn: Hands) -> None:
    """What opens, what is typed in and what saves follow each other."""
    keyboard = nolwenn.page.keyboard
    place = part(nolwenn, "coince").locator("details.ecrire")
    place.locator("summary").focus()
    keyboard.press("Enter")
    keyboard.press("Tab")
    expect(place.locator("textarea")).to_be_focused()
    keyboard.press("ControlOrMeta+A")
    keyboard.type(MINE)
    keyboard.press("Tab")
    expect(place.get_by_role("button", name="Enregistrer ce texte")).to_be_focused()
    keyboard.press("Enter")
    expect(part(nolwenn, "coince").locator("p.ecrit")).to_have_text(MINE)
    expect(nolwenn.page).to_have_url(re.compile("#coince$"))


def test_two_people_who_write_the_same_text_lose_neither(nolwenn: Hands, enter: Enter) -> None:
    maelle = enter(size=PHONE)
    go_on(maelle)
    write(nolwenn, "coince", MINE)
    write(maelle, "coince", HERS)
    save(maelle, "coince")
    save(nolwenn, "coince")
    nolwenn.reads("Quelqu’un a changé ce texte pendant que vous écriviez.", HERS)
    expect(nolwenn.main.get_by_role("alert")).to_be_focused()
    expect(nolwenn.main.get_by_label("Votre texte")).to_have_value(MINE)
    nolwenn.tap("Enregistrer mon texte à la place", "button")
    expect(part(nolwenn, "coince").locator("p.ecrit")).to_have_text(MINE)
    maelle.page.reload()
    expect(part(maelle, "coince").locator("p.ecrit")).to_have_text(MINE)


def test_a_figure_that_changes_is_shown_beside_the_text_and_never_replaces_it(
    nolwenn: Hands, come: Come, site: str, team: Team
) -> None:
    changed = nolwenn.main.locator(".alerte.change")
    named = nolwenn.main.locator(".bloc, .phrases li").evaluate_all(
        "(all) => all.map((one) => one.id)"
    )
    slots = [slot for slot in named if "satisfaction" in slot][:2]
    assert len(slots) == 2
    for slot in slots:
        write(nolwenn, slot, f"Avec mes mots : {slot}")
        save(nolwenn, slot)
    expect(changed).to_have_count(0)
    come(PHONE, has_touch=True).answer(f"{site}/{team.code}")
    nolwenn.page.reload()
    expect(changed).to_have_count(len(slots))
    first, second = slots
    nolwenn.reads("Le chiffre a changé depuis votre texte.", f"Avec mes mots : {first}")
    new = part(nolwenn, second).locator("dd").last.inner_text()
    nolwenn.tap("Garder mon texte", "button", within=part(nolwenn, first))
    expect(part(nolwenn, first).locator("[id$=-mots]")).to_have_text(f"Avec mes mots : {first}")
    nolwenn.tap("Prendre la nouvelle phrase", "button", within=part(nolwenn, second))
    expect(part(nolwenn, second).locator("[id$=-mots]")).to_have_text(new)
    expect(changed).to_have_count(0)


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_a_part_is_left_out_and_comes_back_as_it_was(enter: Enter, has_script: bool) -> None:
    hands = enter(size=PHONE, java_script_enabled=has_script)
    go_on(hands)
    title = part(hands, "coince-titre").inner_text()
    text = part(hands, "coince").locator("p.ecrit").text_content() or ""
    assert text
    hands.touches = 0
    hands.tap_open("Ordre des parties")
    hands.tap(f"Retirer : {title}", "button")
    hands.reads(f"Retiré : {title}.")
    expect(part(hands, "coince")).to_have_count(0)
    assert text not in read_odt(hands.download("Télécharger (.odt)"))
    hands.tap(f"Remettre : {title}", "button")
    expect(part(hands, "coince").locator("p.ecrit")).to_have_text(text)
    assert text in read_odt(hands.download("Télécharger (.odt)"))
    assert hands.touches <= 5  # the order of the parts, opened first


def test_an_objective_is_put_before_its_result(nolwenn: Hands) -> None:
    nolwenn.tap("Changer les objectifs")
    rows = nolwenn.main.locator("fieldset.objectif-f")
    row = rows.count() - 1
    for label in ("mots", "part"):
        nolwenn.main.locator(f"#{label}-{row}").fill(
            {"mots": "Que tout le monde revienne"}.get(label, "trop")
        )
    nolwenn.tap("Enregistrer les objectifs", "button")
    expect(nolwenn.main.get_by_role("alert")).to_be_focused()
    nolwenn.reads("Un point est à revoir")
    nolwenn.main.locator(f"#part-{row}").fill("")
    nolwenn.tap("Enregistrer les objectifs", "button")
    mine = nolwenn.main.locator("li.objectif", has_text="Que tout le monde revienne")
    expect(mine.locator(".verdict")).to_have_text("non mesuré par questionnaire")
    expect(
        nolwenn.main.locator("li.objectif .verdict.atteint, li.objectif .verdict.non-atteint")
    ).not_to_have_count(0)


def test_words_taken_back_leave_a_sealed_bilan_and_its_documents(
    nolwenn: Hands, come: Come, site: str, team: Team
) -> None:
    nolwenn.touches = 0
    title_quote(nolwenn)
    expect(nolwenn.main.locator(".une")).to_contain_text(LENT)
    assert nolwenn.touches <= MOST_TO_QUOTE
    nolwenn.touches = 0
    seal(nolwenn)
    assert nolwenn.touches <= MOST_TO_SEAL
    expect(nolwenn.main.get_by_role("link", name="Changer le cadre")).to_have_count(0)
    expect(nolwenn.main.locator("details.ecrire")).to_have_count(0)
    before = read_odt(nolwenn.download("Télécharger (.odt)"))
    assert LENT in before
    figures = nolwenn.main.locator(".bloc p.phrase").all_inner_texts()

    liliane = come(PHONE, has_touch=True)
    liliane.open(f"{site}/recu")
    liliane.type("Votre code", team.receipt)
    liliane.tap("Voir", "button")
    liliane.tap("Effacer mon témoignage", "button")
    liliane.tap("Oui, effacer", "button")
    liliane.reads("Votre témoignage est effacé")

    nolwenn.page.reload()
    nolwenn.reads("1 citation retirée")
    expect(nolwenn.main).not_to_contain_text("tournesol")
    assert nolwenn.main.locator(".bloc p.phrase").all_inner_texts() == figures
    after = read_odt(nolwenn.download("Télécharger (.odt)"))
    assert "tournesol" not in after
    assert [one for one in figures if one.split(".")[0] in before] == [
        one for one in figures if one.split(".")[0] in after
    ]
    nolwenn.open(f"{nolwenn.page.url.partition('#')[0]}/arreter")
    nolwenn.reads("1 citation retirée")
    nolwenn.tap("voyez ce qui est à retirer")
    waiting = nolwenn.main.locator("li.retirer b", has_text="Bilan qualitatif")
    expect(waiting).to_have_count(1)
    expect(nolwenn.main).not_to_contain_text("tournesol")


def test_a_mediateur_writes_the_bilan_of_their_lieu_and_cannot_seal_it(
    enter: Enter, nolwenn: Hands
) -> None:
    whole = nolwenn.page.url.partition("#")[0]
    sam = enter("mediateur")
    sam.reads("vos lieux")
    sam.tap("Commencer le bilan", "button")
    sam.reads("Le bilan est commencé.", "Médiathèque de Kerlann")
    write(sam, "coince", HERS)
    save(sam, "coince")
    expect(part(sam, "coince").locator("p.ecrit")).to_have_text(HERS)
    expect(sam.main.get_by_role("link", name="Arrêter ce bilan")).to_have_count(0)
    address = sam.page.url.partition("#")[0]
    sam.open(f"{address}/arreter")
    sam.reads("La ou le responsable de votre structure peut arrêter ce bilan ici.")
    expect(sam.main.locator("form")).to_have_count(0)
    token = sam.page.locator("[name=csrf_token]").first.get_attribute("value") or ""
    form = {"csrf_token": token, "certain": "1"}
    assert sam.page.request.post(f"{address}/arreter", form=form).status == 403
    assert sam.page.request.get(whole).status == 404
    nolwenn.open(address)
    nolwenn.reads(HERS)
    seal(nolwenn, rereads=True)
    sam.open(address)
    sam.reads("Ce bilan ne change plus.")
    expect(sam.main.locator("details.ecrire")).to_have_count(0)


def test_a_coordinateur_takes_the_consolidated_document_in_1_touch(enter: Enter) -> None:
    lou = enter("coordinateur")
    lou.reads("Le Fil numérique")
    assert lou.page.request.get(re.sub(r"/espace.*", "/espace/bilan", lou.page.url)).status == 403
    given = lou.main.locator("p", has_text="Bilan consolidé, prêt à coller")
    said = read_odt(lou.download("LibreOffice", within=given))
    assert "Le Fil numérique" in said
    assert NEIGHBOUR in said
    assert LENT not in said
    assert lou.touches == 1
