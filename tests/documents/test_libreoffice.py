"""Both documents as LibreOffice prints them: what people see when they open one."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import pytest

from app.documents.docx import write_docx
from app.documents.odt import write_odt
from app.documents.section import Passage, Section, Words
from tests.documents.sections import quote, sample
from tests.documents.test_odt import opened

pytestmark = pytest.mark.document

ARABIC = "الآن أقوم بأوراقي وحدي"
TRICKY = "<b>&amp; 🎈 {{ x }} \x00\x0b\ud800l’été\t  trois"
WRITERS = {"odt": write_odt, "docx": write_docx}

#: The lines of each page, its head and its foot among them.
Pages: TypeAlias = list[list[str]]


def whole() -> Section:
    """Return a section with tricky words among the others."""
    section = sample()
    people = Words(
        "coince", "Ce qui coince", Passage("coince", TRICKY), quotes=(quote(50, ARABIC),)
    )
    body = tuple(people if part.slot == "coince" else part for part in section.body)
    return replace(section, body=body)


def without_answers() -> Section:
    """Return a section over a period when nobody answered."""
    section = sample()
    return replace(
        section, title_quote=None, headlines=(), body=(), unshown=(), empty="Ouvrez une campagne.",
        method=replace(section.method, sources=(), doors=None),
        annex=replace(section.annex, rows=(), warnings=(), methods=()),
    )  # fmt: skip


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Pages]:
    """Return all the documents as LibreOffice prints them: it is started once."""
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice n’est pas installé (paquet libreoffice-writer-nogui)")
    folder = tmp_path_factory.mktemp("libreoffice")
    files = []
    for kind, write in WRITERS.items():
        for name, section in (("whole", whole()), ("empty", without_answers())):
            files.append(folder / f"{name}-{kind}.{kind}")
            files[-1].write_bytes(write(section))
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={(folder / 'profil').as_uri()}",
         "--convert-to", "pdf", "--outdir", folder, *files],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    return {file.stem: pages_of(file.with_suffix(".pdf")) for file in files}


def pages_of(pdf: Path) -> Pages:
    done = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True)
    pages = done.stdout.decode().removesuffix("\f").split("\f")
    return [[line.strip() for line in page.splitlines() if line.strip()] for page in pages]


@pytest.mark.parametrize("kind", WRITERS)
def test_two_pages_then_the_annex(printed: dict[str, Pages], kind: str) -> None:
    pages = printed[f"whole-{kind}"]
    assert [rank for rank, page in enumerate(pages) if page[1].startswith("Annexe")] == [2]
    for rank, page in enumerate(pages, 1):
        assert page[0].startswith("Le Fil numérique · Médiathèque de Rostrenen")
        assert page[0].endswith("Bilan d’activité 2026")
        assert page[-1].startswith("Provisoire, ne pas diffuser")
        assert page[-1].endswith(str(rank))
        # An empty page has only its head and its foot.
        assert len(page) > 3


@pytest.mark.parametrize("kind", WRITERS)
def test_no_heading_stands_at_the_foot_of_a_page(printed: dict[str, Pages], kind: str) -> None:
    headings = {
        one.inner_text.replace("\u00a0", " ")
        for one in opened(whole()).body.get_elements(".//text:h")
    }
    assert "Ce qui coince" in headings
    for page in printed[f"whole-{kind}"]:
        assert page[-2].replace("\u00a0", " ") not in headings


@pytest.mark.parametrize("kind", WRITERS)
def test_every_word_is_shown(printed: dict[str, Pages], kind: str) -> None:
    lines = [line for page in printed[f"whole-{kind}"] for line in page]
    text = re.sub(r"\s+", " ", " ".join(lines))
    for told in (
        "3 personnes sur 4", "À lire avec prudence.", "43 personnes sur 58", "Figure 6.",
        "Personne ne m’avait parlé de cette aide.", "<b>&amp;", "{{ x }}", "non mesurable",
        "Accès aux droits (figure 6)", "7C2F 91AB 04D6",
    ):  # fmt: skip
        assert told in text
    assert "Error" not in text
    assert "Erreur" not in text


@pytest.mark.parametrize("kind", WRITERS)
def test_a_section_without_answers_is_one_page(printed: dict[str, Pages], kind: str) -> None:
    (page,) = printed[f"empty-{kind}"]
    assert "Ouvrez une campagne." in page
    assert any("7C2F 91AB 04D6" in line for line in page)
