"""The gallery: what each questionnaire asks and measures, and the way to try and to open it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from app.answering.trial import trial_path
from app.questionnaires import Library
from tests.organisations.conftest import SignIn, person, sign_in
from tests.web.test_headers import ALWAYS, POLICY, protections

__all__ = ["person", "sign_in"]
PAGE = "/espace/questionnaires"


@pytest.fixture
def member(client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    """Return the browser of a person of the structure."""
    sign_in()
    return client


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_the_gallery_says_what_each_is_for_how_long_and_in_which_languages(
    member: FlaskClient, library: Library
) -> None:
    page = member.get(PAGE).text
    shown = words(page)
    for asked in library.questionnaires.values():
        assert f'href="{PAGE}/{asked.id}"' in page
        assert f'href="/espace/campagnes/nouvelle?questionnaire={asked.id}"' in page
    assert "8 questions, 2 minutes (longue : 12, 3 minutes)" in shown
    assert "Au début : 7 questions, 2 minutes" in shown
    assert "Satisfaction des personnes".lower() in shown
    assert "العربية (traduction non relue)" in shown
    assert "Français (" not in shown  # it is no translation
    assert "C après seulement" in shown


def test_one_is_read_in_full_as_people_read_it(member: FlaskClient, library: Library) -> None:
    for asked in library.questionnaires.values():
        shown = words(member.get(f"{PAGE}/{asked.id}").text).replace("'", "’")
        for question in asked.questions.values():
            for text in (question.text, *(option.text for option in question.options)):
                assert " ".join(text.fr.replace("'", "’").split()) in shown, text
        for indicator in asked.indicators.values():
            assert indicator.title.fr.replace("'", "’") in shown.replace("'", "’")


def test_what_is_optional_says_so(member: FlaskClient) -> None:
    shown = words(member.get(f"{PAGE}/satisfaction").text)
    assert "Avez-vous parlé de ce lieu à quelqu’un ? Forme longue" in shown
    assert "Quel âge avez-vous ? En plus : âge, genre, situation" in shown
    assert "Si vous avez répondu « Oui »" in shown


def test_the_phone_shows_the_trial_and_the_code_leads_there(
    member: FlaskClient, library: Library
) -> None:
    page = member.get(f"{PAGE}/progres").text
    assert f'<iframe src="{trial_path(library.questionnaires["progres"])}"' in page
    assert '<svg class="qr"' in page
    assert "localhost:8000/essai/progres" in page or "/essai/progres</b>" in page
    for path in re.findall(r'(?:href|src)="(/essai/[^"]+)"', page):
        assert member.get(path).status_code == 200, path
    assert "/essai/progres/sortie" in page
    assert "/essai/progres/entree/ar" in page


def test_only_the_gallery_may_hold_a_frame_of_ours(member: FlaskClient) -> None:
    framing = POLICY.replace("frame-ancestors", "frame-src 'self'; frame-ancestors")
    for path in (PAGE, f"{PAGE}/satisfaction"):
        assert protections(member.get(path)) == {**ALWAYS, "Content-Security-Policy": framing}
    assert protections(member.get("/espace/campagnes")) == ALWAYS


def test_an_unknown_questionnaire_is_not_found(member: FlaskClient) -> None:
    assert member.get(f"{PAGE}/rien").status_code == 404
