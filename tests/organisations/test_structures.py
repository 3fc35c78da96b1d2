"""Structures, their notice, their lieux, their people."""

from __future__ import annotations

import pytest

from app.campaigns.checks import check_notice
from app.db import Database
from app.organisations import actions, queries
from app.organisations.actions import OrganisationError
from app.organisations.models import Notice, Organisation
from app.organisations.notice import LONGEST_READERS


def test_a_structure_has_a_complete_notice_from_the_start(
    database: Database, organisation: Organisation
) -> None:
    with database.reading() as session:
        notice = queries.current_notice(session, organisation.id)
    check_notice(notice)
    assert notice.revision == 1
    assert notice.readers == "L’équipe du Fil numérique"
    assert organisation.contact in notice.rights_contact


@pytest.mark.parametrize("name", ["CCAS", "Association pour l’inclusion numérique du Trégor"])
def test_the_readers_hold_on_one_line_of_a_phone(database: Database, name: str) -> None:
    with database.writing() as session:
        made = actions.create_organisation(session, name)
        notice = queries.current_notice(session, made.id)
    check_notice(notice)
    assert len(notice.readers) <= LONGEST_READERS


def test_a_revised_notice_keeps_the_former(database: Database, organisation: Organisation) -> None:
    with database.writing() as session:
        actions.revise_notice(session, organisation.id, purpose="Pour le bilan", retention_years=2)
    with database.reading() as session:
        current = queries.current_notice(session, organisation.id)
        former = session.get_one(Notice, (organisation.id, 1))
    assert (current.revision, current.purpose, current.retention_years) == (2, "Pour le bilan", 2)
    assert current.readers == former.readers
    assert (former.purpose, former.retention_years) == ("Pour mieux vous aider", 1)


def test_lieux_belong_to_one_structure_and_have_one_name(
    database: Database, organisation: Organisation
) -> None:
    with database.writing() as session:
        other = actions.create_organisation(session, "L’Escale")
        actions.add_lieu(session, other.id, "Mairie")
        actions.add_lieu(session, organisation.id, " Mairie ", "Kerlann")
        actions.add_lieu(session, organisation.id, "Annexe")
        with pytest.raises(OrganisationError, match="existe déjà"):
            actions.add_lieu(session, organisation.id, "Mairie")
    with database.reading() as session:
        assert [lieu.name for lieu in queries.lieux(session, queries.Reach(organisation.id))] == [
            "Annexe",
            "Mairie",
        ]
        found = queries.find_lieu(session, organisation.id, "Mairie")
        assert found is not None
        assert found.commune == "Kerlann"


@pytest.mark.parametrize("email", ["", "sans-arobase", "a@b", "a b@c.fr", f"{'a' * 250}@b.fr"])
def test_an_address_that_cannot_be_written_to_is_refused(
    database: Database, organisation: Organisation, email: str
) -> None:
    with database.writing() as session, pytest.raises(OrganisationError, match="e-mail"):
        actions.create_person(session, organisation.id, email)


def test_an_address_signs_in_one_person_only(
    database: Database, organisation: Organisation
) -> None:
    with database.writing() as session:
        actions.create_person(session, organisation.id, "Sam@Example.fr")
        with pytest.raises(OrganisationError, match="déjà"):
            actions.create_person(session, organisation.id, " sam@example.FR")


def test_who_has_no_password_yet_cannot_sign_in(
    database: Database, organisation: Organisation
) -> None:
    with database.writing() as session:
        person = actions.create_person(session, organisation.id, "sam@example.fr")
    assert person.password_hash == ""


@pytest.mark.parametrize("name", ["", "  "])
def test_a_structure_and_a_lieu_have_a_name(
    database: Database, organisation: Organisation, name: str
) -> None:
    with database.writing() as session:
        with pytest.raises(OrganisationError):
            actions.create_organisation(session, name)
        with pytest.raises(OrganisationError):
            actions.add_lieu(session, organisation.id, name)
