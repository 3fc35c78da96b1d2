"""The files of a bilan: who gets them, how they are called, what the journal says."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.bilan.desk_documents import DOCUMENTS, FIGURES, PICTURES, file_name
from app.bilan.models import Bilan
from app.db import Database
from app.organisations.actions import create_organisation, create_person, set_password
from app.organisations.models import AccessEvent, Person
from app.organisations.roles import MEDIATEUR
from app.organisations.team import change_role
from app.questionnaires import Library
from config import Keys
from tests.bilan.structures import Made, structure_with
from tests.documents.sections import sample
from tests.organisations.conftest import PASSWORD, token_of

Enter = Callable[..., FlaskClient]
#: How each file begins.
SIGNS = {"odt": b"PK", "docx": b"PK", "pdf": b"%PDF", "ods": b"PK", "xlsx": b"PK", "csv": b"\xef",
         "svg": b"<svg", "png": b"\x89PNG"}  # fmt: skip


@pytest.fixture
def made(database: Database, keys: Keys, library: Library) -> Made:
    """Return a structure that 25 people answered."""
    return structure_with(database, keys, library, 25)


@pytest.fixture
def bilan(database: Database, made: Made) -> Bilan:
    return made.bilan(database)


@pytest.fixture
def entered(client: FlaskClient, database: Database, made: Made) -> FlaskClient:
    """Return the browser of the responsable."""
    with database.writing() as session:
        person = session.get_one(Person, made.person_id)
        set_password(session, person, PASSWORD)
    return enter(client, person.email)


def enter(client: FlaskClient, email: str) -> FlaskClient:
    form = {"email": email, "mot_de_passe": PASSWORD}
    form["csrf_token"] = token_of(client.get("/espace/connexion").text)
    assert client.post("/espace/connexion", data=form).status_code == 303
    return client


def addresses(bilan: Bilan) -> list[str]:
    """Return every address of a bilan that this module serves."""
    one = f"/espace/bilan/{bilan.id}"
    return [
        f"{one}/imprimer",
        *(f"{one}/section.{kind}" for kind in DOCUMENTS),
        *(f"{one}/chiffres.{kind}" for kind in FIGURES),
        *(f"{one}/images/portes.{kind}" for kind in PICTURES),
    ]


def noted(database: Database) -> list[str]:
    with database.reading() as session:
        found = select(AccessEvent.about).where(AccessEvent.act == "downloaded")
        return list(session.scalars(found))


@pytest.mark.document
def test_every_file_is_what_its_name_says(entered: FlaskClient, bilan: Bilan) -> None:
    for address in addresses(bilan)[1:]:
        reply = entered.get(address)
        kind = address.rpartition(".")[2]
        assert reply.status_code == 200, address
        assert reply.mimetype == {**DOCUMENTS, **FIGURES, **PICTURES}[kind], address
        assert reply.data.lstrip().startswith(SIGNS[kind]), (address, reply.data[:20])
        sent = reply.headers["Content-Disposition"]
        assert re.fullmatch(r"attachment; filename=[a-z0-9-]+\.[a-z]+", sent), sent
        assert "bilan-qualitatif-2026-le-fil-numerique-provisoire" in sent
        reply.close()


def test_the_page_to_print_is_the_section_with_its_files(
    entered: FlaskClient, bilan: Bilan
) -> None:
    reply = entered.get(f"/espace/bilan/{bilan.id}/imprimer")
    assert reply.status_code == 200
    assert reply.headers["Cache-Control"] == "no-store"
    assert "Bilan qualitatif" in reply.text
    assert "sur 25" in reply.text.replace("\u00a0", " ")
    for kind in DOCUMENTS:
        assert f'href="/espace/bilan/{bilan.id}/section.{kind}"' in reply.text
    assert f'href="/espace/bilan/{bilan.id}"' in reply.text


def test_each_drawing_of_the_page_has_its_picture(entered: FlaskClient, bilan: Bilan) -> None:
    page = entered.get(f"/espace/bilan/{bilan.id}/imprimer").text
    names = re.findall(r'<pattern id="hachures-([^"]+)"', page)
    assert names
    for name in names:
        reply = entered.get(f"/espace/bilan/{bilan.id}/images/{name}.svg")
        assert reply.status_code == 200, name
        reply.close()


def test_what_is_not_there_is_unknown(entered: FlaskClient, bilan: Bilan) -> None:
    one = f"/espace/bilan/{bilan.id}"
    for address in (
        f"{one}/images/autre.svg",
        f"{one}/images/portes.gif",
        f"{one}/section.exe",
        f"{one}/chiffres.pdf",
        f"/espace/bilan/{uuid4()}/imprimer",
        f"/espace/bilan/{uuid4()}/section.odt",
    ):
        assert entered.get(address).status_code == 404, address


def test_downloads_are_in_the_journal_and_looking_is_not(
    entered: FlaskClient, database: Database, bilan: Bilan
) -> None:
    entered.get(f"/espace/bilan/{bilan.id}/imprimer")
    entered.get(f"/espace/bilan/{bilan.id}/images/portes.svg").close()
    entered.get(f"/espace/bilan/{bilan.id}/section.exe")
    assert noted(database) == []
    entered.get(f"/espace/bilan/{bilan.id}/chiffres.csv").close()
    assert noted(database) == ["bilan-qualitatif-2026-le-fil-numerique-provisoire-chiffres.csv"]
    journal = entered.get("/espace/reglages/journal").text
    assert "a téléchargé un bilan" in journal


def test_a_bilan_of_another_structure_is_unknown(
    entered: FlaskClient, database: Database, made: Made, bilan: Bilan
) -> None:
    with database.writing() as session:
        other = create_organisation(session, "Les Copains", contact="2 quai Neuf")
        person = create_person(session, other.id, "autre@exemple.fr")
        set_password(session, person, PASSWORD)
    stranger = enter(entered.application.test_client(), "autre@exemple.fr")
    for address in addresses(bilan):
        assert stranger.get(address).status_code == 404, address


def test_a_bilan_of_the_structure_is_out_of_reach_of_who_sees_one_lieu(
    entered: FlaskClient, database: Database, made: Made, bilan: Bilan
) -> None:
    with database.writing() as session:
        person = create_person(session, made.organisation_id, "sam@exemple.fr", role=MEDIATEUR)
        set_password(session, person, PASSWORD)
        change_role(session, person, MEDIATEUR, [made.lieu_id])
    theirs = made.bilan(database, lieux=[str(made.lieu_id)])
    sam = enter(entered.application.test_client(), "sam@exemple.fr")
    for address in addresses(bilan):
        assert sam.get(address).status_code == 404, address
    assert sam.get(f"/espace/bilan/{theirs.id}/imprimer").status_code == 200


def test_nobody_gets_a_file_without_signing_in(client: FlaskClient, bilan: Bilan) -> None:
    for address in addresses(bilan):
        assert client.get(address).status_code == 302, address


def test_files_are_named_in_plain_letters() -> None:
    section = sample()
    frame = {"lieux": [], "actions": [], "audience": "financeur", "testimonies_apart": False}
    bilan = Bilan(first_month="2026-01", last_month="2026-12", **frame)
    assert file_name(bilan, section) == "bilan-qualitatif-2026-le-fil-numerique-provisoire"
    sealed = sample(is_sealed=True)
    assert file_name(bilan, sealed) == "bilan-qualitatif-2026-le-fil-numerique"
    months = Bilan(first_month="2026-02", last_month="2026-08", **frame)
    assert file_name(months, sealed) == ("bilan-qualitatif-de-fevrier-a-aout-2026-le-fil-numerique")
    quarter = Bilan(first_month="2026-01", last_month="2026-03", **frame)
    assert file_name(quarter, sealed) == ("bilan-qualitatif-1er-trimestre-2026-le-fil-numerique")
