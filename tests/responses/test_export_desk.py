"""The page of exports: for the responsable, noted, internal, never ahead of what may be read."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.campaigns.models import Campaign, Link
from app.db import Database
from app.organisations.actions import create_organisation, create_person, set_password
from app.organisations.models import AccessEvent, Organisation
from app.scoring import read_table
from app.web.current import today as the_day
from tests.organisations.conftest import PASSWORD, token_of
from tests.responses.conftest import Sender

BEFORE = the_day() - timedelta(days=1)
PAGE = "/espace/reponses/exporter"


@pytest.fixture
def team(client: FlaskClient, database: Database, organisation: Organisation) -> FlaskClient:
    """Return the browser of the responsable."""
    _person(database, organisation, "nolwenn@fil.example", "Nolwenn Le Guen", "responsable")
    return _signed_in(client, "nolwenn@fil.example")


def test_each_format_is_sent_as_a_file_of_the_structure(
    team: FlaskClient, sender: Sender, link: Link
) -> None:
    sender.send(link, day=BEFORE, texts={"frein_jour": "=1+1"})
    for form, extension in (
        ("ods", "ods"),
        ("xlsx", "xlsx"),
        ("tableur", "csv"),
        ("interop", "csv"),
    ):
        sent = _ask(team, link.campaign, format=form)
        assert sent.status_code == 200
        name = f"reponses-satisfaction-tout-interne.{extension}"
        assert sent.headers["Content-Disposition"] == f"attachment; filename={name}"
        assert sent.headers["Cache-Control"] == "no-store"
        assert int(sent.headers["Content-Length"]) == len(sent.data)
    assert sent.data.startswith(b"person,wave,jour,")
    assert "'=1+1" in sent.text


def test_the_form_arrives_filled_with_the_filters_of_the_list(
    team: FlaskClient, link: Link, campaign_of: Callable[..., Campaign]
) -> None:
    other = campaign_of("satisfaction", action="Ateliers")
    page = team.get(f"{PAGE}?campagne={other.id}&de=2026-02&a=&porte=affiche").text
    for chosen in (
        f'selected value="{other.id}"',
        'selected value="2026-02"',
        'selected value="affiche"',
    ):
        assert chosen in page
    assert 'selected value="toutes-satisfaction"' in team.get(PAGE).text
    assert team.get(f"{PAGE}?campagne=00000000-0000-4000-8000-000000000000").status_code == 404


def test_a_mediateur_is_told_who_can(
    app: object, team: FlaskClient, database: Database, organisation: Organisation,
    sender: Sender, link: Link,
) -> None:  # fmt: skip
    sender.send(link, day=BEFORE)
    _person(database, organisation, "yann@fil.example", "Yann", "mediateur")
    yann = _signed_in(app.test_client(), "yann@fil.example")  # type: ignore[attr-defined]
    page = yann.get(PAGE).text
    assert "Demandez à Nolwenn Le Guen" in page
    assert "Télécharger" not in page
    assert _ask(yann, link.campaign).status_code == 403


def test_another_structure_finds_nothing_here(
    app: object, database: Database, sender: Sender, link: Link
) -> None:
    sender.send(link, day=BEFORE)
    with database.writing() as session:
        other = create_organisation(session, "L’Escale")
    _person(database, other, "ailleurs@escale.example", "Ailleurs", "responsable")
    stranger = _signed_in(app.test_client(), "ailleurs@escale.example")  # type: ignore[attr-defined]
    assert "Rien à exporter" in stranger.get(PAGE).text
    assert _ask(stranger, link.campaign).status_code == 422


def test_an_export_is_noted_by_its_name_and_a_dictionary_is_not(
    team: FlaskClient, database: Database, sender: Sender, link: Link
) -> None:
    sender.send(link, day=BEFORE)
    dictionary = _ask(team, link.campaign, dictionnaire="oui")
    assert dictionary.headers["Content-Disposition"].endswith("dictionnaire-satisfaction.csv")
    rows = list(csv.DictReader(io.StringIO(dictionary.data.decode("utf-8-sig")), delimiter=";"))
    assert "sat1" in {row["Code"] for row in rows}
    assert _events(database) == []
    _ask(team, link.campaign, de=f"{BEFORE:%Y-%m}", a=f"{BEFORE:%Y-%m}")
    month = f"{BEFORE:%Y-%m}"
    assert _events(database) == [f"reponses-satisfaction-{month}-a-{month}-interne.ods"]


def test_what_may_not_be_read_yet_is_not_exported(
    team: FlaskClient, sender: Sender, link: Link
) -> None:
    sender.send(link, day=the_day())
    refused = _ask(team, link.campaign)
    assert refused.status_code == 422
    assert "Aucune réponse à exporter" in refused.text
    sender.send(link, day=BEFORE)
    book = CalamineWorkbook.from_filelike(io.BytesIO(_ask(team, link.campaign).data))
    assert len(book.get_sheet_by_name("Réponses").to_python()) == 2
    about = {row[0]: row[1] for row in book.get_sheet_by_name("À propos").to_python()}
    assert about["Pas encore lisibles"].startswith("1\u00a0réponse d’aujourd’hui")
    assert about["Période"] == "depuis le début"


def test_doors_and_months_narrow_the_file(
    team: FlaskClient, sender: Sender, campaign_of: Callable[..., Campaign]
) -> None:
    campaign = campaign_of("satisfaction", doors=("affiche", "papier"))
    doors = {link.door: link for link in campaign.links}
    sender.send(doors["affiche"], day=BEFORE)
    sender.send(doors["papier"], day=BEFORE)
    sent = _ask(team, campaign, format="interop", porte="papier")
    assert [line.split(",")[3] for line in sent.text.splitlines()[1:]] == ["papier"]
    assert _ask(team, campaign, de="2025-01", a="2025-02").status_code == 422


def test_a_wrong_choice_keeps_the_others_and_is_explained(
    team: FlaskClient, sender: Sender, link: Link
) -> None:
    sender.send(link, day=BEFORE)
    page = _ask(team, link.campaign, format="xlsx", de="2026-05", a="2026-02")
    assert page.status_code == 422
    assert "Échangez-les" in page.text
    assert 'checked id="format-1"' in page.text
    assert _ask(team, link.campaign, format="exe").status_code == 422
    assert team.post(PAGE, data={"format": "ods"}).status_code == 400


def test_every_campaign_of_a_questionnaire_makes_one_file(
    team: FlaskClient, database: Database, sender: Sender, campaign_of: Callable[..., Campaign]
) -> None:
    for action in ("A", "B"):
        sender.send(campaign_of("satisfaction", action=action).links[0], day=BEFORE)
    sent = _ask(team, None, format="ods", campagne="toutes-satisfaction")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sent.data)).get_sheet_by_index(0).to_python()
    assert {row[3] for row in rows[1:]} == {"A", "B"}
    codes = _ask(team, None, format="interop", campagne="toutes-satisfaction").text
    assert "action" not in codes.splitlines()[0].split(",")


def test_codes_for_programs_are_read_by_the_scoring(
    app: object, team: FlaskClient, sender: Sender, link: Link
) -> None:
    sender.send(link, day=BEFORE)
    sent = _ask(team, link.campaign, format="interop")
    shelf = app.extensions["library"].questionnaires  # type: ignore[attr-defined]
    assert len(read_table(shelf["satisfaction"], io.StringIO(sent.text)).rows) == 1


def _ask(browser: FlaskClient, campaign: Campaign | None, **changed: str) -> TestResponse:
    form = {
        "csrf_token": token_of(browser.get("/espace").text),
        "campagne": str(campaign.id) if campaign else "",
        "lieu": "",
        "porte": "",
        "de": "",
        "a": "",
        "format": "ods",
        "contenu": "mots",
    }
    return browser.post(PAGE, data={**form, **changed}, buffered=True)


def _events(database: Database) -> list[str]:
    with database.reading() as session:
        noted = select(AccessEvent.about).where(AccessEvent.act == "exported")
        return list(session.scalars(noted))


def _person(
    database: Database, organisation: Organisation, email: str, name: str, role: str
) -> None:
    with database.writing() as session:
        person = create_person(session, organisation.id, email, name)
        set_password(session, person, PASSWORD)
        person.role = role


def _signed_in(client: FlaskClient, email: str) -> FlaskClient:
    token = token_of(client.get("/espace/connexion").text)
    form = {"csrf_token": token, "email": email, "mot_de_passe": PASSWORD}
    assert client.post("/espace/connexion", data=form).status_code == 303
    return client
