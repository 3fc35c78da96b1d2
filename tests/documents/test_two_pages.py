"""The section of the demonstration’s year takes two pages in every format, then the annex."""

from __future__ import annotations

import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.bilan.models import Bilan
from app.bilan.sealing import section_of
from app.demonstration import load_demonstration
from app.documents.docx import write_docx
from app.documents.odt import write_odt
from app.documents.printing import write_pdf
from app.organisations.queries import Reach
from app.web.current import today

if TYPE_CHECKING:
    from app.db import Database
    from app.questionnaires import Library
    from config import Keys

pytestmark = pytest.mark.document


def test_two_pages_in_every_format_then_the_annex(
    database: Database, keys: Keys, library: Library, tmp_path: Path
) -> None:
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice n’est pas installé (paquet libreoffice-writer-nogui)")
    day = today()
    if day.day < 7:  # the quarter that has just ended may not be closed yet
        day -= timedelta(days=7)
    known = load_demonstration(
        database, keys, library, folder=tmp_path, responses=380, seed=1, today=day
    ).organisation_id
    with database.writing() as session:
        bilans = session.scalars(select(Bilan).where(Bilan.organisation_id == known)).all()
        sections = [section_of(session, keys, Reach(known), one, day) for one in bilans]
        session.rollback()
    files = []
    for rank, section in enumerate(sections):
        (tmp_path / f"{rank}-page.pdf").write_bytes(write_pdf(section))
        for kind, write in (("odt", write_odt), ("docx", write_docx)):
            files.append(tmp_path / f"{rank}-{kind}.{kind}")
            files[-1].write_bytes(write(section))
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={(tmp_path / 'profil').as_uri()}",
         "--convert-to", "pdf", "--outdir", tmp_path, *files],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    found = {file.stem: annex_of(file) for file in tmp_path.glob("*-*.pdf")}
    assert len(found) == 3 * len(sections) >= 6
    assert {name: page for name, page in found.items() if page != 3} == {}


def annex_of(pdf: Path) -> int:
    """Return the page where the annex begins."""
    done = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True)
    pages = enumerate(done.stdout.decode().split("\f"), 1)
    return next(rank for rank, page in pages if "d’où vient chaque chiffre" in page)
