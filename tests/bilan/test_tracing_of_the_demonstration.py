"""Each sentence of the demonstration’s bilans opens to something real, within reach."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from sqlalchemy import select

from app.bilan.models import Bilan
from app.bilan.sealing import section_of
from app.demonstration import load_demonstration
from app.organisations.actions import set_password
from app.organisations.models import Person
from app.organisations.queries import Reach
from app.organisations.roles import RESPONSABLE
from app.web.current import today
from tests.organisations.conftest import PASSWORD, SignIn, person, sign_in

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from app.db import Database
    from app.questionnaires import Library
    from config import Keys

#: What a sentence, a figure or a quote stands on.
PROOFS = ("/espace/bilan/", "/espace/indicateurs", "/espace/reponses", "/espace/temoignages/",
          "/espace/questionnaires/")  # fmt: skip
__all__ = ["person", "sign_in"]


def test_every_sentence_and_every_quote_leads_somewhere(
    app: Flask, client: FlaskClient, database: Database, keys: Keys, library: Library,
    tmp_path: Path, sign_in: SignIn,
) -> None:  # fmt: skip
    day = today()
    if day.day < 7:  # the quarter that has just ended may not be closed yet
        day -= timedelta(days=7)
    demonstration = load_demonstration(
        database, keys, library, folder=tmp_path, responses=220, seed=3, today=day
    )
    known = demonstration.organisation_id
    with database.writing() as session:
        mine = select(Person).where(Person.organisation_id == known, Person.role == RESPONSABLE)
        email = session.scalars(mine.limit(1)).one().email
        bilans = session.scalars(select(Bilan).where(Bilan.organisation_id == known)).all()
        sections = {one.id: section_of(session, keys, Reach(known), one, day) for one in bilans}
        session.rollback()
    with database.writing() as session:
        set_password(session, session.scalars(mine.limit(1)).one(), PASSWORD)
    assert sign_in(email).status_code == 303
    assert len(sections) > 1
    pages: dict[str, str] = {}

    def page(address: str) -> str:
        if address not in pages:
            with client.get(address) as answered:
                assert answered.status_code == 200, (address, answered.status_code)
                pages[address] = unescape(answered.data.decode("utf-8", "ignore"))
        return pages[address]

    for bilan_id, section in sections.items():
        address = f"/espace/bilan/{bilan_id}"
        composer = page(address)
        for link in set(re.findall(r'href="([^"]+)"', composer)):
            where = urlsplit(urljoin(address, link))
            # The menu and the files have tests of their own.
            if where.path.startswith(PROOFS) and "." not in where.path:
                found = page(f"{where.path}?{where.query}".rstrip("?"))
                if where.fragment:
                    assert f'id="{where.fragment}"' in found, link
        traces = [one.trace for one in section.headlines]
        traces += [one.trace for part in section.body for one in getattr(part, "findings", ())]
        assert traces
        for trace in traces:
            for told in (trace.figure, trace.counts, trace.questionnaire, *trace.questions):
                assert told in composer, (trace.title, told)
            assert trace.versions
            assert all(version[:8] in composer for version in trace.versions)
        for quote in section.quotes:
            assert not quote.is_gone
            assert quote.text in composer
            assert f"/espace/temoignages/{quote.testimony_id}" in composer
