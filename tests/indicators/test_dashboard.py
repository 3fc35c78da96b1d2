"""The first page of the desk: what arrived, what is open, what is said, what is next."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.campaigns.models import Campaign
from app.db import Database
from app.indicators.dashboard import MANY, dashboard
from app.indicators.period import Period
from app.organisations.actions import (
    add_lieu,
    confirm_notice,
    create_organisation,
    create_person,
    disable,
)
from app.organisations.models import AccessEvent, Lieu, Organisation, Person, PersonLieu
from app.organisations.queries import Reach, find_member
from app.organisations.roles import MEDIATEUR
from app.partners.actions import add_partner, invite, note_sent
from app.partners.models import PartnerInvitation
from app.web.current import today
from config import Keys
from tests.organisations.conftest import SignIn, token_of
from tests.responses.conftest import Sender

OpenCampaign = Callable[..., Campaign]
PAGE = "/espace"


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture
def member(client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    """Return the browser of a responsable."""
    sign_in()
    return client


@pytest.fixture
def open_now(campaign_of: OpenCampaign) -> OpenCampaign:
    """Return a function that opens a campaign over the present year."""

    def open_one(questionnaire: str = "satisfaction", **options: object) -> Campaign:
        year = today().year
        days = {
            "starts_on": date(year, 1, 1),
            "ends_on": date(year, 12, 31),
            "today": today(),
        }
        return campaign_of(questionnaire, **{**days, **options})

    return open_one


def send(sender: Sender, campaign: Campaign, count: int, **changed: object) -> None:
    for _ in range(count):
        sender.send(campaign.links[0], **{"day": today(), **changed})


def post(client: FlaskClient, path: str) -> None:
    reply = client.post(path, data={"csrf_token": token_of(client.get(PAGE).text)})
    assert reply.status_code == 303


def test_the_first_day_teaches_the_first_step(member: FlaskClient) -> None:
    page = member.get(PAGE).text
    assert "Bienvenue, Nolwenn" in words(page)
    assert 'href="/essai/satisfaction"' in page
    assert 'href="/espace/campagnes/nouvelle?questionnaire=satisfaction"' in page
    assert "Voir avec des réponses inventées" in page
    assert "data-compteurs" not in page


def test_the_count_follows_the_period(
    member: FlaskClient, sender: Sender, open_now: OpenCampaign
) -> None:
    year = today().year
    campaign = open_now(starts_on=date(year - 1, 1, 1))
    send(sender, campaign, 3)
    send(sender, campaign, 2, day=date(year - 1, 1, 5))
    january, month = f"{year - 1}-01", f"{today():%Y-%m}"
    periods = (("", 3), (f"?de={january}&a={january}", 2), (f"?de={january}&a={month}", 5))
    for period, count in periods:
        assert f'<b data-compte="total">{count}</b>' in member.get(f"{PAGE}{period}").text
    wrong = member.get(f"{PAGE}?de=2026-05&a=2026-01")
    assert wrong.status_code == 422
    assert "Le premier mois vient après le dernier" in words(wrong.text)


def test_what_came_since_the_last_visit_is_counted_from_that_day(
    database: Database, keys: Keys, sender: Sender, organisation: Organisation, campaign: Campaign
) -> None:
    day = date(2026, 3, 20)
    with database.writing() as session:
        person = create_person(session, organisation.id, "lea@exemple.fr", "Léa")
        person.previous_visit = date(2026, 3, 12)
    for sent_on, count in ((date(2026, 3, 11), 4), (date(2026, 3, 12), 2), (day, 1)):
        send(sender, campaign, count, day=sent_on)
    with database.reading() as session:
        member = find_member(session, person.id)
        assert member is not None
        period = Period("2026-01", "2026-03")
        board = dashboard(session, keys, member, Reach(organisation.id), period, day)
        assert board.since is not None
        assert (board.since.day, board.since.responses) == (date(2026, 3, 12), 3)
        assert not board.since.is_many
        assert board.since.responses < MANY
        assert board.responses == 7


def test_tiles_keep_rule_11(member: FlaskClient, sender: Sender, open_now: OpenCampaign) -> None:
    campaign = open_now()
    send(sender, campaign, 4, answers={"sat1": 3})
    shown = words(member.get(PAGE).text)
    assert "Les premiers résultats s’affichent à partir de 5 réponses" in shown
    assert "disent" not in shown
    send(sender, campaign, 3, answers={"sat1": 0})
    shown = words(member.get(PAGE).text)
    assert "4 sur 7 réponses disent que cela s’est bien ou très bien passé" in shown
    assert "%" not in shown
    send(sender, campaign, 13, answers={"sat1": 3})
    shown = words(member.get(PAGE).text)
    assert "85 % disent que cela s’est bien ou très bien passé" in shown
    assert "17 réponses sur 20 ; entre 64 % et 95 %" in shown
    assert "comment c’est calculé" in shown


@pytest.mark.usefixtures("one_moment")
def test_comments_obey_the_rule_of_the_day_and_reading_them_is_journaled_once_an_hour(
    member: FlaskClient, database: Database, sender: Sender, open_now: OpenCampaign
) -> None:
    campaign = open_now()
    send(sender, campaign, 1, texts={"frein_jour": "Le <b>bruit</b> du jour"})
    assert "bruit" not in member.get(PAGE).text
    assert events(database) == []
    yesterday = today() - timedelta(days=1)
    send(sender, campaign, 1, day=yesterday, texts={"frein_jour": "Le <b>bruit</b> d’hier"})
    for _ in range(2):
        page = member.get(PAGE).text
        assert "Le &lt;b&gt;bruit&lt;/b&gt; d’hier" in page
        assert "du jour" not in page
    assert events(database) == [("read", "derniers commentaires")]


def events(database: Database) -> list[tuple[str, str]]:
    with database.reading() as session:
        done = select(AccessEvent).where(AccessEvent.act != "entered")
        return [(one.act, one.about) for one in session.scalars(done)]


def test_what_to_do_next_comes_from_facts(
    member: FlaskClient,
    database: Database,
    sender: Sender,
    open_now: OpenCampaign,
    organisation: Organisation,
) -> None:
    campaign = open_now()
    shown = words(member.get(PAGE).text)
    assert "Relire la notice" in shown
    assert "pas encore de réponse" in shown
    assert "Remettre l’affiche en vue" not in shown  # it was perhaps opened a minute ago
    send(sender, campaign, 1, day=today() - timedelta(days=8))
    assert "Remettre l’affiche en vue" in words(member.get(PAGE).text)
    with database.writing() as session:
        confirm_notice(session, organisation.id, today())
        create_person(session, organisation.id, "lea@exemple.fr", "Léa Dupré")
    send(sender, campaign, 1)
    shown = words(member.get(PAGE).text)
    for gone in ("Relire la notice", "Remettre l’affiche en vue"):
        assert gone not in shown
    assert "Accueillir Léa Dupré" in shown


def test_a_campaign_that_ends_soon_and_months_to_freeze_are_named(
    database: Database, keys: Keys, sender: Sender, organisation: Organisation, campaign: Campaign
) -> None:
    with database.writing() as session:
        person = create_person(session, organisation.id, "lea@exemple.fr", "Léa")
    send(sender, campaign, 1, day=date(2026, 11, 3))
    with database.reading() as session:
        member = find_member(session, person.id)
        assert member is not None
        for day, ends in ((date(2026, 12, 16), False), (date(2026, 12, 17), True)):
            board = dashboard(
                session, keys, member, Reach(organisation.id), Period("2026-01", "2026-12"), day
            )
            steps = {step.what: step for step in board.steps}
            assert ("Prévoir la suite" in steps) is ends
            assert "Novembre 2026" in steps["Arrêter les chiffres"].why


def test_somebody_of_one_lieu_sees_and_counts_that_lieu_only(
    member: FlaskClient,
    database: Database,
    sender: Sender,
    open_now: OpenCampaign,
    organisation: Organisation,
    lieu: Lieu,
    person: Person,
) -> None:
    with database.writing() as session:
        other = add_lieu(session, organisation.id, "Mairie", "Kerlann")
    here, there = open_now(), open_now(lieu_id=other.id)
    send(sender, here, 2)
    send(sender, there, 5)
    with database.writing() as session:
        mine = session.get_one(Person, person.id)
        mine.role, mine.everywhere = MEDIATEUR, False
        session.add(PersonLieu(person_id=mine.id, lieu_id=lieu.id))
    page = member.get(PAGE).text
    assert '<b data-compte="total">2</b>' in page
    assert str(there.id) not in page
    counted = member.get("/espace/compteurs").json
    assert counted["total"] == 2
    assert list(counted["campaigns"]) == [str(here.id)]
    assert member.get(f"/espace/compteurs?campagne={there.id}").status_code == 404
    assert member.get(f"/espace/campagnes/{there.id}/compteur").status_code == 404


def test_the_counters_say_each_door_and_do_not_keep_the_session_alive(
    member: FlaskClient, sender: Sender, open_now: OpenCampaign
) -> None:
    campaign = open_now(doors=("affiche", "papier"))
    by_door = {link.door: link for link in campaign.links}
    sender.send(by_door["affiche"], day=today())
    reply = member.get("/espace/compteurs")
    counted = reply.json["campaigns"][str(campaign.id)]
    assert counted["total"] == 1
    assert counted["doors"] == {"téléphone": 1, "papier": 0}
    assert "<svg" in counted["drawn"]
    assert "Set-Cookie" not in reply.headers
    assert "Set-Cookie" in member.get(PAGE).headers
    assert member.get(f"/espace/compteurs?campagne={campaign.id}").json["total"] == 1
    for unknown in (uuid4(), "x"):
        assert member.get(f"/espace/compteurs?campagne={unknown}").status_code == 404


def test_the_big_count_shows_a_number_and_a_code_and_nothing_that_was_said(
    member: FlaskClient, sender: Sender, open_now: OpenCampaign
) -> None:
    campaign = open_now()
    send(sender, campaign, 6, texts={"frein_jour": "Le bruit"})
    page = member.get(f"/espace/campagnes/{campaign.id}/compteur").text
    assert '<b data-compte="total">6</b>' in page
    assert f"/{campaign.links[0].code}</b>" in page
    assert "Le bruit" not in page


def test_a_visit_to_the_demonstration_is_a_life_apart(
    app: Flask, member: FlaskClient, database: Database, organisation: Organisation
) -> None:
    post(member, "/espace/demonstration")
    page = member.get(PAGE).text
    assert "Démonstration : données inventées" in words(page)
    assert "Revenir à ma structure" in page
    post(member, "/espace/demonstration/quitter")
    page = member.get(PAGE).text
    assert "Bienvenue, Nolwenn" in words(page)
    assert "données inventées" not in page
    post(member, "/espace/demonstration")
    with database.reading() as session:
        demos = select(func.count()).select_from(Organisation).where(Organisation.is_demo)
        assert session.scalar(demos) == 1
        mine = select(func.count()).select_from(Campaign)
        assert not session.scalar(mine.where(Campaign.organisation_id == organisation.id))


def test_a_visitor_has_no_right_over_their_own_structure_and_none_once_disabled(
    member: FlaskClient, database: Database, open_now: OpenCampaign, person: Person
) -> None:
    post_token = token_of(member.get(PAGE).text)
    assert member.post("/espace/demonstration", data={"csrf_token": post_token}).status_code == 303
    own = open_now()
    assert member.get(f"/espace/campagnes/{own.id}").status_code == 404
    with database.writing() as session:
        disable(session, session.get_one(Person, person.id))
    shown = member.get(PAGE)
    assert shown.headers["Location"].startswith("/espace/connexion")
    token = token_of(member.get("/espace/connexion").text)
    back = member.post("/espace/demonstration/quitter", data={"csrf_token": token})
    assert back.status_code == 401
    assert member.get(PAGE).status_code == 302


def test_nobody_comes_back_who_did_not_leave(member: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        create_organisation(session, "L’Escale", contact="2 quai du Port")
    post(member, "/espace/demonstration/quitter")
    assert "Bienvenue, Nolwenn" in words(member.get(PAGE).text)


def test_partners_are_written_to_then_reminded_after_a_week_on_their_own_page(
    member: FlaskClient,
    database: Database,
    keys: Keys,
    sender: Sender,
    open_now: OpenCampaign,
    organisation: Organisation,
) -> None:
    campaign = open_now("partenaire", doors=("partenaire",))
    page = f"/espace/partenaires?campagne={campaign.id}"
    shown = member.get(PAGE).text
    assert "Écrire aux partenaires" in words(shown)
    assert f'href="{page}"' in shown
    assert "Imprimer l’affiche" not in words(shown)
    with database.writing() as session:
        asked = [
            invite(
                session,
                keys,
                add_partner(session, organisation.id, name, "autre", today=today()),
                campaign.links[0],
                today(),
            )
            for name in ("CCAS", "Mairie")
        ]
        for one in asked:
            note_sent(session, one, today() - timedelta(days=6))
    shown = words(member.get(PAGE).text)
    assert "Écrire aux partenaires" not in shown
    assert "Relancer les partenaires" not in shown
    with database.writing() as session:
        session.get_one(PartnerInvitation, asked[0].id).sent_on = today() - timedelta(days=7)
    shown = member.get(PAGE).text
    assert "Relancer les partenaires" in words(shown)
    assert "1 partenaire n’a pas répondu depuis 7 jours" in words(shown)
    assert f'href="{page}&amp;etat=attend"' in shown


def test_the_words_of_partners_are_not_among_those_of_the_public(
    member: FlaskClient, sender: Sender, open_now: OpenCampaign
) -> None:
    before = today() - timedelta(days=1)
    send(sender, open_now("partenaire", doors=("entretien",)), 1, day=before,
         texts={"exemple": "Une dame que nous suivons"})  # fmt: skip
    assert "Une dame que nous suivons" not in words(member.get(PAGE).text)
    send(sender, open_now(), 1, day=before, texts={"mot": "Merci à vous"})
    shown = words(member.get(PAGE).text)
    assert "Merci à vous" in shown
    assert "Une dame que nous suivons" not in shown
