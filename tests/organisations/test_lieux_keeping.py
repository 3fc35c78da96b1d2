"""Lieux are changed, removed, imported and exported; nothing that is used disappears."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from uuid import UUID

import pytest

from app.campaigns.models import Campaign
from app.db import Database
from app.organisations import actions, queries
from app.organisations.actions import OrganisationError
from app.organisations.lieux_keeping import (
    LieuError,
    Plan,
    carry_out,
    change_lieu,
    plan_import,
    remove_lieu,
)
from app.organisations.lieux_reading import read_lieux
from app.organisations.lieux_schema import FIELDS, REQUIRED
from app.organisations.lieux_writing import as_csv, as_json, values_of
from app.organisations.models import Lieu, Organisation, PersonLieu
from app.organisations.queries import Reach

TODAY = date(2026, 3, 10)
COMPLETE = {
    "id": "structure-1",
    "pivot": "43493312300029",
    "nom": "Médiathèque de Kerlann",
    "commune": "Kerlann",
    "code_postal": "22110",
    "adresse": "4 rue du Lavoir",
    "services": "Compréhension du monde numérique|Loisirs et créations numériques",
    "telephone": "+33240123456",
    "longitude": "-3.5",
    "modalites_acces": "Ce lieu n'accueille pas de public",
}


def listed(database: Database, organisation_id: UUID) -> dict[str, Lieu]:
    with database.reading() as session:
        return {one.name: one for one in queries.lieux(session, Reach(organisation_id))}


def imported(database: Database, organisation_id: UUID, content: str) -> Plan:
    with database.writing() as session:
        plan = plan_import(session, organisation_id, read_lieux(content.encode()))
        carry_out(session, organisation_id, plan.steps, TODAY)
    return plan


def test_a_lieu_is_changed_and_a_cleared_field_is_empty(database: Database, lieu: Lieu) -> None:
    for values in (COMPLETE, {"nom": "La Médiathèque", "commune": "", "adresse": ""}):
        with database.writing() as session:
            change_lieu(session, session.get_one(Lieu, lieu.id), values, TODAY)
    (kept,) = listed(database, lieu.organisation_id).values()
    assert (kept.name, kept.commune) == ("La Médiathèque", "")
    assert "adresse" not in kept.details
    assert kept.details["date_maj"] == "2026-03-10"
    assert kept.details["pivot"] == COMPLETE["pivot"]


def test_two_lieux_share_neither_name_nor_identifier(database: Database, lieu: Lieu) -> None:
    with database.writing() as session:
        other = actions.add_lieu(session, lieu.organisation_id, "Annexe")
        change_lieu(session, other, {"nom": "Annexe", "id": "annexe"}, TODAY)
        mine = session.get_one(Lieu, lieu.id)
        with pytest.raises(LieuError, match="porte ce nom") as refused:
            change_lieu(session, mine, {"nom": "Annexe"}, TODAY)
        assert refused.value.column == "nom"
        with pytest.raises(LieuError, match="« Annexe » a déjà cet identifiant") as refused:
            change_lieu(session, mine, {"nom": "Mairie", "id": "annexe"}, TODAY)
        assert refused.value.column == "id"


def test_a_lieu_that_nothing_uses_is_removed(database: Database, lieu: Lieu) -> None:
    with database.writing() as session:
        remove_lieu(session, session.get_one(Lieu, lieu.id))
    assert listed(database, lieu.organisation_id) == {}


def test_a_lieu_of_a_campaign_stays(database: Database, campaign: Campaign) -> None:
    refused = pytest.raises(OrganisationError, match="leurs réponses comptent")
    with database.writing() as session, refused:
        remove_lieu(session, session.get_one(Lieu, campaign.lieu_id))
    assert len(listed(database, campaign.organisation_id)) == 1


def test_a_lieu_given_to_somebody_stays(database: Database, lieu: Lieu) -> None:
    with database.writing() as session:
        person = actions.create_person(session, lieu.organisation_id, "sam@example.fr")
        session.add(PersonLieu(person_id=person.id, lieu_id=lieu.id))
        session.flush()
        with pytest.raises(OrganisationError, match="confié à quelqu’un"):
            remove_lieu(session, session.get_one(Lieu, lieu.id))


def test_an_import_adds_changes_and_leaves(database: Database, lieu: Lieu) -> None:
    content = (
        "id,nom,commune,adresse\n,mediatheque de  KERLANN,,4 rue du Lavoir\ns-2,Annexe,Lannion,\n"
    )
    plan = imported(database, lieu.organisation_id, content)
    assert [step.read.values["nom"] for step in plan.added] == ["Annexe"]
    assert [step.changes for step in plan.changed] == [("nom", "adresse")]
    after = listed(database, lieu.organisation_id)
    assert set(after) == {"mediatheque de  KERLANN", "Annexe"}
    changed = next(one for one in after.values() if one.id == lieu.id)
    assert changed.commune == "Kerlann"  # what the file leaves empty stays
    assert changed.details["adresse"] == "4 rue du Lavoir"
    again = imported(database, lieu.organisation_id, content)
    assert (again.added, again.changed, len(again.same)) == ([], [], 2)


def test_the_identifier_of_the_schema_finds_a_lieu_that_was_renamed(
    database: Database, organisation: Organisation
) -> None:
    imported(database, organisation.id, "id,nom\ns-1,Mairie\n")
    plan = imported(database, organisation.id, "id,nom\ns-1,Hôtel de ville\n")
    assert [step.changes for step in plan.changed] == [("nom",)]
    assert set(listed(database, organisation.id)) == {"Hôtel de ville"}


def test_a_lieu_twice_in_a_file_is_refused_the_second_time(database: Database, lieu: Lieu) -> None:
    content = f"id,nom\n,Annexe\n,ANNEXE\n{lieu.id},Médiathèque\n,Médiathèque de Kerlann\n"
    plan = imported(database, lieu.organisation_id, content)
    assert [(one.line, one.column) for one in plan.refused] == [(3, "nom"), (5, "nom")]
    assert "ligne 2" in plan.refused[0].reason
    assert set(listed(database, lieu.organisation_id)) == {"Annexe", "Médiathèque"}


def test_a_name_that_another_lieu_bears_is_refused(
    database: Database, organisation: Organisation
) -> None:
    imported(database, organisation.id, "id,nom\ns-1,Mairie\ns-2,Annexe\n")
    plan = imported(database, organisation.id, "id,nom\ns-2,Mairie\n")
    assert "Un autre de vos lieux porte ce nom" in plan.refused[0].reason
    assert set(listed(database, organisation.id)) == {"Mairie", "Annexe"}


def test_an_import_sees_only_the_lieux_of_its_structure(database: Database, lieu: Lieu) -> None:
    with database.writing() as session:
        other = actions.create_organisation(session, "L’Escale")
    plan = imported(database, other.id, f"id,nom\n{lieu.id},{lieu.name}\n")
    assert (len(plan.added), plan.changed) == (1, [])
    assert listed(database, lieu.organisation_id)[lieu.name].details == {}


def test_the_export_holds_only_what_conforms_to_the_schema(database: Database, lieu: Lieu) -> None:
    """The strict side: every required field, every pattern, the names and the order."""
    with database.writing() as session:
        mine = session.get_one(Lieu, lieu.id)
        change_lieu(session, mine, COMPLETE, TODAY)
        actions.add_lieu(session, lieu.organisation_id, "Sans fiche")
    lieux = list(listed(database, lieu.organisation_id).values())
    heading, *rows = csv.reader(io.StringIO(as_csv(lieux), newline=""))
    assert heading == list(FIELDS)
    assert len(rows) == 1
    row = dict(zip(heading, rows[0], strict=True))
    assert {name: value for name, value in row.items() if value} == {
        **COMPLETE,
        "date_maj": "2026-03-10",
    }
    for field in FIELDS.values():
        if row[field.name] and field.pattern:
            assert re.search(field.pattern, row[field.name]), field.name
    assert all(row[field.name] for field in REQUIRED)
    (item,) = json.loads(as_json(lieux))
    assert item == {**COMPLETE, "date_maj": "2026-03-10", "longitude": -3.5}


def test_a_formula_is_defused_in_the_csv_and_comes_back_as_it_was(
    database: Database, lieu: Lieu
) -> None:
    with database.writing() as session:
        mine = session.get_one(Lieu, lieu.id)
        change_lieu(session, mine, COMPLETE | {"nom": "=HYPERLINK(1)", "adresse": "@SUM"}, TODAY)
    (kept,) = listed(database, lieu.organisation_id).values()
    text = as_csv([kept])
    assert "'=HYPERLINK(1)" in text
    assert "'@SUM" in text
    (read,) = read_lieux(text.encode()).lieux
    assert read.values == values_of(kept)


def test_a_lieu_without_an_identifier_is_exported_under_ours(
    database: Database, lieu: Lieu
) -> None:
    with database.writing() as session:
        mine = session.get_one(Lieu, lieu.id)
        change_lieu(session, mine, COMPLETE | {"id": ""}, TODAY)
    (item,) = json.loads(as_json(list(listed(database, lieu.organisation_id).values())))
    assert item["id"] == str(lieu.id)
