"""Réglages: the notice, the structure and its logo, its lieux, as a responsable uses them."""

from __future__ import annotations

import io
import json
import re
from html import unescape
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.campaigns.models import Campaign
from app.db import Database
from app.organisations import actions, queries
from app.organisations.models import AccessEvent, Lieu, Notice, Organisation, Person
from app.organisations.queries import Reach
from app.scoring import Thresholds
from tests.organisations.conftest import SignIn, token_of, words

NOTICE, STRUCTURE = "/espace/reglages/notice", "/espace/reglages/structure"
LIEUX = "/espace/reglages/lieux"


class Desk:
    """Be a responsable who fills the forms of Réglages."""

    def __init__(self, client: FlaskClient, database: Database, organisation_id: UUID) -> None:
        self.client, self.database, self.organisation_id = client, database, organisation_id

    def fill(self, page: str, to: str = "", **typed: object) -> TestResponse:
        """Send a form of a page as it stands, but for what is typed."""
        text = self.client.get(page).text
        data: dict[str, object] = {"csrf_token": token_of(text)}
        if not to:
            data |= as_shown(text)
        return self.post(to or page, data | typed)

    def post(
        self, to: str, data: dict[str, object], content_type: str | None = None
    ) -> TestResponse:
        """Send a form; the test client leaves open the file that a large one is kept in."""
        reply = self.client.post(to, data=data, content_type=content_type)
        reply.request.environ["wsgi.input"].close()
        return reply

    @property
    def notice(self) -> Notice:
        with self.database.reading() as session:
            return queries.current_notice(session, self.organisation_id)

    @property
    def journal(self) -> list[tuple[str, str]]:
        with self.database.reading() as session:
            done = session.scalars(select(AccessEvent).where(AccessEvent.act != "entered"))
            return sorted((one.act, one.about) for one in done)

    @property
    def lieux(self) -> dict[str, Lieu]:
        with self.database.reading() as session:
            found = queries.lieux(session, Reach(self.organisation_id))
            return {one.name: one for one in found}


def as_shown(page: str) -> dict[str, str]:
    """Return what the fields of a page hold, as a browser would send them."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", page):
        named = re.search(r'name="(\w+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if named and 'type="file"' not in tag and 'type="checkbox"' not in tag:
            found[named[1]] = unescape(value[1] if value else "")
    for name, value in re.findall(
        r'<textarea[^>]*name="(\w+)"[^>]*>\r?\n?(.*?)</textarea>', page, re.S
    ):
        found[name] = unescape(value)
    for name, options in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        found[name] = chosen[1] if chosen else ""
    return found


def picture(size: tuple[int, int] = (300, 100)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, (15, 76, 92)).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def desk(
    client: FlaskClient, database: Database, organisation: Organisation, sign_in: SignIn
) -> Desk:
    sign_in()
    return Desk(client, database, organisation.id)


def test_reglages_stands_in_the_menu_of_a_responsable_only(
    desk: Desk, database: Database, person: Person
) -> None:
    assert 'href="/espace/reglages"' in desk.client.get("/espace").text
    assert desk.client.get("/espace/reglages").headers["Location"] == NOTICE
    with database.writing() as session:
        session.get_one(Person, person.id).role = "mediateur"
    assert 'href="/espace/reglages"' not in desk.client.get("/espace").text
    for page in (NOTICE, STRUCTURE, LIEUX, f"{LIEUX}/importer", f"{LIEUX}.csv", f"{LIEUX}.json"):
        assert desk.client.get(page).status_code == 403, page


def test_the_notice_is_confirmed_in_one_touch_and_leads_back(desk: Desk) -> None:
    page = desk.client.get(NOTICE).text
    assert "Ces phrases nous conviennent" in page
    assert "L’équipe du Fil numérique" in page
    reply = desk.fill(f"{NOTICE}?suite=/espace/campagnes/nouvelle")
    assert (reply.status_code, reply.headers["Location"]) == (303, "/espace/campagnes/nouvelle")
    assert desk.notice.revision == 1
    assert desk.notice.confirmed_on is not None
    with desk.database.reading() as session:
        assert queries.notice_is_confirmed(session, desk.organisation_id)
    assert "Ces phrases nous conviennent" not in desk.client.get(NOTICE).text
    assert desk.journal == [("notice", "")]
    assert desk.fill(f"{NOTICE}?suite=https://ailleurs.example").headers["Location"] == "/espace"
    assert desk.journal == [("notice", "")]  # nothing changed the second time


def test_a_changed_notice_is_a_new_revision_and_the_former_is_kept(desk: Desk) -> None:
    reply = desk.fill(NOTICE, purpose="  Pour le bilan ", retention_years="2", journal_months="6")
    assert (reply.status_code, reply.headers["Location"]) == (303, NOTICE)
    notice = desk.notice
    assert (notice.revision, notice.purpose, notice.retention_years) == (2, "Pour le bilan", 2)
    assert notice.confirmed_on is not None
    with desk.database.reading() as session:
        former = session.get_one(Notice, (desk.organisation_id, 1))
        assert former.purpose == "Pour mieux vous aider"
        assert queries.organisation(session, desk.organisation_id).journal_months == 6
    assert desk.journal == [("notice", ""), ("settings", "durée du journal : 6 mois")]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"purpose": "  "}, "Écrivez pourquoi"),
        ({"rights_contact": ""}, "Écrivez un nom et une adresse"),
        ({"readers": "x" * 30}, "4 caractères de trop"),
        ({"recipients": "x" * 1001}, "1 caractère de trop"),
        ({"retention_years": "40"}, "champ"),
        ({"journal_months": "3"}, "champ"),
    ],
)
def test_a_notice_that_cannot_stand_keeps_what_was_typed(
    desk: Desk, typed: dict[str, str], said: str
) -> None:
    kept = {"legal_basis": "Nos <b>statuts</b>"}
    reply = desk.fill(NOTICE, **(kept | typed))
    assert reply.status_code == 422
    assert said.replace(" ", "") in reply.text.replace("\u00a0", "").replace(" ", "")
    assert "Nos &lt;b&gt;statuts&lt;/b&gt;" in reply.text
    assert desk.notice.revision == 1
    assert desk.notice.confirmed_on is None


def test_the_longest_structure_can_confirm_its_notice(desk: Desk) -> None:
    """Default sentences hold the name and the contact: they must stay within their limits."""
    with desk.database.writing() as session:
        other = actions.create_organisation(session, "É" * 300, contact="x" * 200)
        member = session.scalars(select(Person)).one()
        member.organisation_id = other.id
    assert desk.fill(NOTICE).status_code == 303


def test_name_contact_and_thresholds_are_written(desk: Desk) -> None:
    reply = desk.fill(STRUCTURE, name="L’Escale", contact="1 quai", counts="8", percentages="30")
    assert reply.status_code == 303
    with desk.database.reading() as session:
        organisation = queries.organisation(session, desk.organisation_id)
        thresholds = queries.thresholds_of(session, desk.organisation_id)
    assert (organisation.name, organisation.contact) == ("L’Escale", "1 quai")
    assert organisation.thresholds == {"counts": 8, "percentages": 30}
    assert thresholds == Thresholds(counts=8, percentages=30)
    assert desk.journal == [("settings", "seuils"), ("settings", "structure")]
    page = desk.client.get(STRUCTURE).text
    assert "La notice dit encore" in page
    desk.fill(STRUCTURE, counts="5", percentages="20")
    with desk.database.reading() as session:
        assert queries.organisation(session, desk.organisation_id).thresholds == {}


@pytest.mark.parametrize(
    ("field", "value"),
    [("counts", "4"), ("means", "9"), ("percentages", "19"), ("category", "10"), ("counts", ""),
     ("counts", "cinq"), ("means", "1001"), ("name", " "), ("name", "x" * 301)],
)  # fmt: skip
def test_a_threshold_below_its_floor_is_refused(desk: Desk, field: str, value: str) -> None:
    reply = desk.fill(STRUCTURE, **{"contact": "ce qui est tapé", field: value})
    assert reply.status_code == 422
    assert "ce qui est tapé" in reply.text
    with desk.database.reading() as session:
        assert queries.thresholds_of(session, desk.organisation_id) == Thresholds()
    assert desk.journal == []


def send_logo(desk: Desk, content: bytes, name: str = "logo.png") -> TestResponse:
    return desk.fill(STRUCTURE, f"{STRUCTURE}/logo", logo=(io.BytesIO(content), name))


@pytest.mark.usefixtures("one_moment")
def test_a_logo_is_redrawn_served_and_removed(desk: Desk) -> None:
    assert desk.client.get("/espace/reglages/logo.png").status_code == 404
    assert send_logo(desk, picture((900, 300)) + b"<script>").status_code == 303
    served = desk.client.get("/espace/reglages/logo.png")
    assert served.content_type == "image/png"
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert served.headers["Content-Disposition"] == 'attachment; filename="logo.png"'
    assert b"script" not in served.data
    with Image.open(io.BytesIO(served.data)) as drawn:
        assert drawn.size == (600, 200)
    with desk.database.reading() as session:
        kept = queries.logo_of(session, desk.organisation_id)
        assert kept is not None
        assert (kept.width, kept.height) == (600, 200)
    assert send_logo(desk, picture((80, 80))).status_code == 303
    assert 'width="80" height="80"' in desk.client.get(STRUCTURE).text
    assert desk.fill(STRUCTURE, f"{STRUCTURE}/logo/retirer").status_code == 303
    assert desk.client.get("/espace/reglages/logo.png").status_code == 404
    assert desk.journal == [("settings", "logo")]


def test_another_structure_does_not_see_the_logo(desk: Desk) -> None:
    send_logo(desk, picture())
    with desk.database.writing() as session:
        other = actions.create_organisation(session, "L’Escale")
        session.scalars(select(Person)).one().organisation_id = other.id
    assert desk.client.get("/espace/reglages/logo.png").status_code == 404


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"<svg/>", "SVG"), (picture()[:-30], "abîmée"), (b"", "Choisissez une image")],
)
def test_a_hostile_logo_is_refused_on_the_page(desk: Desk, content: bytes, said: str) -> None:
    reply = send_logo(desk, content)
    assert reply.status_code == 422
    assert said in reply.text
    assert 'value="Le Fil numérique"' in reply.text


def test_a_file_beyond_the_limit_of_its_page_is_refused(desk: Desk) -> None:
    assert send_logo(desk, b"\x89PNG" + b"0" * 6_000_000).status_code == 413
    # …and a page that takes no file keeps the limit of every form.
    assert desk.fill(STRUCTURE, contact="x" * 300_000).status_code == 413


@pytest.mark.usefixtures("one_moment")
def test_a_lieu_is_added_changed_and_removed(desk: Desk) -> None:
    assert "Aucun lieu" in desk.client.get(LIEUX).text
    assert desk.fill(LIEUX, nom="Mairie", commune="Kerlann").status_code == 303
    assert desk.fill(LIEUX, nom="Mairie", commune="ailleurs").status_code == 422
    assert desk.fill(LIEUX, nom=" ").status_code == 422
    one = f"{LIEUX}/{desk.lieux['Mairie'].id}"
    services = ["Maîtrise des outils numériques du quotidien", "Compréhension du monde numérique"]
    typed = {"nom": "Hôtel de ville", "pivot": "434 933 123 00029", "telephone": "02 40 12 34 56"}
    reply = desk.fill(one, **typed, services=services)
    assert reply.status_code == 303
    details = desk.lieux["Hôtel de ville"].details
    assert details["pivot"] == "43493312300029"
    assert details["telephone"] == "+33240123456"
    assert details["services"] == "|".join(services)
    assert desk.lieux["Hôtel de ville"].commune == "Kerlann"
    page = desk.client.get(one).text
    assert page.count("checked") == 2
    assert "il manque" in page
    assert desk.fill(f"{one}/retirer").status_code == 303
    assert desk.lieux == {}
    assert [about for _, about in desk.journal] == ["Hôtel de ville", "Mairie"]


def test_what_does_not_fit_a_lieu_is_shown_beside_its_field(desk: Desk) -> None:
    desk.fill(LIEUX, nom="Mairie")
    one = f"{LIEUX}/{desk.lieux['Mairie'].id}"
    reply = desk.fill(one, nom="", latitude="nord", adresse="4 rue du Lavoir")
    assert reply.status_code == 422
    for said in ("Écrivez le nom du lieu", "entre −90 et 90", "4 rue du Lavoir", "<details open"):
        assert said in reply.text
    assert desk.lieux["Mairie"].details == {}


def test_a_lieu_of_a_campaign_says_why_it_stays(desk: Desk, campaign: Campaign) -> None:
    page = f"{LIEUX}/{campaign.lieu_id}/retirer"
    assert "leurs réponses comptent" in desk.client.get(page).text
    token = token_of(desk.client.get(LIEUX).text)
    desk.client.post(page, data={"csrf_token": token})
    assert "leurs réponses comptent" in desk.client.get(LIEUX).text
    assert len(desk.lieux) == 1


def test_a_foreign_lieu_is_as_unknown_as_none(desk: Desk) -> None:
    with desk.database.writing() as session:
        other = actions.create_organisation(session, "L’Escale")
        foreign = actions.add_lieu(session, other.id, "Mairie")
    token = token_of(desk.client.get(LIEUX).text)
    for suffix in ("", "/retirer"):
        for method in ("GET", "POST"):
            replies = [
                desk.client.open(
                    f"{LIEUX}/{known}{suffix}", method=method, data={"csrf_token": token}
                )
                for known in (foreign.id, uuid4())
            ]
            assert [reply.status_code for reply in replies] == [404, 404]
            assert replies[0].data == replies[1].data


def send_lieux(desk: Desk, content: bytes) -> TestResponse:
    page = f"{LIEUX}/importer"
    return desk.fill(page, page, fichier=(io.BytesIO(content), "lieux.csv"))


def test_a_file_is_shown_before_it_is_imported(desk: Desk) -> None:
    desk.fill(LIEUX, nom="Mairie")
    content = (
        "nom;commune;latitude;directeur\nMAIRIE;Kerlann;;\n"
        "Annexe <b>;Lannion;nord;Sam\n;Paimpol;;\n"
    )
    reply = send_lieux(desk, content.encode("cp1252"))
    assert reply.status_code == 200
    assert set(desk.lieux) == {"Mairie"}  # nothing is written yet
    for said in ("Importer ces 2 lieux", "Annexe &lt;b&gt;", "directeur", "Le nom manque", "nord"):
        assert said in reply.text
    understood = as_shown(reply.text)["lu"]
    page = f"{LIEUX}/importer"
    done = desk.fill(page, page, lu=understood)
    assert (done.status_code, done.headers["Location"]) == (303, LIEUX)
    assert set(desk.lieux) == {"MAIRIE", "Annexe <b>"}
    assert "1\u00a0lieu ajouté, 1\u00a0lieu mis à jour" in desk.client.get(LIEUX).text
    again = send_lieux(desk, content.encode())
    assert "ne change rien" in again.text


def test_what_comes_back_is_read_again_like_any_file(desk: Desk) -> None:
    """The hidden field is typed by a browser: nothing in it is believed."""
    page = f"{LIEUX}/importer"
    forged = json.dumps([{"nom": "Mairie", "pivot": "x", "services": "vol"}, {"commune": "a"}, 1])
    assert desk.fill(page, page, lu=forged).status_code == 303
    assert set(desk.lieux["Mairie"].details) == {"date_maj"}
    for broken in ("x", "[", "[]", "{}", "[" * 50_000):
        assert desk.fill(page, page, lu=broken).status_code == 422


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "Choisissez un fichier"), (b"PK\x03\x04", "classeur"), (b"a;b\n", "colonne"),
     (b"\0\1\2", "pas du texte"), (b"nom\n" + b"x" * 2_200_000, "2 Mo")],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_on_the_page(
    desk: Desk, content: bytes, said: str
) -> None:
    reply = send_lieux(desk, content)
    assert reply.status_code == 422
    assert said in reply.text


def test_the_largest_file_is_imported_in_two_touches(desk: Desk) -> None:
    """What is shown comes back whole, though it holds the name of every field each time."""
    values = ";".join(f"{'é' * 180}{number}" for number in range(5))
    lines = "".join(f"Lieu {number};{values}\n" for number in range(1_000))
    heading = "nom;adresse;complement_adresse;source;structure_parente;presentation_detail\n"
    content = (heading + lines).encode()
    assert 1_500_000 < len(content) < 2_000_000
    understood = as_shown(send_lieux(desk, content).text)["lu"]
    page = f"{LIEUX}/importer"
    typed = {"csrf_token": token_of(desk.client.get(page).text), "lu": understood}
    reply = desk.post(page, typed, "multipart/form-data")
    assert reply.status_code == 303
    assert len(desk.lieux) == 1_000


def test_lieux_leave_as_files(desk: Desk) -> None:
    desk.fill(LIEUX, nom="Mairie")
    for kind, content_type in (("csv", "text/csv"), ("json", "application/json")):
        reply = desk.client.get(f"{LIEUX}.{kind}")
        assert reply.content_type.startswith(content_type)
        assert reply.headers["Content-Disposition"] == f'attachment; filename="lieux.{kind}"'
    assert json.loads(desk.client.get(f"{LIEUX}.json").data) == []


def test_what_the_posters_print_is_said_where_it_is_read_and_changed(
    client: FlaskClient, desk: Desk
) -> None:
    notice = words(client.get("/espace/reglages/notice").text)
    assert re.search(r"Contact imprimé sur les affiches : <b[^>]*>4 rue du Lavoir", notice)
    assert "/espace/reglages/structure" in notice
    assert "à la vue de tous" in words(client.get("/espace/reglages/structure").text)
