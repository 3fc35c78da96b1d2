"""The register of publications: where words are shown, and what comes down when consent goes."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.db import Database
from app.indicators.next_steps import next_steps
from app.organisations.actions import add_lieu, create_person
from app.organisations.models import AccessEvent, Lieu, Person
from app.organisations.queries import Reach, find_member
from app.organisations.roles import MEDIATEUR
from app.organisations.team import change_role
from app.testimonies import quote_filters
from app.testimonies.cutting import stretches
from app.testimonies.erasure import erase
from app.testimonies.models import Quote, QuoteUse, Testimony
from app.testimonies.publications import (
    Publication,
    UseError,
    count_to_take_down,
    find_use,
    note_use,
    publications,
    settle,
)
from app.testimonies.quotes import cut, masked_text, quotes
from app.web.current import today as the_day
from tests.organisations.conftest import post, words
from tests.testimonies.teller import EVERYWHERE, TEXT, TODAY, Teller

PAST = the_day() - timedelta(days=20)
FIRST = TEXT.partition(".")[0] + "."


def quoted(teller: Teller, person: Person, testimony_id: UUID, day: date = TODAY) -> UUID:
    """Cut the first sentence."""
    with teller.database.writing() as session:
        testimony = session.get_one(Testimony, testimony_id)
        chosen = stretches(masked_text(session, teller.keys, testimony_id))[:1]
        return cut(session, teller.keys, testimony, chosen, "autonomie", person.id, day).id


def noted(teller: Teller, person: Person, testimony_id: UUID, use: str = "lieu") -> UUID:
    """Note that a quote of the testimony is shown."""
    quote_id = quoted(teller, person, testimony_id)
    reach = Reach(teller.lieu.organisation_id)
    with teller.database.writing() as session:
        (shown,) = quotes(session, teller.keys, reach, TODAY, Quote.id == quote_id)
        place = "Affiche de l’accueil"
        return note_use(session, shown, use, place, TODAY, person.id).id  # type: ignore[arg-type]


def register(teller: Teller, person: Person, day: date = TODAY) -> list[Publication]:
    with teller.database.reading() as session:
        member = find_member(session, person.id)
        assert member
        assert member.reach
        shown = publications(session, member.reach, member, day)
        waiting = count_to_take_down(session, member.reach, member, day)
    assert waiting == sum(one.must_come_down for one in shown)
    return shown


def test_only_what_was_agreed_can_be_noted(teller: Teller, person: Person) -> None:
    testimony_id = teller.tell(given={"lieu": "oui"})
    with pytest.raises(UseError, match="accord"):
        noted(teller, person, testimony_id, "public")
    assert register(teller, person) == []
    again = teller.tell(given={"lieu": "oui"})
    noted(teller, person, again)
    (line,) = register(teller, person)
    assert (line.place, line.scope, line.noted_by) == ("Affiche de l’accueil", "lieu", "Nolwenn")
    assert not line.must_come_down


def test_what_was_taken_back_comes_first_until_it_is_settled(
    teller: Teller, person: Person
) -> None:
    noted(teller, person, teller.tell())
    use_id = noted(teller, person, teller.tell())
    with teller.database.writing() as session:
        session.get_one(QuoteUse, use_id).withdrawn_on = TODAY
    assert [one.must_come_down for one in register(teller, person)] == [True, False]
    assert register(teller, person)[0].id == use_id
    for day in (TODAY, TODAY + timedelta(days=9)):
        with teller.database.writing() as session:
            settle(session.get_one(QuoteUse, use_id), day, is_printed=day == TODAY)
    lines = {one.id: one for one in register(teller, person)}
    assert not lines[use_id].must_come_down
    assert (lines[use_id].settled_on, lines[use_id].is_printed) == (TODAY, True)


def test_what_came_to_its_end_must_come_down_too(teller: Teller, person: Person) -> None:
    noted(teller, person, teller.tell(given={**EVERYWHERE, "duree": "un_an"}))
    assert not register(teller, person, date(2027, 3, 2))[0].must_come_down
    (line,) = register(teller, person, date(2027, 3, 3))
    assert (line.must_come_down, line.ended_on) == (True, date(2027, 3, 2))


def test_the_register_outlives_the_testimony_and_says_none_of_its_words(
    teller: Teller, person: Person, tmp_path: Path
) -> None:
    testimony_id = teller.tell()
    noted(teller, person, testimony_id)
    with teller.database.writing() as session:
        assert erase(session, tmp_path, testimony_id, TODAY) == []
    (line,) = register(teller, person)
    assert (line.must_come_down, line.testimony_id) == (True, None)
    with teller.database.reading() as session:
        assert session.scalars(select(Quote)).all() == []


def test_a_mediateur_sees_the_lines_of_their_lieux_and_their_own(
    teller: Teller, person: Person, database: Database
) -> None:
    with database.writing() as session:
        annexe = add_lieu(session, teller.lieu.organisation_id, "Annexe")
        yann = create_person(
            session, teller.lieu.organisation_id, "yann@fil.example", "Yann", MEDIATEUR
        )
        change_role(session, yann, MEDIATEUR, [annexe.id])
    here = noted(teller, person, teller.tell())
    there = noted(teller, person, teller.tell(lieu_id=annexe.id))
    assert [one.id for one in register(teller, yann)] == [there]
    own = noted(teller, yann, teller.tell())
    assert {one.id for one in register(teller, yann)} == {there, own}
    assert len(register(teller, person)) == 3
    with database.reading() as session:
        member = find_member(session, yann.id)
        assert member
        assert member.reach
        assert find_use(session, member.reach, member, here) is None
        assert find_use(session, member.reach, member, there) is not None
        assert find_use(session, Reach(uuid4()), member, own) is None


def test_the_pages_cut_note_show_and_settle(
    team: FlaskClient, teller: Teller, person: Person, database: Database
) -> None:
    testimony_id = teller.tell("<b>Avant</b> j’avais peur. Merci.", day=PAST)
    page = team.get(f"/espace/temoignages/{testimony_id}/citation").text
    assert "&lt;b&gt;Avant&lt;/b&gt; j’avais peur." in page
    mark = re.findall(r'name="empreinte" value="(\w+)"', page)[0]
    where = f"/espace/temoignages/{testimony_id}/citation"

    again = post(team, where, {"empreinte": mark, "morceau": "0-26", "critere": ""})
    assert again.status_code == 422
    assert "Choisissez de quoi parle cette citation" in again.text
    assert re.search(r'value="0-26" checked', again.text)  # nothing chosen is lost
    stale = post(team, where, {"empreinte": "0", "morceau": "0-26", "critere": "lien"})
    assert "Le texte a changé entre-temps" in stale.text
    for odd in ("", "a-b", "1", "²-³", "0--4", "9" * 5000):
        refused = post(team, where, {"empreinte": mark, "morceau": odd, "critere": "lien"})
        assert refused.status_code == 422, odd

    asked = {"empreinte": mark, "morceau": "0-26"}
    cut_to = team.get(f"{where}/apercu", query_string=asked).json
    assert cut_to == {"text": "<b>Avant</b> j’avais peur.", "size": 26, "problem": ""}
    assert team.get(f"{where}/apercu").json["size"] == 0  # type: ignore[index]

    kept = post(team, where, {**asked, "critere": "lien"})
    assert kept.status_code == 303
    listed = words(team.get("/espace/temoignages/citations").text)
    assert "« &lt;b&gt;Avant&lt;/b&gt; j’avais peur. »" in listed
    assert "Gardez aussi des mots qui disent ce qui coince." in listed
    with database.reading() as session:
        quote_id = session.scalars(select(Quote.id)).one()

    use = f"/espace/temoignages/citations/{quote_id}/utilisation"
    late = {"usage": "lieu", "ou": "", "jour": str(the_day() + timedelta(days=1))}
    refused = post(team, use, late)
    assert refused.status_code == 422
    assert "Ce jour n’est pas encore là" in refused.text
    assert "Écrivez où" in refused.text
    assert (
        post(team, use, {"usage": "lieu", "ou": "Mur", "jour": str(the_day())}).status_code == 303
    )
    teller.decide(testimony_id, lieu="non")
    offered = team.get(use).text
    assert 'value="lieu"' not in offered
    assert 'value="bilan"' in offered

    with database.writing() as session:
        row = session.scalars(select(QuoteUse)).one()
        row.withdrawn_on = the_day()
        use_id = row.id
    assert "À retirer" in team.get("/espace/temoignages/publications").text
    done = post(team, f"/espace/temoignages/publications/{use_id}/retiree", {"fin": "retire"})
    assert done.status_code == 303
    page = team.get("/espace/temoignages/publications").text
    assert "À retirer" not in page
    assert "Retiré le" in page

    gone = f"/espace/temoignages/citations/{quote_id}/effacer"
    assert "Effacer cette citation" in team.get(gone).text
    assert post(team, gone).status_code == 303
    assert team.get(gone).status_code == 404
    assert len(re.findall("Mur", team.get("/espace/temoignages/publications").text)) >= 1
    with database.reading() as session:
        acts = session.execute(select(AccessEvent.act, AccessEvent.about)).all()
    about = {said for act, said in acts if act == "quoted"}
    assert about >= {"une citation gardée", "Mur, retiré"}
    assert "Avant" not in str(acts)


def test_the_list_is_filtered_and_refuses_what_is_not_there(
    team: FlaskClient, teller: Teller, person: Person
) -> None:
    quoted(teller, person, teller.tell(given={"lieu": "oui"}, day=PAST), the_day())
    quoted(
        teller,
        person,
        teller.tell("Un partenaire parle.", origin="partenaire", given={"bilan": "oui"}, day=PAST),
        the_day(),
    )
    address = "/espace/temoignages/citations"

    def says(query: str) -> tuple[bool, bool]:
        page = team.get(f"{address}?{query}").text
        return FIRST in page, "Un partenaire parle" in page

    assert says("") == (True, True)
    assert says("qui=personnes") == (True, False)
    assert says("qui=partenaires") == (False, True)
    assert says("usage=bilan") == (False, True)
    assert says("critere=lien") == (False, False)
    assert says(f"lieu={teller.lieu.id}") == (True, True)
    assert says("page=2") == (True, True)  # past the end: the last page
    for unknown in ("qui=tous", "usage=x", "critere=autre", "lieu=x", f"lieu={uuid4()}",
                    "page=0", "page=x"):  # fmt: skip
        assert team.get(f"{address}?{unknown}").status_code == 404, unknown


def test_the_list_is_read_page_by_page(
    team: FlaskClient, teller: Teller, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quote_filters, "PAGE", 2)
    for rank in range(3):
        quoted(teller, person, teller.tell(f"Parole {rank}.", day=PAST), the_day())
    address = "/espace/temoignages/citations"
    first, second = (team.get(f"{address}?usage=lieu&page={page}").text for page in (1, 2))
    assert (first.count('class="citation"'), second.count('class="citation"')) == (2, 1)
    assert f"{address}?usage=lieu&amp;page=2" in first
    assert "page 2 sur 2" in second
    assert "Suivantes" not in second


def test_what_must_come_down_is_the_first_step_of_the_dashboard(
    teller: Teller, person: Person, lieu: Lieu
) -> None:
    def steps() -> list[str]:
        with teller.database.reading() as session:
            member = find_member(session, person.id)
            assert member
            assert member.reach
            found = next_steps(session, member, member.reach, [], TODAY)
            return [f"{one.what} {one.address}" for one in found]

    use_id = noted(teller, person, teller.tell())
    assert not any("citation" in one or "témoignage" in one for one in steps())
    teller.tell(status="nouveau")
    teller.tell(status="nouveau", day=TODAY)  # not readable before tomorrow
    assert "Relire 1\u00a0témoignage /espace/temoignages" in steps()
    with teller.database.writing() as session:
        session.get_one(QuoteUse, use_id).withdrawn_on = TODAY
    assert steps()[0] == "Retirer une citation /espace/temoignages/publications"
