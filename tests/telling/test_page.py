"""The page where people tell: what it asks, in which words, and that nothing is chosen."""

from __future__ import annotations

import gzip
import re
from html import unescape

import pytest

from app.questionnaires import Library
from app.testimonies.asking import asked
from app.testimonies.consents import SCOPES
from app.web.current import today
from app.web.static import static_file
from tests.answering.conftest import KEY
from tests.telling.conftest import Before, Teller

_INPUT = re.compile(r"<input[^>]*type=\"(?:radio|checkbox)\"[^>]*>")


def test_every_choice_is_asked_apart_and_none_is_made(teller: Teller) -> None:
    page = teller.client.get(teller.path).text
    inputs = _INPUT.findall(page)
    assert not [one for one in inputs if "checked" in one]
    names = {re.search(r'name="(\w+)"', one)[1] for one in inputs}  # type: ignore[index]
    assert names == {*SCOPES, "capacite", "themes"}
    assert "required" not in page
    for scope in SCOPES:
        assert len(re.findall(rf'<fieldset class="accord" id="{scope}"', page)) == 1


def test_the_year_and_who_reads_are_said(teller: Teller) -> None:
    page = unescape(teller.client.get(teller.path).text)
    assert f"Jusqu’en {today().year + 3} au plus." in page
    asked = page[page.index('id="aide-garder_media"') :]
    assert "L’équipe" in asked[: asked.index("</p>")]
    assert "Dire non ne change rien pour vous." in page


def test_the_page_may_record_and_no_answering_page_may(teller: Teller) -> None:
    headers = teller.client.get(teller.path).headers
    assert "microphone=(self)" in headers["Permissions-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in headers
    home = teller.client.get("/").headers["Permissions-Policy"]
    assert "microphone=()" in home


def test_each_name_stands_once(teller: Teller) -> None:
    names = re.findall(r' id="([^"]+)"', teller.client.get(teller.path).text)
    assert len(names) == len(set(names))


def test_its_own_code_leads_there(teller: Teller) -> None:
    reply = teller.client.get(f"/{teller.code.lower()}")
    assert (reply.status_code, reply.headers["Location"]) == (303, teller.path)


def test_any_questionnaire_leads_there_once_it_is_answered(before: Before) -> None:
    person = before("satisfaction")
    page = person.client.post(f"/{person.code}", data={"sat1": "3"})
    assert f'href="{person.path}"' in page.text
    assert "Voulez-vous raconter" in page.text
    told = person.client.get(person.path)
    assert told.status_code == 200
    assert "De quoi parle votre histoire" in told.text
    assert 'value="soixante_dix_plus"' in told.text


def test_a_trial_leads_nowhere(before: Before) -> None:
    person = before("satisfaction")
    page = person.client.post("/essai/satisfaction", data={"sat1": "3"})
    assert "/temoigner/" not in page.text


def test_a_trial_of_a_testimony_shows_the_page_and_keeps_nothing(teller: Teller) -> None:
    page = teller.client.get("/essai/temoignage")
    assert page.status_code == 200
    assert "Essai" in page.text
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]
    assert 'action="/essai/temoignage/unique"' in page.text
    sent = teller.send({"recit": "Merci"}, "/essai/temoignage/unique")
    assert "rien n’est gardé" in sent.text
    assert teller.send({}, "/essai/temoignage").status_code == 422
    assert teller.kept() == []


def test_an_unknown_code_gives_the_words_back(teller: Teller) -> None:
    page = teller.send({"recit": "Mes mots à moi"}, "/temoigner/ZZZZ9")
    assert page.status_code == 404
    assert "Mes mots à moi" in page.text


def test_an_organisation_is_asked_as_one(before: Before) -> None:
    partner = before("partenaire", doors=["partenaire"])
    page = unescape(partner.client.get(partner.path).text)
    assert "Que voyez-vous changer chez les personnes" in page
    assert "Votre organisation accepte-t-elle" in page
    for absent in ('name="garder_media"', 'name="capacite"', 'name="voix"', "mon âge"):
        assert absent not in page


@pytest.mark.parametrize("language", ["fr", "ar"])
@pytest.mark.parametrize("for_organisation", [False, True])
def test_the_words_of_each_choice_are_whole(
    library: Library, language: str, for_organisation: bool
) -> None:
    every = asked(
        library.interface(language), "L’équipe", today(), for_organisation=for_organisation
    )
    for one in every:
        for option in one.options:
            choice = one.chosen(option.code)
            question, explanation, label = choice.words.split("\n")
            assert (question, explanation, label) == (one.question, one.explanation, option.label)
            assert "{" not in choice.words
            assert choice.language == language


def test_the_page_and_its_script_are_light(teller: Teller) -> None:
    plain = teller.client.get(teller.path)
    squeezed = teller.client.get(teller.path, headers={"Accept-Encoding": "gzip"})
    assert (plain.headers.get("Content-Encoding"), squeezed.headers["Content-Encoding"]) == (
        None,
        "gzip",
    )
    same = [KEY.sub("", page) for page in (plain.text, gzip.decompress(squeezed.data).decode())]
    assert same[0] == same[1]
    assert len(squeezed.data) <= 10 * 1024
    assert len(static_file("telling.js").squeezed) <= 6_000
