"""The personal link of a partner: said on the page, signed with the answer, used once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.campaigns.actions import close_campaign
from app.campaigns.models import Campaign, Link
from app.db import Database
from app.organisations.models import Organisation
from app.partners.actions import add_partner, invite
from app.partners.models import PartnerInvitation
from app.partners.tokens import personal_address
from app.responses import receipts
from app.responses.models import Response
from app.web.current import today
from app.web.journal import LOGGER
from config import Keys
from tests.answering.conftest import KEY, Person, receipt_on

NAME = "CCAS de <Kerlann> & Cie"
WORDS = "Elles reviennent seules."


@dataclass
class Partner:
    """Be somebody of an organisation, at its personal link."""

    client: FlaskClient
    database: Database
    path: str
    link: Link
    invitation_id: Any

    def open(self, path: str = "") -> TestResponse:
        return self.client.get(path or self.path)

    def key(self) -> str:
        found = KEY.search(self.open().text)
        assert found, self.open().text
        return found[1]

    def send(self, **data: str) -> TestResponse:
        return self.client.post(self.path, data={"res3": "0", "exemple": WORDS, **data})

    def invitation(self) -> PartnerInvitation:
        with self.database.reading() as session:
            return session.get_one(PartnerInvitation, self.invitation_id)

    def answers(self) -> list[Response]:
        with self.database.reading() as session:
            return list(session.scalars(select(Response)))


@pytest.fixture
def partner(
    app: Flask,
    client: FlaskClient,
    database: Database,
    keys: Keys,
    organisation: Organisation,
    open_today: Callable[..., Campaign],
) -> Partner:
    link = open_today("partenaire", doors=("partenaire",)).links[0]
    with database.writing() as session:
        one = add_partner(session, organisation.id, NAME, "aide_sociale", today=today())
        invitation = invite(session, keys, one, link, today())
    path = personal_address("", keys, invitation.id)
    return Partner(client, database, path, link, invitation.id)


def test_the_page_says_who_signs_and_how_not_to(partner: Partner) -> None:
    page = partner.open()
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in page.headers
    assert "CCAS de &lt;Kerlann&gt; &amp; Cie" in page.text
    assert "Vous répondez pour" in page.text
    assert f'href="/{partner.link.code}"' in page.text
    shared = partner.open(f"/{partner.link.code}").text
    assert "Kerlann&gt;" not in shared
    assert "Vous répondez pour" not in shared
    assert partner.open(partner.path.lower().replace("-", "")).status_code == 200


def test_an_answer_is_signed_and_the_thanks_say_so(partner: Partner) -> None:
    thanks = partner.send(cle=partner.key())
    assert thanks.status_code == 200
    assert "Votre réponse est signée" in thanks.text
    assert "Nous n’avons pas votre nom" not in thanks.text
    signed, [answer] = partner.invitation(), partner.answers()
    assert (signed.answered_on, signed.response_id) == (today(), answer.id)
    assert answer.link_id == partner.link.id
    assert answer.answers == {"res3": 0}
    again = partner.open()
    assert again.status_code == 200
    assert "déjà répondu" in again.text
    assert "<form" not in again.text


def test_the_thanks_lead_to_a_testimony_that_knows_the_partner(partner: Partner) -> None:
    thanks = partner.send(cle=partner.key())
    token = partner.path.rpartition("/")[2]
    assert f'action="/temoigner/{partner.link.code}"' in thanks.text
    assert f'name="invitation" value="{token}"' in thanks.text
    page = partner.client.post(
        f"/temoigner/{partner.link.code}", data={"ouvrir": "1", "invitation": token}
    )
    assert page.status_code == 200
    assert f'name="invitation" value="{token}"' in page.text


def test_the_same_form_sent_twice_is_one_signed_answer(partner: Partner) -> None:
    key = partner.key()
    first, second = partner.send(cle=key), partner.send(cle=key)
    assert receipt_on(first) == receipt_on(second)
    assert len(partner.answers()) == 1
    conflict = partner.send(cle=key, res3="1")
    assert conflict.status_code == 409
    assert WORDS in conflict.text


def test_a_colleague_who_answers_too_keeps_every_word_and_may_send_without_signing(
    partner: Partner,
) -> None:
    key = partner.key()
    partner.send(cle=partner.key())
    late = partner.send(cle=key, res3="1", exemple="Un autre regard.")
    assert late.status_code == 409
    assert "Un autre regard." in late.text
    assert "Envoyer sans signer" in late.text
    [first] = partner.answers()
    unsigned = partner.send(cle=key, res3="1", exemple="Un autre regard.", sans_signer="1")
    assert unsigned.status_code == 200
    assert "Votre réponse est signée" not in unsigned.text
    assert len(partner.answers()) == 2
    assert partner.invitation().response_id == first.id


def test_a_form_given_back_still_signs(partner: Partner) -> None:
    wrong = partner.send(cle=partner.key(), res3="99")
    assert wrong.status_code == 422
    assert "Vous répondez pour" in wrong.text
    found = KEY.search(wrong.text)
    assert found
    assert partner.send(cle=found[1]).status_code == 200
    assert partner.invitation().answered_on == today()


def test_an_answer_by_the_shared_link_signs_nothing(
    partner: Partner, person_at: Callable[[str], Person]
) -> None:
    person = person_at(partner.link.code)
    token = partner.path.rpartition("/")[2]
    page = person.send({"cle": person.key(), "res3": "0", "invitation": token})
    assert page.status_code == 200
    assert partner.invitation().answered_on is None


def test_every_unknown_link_answers_alike_and_says_to_copy_it_again(partner: Partner) -> None:
    unknown = partner.open("/partenaire/0000-0000-00000")
    assert unknown.status_code == 404
    assert "Copiez-le en entier depuis l’e-mail." in unknown.text
    assert "affiche" not in unknown.text
    assert unknown.text == partner.open("/partenaire/x").text
    arabic = partner.open("/partenaire/0000-0000-00000/ar").text
    assert '<html lang="ar" dir="rtl">' in arabic
    assert "انسخه كاملًا" in arabic
    for path in ("/partenaire/x", "/partenaire/0000-0000-00000/ar", f"{partner.path}/uk"):
        assert partner.open(path).status_code == 404
    sent = partner.client.post("/partenaire/0000-0000-00000", data={"exemple": WORDS})
    assert sent.status_code == 404
    assert WORDS in sent.text
    assert partner.answers() == []


def test_the_signs_stand_in_no_log_and_in_no_unknown_page(
    partner: Partner, caplog: pytest.LogCaptureFixture
) -> None:
    token = partner.path.rpartition("/")[2]
    LOGGER.addHandler(caplog.handler)
    try:
        with caplog.at_level(logging.DEBUG):
            partner.send(cle=partner.key())
            partner.open(f"{partner.path}/uk")
            assert token[:8] not in partner.open(f"/partenaire/{token[:-1]}").text
    finally:
        LOGGER.removeHandler(caplog.handler)
    assert "GET /partenaire/<token>" in caplog.text
    assert token not in caplog.text
    assert token.replace("-", "") not in caplog.text


def test_a_closed_campaign_says_so_and_keeps_the_words(partner: Partner) -> None:
    with partner.database.writing() as session:
        campaign = session.get_one(Campaign, partner.link.campaign_id)
        close_campaign(campaign, today())
        campaign.closed_on = today() - timedelta(days=60)
        campaign.starts_on = today() - timedelta(days=400)
    partner.client.application.extensions["answering"].entrances.forget()
    assert partner.open().status_code == 410
    closed = partner.send()
    assert closed.status_code == 410
    assert WORDS in closed.text
    assert partner.invitation().answered_on is None


def test_the_receipt_erases_and_the_link_opens_nothing_more(partner: Partner) -> None:
    code = receipt_on(partner.send(cle=partner.key()))
    assert receipts.normalise(code)
    gone = partner.client.post("/recu", data={"code": code, "effacer": "oui"})
    assert gone.status_code == 200
    assert partner.answers() == []
    left = partner.invitation()
    assert (left.answered_on, left.response_id) == (today(), None)
    assert "déjà répondu" in partner.open().text
