"""The desk of partners: who is in the list, who is asked, and what nobody may do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.campaigns.models import Campaign, Link
from app.db import Database
from app.organisations.actions import create_person, set_password
from app.organisations.models import AccessEvent, Organisation
from app.organisations.roles import MEDIATEUR
from app.organisations.team import change_role
from app.partners.models import Partner, PartnerInvitation
from app.web.current import today
from config import Smtp
from tests.mailbox import Mailbox, open_mailbox
from tests.organisations.conftest import EMAIL, PASSWORD, post, token_of, words

PAGE = "/espace/partenaires"
Open = Callable[..., Campaign]


@pytest.fixture
def member(client: FlaskClient, database: Database, organisation: Organisation) -> FlaskClient:
    with database.writing() as session:
        person = create_person(session, organisation.id, EMAIL, "Nolwenn Le Guen")
        set_password(session, person, PASSWORD)
    return enter(client, EMAIL)


def enter(client: FlaskClient, email: str) -> FlaskClient:
    token = token_of(client.get("/espace/connexion").text)
    data = {"csrf_token": token, "email": email, "mot_de_passe": PASSWORD}
    assert client.post("/espace/connexion", data=data).status_code == 303
    return client


@pytest.fixture
def asking(campaign_of: Open) -> Link:
    year = today().year
    days = {"starts_on": date(year, 1, 1), "ends_on": date(year, 12, 31), "today": today()}
    return campaign_of("partenaire", doors=("partenaire",), **days).links[0]


@pytest.fixture
def mailbox(app: Flask) -> Iterator[Mailbox]:
    with open_mailbox() as mailbox:
        smtp = Smtp.from_url(f"smtp://127.0.0.1:{mailbox.port}")
        app.extensions["settings"] = replace(app.extensions["settings"], smtp=smtp)
        yield mailbox


def add(member: FlaskClient, name: str = "CCAS de Kerlann", **said: str) -> TestResponse:
    data = {"name": name, "kind": "aide_sociale", **said}
    return post(member, f"{PAGE}/nouveau", data)


def only(database: Database) -> tuple[Partner, PartnerInvitation | None]:
    with database.reading() as session:
        partner = session.scalars(select(Partner)).one()
        return partner, session.scalars(select(PartnerInvitation)).one_or_none()


def write(member: FlaskClient, database: Database, link: Link, **said: str) -> TestResponse:
    partner, _ = only(database)
    data = {"campagne": str(link.campaign_id), **said}
    return post(member, f"{PAGE}/{partner.id}/lettre", data)


def told(member: FlaskClient, reply: TestResponse) -> str:
    """Return what the next page says."""
    assert reply.status_code == 303
    return words(member.get(reply.headers["Location"]).text)


def test_the_first_day_leads_to_a_campaign(member: FlaskClient) -> None:
    page = words(member.get(PAGE).text)
    assert "La liste est vide" in page
    assert "/espace/campagnes/nouvelle?questionnaire=partenaire" in page


def test_a_partner_is_added_changed_and_archived(member: FlaskClient, database: Database) -> None:
    assert add(member, email="a@", name="").status_code == 422
    assert add(member, kind="banque").status_code == 422
    assert add(member, contact_name="Anne <b>").status_code == 303
    twice = add(member)
    assert twice.status_code == 422
    assert "déjà dans la liste" in twice.text
    partner, _ = only(database)
    one = f"{PAGE}/{partner.id}"
    assert "Anne &lt;b&gt;" in member.get(one).text
    changed = {"name": "CCAS", "kind": "autre", "email": "ccas@example.fr"}
    assert "ccas@example.fr" in told(member, post(member, f"{one}/modifier", changed))
    assert "archivé" in told(member, post(member, f"{one}/archiver"))
    assert one not in member.get(PAGE).text
    assert one in member.get(f"{PAGE}?etat=archives").text
    told(member, post(member, f"{one}/archiver", {"remettre": "oui"}))
    assert one in member.get(PAGE).text
    assert "Ne rien supprimer" in member.get(f"{one}/supprimer").text
    assert only(database)[0].email == "ccas@example.fr"
    assert one not in told(member, post(member, f"{one}/supprimer"))
    assert member.get(one).status_code == 404
    with database.reading() as session:
        assert set(session.scalars(select(AccessEvent.act))) == {"entered", "partners"}


def test_a_list_is_pasted_and_what_is_wrong_stays(member: FlaskClient, database: Database) -> None:
    add(member)
    pasted = "Mairie ; mairie\nCCAS de Kerlann ; social\n; sans nom"
    page = post(member, f"{PAGE}/importer", {"lines": pasted})
    assert page.status_code == 200
    said = words(page.text)
    assert "1 partenaire ajouté" in said
    assert "Déjà dans la liste" in said
    assert "Il manque le nom" in said
    assert re.search(r"<textarea[^>]*>\s*; sans nom</textarea>", page.text)
    with database.reading() as session:
        assert len(session.scalars(select(Partner)).all()) == 2


def test_everybody_is_asked_at_once_and_nothing_leaves(
    member: FlaskClient, database: Database, asking: Link, mailbox: Mailbox
) -> None:
    add(member, email="ccas@example.fr")
    add(member, "Mairie")
    form = {"campagne": str(asking.campaign_id)}
    assert "2 lettres prêtes" in told(member, post(member, f"{PAGE}/inviter", form))
    assert "0 lettre prête" in told(member, post(member, f"{PAGE}/inviter", form))
    page = words(member.get(PAGE).text)
    assert page.count("lettre à envoyer") >= 2
    assert "Personne" in page
    assert mailbox.received == []


def test_a_letter_is_copied_then_noted(
    member: FlaskClient, database: Database, asking: Link
) -> None:
    add(member, email="ccas@example.fr")
    partner, _ = only(database)
    post(member, f"{PAGE}/{partner.id}/inviter", {"campagne": str(asking.campaign_id)})
    page = words(member.get(f"{PAGE}/{partner.id}").text)
    link = re.search(r'value="(http[^"]+/partenaire/[^"]+)"', page)
    assert link
    assert page.count(link[1]) == 2
    assert "L’envoyer par e-mail" not in page
    assert "C’est noté" in told(member, write(member, database, asking, geste="envoyee"))
    _, invitation = only(database)
    assert invitation
    assert (invitation.sent_on, invitation.reminders) == (today(), 0)
    assert "prochaine sera possible" in words(member.get(f"{PAGE}/{partner.id}").text)
    assert "par semaine" in told(member, write(member, database, asking, geste="envoyee"))
    assert "<b>0 sur 1 partenaire</b> a répondu" in words(member.get(PAGE).text)


def test_a_letter_leaves_by_mail_then_a_reminder_a_week_later(
    member: FlaskClient, database: Database, asking: Link, mailbox: Mailbox
) -> None:
    add(member, email="ccas@example.fr", contact_name="Anne Riou")
    partner, _ = only(database)
    post(member, f"{PAGE}/{partner.id}/inviter", {"campagne": str(asking.campaign_id)})
    assert "La lettre est partie" in told(member, write(member, database, asking, geste="courriel"))
    mailbox.wait(1)
    assert mailbox.received[0]["To"] == "ccas@example.fr"
    assert "Bonjour Anne Riou" in mailbox.text()
    assert re.search(r"/partenaire/[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}", mailbox.text())
    assert "par semaine" in told(member, write(member, database, asking, geste="courriel"))
    assert len(mailbox.received) == 1
    with database.writing() as session:
        session.scalars(select(PartnerInvitation)).one().sent_on = today() - timedelta(days=7)
    write(member, database, asking, geste="courriel")
    mailbox.wait(2)
    assert "nous manque encore" in mailbox.text()
    _, invitation = only(database)
    assert invitation
    assert (invitation.reminded_on, invitation.reminders) == (today(), 1)


def test_a_letter_that_could_not_leave_is_not_noted(
    member: FlaskClient, database: Database, asking: Link, mailbox: Mailbox
) -> None:
    add(member, email="ccas@example.fr")
    partner, _ = only(database)
    post(member, f"{PAGE}/{partner.id}/inviter", {"campagne": str(asking.campaign_id)})
    mailbox.is_refusing = True
    assert "n’a pas pu partir" in told(member, write(member, database, asking, geste="courriel"))
    _, invitation = only(database)
    assert invitation
    assert invitation.sent_on is None


def test_no_letter_leaves_a_demonstration_or_goes_to_an_archived_partner(
    member: FlaskClient, database: Database, organisation: Organisation, asking: Link,
    mailbox: Mailbox,
) -> None:  # fmt: skip
    add(member, email="ccas@example.fr")
    partner, _ = only(database)
    one = f"{PAGE}/{partner.id}"
    post(member, f"{one}/inviter", {"campagne": str(asking.campaign_id)})
    with database.writing() as session:
        session.get_one(Organisation, organisation.id).is_demo = True
    assert "L’envoyer par e-mail" not in words(member.get(one).text)
    write(member, database, asking, geste="courriel")
    assert mailbox.received == []
    with database.writing() as session:
        session.get_one(Organisation, organisation.id).is_demo = False
        session.scalars(select(PartnerInvitation)).one().sent_on = None
    post(member, f"{one}/archiver")
    assert "archivé" in told(member, write(member, database, asking, geste="courriel"))
    assert mailbox.received == []
    _, invitation = only(database)
    assert invitation
    assert invitation.sent_on is None


def test_an_answer_is_read_in_full_and_the_reading_is_noted(
    member: FlaskClient, database: Database, asking: Link, app: Flask
) -> None:
    add(member)
    partner, _ = only(database)
    one = f"{PAGE}/{partner.id}"
    post(member, f"{one}/inviter", {"campagne": str(asking.campaign_id)})
    path = re.search(r"/partenaire/[0-9A-Z-]+", member.get(one).text)
    assert path
    said = {"type": "aide_sociale", "res3": "1", "exemple": "Elles <i>osent</i>."}
    assert app.test_client().post(path[0], data=said).status_code == 200
    page = words(member.get(one).text)
    assert "Elles &lt;i&gt;osent&lt;/i&gt;." in page
    assert "a répondu" in page
    assert "Lire la lettre" not in page
    assert "<b>1 sur 1 partenaire</b> a répondu" in words(member.get(PAGE).text)
    with database.reading() as session:
        assert "read" in set(session.scalars(select(AccessEvent.act)))


def test_who_answered_by_the_shared_link_is_noted_on_their_word(
    member: FlaskClient, database: Database, asking: Link
) -> None:
    add(member)
    partner, _ = only(database)
    one, form = f"{PAGE}/{partner.id}", {"campagne": str(asking.campaign_id)}
    post(member, f"{one}/inviter", form)
    write(member, database, asking, geste="envoyee")
    assert "sur sa parole" in told(member, post(member, f"{one}/lien-commun", form))
    assert "déjà répondu" in told(member, write(member, database, asking, geste="envoyee"))
    again = post(member, f"{one}/lien-commun", {**form, "reprendre": "oui"})
    assert "sans réponse" in told(member, again)


def test_a_mediateur_of_other_lieux_sees_the_list_and_no_letter(
    member: FlaskClient, database: Database, organisation: Organisation, asking: Link, app: Flask
) -> None:
    add(member)
    partner, _ = only(database)
    one, form = f"{PAGE}/{partner.id}", {"campagne": str(asking.campaign_id)}
    post(member, f"{one}/inviter", form)
    with database.writing() as session:
        sam = create_person(session, organisation.id, "sam@example.fr", "Sam", MEDIATEUR)
        set_password(session, sam, PASSWORD)
        change_role(session, sam, MEDIATEUR, [])
    limited = enter(app.test_client(), "sam@example.fr")
    assert "CCAS de Kerlann" in limited.get(PAGE).text
    page = limited.get(one)
    assert page.status_code == 200
    assert "/partenaire/" not in page.text
    assert post(limited, f"{one}/lettre", form).status_code == 404
    assert limited.get(f"{PAGE}?campagne={asking.campaign_id}").status_code == 404
