"""Quotes: cut from what may be shown, signed as was agreed, gone with the consent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from app.organisations.actions import add_lieu, create_organisation
from app.organisations.models import Person
from app.organisations.queries import Reach
from app.questionnaires import Library
from app.testimonies.actions import MASKED, write_part
from app.testimonies.consents import USES, Use
from app.testimonies.cutting import CutError, Stretch
from app.testimonies.labels import set_label
from app.testimonies.models import Authorisation, Quote, Testimony
from app.testimonies.queries import parts_of
from app.testimonies.quotes import ShownQuote, cut, drop_stale, quotes, remove, suggested, usable
from app.testimonies.signatures import AGES
from tests.testimonies.teller import EVERYWHERE, TEXT, TODAY, Teller

FIRST = "Avant j’avais peur de l’ordinateur."


@pytest.fixture
def desk(teller: Teller, person: Person) -> Desk:
    return Desk(teller, person)


class Desk:
    """Be the team: it cuts, and looks at what may be shown."""

    def __init__(self, teller: Teller, person: Person) -> None:
        self.teller, self.person = teller, person
        self.database, self.keys = teller.database, teller.keys
        self.reach = Reach(teller.lieu.organisation_id)

    def cut(self, testimony_id: UUID, words: str = FIRST, criterion: str = "autonomie") -> UUID:
        with self.database.writing() as session:
            testimony = session.get_one(Testimony, testimony_id)
            text = parts_of(session, self.keys, [testimony_id])[testimony_id].get(MASKED, "")
            at = text.find(words)
            chosen = [Stretch(at, at + len(words))]
            made = cut(session, self.keys, testimony, chosen, criterion, self.person.id, TODAY)
            return made.id

    def shown(self, day: date = TODAY, reach: Reach | None = None) -> list[ShownQuote]:
        with self.database.reading() as session:
            return quotes(session, self.keys, reach or self.reach, day)

    def usable(self, use: Use, day: date = TODAY) -> list[str]:
        with self.database.reading() as session:
            return [one.text for one in usable(session, self.keys, self.reach, use, day)]


def test_a_quote_is_kept_encrypted_and_shown_with_its_signature(desk: Desk, teller: Teller) -> None:
    quote_id = desk.cut(teller.tell())
    with desk.database.reading() as session:
        row = session.get_one(Quote, quote_id)
    assert b"ordinateur" not in row.ciphertext
    (shown,) = desk.shown()
    assert (shown.id, shown.text, shown.criterion) == (quote_id, FIRST, "autonomie")
    assert shown.copy == f"«\u202f{FIRST}\u202f» — Une personne accompagnée"
    assert shown.uses == USES
    assert not shown.is_partner


def test_only_what_may_be_shown_is_cut(desk: Desk, teller: Teller) -> None:
    """The name that was masked is in the original, and in no quote."""
    testimony_id = teller.tell("Ma voisine Jeannine m’aide.", masked="Ma voisine [nom] m’aide.")
    with pytest.raises(CutError, match="n’est plus dans le texte"):
        desk.cut(testimony_id, "Jeannine")
    desk.cut(testimony_id, "Ma voisine [nom] m’aide.")
    assert [one.text for one in desk.shown()] == ["Ma voisine [nom] m’aide."]


@pytest.mark.parametrize("status", ["nouveau", "a_masquer", "refuse", "retire"])
def test_nothing_is_cut_before_somebody_kept_it(desk: Desk, teller: Teller, status: str) -> None:
    with pytest.raises(CutError, match="Relisez ce témoignage et gardez-le"):
        desk.cut(teller.tell(status=status))


def test_nothing_is_cut_against_the_person_or_out_of_nothing(desk: Desk, teller: Teller) -> None:
    with pytest.raises(CutError, match="ne souhaite pas"):
        desk.cut(teller.tell(given={"lieu": "non"}))
    with pytest.raises(CutError, match="ne souhaite pas"):
        desk.cut(teller.tell(given={}))
    with pytest.raises(CutError, match="arrivé à sa fin"):
        desk.cut(teller.tell(day=date(2020, 1, 1)))
    with pytest.raises(CutError, match="Rien n’est écrit"):
        desk.cut(teller.tell(masked=""))
    with pytest.raises(CutError, match="de quoi parle"):
        desk.cut(teller.tell(), criterion="autre")
    twice = teller.tell()
    desk.cut(twice)
    with pytest.raises(CutError, match="déjà gardée"):
        desk.cut(twice)
    desk.cut(twice, criterion="confiance")
    assert len(desk.shown()) == 2


@pytest.mark.parametrize("use", USES)
def test_a_quote_is_usable_only_where_its_person_agreed(
    desk: Desk, teller: Teller, use: Use
) -> None:
    testimony_id = teller.tell(given={use: "oui"})
    desk.cut(testimony_id)
    assert {one: desk.usable(one) for one in USES} == {
        one: [FIRST] if one == use else [] for one in USES
    }
    teller.decide(testimony_id, **{use: "non"})
    assert desk.usable(use) == []
    assert desk.shown() == []


def test_a_quote_ends_with_its_consent(desk: Desk, teller: Teller) -> None:
    """Nothing is stored that would have to be corrected: each look asks what is agreed today."""
    testimony_id = teller.tell(given={**EVERYWHERE, "duree": "un_an"})
    desk.cut(testimony_id)
    assert desk.usable("bilan", date(2027, 3, 2)) == [FIRST]
    assert desk.usable("bilan", date(2027, 3, 3)) == []
    assert desk.shown(date(2027, 3, 3)) == []
    with desk.database.writing() as session:
        session.get_one(Testimony, testimony_id).status = "refuse"
    assert desk.shown() == []


def test_a_quote_waits_until_its_person_has_read_it_again(desk: Desk, teller: Teller) -> None:
    testimony_id = teller.tell(given={**EVERYWHERE, "relire": "oui"})
    desk.cut(testimony_id)
    (shown,) = desk.shown()
    assert (shown.uses, shown.waits_for_rereading) == ((), True)
    assert desk.usable("lieu") == []
    with desk.database.writing() as session:
        session.get_one(Testimony, testimony_id).reread_on = TODAY
    assert desk.usable("lieu") == [FIRST]


@pytest.mark.parametrize(
    ("given", "told", "signature"),
    [
        ({}, {"signature": "Liliane"}, "Une personne accompagnée"),
        ({"nom": "rien"}, {"signature": "Liliane"}, "Une personne accompagnée"),
        ({"nom": "prenom"}, {"signature": "Liliane", "age_band": "soixante_dix_plus"}, "Liliane"),
        ({"nom": "prenom"}, {}, "Une personne accompagnée"),
        (
            {"nom": "age_lieu"},
            {"signature": "Liliane", "age_band": "soixante_dix_plus"},
            "Une personne accompagnée, 70 ans et plus, Médiathèque de Kerlann",
        ),
        ({"nom": "age_lieu"}, {}, "Une personne accompagnée, Médiathèque de Kerlann"),
        # A minor's name waits for both parents; of somebody who did not say, for an answer.
        ({"nom": "prenom"}, {"signature": "Léo", "capacity": "mineur"}, "Une personne accompagnée"),
        ({"nom": "age_lieu"}, {"age_band": "douze_dix_huit", "capacity": None},
         "Une personne accompagnée"),
        ({"nom": "organisation"}, {"signature": "CCAS", "origin": "partenaire",
                                   "capacity": "adulte"}, "CCAS"),
        ({"nom": "rien"}, {"signature": "CCAS", "origin": "partenaire"}, "Un partenaire"),
    ],
)  # fmt: skip
def test_a_signature_never_says_more_than_was_agreed(
    desk: Desk,
    teller: Teller,
    given: dict[str, str],
    told: dict[str, str],
    signature: str,
) -> None:
    desk.cut(teller.tell(given={**EVERYWHERE, **given}, **told))  # type: ignore[dict-item]
    (shown,) = desk.shown()
    assert shown.signature == signature
    assert shown.is_partner == (told.get("origin") == "partenaire")


def test_a_signature_follows_papers_and_changes_of_mind(desk: Desk, teller: Teller) -> None:
    testimony_id = teller.tell(
        given={**EVERYWHERE, "nom": "prenom"}, signature="Léo", capacity="mineur"
    )
    desk.cut(testimony_id)
    with desk.database.writing() as session:
        for slot in ("parent1", "parent2"):
            assert desk.shown()[0].signature == "Une personne accompagnée"
            session.add(
                Authorisation(
                    testimony_id=testimony_id,
                    slot=slot,
                    received_on=TODAY,
                    noted_by=desk.person.id,
                )
            )
    assert desk.shown()[0].signature == "Léo"
    teller.decide(testimony_id, nom="rien")
    assert desk.shown()[0].signature == "Une personne accompagnée"


def test_ages_are_those_of_the_question(library: Library) -> None:
    asked = library.questionnaires["satisfaction"].questions["age"].options
    assert {option.code: option.text.fr.lower() for option in asked} == AGES


def test_masking_more_drops_the_quotes_that_say_it(desk: Desk, teller: Teller) -> None:
    testimony_id = teller.tell()
    desk.cut(testimony_id)
    desk.cut(testimony_id, "trop de monde le mardi", "coince")
    with desk.database.writing() as session:
        write_part(session, desk.keys, testimony_id, MASKED, TEXT.replace("le mardi", "[date]"))
        assert drop_stale(session, desk.keys, testimony_id) == 1
        assert drop_stale(session, desk.keys, testimony_id) == 0
    assert [one.text for one in desk.shown()] == [FIRST]


def test_no_trace_of_a_dropped_quote_stays_in_the_file(
    desk: Desk, teller: Teller, sqlite_file: Path
) -> None:
    """The ciphertext goes, not only the row."""
    kept = desk.cut(teller.tell())
    with desk.database.reading() as session:
        gone = session.get_one(Quote, kept).ciphertext
    with desk.database.writing() as session:
        remove(session, kept)
    files = [sqlite_file, *sqlite_file.parent.glob(f"{sqlite_file.name}-*")]
    assert not any(gone in file.read_bytes() for file in files)
    assert desk.shown() == []


def test_quotes_of_other_lieux_and_structures_are_not_there(desk: Desk, teller: Teller) -> None:
    desk.cut(teller.tell())
    with desk.database.writing() as session:
        annexe = add_lieu(session, teller.lieu.organisation_id, "Annexe")
        other = create_organisation(session, "L’Escale")
    here = Reach(teller.lieu.organisation_id, frozenset({teller.lieu.id}))
    there = replace(here, lieux=frozenset({annexe.id}))
    assert [len(desk.shown(reach=one)) for one in (here, there, Reach(other.id))] == [1, 0, 0]


def test_a_testimony_of_the_day_is_not_quoted_before_it_may_be_read(
    desk: Desk, teller: Teller
) -> None:
    desk.cut(teller.tell(day=TODAY))
    assert desk.shown() == []
    assert len(desk.shown(date(2026, 3, 11))) == 1


def test_what_is_still_difficult_is_known_by_its_label_or_its_critere(
    desk: Desk, teller: Teller
) -> None:
    praise, snag, both = teller.tell(), teller.tell(), teller.tell()
    desk.cut(praise)
    desk.cut(snag, "trop de monde", "coince")
    desk.cut(both)
    with desk.database.writing() as session:
        set_label(session, both, "coince", True, desk.person.id)
        set_label(session, praise, "coince", False, desk.person.id)
        set_label(session, praise, "lien", True, desk.person.id)
    assert {one.testimony_id: one.is_snag for one in desk.shown()} == {
        praise: False, snag: True, both: True,
    }  # fmt: skip
    with desk.database.reading() as session:
        assert suggested(session, praise) == "lien"
        assert suggested(session, snag) == ""
        assert session.scalars(select(Quote)).all()
