"""The team does what a person asks for aloud: a change of mind, an erasure, each noted."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.db import Database
from app.media.store import Store
from app.organisations.actions import create_person, set_password
from app.organisations.models import AccessEvent, Lieu
from app.organisations.roles import MEDIATEUR, RESPONSABLE
from app.questionnaires import Library
from app.testimonies.consents import agreement_of, history
from app.testimonies.models import QuoteUse, Testimony
from app.web.current import today
from config import Keys
from tests.testimonies.holder import Holder
from tests.world import PASSWORD, token_of


@pytest.fixture
def holder(database: Database, keys: Keys, library: Library, lieu: Lieu) -> Holder:
    """Return somebody who testifies."""
    return Holder(database, keys, library, lieu)


@pytest.fixture
def told(holder: Holder, app: Flask) -> UUID:
    """Return a testimony of last week, that is shown somewhere, with a voice."""
    testimony_id = holder.tell(day=today() - timedelta(days=7)).testimony_id
    assert testimony_id
    holder.read(testimony_id)
    holder.quote(testimony_id, "J’ose […]", "lieu")
    holder.record(testimony_id, Store(app.extensions["settings"].data), b"voix" * 9)
    return testimony_id


def enter(client: FlaskClient, database: Database, lieu: Lieu, role: str) -> UUID:
    """Sign in as somebody of the structure; return their id."""
    with database.writing() as session:
        person = create_person(session, lieu.organisation_id, "mo@example.fr", "Mo Le Gall", role)
        set_password(session, person, PASSWORD)
        person_id = person.id
    form = {"email": "mo@example.fr", "mot_de_passe": PASSWORD, "csrf_token": token_of(client)}
    assert client.post("/espace/connexion", data=form).status_code == 303
    return person_id


def test_a_change_said_aloud_is_written_with_who_noted_it(
    client: FlaskClient, database: Database, lieu: Lieu, told: UUID
) -> None:
    person_id = enter(client, database, lieu, MEDIATEUR)
    address = f"/espace/temoignages/{told}/accords"
    page = client.get(address)
    assert page.status_code == 200
    token = token_of(client, address)
    sent = client.post(address, data={"csrf_token": token, "lieu": "non", "bilan": "oui"})
    assert sent.status_code == 303
    assert sent.location == f"/espace/temoignages/{told}"
    with database.reading() as session:
        agreement = agreement_of(session, session.get_one(Testimony, told))
        latest, text = next(row for row in history(session, told) if row[0].scope == "lieu")
        act = session.scalars(select(AccessEvent).where(AccessEvent.act == "agreed")).one()
        shown = session.scalars(select(QuoteUse)).one()
    assert agreement.uses == ("bilan", "financeurs", "public")
    assert (latest.choice, latest.noted_by, latest.day) == ("non", person_id, today())
    assert text.words.endswith("\nNon")
    assert act.person_id == person_id
    assert shown.withdrawn_on == today()
    assert "Mo Le Gall" in client.get(address).text


def test_what_cannot_be_shown_is_said_and_what_was_noted_stays(
    client: FlaskClient, database: Database, lieu: Lieu, told: UUID
) -> None:
    enter(client, database, lieu, MEDIATEUR)
    address = f"/espace/temoignages/{told}/accords"
    token = token_of(client, address)
    sent = client.post(address, data={"csrf_token": token, "lieu": "non", "nom": "age_lieu"})
    assert sent.status_code == 422
    assert "Il manque" in sent.text
    assert 'name="lieu" value="non" checked' in sent.text
    with database.reading() as session:
        assert "lieu" in agreement_of(session, session.get_one(Testimony, told)).uses


def test_erasing_at_the_desk_asks_first_and_leaves_one_line_in_the_journal(
    client: FlaskClient, app: Flask, database: Database, lieu: Lieu, told: UUID
) -> None:
    enter(client, database, lieu, RESPONSABLE)
    address = f"/espace/temoignages/{told}/effacer"
    assert client.get(address).status_code == 200
    with database.reading() as session:
        assert session.get(Testimony, told)
    sent = client.post(address, data={"csrf_token": token_of(client, address)})
    assert sent.status_code == 303
    with database.reading() as session:
        assert session.get(Testimony, told) is None
        act = session.scalars(select(AccessEvent).where(AccessEvent.act == "erased")).one()
    assert act.about.startswith("un témoignage du ")
    media = app.extensions["settings"].data / "media"
    assert not any(path.is_file() for path in media.rglob("*"))
    assert client.get(address).status_code == 404


def test_a_mediateur_erases_nothing(
    client: FlaskClient, database: Database, lieu: Lieu, told: UUID
) -> None:
    enter(client, database, lieu, MEDIATEUR)
    assert client.get(f"/espace/temoignages/{told}/effacer").status_code == 403
    token = token_of(client, f"/espace/temoignages/{told}/accords")
    sent = client.post(f"/espace/temoignages/{told}/effacer", data={"csrf_token": token})
    assert sent.status_code == 403
    with database.reading() as session:
        assert session.get(Testimony, told)
