"""The pages of results say what was answered, in French, and hide what is too little."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from app.campaigns.models import Campaign
from app.campaigns.names import NamedCampaign
from app.db import Database
from app.indicators.period import Period
from app.indicators.queries import results
from app.indicators.selection import Selection
from app.organisations.actions import create_organisation
from app.organisations.models import Organisation
from app.organisations.queries import Reach
from app.web.current import today
from tests.organisations.conftest import SignIn
from tests.responses.conftest import Sender

OpenCampaign = Callable[..., Campaign]
PAGE = "/espace/indicateurs"


@pytest.fixture
def member(client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    """Return the browser of a person of the structure."""
    sign_in()
    return client


@pytest.fixture
def this_year(campaign_of: OpenCampaign) -> Campaign:
    """Return a campaign of the current year, so that the usual period covers it."""
    year = today().year
    return campaign_of(
        "satisfaction", starts_on=date(year, 1, 1), ends_on=date(year, 12, 31), today=today()
    )


def words(page: str) -> str:
    """Return the text of a page, its spaces made plain."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def named(campaign: Campaign | None) -> tuple[NamedCampaign, ...]:
    """Return a campaign as a filter holds it."""
    if campaign is None:
        return ()
    names = ("Une campagne", "satisfaction", "Satisfaction")
    return (NamedCampaign(campaign.id, *names, campaign.lieu_id, "Le Fil", campaign.starts_on),)


def send(
    sender: Sender, campaign: Campaign, count: int, day: date | None = None, **answers: int
) -> None:
    for _ in range(count):
        sender.send(campaign.links[0], day=day or today(), answers=answers)


def test_a_structure_without_answers_is_led_to_its_campaigns(member: FlaskClient) -> None:
    assert "Ouvrez une campagne et imprimez son affiche" in words(member.get(PAGE).text)
    assert "Utiliser celui-ci" in words(member.get("/espace").text)


def test_an_indicator_is_a_sentence_with_its_numbers(
    member: FlaskClient, sender: Sender, this_year: Campaign
) -> None:
    send(sender, this_year, 15, sat2=3)
    send(sender, this_year, 5, sat2=0)
    shown = words(member.get(PAGE).text)
    assert "15 réponses sur 20 disent avoir eu l’aide voulue" in shown
    assert "75 % (15 sur 20) ; entre 53 % et 89 %." in shown
    assert "n = 20" in shown
    assert "C après seulement" in shown
    assert "Comment c’est calculé" in shown


def test_small_numbers_are_named_and_not_shown(
    member: FlaskClient, sender: Sender, this_year: Campaign
) -> None:
    send(sender, this_year, 4, day=date(today().year, 1, 1), sat2=3)
    shown = words(member.get(PAGE).text)
    assert "non diffusé (moins de 5 réponses)" in shown
    assert "4 réponses sur 4" not in shown


def test_a_campaign_and_a_period_narrow_the_figures(
    database: Database, sender: Sender, campaign_of: OpenCampaign, organisation: Organisation
) -> None:
    one, other = campaign_of("satisfaction"), campaign_of("satisfaction", doors=("papier",))
    for campaign, count, day in (
        (one, 6, date(2026, 3, 31)),
        (one, 7, date(2026, 4, 1)),
        (other, 8, date(2026, 3, 1)),
    ):
        for _ in range(count):
            sender.send(campaign.links[0], day=day, answers={"sat1": 3})
    march, spring = Period("2026-03", "2026-03"), Period("2026-03", "2026-04")
    with database.reading() as session:
        counted = [
            results(session, Reach(organisation.id), Selection(period, named(campaign))).responses
            for period, campaign in ((march, None), (spring, None), (march, one))
        ]
    assert counted == [14, 21, 6]


def test_waves_of_a_card_questionnaire_are_named(
    member: FlaskClient, sender: Sender, campaign_of: OpenCampaign
) -> None:
    year = today().year
    campaign = campaign_of(
        "progres", starts_on=date(year, 1, 1), ends_on=date(year, 12, 31), today=today()
    )
    leaving = next(link for link in campaign.links if link.wave == "sortie")
    for _ in range(6):
        sender.send(leaving, day=today(), answers={"dro4": "oui", "dro5": "non"})
    shown = words(member.get(f"{PAGE}?campagne={campaign.id}").text)
    assert "6 personnes sur 6 disent avoir fait une demande" in shown
    assert "À la fin" in shown


def test_a_wrong_period_is_said_and_the_page_stays(member: FlaskClient) -> None:
    reply = member.get(f"{PAGE}?de=2026-05&a=2026-01")
    assert reply.status_code == 422
    assert "Le premier mois vient après le dernier" in words(reply.text)


def test_a_foreign_campaign_is_an_unknown_one(
    member: FlaskClient, database: Database, campaign_of: OpenCampaign
) -> None:
    with database.writing() as session:
        create_organisation(session, "L’Escale", contact="2 quai du Port")
    unknown = member.get(f"{PAGE}?campagne={uuid4()}")
    assert unknown.status_code == 404
    assert member.get(f"{PAGE}?campagne=x").data == unknown.data


def test_the_dashboard_counts_by_door(
    member: FlaskClient, sender: Sender, campaign_of: OpenCampaign
) -> None:
    year = today().year
    campaign = campaign_of(
        "satisfaction",
        doors=("affiche", "papier"),
        starts_on=date(year, 1, 1),
        ends_on=date(year, 12, 31),
        today=today(),
    )
    by_door = {link.door: link for link in campaign.links}
    for door, count in (("affiche", 3), ("papier", 2)):
        for _ in range(count):
            sender.send(by_door[door], day=today(), answers={"sat1": 3})
    shown = words(member.get("/espace").text)
    assert "5 réponses" in shown
    assert "téléphone 3" in shown
    assert "papier 2" in shown
