"""The page that seals: it names the months, asks to be sure, and says later what happened."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.bilan.drafting import write_text
from app.bilan.models import Bilan, BilanSeal
from app.db import Database
from app.documents.section import Block
from app.indicators.accompanied import Count, note_accompanied
from app.indicators.models import FrozenMonth, FrozenTally, Publication
from app.indicators.period import Period
from app.organisations.actions import create_person, set_password
from app.organisations.models import AccessEvent
from app.organisations.roles import MEDIATEUR
from app.questionnaires import Library
from app.testimonies.erasure import erase
from config import Keys, Settings
from tests.bilan.sealed import MARK, freeze_closed, lend, shown
from tests.bilan.structures import TODAY, Made, answer, structure_with
from tests.organisations.conftest import PASSWORD, post, token_of

RESPONSABLE_EMAIL, MEDIATEUR_EMAIL = "resp@example.fr", "med@example.fr"


@pytest.fixture
def made(
    client: FlaskClient, database: Database, keys: Keys, library: Library,
    monkeypatch: pytest.MonkeyPatch,
) -> Made:  # fmt: skip
    """Return a structure with answers up to October, in November."""
    monkeypatch.setattr("app.bilan.desk_sealing.today", lambda: TODAY)
    monkeypatch.setattr("app.bilan.looking.today", lambda: TODAY)
    monkeypatch.setattr("app.bilan.desk_composer.today", lambda: TODAY)
    made = structure_with(database, keys, library, 24)
    with database.writing() as session:
        for email, role in ((RESPONSABLE_EMAIL, "responsable"), (MEDIATEUR_EMAIL, MEDIATEUR)):
            person = create_person(session, made.organisation_id, email, "Yann Kerbrat", role)
            set_password(session, person, PASSWORD)
    return made


def enter(client: FlaskClient, email: str = RESPONSABLE_EMAIL) -> None:
    token = token_of(client.get("/espace/connexion").text)
    data = {"csrf_token": token, "email": email, "mot_de_passe": PASSWORD}
    assert client.post("/espace/connexion", data=data).status_code == 303


def page(client: FlaskClient, bilan_id: UUID) -> str:
    return words(client.get(f"/espace/bilan/{bilan_id}/arreter").text)


def words(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def send(client: FlaskClient, bilan_id: UUID, **fields: str) -> tuple[int, str]:
    address = f"/espace/bilan/{bilan_id}/arreter"
    shown = client.get(address).text
    seen = re.search(r'name="vu" value="([^"]*)"', shown)
    data = {"csrf_token": token_of(shown), "vu": seen[1] if seen else "", **fields}
    reply = client.post(address, data=data)
    return reply.status_code, words(reply.text)


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_responsable_seals_knowingly(
    client: FlaskClient, database: Database, keys: Keys, made: Made
) -> None:
    lend(database, keys, made)
    bilan = made.bilan(database)
    enter(client)
    before = page(client, bilan.id)
    assert "Mois comptés De janvier à octobre 2026." in before
    assert "le bilan dira « jusqu’à octobre 2026 »" in before
    assert "janvier 2026, février 2026" in before
    assert "1 citation, qui sera notée dans le registre" in before
    status, said = send(client, bilan.id)
    assert (status, "Cochez la case" in said) == (422, True)
    assert (count(database, BilanSeal), count(database, FrozenMonth)) == (0, 0)
    assert send(client, bilan.id, certain="1", sans_suite="1")[0] == 303
    assert (count(database, BilanSeal), count(database, FrozenMonth)) == (1, 10)
    with database.reading() as session:
        acts = session.scalars(select(AccessEvent.act)).all()
    assert (acts.count("froze"), acts.count("sealed")) == (10, 1)
    after = page(client, bilan.id)
    assert "Tout est recompté : mêmes réponses" in after
    assert "Arrêté le 22 novembre 2026 par Yann Kerbrat, empreinte" in after


def test_what_changed_meanwhile_is_shown_before_it_is_sealed(
    client: FlaskClient, database: Database, keys: Keys, made: Made
) -> None:
    bilan = made.bilan(database)
    enter(client)
    with database.writing() as session:
        mine = session.get_one(Bilan, bilan.id)
        old = f"{mine.revision}.2026-10"
        write_text(session, keys, mine, "suite", "Ouvrir le jeudi.", "", made.person_id, TODAY)
    status, said = send(client, bilan.id, certain="1", vu=old)
    assert (status, "a changé depuis que cette page est ouverte" in said) == (409, True)
    assert count(database, FrozenMonth) == 0


def test_texts_over_other_figures_are_read_again(
    client: FlaskClient, database: Database, keys: Keys, made: Made
) -> None:
    bilan = made.bilan(database)
    with database.writing() as session:
        mine = session.get_one(Bilan, bilan.id)
        given = ("Nos limites à nous.", "Autre chose hier.", made.person_id, TODAY)
        write_text(session, keys, mine, "methode", *given)
    enter(client)
    assert "Vous avez écrit Nos limites à nous." in page(client, bilan.id)
    status, said = send(client, bilan.id, certain="1", sans_suite="1")
    assert (status, "Vous avez écrit Nos limites à nous." in said) == (422, True)
    assert "La méthode : à lire avec prudence" in said
    assert count(database, BilanSeal) == 0
    status, said = send(client, bilan.id, certain="1", sans_suite="1", relire="1")
    assert (status, "puis cochez la case qui le dit" in said) == (422, True)
    sure = {"certain": "1", "sans_suite": "1"}
    assert send(client, bilan.id, **sure, relire="1", relu="1")[0] == 303


def test_what_stays_provisional_says_what_to_do(
    client: FlaskClient, database: Database, made: Made
) -> None:
    bilan = made.bilan(database, last_month="2026-10")
    enter(client)
    assert "Choisissez toute l’année 2026" in page(client, bilan.id)
    status, said = send(client, bilan.id, certain="1")
    assert (status, said.count("Choisissez toute l’année 2026")) == (422, 1)


def test_a_mediateur_sees_and_does_not_seal(
    client: FlaskClient, database: Database, made: Made
) -> None:
    bilan = made.bilan(database)
    enter(client, MEDIATEUR_EMAIL)
    assert "La ou le responsable de votre structure peut arrêter" in page(client, bilan.id)
    assert send(client, bilan.id, certain="1")[0] == 403
    assert count(database, BilanSeal) == 0


def test_an_erased_quote_is_said_with_what_to_do(
    client: FlaskClient, database: Database, keys: Keys, settings: Settings, made: Made
) -> None:
    told, _ = lend(database, keys, made)
    bilan = made.bilan(database)
    enter(client)
    assert send(client, bilan.id, certain="1", sans_suite="1")[0] == 303
    with database.writing() as session:
        erase(session, settings.data, told, date(2026, 11, 22))
    said = page(client, bilan.id)
    assert "1 citation retirée" in said
    assert "voyez ce qui est à retirer" in said
    assert MARK not in client.get(f"/espace/bilan/{bilan.id}").text


def test_an_altered_bilan_must_not_be_given(
    client: FlaskClient, database: Database, keys: Keys, made: Made
) -> None:
    bilan = made.bilan(database)
    enter(client)
    assert send(client, bilan.id, certain="1", sans_suite="1")[0] == 303
    with database.writing() as session:
        session.get_one(BilanSeal, bilan.id).figures = []
    assert "Ne le donnez pas." in page(client, bilan.id)
    with database.writing() as session:
        session.get_one(BilanSeal, bilan.id).content = b"0" * 40
    assert "modifié hors de Recueil" in page(client, bilan.id)
    assert client.get(f"/espace/bilan/{bilan.id}").status_code == 200


def test_a_bilan_without_what_comes_next_asks_a_second_yes(
    client: FlaskClient, database: Database, keys: Keys, made: Made
) -> None:
    bilan = made.bilan(database)
    enter(client)
    assert "Ce bilan part sans « Ce que nous allons faire »" in page(client, bilan.id)
    status, said = send(client, bilan.id, certain="1")
    assert (status, "« Ce que nous allons faire » est vide." in said) == (422, True)
    assert count(database, FrozenMonth) == 0
    with database.writing() as session:
        mine = session.get_one(Bilan, bilan.id)
        write_text(session, keys, mine, "suite", "Ouvrir le jeudi.", "", made.person_id, TODAY)
    assert "Ce bilan part sans" not in page(client, bilan.id)
    assert send(client, bilan.id, certain="1")[0] == 303


def test_what_will_be_sealed_is_shown_before_and_a_look_writes_nothing(
    client: FlaskClient, database: Database, keys: Keys, made: Made
) -> None:
    freeze_closed(database, made)
    months = count(database, FrozenMonth)
    answer(database, keys, made, 10, tone="negative")  # late: the draft counts them, not the seal
    bilan = made.bilan(database)
    enter(client)
    said = page(client, bilan.id)
    example = re.search(r"Par exemple : « (.+?) » aujourd’hui, « (.+?) » une fois arrêté", said)
    assert example
    assert example[1] != example[2]
    shown = client.get(f"/espace/bilan/{bilan.id}/arreter/apercu")
    foreseen = words(shown.text)
    assert "tel qu’il serait arrêté le 22 novembre 2026" in foreseen
    assert (example[2] in foreseen, example[1] in foreseen) == (True, False)
    assert (count(database, FrozenMonth), count(database, Publication)) == (months, 0)
    assert send(client, bilan.id, certain="1", sans_suite="1")[0] == 303
    sealed = words(client.get(f"/espace/bilan/{bilan.id}/imprimer").text)
    assert example[2] in sealed
    assert client.get(f"/espace/bilan/{bilan.id}/arreter/apercu").status_code == 303


def test_a_look_over_months_that_wait_freezes_none(
    client: FlaskClient, database: Database, made: Made
) -> None:
    bilan = made.bilan(database)
    enter(client)
    page(client, bilan.id)
    assert client.get(f"/espace/bilan/{bilan.id}/arreter/apercu").status_code == 200
    assert [count(database, one) for one in (FrozenMonth, FrozenTally, Publication)] == [0, 0, 0]
    with database.reading() as session:
        assert not session.scalars(select(AccessEvent.act).where(AccessEvent.act == "froze")).all()


def test_a_text_to_reread_is_written_over_the_figures_that_will_be_sealed(
    client: FlaskClient, database: Database, keys: Keys, made: Made
) -> None:
    freeze_closed(database, made)
    answer(database, keys, made, 10, tone="negative")
    bilan = made.bilan(database)
    slot, live = computed(database, keys, made, bilan)
    with database.writing() as session:
        mine = session.get_one(Bilan, bilan.id)
        given = ("Nous : " + live, live, made.person_id, TODAY)
        write_text(session, keys, mine, slot, *given)
    enter(client)
    address = f"/espace/bilan/{bilan.id}"
    assert "Vous avez écrit Nous :" in page(client, bilan.id)
    form = client.get(f"{address}/texte", query_string={"partie": slot, "chiffres": "arretes"}).text
    assert "d’après les chiffres qui seront arrêtés" in form
    proposed = hidden(form, "propose")
    assert proposed != live
    data = {
        "partie": slot, "chiffres": "arretes", "propose": proposed, "lu": hidden(form, "lu"),
        "texte": f"Nous : {proposed}",
    }  # fmt: skip
    reply = post(client, f"{address}/texte", data)
    assert (reply.status_code, reply.location) == (303, f"{address}/arreter")
    assert "Textes à relire" not in page(client, bilan.id)
    assert "Le chiffre a changé depuis votre texte" not in words(client.get(address).text)
    assert send(client, bilan.id, certain="1", sans_suite="1")[0] == 303


def test_a_number_that_is_not_computed_is_named_kept_knowingly_and_marked_for_ever(
    client: FlaskClient, database: Database, keys: Keys, made: Made
) -> None:
    bilan = made.bilan(database)
    slot, live = computed(database, keys, made, bilan)
    enter(client)
    address = f"/espace/bilan/{bilan.id}"
    form = client.get(f"{address}/texte", query_string={"partie": slot}).text
    data = {"partie": slot, "propose": live, "lu": hidden(form, "lu"), "texte": "97 sur 98 disent."}
    assert post(client, f"{address}/texte", data).status_code == 303
    shown = words(client.get(address).text)
    for said in ("Texte enregistré.", "Ce texte dit 97 et 98 ; le calcul donne",
                 "Un nombre de votre texte n’est pas celui du calcul."):  # fmt: skip
        assert said in shown
    assert "Texte enregistré." not in words(client.get(address).text)
    form = client.get(f"{address}/texte", query_string={"partie": slot}).text
    keep = {"partie": slot, "lu": hidden(form, "lu"), "geste": "garder"}
    assert post(client, f"{address}/texte", keep).status_code == 303
    kept = words(client.get(address).text)
    assert "Ce texte dit 97" not in kept
    assert "Phrase réécrite par l’équipe. Calcul :" in kept
    sure = {"certain": "1", "sans_suite": "1"}
    status, said = send(client, bilan.id, **sure)
    assert (status, "Ce texte dit 97 et 98" in said) == (422, True)
    assert send(client, bilan.id, **sure, relu="1")[0] == 303
    proof = page(client, bilan.id)
    assert "1 phrase réécrite par l’équipe" in proof
    assert "identique" in proof
    sealed = client.get(address).text
    assert "Phrase réécrite par l’équipe. Calcul :" in words(sealed)
    assert "à écrire" not in words(sealed)
    paper = words(client.get(f"{address}/imprimer").text)
    assert "97 sur 98 disent. Phrase de l’équipe ; calcul :" in paper


def test_a_number_of_more_months_gives_no_rate_and_the_page_says_how_to_have_one(
    client: FlaskClient, database: Database, keys: Keys, made: Made
) -> None:
    def note(last: str, people: int) -> None:
        given = (made.organisation_id, made.organisation_id, Period("2026-01", last))
        with database.writing() as session:
            note_accompanied(session, *given, Count(people), made.person_id, TODAY)

    def method() -> str:
        return words(client.get(f"/espace/bilan/{bilan.id}/arreter/apercu").text)

    note("2026-12", 209)
    bilan = made.bilan(database)
    enter(client)
    said = page(client, bilan.id)
    assert "Vous avez noté 209 personnes accompagnées, de janvier à décembre 2026." in said
    assert "notez le nombre de janvier à octobre 2026" in said
    assert "/espace/indicateurs/accompagnes?de=2026-01&amp;a=2026-10" in client.get(
        f"/espace/bilan/{bilan.id}/arreter"
    ).text  # fmt: skip
    told = method()
    longer = "209 personnes accompagnées de janvier à décembre 2026 (nombre noté le 22 novembre"
    assert longer in told
    assert "sur 209" not in told
    assert "marge d’environ" not in told
    note("2026-10", 180)
    told = method()
    assert "24 réponses sur 180 personnes" in told
    assert "marge d’environ" in told
    assert "Vous avez noté 209" not in page(client, bilan.id)


def computed(database: Database, keys: Keys, made: Made, bilan: Bilan) -> tuple[str, str]:
    """Return the slot of a figure of the draft, and its sentence."""
    section = shown(database, keys, made, bilan)
    block = next(one for one in section.body if isinstance(one, Block) and one.findings)
    passage = block.findings[0].passage
    return passage.slot, passage.proposed


def hidden(form: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', form)
    assert found
    return unescape(found[1])
