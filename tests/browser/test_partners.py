"""A partner is written to, opens its own link, answers; the list says so. In a browser."""

from __future__ import annotations

import pytest

from app.organisations.models import Person
from tests.answering.conftest import OpenToday, open_today
from tests.browser.conftest import OpenHands
from tests.browser.hands import Hands
from tests.organisations.conftest import EMAIL, PASSWORD, person

__all__ = ["open_today", "person"]
pytestmark = pytest.mark.browser


@pytest.fixture
def nolwenn(site: str, somebody: OpenHands, person: Person) -> Hands:
    """Return the responsable of the structure, signed in."""
    hands = somebody(permissions=["clipboard-read", "clipboard-write"])
    hands.sign_in(site, EMAIL, PASSWORD)
    return hands


def copied(hands: Hands, words: str) -> str:
    hands.tap(words, "button")
    hands.reads("C’est copié.")
    return str(hands.page.evaluate("navigator.clipboard.readText()"))


def test_a_partner_is_written_to_answers_and_is_seen_to_have_answered(
    nolwenn: Hands, somebody: OpenHands, open_today: OpenToday
) -> None:
    open_today("partenaire", doors=("partenaire",))
    nolwenn.menu("Partenaires")
    nolwenn.tap("Ajouter un partenaire")
    nolwenn.type("Son nom", "CCAS de Kerlann")
    nolwenn.choose("Son type", "Aide sociale (CCAS, centre social…)")
    nolwenn.type("La personne à qui écrire", "Anne Riou")
    nolwenn.tap("Ajouter ce partenaire", "button")
    nolwenn.tap("Préparer sa lettre", "button")
    nolwenn.reads("Bonjour Anne Riou,")
    letter, link = copied(nolwenn, "Copier la lettre"), copied(nolwenn, "Copier le lien")
    assert "/partenaire/" in link
    assert link in letter
    nolwenn.tap("Je l’ai envoyée moi-même", "button")
    nolwenn.reads("C’est noté", "sans réponse")

    anne = somebody()
    anne.open(link)
    anne.reads("Vous répondez pour", "CCAS de Kerlann")
    anne.answer(link)
    anne.reads("Votre réponse est signée")
    anne.open(link)
    anne.reads("Votre organisation a déjà répondu")

    nolwenn.menu("Partenaires")
    nolwenn.reads("1 sur 1", "a répondu")
    nolwenn.tap("CCAS de Kerlann")
    nolwenn.reads("On a pris le temps. Merci !", "Signée")


def test_a_colleague_who_answers_after_another_loses_nothing(
    nolwenn: Hands, somebody: OpenHands, open_today: OpenToday
) -> None:
    open_today("partenaire", doors=("partenaire",))
    nolwenn.menu("Partenaires")
    nolwenn.tap("Ajouter un partenaire")
    nolwenn.type("Son nom", "Mairie")
    nolwenn.choose("Son type", "Administration (mairie, préfecture…)")
    nolwenn.tap("Ajouter ce partenaire", "button")
    nolwenn.tap("Préparer sa lettre", "button")
    link = copied(nolwenn, "Copier le lien")
    first, second = somebody(), somebody()
    second.open(link)
    first.answer(link)
    for _ in range(6):
        second.page.locator(".question:visible .choices .choice").first.click()
        second.page.locator("form .main").click()
    second.page.locator(".question:visible textarea").fill("Un autre regard.")
    second.page.locator("form .main").click()
    second.reads("Votre organisation a déjà répondu", "Rien n’est perdu")
    second.faults.clear()  # the browser says that a form came back
    second.tap("Envoyer sans signer", "button")
    second.reads("Merci")
    nolwenn.menu("Partenaires")
    nolwenn.reads("1 sur 1", "1 réponse non signée")
