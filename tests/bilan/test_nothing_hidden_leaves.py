"""Every file of a sealed bilan, down to its metadata: no number that rule 11 hides, no name.

What is searched is what files hold, not what they show: every part of a zip, alternative texts,
properties, the data under drawings, the page to print.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZipFile, is_zipfile

import pytest
from sqlalchemy import select

from app.bilan.desk_documents import written
from app.bilan.figures import Figures, released
from app.bilan.kept import section_to_json
from app.documents.drawn_files import svg_of
from app.documents.printing import page_of
from app.documents.section import Section
from app.documents.sheets import write_figures
from app.organisations.models import Person
from app.scoring.disclosure import COUNTS, PERCENTAGES
from tests.bilan.sealed import freeze_closed, seal_one, shown
from tests.bilan.structures import Made, answer, structure_with

if TYPE_CHECKING:
    from flask import Flask

    from app.db import Database
    from app.questionnaires import Library
    from config import Keys

pytestmark = pytest.mark.document
#: Never said of what people answered.
FORBIDDEN = ("grâce à", "taux de non-recours", "indice global", "N/A", "bénéficiaire")


def files(section: Section) -> Iterator[tuple[str, str]]:
    """Yield every text that the files of a section hold, plainly spaced."""
    whole = {"json": section_to_json(section).encode()}
    whole |= {kind: written(section, kind) for kind in ("odt", "docx")}
    for kind in ("ods", "xlsx", "csv"):
        with write_figures(section, kind) as file:  # type: ignore[arg-type]
            whole[kind] = file.read()
    whole |= {f"{one.name}.svg": svg_of(one).encode() for one in section.drawings}
    whole["html"] = page_of(section).encode()
    for name, content in whole.items():
        for part, data in _parts(name, content):
            text = data.decode("utf-8", "ignore").replace("&nbsp;", " ")
            bare = re.sub(r"<[^>]*?(?:title|desc|alt|label|descr|name)=\"([^\"]*)\"[^>]*>", r" \1 ",
                          text)  # fmt: skip
            plain = re.sub(r"<[^>]+>", "", bare)
            yield part, plain.replace("\u202f", " ").replace("\u00a0", " ")


def _parts(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    if not is_zipfile(BytesIO(content)):
        yield name, content
        return
    with ZipFile(BytesIO(content)) as archive:
        for part in archive.namelist():
            if part.endswith((".xml", ".rels", ".txt", ".svg")):
                yield f"{name}/{part}", archive.read(part)


def sealed(database: Database, keys: Keys, made: Made) -> tuple[Section, Figures]:
    freeze_closed(database, made)
    bilan = made.bilan(database, audience="public")
    seal_one(database, keys, made, bilan)
    with database.reading() as session:
        figures = released(session, made.reach, bilan)
    return shown(database, keys, made, bilan), figures


@pytest.mark.parametrize("count", [4, 6, 12, 23])
@pytest.mark.parametrize("tone", ["mixed", "negative"])
def test_no_file_holds_what_rule_11_hides(
    app: Flask, database: Database, keys: Keys, library: Library, count: int, tone: str
) -> None:
    made = structure_with(database, keys, library, count, tone=tone)  # type: ignore[arg-type]
    answer(database, keys, made, 2, tone="positive", asked=("satisfaction",))
    section, figures = sealed(database, keys, made)
    with database.reading() as session:
        emails = session.scalars(select(Person.email)).all()
    told = {(one.figure.share.k, one.figure.share.n) for one in figures.shown if one.figure.share}
    hidden = {
        (one.figure.share.k, one.figure.share.n)
        for one in figures.told
        if one.reason and one.figure.share
    } - told
    assert hidden or count >= COUNTS
    few = {one.figure.n for one in figures.shown if one.figure.n < PERCENTAGES}
    assert few or count > PERCENTAGES
    with app.test_request_context("/"):
        found = list(files(section))
    assert len(found) > 12
    for part, text in found:
        for k, n in hidden:
            assert not re.search(rf"\b{k} (?:\w+ )?sur {n}\b", text), (part, k, n)
        for word in FORBIDDEN:
            assert word not in text, (part, word)
        for email in emails:
            assert email not in text, part
        if count + 2 < PERCENTAGES:
            assert not re.search(r"\d+ ?% \[", text), part
            assert not re.search(r"\(\d+ ?% ;", text), part
