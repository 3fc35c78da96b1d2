"""What is printed: it can be scanned, read, listened to, and it fits."""

from __future__ import annotations

import ctypes
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import product

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from app.campaigns.actions import issue_cards, turn_language_on
from app.campaigns.cards import cards_pdf
from app.campaigns.codes import show_card
from app.campaigns.formats import FORMATS
from app.campaigns.models import Campaign, Link
from app.campaigns.posters import Poster, poster_of, sentences
from app.campaigns.printing import fit
from app.campaigns.proofs import UnreadableError, poster_pdf, poster_png
from app.campaigns.queries import find_link
from app.campaigns.rasters import decoded as read_back
from app.db import Database
from app.organisations.models import Logo
from app.questionnaires import Library
from config import Keys

pytestmark = pytest.mark.document
OpenCampaign = Callable[..., Campaign]

TYPED, SCANNED = "recueil.exemple.fr/K7QF3", "HTTPS://RECUEIL.EXEMPLE.FR/K7QF3"
#: What nomenclatures ask for: the side of the code in millimetres, and copies on a sheet.
LEAST = {"a4": (80, 1), "a3": (120, 1), "a5": (45, 2), "chevalet": (45, 2), "cartes": (25, 8)}
SHEETS = {"a4": (210, 297), "a3": (297, 420), "a5": (297, 210)}


def logo() -> bytes:
    drawn = Image.new("RGBA", (300, 120), (200, 20, 60, 255))
    written = io.BytesIO()
    drawn.save(written, "PNG")
    return written.getvalue()


@pytest.fixture
def poster(library: Library) -> Poster:
    return poster_in(library, "fr")


def poster_in(
    library: Library,
    language: str,
    *,
    minutes: int = 2,
    groups: frozenset[str] = frozenset({"téléphone", "tablette", "papier"}),
    typed: str = TYPED,
) -> Poster:
    words = library.interface(language)
    return Poster(
        language=language,
        direction=words.direction,
        lieu="Maison des Tilleuls",
        moment="",
        says=sentences(words, minutes, set(groups), date(2026, 12, 31), typed),
        typed=typed,
        scanned=SCANNED,
        ask_pictures=("tablette", "feuille"),
        languages=(("ar", "العربية", "rtl"),),
        structure="Le Fil numérique",
        contact="4 rue du Lavoir, Kerlann · 02 00 00 00 00",
    )


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


def assert_margins_are_white(pdf: bytes, millimetres: float) -> None:
    page = picture(pdf, 72).convert("L")
    width, height = page.size
    margin = int(millimetres / 25.4 * 72)
    for box in (
        (0, 0, margin, height),
        (width - margin, 0, width, height),
        (0, height - margin, width, height),
        (0, 0, width, margin),
    ):
        assert page.crop(box).getextrema() == (255, 255)


@pytest.mark.parametrize(
    ("format_id", "language", "grey"), [*product(FORMATS, ("fr", "ar"), (False, True))]
)
def test_every_format_is_read_back_at_50_dpi(
    library: Library, format_id: str, language: str, grey: bool
) -> None:
    said = replace(poster_in(library, language), logo=logo())
    pdf = poster_pdf(said, format_id, grey)
    page = picture(pdf)
    copies = LEAST[format_id][1]
    assert decoded(page) == [SCANNED] * copies
    assert decoded(page.convert("L")) == [SCANNED] * copies
    colours = page.convert("RGB").getcolors(1 << 24)
    assert colours is not None
    is_grey = all(max(colour) - min(colour) <= 2 for _, colour in colours)
    assert is_grey is grey


@pytest.mark.parametrize("format_id", FORMATS)
def test_the_code_is_never_smaller_than_it_is_said(poster: Poster, format_id: str) -> None:
    form, dpi = FORMATS[format_id], 150
    page = picture(poster_pdf(poster, format_id, grey=False), dpi)
    found = zxingcpp.read_barcodes(page)
    least, copies = LEAST[format_id]
    assert len(found) == form.copies == copies
    assert form.qr_mm >= least
    for code in found:
        corners = code.position
        across = corners.top_right.x - corners.top_left.x
        down = corners.top_right.y - corners.top_left.y
        side = (across**2 + down**2) ** 0.5 / dpi * 25.4
        assert form.qr_mm - 0.4 <= side <= form.qr_mm * 1.05
        assert code.ec_level == "Q"
    sheet = tuple(round(pixels / dpi * 25.4) for pixels in page.size)
    assert sheet == SHEETS.get(format_id, (210, 297)) == (form.width_mm, form.height_mm)


def test_the_distance_is_ten_times_the_side_and_eight_in_a_dim_place() -> None:
    said = {one.id: (one.distance, one.dim_distance) for one in FORMATS.values()}
    assert said["a4"] == ("80\xa0cm", "64\xa0cm")
    assert said["a3"] == ("1,20\xa0m", "96\xa0cm")


def test_the_two_faces_of_the_tent_stand_on_their_heads_for_each_other(poster: Poster) -> None:
    page = picture(poster_pdf(poster, "chevalet", grey=False), 100)
    back, front = sorted(zxingcpp.read_barcodes(page), key=lambda code: code.position.top_left.y)
    assert front.orientation == 0
    assert abs(back.orientation) == 180
    panel = page.height / 3
    assert max(back.position.top_left.y, back.position.bottom_left.y) < panel
    assert panel < front.position.top_left.y < front.position.bottom_left.y < 2 * panel


@pytest.mark.parametrize(
    "base_url",
    ["https://avis.exemple.fr", "http://localhost:8000", "http://192.168.1.20:8000/mon/Recueil"],
)
def test_the_code_leads_to_the_link(
    database: Database, library: Library, link: Link, base_url: str
) -> None:
    with database.reading() as session:
        found = find_link(session, link.code)
        assert found is not None
        said = poster_of(session, library, found, base_url)
    (text,) = decoded(picture(poster_pdf(said, "a4", grey=False)))
    scheme, _, rest = base_url.partition("://")
    host, _, path = rest.partition("/")
    tail = f"/{path}/{link.code}" if path else f"/{link.code}"
    assert text == f"{scheme.upper()}://{host.upper()}{tail}"


def test_the_poster_says_everything_in_order(
    database: Database, library: Library, campaign: Campaign
) -> None:
    with database.reading() as session:
        link = find_link(session, campaign.links[0].code)
        assert link is not None
        text = words(
            poster_pdf(poster_of(session, library, link, "https://avis.exemple.fr"), "a4", False)
        )
    said = (
        "Médiathèque de Kerlann",
        "Votre avis compte",
        "1. Ouvrez l’appareil photo de votre téléphone.",
        "2. Visez le carré noir et blanc.",
        "3. Touchez le lien qui s’affiche.",
        "4. Répondez. C’est gratuit.",
        "C’est 2 minutes.",
        "Visez ici",
        f"Ou tapez : avis.exemple.fr/{link.code}",
        "On ne vous demande pas votre nom.",
        "Le Fil numérique",
        "02 00 00 00 00",
        "Jusqu’au 31 décembre",
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
def test_without_a_phone_only_open_doors_are_named(
    library: Library, groups: set[str], sentence: str
) -> None:
    said = poster_in(library, "fr", groups=frozenset(groups))
    assert said.says.ask == sentence
    text = words(poster_pdf(said, "a4", grey=False))
    assert ("Pas de téléphone" in text) is bool(sentence)
    assert sentence in text


@pytest.mark.parametrize(
    ("minutes", "french", "arabic"),
    [
        (1, "C’est 1 minute.", "المدة: دقيقة واحدة."),
        (2, "C’est 2 minutes.", "المدة: دقيقتان."),
        (4, "C’est 4 minutes.", "المدة: 4 دقائق."),
    ],
)
def test_minutes_are_counted_as_each_language_does(
    library: Library, minutes: int, french: str, arabic: str
) -> None:
    assert poster_in(library, "fr", minutes=minutes).says.answer[2] == french
    assert poster_in(library, "ar", minutes=minutes).says.answer[2] == arabic


def test_a_poster_speaks_only_languages_that_are_on(
    database: Database, campaign: Campaign, library: Library
) -> None:
    with database.writing() as session:
        link = find_link(session, campaign.links[0].code)
        assert link is not None
        assert poster_of(session, library, link, "https://a.fr").languages == ()
        with pytest.raises(ValueError, match="n’est pas proposée"):
            poster_of(session, library, link, "https://a.fr", "ar")
        turn_language_on(session, library, link.campaign, "ar")
        assert poster_of(session, library, link, "https://a.fr").languages == (
            ("ar", "العربية", "rtl"),
        )
        arabic = poster_of(session, library, link, "https://a.fr", "ar")
    assert arabic.languages == (("fr", "Français", "ltr"),)
    assert (arabic.direction, arabic.says.title) == ("rtl", "رأيك مهم")


def test_a_poster_in_arabic_is_laid_out_from_right_to_left(library: Library) -> None:
    sides = []
    for language in ("fr", "ar"):
        page = picture(poster_pdf(poster_in(library, language), "a4", grey=False))
        (code,) = zxingcpp.read_barcodes(page)
        sides.append(code.position.top_left.x < page.width / 3)
    assert sides == [False, True]


def test_the_moment_is_told_when_there_are_several(
    database: Database, library: Library, campaign_of: OpenCampaign
) -> None:
    opened = campaign_of("progres")
    with database.reading() as session:
        moments = {
            poster_of(session, library, link, "https://a.fr").moment
            for link in session.get_one(Campaign, opened.id).links
        }
    assert len(moments) == 3
    assert "" not in moments


def test_the_logo_of_the_structure_stands_on_its_posters(
    database: Database, library: Library, campaign: Campaign
) -> None:
    with database.writing() as session:
        session.add(
            Logo(organisation_id=campaign.organisation_id, image=logo(), width=300, height=120)
        )
    with database.reading() as session:
        link = find_link(session, campaign.links[0].code)
        assert link is not None
        said = poster_of(session, library, link, "https://a.fr")
    for format_id in FORMATS:
        page = picture(poster_pdf(said, format_id, grey=False)).convert("RGB")
        colours = page.getcolors(1 << 24)
        assert colours is not None
        assert any(red > 180 and green < 40 for _, (red, green, _blue) in colours), format_id


@pytest.fixture
def long(library: Library) -> Poster:
    typed = "recueil.communaute-de-communes-du-kreiz-breizh.bzh/avis-des-habitants/K7QF3"
    return replace(
        poster_in(
            library, "fr", groups=frozenset({"tablette", "papier", "avec l’équipe"}), typed=typed
        ),
        lieu="Médiathèque intercommunale Françoise-Sagan de Saint-Barthélemy-le-Plain",
        moment="Quelques mois après",
        scanned=(
            "HTTPS://RECUEIL.COMMUNAUTE-DE-COMMUNES-DU-KREIZ-BREIZH.BZH/avis-des-habitants/K7QF3"
        ),
        structure="Syndicat mixte pour l’inclusion numérique des communes de la Haute Vallée",
        contact="Maison France services, 12 bis avenue du Général de Gaulle, 22110 Rostrenen · "
        "02 96 00 00 00 · contact@inclusion.exemple.fr",
    )


@pytest.mark.parametrize("format_id", ["a4", "a3"])
def test_long_names_and_addresses_stay_whole_inside_the_margins(
    long: Poster, format_id: str
) -> None:
    pdf = poster_pdf(long, format_id, grey=False)
    text = words(pdf).replace(" ", "")
    for part in (long.lieu, long.moment, long.typed, long.structure, long.contact):
        assert part.replace(" ", "") in text
    assert_margins_are_white(pdf, 9)


def test_a_code_too_fine_for_its_format_is_refused_before_it_is_printed(long: Poster) -> None:
    with pytest.raises(UnreadableError, match="format plus grand"):
        poster_pdf(long, "cartes", grey=False)


HOSTILE = {
    "long": "Lieu très long " * 20,
    "one word": "m" * 300,
    "right to left": "مركز " * 60,
    "tags": "<script>alert(1)</script>" * 12,
    "orders": "\u202eينقلب\u2066 {{ 7*7 }} {% raw %} #F2B134 😀" * 8,
}


#: Parts of each sheet where no name is written, in millimetres: left, top, right, bottom.
UNNAMED = {
    "a4": [(0, 117, 210, 266), (0, 0, 9, 297), (201, 0, 210, 297), (0, 288, 210, 297)],
    "a3": [(0, 165, 297, 376), (0, 0, 13, 420), (284, 0, 297, 420), (0, 407, 297, 420)],
    "a5": [(0, 78, 297, 189), (0, 0, 8, 210), (140, 0, 156, 210), (0, 204, 297, 210)],
    "chevalet": [
        (0, 198, 210, 297),
        (125, 99, 210, 179),
        (0, 156, 210, 179),
        (201, 0, 210, 297),
        (0, 0, 210, 5),
    ],
    "cartes": [(0, 0, 210, 38), (0, 0, 19, 297), (71, 40, 113, 92), (0, 258, 210, 297)],
}


@pytest.mark.parametrize(("format_id", "name"), [*product(FORMATS, HOSTILE)])
def test_no_name_breaks_a_poster(poster: Poster, format_id: str, name: str) -> None:
    typed = HOSTILE[name][:300]
    named = replace(poster, lieu=typed, structure=typed, contact=typed)
    # Read back by the machine, and drawn as it was everywhere else.
    pages = [picture(poster_pdf(one, format_id, grey=False)) for one in (poster, named)]
    for box in UNNAMED[format_id]:
        pixels = tuple(round(millimetres / 25.4 * 50) for millimetres in box)
        before, after = (page.crop(pixels).tobytes() for page in pages)
        assert before == after, box


def test_what_people_named_is_shown_as_text(poster: Poster) -> None:
    said = replace(poster, lieu="<b>Lieu</b> & {{ 7*7 }} #F2B134", contact="<img src=x>")
    for grey in (False, True):
        text = words(poster_pdf(said, "a4", grey))
        assert "<b>Lieu</b> & {{ 7*7 }} #F2B134" in text
        assert "<img src=x>" in text


@pytest.mark.parametrize(("format_id", "language"), [*product(FORMATS, ("fr", "ar"))])
def test_the_pdf_is_tagged_and_titled_in_french(
    library: Library, format_id: str, language: str
) -> None:
    pdf = poster_pdf(poster_in(library, language), format_id, grey=False)
    with pypdfium2.PdfDocument(pdf) as document:
        assert document.get_metadata_value("Title") == "Votre avis compte – Maison des Tilleuls"
        assert document.is_tagged()
        said = (ctypes.c_ushort * 8)()
        pypdfium2.raw.FPDFCatalog_GetLanguage(document, said, 16)
    assert bytes(said).decode("utf-16-le").rstrip("\0") == language


def test_the_same_poster_is_drawn_once(poster: Poster) -> None:
    first = poster_pdf(replace(poster, lieu="Une fois"), "a4", grey=False)
    assert poster_pdf(replace(poster, lieu="Une fois"), "a4", grey=False) is first
    assert poster_pdf(replace(poster, lieu="Une autre"), "a4", grey=False) is not first


def test_a_preview_is_the_file_itself_as_a_picture(poster: Poster) -> None:
    with Image.open(io.BytesIO(poster_png(poster, "a5", grey=False))) as shown:
        shown.load()
        assert shown.format == "PNG"
        assert 800 <= shown.width <= 840
        assert decoded(shown) == [SCANNED] * 2


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
    assert read_back(pdf, 144) == []
    text = words(pdf)
    assert text.count("Carte à code, sans nom") == 23
    assert all(text.count(show_card(code)) == 1 for code in issued)
    assert all(text.count(address) == 23 for address in addresses)
