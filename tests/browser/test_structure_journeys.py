"""What a responsable settles in the espace, and what it changes for the others, in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from playwright.sync_api import expect

from app.campaigns.models import Campaign
from app.db import Database
from app.demonstration import Demonstration
from app.organisations.actions import add_lieu
from app.organisations.models import Organisation, Person
from app.web.current import today
from tests.answering.conftest import OpenToday, open_today
from tests.browser.conftest import OpenHands
from tests.browser.hands import Hands
from tests.mailbox import Mailbox
from tests.organisations.conftest import EMAIL, PASSWORD, mailbox, person
from tests.responses.conftest import Sender, sender

__all__ = ["mailbox", "open_today", "person", "sender"]
pytestmark = [pytest.mark.browser, pytest.mark.document]

#: The colour of the logo, which nothing else on a poster has.
MAGENTA = (255, 0, 170)
#: Within this, in milliseconds, a new notice is read everywhere.
SOON = 5_000


@pytest.fixture
def nolwenn(site: str, somebody: OpenHands, person: Person) -> Hands:
    """Return the responsable of the structure, signed in."""
    hands = somebody(permissions=["clipboard-read", "clipboard-write"])
    hands.sign_in(site, EMAIL, PASSWORD)
    return hands


def test_a_new_notice_is_read_at_once_on_the_public_page(
    nolwenn: Hands, site: str, somebody: OpenHands, open_today: OpenToday
) -> None:
    visitor = somebody()
    visitor.open(f"{site}/{open_today().links[0].code}")
    nolwenn.menu("Réglages")
    nolwenn.type("Qui lit ?", "Les médiatrices")
    nolwenn.tap("Enregistrer", "button")
    nolwenn.reads("La notice est enregistrée")
    for _ in range(SOON // 100):
        visitor.page.reload()
        if "Les médiatrices" in visitor.page.inner_text("main"):
            break
        visitor.page.wait_for_timeout(100)
    visitor.reads("Les médiatrices")


def test_lieux_are_added_and_imported(nolwenn: Hands, tmp_path: Path) -> None:
    nolwenn.menu("Réglages")
    nolwenn.tap("Lieux")
    nolwenn.type("Nom du lieu", "Maison de quartier")
    nolwenn.tap("Ajouter ce lieu", "button")
    nolwenn.reads("Le lieu « Maison de quartier » est ajouté.")
    file = tmp_path / "lieux.csv"
    file.write_text(
        "Nom;Commune;Code_postal;N'importe quoi\nL'Escale;Brest;29200;x\n;Brest;29200;x\n"
        "Maison de quartier;Quimper;29000;x\n",
        "utf-8",
    )
    nolwenn.tap("Importer un fichier")
    nolwenn.main.get_by_label("Fichier CSV ou JSON").set_input_files(file)
    nolwenn.tap("Lire ce fichier", "button")
    nolwenn.reads("1 nouveau lieu", "1 à mettre à jour", "1 refusé", "N'importe quoi")
    nolwenn.tap("Importer ces 2 lieux", "button")
    expect(nolwenn.main.get_by_role("rowheader")).to_have_text(["L'Escale", "Maison de quartier"])
    nolwenn.reads("Brest", "Quimper")


def test_a_logo_stands_on_the_poster(nolwenn: Hands, open_today: OpenToday, tmp_path: Path) -> None:
    campaign: Campaign = open_today()
    file = tmp_path / "logo.png"
    Image.new("RGB", (300, 120), MAGENTA).save(file)
    nolwenn.menu("Réglages")
    nolwenn.tap("Structure")
    nolwenn.main.get_by_label("Votre logo").set_input_files(file)
    nolwenn.tap("Envoyer le logo", "button")
    shown = nolwenn.main.get_by_role("img", name="Logo de la structure")
    expect(shown).to_have_js_property("complete", True)
    assert shown.evaluate("image => image.naturalWidth") == 300
    nolwenn.menu("Campagnes et affiches")
    nolwenn.tap("Votre avis aujourd’hui")
    nolwenn.tap("Imprimer l’affiche")
    poster = nolwenn.download("Imprimer l’affiche")
    assert campaign.links[0].code in poster.name
    with pypdfium2.PdfDocument(poster) as document:
        colours = document[0].render().to_pil().convert("RGB").getcolors(1 << 24)
    assert MAGENTA in {colour for _, colour in colours}


def test_a_threshold_goes_up_and_never_under_its_floor(
    site: str, somebody: OpenHands, last_year: Demonstration
) -> None:
    nolwenn, year = somebody(), today().year - 1
    nolwenn.sign_in(site, last_year.email, last_year.password)
    nolwenn.menu("Réglages")
    nolwenn.tap("Structure")
    nolwenn.type("Pourcentages", "3")
    nolwenn.tap("Enregistrer", "button")
    nolwenn.reads("Écrivez un nombre entre 20 et")
    expect(nolwenn.main.get_by_label("Pourcentages")).to_have_value("3")
    nolwenn.type("Pourcentages", "500")
    nolwenn.tap("Enregistrer", "button")
    nolwenn.page.goto(f"{site}/espace/indicateurs?de={year}-01&a={year}-12")
    nolwenn.reads("personnes sur")
    assert "%" not in nolwenn.main.locator(".phrase").first.inner_text()
    assert nolwenn.main.locator(".phrase", has_text="%").count() == 0


def test_a_mediateur_sees_one_lieu_until_the_access_is_cut(
    nolwenn: Hands,
    site: str,
    somebody: OpenHands,
    organisation: Organisation,
    database: Database,
    open_today: OpenToday,
) -> None:
    with database.writing() as session:
        other = add_lieu(session, organisation.id, "Maison de quartier")
    open_today()
    open_today(lieu_id=other.id)
    nolwenn.menu("Réglages")
    nolwenn.tap("Équipe")
    nolwenn.tap("Inviter quelqu’un")
    nolwenn.type("Son nom", "Awa Diallo")
    nolwenn.type("Son adresse e-mail", "awa@example.fr")
    nolwenn.tap("Médiateur, médiatrice", "radio")
    nolwenn.tap("Seulement dans les lieux cochés", "radio")
    nolwenn.tap("Maison de quartier", "checkbox")
    nolwenn.tap("Préparer l’invitation", "button")
    nolwenn.tap("Copier le lien", "button")
    nolwenn.reads("Lien copié")

    awa = somebody()
    awa.open(nolwenn.page.evaluate("navigator.clipboard.readText()"))
    choose_password(awa)
    awa.menu("Campagnes et affiches")
    awa.reads("Maison de quartier")
    expect(awa.main).not_to_contain_text("Médiathèque de Kerlann")

    nolwenn.tap("Revenir à l’équipe")
    nolwenn.tap("Modifier Awa Diallo")
    nolwenn.tap("Couper l’accès")
    nolwenn.tap("Couper l’accès", "button")
    nolwenn.reads("L’accès est coupé, partout et tout de suite.")
    awa.tap("Votre avis aujourd’hui")
    awa.page.wait_for_url(re.compile("/espace/connexion"))


def test_a_coordinateur_reads_frozen_months_until_they_are_closed(
    nolwenn: Hands,
    site: str,
    somebody: OpenHands,
    campaign_of: Callable[..., Campaign],
    sender: Sender,
    mailbox: Mailbox,
) -> None:
    june, july = date(today().year - 1, 6, 1), date(today().year - 1, 7, 31)
    asked = campaign_of(starts_on=june, ends_on=july, today=june)
    for _ in range(12):
        sender.send(asked.links[0], day=june.replace(day=15))
    nolwenn.menu("Indicateurs")
    nolwenn.tap("Arrêter les mois clos")
    nolwenn.choose("Arrêter tous les mois clos jusqu’à", f"juillet {june.year}")
    nolwenn.tap("Je sais que ces chiffres ne changeront plus", "checkbox")
    nolwenn.tap("Arrêter ces mois", "button")
    nolwenn.reads(f"C’est fait : de juin à juillet {june.year}")
    nolwenn.menu("Réglages")
    nolwenn.tap("Équipe")
    nolwenn.tap("Partager nos résultats arrêtés")
    nolwenn.type("Son nom", "Lou Berthelot")
    nolwenn.type("Son adresse e-mail", "lou@example.fr")
    nolwenn.tap("Partager nos résultats arrêtés", "button")
    nolwenn.reads("Il est parti par e-mail à lou@example.fr")
    mailbox.wait(1)
    link = re.search(r"http\S+", mailbox.text())
    assert link

    lou = somebody()
    lou.open(link[0])
    choose_password(lou)
    expect(lou.page).to_have_url(f"{site}/espace/consolide")
    lou.reads("Le Fil numérique", f"arrêtés jusqu’à juillet {june.year}", "satisfaites sur")
    nolwenn.tap("Revenir à l’équipe")
    nolwenn.tap("Ne plus partager avec Lou Berthelot", "button")
    lou.page.reload()
    lou.reads("Aucune structure ne partage encore ses résultats avec vous")


def choose_password(hands: Hands) -> None:
    """Choose a password on the page of an invitation."""
    hands.type("Choisissez un mot de passe", PASSWORD)
    hands.type("Le même, encore une fois", PASSWORD)
    hands.tap("Enregistrer", "button")
