"""The Word document: opened again by its library, then by LibreOffice as people do."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from dataclasses import replace

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import etree

from app.documents import words
from app.documents.docx import write_docx
from app.documents.odt import write_odt
from app.documents.section import (
    Block,
    Confronted,
    Objectives,
    Passage,
    Section,
    Testimonies,
    Words,
)
from tests.documents.sections import quote, sample

ARABIC = "الآن أقوم بأوراقي وحدي"
TRICKY = "<b>&amp; 🎈 {{ x }} \x00\x0b\ud800l’été\t  trois"
OBJECTIVES = Objectives("objectifs", "Les objectifs", (Confronted("Un", "atteint", "Oui."),))

#: The order that the format asks, of what we write; Word refuses a document that has another.
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs "
    "suppressAutoHyphens bidi spacing ind jc outlineLvl rPr sectPr",
    "rPr": "rStyle rFonts b bCs i color sz szCs shd rtl lang",
    "tblPr": "tblStyle tblStyleRowBandSize tblW tblInd tblBorders tblLayout tblCellMar tblLook "
    "tblCaption tblDescription",
    "trPr": "cantSplit tblHeader",
    "sectPr": "headerReference footerReference type pgSz pgMar cols",
    "style": "name basedOn next uiPriority semiHidden unhideWhenUsed qFormat pPr rPr tblPr "
    "tblStylePr",
    "pBdr": "top left bottom right",
    "lvl": "start numFmt pStyle lvlText lvlJc pPr rPr",
    "settings": "zoom defaultTabStop characterSpacingControl compat themeFontLang decimalSymbol "
    "listSeparator",
}


def opened(section: Section) -> WordDocument:
    return Document(io.BytesIO(write_docx(section)))


def blocks(document: WordDocument) -> list[Paragraph | Table]:
    """Return paragraphs and tables in the order of the page."""
    return list(document.iter_inner_content())


def styled(document: WordDocument, style: str) -> list[str]:
    return [one.text for one in document.paragraphs if one.style and one.style.name == style]


def said(section: Section) -> str:
    """Return every word of a document, cells among the others."""
    found = []
    for one in blocks(opened(section)):
        if isinstance(one, Table):
            found += [cell.text for row in one.rows for cell in row.cells]
        else:
            found.append(one.text)
    return "\n".join(found)


def changed(slot: str, part: Words | Objectives | Testimonies) -> Section:
    """Return the sample with another part in a slot."""
    section = sample()
    body = tuple(part if one.slot == slot else one for one in section.body)
    return replace(section, body=body)


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def document() -> WordDocument:
    return opened(sample())


def test_nothing_of_a_template_is_left() -> None:
    parts = parts_of(write_docx(sample()))
    assert {name for name in parts if not name.startswith("word/media/")} == {
        "[Content_Types].xml", "_rels/.rels", "docProps/app.xml", "docProps/core.xml",
        "word/_rels/document.xml.rels", "word/document.xml", "word/fonts.xml",
        "word/footer1.xml", "word/header1.xml", "word/numbering.xml", "word/settings.xml",
        "word/styles.xml",
    }  # fmt: skip
    everything = b"".join(content for name, content in parts.items() if name.endswith(".xml"))
    for foreign in (b"python-docx", b"2013-12", b"Steve", b"None", b"{{", b"en-US", b"customXml"):
        assert foreign not in everything


def test_the_document_says_what_it_is_and_whose(document: WordDocument) -> None:
    about = document.core_properties
    assert about.title == sample().heading
    assert about.subject == "Le Fil numérique, Médiathèque de Rostrenen, Bilan d’activité 2026"
    assert (about.author, about.last_modified_by) == ("Le Fil numérique",) * 2
    assert about.language == "fr-FR"
    assert about.comments == ""


def test_the_whole_document_is_in_french_and_modern(document: WordDocument) -> None:
    (lang,) = document.styles.element.xpath("w:docDefaults//w:lang")
    assert lang.get(qn("w:val")) == "fr-FR"
    (mode,) = document.settings.element.xpath(
        ".//w:compatSetting[@w:name='compatibilityMode']/@w:val"
    )
    assert mode == "15"


def test_every_element_stands_in_the_order_of_the_format() -> None:
    section = changed("coince", Words("coince", "Ce qui coince", Passage("c", ARABIC),
                                      quotes=(quote(50, ARABIC),), is_list=True))  # fmt: skip
    checked = set()
    for name, content in parts_of(write_docx(section)).items():
        if not name.endswith(".xml"):
            continue
        for element in etree.fromstring(content).iter(*(qn(f"w:{tag}") for tag in ORDER)):
            tag = etree.QName(element).localname
            order = ORDER[tag].split()
            places = [order.index(etree.QName(child).localname) for child in element]
            assert places == sorted(places), (name, etree.tostring(element)[:400])
            checked.add(tag)
    assert checked == set(ORDER)


def test_every_style_is_there_and_named(document: WordDocument) -> None:
    held = {style.style_id for style in document.styles}
    xml = document.element.xml
    used = set(re.findall(r"<w:(?:pStyle|rStyle|tblStyle) w:val=\"([^\"]+)\"", xml))
    assert used <= held
    assert {"Title", "Surtitre", "Heading2", "Quote", "Caption", "ListNumber", "Constat", "Marge",
            "Prudence", "Appris", "Source"} <= used  # fmt: skip
    names = [style.name for style in document.styles]
    assert {"Title", "Heading 1", "Quote", "Caption", "List Number", "Header"} <= set(names)
    # A comma would make two names of one in Word.
    assert not [name for name in names if name and "," in name]


def test_headings_follow_one_another(document: WordDocument) -> None:
    levels = []
    for one in document.paragraphs:
        found = re.match(r"(?:Heading|heading) (\d)", _first_style(one))
        if found:
            levels.append(int(found[1]))
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert styled(document, "Surtitre") == [sample().heading]
    assert styled(document, "Title") == [
        "«\u202fMaintenant, c’est moi qui montre à ma voisine.\u202f»"
    ]
    assert styled(document, "Titre d’annexe") == [words.ANNEX]


def _first_style(paragraph: Paragraph) -> str:
    """Return the built-in style that a style comes from."""
    style = paragraph.style
    while style is not None and style.base_style is not None and style.base_style.name != "Normal":
        style = style.base_style
    return (style.name if style else "") or ""


def test_no_paragraph_is_empty(document: WordDocument) -> None:
    for paragraph in document.element.body.iter(qn("w:p")):
        holds = paragraph.iter(qn("w:t"), qn("w:drawing"))
        assert any(one.text or one.tag == qn("w:drawing") for one in holds)


def test_every_drawing_is_said_and_captioned() -> None:
    section = sample()
    document = opened(section)
    drawings = {drawing.name: drawing for drawing in section.drawings}
    described = document.element.body.findall(f".//{qn('wp:docPr')}")
    assert [one.get("name") for one in described] == list(drawings)
    for one in described:
        drawing = drawings[one.get("name")]
        assert (one.get("title"), one.get("descr")) == (drawing.caption, drawing.spoken)
    assert len({one.get("id") for one in described}) == len(described)
    captions = [part for one in styled(document, "Caption") for part in one.split("\t")]
    # Short, and at the end of the line of what makes the drawing precise.
    assert [part.split(" · ")[-1] for part in captions] == [
        f"Figure\u00a0{rank}. {one.caption.partition(',')[0]}"
        for rank, one in enumerate(drawings.values(), 1)
    ]


def test_captions_and_pages_are_counted_by_fields(document: WordDocument) -> None:
    fields = [one.text.strip() for one in document.element.body.iter(qn("w:instrText"))]
    assert fields.count("SEQ Figure \\* ARABIC") == 6
    assert fields.count("SEQ Table \\* ARABIC") == 4
    foot = document.sections[0].footer.paragraphs[0]
    assert [one.text.strip() for one in foot._p.iter(qn("w:instrText"))] == ["PAGE"]
    for part in (document.element.body, foot._p):
        kinds = [one.get(qn("w:fldCharType")) for one in part.iter(qn("w:fldChar"))]
        assert kinds == ["begin", "separate", "end"] * (len(kinds) // 3)


def test_every_page_says_whose_it_is_and_that_it_is_provisional(document: WordDocument) -> None:
    for number, section in enumerate(document.sections):
        assert section.header.paragraphs[0].text == (
            "Le Fil numérique · Médiathèque de Rostrenen\tBilan d’activité 2026"
        )
        assert section.footer.paragraphs[0].text == f"{sample().standing.words}\t1"
        assert section.header.is_linked_to_previous is bool(number)
        assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert styled(document, "Provisoire") == [sample().standing.words]
    sealed = opened(sample(is_sealed=True))
    assert styled(sealed, "Provisoire") == []
    assert sealed.sections[0].footer.paragraphs[0].text.startswith("Arrêté le 4 janvier 2027")


def test_tables_repeat_their_headings_and_merge_nothing(document: WordDocument) -> None:
    tables = document.tables
    assert len(tables) == 3 + 4
    for table in tables:
        first, *others = table._tbl.tr_lst
        assert first.trPr is not None
        assert first.trPr.find(qn("w:tblHeader")) is not None
        assert all(row.trPr.find(qn("w:tblHeader")) is None for row in others)
        assert not list(table._tbl.iter(qn("w:gridSpan"), qn("w:vMerge")))
        assert len({len(row.tc_lst) for row in table._tbl.tr_lst}) == 1
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
        assert table._tbl.tblPr.find(qn("w:tblDescription")).get(qn("w:val"))
        assert all(cell.text for row in table.rows for cell in row.cells)
    assert [cell.text for cell in tables[1].rows[0].cells] == list(words.FIGURE_COLUMNS)


def test_columns_end_where_they_began(document: WordDocument) -> None:
    """One column, then two, in turn; only the first section begins a page."""
    counts = [int(one._sectPr.find(qn("w:cols")).get(qn("w:num"), 1)) for one in document.sections]
    assert counts == [1, 2, 1, 2, 1, 2, 1]
    kinds = [one._sectPr.find(qn("w:type")) for one in document.sections]
    assert kinds[0] is None
    assert {one.get(qn("w:val")) for one in kinds[1:]} == {"continuous"}


def test_questionnaires_stand_beside_the_drawing_of_the_doors(document: WordDocument) -> None:
    opens = [
        one.text.strip()
        for one in document.paragraphs
        if any(mark.get(qn("w:type")) == "column" for mark in one._p.iter(qn("w:br")))
    ]
    first, *_ = sample().method.sources
    assert first.title in opens[0]
    assert opens[1:] == ["Ce que disent les partenaires"]


def test_words_of_people_cannot_break_the_document() -> None:
    section = changed("coince", Words("coince", "Ce qui coince", Passage("coince", TRICKY),
                                      quotes=(quote(50, TRICKY),)))  # fmt: skip
    section = replace(section, structure=TRICKY, heading=f"5. {TRICKY}", place=TRICKY)
    document = opened(section)
    text = "<b>&amp; 🎈 {{ x }}"
    assert any(text in one for one in styled(document, "Body Text"))
    assert any(text in one for one in styled(document, "Quote"))
    assert document.core_properties.author.startswith("<b>&amp; 🎈")


def test_arabic_goes_from_right_to_left() -> None:
    document = opened(changed("coince", Words("coince", "Ce qui coince", Passage("c", ARABIC),
                                              quotes=(quote(50, ARABIC),))))  # fmt: skip
    (said_so,) = styled(document, "Citation de droite à gauche")
    assert ARABIC in said_so
    assert len(styled(document, "Source de droite à gauche")) == 1
    (written,) = [one for one in document.paragraphs if one.text == ARABIC]
    assert written._p.pPr is not None
    assert written._p.pPr.find(qn("w:bidi")) is not None
    assert all(run.font.rtl for run in written.runs)


def test_a_quote_that_went_leaves_a_sentence_and_no_word() -> None:
    gone = replace(quote(50, "", "Paulette"), told="", is_gone=True)
    section = changed("coince", Words("coince", "Ce qui coince", Passage("c", ""), quotes=(gone,)))
    document = opened(replace(section, title_quote=gone))
    assert styled(document, "Citation retirée") == [words.GONE]
    assert styled(document, "Title") == []
    assert styled(document, "Heading 1") == [section.heading]
    assert "Paulette" not in said(replace(section, title_quote=gone))


def test_what_is_left_out_is_not_written() -> None:
    slots = ("titre", "phrases", "methode", "petits", "annexe")
    text = said(replace(sample(), hidden_slots=slots))
    for absent in ("c’est moi qui montre", "3 personnes sur 4", words.METHOD, words.UNSHOWN,
                   words.ANNEX, "7C2F"):  # fmt: skip
        assert absent not in text
    assert "Compétences et autonomie" in text


def test_a_list_is_numbered_from_one_each_time() -> None:
    twice = Words("coince", "Autre liste", Passage("coince", "Un.\nDeux."), is_list=True)
    document = opened(changed("coince", twice))
    assert styled(document, "List Number")[:2] == ["Un.", "Deux."]
    numbers = []
    for one in document.paragraphs:
        if one.style and one.style.name == "List Number":
            found = one._p.find(f".//{qn('w:numId')}")
            numbers.append(None if found is None else found.get(qn("w:val")))
    assert numbers[:2] == [None, None]
    assert numbers[2] == numbers[3] not in (None, "1")


def test_a_table_is_never_the_last_word() -> None:
    """Word adds an empty paragraph to such a document; columns cannot begin there either."""
    short = [Words(str(rank), "Court", Passage(str(rank), "Deux mots.")) for rank in range(2)]
    section = replace(sample(), body=(OBJECTIVES, *short, OBJECTIVES), unshown=(),
                      hidden_slots=("annexe",))  # fmt: skip
    document = opened(section)
    *_, last = blocks(document)
    assert isinstance(last, Paragraph)
    assert last.text == section.standing.words
    assert styled(document, "Heading 2")[-3:] == ["Court", "Court", "Les objectifs"]


def test_short_blocks_stay_on_one_page_and_long_ones_may_be_cut() -> None:
    kept = {
        one.text[:20]: one.paragraph_format.keep_with_next for one in opened(sample()).paragraphs
    }
    assert kept["Compétences et auton"]
    assert kept["Ce que nous avons ap"] is False
    block = sample().body[0]
    assert isinstance(block, Block)
    long = replace(block, learnt=Passage("appris:x", "", written="Beaucoup de mots. " * 200))
    found = opened(replace(sample(), body=(long,))).paragraphs
    title = next(one for one in found if one.text == block.title)
    assert title.paragraph_format.keep_with_next is None


def test_the_two_documents_say_the_same_words_in_the_same_order() -> None:
    """What the .odt says, the .docx says."""
    apart = Testimonies(
        "temoignages", "6. Témoignages", Passage("t", "Un.\nDeux."), (quote(3, "Oui."),)
    )
    section = sample()
    section = replace(section, body=(*section.body, apart))
    theirs = " ".join(_written_in(write_odt(section)))
    assert said(section).split() == theirs.split()


def _written_in(odt: bytes) -> list[str]:
    """Return the words of a text document, without those that describe its pictures."""
    content = etree.fromstring(parts_of(odt)["content.xml"])
    text, drawn = content.nsmap["text"], content.nsmap["draw"]
    for frame in list(content.iter(f"{{{drawn}}}frame")):
        tail, parent = frame.tail, frame.getparent()
        parent.remove(frame)
        parent.text = f"{parent.text or ''}{tail or ''}"
    for tag in ("s", "tab", "line-break"):
        for space in content.iter(f"{{{text}}}{tag}"):
            space.text = " "
    paragraphs = content.iter(f"{{{text}}}p", f"{{{text}}}h")
    return ["".join(one.itertext()) for one in paragraphs]
