"""The page on which people answer, as it leaves the server."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from html import unescape
from itertools import combinations, product
from typing import cast

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.answering.pages import Voice, write_questions
from app.answering.spliced import MARK, Spliced
from app.campaigns.actions import close_campaign, turn_language_on
from app.campaigns.checks import CampaignError, check_length
from app.campaigns.models import Campaign
from app.db import Database
from app.organisations.actions import revise_notice
from app.organisations.notice import usual
from app.organisations.queries import current_notice
from app.questionnaires import Library
from app.questionnaires.definition import Form, Passing, Questionnaire
from app.testimonies.consents import USES
from app.web.static import static_file
from app.web.typography import of, typographic
from config import PROJECT
from tests.answering.conftest import KEY, THIS_YEAR, OpenToday, Person

#: P16: the page, its style, its pictograms and its script.
MOST_BYTES = 10 * 1024
QUESTIONNAIRES = sorted(path.stem for path in (PROJECT / "surveys/questionnaires").iterdir())
GZIP = {"Accept-Encoding": "gzip"}


def test_any_letter_case_opens_the_page_at_once(person: Person) -> None:
    for code in (person.code, person.code.lower()):
        page = person.client.get(f"/{code}")
        assert page.status_code == 200
        assert "<fieldset" in page.text


def test_each_opening_has_a_key_of_its_own(person: Person) -> None:
    assert person.key() != person.key()


def test_compressed_or_not_it_is_the_same_page(person: Person) -> None:
    plain = person.client.get(f"/{person.code}")
    squeezed = person.client.get(f"/{person.code}", headers=GZIP)
    assert squeezed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    same = [KEY.sub("", page) for page in (plain.text, gzip.decompress(squeezed.data).decode())]
    assert same[0] == same[1]


def test_nothing_is_kept_by_a_cache_and_no_cookie_is_set(person: Person) -> None:
    headers = person.client.get(f"/{person.code}").headers
    assert headers["Cache-Control"] == "no-store"
    assert not {"ETag", "Set-Cookie", "Last-Modified"} & set(headers.keys())


def test_only_the_pictograms_that_are_used_travel(person: Person) -> None:
    page = person.client.get(f"/{person.code}").text
    assert sorted(re.findall(r'<symbol id="([^"]+)"', page)) == sorted(
        set(re.findall(r'<use href="#([^"]+)"', page))
    )


def test_says_who_reads_why_how_long_and_that_it_is_a_choice(person: Person) -> None:
    page = person.client.get(f"/{person.code}").text
    head = page[: page.index("<form")]
    assert f"fin {THIS_YEAR + 1}" in head
    for said in ("Qui lit", "Pourquoi", "Obligatoire", "Effacer", f"/notice/{person.code}"):
        assert said in head


def longest(asked: Questionnaire) -> Iterator[Passing]:
    """Yield what may be asked at most at one time, in each wave and each form."""
    every = [module.id for module in asked.modules]
    for wave, form in product(asked.waves, ("courte", "longue")):
        kept: list[set[str]] = []
        for count in range(len(every), -1, -1):
            for modules in map(set, combinations(every, count)):
                if any(modules < larger for larger in kept):
                    continue
                with suppress(CampaignError):
                    check_length(asked, cast("Form", form), sorted(modules), [wave.id])
                    kept.append(modules)
                    yield asked.passing(wave.id, cast("Form", form), tuple(modules))


@pytest.mark.parametrize("questionnaire", QUESTIONNAIRES)
def test_whatever_a_campaign_may_ask_the_page_is_light_and_each_part_has_one_name(
    questionnaire: str, person: Person, library: Library
) -> None:
    asked = library.questionnaires[questionnaire]
    wordings = {code: library.wording(asked, code) for code in ("fr", "ar")}
    for passing in longest(asked):
        entrance = replace(person.entrance, questionnaire=asked, passing=passing, wordings=wordings)
        for language in wordings:
            with person.app.test_request_context():
                page = write_questions(Voice(entrance, language), date(THIS_YEAR, 3, 1))
            weight = len(Spliced(page).gzip("k" * 22)) + len(static_file("answer.js").squeezed)
            assert weight <= MOST_BYTES, (passing.wave, passing.form, passing.modules, language)
            names = re.findall(r' id="([^"]+)"', page)
            assert len(names) == len(set(names))


def test_a_conditional_question_says_for_whom_it_is(
    app: Flask, open_today: OpenToday, client: FlaskClient
) -> None:
    campaign = open_today("progres", form="longue")
    code = next(link.code for link in campaign.links if link.wave == "sortie")
    page = client.get(f"/{code}").text
    assert 'data-si="dro4=' in page
    assert re.search(r'<p class="si">Si vous avez répondu «\s?\w+', page)


def test_a_language_that_is_on_has_its_page_and_its_name(
    app: Flask, database: Database, library: Library, open_today: OpenToday, client: FlaskClient
) -> None:
    campaign = open_today()
    code = campaign.links[0].code
    assert client.get(f"/{code}/ar").status_code == 404
    with database.writing() as session:
        turn_language_on(session, library, session.merge(campaign), "ar")
    app.extensions["answering"].entrances.forget()
    page = client.get(f"/{code}/ar").text
    assert '<html lang="ar" dir="rtl">' in page
    assert '<bdi lang="fr">Le Fil numérique</bdi>' in page
    assert f'<a href="/{code}" lang="fr" hreflang="fr" dir="ltr">Français</a>' in page
    assert f'href="/{code}/ar"' in client.get(f"/{code}").text


def test_a_new_notice_is_told_at_the_next_opening(person: Person) -> None:
    entrance = person.entrance
    notice = entrance.notice
    with person.app.test_request_context():
        told = write_questions(Voice(entrance, "fr"), date(THIS_YEAR, 1, 1))
    assert notice.readers.replace("'", "’") in told
    other = replace(entrance, questionnaire=entrance.questionnaire)
    other.notice.revision += 1
    assert other.fingerprint != entrance.__dict__.get("fingerprint", ())


def test_a_tablet_keeps_no_draft_and_greets_the_next_person(
    open_today: OpenToday, client: FlaskClient
) -> None:
    page = client.get(f"/{open_today(doors=('borne',)).links[0].code}").text
    assert 'class="kiosk"' in page
    assert "data-veille" in page
    assert "data-brouillon" not in page


@pytest.mark.parametrize("path", ["/zzzz9", "/K7QF3", "/0O1I", "/K7QF3/ar", "/notice/K7QF3"])
def test_an_unknown_code_can_be_typed_again(path: str, app: Flask, client: FlaskClient) -> None:
    page = client.get(path)
    assert page.status_code == 404
    assert 'name="code"' in page.text


def test_the_typed_code_leads_to_the_questions(person: Person) -> None:
    answer = person.client.post("/", data={"code": f" {person.code.lower()} "})
    assert (answer.status_code, answer.location) == (303, f"/{person.code}")
    again = person.client.post("/", data={"code": "<b>nope"})
    assert again.status_code == 404
    assert "&lt;b&gt;nope" in again.text
    assert "<title>Erreur" in again.text
    assert re.search(r'id="code"[^>]*aria-invalid="true" autofocus>', again.text)


def test_the_first_page_stands_in_each_language(person: Person) -> None:
    assert 'href="/ar" lang="ar"' in person.client.get("/").text
    page = person.client.get("/ar").text
    assert '<html lang="ar" dir="rtl">' in page
    assert 'href="/" lang="fr"' in page
    assert 'action="/ar"' in page
    # This campaign is not asked in Arabic.
    assert person.client.post("/ar", data={"code": person.code}).location == f"/{person.code}"
    assert '<html lang="ar"' in person.client.post("/ar", data={"code": "nope"}).text


@pytest.mark.parametrize("path", ["/K7QF3/ar", "/notice/K7QF3/ar", "/temoigner/K7QF3/ar"])
def test_an_unknown_code_is_said_in_the_language_of_its_address(
    path: str, client: FlaskClient
) -> None:
    page = client.get(path).text
    assert '<html lang="ar" dir="rtl">' in page
    assert f'href="{path.removesuffix("/ar")}" lang="fr"' in page


def test_the_way_to_another_language_never_leaves_the_site(client: FlaskClient) -> None:
    assert 'href="/%5Cailleurs.example/ar"' in client.get("/%5Cailleurs.example").text


def test_an_answer_to_an_unknown_code_gives_back_what_can_be_read(client: FlaskClient) -> None:
    sent = {"sat1": "3", "mode": "seul", "plu": "Merci à Ève"}
    page = client.post("/K7QF3", data=sent).text
    assert re.findall(r'<p class="said">(.*?)</p>', page) == ["Merci à Ève"]
    assert "Votre réponse n’est pas partie." in page
    assert 'class="langs"' not in page


def test_a_closed_campaign_says_so(
    database: Database, person_at: Callable[[str], Person], open_today: OpenToday
) -> None:
    campaign: Campaign = open_today(
        starts_on=date(THIS_YEAR - 1, 1, 1), ends_on=date(THIS_YEAR - 1, 12, 31)
    )
    with database.writing() as session:
        close_campaign(session.merge(campaign), date(THIS_YEAR - 1, 6, 1))
    page = person_at(campaign.links[0].code).client.get(f"/{campaign.links[0].code}")
    assert page.status_code == 410
    assert "1er juin" in page.text.replace("\u00a0", " ")
    assert "ferme.js" in page.text
    # What was sent too late is not sent again and again by the page that says so.
    late = person_at(campaign.links[0].code).send({"cle": "k" * 22})
    assert late.status_code == 410
    assert "ferme.js" not in late.text


def test_a_campaign_to_come_says_from_when(client: FlaskClient, open_today: OpenToday) -> None:
    campaign = open_today(starts_on=date(THIS_YEAR + 1, 1, 1), ends_on=date(THIS_YEAR + 1, 12, 31))
    page = client.get(f"/{campaign.links[0].code}")
    assert page.status_code == 404
    assert str(THIS_YEAR + 1) in page.text


def test_days_and_the_way_to_the_other_language_stand_on_small_pages(
    client: FlaskClient, database: Database, library: Library, open_today: OpenToday, app: Flask
) -> None:
    campaign = open_today(starts_on=date(THIS_YEAR + 1, 1, 1), ends_on=date(THIS_YEAR + 1, 12, 31))
    code = campaign.links[0].code
    with database.writing() as session:
        turn_language_on(session, library, session.get_one(Campaign, campaign.id), "ar")
    app.extensions["answering"].entrances.forget()
    page = client.get(f"/{code}/ar").text
    assert f"01/01/{THIS_YEAR + 1}" in page
    assert f'<a href="/{code}" lang="fr" hreflang="fr" dir="ltr">Français</a>' in page
    notice = client.get(f"/notice/{code}/ar").text
    assert "31/12/" in notice
    assert f'<a href="/notice/{code}" lang="fr"' in notice


def test_the_notice_is_one_tap_away(person: Person) -> None:
    page = person.client.get(f"/notice/{person.code.lower()}")
    assert page.status_code == 200
    for said in (person.entrance.organisation.contact, "CNIL", f"31\u00a0décembre {THIS_YEAR + 1}"):
        assert said in page.text


@pytest.mark.parametrize("suffix", ["", "/ar"])
@pytest.mark.parametrize("questionnaire", ["temoignage", "satisfaction", "partenaire"])
def test_the_notice_says_what_a_story_rests_on(
    client: FlaskClient, database: Database, library: Library, open_today: OpenToday,
    questionnaire: str, suffix: str,
) -> None:  # fmt: skip
    doors = ("partenaire",) if questionnaire == "partenaire" else ("affiche",)
    campaign = open_today(questionnaire, doors=doors)
    with database.writing() as session:
        turn_language_on(session, library, session.get_one(Campaign, campaign.id), "ar")
        notice = current_notice(session, campaign.organisation_id)
    page = unescape(client.get(f"/notice/{campaign.links[0].code}{suffix}").text)
    words = library.interface(suffix.strip("/") or "fr").words
    own = "nom_organisation" if questionnaire == "partenaire" else "media_suite"
    said = ("accord_suite", *USES, "qui_suite", "reprendre_suite", own)
    page = page.replace("\xa0", " ").replace("\u202f", " ")
    for key in (*(f"notice_recit_{one}" for one in said), "notice_temoignages", "deja_imprime"):
        assert words[key] in page, key
    # Of a story, what the structure wrote of its answers is not true.
    for key, of_answers in (("interet", notice.legal_basis), ("destinataires", notice.recipients)):
        plain = typographic(of_answers) if not suffix else words[f"notice_{key}"]
        plain = plain.replace("{structure}", "\u2068Le Fil numérique\u2069")
        plain = plain.replace("\xa0", " ").replace("\u202f", " ")
        assert (plain in page) == (questionnaire != "temoignage")


def test_what_the_structure_wrote_itself_stays_in_french(
    client: FlaskClient, database: Database, library: Library, open_today: OpenToday, app: Flask
) -> None:
    campaign = open_today()
    with database.writing() as session:
        turn_language_on(session, library, session.get_one(Campaign, campaign.id), "ar")
        revise_notice(session, campaign.organisation_id, recipients="Nos élus, et nous.")
    app.extensions["answering"].entrances.forget()
    page = client.get(f"/notice/{campaign.links[0].code}/ar").text
    assert '<span lang="fr" dir="ltr">Nos élus, et nous.</span>' in page
    assert library.interface("ar")["notice_interet"] in page
    first = unescape(client.get(f"/{campaign.links[0].code}/ar").text)
    assert "فريق \u2068Le Fil numérique\u2069" in first


@pytest.mark.parametrize("name", ["Le Fil numérique", "CCAS de Kerlann", "Médiathèque " * 3])
def test_our_sentences_are_the_same_where_they_are_translated_from(
    name: str, library: Library
) -> None:
    words = library.interface("fr")
    for key, text in usual(name).values():
        assert words[f"notice_{key}"].format(structure=of(name)) == text
    assert ("mission" in usual(name)["legal_basis"][1]) == (name != "Le Fil numérique")


def test_no_page_can_hold_the_mark_of_a_hole() -> None:
    assert MARK == "\x1a"
