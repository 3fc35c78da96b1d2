"""What a médiateur does alone in the espace, in a real browser, on a phone and on a desk."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pypdfium2
import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from playwright.sync_api import Locator, expect
from python_calamine import CalamineWorkbook

from app.demonstration import Demonstration
from app.organisations.cli import organisations
from app.organisations.models import Person
from app.web.current import today
from tests.answering.conftest import OpenToday, open_today
from tests.browser.conftest import OpenHands
from tests.browser.hands import Hands
from tests.organisations.conftest import EMAIL, PASSWORD, person

__all__ = ["open_today", "person"]
pytestmark = [pytest.mark.browser, pytest.mark.document]

CAMPAIGN = "Votre avis aujourd’hui · Mairie de Kerlann · Accompagnement individuel"
#: From the first sign-in to the poster: as many touches at most.
MOST_TOUCHES = 12
#: A picture that fills a page: 170 mm at 300 points per inch; and the colour of what is said.
PICTURE, TEAL = 2008, (15, 76, 92)


@pytest.fixture
def invited(app: Flask, site: str) -> str:
    """Create a structure as the person who hosts does; return the link of the invitation."""
    told = app.test_cli_runner().invoke(
        organisations,
        ["create", "Le Fil", "--email", "lou@example.fr", "--contact", "4 rue du Lavoir, Kerlann",
         "--lieu", "Médiathèque de Kerlann"],
    )  # fmt: skip
    link = re.search(r"invitation +(\S+)", told.output)
    assert link, told.output
    return link[1]


def decoded(file: Path) -> str:
    """Read the QR code of a poster seen from afar."""
    with pypdfium2.PdfDocument(file) as document:
        assert len(document) == 1
        found = zxingcpp.read_barcodes(document[0].render(scale=50 / 72).to_pil())
    assert len(found) == 1
    return str(found[0].text)


def found(hands: Hands) -> int:
    """Return how many answers the list says it found."""
    said = hands.main.locator("#liste").inner_text()
    return int(re.sub(r"\D", "", said))


def begins(comment: Locator) -> str:
    """Return how a comment begins, as the list shows it."""
    return comment.inner_text().partition(", lire la réponse")[0].strip().rstrip("…")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no_script"])
def test_from_the_first_sign_in_to_the_printed_poster(
    invited: str, site: str, somebody: OpenHands, script: bool
) -> None:
    lou = somebody(java_script_enabled=script)
    lou.open(invited)
    if not script:
        lou.type("Votre invitation", invited.partition("#")[2])
    lou.type("Choisissez un mot de passe", PASSWORD)
    lou.type("Le même, encore une fois", PASSWORD)
    lou.tap("Enregistrer", "button")
    lou.tap("Utiliser celui-ci")
    lou.tap("Ces phrases nous conviennent", "button")
    lou.tap("Ouvrir la campagne", "button")
    poster = lou.download("Imprimer l’affiche")
    print(f"{lou.touches} touches, {lou.seconds:.1f} s")
    assert lou.touches <= MOST_TOUCHES
    address = decoded(poster)
    visitor = somebody()
    visitor.open(address)
    assert visitor.page.url.lower().startswith(f"{site}/".lower())
    visitor.reads("Question 1 sur")
    lou.reads(address.rpartition("/")[2])


def test_cards_come_back_and_are_counted(
    site: str, somebody: OpenHands, person: Person, open_today: OpenToday
) -> None:
    campaign = open_today("progres")
    nolwenn = somebody()
    nolwenn.sign_in(site, EMAIL, PASSWORD)
    nolwenn.menu("Campagnes et affiches")
    nolwenn.tap("Mes progrès")
    nolwenn.type("Nombre de cartes", "10")
    with pypdfium2.PdfDocument(nolwenn.download("Télécharger les cartes", "button")) as sheet:
        card = sheet[0].get_textpage().get_text_range()
    code = re.search(r"\b([A-Z0-9]{4}) ?([A-Z0-9]{4})\b", card)
    assert code, card
    beneficiary = somebody()
    for moment in ("Au début", "À la fin"):
        address = re.search(rf"{moment} : (\S+)", card)
        assert address, card
        beneficiary.answer(f"http://{address[1]}", " ".join(code.groups()))
    nolwenn.page.reload()
    nolwenn.reads(
        "Au début : 1 carte sur 10 est revenue.",
        "À la fin : 1 carte sur 10 est revenue.",
        "Avant et après : 1 carte sur 10 a servi à deux moments au moins.",
    )
    assert nolwenn.page.url.endswith(str(campaign.id))


@pytest.mark.parametrize("script", [True, False], ids=["script", "no_script"])
def test_answers_are_found_read_and_exported(
    site: str, somebody: OpenHands, last_year: Demonstration, script: bool
) -> None:
    nolwenn = somebody(java_script_enabled=script)
    nolwenn.sign_in(site, last_year.email, last_year.password)
    nolwenn.menu("Réponses")
    tags = nolwenn.main.locator("a.etq", has_text="retirer ce filtre")
    nolwenn.touch(tags.first)  # this year, when nobody answered yet
    everything = found(nolwenn)
    assert everything == last_year.responses
    nolwenn.tap_open("Choisir la période")
    nolwenn.choose("Du mois de", f"juin {today().year - 1}")
    nolwenn.choose("Porte", "Le papier")
    nolwenn.tap("Seulement celles avec un commentaire", "checkbox")
    nolwenn.tap("Afficher", "button")
    counts = [found(nolwenn)]
    expect(tags).to_have_count(3)
    while tags.count():
        nolwenn.touch(tags.last)
        counts.append(found(nolwenn))
    assert counts == sorted(set(counts))
    assert counts[-1] == everything

    chip = nolwenn.main.get_by_role("group", name="Mots qui reviennent").locator("a").first
    commented = int(re.findall(r"\d+", chip.inner_text())[0])
    nolwenn.touch(chip)
    assert found(nolwenn) == commented
    nolwenn.touch(tags.first)
    nolwenn.type("Chercher dans les commentaires", "telephone")
    nolwenn.tap("Chercher", "button")
    comment = nolwenn.main.locator("td a", has=nolwenn.page.locator("mark", has_text="téléphone"))
    words = begins(comment.first)
    nolwenn.touch(comment.first)
    nolwenn.reads("La fiche", words)
    nolwenn.page.go_back()

    nolwenn.touch(tags.first)
    nolwenn.tap_open("Choisir la période")
    nolwenn.choose("Campagne", CAMPAIGN)
    nolwenn.tap("Afficher", "button")
    wanted = found(nolwenn)
    words = begins(nolwenn.main.locator("td a").filter(has_not_text="Sans commentaire").first)
    nolwenn.tap("Exporter")
    nolwenn.tap(re.compile("Excel"), "radio")
    book = CalamineWorkbook.from_path(str(nolwenn.download("Télécharger le fichier", "button")))
    rows = book.get_sheet_by_name("Réponses").to_python()
    assert len(rows) == 1 + wanted
    assert any(words in str(cell) for row in rows for cell in row)


def test_a_figure_is_chosen_copied_and_downloaded(
    site: str, somebody: OpenHands, last_year: Demonstration
) -> None:
    year = today().year - 1
    nolwenn = somebody(permissions=["clipboard-read", "clipboard-write"])
    nolwenn.sign_in(site, last_year.email, last_year.password)
    nolwenn.menu("Indicateurs")
    nolwenn.reads("Aucune réponse pour cette période")
    nolwenn.tap_open("Choisir la période")
    nolwenn.choose("Du mois de", f"janvier {year}")
    nolwenn.choose("Au mois de", f"décembre {year}")
    nolwenn.tap("Afficher", "button")
    nolwenn.reads(f"{last_year.responses} réponses, de janvier à décembre {year}")
    block = nolwenn.main.locator("[id='satisfaction.globale']")
    if not block.is_visible():  # folded on a phone
        nolwenn.tap_open("Satisfaction des personnes")
    sentence = tidy(block.locator(".phrase").first.inner_text())
    nolwenn.tap_open("Copier, télécharger", within=block)
    nolwenn.tap("Copier la phrase", "button", within=block)
    expect(block.get_by_role("status").first).to_have_text("Phrase copiée.")
    copied = tidy(nolwenn.page.evaluate("navigator.clipboard.readText()"))
    assert copied.startswith(sentence)
    assert f"de janvier à décembre {year}" in copied

    drawing = nolwenn.download("SVG", within=block)
    assert ElementTree.parse(drawing).getroot().tag.endswith("svg")
    with Image.open(nolwenn.download("PNG", within=block)) as picture:
        assert picture.width == PICTURE
        colours = picture.convert("RGB").getcolors(1 << 24)
    assert TEAL in {colour for _, colour in colours or ()}
    table = CalamineWorkbook.from_path(str(nolwenn.download("Excel", within=block)))
    assert sentence in map(tidy, map(str, table.get_sheet_by_index(0).to_python()[1]))

    nolwenn.tap("Détail par groupe", within=block)
    nolwenn.tap("Par porte")
    groups = nolwenn.main.get_by_role("rowheader")
    expect(groups).to_contain_text(["téléphone", "tablette", "papier"], ignore_case=True)


def tidy(text: str) -> str:
    """Return a text with plain spaces."""
    return re.sub(r"\s+", " ", text)
