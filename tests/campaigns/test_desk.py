"""The desk pages of campaigns, as a browser without JavaScript sees them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.campaigns.actions import open_campaign
from app.campaigns.models import Campaign, Card
from app.db import Database
from app.organisations.actions import add_lieu, create_organisation, revise_notice
from app.organisations.models import Lieu, Organisation
from app.questionnaires import Library
from app.web.current import today

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
    assert text.count("data-copy=") == 2
    assert "Ateliers" in member.get("/espace/campagnes").text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"doors": []}, "au moins une porte"),
        ({"doors": ["partenaire"]}, "questionnaire partenaire"),
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


def test_an_incomplete_notice_is_named(
    member: FlaskClient, database: Database, organisation: Organisation, lieu: Lieu, post: Post
) -> None:
    with database.writing() as session:
        revise_notice(session, organisation.id, purpose="")
    answer = post(NEW, **ANSWERS, **months(member), lieu=str(lieu.id))
    assert answer.status_code == 422
    assert "« Pourquoi ? »" in answer.text


def test_the_poster_is_sent_as_a_file(member: FlaskClient, campaign: Campaign, page: str) -> None:
    answer = member.get(f"{page}/affiche/{campaign.links[0].code}.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-1.7")
    assert campaign.links[0].code in answer.headers["Content-Disposition"]
    assert member.get(f"{page}/affiche/ZZZZ9.pdf").status_code == 404


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
    assert text.count("العربية") == 3  # the list, its button, the poster
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
