"""The pages of answers: what the team reads, filters and seeks, and what stays closed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.campaigns.models import Campaign, Link
from app.db import Database
from app.organisations.actions import add_lieu, create_organisation, create_person, set_password
from app.organisations.models import AccessEvent, Lieu, Organisation, Person, PersonLieu
from app.responses.models import Response, Tombstone
from app.web.current import today as the_day
from tests.organisations.conftest import PASSWORD, token_of
from tests.responses.conftest import Sender

OTHER = "elsewhere@autre.example"
#: A day that everybody may read.
BEFORE = the_day().replace(day=1) - timedelta(days=1)
EVER = "de=&a="


@pytest.fixture
def person(database: Database, organisation: Organisation) -> Person:
    with database.writing() as session:
        person = create_person(session, organisation.id, "nolwenn@fil.example", "Nolwenn Le Guen")
        set_password(session, person, PASSWORD)
    return person


@pytest.fixture
def team(client: FlaskClient, person: Person) -> FlaskClient:
    """Return the browser of the responsable."""
    return _signed_in(client, person.email)


@pytest.fixture
def mediateur(app: object, database: Database, organisation: Organisation) -> FlaskClient:
    """Return the browser of a médiateur of every lieu."""
    with database.writing() as session:
        one = create_person(session, organisation.id, "yann@fil.example", "Yann")
        set_password(session, one, PASSWORD)
        one.role = "mediateur"
    return _signed_in(app.test_client(), "yann@fil.example")  # type: ignore[attr-defined]


@pytest.fixture
def stranger(app: object, database: Database) -> FlaskClient:
    """Return the browser of the responsable of another structure."""
    with database.writing() as session:
        other = create_organisation(session, "L’Escale")
        set_password(session, create_person(session, other.id, OTHER, "Ailleurs"), PASSWORD)
    return _signed_in(app.test_client(), OTHER)  # type: ignore[attr-defined]


def test_the_list_shows_days_words_doors_and_no_answer_of_another_structure(
    team: FlaskClient, stranger: FlaskClient, sender: Sender, link: Link
) -> None:
    sender.send(link, day=BEFORE, texts={"mot": "Merci <b>à tous</b> 🌻"})
    page = team.get(f"/espace/reponses?{EVER}")
    assert "Merci &lt;b&gt;à tous&lt;/b&gt; 🌻" in page.text
    assert "L’affiche" in page.text
    assert "1\u00a0réponse</b>, 1 avec un commentaire" in page.text
    assert "Merci" not in stranger.get(f"/espace/reponses?{EVER}").text
    for path in (f"?campagne={link.campaign_id}", f"?lieu={link.campaign.lieu_id}"):
        foreign = stranger.get(f"/espace/reponses{path}")
        unknown = stranger.get(re.sub(r"=.*", f"={uuid4()}", f"/espace/reponses{path}"))
        assert (foreign.status_code, foreign.data) == (404, unknown.data)
    assert team.get("/espace/reponses?porte=fenetre").status_code == 404


def test_a_mediateur_sees_the_lieux_that_are_given(
    mediateur: FlaskClient,
    database: Database,
    sender: Sender,
    link: Link,
    campaign_of: Callable[..., Campaign],
) -> None:
    with database.writing() as session:
        elsewhere = add_lieu(session, link.organisation_id, "Mairie de Lanvily")
    there = campaign_of("satisfaction", lieu_id=elsewhere.id)
    sender.send(link, day=BEFORE, texts={"mot": "Ici"})
    sender.send(there.links[0], day=BEFORE, texts={"mot": "Là-bas"})
    with database.reading() as session:
        hidden = session.scalars(
            select(Response.id).where(Response.link_id == there.links[0].id)
        ).one()
    assert "Là-bas" in mediateur.get(f"/espace/reponses?{EVER}").text
    with database.writing() as session:
        yann = session.scalars(select(Person).where(Person.name == "Yann")).one()
        yann.everywhere = False
        session.add(PersonLieu(person_id=yann.id, lieu_id=link.campaign.lieu_id))
    page = mediateur.get(f"/espace/reponses?{EVER}").text
    assert ("Ici" in page, "Là-bas" in page, "Mairie" in page) == (True, False, False)
    assert mediateur.get(f"/espace/reponses/{hidden}").status_code == 404


def test_answers_of_the_day_wait_and_the_page_says_why(
    team: FlaskClient, database: Database, sender: Sender, link: Link
) -> None:
    for number in range(4):
        sender.send(link, day=the_day(), texts={"mot": f"Secret {number}"})
    page = team.get("/espace/reponses").text
    assert "4\u00a0réponses encore fermées" in page
    assert "dirait qui l’a écrite" in page
    assert "Secret" not in page
    assert "Aucune réponse à lire" in page
    assert "Élargissez la période" not in page
    with database.reading() as session:
        ids = list(session.scalars(select(Response.id)))
    closed = team.get(f"/espace/reponses/{ids[0]}")
    assert closed.status_code == 404
    assert closed.data == team.get(f"/espace/reponses/{uuid4()}").data
    assert team.get(f"/espace/reponses/{ids[0]}/effacer").status_code == 404
    sender.send(link, day=the_day(), texts={"mot": "Secret 5"})
    page = team.get("/espace/reponses").text
    assert sorted(re.findall(r"Secret \d", page)) == [f"Secret {one}" for one in (0, 1, 2, 3, 5)]
    assert "encore fermée" not in page


def test_an_answer_without_a_comment_opens_with_the_fifth_and_one_comment_alone_stays_closed(
    team: FlaskClient, sender: Sender, link: Link
) -> None:
    for _ in range(4):
        sender.send(link, day=the_day())
    sender.send(link, day=the_day(), texts={"mot": "Secret"})
    assert "5\u00a0réponses encore fermées" in team.get("/espace/reponses").text
    sender.send(link, day=the_day())
    page = team.get("/espace/reponses").text
    assert "5\u00a0réponses</b>." in page
    assert "1\u00a0réponse encore fermée" in page
    assert "Secret" not in page


def test_what_was_told_to_the_team_is_read_at_once(
    team: FlaskClient, sender: Sender, campaign_of: Callable[..., Campaign]
) -> None:
    aided = campaign_of("satisfaction", doors=("aide",)).links[0]
    sender.send(aided, day=the_day(), texts={"mot": "Dicté"})
    assert "Dicté" in team.get("/espace/reponses").text


def test_filters_narrow_the_list_and_each_can_be_taken_away(
    team: FlaskClient, sender: Sender, campaign_of: Callable[..., Campaign]
) -> None:
    campaign = campaign_of("satisfaction", doors=("affiche", "papier"), action="Ateliers")
    doors = {link.door: link for link in campaign.links}
    sender.send(doors["papier"], day=date(2025, 3, 2), texts={"mot": "Ancien"})
    sender.send(doors["affiche"], day=date(2025, 5, 2), texts={"mot": "Récent"})
    sender.send(doors["affiche"], day=date(2025, 5, 3))
    address = f"/espace/reponses?de=2025-05&a=2025-05&campagne={campaign.id}&porte=affiche"
    page = team.get(f"{address}&commentaire=oui").text
    assert ("Récent" in page, "Ancien" in page, "Sans commentaire" in page) == (True, False, False)
    for words in ("mai 2025", "Ateliers", "L’affiche", "avec un commentaire"):
        assert re.search(rf'class="etq on"[^>]*><span dir="auto">[^<]*{words}', page), words
    without_period = _tag(page, "mai 2025")
    assert "Récent" in team.get(without_period).text
    assert "Ancien" in team.get(_tag(team.get(without_period).text, "L’affiche")).text


def test_months_that_cannot_be_are_said_and_stay_on_the_page(team: FlaskClient, link: Link) -> None:
    page = team.get("/espace/reponses?de=2026-03&a=2026-01")
    assert page.status_code == 422
    assert "Échangez-les" in page.text
    assert '<option value="2026-03" selected>' in page.text
    assert team.get("/espace/reponses?de=hier").status_code == 422


def test_a_search_marks_what_it_finds_and_a_chip_counts_what_it_opens(
    team: FlaskClient, sender: Sender, link: Link
) -> None:
    for words in ("Trop d’attente !", "L’ATTENTE", "l’attente <i>", "Rien"):
        sender.send(link, day=BEFORE, texts={"mot": words})
    page = team.get(f"/espace/reponses?{EVER}&q=ATTEN").text
    assert page.count("<mark>") == 3
    assert "<mark>ATTEN</mark>TE" in page
    assert "3\u00a0commentaires trouvés" in page
    assert "Rien" not in page
    chip = re.search(
        r'href="([^"]*mot=attente[^"]*)"[^>]*><span dir="auto">attente</span> <i>3', page
    )
    assert chip
    assert team.get(unescape(chip[1])).text.count("<mark>") == 3
    nothing = team.get(f"/espace/reponses?{EVER}&q=introuvable%3Cb%3E").text
    assert "Aucun commentaire ne contient ces mots" in nothing
    assert "introuvable<b>" not in nothing


def test_a_long_comment_is_cut_around_what_is_sought_and_read_whole_on_its_page(
    team: FlaskClient, database: Database, sender: Sender, link: Link
) -> None:
    long = "premier " + "bla " * 400 + "trouvaille. شكرا"
    sender.send(link, day=BEFORE, texts={"mot": long})
    page = team.get(f"/espace/reponses?{EVER}&q=trouvaille").text
    assert "[…]" in page
    assert "<mark>trouvaille</mark>" in page
    assert "premier " not in page
    with database.reading() as session:
        response_id = session.scalars(select(Response.id)).one()
    assert f'dir="auto">{long}</p>' in team.get(f"/espace/reponses/{response_id}").text


def test_pages_of_twenty_hold_every_answer_once(
    team: FlaskClient, database: Database, sender: Sender, link: Link
) -> None:
    for _ in range(45):
        sender.send(link, day=BEFORE)
    seen: list[str] = []
    for number, size in ((1, 20), (2, 20), (3, 5), (99, 5)):
        page = team.get(f"/espace/reponses?{EVER}&page={number}").text
        shown = re.findall(r'dir="auto" href="/espace/reponses/([0-9a-f-]{36})"', page)
        assert len(shown) == size
        seen += shown if number < 4 else []
        assert "page 3 sur 3" in page or number < 3
    with database.reading() as session:
        assert seen == [
            str(one) for one in session.scalars(select(Response.id).order_by(Response.id))
        ]
    assert team.get("/espace/reponses?page=abc").status_code == 200


def test_one_answer_tells_an_aside_from_a_silence(
    team: FlaskClient, database: Database, sender: Sender, link: Link
) -> None:
    asked = [one for one in sender.build(link).passing.posed if one.question.kind.name == "echelle"]
    chosen, aside = asked[0], asked[1]
    option = chosen.question.options[-1]
    answers = {chosen.key: option.code, aside.key: "refus", "mode": "seul"}
    sender.send(link, day=BEFORE, answers=answers, late=True)
    with database.reading() as session:
        response_id = session.scalars(select(Response.id)).one()
    page = team.get(f"/espace/reponses/{response_id}").text
    assert re.search(rf"<span>{option.text.fr}</span></dd>", page)
    assert re.search(r'<dd class="doux"><span>[^<]*préfère ne pas', page, re.IGNORECASE)
    assert "<span>pas de réponse</span>" in page
    assert "après la fermeture" in page
    assert "L’affiche" in page


@pytest.mark.usefixtures("one_moment")
def test_reading_is_noted_once_an_hour_without_a_word_of_it(
    team: FlaskClient, database: Database, sender: Sender, link: Link
) -> None:
    team.get(f"/espace/reponses?{EVER}")
    with database.reading() as session:
        assert not session.scalars(select(AccessEvent).where(AccessEvent.act == "read")).all()
    sender.send(link, day=BEFORE, texts={"mot": "Discret"})
    for _ in range(2):
        team.get(f"/espace/reponses?{EVER}&q=discret")
    with database.reading() as session:
        events = session.scalars(select(AccessEvent).where(AccessEvent.act == "read")).all()
    assert len(events) == 1
    assert "iscret" not in events[0].about


def test_the_responsable_erases_an_answer_after_a_question(
    team: FlaskClient, mediateur: FlaskClient, stranger: FlaskClient, database: Database,
    sender: Sender, link: Link,
) -> None:  # fmt: skip
    sender.send(link, day=BEFORE, texts={"mot": "À oublier"})
    with database.reading() as session:
        response_id = session.scalars(select(Response.id)).one()
    address = f"/espace/reponses/{response_id}/effacer"
    assert mediateur.get(address).status_code == 403
    assert "Effacer cette réponse" not in mediateur.get(f"/espace/reponses/{response_id}").text
    page = team.get(address).text
    assert "À oublier" not in page
    foreign = stranger.post(address, data={"csrf_token": token_of(stranger.get("/espace").text)})
    assert foreign.status_code == 404
    assert team.post(address, data={"a": "1"}).status_code == 400
    assert team.post(address, data={"csrf_token": token_of(page)}).status_code == 303
    with database.reading() as session:
        assert session.scalars(select(Tombstone.response_id)).one() == response_id
        event = session.scalars(select(AccessEvent).where(AccessEvent.act == "erased")).one()
    assert event.about == "une réponse, Votre avis aujourd’hui"
    assert team.get(f"/espace/reponses/{response_id}").status_code == 404


def test_nothing_yet_teaches_the_next_step(team: FlaskClient, lieu: Lieu) -> None:
    page = team.get("/espace/reponses").text
    assert "Les réponses viendront ici" in page
    assert "/espace/campagnes/nouvelle" in page


def test_the_demonstration_hides_nothing(
    team: FlaskClient, database: Database, sender: Sender, link: Link
) -> None:
    with database.writing() as session:
        session.execute(update(Organisation).values(is_demo=True))
    sender.send(link, day=the_day(), texts={"mot": "Visible"})
    assert "Visible" in team.get("/espace/reponses").text


def _tag(page: str, words: str) -> str:
    """Return the address of the page without a filter."""
    found = re.search(rf'class="etq on" href="([^"]+)"><span dir="auto">[^<]*{words}', page)
    assert found
    return unescape(found[1])


def _signed_in(client: FlaskClient, email: str) -> FlaskClient:
    token = token_of(client.get("/espace/connexion").text)
    form = {"csrf_token": token, "email": email, "mot_de_passe": PASSWORD}
    assert client.post("/espace/connexion", data=form).status_code == 303
    return client


def test_the_words_of_partners_are_marked_and_read_apart(
    team: FlaskClient, sender: Sender, link: Link, campaign_of: Callable[..., Campaign]
) -> None:
    days = {"starts_on": date(2025, 1, 1), "ends_on": date(2026, 12, 31), "today": BEFORE}
    theirs = campaign_of("partenaire", doors=("partenaire", "entretien"), **days)
    for _ in range(6):
        sender.send(link, day=BEFORE, texts={"mot": "la patience"})
    for door in theirs.links:
        for _ in range(3):
            sender.send(door, day=BEFORE, texts={"exemple": "une voisine autonome"})

    def read(asked: str) -> str:
        return unescape(team.get(f"/espace/reponses?{EVER}{asked}").text)

    every, public, partners = read(""), read("&qui=public"), read("&qui=partenaires")
    assert every.count("Partenaire</span>") == 6
    assert ("la patience" in public, "voisine" in public) == (True, False)
    assert ("la patience" in partners, "voisine" in partners) == (False, True)
    assert "des partenaires" in partners
    # The words that recur are those of one sort of people at a time.
    assert "mot=patience" in every
    assert "mot=voisine" not in every
    assert "mot=voisine" in partners
    assert "mot=voisine" in read(f"&campagne={theirs.id}")
    assert read("&qui=personne").count("Partenaire</span>") == 6
