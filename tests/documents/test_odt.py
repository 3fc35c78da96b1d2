"""The text document: opened again by its library, then by LibreOffice as people do."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from dataclasses import replace
from typing import cast

import pytest
from odfdo import Document, Element

from app.documents.odt import write_odt
from app.documents.odt_text import part_xml
from app.documents.section import Block, Passage, Section, SectionQuote, Testimonies, Words
from app.documents.shortened import numbers_of
from tests.documents.sections import quote, sample

NARROW = "\u202f"
ARABIC = "الآن أقوم بأوراقي وحدي"
TRICKY = "<b>&amp; 🎈 {{ x }} — l’été\t  trois"
GONE = "Citation retirée à la demande de la personne."


def opened(section: Section) -> Document:
    return Document(io.BytesIO(write_odt(section)))


def paragraphs(document: Document, style: str) -> list[str]:
    """Return what the paragraphs of a style say, whatever a place changed of it."""
    return [
        one.inner_text
        for one in document.body.get_elements(".//text:p | .//text:h")
        if named(document, one) == style
    ]


def named(document: Document, paragraph: Element) -> str:
    """Return the named style of a paragraph."""
    name = str(paragraph.get_attribute("text:style-name"))
    own = document.content.get_element(f"//style:style[@style:name='{name}']")
    return str(own.get_attribute("style:parent-style-name")) if own else name


def properties(document: Document, words: str) -> dict[str, str]:
    """Return what a place changed of the style of the paragraph that says these words."""
    paragraph = next(
        one for one in document.body.get_elements(".//text:p") if words in one.inner_text
    )
    name = paragraph.get_attribute("text:style-name")
    own = document.content.get_element(
        f"//style:style[@style:name='{name}']/style:paragraph-properties"
    )
    return own.attributes if own else {}


def changed(section: Section, **parts: object) -> Section:
    return replace(section, **parts)  # type: ignore[arg-type]


def with_quote(said: SectionQuote) -> Section:
    return replace(sample(), body=(Words("coince", "Ce qui coince", Passage("coince", ""),
                                         quotes=(said,)),))  # fmt: skip


def test_each_font_names_another_for_machines_without_it() -> None:
    faces = {
        str(one.get_attribute("style:name")): str(one.get_attribute("svg:font-family"))
        for one in opened(sample()).styles.get_elements("//style:font-face")
    }
    used = set(re.findall(r'style:font-name="([^"]+)"', part_xml("styles").decode()))
    assert used <= set(faces)
    assert faces["Georgia"] == "Georgia, 'Liberation Serif'"
    assert faces["Arial"] == "Arial, 'Liberation Sans'"


@pytest.fixture(scope="module")
def document() -> Document:
    return opened(sample())


def test_the_package_is_the_one_of_the_standard() -> None:
    with zipfile.ZipFile(io.BytesIO(write_odt(sample()))) as archive:
        assert archive.testzip() is None
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert archive.read("mimetype") == b"application/vnd.oasis.opendocument.text"
        manifest = archive.read("META-INF/manifest.xml").decode()
        listed = set(re.findall(r'full-path="([^"]+)"', manifest)) - {"/"}
        held = set(archive.namelist()) - {"mimetype", "META-INF/manifest.xml"}
        assert listed == held
        assert {name.split("/")[0] for name in held} == {
            "content.xml", "styles.xml", "meta.xml", "settings.xml", "manifest.rdf", "Pictures",
        }  # fmt: skip
        everything = b"".join(archive.read(name) for name in held if name.endswith(".xml"))
    for foreign in (b"odfdo", b"LibreOffice/", b"MacOS", b"Bitstream", b"creator"):
        assert foreign not in everything


def test_the_document_says_what_it_is_and_not_who_made_it(document: Document) -> None:
    meta = document.meta
    assert meta.title == sample().heading
    assert meta.subject == "Le Fil numérique, Médiathèque de Rostrenen, Bilan d’activité 2026"
    assert (meta.language, meta.generator) == ("fr-FR", "Recueil")
    assert meta.creation_date is None
    default = document.styles.get_element("//style:default-style/style:text-properties")
    assert default
    assert default.get_attribute("fo:language") == "fr"


def test_headings_follow_one_another(document: Document) -> None:
    headings = document.body.get_elements(".//text:h")
    levels = [int(str(one.get_attribute("text:outline-level"))) for one in headings]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert [one.inner_text for one in headings][:3] == [
        sample().heading, "Méthode", "Compétences et autonomie",
    ]  # fmt: skip
    assert named(document, headings[0]) == "Surtitre"
    assert paragraphs(document, "Titre_20_d_27_annexe") == [
        "Annexe\u00a0: d’où vient chaque chiffre"
    ]


def test_every_style_that_is_used_is_there(document: Document) -> None:
    held = {
        str(one.get_attribute("style:name"))
        for part in (document.styles, document.content)
        for one in part.get_elements("//style:style | //text:list-style")
    }
    used = {
        str(value)
        for one in document.body.get_elements(".//*")
        for key, value in one.attributes.items()
        if key.endswith(":style-name")
    }
    assert used <= held
    parents = document.styles.get_elements("//style:style[@style:parent-style-name]")
    assert {str(one.get_attribute("style:parent-style-name")) for one in parents} <= held


def test_the_title_is_a_quote_and_says_that_it_was_agreed(document: Document) -> None:
    assert paragraphs(document, "Titre-citation") == [
        f"«{NARROW}Maintenant, c’est moi qui montre à ma voisine.{NARROW}»"
    ]
    source = paragraphs(document, "Source_20_du_20_titre")
    assert source == ["Une personne accompagnée, mars 2026, écrit. Publié avec son accord."]


def test_what_the_figures_say_is_read_in_order(document: Document) -> None:
    assert paragraphs(document, "Chiffre")[3] == "9 réponses sur 10"
    assert paragraphs(document, "Chiffre_2c__20_suite")[3] == (
        "la séance s’est bien passée (131 sur 148)."
    )
    finding = paragraphs(document, "Constat")[0]
    assert finding.startswith("43 personnes sur 58 disent faire plus de choses")
    assert finding.endswith("6 reculent. Évolution non établie, par rapport à 2025.")
    assert paragraphs(document, "Marge")[0].split(" · ") == [
        "\u00a0B\u00a0\u00a0rétrospectif", "n\u00a0= 58 réponses sur 61",
        "Écart +25 points, entre +20 et +30",
    ]  # fmt: skip
    assert paragraphs(document, "Appris")[0].startswith("Ce que nous avons appris. Envoyer")
    assert paragraphs(document, "Prudence") == [
        "À lire avec prudence. Moins d’une personne sur trois a répondu."
    ]
    method = " ".join(paragraphs(document, "Méthode"))
    for told in (
        "Période\u00a0: de janvier", f"«{NARROW}Mes progrès{NARROW}»\u00a0: 61 personnes sur 212",
        f"{NARROW}; marge d’environ", "212 personnes accompagnées (La Coop)",
    ):  # fmt: skip
        assert told in method


def test_a_figure_without_a_drawing_is_one_paragraph_and_says_each_caution_once() -> None:
    block = cast("Block", sample().body[0])
    first = replace(block.findings[0], margin=("n\u00a0= 58", "Peu de réponses."), drawings=())
    document = opened(replace(sample(), body=(replace(block, findings=(first, first)),)))
    one, other = paragraphs(document, "Constat")
    assert one.endswith("2025.  \u00a0B\u00a0\u00a0rétrospectif · n\u00a0= 58 · Peu de réponses.")
    assert other.endswith("\u00a0B\u00a0\u00a0rétrospectif · n\u00a0= 58")


def test_a_verdict_has_its_word_and_its_mark(document: Document) -> None:
    _, *rows = table_rows(document, "Objectifs 1")
    assert {row[1].split(".")[0] for row in rows} <= {
        "●\u00a0atteint", "○\u00a0non\u00a0atteint", "◐\u00a0non\u00a0mesurable",
        "◐\u00a0non\u00a0mesuré par questionnaire",
    }  # fmt: skip
    assert rows


def test_two_drawings_share_a_line_when_their_captions_hold_on_it(document: Document) -> None:
    lines = [len(one.get_elements("draw:frame")) for one in document.body.get_elements(".//text:p")]
    assert [count for count in lines if count] == [1, 2, 2, 1]
    block = cast("Block", sample().body[0])
    finding = block.findings[0]
    long = tuple(replace(one, caption="Un long titre " * 5) for one in finding.drawings)
    apart = replace(block, findings=(replace(finding, drawings=long),))
    lines = [
        len(one.get_elements("draw:frame"))
        for one in opened(replace(sample(), body=(apart,))).body.get_elements(".//text:p")
    ]
    assert [count for count in lines if count] == [1, 1, 1]


def test_actions_are_numbered(document: Document) -> None:
    items = document.body.get_elements(".//text:list[@text:style-name='Actions']/text:list-item")
    assert [item.inner_text.strip() for item in items] == [
        "Ouvrir un second créneau le jeudi.", "Consacrer deux ateliers à l’envoi d’un document.",
    ]  # fmt: skip


def test_each_drawing_has_a_caption_words_for_the_ear_and_its_numbers(document: Document) -> None:
    drawings = list(sample().drawings)
    frames = document.body.get_elements(".//draw:frame")
    assert [frame.get_attribute("draw:name") for frame in frames] == [one.name for one in drawings]
    for frame, drawing in zip(frames, drawings, strict=True):
        assert [one.text for one in frame.get_elements("svg:title")] == [drawing.caption]
        assert [one.text for one in frame.get_elements("svg:desc")] == [drawing.spoken]
        assert frame.get_attribute("text:anchor-type") == "as-char"
    captions = paragraphs(document, "Caption")
    lines = [one.split(" · ")[-1] for text in captions for one in text.split("\t")]
    # Short, and at the end of the line of what makes the drawing precise.
    assert [one for one in lines if one.startswith("Figure")] == [
        f"Figure\u00a0{rank}. {one.caption.partition(',')[0]}"
        for rank, one in enumerate(drawings, 1)
    ]
    tables = [text for text in captions if text.startswith("Tableau")]
    assert tables[1] == "Tableau\u00a02. Nombre de personnes"
    assert table_rows(document, "Données 5") == [
        ["Graphique", "en progrès", "stables", "en recul"],
        ["Compétences et autonomie (figure\u00a02)", "43", "9", "6"],
        ["Liens sociaux (figure\u00a04)", "21", "24", "10"],
    ]


def test_questionnaires_stand_beside_the_drawing_of_the_doors(document: Document) -> None:
    first, *others = [one.title for one in sample().method.sources]
    (opens,) = [text for text in paragraphs(document, "Méthode") if first in text]
    assert properties(document, opens)["fo:break-before"] == "column"
    for text in paragraphs(document, "Méthode"):
        if any(title in text for title in others):
            assert "fo:break-before" not in properties(document, text)
    alone = replace(sample().method, doors=None)
    without = opened(replace(sample(), method=alone))
    assert "fo:break-before" not in properties(without, first)


def table_rows(document: Document, name: str) -> list[list[str]]:
    table = document.body.get_element(f".//table:table[@table:name='{name}']")
    assert table
    return [
        ["\n".join(p.inner_text for p in cell.get_elements("text:p"))
         for cell in row.get_elements("table:table-cell")]
        for row in table.get_elements(".//table:table-row")
    ]  # fmt: skip


def test_every_table_repeats_its_first_row(document: Document) -> None:
    tables = document.body.get_elements(".//table:table")
    assert len(tables) == 3 + len(numbers_of(sample()))
    for table in tables:
        headings = table.get_elements("table:table-header-rows/table:table-row/table:table-cell")
        columns = table.get_elements("table:table-column")
        assert len(headings) == len(columns)
        assert all(cell.inner_text.strip() for cell in headings)


def test_the_annex_says_where_figures_and_words_come_from(document: Document) -> None:
    first = table_rows(document, "Chiffres 2")[1]
    assert first[0] == "Autonomie dans les démarches"
    assert first[3] == f"43 sur 58 (74{NARROW}%)"
    quotes = table_rows(document, "Citations 3")[1:]
    assert len(quotes) == len(list(sample().quotes))
    assert quotes[0][1:] == ["en titre", "financeurs, sans nom", "17\u00a0mars 2029"]
    assert quotes[1][1] == "Compétences et autonomie"
    assert "Empreinte\u00a0: 7C2F 91AB 04D6." in paragraphs(document, "Annexe")
    unshown = "Non diffusé (moins de 5 réponses)\u00a0: prudence en ligne."
    assert unshown in paragraphs(document, "Annexe")


def test_nothing_is_empty_and_no_mark_is_left(document: Document) -> None:
    for one in document.body.get_elements(".//text:p | .//text:h"):
        assert one.inner_text.strip() or one.get_elements(".//draw:frame")
    text = document.get_formatted_text()
    for mark in ("None", "{{", "}}", "{%", "Passage("):
        assert mark not in text


def test_a_provisional_section_says_so_first_and_on_each_page(document: Document) -> None:
    words = sample().standing.words
    first = document.body.get_elements(".//text:p")[0]
    assert (first.inner_text, named(document, first)) == (words, "Provisoire")
    foot = document.styles.get_element("//style:footer")
    assert foot
    assert words in foot.inner_text
    sealed = opened(sample(is_sealed=True))
    assert paragraphs(sealed, "Provisoire") == []
    foot = sealed.styles.get_element("//style:footer")
    assert foot
    assert "Arrêté le 4 janvier 2027 par Yann Kerbrat" in foot.inner_text


def test_what_happened_since_the_seal_is_told() -> None:
    section = sample(is_sealed=True)
    since = "2 réponses effacées depuis."
    told = opened(replace(section, standing=replace(section.standing, since=since)))
    assert paragraphs(told, "Provisoire") == [since]
    assert since in paragraphs(told, "Annexe")


def test_words_taken_back_leave_a_sentence_and_no_line_of_the_annex() -> None:
    went = replace(quote(7, "", "Paulette"), is_gone=True)
    document = opened(replace(with_quote(went), title_quote=replace(quote(1, ""), is_gone=True)))
    assert paragraphs(document, "Citation_20_retirée") == [GONE]
    assert paragraphs(document, "Titre-citation") == paragraphs(document, "Surtitre") == []
    assert paragraphs(document, "Heading_20_1") == [sample().heading]
    text = document.get_formatted_text()
    assert "Paulette" not in text
    assert "Les citations et leur accord" not in text


@pytest.mark.parametrize(
    ("slot", "style"),
    [("titre", "Titre-citation"), ("phrases", "Chiffre"), ("methode", "Méthode"),
     ("annexe", "Titre_20_d_27_annexe")],
)  # fmt: skip
def test_what_is_left_out_is_not_written(document: Document, slot: str, style: str) -> None:
    assert paragraphs(document, style)
    assert paragraphs(opened(replace(sample(), hidden_slots=(slot,))), style) == []


def test_figures_that_may_not_be_shown_are_listed_unless_left_out() -> None:
    titles = {
        slots: "Chiffres non montrés" in paragraphs(opened(replace(sample(), hidden_slots=slots)),
                                                    "Heading_20_2")
        for slots in ((), ("annexe",), ("petits",), ("annexe", "petits"))
    }  # fmt: skip
    assert list(titles.values()) == [True, True, False, False]


def test_a_method_left_out_leaves_no_picture_in_the_file() -> None:
    with zipfile.ZipFile(io.BytesIO(write_odt(replace(sample(), hidden_slots=("methode",))))) as it:
        assert not [name for name in it.namelist() if "portes" in name]
        assert [name for name in it.namelist() if "autonomie" in name]


def test_a_caution_of_several_lines_is_one_paragraph() -> None:
    method = replace(sample().method, limits=Passage("methode", "Peu.", written="Un.\n\nDeux."))
    document = opened(replace(sample(), method=method))
    assert paragraphs(document, "Prudence") == ["À lire avec prudence. Un. Deux."]


def test_words_of_people_are_kept_as_they_are_whatever_they_hold() -> None:
    document = opened(with_quote(quote(5, f"{TRICKY}\x00\x0b\ud800 [\u2026]", "A & <B>")))
    said = paragraphs(document, "Quotations")[0]
    assert said == f"«{NARROW}<b>&amp; 🎈 {{{{ x }}}} — l’été trois […]{NARROW}»"
    assert paragraphs(document, "Source_20_de_20_citation") == ["A & <B>, mars 2026, écrit"]


def test_arabic_words_go_from_right_to_left() -> None:
    document = opened(replace(with_quote(quote(5, ARABIC)), title_quote=None))
    turned = properties(document, ARABIC)
    assert turned["style:writing-mode"] == "rl-tb"
    assert turned["fo:border-left"] == "none"
    assert "solid" in turned["fo:border-right"]
    below = properties(document, "Une personne accompagnée, mars 2026, écrit")
    # Our own words under them keep their direction, and the side.
    assert below["fo:text-align"] == "right"
    assert "style:writing-mode" not in below
    latin = properties(opened(with_quote(quote(5, "Voilà."))), "Voilà.")
    assert "style:writing-mode" not in latin


def test_a_block_stays_on_one_page_and_a_long_one_may_be_cut() -> None:
    def kept(learnt: str) -> str | None:
        block = cast("Block", sample().body[0])
        words = Passage("appris:autonomie", "", written=learnt)
        block = replace(block, learnt=words, quotes=(quote(3, "Oui.", "Paulette"),))
        document = opened(replace(sample(), body=(block,)))
        return properties(document, "Paulette, mars 2026").get("fo:keep-with-next")

    assert kept("Peu.") == "always"
    assert kept("Beaucoup de mots. " * 150) is None


def test_paragraphs_of_a_text_stay_apart_and_an_empty_section_says_what_to_do() -> None:
    words = Words("coince", "Ce qui coince", Passage("coince", "", written="Un.\n\n\nDeux."))
    apart = Testimonies(
        "temoignages", "6. Témoignages", Passage("t", "Présentation."), (quote(3, "Oui."),)
    )
    document = opened(replace(sample(), body=(words, apart), empty="Ouvrez une campagne."))
    assert paragraphs(document, "Text_20_body") == [
        "Ouvrez une campagne.",
        "Un.",
        "Deux.",
        "Présentation.",
    ]
    assert paragraphs(document, "Heading_20_1") == ["6. Témoignages"]
