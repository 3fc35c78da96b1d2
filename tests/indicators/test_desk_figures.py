"""The pages and files of the indicators: filters, pictures, tables, and nothing too small."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from uuid import uuid4
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from werkzeug.test import TestResponse

from app.campaigns.models import Campaign
from app.db import Database
from app.organisations.actions import add_lieu, create_organisation
from app.organisations.models import Organisation
from app.organisations.queries import organisation as organisation_of
from app.web.current import today
from tests.indicators.test_desk import OpenCampaign, member, send, this_year, words
from tests.responses.conftest import Sender

__all__ = ["member", "this_year"]
PAGE = "/espace/indicateurs"
AIDE = f"{PAGE}/satisfaction.aide"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def answered(sender: Sender, this_year: Campaign) -> Campaign:
    """Return a campaign with one figure that may be shown, and one that may not."""
    send(sender, this_year, 15, sat2=3)
    send(sender, this_year, 5, sat2=0)
    send(sender, this_year, 3, sat1=3)
    return this_year


def body(reply: TestResponse) -> bytes:
    """Return a file and let it go."""
    data = reply.data
    reply.close()
    return data


def test_filters_stand_as_tags_that_are_taken_off_one_by_one(
    member: FlaskClient, answered: Campaign
) -> None:
    year = today().year
    page = member.get(
        f"{PAGE}?de={year - 1}-01&a={year}-12&campagne={answered.id}&lieu={answered.lieu_id}"
        "&comparer=an-dernier"
    ).text
    tags = re.findall(r'class="etq on" href="([^"]+)"', page)
    assert len(tags) == 4
    assert "campagne=" not in tags[1]
    assert "lieu=" in tags[1]
    assert "comparer" not in tags[3]
    assert "retirer ce filtre" in page


def test_a_lieu_narrows_the_figures_and_a_campaign_elsewhere_leaves_none(
    member: FlaskClient,
    database: Database,
    answered: Campaign,
    campaign_of: OpenCampaign,
    organisation: Organisation,
) -> None:
    with database.writing() as session:
        annexe = add_lieu(session, organisation.id, "Annexe", "Kerlann")
    campaign_of("satisfaction", lieu_id=annexe.id)
    assert "23 réponses" in words(member.get(f"{PAGE}?lieu={answered.lieu_id}").text)
    both = member.get(f"{PAGE}?lieu={annexe.id}&campagne={answered.id}")
    assert "Aucune réponse pour cette période" in words(both.text)


@pytest.mark.parametrize("name", ["campagne", "lieu"])
def test_what_belongs_elsewhere_is_unknown(
    member: FlaskClient, database: Database, answered: Campaign, name: str
) -> None:
    with database.writing() as session:
        other = create_organisation(session, "L’Escale", contact="2 quai du Port")
        foreign = add_lieu(session, other.id, "Bureau", "Port")
    for page in (PAGE, f"{AIDE}/details", f"{AIDE}/image.svg", f"{PAGE}/chiffres.csv"):
        replies = [member.get(f"{page}?{name}={one}") for one in (foreign.id, uuid4(), "x")]
        assert [reply.status_code for reply in replies] == [404] * 3
        assert len({reply.data for reply in replies}) == 1


def test_a_sentence_is_ready_to_be_copied_with_its_n_and_method(
    member: FlaskClient, answered: Campaign
) -> None:
    shown = words(member.get(PAGE).text)
    assert "(n = 20 réponses ; méthode C, après seulement ; « Votre avis aujourd’hui »" in shown


def test_thresholds_of_the_structure_hold_on_the_page(
    member: FlaskClient, database: Database, answered: Campaign, organisation: Organisation
) -> None:
    with database.writing() as session:
        organisation_of(session, organisation.id).thresholds = {"percentages": 50}
    shown = words(member.get(PAGE).text)
    assert "15 réponses sur 20 disent avoir eu l’aide voulue" in shown
    assert "75 %" not in shown
    assert "des pourcentages à partir de 50" in shown


def test_the_detail_of_an_indicator_offers_each_way(
    member: FlaskClient, answered: Campaign
) -> None:
    page = words(member.get(f"{AIDE}/details?par=porte").text)
    # The same form in every group, never « 8 sur 10 » beside « 15 sur 20 ».
    assert "téléphone 20 75 % (15 sur 20)" in page
    assert "La question n’a pas été posée" in words(member.get(f"{AIDE}/details?par=genre").text)
    hidden = words(member.get(f"{PAGE}/satisfaction.globale/details").text)
    assert "Non diffusé (moins de 5 réponses)" in hidden
    assert member.get(f"{AIDE}/details?par=couleur").status_code == 404
    assert member.get(f"{AIDE}/details?par=type").status_code == 404
    assert member.get(f"{AIDE}/details?de=2026-05&a=2026-01").status_code == 422


def test_partners_are_told_apart_by_type_and_never_by_age(
    member: FlaskClient, sender: Sender, campaign_of: OpenCampaign
) -> None:
    link = campaign_of("partenaire", doors=("partenaire",)).links[0]
    for kind in ("aide_sociale", "administration"):
        for _ in range(12):
            sender.send(link, day=date(2026, 3, 10), answers={"type": kind, "obs1": 3})
    address = f"{PAGE}/partenaire.obs1/details?de=2026-01&a=2026-12"
    page = words(member.get(f"{address}&par=type").text)
    assert "Aide sociale (CCAS, centre social…) 12" in page
    assert "Par type de structure" in page
    assert "Par âge" not in page
    assert member.get(f"{address}&par=age").status_code == 404


def test_a_picture_stands_by_itself_and_says_what_it_shows(
    member: FlaskClient, answered: Campaign
) -> None:
    reply = member.get(f"{AIDE}/image.svg")
    assert reply.headers["Content-Disposition"].startswith("attachment")
    picture = ElementTree.fromstring(body(reply))
    described = picture.find(f"{SVG}desc")
    assert picture.find(f"{SVG}title") is not None
    assert described is not None
    assert "15 réponses sur 20" in (described.text or "").replace("\u202f", " ")
    written = " ".join(" ".join(text.itertext()) for text in picture.iter(f"{SVG}text"))
    assert "n = 20" in written
    assert "Chiffres provisoires" in written
    assert "%" not in "".join(rect.get("width", "") for rect in picture.iter(f"{SVG}rect"))


@pytest.mark.document
def test_the_same_picture_has_300_points_an_inch_over_17_centimetres(
    member: FlaskClient, answered: Campaign
) -> None:
    png = body(member.get(f"{AIDE}/image.png"))
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20]) == pytest.approx(17 / 2.54 * 300, abs=2)


def test_what_is_hidden_has_no_picture_and_no_number(
    member: FlaskClient, answered: Campaign
) -> None:
    for kind in ("svg", "png"):
        assert member.get(f"{PAGE}/satisfaction.globale/image.{kind}").status_code == 404
    assert member.get(f"{AIDE}/image.svg?mesure=other").status_code == 404
    table = body(member.get(f"{PAGE}/chiffres.csv")).decode("utf-8-sig")
    (line,) = (line for line in table.splitlines() if line.startswith("satisfaction.globale"))
    assert line.split(";")[5:16] == ["", "réponses", *[""] * 9]
    assert "non diffusé" in line


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_figures_leave_with_their_base_their_interval_and_their_warnings(
    member: FlaskClient, answered: Campaign, kind: str
) -> None:
    reply = member.get(f"{AIDE}/chiffres.{kind}?comparer=precedente")
    book = CalamineWorkbook.from_object(BytesIO(body(reply)))
    heading, line = book.get_sheet_by_name("Indicateurs").to_python()
    told = dict(zip(heading, line, strict=True))
    assert (told["n"], told["Favorables"], told["Part (%)"]) == (20, 15, 75)
    assert (told["Part : entre (%)"], told["Part : et (%)"]) == (53.1, 88.8)
    assert "faible ou inconnue" in told["Précautions"]
    assert "Aucune réponse à comparer" in told["Évolution"]
    about = dict(row[:2] for row in book.get_sheet_by_name("À lire").to_python())
    assert about["Structure"] == "Le Fil numérique"
    assert about["État"].startswith("Provisoire")
    assert about["Écrit le"] == today()


def test_a_period_that_nobody_can_read_gives_no_file(
    member: FlaskClient, answered: Campaign
) -> None:
    assert member.get(f"{PAGE}/chiffres.csv?de=2026-05&a=2026-01").status_code == 404
    assert member.get(f"{PAGE}?de=2000-01&a=2000-02&comparer=an-dernier").status_code == 422
