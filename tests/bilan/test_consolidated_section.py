"""The consolidated section says what the page of a coordinateur says, and gives nobody away."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import takewhile
from uuid import uuid4
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient

from app.bilan.consolidated_section import ALONE, APART, KEPT, consolidated_section
from app.db import Database
from app.documents import shortened
from app.documents.section import AnnexRow, Block, Section
from app.indicators.consolidated import Consolidated, Line, Structure, together
from app.indicators.fixed import FixedPeriod
from app.indicators.ledger import Leaving, Release
from app.indicators.queries import blocks
from app.organisations.actions import create_person, set_password
from app.organisations.models import Organisation
from app.organisations.roles import COORDINATEUR
from app.questionnaires import Library
from app.scoring.sentences import spaced
from app.wording import phrases
from tests.indicators.test_consolidated import EMAIL, PAGE, TODAY, Territory
from tests.organisations.conftest import PASSWORD, SignIn, person, sign_in
from tests.responses.conftest import Sender, sender
from tests.wording.crowds import measured_over, plans

__all__ = ["person", "sender", "sign_in"]

AIDE = "Aide reçue"


@pytest.fixture
def territory(database: Database, library: Library, sender: Sender) -> Territory:
    with database.writing() as session:
        lou = create_person(session, None, EMAIL, "Lou Berthelot", COORDINATEUR)
        set_password(session, lou, PASSWORD)
        return Territory(database, library, sender, lou.id)


@pytest.fixture
def coordinateur(territory: Territory, client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    assert sign_in(EMAIL).status_code == 303
    return client


def section_of(territory: Territory) -> Section:
    return consolidated_section(territory.read(), TODAY)


def everything(section: Section) -> str:
    """Return every word that a document may write."""
    return repr(replace(section, standing=replace(section.standing, words="")))


def rows_of(section: Section) -> list[AnnexRow]:
    """Return the rows of the figure that is known: its own, then its structures."""
    rows = iter(section.annex.rows)
    found = [next(one for one in rows if one.title.startswith(AIDE))]
    return [*found, *takewhile(lambda one: one.title.startswith("dont "), rows)]


def test_sums_are_told_and_each_structure_stands_in_the_annex(territory: Territory) -> None:
    territory.structure("Ancre", 10, 5)
    territory.structure("Boussole", 8)
    section = section_of(territory)
    assert section.structure == "2\u00a0structures réunies"
    assert section.running_title == "Bilan consolidé, année 2026"
    assert section.standing.is_sealed
    assert section.standing.words.startswith("Chiffres arrêtés")
    (told,) = (one for one in section.body if isinstance(one, Block)
               for one in one.findings if one.trace.title == AIDE)  # fmt: skip
    assert told.passage.text == (
        "18 réponses sur 23 disent avoir eu l’aide voulue "
        "(78\u202f%\u202f; entre 58\u202f% et 90\u202f%)."
    )
    assert told.drawings
    rows = [(one.title, one.n, one.result) for one in rows_of(section)]
    assert rows == [
        (f"{AIDE}, 2 structures sur 2", "23", "18 sur 23, soit 78\u202f% [58\u202f; 90]"),
        ("dont Ancre", "15", "10 sur 15"),
        ("dont Boussole", "8", "8 sur 8"),
    ]
    assert [(one.title, one.received) for one in section.method.sources] == [
        ("Ancre", "arrêté jusqu’à mars 2026"),
        ("Boussole", "arrêté jusqu’à mars 2026"),
    ]
    assert list(section.quotes) == []


@pytest.mark.parametrize(("yes", "no"), [(1, 0), (3, 0), (0, 4), (2, 2)])
def test_what_a_structure_keeps_is_neither_read_nor_subtracted(
    territory: Territory, yes: int, no: int
) -> None:
    territory.structure("Ancre", 40, 15)
    territory.structure("Boussole", 31, 2)
    without = section_of(territory)
    territory.structure("Cale", yes, no)
    section = section_of(territory)
    total, *parts = rows_of(section)
    kept = parts[-1]
    assert kept.title == "dont Cale"
    assert (kept.n, kept.result) == ("<\u202f5", "non diffusé (moins de 5 réponses)")
    assert int(total.n) == sum(int(one.n) for one in parts if one is not kept)
    # Only the name of the third and how many structures there are tell the two sections apart.
    assert [one.passage for one in section.headlines] == [one.passage for one in without.headlines]
    assert section.body == without.body
    assert re.findall(r"\d+", total.result) == re.findall(r"\d+", rows_of(without)[0].result)
    assert f"{88 + yes + no}" not in everything(section)
    assert f"sur {88 + yes + no}" not in everything(section)


def test_what_waits_is_not_added_up_for_a_structure_may_keep_its_own(library: Library) -> None:
    """« J’attends encore » is hidden under 5: the sum less the others would give it away."""
    plan = next(one for one in plans(library) if one.questionnaire.id == "progres")
    found = {one.figure.measure.indicator.id: one
             for one in measured_over(plan, {"up": 15, "down": 5, "silent": 9})}  # fmt: skip
    one = found["nonrecours.ouverts"]
    assert "J’attends encore" in phrases.finding(one).passage.text
    leaving = Leaving(one, {}, "2026-03", "")
    structure = Structure(uuid4(), "Ancre", "2026-03", Release(FixedPeriod(2026), "2026-03"))
    line = Line(one, ((structure, leaving),), one, 2)
    frame = tuple(blocks([plan.questionnaire], [one]))
    shown = Consolidated(FixedPeriod(2026), (), (structure,), frame, {one.key: line})
    section = consolidated_section(shown, TODAY)
    (told,) = section.body[0].findings
    assert "J’attends encore" not in told.passage.text
    (headline,) = section.headlines
    assert "J’attends encore" not in headline.passage.text
    assert "J’attends encore" not in section.annex.rows[0].result
    tally = {"n": 20, "k": 15, "to": 29, "aside.attente": 9}
    added = together([replace(leaving, tally=tally)] * 2, [plan])
    assert added is not None
    assert added.figure.display == "30 personnes sur 40"


def test_one_structure_alone_is_not_added_up_and_says_so(territory: Territory) -> None:
    territory.structure("Ancre", 10)
    territory.structure("Cale", 3)
    section = section_of(territory)
    assert section.body == ()
    assert section.headlines == ()
    assert section.empty == ALONE
    assert [(one.title, one.n) for one in rows_of(section)] == [
        (AIDE, "–"), ("dont Ancre", "10"), ("dont Cale", "<\u202f5"),
    ]  # fmt: skip
    # On paper too each structure stands under its questions.
    printed = shortened.rows_of(section)
    assert [one.title for one in printed] == [one.title for one in section.annex.rows]
    total = next(one for one in printed if one.title.startswith(AIDE))
    assert (total.result, bool(total.questions), bool(total.formula)) == (APART, True, True)


def test_nothing_added_up_is_offered_to_nobody(
    territory: Territory, coordinateur: FlaskClient
) -> None:
    territory.structure("Ancre", 10)
    assert "/section.odt" not in coordinateur.get(PAGE).text
    assert coordinateur.get(f"{PAGE}/section.odt?periode=2026").status_code == 404
    territory.structure("Boussole", 12)
    assert "/section.odt" in coordinateur.get(PAGE).text


def test_a_period_that_nobody_may_show_says_what_happens(territory: Territory) -> None:
    territory.structure("Cale", 3)
    section = section_of(territory)
    assert section.annex.rows == ()
    assert section.empty
    assert (AIDE, KEPT) in section.unshown
    assert "3 réponses" not in everything(section)


def test_nothing_frozen_makes_no_section(territory: Territory) -> None:
    with pytest.raises(ValueError, match="arrêté"):
        consolidated_section(Consolidated(None, (), (), (), {}), date(2026, 4, 10))


def test_a_structure_that_froze_nothing_is_named_and_not_counted(territory: Territory) -> None:
    territory.structure("Ancre", 10)
    territory.structure("Boussole", 12)
    territory.structure("Drisse", 30, up_to="")
    section = section_of(territory)
    assert ("Drisse", "rien d’arrêté, non comptée") in [
        (one.title, one.received) for one in section.method.sources
    ]
    total = rows_of(section)[0]
    assert (total.title, total.n) == (f"{AIDE}, 2 structures sur 3", "22")


def test_the_three_documents_leave_for_a_coordinateur_alone(
    territory: Territory, coordinateur: FlaskClient
) -> None:
    assert coordinateur.get(f"{PAGE}/section.odt").status_code == 404
    territory.structure("Ancre", 40, 15)
    territory.structure("Boussole", 31, 2)
    territory.structure("Cale", 3)
    page = coordinateur.get(PAGE).text
    for kind, part in (("odt", "content.xml"), ("docx", "word/document.xml")):
        assert f"/espace/consolide/section.{kind}?periode=2026" in page
        with coordinateur.get(f"{PAGE}/section.{kind}?periode=2026") as reply:
            assert reply.status_code == 200
            assert f"bilan-consolide-2026.{kind}" in reply.headers["Content-Disposition"]
            content = ZipFile(BytesIO(reply.data)).read(part).decode()
        words = re.sub(r"<[^>]+>", "", content)
        assert "71 réponses sur 88" in words or "8 réponses sur 10" in words
        assert spaced("non diffusé (moins de 5 réponses)") in words
        assert "Provisoire" not in words
    assert coordinateur.get(f"{PAGE}/section.odt?periode=2019").status_code == 404
    assert coordinateur.get(f"{PAGE}/section.txt").status_code == 404


@pytest.mark.document
def test_the_pdf_leaves_too(territory: Territory, coordinateur: FlaskClient) -> None:
    territory.structure("Ancre", 40, 15)
    territory.structure("Boussole", 31, 2)
    with coordinateur.get(f"{PAGE}/section.pdf?periode=2026") as reply:
        assert reply.data.startswith(b"%PDF")


def test_the_team_of_a_structure_has_no_business_there(
    client: FlaskClient, sign_in: SignIn, organisation: Organisation
) -> None:
    sign_in()
    assert client.get(f"{PAGE}/section.odt").status_code == 403
