"""The printed section: what a browser and a screen reader find in the page and in the PDF."""

from __future__ import annotations

import itertools
import re
import subprocess
import zlib
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from playwright.sync_api import Browser, Page

from app.campaigns.rasters import png_of
from app.documents.printing import Links, page_of, rows_of, write_pdf
from app.documents.section import Block, Objectives, Passage, Section, Words
from app.web.static import FOLDER
from tests.documents.sections import quote, sample

LINKS = Links("/espace/bilan/1", "/odt", "/docx", "/pdf")


def told(pdf: bytes, folder: Path, *options: str) -> str:
    """Return what pdfinfo says of a document."""
    file = folder / "section.pdf"
    file.write_bytes(pdf)
    done = subprocess.run(["pdfinfo", *options, file], capture_output=True, check=True)
    return done.stdout.decode()


def pages_of(pdf: bytes, folder: Path) -> list[str]:
    """Return the words of each page, as they are laid out."""
    file = folder / "section.pdf"
    file.write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True)
    return done.stdout.decode().rstrip("\f\n").split("\f")


def headings(html: str) -> list[tuple[int, str]]:
    found = re.findall(r"<h([1-6])[^>]*>(.*?)</h\1>", html, re.S)
    return [(int(level), text) for level, text in found]


def without(section: Section, *slots: str) -> Section:
    return replace(section, hidden_slots=slots)


def test_the_page_has_one_title_and_headings_in_order() -> None:
    levels = [level for level, _ in headings(page_of(sample()))]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert max(levels) == 3


def test_the_page_needs_nothing_that_the_policy_forbids() -> None:
    """No inline style, no inline script, nothing from elsewhere."""
    html = page_of(sample(), LINKS)
    assert "<style" not in html
    assert " style=" not in html
    assert re.findall(r"<script[^>]*>", html) == re.findall(r'<script src="/[^"]+" defer>', html)
    assert "http" not in html.replace("http://www.w3.org", "")


def test_the_bar_leads_to_the_bilan_and_its_files_and_paper_has_none() -> None:
    html = page_of(sample(), LINKS)
    for address in (LINKS.composer, LINKS.odt, LINKS.docx, LINKS.pdf):
        assert f'href="{address}"' in html
    assert "data-imprimer" in html
    assert '<header class="outils">' in page_of(sample())
    assert "Télécharger" not in page_of(sample())


def test_a_provisional_section_says_so_and_a_sealed_one_does_not() -> None:
    provisional, sealed = page_of(sample()), page_of(sample(is_sealed=True))
    assert provisional.count("Provisoire, ne pas diffuser") >= 3
    assert "Provisoire" not in sealed
    assert "Arrêté le 4 janvier 2027" in sealed


def test_words_of_people_are_not_touched() -> None:
    """What somebody said is neither markup nor our typography."""
    said = 'J\'ai <b>osé</b> ! Et "voilà" : 3 % & plus'
    section = replace(sample(), title_quote=quote(1, said))
    html = page_of(section)
    html = html.replace('<span class="lie">&amp; plus</span>', "&amp; plus")
    assert "J&#39;ai &lt;b&gt;osé&lt;/b&gt; ! Et &#34;voilà&#34; : 3 % &amp; plus" in html


def test_a_title_cuts_no_compound_word_and_leaves_none_alone() -> None:
    html = page_of(replace(sample(), title_quote=quote(1, "Mes rendez-vous, je les prends.")))
    assert '<span class="lie">rendez-vous,</span> je <span class="lie">les prends.</span>' in html


def test_results_stand_in_the_body_and_the_margin_only_makes_the_first_precise() -> None:
    block = cast("Block", sample().body[0])
    first = block.findings[0]
    second = replace(first, passage=Passage("constat:x", "Un autre résultat."), drawings=())
    html = page_of(replace(sample(), body=(replace(block, findings=(first, second)),)))
    body, margin = html.partition('<div class="corps">')[2].split('<div class="marge">', 1)
    assert "Un autre résultat." in body
    assert "Un autre résultat." not in margin


def test_what_is_drawn_is_written_once_and_always_heard() -> None:
    html = page_of(sample())
    captions = re.findall(r"<figcaption( class=\"su\")?>([^<]+)", html)
    assert [one.caption for one in sample().drawings] == [words for _, words in captions]
    written = [words for hidden, words in captions if not hidden]
    assert len(written) == len(set(written)) < len(captions)


def test_how_many_partners_answered_goes_to_the_annex() -> None:
    section = sample()
    said = "8 réponses, par le lien commun."
    (partners,) = (one for one in section.body if one.slot == "partenaires")
    assert isinstance(partners, Words)
    findings = tuple(replace(one, drawings=()) for one in cast("Block", section.body[0]).findings)
    counted = replace(partners, passage=Passage("partenaires", said), findings=findings)
    section = replace(section, body=(counted,))
    before, annex = page_of(section).split('<section class="annexe')
    assert said not in before
    assert said in annex
    # Where nothing else carries it, or where the team wrote it, it stays.
    assert said in page_of(replace(section, hidden_slots=("annexe",)))
    ours = replace(counted, passage=replace(counted.passage, written="Nos mots."))
    assert "Nos mots." in page_of(replace(section, body=(ours,))).split('class="annexe')[0]


def test_no_annex_is_announced_where_nothing_was_answered() -> None:
    section = sample()
    annex = replace(section.annex, rows=())
    empty = replace(section, body=(), title_quote=None, unshown=(), annex=annex,
                    method=replace(section.method, doors=None))  # fmt: skip
    assert "Annexe" not in page_of(empty)
    assert "7C2F" in page_of(empty)


def test_a_quote_taken_back_leaves_no_word_and_says_why() -> None:
    section = sample()
    block = cast("Block", section.body[0])
    gone = replace(block.quotes[0], text="", is_gone=True)
    title = replace(section.title_quote, text="", is_gone=True) if section.title_quote else None
    body = (replace(block, quotes=(gone,)), *section.body[1:])
    html = page_of(replace(section, title_quote=title, body=body))
    assert "Citation retirée à la demande de la personne" in html
    assert "«\u202f\u202f»" not in html
    assert 'class="une"' not in html
    assert "repris par la personne" in html


def test_a_quote_that_stands_twice_is_named_once() -> None:
    section = sample()
    block = cast("Block", section.body[0])
    twice = replace(block, quotes=(section.title_quote, section.title_quote))  # type: ignore[arg-type]
    html = page_of(replace(section, body=(twice, *section.body[1:])))
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    links = re.findall(r'href="#(citation[^"]+)"', html)
    assert links
    assert set(links) <= set(ids)


def test_what_was_turned_off_is_not_there() -> None:
    section = sample()
    signs = {
        "titre": 'class="une"',
        "phrases": 'class="phrases"',
        "methode": "<h2>Méthode</h2>",
        "petits": "Chiffres non montrés",
        "annexe": 'class="annexe"',
    }
    whole = page_of(section)
    for slot, sign in signs.items():
        assert sign in whole, slot
        assert sign not in page_of(without(section, slot)), slot
    assert "citation-" not in page_of(without(replace(section, body=()), "titre", "annexe"))


def test_nobody_prints_a_heading_over_nothing() -> None:
    empty = Words("coince", "Ce qui coince", Passage("coince", "  "))
    none = Objectives("objectifs", "Les objectifs", ())
    section = replace(sample(), body=(empty, none, *sample().body))
    assert "Les objectifs</h2>" not in page_of(section)
    assert page_of(replace(section, body=(empty,))).count("Ce qui coince") == 0


def test_short_words_stand_side_by_side_and_long_ones_alone() -> None:
    parts = {part.slot: part for part in sample().body}
    stuck, partners = cast("Words", parts["coince"]), parts["partenaires"]
    assert list(rows_of([stuck, partners])) == [(stuck, partners)]
    assert list(rows_of([stuck, parts["suite"], partners])) == [
        (stuck,),
        (parts["suite"],),
        (partners,),
    ]
    long = replace(stuck, passage=Passage("coince", "L’attente est longue. " * 30))
    assert list(rows_of([long, partners])) == [(long,), (partners,)]


def test_a_section_without_an_answer_says_what_to_do() -> None:
    section = sample()
    bare = replace(
        section,
        title_quote=None,
        headlines=(),
        body=(),
        method=replace(section.method, doors=None, sources=()),
        annex=replace(section.annex, rows=(), warnings=(), methods=()),
        empty="Personne n’a encore répondu : ouvrez une campagne.",
    )
    html = page_of(bare)
    assert "Personne n’a encore répondu" in html
    assert "<table" not in html
    assert "<svg" not in html
    assert write_pdf(bare).startswith(b"%PDF")


@pytest.mark.document
def test_the_pdf_is_tagged_for_who_listens_to_it(tmp_path: Path) -> None:
    pdf = write_pdf(sample())
    about = told(pdf, tmp_path)
    assert "Tagged:          yes" in about
    assert "5. Bilan qualitatif" in about.partition("\n")[0]
    tree = told(pdf, tmp_path, "-struct-text")
    kinds = set(re.findall(r"^\s*([A-Z][A-Za-z0-9]*)(?=[ :]|$)", tree, re.M))
    named = {"H1", "H2", "H3", "Figure", "Caption", "Table", "TH", "TD", "TR", "L", "LI"}
    assert named <= kinds
    assert "BlockQuote" in kinds
    order = re.findall(r"^\s*H([1-3]) ", tree, re.M)
    assert order[0] == "1"
    assert order.count("1") == 1
    # What a drawing says stands in it, for each one and for nothing else.
    drawn = len(list(sample().drawings))
    assert tree.count("Figure") == drawn
    assert len(alternatives(pdf)) == drawn
    assert any("en progrès 43, stables 9, en recul 6" in one for one in alternatives(pdf))


def alternatives(pdf: bytes) -> list[str]:
    """Return what is said in the place of each drawing."""
    found = re.findall(rb"/Alt <([0-9a-fA-F]+)>", b"\n".join(unpacked(pdf)))
    return [bytes.fromhex(said.decode()).decode("utf-16") for said in found]


@pytest.mark.document
def test_each_page_says_that_it_is_provisional(tmp_path: Path) -> None:
    pages = pages_of(write_pdf(sample()), tmp_path)
    assert len(pages) == 3
    for number, page in enumerate(pages, 1):
        foot = page.rstrip().rpartition("\n")[2]
        assert "Provisoire, ne pas diffuser" in foot
        assert foot.endswith(str(number))
    assert "Annexe" in pages[2][:400]


@pytest.mark.document
def test_the_annex_says_on_which_page_each_quote_stands(tmp_path: Path) -> None:
    block = cast("Block", sample().body[0])
    long = replace(block, learnt=Passage("appris:x", "", written="Beaucoup de mots. " * 120))
    section = replace(sample(), body=(long, *sample().body[1:]))
    pages = pages_of(write_pdf(section), tmp_path)
    annex = next(page for page in pages if "Les citations et leur accord" in page)
    assert re.search(r"Maintenant, c’est moi qui.* p\. 1", annex)
    said = "Les dossiers reviennent complets"
    rank = next(rank for rank, page in enumerate(pages, 1) if said in page)
    assert rank > 1
    assert re.search(rf"{said}.* p\. {rank}", annex)


@pytest.mark.document
def test_pages_hold_ink_and_our_letters() -> None:
    pdf = write_pdf(sample())
    for font in (b"Literata", b"Atkinson"):
        assert any(font in text for text in unpacked(pdf)), font
    assert png_of(pdf, 40, 2).startswith(b"\x89PNG")


def unpacked(pdf: bytes) -> list[bytes]:
    found = [pdf]
    for stream in re.finditer(rb"stream\r?\n", pdf):
        try:
            found.append(zlib.decompressobj().decompress(pdf[stream.end() :]))
        except zlib.error:
            continue
    return found


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_the_page_fits_its_screen(browser: Browser, tmp_path: Path, width: int) -> None:
    page = shown(browser, tmp_path, width)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.locator("h1").is_visible()
    page.close()


@pytest.mark.browser
@pytest.mark.document
def test_a_browser_prints_the_warning_on_each_page_and_not_the_bar(
    browser: Browser, tmp_path: Path
) -> None:
    page = shown(browser, tmp_path, 1280)
    pages = pages_of(page.pdf(prefer_css_page_size=True), tmp_path)
    page.close()
    assert len(pages) == 3
    assert all("Provisoire, ne pas diffuser" in one for one in pages)
    assert not any("Télécharger" in one for one in pages)


def shown(browser: Browser, folder: Path, width: int) -> Page:
    """Open the page with its styles, as a file."""
    html = re.sub(r"/static/[0-9a-f]{12}/", f"{FOLDER.as_uri()}/", page_of(sample(), LINKS))
    file = folder / "page.html"
    file.write_text(html, "utf-8")
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(file.as_uri())
    return page
