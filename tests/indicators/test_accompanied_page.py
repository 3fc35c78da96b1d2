"""The page of accompanied people: typed or counted, said before it is asked, and nothing kept."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.campaigns.models import Campaign
from app.db import Base, Database
from app.indicators.models import Accompanied
from app.organisations.actions import add_lieu, create_person, set_password
from app.organisations.models import AccessEvent, Lieu, Organisation, Person
from app.organisations.roles import MEDIATEUR, RESPONSABLE
from app.organisations.team import change_role
from app.web.current import today
from tests.indicators.coop import HEADINGS, activity, export
from tests.indicators.test_desk import OpenCampaign, member, send, this_year, words
from tests.indicators.test_desk_figures import body
from tests.organisations.conftest import PASSWORD, token_of
from tests.responses.conftest import Sender

__all__ = ["member", "this_year"]
INDICATORS = "/espace/indicateurs"
PAGE = f"{INDICATORS}/accompagnes"
#: What must never be found again.
MARKERS = ("Zqxnominatif", "Zqxnotees")


@pytest.fixture
def year() -> int:
    return today().year


def fill(
    client: FlaskClient, files: Sequence[bytes] = (), page: str = PAGE, **fields: str
) -> tuple[int, str]:
    """Fill one of the two forms; return the status and the words of the page that follows."""
    texts = {"csrf_token": token_of(client.get(INDICATORS).text), **fields}
    texts |= {"compter": "oui"} if files else {}
    # Written by hand: a client that writes it would put what is heavy on the disk.
    parts = [f'name="{name}"\r\n\r\n{text}'.encode() for name, text in texts.items()]
    parts += [b'name="fichiers"; filename="export.xlsx"\r\n\r\n' + one for one in files]
    data = b"".join(b"--zqx\r\nContent-Disposition: form-data; " + one + b"\r\n" for one in parts)
    kind = "multipart/form-data; boundary=zqx"
    reply = client.post(page, data=data + b"--zqx--\r\n", content_type=kind)
    if reply.status_code == 303:
        return 303, words(client.get(reply.headers["Location"]).text)
    return reply.status_code, words(reply.text)


def noted(database: Database) -> list[tuple[str, str, int | None, int | None, str]]:
    with database.reading() as session:
        return [
            (one.first_month, one.last_month, one.people, one.supports, one.source)
            for one in session.scalars(select(Accompanied).order_by(Accompanied.first_month))
        ]


def test_a_number_is_typed_and_said_again(
    member: FlaskClient, database: Database, year: int
) -> None:
    before = words(member.get(PAGE).text)
    assert "Corriger" not in before
    status, page = fill(member, nombre=" 1 212 ", de=f"{year}-01", a=f"{year}-12")
    assert status == 303
    assert f"C’est noté : 1 212 personnes accompagnées, de janvier à décembre {year}." in page
    assert "Corriger" in page
    assert noted(database) == [(f"{year}-01", f"{year}-12", 1212, None, "saisie")]
    with database.reading() as session:
        (event,) = session.scalars(select(AccessEvent).where(AccessEvent.act == "counted"))
    assert event.about == f"Toute la structure, de janvier à décembre {year}"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "Écrivez un nombre entier"),
        ("beaucoup", "Écrivez un nombre entier"),
        ("-3", "Écrivez un nombre entier"),
        ("0", "Écrivez un nombre entier"),
        ("12,5", "Écrivez un nombre entier"),
        ("٣", "Écrivez un nombre entier"),
        ("9" * 40, "entre 1 et 1 000 000"),
    ],
)
def test_what_is_no_number_is_given_back(
    member: FlaskClient, database: Database, typed: str, why: str
) -> None:
    token = token_of(member.get(INDICATORS).text)
    reply = member.post(
        PAGE, data={"csrf_token": token, "nombre": typed, "de": "2026-04", "a": "2026-06"}
    )
    assert reply.status_code == 422
    assert why in words(reply.text)
    assert f'value="{typed}"' in reply.text
    assert 'name="de" value="2026-04"' in reply.text
    assert noted(database) == []


def test_an_export_is_counted(member: FlaskClient, database: Database) -> None:
    rows = [activity("A"), activity("A"), activity("B"), activity("C", date(2026, 7, 1))]
    status, page = fill(member, [export(rows)], de="2026-01", a="2026-06")
    assert status == 303
    assert "2 personnes différentes, 3 accompagnements, de janvier à juin 2026" in page
    assert "1 accompagnement d’une autre période" in page
    assert noted(database) == [("2026-01", "2026-06", 2, 3, "coop")]


def test_two_exports_and_one_without_names(member: FlaskClient, database: Database) -> None:
    mine, theirs = export([activity("A"), activity("")]), export([activity("A"), activity("B")])
    page = fill(member, [mine, theirs], de="2026-01", a="2026-06")[1]
    assert "au moins 2 personnes différentes, 4 accompagnements" in page
    assert "1 accompagnement sans nom" in page
    nameless = export([activity(), activity()], [one for one in HEADINGS if one != "Bénéficiaire"])
    page = fill(member, [nameless], de="2026-01", a="2026-06")[1]
    assert "L’export ne nomme personne" in page
    assert noted(database) == [("2026-01", "2026-06", None, 2, "coop")]


def test_the_page_says_what_is_read_before_it_asks(member: FlaskClient) -> None:
    page = words(member.get(PAGE).text)
    said = page.index("Les notes ne sont jamais lues. Le fichier n’est pas gardé.")
    assert page.index("Ils ne sont ni gardés, ni montrés.") < said
    assert said < page.index("Compter les personnes")


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ([], "Choisissez l’export"),
        ([b""], "Choisissez l’export"),
        ([b"nom;prenom"], "pas un classeur Excel"),
        ([export([])], "aucune activité"),
        ([export([], ["Nom"])], "pas l’export des activités"),
        ([export([activity("A")]), b"PK\x03\x04"], "pas un classeur Excel"),
        ([Random(1).randbytes(10 * 1024 * 1024 + 1)], "plus de 10 Mo"),
        ([export([activity("A")])] * 31, "30 fichiers au plus"),
    ],
)
def test_a_file_that_cannot_be_counted_says_what_to_do(
    member: FlaskClient, database: Database, files: list[bytes], why: str
) -> None:
    fill(member, nombre="7", de="2026-01", a="2026-12")
    status, page = fill(member, files, de="2026-01", a="2026-12", compter="oui")
    assert (status, why in page) == (422, True)
    assert noted(database) == [("2026-01", "2026-12", 7, None, "saisie")]


def test_a_heavier_body_is_refused_here_and_a_lighter_one_elsewhere(member: FlaskClient) -> None:
    heavy = bytes(12 * 1024 * 1024)
    assert fill(member, [heavy])[0] == 413
    assert fill(member, [heavy[: 3 << 20]], f"{PAGE}/effacer")[0] == 413


def test_nothing_of_a_file_is_kept_shown_nor_logged(
    app: Flask,
    member: FlaskClient,
    database: Database,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")  # a large upload would wait there
    name, note = MARKERS
    random = Random(3)
    rows = [
        activity(f"{name} {rank}", notes=f"{note} {random.randbytes(300).hex()}")
        for rank in range(2_500)
    ]
    good = export(rows)
    assert len(good) > 600_000
    broken = good[: len(good) // 2]
    with caplog.at_level(logging.DEBUG):
        pages = [
            fill(member, [good], de="2026-01", a="2026-12"),
            fill(member, [broken], de="2026-01", a="2026-12"),
            fill(
                member,
                [export(rows[:1], ["Date", "Notes supplémentaires"])],
                de="2026-01",
                a="2026-12",
            ),
        ]
    assert [status for status, _ in pages] == [303, 422, 422]
    assert noted(database) == [("2026-01", "2026-12", 2_500, 2_500, "coop")]
    kept = [repr(tuple(row)) for row in every_row(database)]
    shown = [page for _, page in pages] + [words(member.get(PAGE).text), caplog.text]
    folder = Path(app.extensions["settings"].data)
    files = [file.read_bytes() for file in folder.rglob("*") if file.is_file()]
    assert files
    for marker in MARKERS:
        assert not [text for text in (*kept, *shown) if marker.casefold() in text.casefold()]
        assert not [data for data in files if marker.encode() in data]


def every_row(database: Database) -> list[Any]:
    with database.engine.connect() as connection:
        return [
            row
            for table in Base.metadata.sorted_tables
            for row in connection.execute(select(table))
        ]


def test_a_lieu_counts_its_own_rows(member: FlaskClient, lieu: Lieu) -> None:
    rows = [activity("A", lieu=lieu.name), activity("B", lieu="Ailleurs")]
    page = fill(member, [export(rows)], lieu=str(lieu.id), de="2026-01", a="2026-12")[1]
    assert "1 personne différente, 1 accompagnement," in page
    assert "1 accompagnement d’un autre lieu" in page
    page = fill(member, [export(rows[1:])], lieu=str(lieu.id), de="2026-01", a="2026-12")[1]
    assert "Aucune ligne ne porte le nom de ce lieu : toutes ont été comptées" in page


def test_a_number_is_erased(member: FlaskClient, database: Database) -> None:
    fill(member, nombre="12", de="2026-01", a="2026-12")
    assert fill(member, page=f"{PAGE}/effacer", de="2026-01", a="2026-11")[0] == 404
    status, page = fill(member, page=f"{PAGE}/effacer", de="2026-01", a="2026-12")
    assert (status, "Ce nombre est effacé." in page) == (303, True)
    assert noted(database) == []


def test_who_sees_some_lieux_notes_for_them_alone(
    member: FlaskClient, database: Database, person: Person, organisation: Organisation, lieu: Lieu
) -> None:
    fill(member, nombre="500", de="2026-01", a="2026-12")
    with database.writing() as session:
        other = create_person(session, organisation.id, "a@exemple.fr", "Une autre", RESPONSABLE)
        set_password(session, other, PASSWORD)
        far = add_lieu(session, organisation.id, "Annexe lointaine")
        change_role(session, session.get_one(Person, person.id), MEDIATEUR, [lieu.id])
    page = words(member.get(PAGE).text)
    assert "Toute la structure" not in page
    assert "500" not in page
    assert "Annexe lointaine" not in page
    for foreign in (organisation.id, far.id, "rien"):
        assert member.get(f"{PAGE}?lieu={foreign}").status_code == 404
        assert fill(member, nombre="9", lieu=str(foreign))[0] == 404
    assert fill(member, page=f"{PAGE}/effacer", de="2026-01", a="2026-12")[0] == 404
    assert fill(member, nombre="31", de="2026-01", a="2026-12")[0] == 303
    assert [people for _, _, people, _, _ in noted(database)] in ([500, 31], [31, 500])


@pytest.mark.parametrize("asked", ["de=2026-05&a=2026-01", "de=hier&a=2026-01"])
def test_months_that_make_no_period_are_said(member: FlaskClient, asked: str) -> None:
    assert member.get(f"{PAGE}?{asked}").status_code == 422
    months = dict(pair.split("=") for pair in asked.split("&"))
    assert fill(member, nombre="9", **months)[0] == 422


def test_the_indicators_lead_there_and_read_it(
    member: FlaskClient, sender: Sender, this_year: Campaign, year: int
) -> None:
    send(sender, this_year, 20, sat2=3)
    before = member.get(INDICATORS)
    assert f'href="{PAGE}?"' in before.text
    assert "Noter combien de personnes ont été accompagnées" in words(before.text)
    assert "marge indicative" not in words(before.text)
    fill(member, nombre="40", de=f"{year}-01", a=f"{year}-12")
    after = words(member.get(INDICATORS).text)
    assert "40 personnes accompagnées dans cette période." in after
    assert "faible ou inconnue" not in after
    assert "marge indicative ± 16 points" in after
    assert "les réponses reçues par QR code ne sont pas un échantillon" in after
    csv = body(member.get(f"{INDICATORS}/chiffres.csv")).decode("utf-8-sig")
    (line,) = (line for line in csv.splitlines() if line.startswith("satisfaction.aide"))
    assert ";15,7;" in line
    assert "faible ou inconnue" not in line
    one = member.get(f"{INDICATORS}?campagne={this_year.id}").text
    assert PAGE not in one.partition("<main")[2]


def test_the_indicators_say_which_group_is_missing(
    member: FlaskClient, sender: Sender, campaign_of: OpenCampaign, year: int
) -> None:
    campaign = campaign_of(
        "satisfaction", modules=["profil"], starts_on=date(year, 1, 1),
        ends_on=date(year, 12, 31), today=today(),
    )  # fmt: skip
    send(sender, campaign, 12, sat2=3, age="soixante_dix_plus")  # type: ignore[arg-type]
    send(sender, campaign, 48, sat2=3, age="quarante_cinquante_neuf")  # type: ignore[arg-type]
    ages = ["70 ans et plus"] * 40 + ["40 - 59 ans"] * 60
    rows = [activity(f"P{rank}", today(), age=age) for rank, age in enumerate(ages)]
    fill(member, [export(rows)], de=f"{year}-01", a=f"{year}-12")
    page = words(member.get(INDICATORS).text)
    assert "ne ressemblent pas à l’ensemble des personnes accompagnées" in page
    assert "Les 70 ans et plus : 20 % des réponses, 40 % des personnes accompagnées." in page
    assert "Les 40 à 59 ans" not in page
    fill(member, nombre="100", de=f"{year}-01", a=f"{year}-12")
    assert "ne ressemblent pas" not in words(member.get(INDICATORS).text)
