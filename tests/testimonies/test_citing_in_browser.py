"""Words chosen with the mouse or by boxes, and a quote copied with its signature, in Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from app.db import Database
from app.organisations.actions import create_person, set_password
from app.organisations.models import Lieu
from app.responses.texts import decrypt
from app.testimonies.models import Quote
from app.testimonies.quotes import PART
from app.web.current import today
from config import Keys
from tests.organisations.conftest import PASSWORD
from tests.testimonies.teller import EVERYWHERE, Teller

pytestmark = pytest.mark.browser

#: A letter beyond the first plane, a line break: places count in letters, on both sides.
TEXT = "Avant 🌻 j’avais peur.\nMaintenant je fais mes papiers, et je ris. Trop de monde le mardi."
SELECT = """([words]) => {
  const pane = document.querySelector("[data-masque]");
  const nodes = [], walk = document.createTreeWalker(pane, NodeFilter.SHOW_TEXT);
  let text = "";
  while (walk.nextNode()) {
    nodes.push([walk.currentNode, text.length]);
    text += walk.currentNode.data;
  }
  const find = (at) => { const [node, from] = nodes.filter(([, from]) => from <= at).pop();
                         return [node, at - from]; };
  const range = document.createRange(), start = text.indexOf(words);
  range.setStart(...find(start)); range.setEnd(...find(start + words.length - 1));
  range.setEnd(range.endContainer, range.endOffset + 1);
  const chosen = getSelection(); chosen.removeAllRanges(); chosen.addRange(range);
}"""


@pytest.fixture
def testimony(database: Database, keys: Keys, lieu: Lieu) -> UUID:
    with database.writing() as session:
        made = create_person(session, lieu.organisation_id, "nolwenn@fil.example", "Nolwenn")
        set_password(session, made, PASSWORD)
    return Teller(database, keys, lieu).tell(
        TEXT,
        {**EVERYWHERE, "nom": "prenom"},
        signature="Liliane",
        day=today() - timedelta(days=9),
    )


@pytest.fixture
def page(app: Flask, browser: Browser, address: str, testimony: UUID) -> Iterator[Page]:
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 800})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto("/espace/connexion")
    page.fill("#email", "nolwenn@fil.example")
    page.fill("#mot_de_passe", PASSWORD)
    page.get_by_role("button", name="Entrer").or_(page.locator("main button")).first.click()
    page.wait_for_url("**/espace")
    yield page
    context.close()


@pytest.mark.parametrize("where", ["/espace/temoignages/{}", "/espace/temoignages/{}/citation"])
def test_selected_words_become_a_quote_that_is_copied_with_its_signature(
    page: Page, testimony: UUID, database: Database, keys: Keys, where: str
) -> None:
    page.goto(where.format(testimony))
    page.evaluate(SELECT, ["fais mes papi"])
    expect(page.locator("[data-coupe]")).to_have_text("«\u202f[…] fais mes papiers […]\u202f»")
    expect(page.locator("[data-compte]")).to_have_text("24 caractères, 280 au plus")
    page.get_by_label("Trop de monde le mardi.").check()
    said = "[…] fais mes papiers […] Trop de monde le mardi."
    expect(page.locator("[data-coupe]")).to_have_text(f"«\u202f{said}\u202f»")
    page.get_by_label("De quoi parle-t-elle").select_option("coince")
    page.get_by_role("button", name="Garder cette citation").click()
    page.wait_for_url(f"**/espace/temoignages/{testimony}#contenu")
    expect(page.get_by_text("La citation est gardée.")).to_be_in_viewport()
    with database.reading() as session:
        kept = session.scalars(select(Quote)).one()
    assert decrypt(keys, kept.id, PART, kept.ciphertext) == said
    page.get_by_role("button", name="Copier").click()
    expect(page.get_by_text("Copié, avec sa signature.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"«\u202f{said}\u202f» — Liliane"


def test_letters_of_two_halves_and_lines_keep_their_places(page: Page, testimony: UUID) -> None:
    page.goto(f"/espace/temoignages/{testimony}/citation")
    page.evaluate(SELECT, ["peur.\nMaintenant je"])
    expect(page.locator("[data-coupe]")).to_have_text("«\u202f[…] peur. Maintenant je […]\u202f»")
    page.get_by_role("button", name="Recommencer").click()
    expect(page.locator("[data-resultat]")).to_be_hidden()
    page.get_by_label("Avant 🌻 j’avais peur.").check()
    expect(page.locator("[data-coupe]")).to_have_text("«\u202fAvant 🌻 j’avais peur.\u202f»")


def test_words_selected_elsewhere_choose_nothing(page: Page, testimony: UUID) -> None:
    page.goto(f"/espace/temoignages/{testimony}/citation")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('h1'))")
    page.wait_for_timeout(500)
    expect(page.locator("[data-resultat]")).to_be_hidden()


def test_without_a_script_sentences_are_ticked(
    browser: Browser, page: Page, address: str, testimony: UUID, database: Database
) -> None:
    plain = browser.new_context(
        base_url=address, java_script_enabled=False, storage_state=page.context.storage_state()
    )
    other = plain.new_page()
    other.goto(f"/espace/temoignages/{testimony}/citation")
    expect(other.locator("[data-resultat]")).to_be_hidden()
    other.get_by_label("Avant 🌻 j’avais peur.").check()
    other.get_by_label("De quoi parle-t-elle").select_option("confiance")
    other.get_by_role("button", name="Garder cette citation").click()
    expect(other.get_by_text("La citation est gardée.")).to_be_visible()
    expect(other.get_by_role("button", name="Copier")).to_have_count(0)
    plain.close()
