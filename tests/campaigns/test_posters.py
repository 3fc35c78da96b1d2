"""What is printed: it can be scanned, read, listened to, and it fits."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from app.campaigns.actions import issue_cards, turn_language_on
from app.campaigns.cards import cards_pdf
from app.campaigns.codes import show_card
from app.campaigns.models import Campaign, Link
from app.campaigns.posters import FORMATS, Poster, poster_of, poster_pdf
from app.campaigns.printing import fit, write_pdf
from app.campaigns.queries import find_link
from app.db import Database
from app.questionnaires import Library
from config import Keys

pytestmark = pytest.mark.document
OpenCampaign = Callable[..., Campaign]

POSTER = Poster(
    lieu="Maison des Tilleuls",
    moment="",
    minutes=2,
    typed="recueil.exemple.fr/K7QF3",
    scanned="HTTPS://RECUEIL.EXEMPLE.FR/K7QF3",
    other_doors=frozenset({"téléphone", "tablette", "papier"}),
    languages=(("ar", "العربية", "rtl"),),
    structure="Le Fil numérique",
    contact="4 rue du Lavoir, Kerlann · 02 00 00 00 00",
    ends_on=date(2026, 12, 31),
)


def pdf_of(poster: Poster) -> bytes:
    return write_pdf(FORMATS["a4"].template, poster=poster)


def picture(pdf: bytes, dpi: int = 50) -> Image.Image:
    with pypdfium2.PdfDocument(pdf) as document:
        assert len(document) == 1
        rendered: Image.Image = document[0].render(scale=dpi / 72).to_pil()
        return rendered


def words(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    # The reader marks a hyphen at the end of a line by a sign of its own.
    return " ".join(" ".join(pages).replace("\x02", "-").split())


def decoded(image: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image)]


@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize(
    "base_url",
    ["https://avis.exemple.fr", "http://localhost:8000", "http://192.168.1.20:8000/mon/Recueil"],
)
def test_the_code_leads_to_the_link_at_50_dpi_in_colour_and_in_grey(
    database: Database, link: Link, base_url: str, mode: str
) -> None:
    with database.reading() as session:
        found = find_link(session, link.code)
        assert found is not None
        pdf = poster_pdf(session, found, base_url)
    (text,) = decoded(picture(pdf).convert(mode))
    scheme, _, rest = base_url.partition("://")
    host, _, path = rest.partition("/")
    tail = f"/{path}/{link.code}" if path else f"/{link.code}"
    assert text == f"{scheme.upper()}://{host.upper()}{tail}"


def test_the_code_is_80_mm_wide_with_four_white_modules_around() -> None:
    dpi = 100
    (found,) = zxingcpp.read_barcodes(picture(pdf_of(POSTER), dpi))
    corners = found.position
    side = (corners.top_right.x - corners.top_left.x) / dpi * 25.4
    assert 79 <= side <= 85
    assert found.ec_level == "Q"
    assert POSTER.qr.count("<svg") == 1


def test_the_poster_says_everything_in_order(database: Database, campaign: Campaign) -> None:
    with database.reading() as session:
        link = find_link(session, campaign.links[0].code)
        assert link is not None
        poster = poster_of(session, link, "https://avis.exemple.fr")
        text = words(poster_pdf(session, link, "https://avis.exemple.fr"))
    said = (
        "Médiathèque de Kerlann",
        "Votre avis compte",
        "1. Ouvrez l’appareil photo de votre téléphone.",
        "2. Visez le carré noir et blanc.",
        "3. Touchez le lien qui s’affiche.",
        "4. Répondez. C’est gratuit.",
        f"C’est {poster.minutes} minute",
        "Visez ici",
        f"Ou tapez : avis.exemple.fr/{link.code}",
        "On ne vous demande pas votre nom.",
        "Le Fil numérique",
        "02 00 00 00 00",
        "Jusqu’au 31 décembre 2026",
    )
    plain = text.replace("\xa0", " ").replace("\u202f", " ")
    places = [plain.find(sentence) for sentence in said]
    assert places == sorted(places)
    assert -1 not in places


@pytest.mark.parametrize(
    ("groups", "sentence"),
    [
        ({"téléphone"}, ""),
        ({"téléphone", "tablette"}, "Demandez la tablette à l’accueil."),
        ({"papier"}, "Demandez la feuille à l’accueil."),
        ({"tablette", "papier"}, "Demandez la tablette ou la feuille à l’accueil."),
        ({"avec l’équipe"}, "Demandez de l’aide à l’équipe."),
        ({"avec l’équipe", "papier"}, "Demandez la feuille à l’équipe."),
    ],
)
def test_without_a_phone_only_open_doors_are_named(groups: set[str], sentence: str) -> None:
    poster = replace(POSTER, other_doors=frozenset(groups))
    assert poster.without_phone == sentence
    text = words(pdf_of(poster))
    assert ("Pas de téléphone" in text) is bool(sentence)
    assert sentence in text


def test_only_languages_that_are_on_are_named_by_their_own_name(
    database: Database, campaign: Campaign, library: Library
) -> None:
    with database.writing() as session:
        link = find_link(session, campaign.links[0].code)
        assert link is not None
        assert poster_of(session, link, "https://a.fr").languages == ()
        turn_language_on(session, library, link.campaign, "ar")
        assert poster_of(session, link, "https://a.fr").languages == (("ar", "العربية", "rtl"),)


def test_the_moment_is_told_when_there_are_several(
    database: Database, campaign_of: OpenCampaign
) -> None:
    opened = campaign_of("progres")
    with database.reading() as session:
        moments = {
            poster_of(session, link, "https://a.fr").moment
            for link in session.get_one(Campaign, opened.id).links
        }
    assert len(moments) == 3
    assert "" not in moments


LONG = replace(
    POSTER,
    lieu="Médiathèque intercommunale Françoise-Sagan de Saint-Barthélemy-le-Plain",
    moment="Quelques mois après",
    typed="recueil.communaute-de-communes-du-kreiz-breizh.bzh/avis-des-habitants/K7QF3",
    scanned="HTTPS://RECUEIL.COMMUNAUTE-DE-COMMUNES-DU-KREIZ-BREIZH.BZH/avis-des-habitants/K7QF3",
    other_doors=frozenset({"tablette", "papier", "avec l’équipe"}),
    structure="Syndicat mixte pour l’inclusion numérique des communes de la Haute Vallée",
    contact="Maison France services, 12 bis avenue du Général de Gaulle, 22110 Rostrenen · "
    "02 96 00 00 00 · contact@inclusion.exemple.fr",
)


def test_long_names_and_addresses_stay_whole_on_one_page_inside_the_margins() -> None:
    pdf = pdf_of(LONG)
    text = words(pdf).replace(" ", "")
    for part in (LONG.lieu, LONG.moment, LONG.typed, LONG.structure, LONG.contact):
        assert part.replace(" ", "") in text
    assert decoded(picture(pdf)) == [LONG.scanned]
    page = picture(pdf, 72).convert("L")
    width, height = page.size
    margin = 25  # 9 mm: what a home printer cannot reach
    for box in (
        (0, 0, margin, height),
        (width - margin, 0, width, height),
        (0, height - margin, width, height),
    ):
        assert page.crop(box).getextrema() == (255, 255)


def test_what_people_named_is_shown_as_text() -> None:
    pdf = pdf_of(replace(POSTER, lieu="<b>Lieu</b> & {{ 7*7 }}", contact="<img src=x>"))
    assert "<b>Lieu</b> & {{ 7*7 }}" in words(pdf)
    assert "<img src=x>" in words(pdf)


def test_the_pdf_is_tagged_titled_and_french() -> None:
    with pypdfium2.PdfDocument(pdf_of(POSTER)) as document:
        assert document.get_metadata_value("Title") == "Votre avis compte – Maison des Tilleuls"
        assert document.is_tagged()
        language = (ctypes.c_ushort * 8)()
        pypdfium2.raw.FPDFCatalog_GetLanguage(document, language, 16)
    assert bytes(language).decode("utf-16-le").rstrip("\0") == "fr"


def test_a_size_is_chosen_by_what_holds() -> None:
    assert fit("Maison", 166, [26, 22]) == 26
    assert fit("Médiathèque intercommunale de la vallée", 166, [26, 22]) == 22
    assert fit("m" * 500, 166, [26, 22]) == 22


def test_cards_show_each_code_the_moments_and_no_link_code(
    database: Database, campaign_of: OpenCampaign, keys: Keys
) -> None:
    opened = campaign_of("progres", doors=("affiche", "papier"))
    with database.writing() as session:
        mine = session.get_one(Campaign, opened.id)
        issued = issue_cards(session, keys, mine, 23)
        link = next(link for link in mine.links if link.door == "affiche")
        addresses = [f"avis.exemple.fr/{one.code}" for one in mine.links if one.door == "affiche"]
        pdf = cards_pdf(session, link, "https://avis.exemple.fr", issued)
    with pypdfium2.PdfDocument(pdf) as document:
        assert len(document) == 3
        assert [decoded(page.render(scale=2).to_pil()) for page in document] == [[], [], []]
    text = words(pdf)
    assert text.count("Carte à code, sans nom") == 23
    assert all(text.count(show_card(code)) == 1 for code in issued)
    assert all(text.count(address) == 23 for address in addresses)
