"""The pages of testimonies: reading in two panes, masking by one touch, confirming."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.db import Database
from app.organisations.actions import create_organisation, create_person, set_password
from app.organisations.models import AccessEvent
from app.partners.actions import add_partner
from app.testimonies.actions import MASKED
from app.testimonies.labels import labels_of
from app.testimonies.models import Authorisation, Testimony
from app.testimonies.queries import parts_of
from app.web.current import today
from tests.organisations.conftest import PASSWORD, token_of, words
from tests.testimonies.conftest import enter
from tests.testimonies.teller import EVERYWHERE, Teller
from tests.testimonies.test_deciding import record

TEXT = "Avant j’avais peur. Maintenant je montre à ma voisine Jeannine. Au 06 12 34 56 78."


@pytest.fixture
def stranger(app: Flask, database: Database) -> FlaskClient:
    with database.writing() as session:
        other = create_organisation(session, "L’Escale")
        set_password(session, create_person(session, other.id, "a@autre.example", "A"), PASSWORD)
    return enter(app.test_client(), "a@autre.example")


def new(teller: Teller, text: str = TEXT, **told: object) -> UUID:
    return teller.tell(text, status="nouveau", masked="", **told)  # type: ignore[arg-type]


def page(client: FlaskClient, testimony_id: UUID, query: str = "") -> str:
    reply = client.get(f"/espace/temoignages/{testimony_id}{query}")
    assert reply.status_code == 200
    return words(unescape(reply.text))


def send(client: FlaskClient, testimony_id: UUID, where: str, **form: object) -> tuple[int, str]:
    token = token_of(client.get("/espace/compte").text)
    data = {"csrf_token": token, **form}
    reply = client.post(f"/espace/temoignages/{testimony_id}/{where}", data=data)
    return reply.status_code, words(unescape(reply.text))


def plain(text: str) -> str:
    """Return what is read of a page."""
    return re.sub(r"<[^>]+>", "", text)


def value_of(text: str, name: str, near: str) -> str:
    """Return what a button beside some words sends."""
    line = next(one for one in text.split("<li>") if near in one and f'name="{name}"' in one)
    return re.findall(rf'name="{name}" value="([^"]+)"', line)[0]


def kept(teller: Teller, testimony_id: UUID) -> tuple[str, str]:
    """Return the status and the masked text."""
    with teller.database.reading() as session:
        parts = parts_of(session, teller.keys, [testimony_id])[testimony_id]
        return session.get_one(Testimony, testimony_id).status, parts.get(MASKED, "")


def decide(client: FlaskClient, testimony_id: UUID, what: str, **form: str) -> tuple[int, str]:
    seen = re.findall(r'name="vu" value="(\w+)"', page(client, testimony_id))[0]
    return send(client, testimony_id, "decider", quoi=what, **{"vu": seen, **form})


def test_the_queue_teaches_when_it_is_empty(team: FlaskClient) -> None:
    shown = words(team.get("/espace/temoignages").text)
    for way in ("Une affiche", "La fin de chaque questionnaire", "Votre écoute"):
        assert way in shown
    assert "/espace/temoignages/noter" in shown


def test_one_passage_is_masked_by_one_touch_and_shown_again(
    team: FlaskClient, teller: Teller
) -> None:
    testimony_id = new(teller)
    shown = page(team, testimony_id)
    assert "06 12 34 56 78" in shown
    assert "[téléphone]" in shown
    status, _ = send(team, testimony_id, "masquer", cacher=value_of(shown, "cacher", "Jeannine"))
    assert status == 303
    assert kept(teller, testimony_id)[1].endswith("à ma voisine [nom]. Au [téléphone].")
    shown = page(team, testimony_id)
    send(team, testimony_id, "masquer", montrer=value_of(shown, "montrer", "06 12"))
    assert kept(teller, testimony_id)[1].endswith("[nom]. Au 06 12 34 56 78.")


def test_typed_words_are_masked_and_words_that_are_not_there_come_back(
    team: FlaskClient, teller: Teller
) -> None:
    testimony_id = new(teller)
    assert send(team, testimony_id, "masquer", mots="ma voisine Jeannine", sorte="nom")[0] == 303
    assert "je montre à [nom]. Au [téléphone]." in kept(teller, testimony_id)[1]
    status, text = send(team, testimony_id, "masquer", mots="<b>Robert</b>", sorte="nom")
    assert (status, "copiez-les comme ils y sont écrits" in text) == (422, True)
    assert 'value="<b>Robert</b>"' in text
    for wrong in ("x-y-nom", "99999-1-nom", "5-2-nom"):
        assert send(team, testimony_id, "masquer", cacher=wrong)[0] == 422


def test_it_is_kept_once_somebody_confirmed_what_they_read(
    team: FlaskClient, teller: Teller
) -> None:
    testimony_id = new(teller)
    status, text = decide(team, testimony_id, "garder")
    assert (status, "puis cochez la case" in text) == (422, True)
    status, text = decide(team, testimony_id, "garder", relu="oui", vu="0" * 16)
    assert (status, "a changé depuis" in text) == (422, True)
    assert kept(teller, testimony_id)[0] == "nouveau"
    assert decide(team, testimony_id, "garder", relu="oui")[0] == 303
    assert kept(teller, testimony_id) == (
        "valide", TEXT.replace("06 12 34 56 78", "[téléphone]"),
    )  # fmt: skip


def test_a_sure_passage_that_is_shown_keeps_it_from_being_kept(
    team: FlaskClient, teller: Teller
) -> None:
    testimony_id = new(teller)
    shown = page(team, testimony_id)
    send(team, testimony_id, "masquer", montrer=value_of(shown, "montrer", "06 12"))
    status, text = decide(team, testimony_id, "garder", relu="oui")
    assert (status, "masquez « 06 12 34 56 78 »" in text) == (422, True)


def test_once_kept_the_original_opens_on_demand_and_each_reading_is_noted(
    team: FlaskClient, teller: Teller
) -> None:
    testimony_id = new(teller)
    decide(team, testimony_id, "garder", relu="oui")

    def readings() -> int:
        with teller.database.reading() as session:
            noted = session.scalars(select(AccessEvent).where(AccessEvent.act == "read"))
            return sum(one.about.startswith("Témoignage du") for one in noted)

    assert readings() == 1
    with teller.database.writing() as session:
        for one in session.scalars(select(AccessEvent)):
            session.delete(one)
    shown = page(team, testimony_id)
    assert "06 12 34 56 78" not in shown
    assert "Voir ce que la personne a dit" in shown
    assert readings() == 0
    assert "06 12 34 56 78" in page(team, testimony_id, "?original=oui")
    assert readings() == 1


def test_criteria_are_accepted_refused_and_forgotten(team: FlaskClient, teller: Teller) -> None:
    testimony_id = new(teller, themes=("lien",))
    shown = page(team, testimony_id)
    assert "dit par la personne" in shown
    proposed = re.findall(r'name="propose" value="(\w+)"', shown)
    assert len(proposed) == len(set(proposed)) == 11
    send(team, testimony_id, "criteres", propose=proposed, critere=["partage", "droits"])

    def labels() -> dict[str, bool]:
        with teller.database.reading() as session:
            return labels_of(session, [testimony_id])[testimony_id]

    found = labels()
    assert (found["partage"], found["droits"], found["lien"]) == (True, True, False)
    assert "insertion" not in found
    status, _ = send(team, testimony_id, "criteres", propose="droits", seul="1")
    assert status == 204
    assert "droits" not in labels()
    assert labels()["partage"]
    assert "refusé par l’équipe" in page(team, testimony_id)


def test_no_hint_says_what_is_masked(team: FlaskClient, teller: Teller) -> None:
    testimony_id = new(teller)
    send(team, testimony_id, "masquer", mots="ma voisine Jeannine", sorte="autre")
    decide(team, testimony_id, "garder", relu="oui")
    assert "voisine" not in plain(page(team, testimony_id))
    assert "Jeannine" not in team.get("/espace/temoignages?statut=valide").text


def test_a_public_number_is_left_and_the_testimony_kept(team: FlaskClient, teller: Teller) -> None:
    testimony_id = new(teller, "Le lieu répond au 02 98 00 00 00, c’est bien.")
    place = "18-32-téléphone"
    assert send(team, testimony_id, "masquer", montrer=place)[0] == 303
    status, text = decide(team, testimony_id, "garder", relu="oui")
    assert (status, "masquez « 02 98 00 00 00 »" in text) == (422, True)
    assert send(team, testimony_id, "masquer", laisser=place)[0] == 303
    assert send(team, testimony_id, "masquer", laisser=place)[0] == 422
    assert ">laissé<" in page(team, testimony_id)
    assert decide(team, testimony_id, "garder", relu="oui")[0] == 303


def test_what_to_decide_comes_before_what_it_is_about(team: FlaskClient, teller: Teller) -> None:
    testimony_id = new(teller)
    shown = page(team, testimony_id)
    assert shown.index('id="masquer"') < shown.index('id="decider"') < shown.index('id="criteres"')
    assert decide(team, testimony_id, "garder", relu="oui")[0] == 303
    shown = page(team, testimony_id)
    assert shown.index('id="citation"') < shown.index('id="criteres"') < shown.index('id="decider"')


def test_what_the_person_accepts_and_who_must_sign(team: FlaskClient, teller: Teller) -> None:
    given = {**EVERYWHERE, "public": "non", "nom": "prenom"}
    testimony_id = new(teller, given=given, signature="Léa", capacity=None)
    shown = plain(page(team, testimony_id))
    assert "par le prénom « Léa »" in shown
    assert "Sans autre date, dit avec le témoignage, le 2 mars 2026." in shown
    assert "Elle ne l’a pas dit" in shown
    assert "Signature : Une personne accompagnée" in shown
    assert send(team, testimony_id, "papiers", capacite="mineur")[0] == 303
    assert "Le papier signé de l’autre parent" in page(team, testimony_id)
    form = {"recu": "parent1", "jour-parent1": today().isoformat()}
    assert send(team, testimony_id, "papiers", **form)[0] == 303
    assert send(team, testimony_id, "papiers", seul_parent="oui")[0] == 303
    shown = plain(page(team, testimony_id))
    assert "Signature : Léa" in shown
    assert "noté par Nolwenn" in shown
    for wrong in ("", "hier", (today() + timedelta(days=1)).isoformat()):
        again = {"recu": "parent1", "jour-parent1": wrong}
        assert send(team, testimony_id, "papiers", **again)[0] == 422
    assert send(team, testimony_id, "papiers", retirer="parent1")[0] == 303
    with teller.database.reading() as session:
        assert [one.slot for one in session.scalars(select(Authorisation))] == ["parent2"]


def test_who_wants_to_read_again_is_waited_for(team: FlaskClient, teller: Teller) -> None:
    testimony_id = new(teller, given={**EVERYWHERE, "relire": "oui"})
    assert "La personne veut relire d’abord" in page(team, testimony_id)
    decide(team, testimony_id, "garder", relu="oui")
    status, text = send(team, testimony_id, "papiers", relecture="oui", vu="0" * 16)
    assert (status, "Le texte a changé" in text) == (422, True)
    seen = re.findall(r'name="vu" value="(\w+)"', page(team, testimony_id))[-1]
    assert send(team, testimony_id, "papiers", relecture="oui", vu=seen)[0] == 303
    assert "La personne veut relire d’abord" not in page(team, testimony_id)


def test_a_voice_waits_then_plays_then_is_written_down(team: FlaskClient, teller: Teller) -> None:
    testimony_id = new(teller, "", given={"garder_media": "oui"})
    record(teller, testimony_id, "ready")
    reply = team.get(f"/espace/temoignages/{testimony_id}")
    assert "media-src 'self'" in reply.headers["Content-Security-Policy"]
    assert "<audio controls" in reply.text
    assert send(team, testimony_id, "ecrire", texte="")[0] == 422
    assert send(team, testimony_id, "ecrire", texte="Je montre à Jeannine.")[0] == 303
    assert "Écrit par l’équipe" in page(team, testimony_id)
    record(teller, testimony_id, "waiting")
    assert "se prépare" in page(team, testimony_id)


def test_what_was_taken_back_shows_no_word(team: FlaskClient, teller: Teller) -> None:
    testimony_id = teller.tell(TEXT, status="retire", themes=("lien",))
    for path in (f"/{testimony_id}", f"/{testimony_id}?original=oui", "?statut=retire"):
        shown = team.get(f"/espace/temoignages{path}").text
        assert "voisine" not in shown
        assert "repris" in shown.casefold()
    for where in ("masquer", "criteres", "papiers", "ecrire", "decider"):
        status, text = send(team, testimony_id, where, mots="peur", propose="lien", quoi="relire")
        assert (status, "voisine" in text, "a repris son" in text) == (422, False, True), where


def test_another_structure_and_one_of_the_day_are_unknown(
    team: FlaskClient, stranger: FlaskClient, teller: Teller
) -> None:
    testimony_id, fresh = new(teller), new(teller, day=today())
    unknown = stranger.get(f"/espace/temoignages/{uuid4()}")
    foreign = stranger.get(f"/espace/temoignages/{testimony_id}")
    assert (foreign.status_code, foreign.data) == (404, unknown.data)
    assert team.get(f"/espace/temoignages/{fresh}").status_code == 404
    shown = words(team.get("/espace/temoignages").text)
    assert "1 témoignage encore fermé" in shown
    for where in ("masquer", "criteres", "papiers", "ecrire", "decider"):
        assert send(stranger, testimony_id, where, propose="lien", mots="peur")[0] == 404
    for query in (f"lieu={teller.lieu.id}", f"campagne={uuid4()}", "statut=x", "critere=x"):
        assert stranger.get(f"/espace/temoignages?{query}").status_code == 404
    assert kept(teller, testimony_id) == ("nouveau", "")


def test_words_are_text_wherever_they_are(team: FlaskClient, teller: Teller) -> None:
    evil = "<script>alert(1)</script> avec Jeannine <i>Le Bris</i>"
    testimony_id = new(teller, evil)
    for path in ("", f"/{testimony_id}"):
        shown = team.get(f"/espace/temoignages{path}").text
        assert "<script>alert" not in shown
        assert "&lt;script&gt;" in shown


def test_the_page_of_a_partner_leads_to_its_testimonies_alone(
    team: FlaskClient, teller: Teller, database: Database
) -> None:
    with database.writing() as session:
        known = (teller.lieu.organisation_id, "CCAS de Kerlann", "autre")
        partner = add_partner(session, *known, today=today())
    teller.tell("Le public, lui, attend.")
    link = f"/espace/temoignages?partenaire={partner.id}"
    assert link in team.get(f"/espace/partenaires/{partner.id}").text
    assert "Aucun témoignage ne correspond" in words(team.get(link).text)
    teller.tell("Les dossiers sont complets.", origin="partenaire", partner_id=partner.id)
    shown = words(unescape(team.get(link).text))
    assert "Les dossiers sont complets." in shown  # kept already, though no tab was asked for
    assert "Le public, lui, attend." not in shown
    assert team.get(f"/espace/temoignages?partenaire={uuid4()}").status_code == 404


def test_a_partner_of_another_structure_filters_nothing(
    stranger: FlaskClient, teller: Teller, database: Database
) -> None:
    with database.writing() as session:
        known = (teller.lieu.organisation_id, "CCAS de Kerlann", "autre")
        partner = add_partner(session, *known, today=today())
    assert stranger.get(f"/espace/temoignages?partenaire={partner.id}").status_code == 404
