"""Consents: what was not agreed to is refused, the latest choice holds, every word is kept."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from app.db import Database
from app.organisations.actions import create_person
from app.organisations.models import Lieu
from app.testimonies.actions import keep
from app.testimonies.consents import (
    SCOPES,
    SLOTS,
    USES,
    Agreement,
    Choice,
    agreement_of,
    agreements,
    history,
    write_choices,
)
from app.testimonies.models import Authorisation, Testimony
from app.testimonies.submission import Told
from config import Keys

DAY = date(2026, 3, 10)
ALL = dict.fromkeys(USES, "oui")


def agreement(choices: dict[str, str], **changed: Any) -> Agreement:
    values: dict[str, Any] = {
        "status": "valide", "capacity": "adulte", "expires_on": DAY, "reread_on": None,
    }  # fmt: skip
    return Agreement(**{**values, "choices": choices, **changed})


@pytest.mark.parametrize("use", USES)
def test_a_use_is_allowed_only_by_its_own_yes(use: Any) -> None:
    assert agreement({use: "oui"}).allows(use, DAY)
    for other in USES:
        assert agreement({use: "oui"}).allows(other, DAY) is (other == use)
    assert not agreement({**ALL, use: "non"}).allows(use, DAY)
    assert not agreement({}).allows(use, DAY)


@pytest.mark.parametrize("status", ["nouveau", "a_masquer", "refuse", "retire"])
def test_nothing_is_shown_before_the_team_decides_nor_after(status: str) -> None:
    assert not agreement(ALL, status=status).allows("lieu", DAY)


def test_the_last_day_is_the_last() -> None:
    assert agreement(ALL).allows("bilan", DAY)
    assert not agreement(ALL).allows("bilan", date(2026, 3, 11))


def test_who_asked_to_read_again_is_waited_for() -> None:
    asks = {**ALL, "relire": "oui"}
    assert not agreement(asks).allows("lieu", DAY)
    assert agreement(asks, reread_on=DAY).allows("lieu", DAY)
    assert agreement({**ALL, "relire": "non"}).allows("lieu", DAY)


@pytest.mark.parametrize(
    ("kept", "shown", "allowed"),
    [("oui", "oui", True), ("oui", "non", False), ("non", "oui", False), ("", "oui", False)],
)
def test_a_voice_needs_both_its_agreements_and_the_use(
    kept: str, shown: str, allowed: bool
) -> None:
    given = {**ALL, "garder_media": kept, "montrer_media": shown}
    assert agreement(given).allows_media("lieu", DAY) is allowed
    assert not agreement({**given, "lieu": "non"}).allows_media("lieu", DAY)


@pytest.mark.parametrize("capacity", ["mineur", "protege", None])
def test_image_voice_and_name_wait_for_each_paper_and_words_do_not(capacity: str | None) -> None:
    given = {**ALL, "garder_media": "oui", "montrer_media": "oui", "nom": "prenom"}
    slots = SLOTS[capacity]
    for held in range(len(slots)):
        waiting = agreement(given, capacity=capacity, papers=frozenset(slots[:held]))
        assert waiting.missing_papers == slots[held:]
        assert waiting.allows("public", DAY)
        assert not waiting.allows_media("public", DAY)
        assert waiting.naming == "rien"
    ready = agreement(given, capacity=capacity, papers=frozenset(slots))
    assert ready.allows_media("public", DAY)
    assert ready.naming == "prenom"


def test_an_organisation_signs_without_papers() -> None:
    assert agreement({"nom": "organisation"}).naming == "organisation"


@pytest.fixture
def testimony_id(database: Database, keys: Keys, lieu: Lieu) -> UUID:
    """Return a testimony that agrees to the bilan only."""
    told = Told(
        organisation_id=lieu.organisation_id, lieu_id=lieu.id, origin="personne", key="k" * 22,
        day=DAY, language="fr", text="Merci", choices=(Choice("bilan", "oui", "Bilan ?", "fr"),),
        capacity="mineur",
    )  # fmt: skip
    with database.writing() as session:
        kept = keep(session, keys, told)
    assert kept.testimony_id
    return kept.testimony_id


def test_a_change_of_mind_is_a_new_revision_and_nothing_is_forgotten(
    database: Database, lieu: Lieu, testimony_id: UUID
) -> None:
    with database.writing() as session:
        noted = create_person(session, lieu.organisation_id, "a@example.fr").id
        no = Choice("bilan", "non", "Bilan ?", "fr")
        write_choices(session, testimony_id, [no], date(2026, 4, 1), noted)
        write_choices(session, testimony_id, [no], date(2026, 5, 1))
        write_choices(
            session, testimony_id, [Choice("lieu", "oui", "هنا؟", "ar")], date(2026, 5, 2)
        )
    with database.reading() as session:
        found = [
            (one.scope, one.revision, one.choice, one.day, one.noted_by, text.words, text.language)
            for one, text in history(session, testimony_id)
        ]
        now = agreement_of(session, session.get_one(Testimony, testimony_id))
    assert found == [
        ("lieu", 1, "oui", date(2026, 5, 2), None, "هنا؟", "ar"),
        ("bilan", 2, "non", date(2026, 4, 1), noted, "Bilan ?", "fr"),
        ("bilan", 1, "oui", DAY, None, "Bilan ?", "fr"),
    ]
    assert now.choices == {"bilan": "non", "lieu": "oui"}
    assert now.uses == ("lieu",)


def test_other_words_are_asked_again(database: Database, testimony_id: UUID) -> None:
    """A yes to other words is another agreement, whose words are kept too."""
    with database.writing() as session:
        write_choices(
            session, testimony_id, [Choice("bilan", "oui", "Notre bilan, en ligne ?", "fr")], DAY
        )
    with database.reading() as session:
        found = history(session, testimony_id)
    assert [text.words for _, text in found] == ["Notre bilan, en ligne ?", "Bilan ?"]


def test_papers_come_with_the_agreement(database: Database, lieu: Lieu, testimony_id: UUID) -> None:
    with database.writing() as session:
        who = create_person(session, lieu.organisation_id, "a@example.fr").id
        session.add(
            Authorisation(testimony_id=testimony_id, slot="parent1", received_on=DAY, noted_by=who)
        )
    with database.reading() as session:
        found = agreements(session, [session.get_one(Testimony, testimony_id)])[testimony_id]
    assert found.missing_papers == ("parent2",)


def test_every_scope_is_in_the_order_in_which_it_is_asked() -> None:
    assert SCOPES[: len(USES)] == USES
    assert SCOPES[-1] == "duree"
