"""Which bilans somebody may see, and what is kept of them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from app.bilan.drafting import create_bilan, write_text
from app.bilan.frames import Frame, fixed_choices, usual_year
from app.bilan.models import BilanText
from app.bilan.queries import bilan_of, bilans_of, held_bilan, texts_of
from app.db import Database
from app.indicators.period import Period
from app.organisations.actions import add_lieu, create_organisation, create_person
from app.organisations.models import Lieu, Organisation
from app.organisations.queries import Reach
from app.organisations.roles import RESPONSABLE
from config import Keys

TODAY = date(2026, 11, 22)
YEAR = Period("2026-01", "2026-12")


def make(database: Database, organisation: Organisation, *lieux: UUID) -> UUID:
    """Begin a bilan of some lieux, or of the whole structure; return its id."""
    with database.writing() as session:
        person = create_person(
            session, organisation.id, f"{len(lieux)}@example.fr", "", RESPONSABLE
        )
        reach = Reach(organisation.id)
        return create_bilan(session, reach, Frame(YEAR, lieux), person.id, TODAY).id


def test_a_bilan_is_seen_by_who_sees_all_the_lieux_that_it_names(
    database: Database, organisation: Organisation, lieu: Lieu
) -> None:
    with database.writing() as session:
        other = add_lieu(session, organisation.id, "Mairie").id
    whole, one = make(database, organisation), make(database, organisation, lieu.id)
    two = make(database, organisation, lieu.id, other)
    here = Reach(organisation.id, frozenset({lieu.id}))
    both = Reach(organisation.id, frozenset({lieu.id, other}))
    with database.reading() as session:
        assert {bilan.id for bilan in bilans_of(session, Reach(organisation.id))} == {
            whole, one, two,
        }  # fmt: skip
        assert [bilan.id for bilan in bilans_of(session, here)] == [one]
        assert {bilan.id for bilan in bilans_of(session, both)} == {one, two}
        assert bilan_of(session, here, two) is None
        assert bilan_of(session, both, whole) is None
        assert bilans_of(session, Reach(organisation.id, frozenset())) == []


def test_another_structure_sees_nothing(database: Database, organisation: Organisation) -> None:
    bilan_id = make(database, organisation)
    with database.writing() as session:
        other = Reach(create_organisation(session, "Ailleurs", contact="1 rue Haute").id)
        assert bilan_of(session, other, bilan_id) is None
        assert held_bilan(session, other, bilan_id) is None
        assert bilans_of(session, other) == []


def test_texts_are_kept_encrypted_under_their_slot(
    database: Database, organisation: Organisation, keys: Keys
) -> None:
    bilan_id = make(database, organisation)
    with database.writing() as session:
        bilan = bilan_of(session, Reach(organisation.id), bilan_id)
        assert bilan
        write_text(session, keys, bilan, "suite", "Ouvrir le jeudi.", "", bilan.made_by, TODAY)
    with database.reading() as session:
        kept = session.get_one(BilanText, (bilan_id, "suite")).ciphertext
        assert b"jeudi" not in kept
        assert texts_of(session, keys, bilan_id)["suite"].text == "Ouvrir le jeudi."


@pytest.mark.parametrize(
    ("first", "last", "title", "why"),
    [
        ("2026-01", "2026-12", "2026", ""),
        ("2026-04", "2026-06", "2e trimestre 2026", ""),
        ("2026-01", "2026-11", "de janvier à novembre 2026", "ses mois ne font"),
        ("2026-02", "2026-02", "février 2026", "ses mois ne font"),
    ],
)
def test_a_frame_says_its_period_and_whether_it_may_leave(
    first: str, last: str, title: str, why: str
) -> None:
    frame = Frame(Period(first, last))
    assert frame.title == title
    assert frame.stays_inside.startswith(why)
    assert bool(frame.stays_inside) == bool(why)


def test_several_lieux_or_some_actions_stay_inside() -> None:
    two = Frame(YEAR, (UUID(int=1), UUID(int=2)))
    assert "plusieurs lieux" in two.stays_inside
    assert "actions" in Frame(YEAR, actions=("Ateliers",)).stays_inside
    assert Frame(YEAR, (UUID(int=1),)).stays_inside == ""


def test_in_winter_the_bilan_is_that_of_the_year_before() -> None:
    assert usual_year(date(2027, 1, 10)) == usual_year(date(2027, 3, 31)) == 2026
    assert usual_year(date(2026, 4, 1)) == usual_year(date(2026, 12, 31)) == 2026


def test_only_quarters_that_began_are_offered() -> None:
    offered = list(fixed_choices(date(2026, 5, 2), 2))
    assert offered == ["2026", "2026-T2", "2026-T1", "2025", "2025-T4", "2025-T3", "2025-T2",
                       "2025-T1"]  # fmt: skip
