"""Réglages → Équipe: who enters, what they may do and where, and no longer."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.db import Database
from app.organisations import actions, people, queries, team
from app.organisations.actions import OrganisationError
from app.organisations.guard import roles_of
from app.organisations.models import AccessEvent, Invitation, Lieu, Organisation, Person
from app.organisations.rights import RIGHTS
from app.organisations.roles import MEDIATEUR
from app.web.current import today
from tests.mailbox import Mailbox
from tests.organisations.conftest import EMAIL, Entered, PersonIn, SignIn, post, words
from tests.organisations.test_invitation import accept

TEAM = "/espace/reglages/equipe"
AWA = {"name": "Awa Diallo", "email": "awa@example.fr", "role": "mediateur", "portee": "partout"}


@pytest.fixture
def desk(client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    """Return the browser of the responsable."""
    assert sign_in().status_code == 303
    return client


def found(database: Database, email: str) -> Person:
    with database.reading() as session:
        person = queries.find_person(session, email)
    assert person is not None
    return person


def acts(database: Database) -> list[tuple[str, str]]:
    with database.reading() as session:
        rows = session.execute(
            select(AccessEvent.act, AccessEvent.about).where(AccessEvent.act != "entered")
        ).all()
    return sorted((act, about) for act, about in rows)


def link_on(page: str) -> str:
    return re.findall(r'value="\S+/espace/invitation#([a-z2-7-]+)"', page)[0]


def test_an_invited_mediateur_enters_where_they_were_given_a_lieu(
    app: Flask, desk: FlaskClient, database: Database, lieu: Lieu
) -> None:
    page = post(desk, f"{TEAM}/inviter", {**AWA, "portee": "lieux", "lieux": [str(lieu.id)]})
    assert page.status_code == 200
    token = link_on(page.text)
    assert "invitation envoyée" in desk.get(TEAM).text
    assert token not in desk.get(TEAM).text

    theirs = app.test_client()
    assert accept(theirs, token, "lampe tortue violon").headers["Location"] == "/espace"
    assert theirs.get("/espace").status_code == 200
    assert theirs.get(TEAM).status_code == 403
    with database.reading() as session:
        member = queries.find_member(session, found(database, AWA["email"]).id)
    assert member is not None
    assert member.reach == queries.Reach(lieu.organisation_id, frozenset({lieu.id}))
    assert ("invited", "Awa Diallo") in acts(database)


def test_the_invitation_leaves_by_email_too(desk: FlaskClient, mailbox: Mailbox) -> None:
    page = post(desk, f"{TEAM}/inviter", AWA)
    assert "Il est parti par e-mail à awa@example.fr." in words(page.text)
    assert link_on(page.text) in mailbox.text()
    assert "Nolwenn Le Guen (Le Fil numérique) vous ouvre un espace" in mailbox.text()


def test_an_email_that_does_not_leave_is_said_and_the_link_is_there(
    desk: FlaskClient, mailbox: Mailbox
) -> None:
    mailbox.is_refusing = True
    page = post(desk, f"{TEAM}/inviter", AWA)
    assert page.status_code == 200
    assert "L’e-mail n’a pas pu partir." in page.text
    assert link_on(page.text)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"email": "awa"}, "n’est pas une adresse e-mail"),
        ({"email": EMAIL.upper()}, "a déjà cette adresse, ici même"),
        ({"portee": "lieux"}, "Cochez au moins un lieu"),
        ({"role": "administrateur"}, "est à revoir"),
        ({"portee": "lieux", "lieux": [str(uuid4())]}, "à revoir"),
        ({"name": "  "}, "Écrivez son prénom"),
    ],
)
def test_a_refused_invitation_says_why_and_loses_nothing(
    desk: FlaskClient, database: Database, changed: dict[str, str], said: str
) -> None:
    response = post(desk, f"{TEAM}/inviter", {**AWA, **changed})
    assert response.status_code == 422
    assert said in words(response.text)
    kept = {**AWA, **changed}["email"].lower()
    assert f'value="{kept}"' in response.text.lower()
    with database.reading() as session:
        assert queries.find_person(session, AWA["email"]) is None


def test_somebody_of_another_structure_is_not_told_of(
    desk: FlaskClient, database: Database, person_in: PersonIn
) -> None:
    with database.writing() as session:
        other = actions.create_organisation(session, "L’Escale secrète")
    person_in("sam@example.fr", organisation_id=other.id)
    page = words(post(desk, f"{TEAM}/inviter", {**AWA, "email": "sam@example.fr"}).text)
    assert "Cette adresse ne peut pas servir ici." in page
    assert "Escale" not in page


def test_another_role_is_true_at_the_next_request(
    desk: FlaskClient, database: Database, person_in: PersonIn, entered: Entered, lieu: Lieu
) -> None:
    sam = person_in("sam@example.fr", MEDIATEUR)
    theirs = entered("sam@example.fr")
    assert theirs.get(TEAM).status_code == 403
    responsable = {"role": "responsable", "portee": "lieux", "lieux": [str(lieu.id)]}
    assert post(desk, f"{TEAM}/{sam.id}", responsable).status_code == 303
    assert theirs.get(TEAM).status_code == 200
    assert found(database, "sam@example.fr").everywhere
    limited = {"role": "mediateur", "portee": "lieux", "lieux": [str(lieu.id)]}
    post(desk, f"{TEAM}/{sam.id}", limited)
    assert theirs.get(TEAM).status_code == 403
    assert f'checked id="lieux-0" name="lieux" type="checkbox" value="{lieu.id}"' in desk.get(
        f"{TEAM}/{sam.id}"
    ).text  # fmt: skip
    assert ("role", "sam") in acts(database)


def test_a_closed_access_cuts_the_live_session_and_may_be_reopened(
    desk: FlaskClient, database: Database, person_in: PersonIn, entered: Entered
) -> None:
    sam = person_in("sam@example.fr", MEDIATEUR)
    theirs = entered("sam@example.fr")
    assert "Couper l’accès de sam" in desk.get(f"{TEAM}/{sam.id}/fermer").text
    assert theirs.get("/espace/compte").status_code == 200
    post(desk, f"{TEAM}/{sam.id}/fermer")
    assert theirs.get("/espace/compte").status_code == 302
    assert "accès coupé" in desk.get(TEAM).text
    assert post(desk, f"{TEAM}/{sam.id}/lien").status_code == 404
    post(desk, f"{TEAM}/{sam.id}/rouvrir")
    assert theirs.get("/espace/compte").status_code == 302
    assert entered("sam@example.fr").get("/espace/compte").status_code == 200
    assert {act for act, _ in acts(database)} == {"disabled", "reopened"}


def test_a_new_password_comes_by_a_link_and_the_former_serves_until_then(
    app: Flask, desk: FlaskClient, person_in: PersonIn, entered: Entered
) -> None:
    sam = person_in("sam@example.fr", MEDIATEUR)
    first = link_on(post(desk, f"{TEAM}/{sam.id}/lien").text)
    token = link_on(post(desk, f"{TEAM}/{sam.id}/lien").text)
    theirs = entered("sam@example.fr")
    assert accept(app.test_client(), first, "lampe tortue violon").status_code == 422
    assert accept(app.test_client(), token, "lampe tortue violon").status_code == 303
    assert theirs.get("/espace/compte").status_code == 302


def test_an_expired_invitation_is_said_so(desk: FlaskClient, database: Database) -> None:
    post(desk, f"{TEAM}/inviter", AWA)
    with database.writing() as session:
        session.scalars(select(Invitation)).one().expires_on = today() - timedelta(days=1)
    assert "invitation expirée" in desk.get(TEAM).text


def test_one_changes_neither_ones_own_role_nor_ones_own_access(
    desk: FlaskClient, person: Person, person_in: PersonIn
) -> None:
    person_in("sam@example.fr")
    mediateur = {"role": "mediateur", "portee": "partout"}
    assert post(desk, f"{TEAM}/{person.id}", mediateur).headers["Location"] == "/espace/compte"
    post(desk, f"{TEAM}/{person.id}/fermer")
    page = desk.get(TEAM)
    assert page.status_code == 200
    assert "Demandez à une autre personne responsable" in page.text


def test_the_last_responsable_who_can_enter_keeps_the_role_and_the_access(
    database: Database, organisation: Organisation, person: Person
) -> None:
    with database.writing() as session:
        # Invited, and not in yet: this one does not count.
        actions.create_person(session, organisation.id, "sam@example.fr")
        alone = session.get_one(Person, person.id)
        with pytest.raises(OrganisationError, match="seule personne responsable"):
            team.change_role(session, alone, MEDIATEUR, None)
        with pytest.raises(OrganisationError, match="seule personne responsable"):
            team.close_access(session, alone, by=uuid4())


def test_another_responsable_lets_the_first_one_go(
    database: Database, organisation: Organisation, person: Person
) -> None:
    with database.writing() as session:
        sam = actions.create_person(session, organisation.id, "sam@example.fr")
        actions.set_password(session, sam, "lampe tortue violon")
        team.close_access(session, session.get_one(Person, person.id), by=sam.id)
        with pytest.raises(OrganisationError):
            team.change_role(session, sam, MEDIATEUR, None)


def test_the_refusal_stands_beside_the_role(
    desk: FlaskClient, database: Database, person: Person, person_in: PersonIn
) -> None:
    sam = person_in("sam@example.fr")
    with database.writing() as session:
        session.get_one(Person, person.id).password_hash = ""  # no longer able to enter again
    response = post(desk, f"{TEAM}/{sam.id}", {"role": "mediateur", "portee": "partout"})
    assert response.status_code == 422
    assert "Nommez d’abord une autre personne responsable." in response.text


@pytest.mark.parametrize("verb", ["", "/fermer", "/lien", "/rouvrir"])
def test_people_of_another_structure_are_unknown(
    desk: FlaskClient, database: Database, person_in: PersonIn, verb: str
) -> None:
    with database.writing() as session:
        other = actions.create_organisation(session, "L’Escale")
    sam = person_in("sam@example.fr", MEDIATEUR, other.id)
    for unknown in (sam.id, UUID(int=0)):
        assert post(desk, f"{TEAM}/{unknown}{verb}", {"role": "mediateur"}).status_code == 404
    assert found(database, "sam@example.fr").active


def test_the_table_of_rights_says_what_the_pages_do(app: Flask, desk: FlaskClient) -> None:
    for right in RIGHTS:
        assert set(right.roles) == set(roles_of(app.view_functions[right.endpoint])), right
    page = desk.get(TEAM).text
    assert all(right.words in page for right in RIGHTS)


def test_two_forms_sent_at_once_make_one_person(
    database: Database, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "find_person", lambda *_: None)  # as both of them saw it
    with database.writing() as session:
        actions.create_person(session, organisation.id, "sam@example.fr")
        with pytest.raises(OrganisationError, match="déjà"):
            actions.create_person(session, organisation.id, "sam@example.fr")
        assert len(people.team_of(session, organisation.id)) == 1
