"""Whose words stand where: only with their agreement for these readers, and never twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from app.bilan.composing import compose
from app.db import Database
from app.documents.section import Section
from app.organisations.models import Lieu
from app.questionnaires import Library
from app.testimonies.cutting import Stretch
from app.testimonies.labels import set_label
from app.testimonies.models import Testimony
from app.testimonies.quotes import cut
from config import Keys
from tests.bilan.structures import TODAY, Made, structure_with
from tests.testimonies.teller import Teller

TEXT = "Avant j’avais peur. Maintenant je fais mes papiers sans aide. J’attends trop le mardi."
PEUR, PAPIERS, MARDI = "Avant j’avais peur.", "je fais mes papiers sans aide.", "J’attends trop"
DAY = date(2026, 3, 2)


@pytest.fixture
def structure(database: Database, keys: Keys, library: Library) -> Made:
    """Return a structure where results are good."""
    return structure_with(database, keys, library, 20, tone="positive")


@pytest.fixture
def teller(database: Database, keys: Keys, structure: Made) -> Teller:
    """Return what testifies there."""
    with database.reading() as session:
        return Teller(database, keys, session.get_one(Lieu, structure.lieu_id))


Quoted = Callable[..., UUID]


def place(words: str) -> Stretch:
    """Return where words stand in the text."""
    return Stretch(TEXT.index(words), TEXT.index(words) + len(words))


@pytest.fixture
def quoted(database: Database, keys: Keys, structure: Made, teller: Teller) -> Quoted:
    """Return a function that testifies, cuts a passage, and returns the id of the quote."""

    def make(
        words: str = PAPIERS, criterion: str = "autonomie", *, snag: bool = False, **told: Any
    ) -> UUID:
        testimony_id = teller.tell(TEXT, **{"day": DAY, **told})
        with database.writing() as session:
            testimony = session.get_one(Testimony, testimony_id)
            if snag:
                set_label(session, testimony_id, "coince", True, structure.person_id)
            made = cut(session, keys, testimony, [place(words)], criterion,
                       structure.person_id, TODAY)  # fmt: skip
            return made.id

    return make


@pytest.fixture
def composed(database: Database, keys: Keys, structure: Made) -> Callable[..., Section]:
    """Return a function that composes the bilan of the structure."""

    def section_of(**changed: Any) -> Section:
        bilan = structure.bilan(database, **changed)
        with database.reading() as session:
            return compose(session, keys, structure.reach, bilan, TODAY)

    return section_of


def in_part(section: Section, slot: str) -> list[str]:
    (found,) = (one for one in section.body if one.slot == slot)
    return [one.text for one in getattr(found, "quotes", ())]


def test_a_short_quote_of_somebody_opens_the_section_and_stands_nowhere_else(
    quoted: Quoted, composed: Callable[..., Section]
) -> None:
    quoted()
    section = composed()
    assert section.title_quote is not None
    assert section.title_quote.text == "[…] je fais mes papiers sans aide."
    assert section.title_quote.told == "mars 2026, écrit"
    assert section.title_quote.agreed == "lieu, bilan, financeurs et public, sans nom"
    assert in_part(section, "bloc:autonomie") == []
    assert [one.id for one in section.quotes] == [section.title_quote.id]


def test_readers_whom_the_person_did_not_name_read_nothing_of_them(
    quoted: Quoted, composed: Callable[..., Section]
) -> None:
    quoted(given={"bilan": "oui", "nom": "prenom"}, signature="Jeanne")
    assert list(composed(audience="financeur").quotes) == []
    assert list(composed(audience="public").quotes) == []
    (found,) = composed(audience="employeur").quotes
    assert (found.signature, found.agreed) == ("Jeanne", "bilan, prénom choisi")


def test_an_agreement_taken_back_counts_at_the_next_look(
    quoted: Quoted, teller: Teller, composed: Callable[..., Section]
) -> None:
    chosen = quoted()
    before = list(composed(quotes={"titre": [str(chosen)]}).quotes)
    teller.decide(before[0].testimony_id, financeurs="non")
    assert list(composed(quotes={"titre": [str(chosen)]}).quotes) == []


def test_what_is_difficult_is_offered_beside_what_went_well(
    quoted: Quoted, composed: Callable[..., Section]
) -> None:
    quoted(PEUR)
    quoted(PAPIERS)
    quoted(PEUR)
    quoted(MARDI, snag=True)
    section = composed()
    told = in_part(section, "bloc:autonomie")
    assert len(told) == 2
    assert any(MARDI in one for one in told)
    assert section.title_quote
    assert MARDI not in section.title_quote.text


def test_only_bad_results_are_not_covered_by_a_glad_title(
    database: Database, keys: Keys, library: Library
) -> None:
    bad = structure_with(database, keys, library, 20, tone="negative", name="Les Autres")
    with database.reading() as session:
        teller = Teller(database, keys, session.get_one(Lieu, bad.lieu_id))
    told = teller.tell(TEXT, day=DAY)
    with database.writing() as session:
        cut(session, keys, session.get_one(Testimony, told), [place(PAPIERS)], "autonomie",
            bad.person_id, TODAY)  # fmt: skip
    bilan = bad.bilan(database)
    with database.reading() as session:
        section = compose(session, keys, bad.reach, bilan, TODAY)
    assert section.title_quote is None
    assert any("papiers" in one for one in in_part(section, "bloc:autonomie"))


def test_chosen_quotes_stand_where_they_were_put_in_their_order(
    quoted: Quoted, composed: Callable[..., Section]
) -> None:
    first, second = quoted(PEUR), quoted(PAPIERS, "lien")
    chosen = {"titre": [], "bloc:droits": [], "coince": [str(second), str(first)]}
    section = composed(quotes=chosen)
    assert section.title_quote is None
    assert [text[:5] for text in in_part(section, "coince")] == ["[…] j", "Avant"]
    assert in_part(section, "bloc:autonomie") == in_part(section, "bloc:lien") == []


def test_a_quote_of_another_structure_is_unknown_here(
    database: Database, keys: Keys, library: Library, quoted: Quoted
) -> None:
    stolen = quoted()
    other = structure_with(database, keys, library, 5, name="Les Autres")
    bilan = other.bilan(database, quotes={"titre": [str(stolen)], "coince": [str(stolen)]})
    with database.reading() as session:
        assert list(compose(session, keys, other.reach, bilan, TODAY).quotes) == []


def test_words_of_another_year_wait_for_somebody_to_choose_them(
    quoted: Quoted, composed: Callable[..., Section]
) -> None:
    last_year = quoted(day=date(2025, 12, 30))
    assert list(composed().quotes) == []
    assert [one.id for one in composed(quotes={"coince": [str(last_year)]}).quotes] == [last_year]


def test_partners_words_stand_in_their_part_alone(
    quoted: Quoted, composed: Callable[..., Section]
) -> None:
    theirs = quoted(PAPIERS, origin="partenaire", given={"financeurs": "oui"})
    section = composed(quotes={"titre": [str(theirs)], "coince": [str(theirs)]})
    assert section.title_quote is None
    assert in_part(section, "coince") == []
    (found,) = composed().quotes
    assert (found.is_partner, in_part(composed(), "partenaires")) == (True, [found.text])


def test_testimonies_apart_take_the_quotes_and_are_numbered_after(
    quoted: Quoted, composed: Callable[..., Section]
) -> None:
    quoted(PEUR)
    quoted(PAPIERS)
    section = composed(testimonies_apart=True)
    assert section.body[-1].slot == "temoignages"
    assert section.body[-1].title == "6. Témoignages"
    assert in_part(section, "bloc:autonomie") == []
    assert len(in_part(section, "temoignages")) == 1
    assert len(list(section.quotes)) == 2
