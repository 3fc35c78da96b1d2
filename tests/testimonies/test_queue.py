"""The queue: balanced, filtered, closed for the day, and never another's."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from app.organisations.actions import add_lieu
from app.organisations.models import Organisation, Person
from app.organisations.queries import Reach
from app.testimonies.labels import set_label
from app.testimonies.queue import Asked, queue
from tests.testimonies.teller import BEFORE, TODAY, Teller
from tests.testimonies.test_deciding import PHONE, record


@pytest.fixture
def told(teller: Teller) -> list[UUID]:
    texts = [
        "Merci beaucoup, je suis très contente.", "J’ai bien appris, merci, c’est super.",
        "L’accueil est formidable, merci.", "C’est nul, trop long, je suis déçu.",
        "Trop d’attente, je suis en colère et découragé.",
    ]  # fmt: skip
    return [
        teller.tell(text, status="nouveau", masked="", day=BEFORE + timedelta(days=number))
        for number, text in enumerate(texts)
    ]


def ids(teller: Teller, today: date = TODAY, **asked: object) -> list[UUID]:
    with teller.database.reading() as session:
        reach = Reach(teller.lieu.organisation_id)
        found = queue(session, teller.keys, reach, Asked(**asked), today)  # type: ignore[arg-type]
    return [one.id for one in found.items]


def test_difficulties_and_the_rest_alternate(teller: Teller, told: list[UUID]) -> None:
    assert ids(teller) == [told[3], told[0], told[4], told[1], told[2]]


def test_the_latest_decided_comes_first(teller: Teller) -> None:
    first, last = teller.tell(), teller.tell(day=BEFORE + timedelta(days=1))
    assert ids(teller, status="valide") == [last, first]
    assert ids(teller) == []


def test_a_critere_is_what_the_team_decided_else_what_the_person_said(
    teller: Teller, told: list[UUID], person: Person
) -> None:
    said = teller.tell("Merci", status="nouveau", masked="", themes=("lien",))
    refused = teller.tell("Merci", status="nouveau", masked="", themes=("lien", "droits"))
    with teller.database.writing() as session:
        set_label(session, told[0], "lien", True, person.id)
        set_label(session, refused, "lien", False, person.id)
    assert set(ids(teller, criterion="lien")) == {said, told[0]}
    assert ids(teller, criterion="droits") == [refused]


def test_lieux_and_origins(teller: Teller, told: list[UUID], organisation: Organisation) -> None:
    with teller.database.writing() as session:
        annexe = add_lieu(session, organisation.id, "Annexe")
    there = teller.tell("Oui", status="nouveau", masked="", lieu_id=annexe.id, origin="dictee")
    assert ids(teller, lieu=annexe.id) == ids(teller, origin="dictee") == [there]
    with teller.database.reading() as session:
        reach = Reach(organisation.id, frozenset([teller.lieu.id]))
        found = queue(session, teller.keys, reach, Asked(), TODAY)
    assert there not in {one.id for one in found.items}
    assert found.counts["nouveau"] == len(told)


def test_those_of_the_day_are_counted_and_closed(teller: Teller) -> None:
    for _ in range(4):
        teller.tell("Secret", status="nouveau", masked="", day=TODAY)
    dictated = teller.tell("Dicté", status="nouveau", masked="", day=TODAY, origin="dictee")
    with teller.database.reading() as session:
        reach = Reach(teller.lieu.organisation_id)
        found = queue(session, teller.keys, reach, Asked(), TODAY)
    # A dictated one counts among the five of its lieu.
    assert {one.id for one in found.items} >= {dictated}
    assert found.closed + len(found.items) == 5


def test_a_line_says_what_there_is_and_nothing_masked(teller: Teller) -> None:
    voice = teller.tell("", {"garder_media": "oui"}, status="nouveau", masked="")
    record(teller, voice, "ready")
    teller.tell(PHONE, status="nouveau", masked="")
    gone = teller.tell("Mots repris", status="retire")
    with teller.database.reading() as session:
        reach = Reach(teller.lieu.organisation_id)
        found = queue(session, teller.keys, reach, Asked(), TODAY)
        taken = queue(session, teller.keys, reach, Asked("retire"), TODAY)
    assert {one.title for one in found.items} == {
        "Message vocal, 48\u00a0secondes", "Appelez le [téléphone], je montre à Jeannine.",
    }  # fmt: skip
    assert [(one.id, one.title) for one in taken.items] == [(gone, "Repris par la personne")]
