"""What becomes of a testimony: kept once with its choices, or given back whole."""

from __future__ import annotations

import re
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from html import escape, unescape
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from app.answering.limits import Limiter
from app.campaigns.actions import close_campaign, turn_language_on
from app.campaigns.models import Campaign
from app.db import Database
from app.partners.actions import add_partner, invite
from app.partners.tokens import token_of
from app.questionnaires import Library
from app.telling import sending
from app.testimonies.consents import SCOPES, ends_on
from app.web.current import today
from config import Keys
from tests.answering.conftest import KEY, THIS_YEAR
from tests.telling.conftest import WORDS, Before, Teller, receipt_on

ALL_YES = {
    "lieu": "oui", "bilan": "oui", "financeurs": "oui", "public": "oui", "garder_media": "oui",
    "montrer_media": "oui", "relire": "oui", "duree": "un_an",
}  # fmt: skip


def holds(page: Any, words: str = WORDS) -> bool:
    return escape(words, quote=False) in page.text


def test_a_testimony_is_kept_with_each_choice_and_its_exact_words(teller: Teller) -> None:
    form = {**ALL_YES, "public": "non", "recit": WORDS, "nom": "prenom", "prenom": " Liliane "}
    page = teller.send({**form, "themes": ["lien", "autre"], "capacite": "adulte"})
    code = receipt_on(page)
    one = teller.only()
    assert (one.origin, one.day, one.language, one.capacity) == (
        "personne", today(), "fr", "adulte",
    )  # fmt: skip
    assert one.themes == ["lien", "autre"]
    assert one.expires_on == ends_on(form["duree"], one.day)
    assert one.expires_on.year == one.day.year + 1
    assert teller.parts() == {"original": WORDS, "signature": "Liliane"}
    agreed = teller.agreed()
    assert set(agreed) == set(SCOPES)
    shown = unescape(teller.client.get(teller.path).text)
    for scope, (choice, words, language) in agreed.items():
        assert choice == form[scope]
        assert language == "fr"
        for line in words.split("\n"):
            assert line in shown, scope
    assert "Liliane" not in "".join(words for _, words, _ in agreed.values())
    assert teller.client.post("/recu", data={"code": code}).status_code == 200


def test_silence_agrees_to_nothing_and_ends_in_three_years(teller: Teller) -> None:
    page = teller.send({"recit": WORDS})
    assert teller.agreed() == {}
    assert (teller.only().capacity, teller.only().age_band) == (None, None)
    assert teller.only().expires_on.year == today().year + 3
    assert "Vos mots ne sont montrés nulle part" in unescape(page.text)


@pytest.mark.parametrize("sent", ["peut-être", "OUI", "1", ""])
def test_what_is_no_choice_is_a_refusal(teller: Teller, sent: str) -> None:
    assert teller.send({"recit": WORDS, "lieu": sent, "nom": sent}).status_code == 200
    assert teller.agreed() == {}


def test_a_name_or_an_age_is_kept_only_when_chosen(teller: Teller) -> None:
    typed = {"recit": WORDS, "prenom": "Liliane", "age": "soixante_dix_plus"}
    teller.send({**typed, "nom": "rien"})
    assert teller.parts() == {"original": WORDS}
    assert teller.only().age_band is None


def test_an_age_band_is_kept_when_chosen(teller: Teller) -> None:
    teller.send({"recit": WORDS, "nom": "age_lieu", "age": "soixante_dix_plus"})
    assert teller.only().age_band == "soixante_dix_plus"


def test_the_slip_says_yes_and_no_until_when_and_how_to_take_it_back(teller: Teller) -> None:
    form = {"recit": WORDS, "lieu": "oui", "bilan": "non", "nom": "prenom", "prenom": "Ève"}
    page = unescape(teller.send({**form, "capacite": "mineur", "duree": "bilan"}).text)
    paper = page[page.index('<section class="papier"') :]
    assert f"31 décembre {THIS_YEAR + 1}" in paper.replace("\xa0", " ")
    assert "/recu" in paper
    assert paper.count("Premier parent") == paper.count("Deuxième parent") == 1
    assert "Ève" in paper
    replies = [one.replace("\xa0", " ") for one in re.findall(r"<dd>(.*?)</dd>", paper)]
    silent = "Pas de réponse : c’est non"
    assert replies[:5] == ["Oui", "Non", silent, silent, "Un prénom que je choisis"]
    assert f"jusqu’au 31 décembre {THIS_YEAR + 1}" in replies[-1]
    assert WORDS not in paper


@pytest.mark.parametrize(
    ("capacity", "expected", "absent"),
    [
        ("protege", "Personne qui vous protège", "Premier parent"),
        ("adulte", "Vos choix", "signature"),
        ("", "nous vous demandons votre âge", "signature"),
    ],
)
def test_who_must_sign_has_a_line(
    teller: Teller, capacity: str, expected: str, absent: str
) -> None:
    form = {"recit": WORDS, "nom": "prenom", "prenom": "Ève", "capacite": capacity}
    page = unescape(teller.send(form).text)
    assert expected in page
    assert absent not in page


def test_a_refused_file_without_words_leaves_nothing(teller: Teller) -> None:
    key = teller.key()
    form = {"cle": key, "garder_media": "oui", "lieu": "oui"}
    page = teller.send({**form, "voix": (BytesIO(b"MZ" * 900), "voix.mp3")})
    assert (page.status_code, teller.kept()) == (422, [])
    said = unescape(page.text)
    assert "Votre voix n’est pas gardée" in said
    assert "Le reste est bien arrivé" not in said
    assert re.search(r'name="lieu" value="oui" checked', said)
    # The same page, with words, is kept as if nothing had come before.
    receipt_on(teller.send({**form, "recit": WORDS}))
    assert teller.parts() == {"original": WORDS}


def test_a_refused_file_costs_neither_words_nor_another_file(teller: Teller) -> None:
    page = teller.send(
        {"recit": WORDS, "garder_media": "oui", "voix": (BytesIO(b"MZ" * 900), "voix.mp3")}
    )
    receipt_on(page)
    assert "Le reste est bien arrivé" in page.text
    assert teller.parts() == {"original": WORDS}


def test_a_file_whose_fate_was_not_chosen_is_never_dropped_without_a_word(teller: Teller) -> None:
    form = {"cle": teller.key(), "recit": WORDS, "lieu": "oui"}
    page = teller.send({**form, "photo": (BytesIO(b"MZ" * 900), "photo.jpg")})
    assert (page.status_code, holds(page), teller.kept()) == (422, True, [])
    said = unescape(page.text)
    assert 'href="#garder_media"' in said
    assert 'id="faute-garder_media"' in said
    assert "choisissez encore le fichier" in said
    assert re.search(r'name="lieu" value="oui" checked', said)
    again = {**form, "garder_media": "non", "photo": (BytesIO(b"MZ" * 900), "photo.jpg")}
    receipt_on(teller.send(again))
    assert teller.parts() == {"original": WORDS}


def test_nothing_at_all_is_given_back_gently(teller: Teller) -> None:
    page = teller.send({"cle": teller.key(), "lieu": "oui", "recit": "  \n "})
    assert page.status_code == 422
    assert 'href="#recit"' in page.text
    assert re.search(r'name="lieu" value="oui" checked', page.text)
    assert teller.kept() == []


@pytest.mark.parametrize(("length", "status"), [(2000, 200), (2001, 422)])
def test_a_text_too_long_says_by_how_much(teller: Teller, length: int, status: int) -> None:
    words = "é" * (length - 1) + "🌻"
    page = teller.send({"recit": words})
    assert page.status_code == status
    if status == 422:
        assert words in page.text
        assert "Enlevez environ 1 lettres" in page.text
        assert 'aria-invalid="true"' in page.text


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"nom": "prenom"}, "prenom"),
        ({"nom": "prenom", "prenom": "x" * 61}, "prenom"),
        ({"nom": "age_lieu"}, "age"),
        ({"nom": "age_lieu", "age": "cent_ans"}, "age"),
    ],
)
def test_a_choice_that_lacks_its_word_is_asked_for(
    teller: Teller, form: dict[str, str], field: str
) -> None:
    page = teller.send({"recit": WORDS, **form})
    assert page.status_code == 422
    assert f'href="#{field}"' in page.text
    assert f'id="faute-{field}"' in page.text
    assert holds(page)


def test_sending_again_is_one_testimony_and_the_same_code(teller: Teller) -> None:
    form = {"recit": WORDS, "cle": teller.key()}
    assert receipt_on(teller.send(form)) == receipt_on(teller.send(form))
    assert len(teller.kept()) == 1


def test_many_retries_at_once_are_one(teller: Teller) -> None:
    form, together = {"recit": WORDS, "cle": teller.key()}, threading.Barrier(12)

    def send(_: int) -> str:
        together.wait()
        return receipt_on(teller.app.test_client().post(teller.path, data=form))

    with ThreadPoolExecutor(12) as pool:
        assert len(set(pool.map(send, range(12)))) == 1
    assert len(teller.kept()) == 1


def test_another_one_under_the_same_key_has_two_ways_out(teller: Teller) -> None:
    form = {"recit": WORDS, "cle": teller.key()}
    first = receipt_on(teller.send(form))
    page = teller.send({**form, "recit": "Autre chose"})
    assert page.status_code == 409
    assert "Autre chose" in page.text
    found = KEY.search(page.text)
    assert found is not None
    again = {"recit": "Autre chose", "cle": found[1], "premiere": form["cle"]}
    assert receipt_on(teller.send({**again, "garder": "1"})) == first
    assert len(teller.kept()) == 1
    assert receipt_on(teller.send(again)) != first
    assert len(teller.kept()) == 2


def test_a_changed_choice_is_another_content(teller: Teller) -> None:
    form = {"recit": WORDS, "cle": teller.key(), "lieu": "oui"}
    teller.send(form)
    assert teller.send({**form, "lieu": "non"}).status_code == 409


def test_one_erased_while_it_is_sent_again_does_not_come_back(teller: Teller) -> None:
    """Retries that were on their way come before its erasure, or learn of it; never after it."""
    for _ in range(5):
        form = {"cle": teller.key(), "recit": WORDS, **ALL_YES}
        code = receipt_on(teller.send(form))
        go = threading.Barrier(9)

        def again(form: dict[str, str] = form, go: threading.Barrier = go) -> int:
            go.wait()
            path, client = teller.path, teller.app.test_client()
            return client.post(path, data=form, content_type="multipart/form-data").status_code

        def erase(code: str = code, go: threading.Barrier = go) -> int:
            go.wait()
            form = {"code": code, "effacer": "oui"}
            return teller.app.test_client().post("/recu", data=form).status_code

        with ThreadPoolExecutor(9) as crowd:
            sent = [crowd.submit(again) for _ in range(8)]
            assert crowd.submit(erase).result() == 200
            assert {one.result() for one in sent} <= {200, 410}
        assert teller.kept() == []
        assert teller.send(form).status_code == 410


def test_an_erased_one_does_not_come_back(teller: Teller) -> None:
    form = {"recit": WORDS, "cle": teller.key()}
    code = receipt_on(teller.send(form))
    assert teller.client.post("/recu", data={"code": code, "effacer": "oui"}).status_code == 200
    assert teller.send(form).status_code == 410
    assert teller.kept() == []


def test_a_stranger_s_page_is_refused_with_the_words(teller: Teller) -> None:
    page = teller.send({"recit": WORDS}, headers={"Sec-Fetch-Site": "cross-site"})
    assert (page.status_code, holds(page)) == (403, True)
    assert teller.kept() == []


def test_too_many_wait_with_their_words(teller: Teller) -> None:
    teller.app.extensions["answering"].limiter = Limiter(1)
    teller.send({"recit": "Un"})
    page = teller.send({"recit": WORDS})
    assert (page.status_code, holds(page)) == (429, True)
    assert page.headers["Retry-After"]


@pytest.mark.parametrize(
    ("code", "status"), [(sqlite3.SQLITE_BUSY, 503), (sqlite3.SQLITE_FULL, 507)]
)
def test_a_pause_gives_everything_back(
    teller: Teller, monkeypatch: pytest.MonkeyPatch, code: int, status: int
) -> None:
    def refuse(*_: object) -> None:
        trouble = sqlite3.OperationalError("en panne")
        trouble.sqlite_errorcode = code
        raise OperationalError("", {}, trouble)

    monkeypatch.setattr(sending, "keep", refuse)
    page = teller.send({"recit": WORDS, "bilan": "oui", "cle": (key := teller.key())})
    assert (page.status_code, holds(page)) == (status, True)
    assert re.search(r'name="bilan" value="oui" checked', page.text)
    assert key in page.text
    assert page.headers["Retry-After"]


def test_a_closed_campaign_gives_the_words_back(
    before: Before, database: Database, teller: Teller
) -> None:
    with database.writing() as session:
        campaign = session.get_one(Campaign, entrance(teller).campaign.id)
        campaign.starts_on, campaign.ends_on = date(2020, 1, 1), date(2020, 12, 31)
    teller.app.extensions["answering"].entrances.forget()
    assert teller.client.get(teller.path).status_code == 410
    page = teller.send({"recit": WORDS})
    assert (page.status_code, holds(page)) == (410, True)
    assert teller.kept() == []


@pytest.mark.parametrize(("days_ago", "status"), [(1, 200), (3, 410)])
def test_a_day_of_grace_is_left_to_who_was_writing(
    database: Database, teller: Teller, days_ago: int, status: int
) -> None:
    with database.writing() as session:
        campaign = session.get_one(Campaign, entrance(teller).campaign.id)
        campaign.starts_on = date(2020, 1, 1)
        close_campaign(campaign, today() - timedelta(days_ago))
    teller.app.extensions["answering"].entrances.forget()
    assert teller.send({"recit": WORDS}).status_code == status
    assert len(teller.kept()) == (1 if status == 200 else 0)


def test_an_old_page_of_its_own_code_is_taken_too(teller: Teller) -> None:
    assert teller.send({"recit": WORDS}, f"/{teller.code}").status_code == 200
    assert teller.parts()["original"] == WORDS


def test_arabic_is_kept_in_its_words(
    app: Flask, teller: Teller, database: Database, library: Library
) -> None:
    with database.writing() as session:
        turn_language_on(
            session, library, session.get_one(Campaign, entrance(teller).campaign.id), "ar"
        )
    teller.app.extensions["answering"].entrances.forget()
    page = teller.client.get(f"{teller.path}/ar")
    assert 'dir="rtl"' in page.text
    assert 'action="' + teller.path + '/ar"' in page.text
    sent = teller.send({"recit": "شكرا", "lieu": "oui"}, f"{teller.path}/ar")
    assert sent.status_code == 200
    choice, words, language = teller.agreed()["lieu"]
    assert (choice, language, words.split("\n")[-1]) == ("oui", "ar", "نعم")
    assert teller.only().language == "ar"


def test_a_partner_signs_as_an_organisation(before: Before, database: Database, keys: Keys) -> None:
    partner = before("partenaire", doors=["partenaire"])
    form = {"recit": WORDS, "nom": "organisation", "organisation": "CCAS de Kerlann"}
    token = _token(partner, database, keys)
    page = partner.send({**form, "bilan": "oui", "garder_media": "oui", "invitation": token})
    receipt_on(page)
    one = partner.only()
    assert (one.origin, one.capacity) == ("partenaire", "adulte")
    assert one.partner_id is not None
    assert set(partner.agreed()) == {"nom", "bilan"}
    assert partner.parts()["signature"] == "CCAS de Kerlann"


def test_a_wrong_invitation_is_nobody_s(before: Before) -> None:
    partner = before("partenaire", doors=["partenaire"])
    partner.send({"recit": WORDS, "invitation": "ABCD-EFGH-JKMNP"})
    assert partner.only().partner_id is None


def test_the_name_of_an_invited_organisation_is_written_beforehand(
    before: Before, database: Database, keys: Keys
) -> None:
    partner = before("partenaire", doors=["partenaire"])
    token = _token(partner, database, keys)
    page = unescape(partner.send({"ouvrir": "1", "invitation": token}).text)
    assert 'name="organisation" value="CCAS' in page
    for form in ({"invitation": "ABCD"}, {"invitation": token, "organisation": "Mairie"}):
        page = unescape(partner.send({"ouvrir": "1", **form}).text)
        assert f'name="organisation" value="{form.get("organisation", "")}"' in page


def test_an_invitation_signs_nothing_of_the_public(
    before: Before, database: Database, keys: Keys, teller: Teller
) -> None:
    token = _token(before("partenaire", doors=["partenaire"]), database, keys)
    teller.send({"recit": WORDS, "invitation": token})
    assert teller.only().partner_id is None


SIGNED = "Votre organisation signe"


@pytest.mark.parametrize("form", [{"ouvrir": "1"}, {}])
def test_every_page_that_signs_says_who_signs(
    before: Before, database: Database, keys: Keys, form: dict[str, str]
) -> None:
    partner = before("partenaire", doors=["partenaire"])
    token = _token(partner, database, keys)
    page = partner.send({"invitation": token, **form})
    assert page.status_code == (200 if form else 422)
    said = unescape(page.text)
    assert SIGNED in said
    assert "<bdi>CCAS de Kerlann</bdi>" in said
    assert f'href="{partner.path}"' in said  # the way out
    assert f'<input type="hidden" name="invitation" value="{token}">' in page.text


@pytest.mark.parametrize("form", [{"ouvrir": "1"}, {}])
def test_a_page_that_does_not_sign_carries_no_invitation(
    before: Before, database: Database, keys: Keys, teller: Teller, form: dict[str, str]
) -> None:
    partner = before("partenaire", doors=["partenaire"])
    token = _token(partner, database, keys)
    for pages in (
        partner.send({"invitation": "ABCD-EFGH-JKMNP", **form}),
        partner.send({"invitation": token, "sans_signer": "1", **form}),
        teller.send({"invitation": token, **form}),
        partner.client.get(partner.path),
    ):
        assert SIGNED not in pages.text
        assert 'name="invitation"' not in pages.text


def test_whoever_would_rather_not_sign_does_not(
    before: Before, database: Database, keys: Keys
) -> None:
    partner = before("partenaire", doors=["partenaire"])
    token = _token(partner, database, keys)
    page = partner.send({"recit": WORDS, "invitation": token})
    assert "Votre réponse est signée" in unescape(page.text)
    page = partner.send({"recit": WORDS, "invitation": token, "sans_signer": "1"})
    assert "Votre réponse est signée" not in unescape(page.text)
    assert sorted(one.partner_id is None for one in partner.kept()) == [False, True]


def test_a_page_written_while_the_database_rests_still_says_that_it_is_signed(
    before: Before, database: Database, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("", {}, sqlite3.OperationalError("database is locked"))

    partner = before("partenaire", doors=["partenaire"])
    token = _token(partner, database, keys)
    monkeypatch.setattr(sending, "invitation_of", refuse)
    page = partner.send({"recit": WORDS, "invitation": token})
    assert (page.status_code, holds(page)) == (503, True)
    assert SIGNED in page.text
    assert f'name="invitation" value="{token}"' in page.text


def entrance(teller: Teller) -> Any:
    with teller.app.app_context():
        return teller.app.extensions["answering"].entrances.find(teller.code)


def _token(partner: Teller, database: Database, keys: Keys) -> str:
    link = entrance(partner).link
    with database.writing() as session:
        asked = add_partner(
            session, link.organisation_id, "CCAS de Kerlann", "aide_sociale", today=today()
        )
        invitation = invite(session, keys, asked, link, today())
        return token_of(keys, invitation.id)
