"""The pages where a bilan is begun, written, arranged and copied."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.bilan.drafting import write_text
from app.bilan.frames import usual_year
from app.bilan.models import Bilan
from app.bilan.queries import objectives_of, texts_of
from app.db import Database
from app.organisations.actions import add_lieu, create_organisation, create_person, set_password
from app.organisations.models import AccessEvent, Lieu, Organisation, Person
from app.organisations.roles import MEDIATEUR
from app.organisations.team import change_role
from app.questionnaires import Library
from app.testimonies.cutting import stretches
from app.testimonies.models import Testimony
from app.testimonies.quotes import cut
from app.web.current import today as current_day
from config import Keys
from tests.bilan.sealed import freeze_closed, seal_one
from tests.bilan.structures import structure_with
from tests.bilan.test_desk_documents import enter
from tests.organisations.conftest import EMAIL, PASSWORD, SignIn, post
from tests.testimonies.teller import BEFORE, EVERYWHERE, Teller
from tests.visiting import sign_in_by_hand

Begin = Callable[..., str]


@pytest.fixture
def begin(client: FlaskClient, sign_in: SignIn, lieu: Lieu) -> Begin:
    """Return a function that begins the usual bilan, signed in, and gives its address."""
    sign_in()

    def touch() -> str:
        reply = post(client, "/espace/bilan/nouveau", {"tel_quel": "1"})
        assert reply.status_code == 303
        return reply.location

    return touch


def words(reply: TestResponse) -> str:
    """Return what a page says, in plain spaces."""
    text = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", reply.text, flags=re.DOTALL)
    return " ".join(unescape(text).split())


def hidden(page: str, slot: str, name: str) -> str:
    """Return what a hidden field says, in the form of a slot."""
    for form in re.findall(r"<form.*?</form>", page, re.DOTALL):
        if f'name="partie" value="{slot}"' in form and "<textarea" in form:
            found = re.search(rf'name="{name}" value="([^"]*)"', form)
            assert found
            return unescape(found[1])
    raise AssertionError(f"no form for {slot}")


def written(database: Database, keys: Keys, address: str) -> dict[str, str]:
    """Return the texts of a bilan, by slot."""
    with database.reading() as session:
        found = texts_of(session, keys, UUID(address.rpartition("/")[2]))
        return {slot: one.text for slot, one in found.items()}


def write(client: FlaskClient, address: str, slot: str, text: str, **more: str) -> TestResponse:
    """Send the form of a slot as the page shows it now."""
    page = client.get(address).text
    form = {"partie": slot, "texte": text}
    form |= {name: hidden(page, slot, name) for name in ("lu", "propose")}
    return post(client, f"{address}/texte", form | more)


def quote(
    database: Database, keys: Keys, lieu: Lieu, text: str, criterion: str = "lien", **told: str
) -> UUID:
    """Keep a quote of somebody; `told` says what they refuse."""
    given: Any = {**EVERYWHERE, **told}
    testimony = Teller(database, keys, lieu).tell(text, given, day=BEFORE)
    with database.writing() as session:
        who = session.scalars(select(Person.id)).first()
        found = session.get_one(Testimony, testimony)
        assert who
        return cut(session, keys, found, stretches(text), criterion, who, current_day()).id


def test_the_first_page_begins_the_bilan_of_the_year_in_one_touch(
    client: FlaskClient, begin: Begin, database: Database
) -> None:
    year = usual_year(current_day())
    empty = words(client.get("/espace/bilan"))
    assert f"Commencer le bilan {year}" in empty
    assert "Aucun bilan encore" in empty
    begin()
    with database.reading() as session:
        (made,) = session.scalars(select(Bilan)).all()
        assert (made.first_month, made.last_month) == (f"{year}-01", f"{year}-12")
        assert (made.lieux, made.actions, made.audience) == ([], [], "financeur")
        assert sorted(session.scalars(select(AccessEvent.act))) == ["entered", "wrote"]
    shown = words(client.get("/espace/bilan"))
    assert f"Continuer le bilan {year}" in shown
    assert "brouillon" in shown
    assert "Commencer le bilan" not in shown


def test_who_works_in_one_lieu_begins_a_bilan_of_it(
    client: FlaskClient, sign_in: SignIn, database: Database, lieu: Lieu, organisation: Organisation
) -> None:
    with database.writing() as session:
        add_lieu(session, organisation.id, "Mairie")
        sam = create_person(session, organisation.id, "sam@example.fr", "Sam", MEDIATEUR)
        set_password(session, sam, PASSWORD)
        change_role(session, sam, MEDIATEUR, [lieu.id])
    sign_in("sam@example.fr")
    reply = post(client, "/espace/bilan/nouveau", {"tel_quel": "1"})
    with database.reading() as session:
        assert session.scalars(select(Bilan.lieux)).one() == [str(lieu.id)]
    page = words(client.get(reply.location))
    assert "La ou le responsable de votre structure pourra l’arrêter" in page
    assert "Arrêter ce bilan" not in page


def test_another_structure_s_bilan_is_unknown(
    client: FlaskClient, begin: Begin, database: Database
) -> None:
    address = begin()
    with database.writing() as session:
        other = create_organisation(session, "Ailleurs", contact="1 rue Haute")
        add_lieu(session, other.id, "Là-bas")
        session.scalars(select(Bilan)).one().organisation_id = other.id
    for end in ("", "/texte?partie=suite", "/citations?partie=titre", "/objectifs", "/cadre",
                "/supprimer"):  # fmt: skip
        assert client.get(f"{address}{end}").status_code == 404
    for end in ("texte", "parties", "citations", "objectifs", "cadre", "copier", "supprimer"):
        form = {"partie": "suite", "texte": "Jeudi", "geste": "retirer"}
        assert post(client, f"{address}/{end}", form).status_code == 404


def test_a_text_is_written_in_its_place_and_stands_on_the_page(
    client: FlaskClient, begin: Begin, database: Database, keys: Keys
) -> None:
    address = begin()
    assert "à écrire" in words(client.get(address))
    reply = write(client, address, "suite", "Ouvrir le jeudi.\r\nDeux ateliers.")
    assert (reply.status_code, reply.location) == (303, f"{address}#suite")
    assert written(database, keys, address) == {"suite": "Ouvrir le jeudi.\nDeux ateliers."}
    assert "<li>Ouvrir le jeudi.</li><li>Deux ateliers.</li>" in client.get(address).text


def test_a_text_that_is_too_long_comes_back_whole(
    client: FlaskClient, begin: Begin, database: Database, keys: Keys
) -> None:
    address, long = begin(), "Merci " * 400
    reply = write(client, address, "suite", long)
    assert reply.status_code == 422
    assert "caractères. Gardez-en 2000 au plus" in words(reply)
    assert long.strip() in reply.text
    assert written(database, keys, address) == {}


def test_two_people_who_write_at_once_lose_nothing(
    client: FlaskClient, begin: Begin, database: Database, keys: Keys
) -> None:
    address = begin()
    old = client.get(address).text
    write(client, address, "suite", "Le texte de Yann.")
    form = {"partie": "suite", "texte": "Mon texte.", "lu": hidden(old, "suite", "lu")}
    reply = post(client, f"{address}/texte", form)
    assert reply.status_code == 409
    page = words(reply)
    assert "Quelqu’un a changé ce texte" in page
    assert "Le texte de Yann." in page
    assert "Mon texte." in page
    assert written(database, keys, address) == {"suite": "Le texte de Yann."}
    form |= {"lu": hidden(reply.text, "suite", "lu")}
    assert post(client, f"{address}/texte", form).status_code == 303
    assert written(database, keys, address) == {"suite": "Mon texte."}


def test_a_text_whose_part_went_meanwhile_is_given_back(client: FlaskClient, begin: Begin) -> None:
    address = begin()
    post(client, f"{address}/parties", {"partie": "suite", "geste": "retirer"})
    reply = post(client, f"{address}/texte", {"partie": "suite", "texte": "Mon texte.", "lu": ""})
    assert reply.status_code == 409
    assert "Mon texte." in reply.text
    assert client.get(f"{address}/texte?partie=suite").status_code == 404


def test_a_figure_that_changed_is_shown_and_never_replaced_in_silence(
    client: FlaskClient, begin: Begin, database: Database, keys: Keys
) -> None:
    address = begin()
    proposed = hidden(client.get(address).text, "methode", "propose")
    with database.writing() as session:
        bilan = session.scalars(select(Bilan)).one()
        old = ("Nos mots.", "Une ancienne phrase.")
        write_text(session, keys, bilan, "methode", *old, bilan.made_by, current_day())
    page = words(client.get(address))
    for said in ("Le chiffre a changé depuis votre texte", *old, "Garder mon texte"):
        assert said in page
    seen = hidden(client.get(address).text, "methode", "lu")
    form = {"partie": "methode", "lu": seen, "geste": "garder"}
    assert post(client, f"{address}/texte", form).status_code == 303
    page = words(client.get(address))
    assert "Le chiffre a changé" not in page
    assert "Nos mots." in page
    with database.reading() as session:
        kept = texts_of(session, keys, UUID(address.rpartition("/")[2]))
        assert (kept["methode"].text, kept["methode"].proposed) == ("Nos mots.", proposed)
    form |= {"geste": "reprendre"}
    assert post(client, f"{address}/texte", form).status_code == 303
    assert written(database, keys, address) == {}


def test_parts_move_leave_and_come_back(client: FlaskClient, begin: Begin) -> None:
    address = begin()

    def order() -> list[str]:
        return re.findall(r'<section class="section partie" id="([^"]+)"', client.get(address).text)

    before = order()
    assert len(before) >= 2
    last, previous = before[-1], before[-2]
    post(client, f"{address}/parties", {"partie": last, "geste": "monter"})
    assert order()[-2:] == [last, previous]
    post(client, f"{address}/parties", {"partie": last, "geste": "retirer"})
    assert last not in order()
    assert "Retiré du bilan" in words(client.get(address))
    reply = post(client, f"{address}/parties", {"partie": last, "geste": "remettre"})
    assert reply.location.endswith(f"#{last}")
    assert order()[-2:] == [last, previous]
    assert post(client, f"{address}/parties", {"partie": last, "geste": "?"}).status_code == 400


def test_only_quotes_that_may_go_there_are_offered(
    client: FlaskClient, begin: Begin, database: Database, keys: Keys, lieu: Lieu
) -> None:
    mine = quote(database, keys, lieu, "Je montre à ma voisine.")
    other = quote(database, keys, lieu, "Je garde mes papiers.", financeurs="non")
    address = begin()
    page = client.get(f"{address}/citations?partie=titre")
    assert str(mine) in page.text
    assert str(other) not in page.text
    assert "1 citation n’est pas proposée : son auteur n’a pas donné son accord pour" in words(page)
    revision = re.search(r'name="revision" value="(\d+)"', page.text)
    assert revision
    form = {"partie": "titre", "citation": str(other), "revision": revision[1]}
    post(client, f"{address}/citations", form)
    assert "Je garde mes papiers." not in client.get(address).text
    form |= {"citation": str(mine)}
    reply = post(client, f"{address}/citations", form)
    assert reply.status_code == 409  # the choice above changed the bilan: nothing is written over
    assert f'value="{mine}" checked' in reply.text
    found = re.search(r'name="revision" value="(\d+)"', reply.text)
    assert found
    assert post(client, f"{address}/citations", form | {"revision": found[1]}).status_code == 303
    assert "Je montre à ma voisine." in client.get(address).text


def test_objectives_are_kept_when_one_is_to_mend(
    client: FlaskClient, begin: Begin, database: Database
) -> None:
    address = begin()
    page = client.get(f"{address}/objectifs").text
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert revision
    form = {"revision": revision[1], "mots-0": "Rendre autonome", "part-0": "beaucoup"}
    reply = post(client, f"{address}/objectifs", form)
    assert reply.status_code == 422
    assert "Écrivez un nombre de 1 à 100, ou rien." in words(reply)
    assert "Rendre autonome" in reply.text
    assert 'value="beaucoup"' in reply.text
    assert post(client, f"{address}/objectifs", form | {"part-0": ""}).status_code == 303
    with database.reading() as session:
        (kept,) = objectives_of(session, UUID(address.rpartition("/")[2]))
        assert kept.words == "Rendre autonome"
    shown = words(client.get(address))
    assert "non mesuré par questionnaire" in shown
    old = post(client, f"{address}/objectifs", form | {"part-0": "", "mots-1": "Créer du lien"})
    assert old.status_code == 409
    assert "Créer du lien" in old.text


def test_the_frame_changes_and_says_what_stays_inside(
    client: FlaskClient, begin: Begin, database: Database, organisation: Organisation, lieu: Lieu
) -> None:
    with database.writing() as session:
        two = add_lieu(session, organisation.id, "Mairie")
        add_lieu(session, organisation.id, "Gare")
    address, year = begin(), usual_year(current_day())
    form = {
        "revision": "1", "periode": f"{year}-T1", "audience": "public",
        "lieux": [str(lieu.id), str(two.id)], "de": f"{year}-01", "a": f"{year}-03",
    }  # fmt: skip
    assert post(client, f"{address}/cadre", form).status_code == 303
    page = words(client.get(address))
    assert f"Bilan qualitatif 1er trimestre {year}" in page
    assert "Ce document reste dans la structure : il parle de plusieurs lieux." in page
    assert "Arrêter ce bilan" not in page
    assert post(client, f"{address}/cadre", form).status_code == 409
    wrong = form | {"revision": "2", "periode": "mois", "de": f"{year}-03", "a": f"{year}-01"}
    reply = post(client, f"{address}/cadre", wrong)
    assert reply.status_code == 422
    assert re.search(r'<input[^>]*\bchecked[^>]*value="public"', reply.text)
    assert post(client, f"{address}/cadre", form | {"lieux": str(UUID(int=1))}).status_code == 404


def test_a_sealed_bilan_is_only_read_and_copied(
    client: FlaskClient, database: Database, keys: Keys, library: Library
) -> None:
    made = structure_with(database, keys, library, 12)
    with database.writing() as session:
        yann = session.get_one(Person, made.person_id)
        set_password(session, yann, PASSWORD)
    enter(client, yann.email)
    bilan = made.bilan(database)
    address = f"/espace/bilan/{bilan.id}"
    write(client, address, "suite", "Ouvrir le jeudi.")
    freeze_closed(database, made)
    seal_one(database, keys, made, bilan)
    page = client.get(address)
    assert "En faire une copie pour continuer" in words(page)
    assert "Arrêté le 22 novembre 2026" in words(page)
    assert "<textarea" not in page.text
    assert 'name="geste"' not in page.text
    form = {"partie": "suite", "texte": "Autre", "lu": "", "geste": "ecrire"}
    reply = post(client, f"{address}/texte", form)
    assert reply.status_code == 409
    assert "Autre" in reply.text
    assert "Ce bilan est arrêté" in words(reply)
    for end in ("cadre", "objectifs", "citations?partie=titre"):
        assert client.get(f"{address}/{end}").location == address
    post(client, f"{address}/parties", {"partie": "suite", "geste": "retirer"})
    assert post(client, f"{address}/supprimer").location == address
    assert written(database, keys, address) == {"suite": "Ouvrir le jeudi."}
    copy = post(client, f"{address}/copier").location
    assert copy != address
    assert write(client, copy, "suite", "Et le vendredi.").status_code == 303
    assert written(database, keys, address) == {"suite": "Ouvrir le jeudi."}


def test_a_draft_is_deleted_after_a_question(
    client: FlaskClient, begin: Begin, database: Database
) -> None:
    address = begin()
    assert "Les réponses, les témoignages et les citations restent" in words(
        client.get(f"{address}/supprimer")
    )
    assert post(client, f"{address}/supprimer").location == "/espace/bilan"
    assert client.get(address).status_code == 404


@pytest.mark.browser
def test_what_is_typed_and_not_saved_comes_back(
    browser: Browser, address: str, begin: Begin, client: FlaskClient
) -> None:
    bilan = f"{address}{begin()}"
    with browser.new_context() as context:
        page = context.new_page()
        sign_in_by_hand(page, address, EMAIL)
        page.goto(bilan)
        place = page.locator("#suite details.ecrire")
        place.locator("summary").click()
        place.locator("textarea").fill("Ouvrir le jeudi.")
        page.goto(bilan)
        expect(place.locator("textarea")).to_have_value("Ouvrir le jeudi.")
        expect(place.get_by_role("status")).to_contain_text("pas encore enregistré")
        place.get_by_role("button", name="Enregistrer ce texte").click()
        expect(page.locator("#suite .actions li")).to_have_text("Ouvrir le jeudi.")
        expect(place).not_to_have_attribute("open", "")
