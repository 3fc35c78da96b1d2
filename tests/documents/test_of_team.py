"""A sentence that the team wrote says so in every document, beside the computed one."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import unescape

import pytest
from docx import Document
from odfdo import Document as TextDocument

from app.documents.docx import write_docx
from app.documents.odt import write_odt
from app.documents.printing import page_of
from app.documents.section import Section
from tests.documents.sections import of_team, sample


def in_docx(section: Section) -> str:
    document = Document(io.BytesIO(write_docx(section)))
    return " ".join("".join(t.text or "" for t in one.iter() if t.tag.endswith("}t"))
                    for one in document.element.body.iter() if one.tag.endswith("}p"))  # fmt: skip


def in_odt(section: Section) -> str:
    document = TextDocument(io.BytesIO(write_odt(section)))
    return " ".join(one.inner_text for one in document.body.get_elements(".//text:p"))


def on_paper(section: Section) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", page_of(section)))


@pytest.mark.parametrize("read", [in_docx, in_odt, on_paper])
def test_the_calculation_stands_beside_what_the_team_wrote(read: Callable[[Section], str]) -> None:
    said = " ".join(read(of_team()).split())
    for own, computed in (
        ("Elles font plus seules.", "43 personnes sur 58 disent faire plus de choses sans aide"),
        ("Presque toutes progressent.", "3 personnes sur 4 disent faire plus de choses"),
    ):
        assert f"{own} Phrase de l’équipe ; calcul : {computed}" in said
    assert said.count("Phrase de l’équipe") == 2
    assert "Phrase de l’équipe" not in read(sample())
