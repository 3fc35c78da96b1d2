"""The desk pages of campaigns, as a browser without JavaScript sees them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.campaigns.actions import issue_cards, open_campaign
from app.campaigns.formats import FORMATS
from app.campaigns.models import Campaign, Card
from app.campaigns.queries import published
from app.db import Database
from app.organisations.actions import add_lieu, create_organisation, revise_notice
from app.organisations.models import Lieu, Organisation, Person
from app.questionnaires import Library
from app.web.current import today
from config import Keys
from tests.campaigns.conftest import TOKEN

OpenCampaign = Callable[..., Campaign]
Post = Callable[..., TestResponse]

NEW = "/espace/campagnes/nouvelle"
ANSWERS = {"questionnaire": "satisfaction", "doors": ["affiche", "borne"], "form": "courte"}


@pytest.fixture
def page(campaign: Campaign) -> str:
    return f"/espace/campagnes/{campaign.id}"


def months(client: FlaskClient) -> dict[str, str]:
    """Return the period that the form proposes."""
    chosen = re.findall(r'<option selected value="(20\d\d-\d\d)"', client.get(NEW).text)
    return {"first": chosen[0], "last": chosen[1]}


def test_nobody_enters_without_signing_in(client: FlaskClient, page: str) -> None:
    for path in ("/espace/campagnes", NEW, page, f"{page}/fermer", f"{page}/affiche/K7QF3.pdf"):
        assert client.get(path).status_code == 302


def test_the_first_day_teaches_the_next_gesture(member: FlaskClient) -> None:
    assert "Ouvrez la première" in member.get("/espace/campagnes").text


def test_the_form_is_filled_with_usual_answers(member: FlaskClient, lieu: Lieu) -> None:
    text = member.get(NEW).text
    assert lieu.name in text
    assert text.count("checked") == 5  # the questionnaire, three doors, the short form
    period = months(member)
    assert period["last"] == f"{period['first'][:4]}-12"


def test_opening_leads_to_the_links(member: FlaskClient, lieu: Lieu, post: Post) -> None:
    answer = post(NEW, **ANSWERS, **months(member), lieu=str(lieu.id), action="Ateliers <b>")
    assert answer.status_code == 303
    text = member.get(answer.location).text
    assert "La campagne est ouverte" in text
    assert "Ateliers &lt;b&gt;" in text
    assert "QR code relu par la machine" in text
    text = member.get(answer.location.partition("/affiche/")[0]).text
    assert text.count("data-copy=") == 2
    assert "Ateliers" in member.get("/espace/campagnes").text


def test_each_door_that_is_no_poster_says_what_to_do_with_its_address(
    member: FlaskClient, lieu: Lieu, post: Post
) -> None:
    answers = {**ANSWERS, "doors": ["affiche", "borne", "papier", "aide"]}
    opened = post(NEW, **answers, **months(member), lieu=str(lieu.id), action="")
    text = member.get(opened.location.partition("/affiche/")[0]).text
    for told in (
        "laissez-la affichée",
        "imprimez-la\u00a0: c’est la feuille",
        "lisez les questions",
    ):
        assert told in text
    assert text.count("(nouvel onglet)") == 4  # three doors, and the trial that keeps nothing


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"doors": []}, "au moins une porte"),
        ({"doors": ["partenaire"]}, "questionnaire partenaire"),
        ({"questionnaire": "partenaire"}, "Le lien du partenaire"),
        ({"questionnaire": "autre"}, "Un point est à revoir"),
        ({"first": f"{today().year}-12", "last": f"{today().year}-01"}, "à l’envers"),
        ({"lieu": str(uuid4())}, "Un point est à revoir"),
        ({"action": "a" * 121}, "120 caractères au plus"),
        (
            {
                "questionnaire": "progres",
                "form": "longue",
                "modules": ["cyber", "insertion", "partage"],
            },
            "28 au plus. Pour ouvrir, retirez",
        ),
    ],
)
def test_a_refusal_keeps_what_was_filled(
    member: FlaskClient, lieu: Lieu, post: Post, changed: dict[str, object], words: str
) -> None:
    fields = {**ANSWERS, **months(member), "lieu": str(lieu.id), "action": "Le mardi", **changed}
    answer = post(NEW, **fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert str(fields["action"]) in answer.text


def test_a_long_campaign_opens_and_says_that_it_is(
    member: FlaskClient, lieu: Lieu, post: Post
) -> None:
    fields = {**ANSWERS, **months(member), "lieu": str(lieu.id), "modules": ["profil"]}
    opened = post(NEW, **fields)
    assert opened.status_code == 303
    assert "c’est long pour le public." in member.get(opened.location).text


def test_an_incomplete_notice_is_named(
    member: FlaskClient, database: Database, organisation: Organisation, lieu: Lieu, post: Post
) -> None:
    fields = {**ANSWERS, **months(member), "lieu": str(lieu.id)}
    page = f"{NEW}?questionnaire=satisfaction"
    token = TOKEN.search(member.get(page).text)
    assert token is not None
    with database.writing() as session:
        revise_notice(session, organisation.id, purpose="")
    answer = member.post(NEW, data={"csrf_token": token[1], **fields})
    assert answer.status_code == 422
    assert "« Pourquoi ? »" in answer.text


def test_the_poster_is_sent_as_a_file(member: FlaskClient, campaign: Campaign, page: str) -> None:
    code = campaign.links[0].code
    answer = member.get(f"{page}/affiche/{code}.pdf?format=a5&gris=1")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-1.7")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="affiche-{code}-a5.pdf"'
    for unknown in ("ZZZZ9.pdf", f"{code}.pdf?format=b2", f"{code}.pdf?langue=ar", "ZZZZ9"):
        assert member.get(f"{page}/affiche/{unknown}").status_code == 404


@pytest.mark.parametrize("format_id", FORMATS)
def test_the_page_of_a_poster_leads_to_what_it_shows(
    member: FlaskClient, campaign: Campaign, page: str, format_id: str
) -> None:
    code = campaign.links[0].code
    text = member.get(f"{page}/affiche/{code}?format={format_id}&gris=1").text
    assert re.search(r"il ouvre bien <b[^>]*>[^<]+/" + code, text)
    assert f"jusqu’à {FORMATS[format_id].distance}" in text
    assert text.count("checked") == 2
    (shown,) = re.findall(r'<img src="([^"]+)"', text)
    (file,) = re.findall(r'href="([^"]+\.pdf[^"]+)"', text)
    for address, kind in ((shown, "image/png"), (file, "application/pdf")):
        answer = member.get(html.unescape(address))
        assert (answer.status_code, answer.mimetype) == (200, kind)
    assert f"format={format_id}" in file
    assert "gris=1" in file
    says_contact = "4 rue du Lavoir" in text and "/espace/reglages/structure#contact" in text
    assert says_contact == (format_id != "cartes")  # the only one that does not print it


def test_ones_own_first_try_is_a_trial_that_counts_nothing(member: FlaskClient, page: str) -> None:
    (trial,) = re.findall(r'href="(/essai/[^"]+)"[^>]*>[^<]*<svg', member.get(page).text)
    assert trial == "/essai/satisfaction"
    assert member.get(trial).status_code == 200


def test_a_poster_that_the_machine_cannot_read_is_not_offered(
    member: FlaskClient, campaign: Campaign, page: str, app: Flask
) -> None:
    long = f"https://avis.{'x' * 60}.exemple.fr/un/long/chemin"
    app.extensions["settings"] = replace(app.extensions["settings"], base_url=long)
    path = f"{page}/affiche/{campaign.links[0].code}"
    text = member.get(f"{path}?format=cartes").text
    assert "ne peut pas être imprimée" in text
    assert ".pdf" not in text
    refused = member.get(f"{path}.pdf?format=cartes")
    assert refused.status_code == 422
    assert "format plus grand" in refused.text
    assert member.get(f"{path}/apercu.png?format=cartes").status_code == 404
    assert member.get(f"{path}.pdf?format=a3").status_code == 200


def test_asking_for_the_head_of_a_page_changes_nothing(
    member: FlaskClient, database: Database, campaign: Campaign, page: str
) -> None:
    # The desk's own script does so when somebody asks to stay signed in.
    for path in ("/espace/campagnes", NEW, page, f"{page}/fermer"):
        assert member.head(path).status_code == 200
    with database.reading() as session:
        assert session.get_one(Campaign, campaign.id).closed_on is None


def test_a_language_that_was_not_reviewed_warns_and_can_be_turned_on_and_off(
    member: FlaskClient, page: str, post: Post
) -> None:
    assert "Traduction non relue" in member.get(page).text
    assert post(f"{page}/langues", page=page, language="ar", on="1").status_code == 303
    text = member.get(page).text
    assert "Ne plus proposer" in text
    assert text.count("العربية") == 2  # the list and its button
    assert post(f"{page}/langues", page=page, language="ar", on="0").status_code == 303
    assert "Ne plus proposer" not in member.get(page).text
    assert post(f"{page}/langues", page=page, language="xx", on="1").status_code == 422


def test_cards_are_issued_and_sent_at_once(
    member: FlaskClient, database: Database, campaign_of: OpenCampaign, post: Post
) -> None:
    page = f"/espace/campagnes/{campaign_of('progres', doors=('affiche', 'aide')).id}"
    answer = post(f"{page}/cartes.pdf", page=page, count="12")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    for wrong in ("0", "9999", "douze", ""):
        refused = post(f"{page}/cartes.pdf", page=page, count=wrong)
        assert refused.status_code == 422
        assert "entre 1 et 500" in refused.text
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Card)) == 12


def test_the_same_form_sent_twice_opens_one_campaign(
    member: FlaskClient, database: Database, lieu: Lieu, post: Post
) -> None:
    fields = {**ANSWERS, **months(member), "lieu": str(lieu.id), "key": str(uuid4())}
    first, second = post(NEW, **fields), post(NEW, **fields)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    # Back, another answer, sent again: that is another campaign.
    third = post(NEW, **{**fields, "action": "Le jeudi"})
    assert third.location != first.location
    assert post(NEW, **{**fields, "key": "n’importe quoi"}).status_code == 303
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Campaign)) == 3


def test_duplicating_fills_the_form_with_the_same_choices_for_what_follows(
    member: FlaskClient, campaign_of: OpenCampaign
) -> None:
    year = today().year
    model = campaign_of(
        "progres",
        doors=("affiche", "aide"),
        form="longue",
        action="Le jeudi",
        starts_on=date(year, 1, 1),
        ends_on=date(year, 12, 31),
    )
    text = member.get(f"{NEW}?comme={model.id}").text
    assert re.findall(r'selected value="(20\d\d-\d\d)"', text) == [
        f"{year + 1}-01",
        f"{year + 1}-12",
    ]
    chosen = re.findall(r'<input checked[^>]*value="([a-z]+)"', text)
    assert chosen == ["progres", "affiche", "aide", "longue"]
    assert 'value="Le jeudi"' in text
    for unknown in (uuid4(), "rien"):
        assert member.get(f"{NEW}?comme={unknown}").status_code == 404


def test_a_gallery_leads_to_the_form_with_its_questionnaire(
    member: FlaskClient, lieu: Lieu
) -> None:
    text = member.get(f"{NEW}?questionnaire=partenaire").text
    chosen = re.findall(r'<input checked[^>]*value="([a-z]+)"', text)
    assert chosen == ["partenaire", "partenaire", "courte"]


def test_a_structure_without_a_lieu_is_told_where_to_add_one(member: FlaskClient) -> None:
    text = member.get(NEW).text
    assert "/espace/reglages/lieux" in text
    assert "<form class=" not in text


def test_the_notice_is_confirmed_before_the_first_campaign(
    member: FlaskClient,
    database: Database,
    organisation: Organisation,
    lieu: Lieu,
) -> None:
    with database.writing() as session:
        revise_notice(session, organisation.id, purpose="Autre chose")
    answer = member.get(f"{NEW}?questionnaire=progres")
    assert answer.status_code == 303
    assert answer.location == (
        "/espace/reglages/notice?suite=/espace/campagnes/nouvelle%3Fquestionnaire%3Dprogres"
    )
    with database.writing() as session:
        for person in session.scalars(select(Person)):
            person.role = "mediateur"
    text = member.get(NEW).text
    assert "n’a pas encore été relue" in text
    assert "Ouvrir la campagne" in text


def test_a_closed_campaign_opens_again_with_the_same_codes(
    member: FlaskClient, database: Database, campaign: Campaign, page: str, post: Post
) -> None:
    assert post(f"{page}/rouvrir", last=f"{today():%Y-%m}").status_code in (303, 422)
    post(f"{page}/fermer")
    assert "Rouvrir" in member.get(page).text
    year = today().year
    assert post(f"{page}/rouvrir", last="2020-01").status_code == 422
    assert post(f"{page}/rouvrir", last=f"{year + 1}-02").status_code == 303
    with database.reading() as session:
        found = session.get_one(Campaign, campaign.id)
        assert (found.closed_on, found.ends_on.year, found.ends_on.month) == (None, year + 1, 2)
        assert [link.code for link in found.links] == [link.code for link in campaign.links]
    assert (
        "déjà ouverte" in member.get(post(f"{page}/rouvrir", last=f"{year + 1}-02").location).text
    )


def test_the_page_counts_the_answers_of_each_door_and_the_cards_that_came_back(
    member: FlaskClient,
    database: Database,
    campaign_of: OpenCampaign,
    keys: Keys,
) -> None:
    year = today().year
    opened = campaign_of(
        "progres",
        doors=("affiche", "borne"),
        starts_on=date(year, 1, 1),
        ends_on=date(year, 12, 31),
    )
    codes = {(link.wave, link.door): link.code for link in opened.links}
    with database.writing() as session:
        cards = issue_cards(session, keys, session.get_one(Campaign, opened.id), 4)
        questionnaire = published(session, opened.version)
    for wave, door, card in (
        ("entree", "affiche", cards[0]),
        ("entree", "affiche", cards[1]),
        ("sortie", "borne", cards[0]),
    ):
        posed = questionnaire.passing(wave).posed[0]
        answer = {posed.key: str(posed.question.options[0].code), "carte": card}
        assert member.post(f"/{codes[wave, door]}", data=answer).status_code == 200
    text = member.get(f"/espace/campagnes/{opened.id}").text
    rows = re.findall(r'<th scope="row">([^<]+)</th>\s*<td[^>]*>(\d+)</td>', text)
    assert [int(count) for _, count in rows] == [2, 0, 0, 1, 0, 0]
    said = " ".join(re.sub(r"<[^>]+>", "", text).replace("\xa0", " ").split())
    assert "Au début : 2 cartes sur 4 sont revenues." in said
    assert "À la fin : 1 carte sur 4 est revenue." in said
    assert "Avant et après : 1 carte sur 4 a servi" in said


def test_closing_asks_once_more_then_takes_effect(
    member: FlaskClient, database: Database, campaign: Campaign, page: str, post: Post
) -> None:
    assert "Pensez à enlever les affiches" in member.get(f"{page}/fermer").text
    with database.reading() as session:
        assert session.get_one(Campaign, campaign.id).closed_on is None
    assert post(f"{page}/fermer").status_code == 303
    with database.reading() as session:
        assert session.get_one(Campaign, campaign.id).closed_on is not None
    assert post(f"{page}/fermer").status_code == 303
    assert "déjà fermée" in member.get(page).text


def test_a_post_without_the_token_of_our_page_is_refused(
    member: FlaskClient, database: Database, campaign: Campaign, page: str
) -> None:
    for path, fields in ((f"{page}/fermer", {"x": "1"}), (f"{page}/langues", {"language": "ar"})):
        assert member.post(path, data=fields).status_code == 400
    with database.reading() as session:
        assert session.get_one(Campaign, campaign.id).closed_on is None


def test_the_campaign_of_another_structure_is_as_unknown_as_none(
    member: FlaskClient, database: Database, library: Library
) -> None:
    with database.writing() as session:
        other = create_organisation(session, "Autre", contact="ailleurs")
        theirs = open_campaign(
            session,
            library,
            other.id,
            questionnaire="satisfaction",
            lieu_id=add_lieu(session, other.id, "Ailleurs").id,
            starts_on=date(2026, 1, 1),
            ends_on=date(2026, 12, 31),
            doors=["affiche"],
            today=date(2026, 3, 10),
        )
    code = theirs.links[0].code
    for suffix in ("", "/fermer", f"/affiche/{code}.pdf"):
        paths = [f"/espace/campagnes/{one}{suffix}" for one in (theirs.id, uuid4())]
        answers = [member.get(path) for path in paths]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].data == answers[1].data
    assert "Autre" not in member.get("/espace/campagnes").text


def test_each_module_is_offered_once_with_its_questionnaires(
    member: FlaskClient, lieu: Lieu, library: Library
) -> None:
    text = member.get(NEW).text
    modules = {module.id for one in library.questionnaires.values() for module in one.modules}
    assert modules
    for module in modules:
        assert text.count(f'name="modules" type="checkbox" value="{module}"') == 1
    assert text.count("<b>Mes progrès</b>") == 1
    assert "<b>Mes progrès, en une fois</b>" in text
