"""A coordinateur reads frozen, protected figures of the structures that accepted, and no more."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import date
from html import unescape
from typing import IO, cast
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.campaigns.actions import open_campaign
from app.campaigns.models import Campaign, Link
from app.db import Database
from app.indicators.consolidated import Consolidated, Line, PeriodError, consolidated
from app.indicators.freezing import freeze
from app.organisations.actions import add_lieu, create_organisation, create_person, set_password
from app.organisations.models import Coordination, Organisation
from app.organisations.roles import COORDINATEUR
from app.questionnaires import Library
from tests.organisations.conftest import PASSWORD, SignIn
from tests.responses.conftest import Sender

TODAY = date(2026, 4, 10)
PAGE = "/espace/consolide"
EMAIL = "lou@territoire.example"


@dataclass
class Territory:
    """Be a coordinateur and the structures around them."""

    database: Database
    library: Library
    sender: Sender
    coordinateur: UUID

    def structure(
        self, name: str, yes: int, no: int = 0, *, accepts: bool = True, up_to: str = "2026-03"
    ) -> UUID:
        """Make a structure with answers in March, frozen up to a month, open or not."""
        with self.database.writing() as session:
            made = create_organisation(session, name, contact="ici")
            place = add_lieu(session, made.id, "Le lieu")
            person = create_person(session, made.id, f"{made.id.hex}@exemple.fr")
            campaign = open_campaign(
                session,
                self.library,
                made.id,
                questionnaire="satisfaction",
                lieu_id=place.id,
                doors=("affiche",),
                starts_on=date(2026, 1, 1),
                ends_on=date(2026, 12, 31),
                today=TODAY,
            )
            ids = made.id, person.id, campaign.id
        link = self._link(ids[2])
        for answer, count in ((3, yes), (0, no)):
            for _ in range(count):
                self.sender.send(link, day=date(2026, 3, 3), answers={"sat2": answer})
        with self.database.writing() as session:
            if up_to:
                freeze(session, ids[0], up_to, ids[1], TODAY)
            if accepts:
                opened = Coordination(
                    person_id=self.coordinateur, organisation_id=ids[0], accepted_on=TODAY
                )
                session.add(opened)
        return ids[0]

    def _link(self, campaign_id: UUID) -> Link:
        with self.database.reading() as session:
            mine = select(Link).where(Link.campaign_id == campaign_id)
            whole = joinedload(Link.campaign).joinedload(Campaign.lieu)
            return session.scalars(mine.options(whole)).one()

    def close(self, organisation_id: UUID) -> None:
        """Take the acceptance back."""
        with self.database.writing() as session:
            session.delete(session.get_one(Coordination, (self.coordinateur, organisation_id)))

    def read(self, period: str = "") -> Consolidated:
        """Read as the page does."""
        return consolidated(self.database, self.coordinateur, period, TODAY)


@pytest.fixture
def territory(database: Database, library: Library, sender: Sender) -> Territory:
    with database.writing() as session:
        lou = create_person(session, None, EMAIL, "Lou Berthelot", COORDINATEUR)
        set_password(session, lou, PASSWORD)
        return Territory(database, library, sender, lou.id)


def line_of(shown: Consolidated, indicator: str = "satisfaction.aide") -> Line:
    """Return the line of an indicator; `aide` asks one question that the structures send."""
    (found,) = (
        line
        for line in shown.lines.values()
        if line.example.figure.measure.indicator.id == indicator
    )
    return found


def said(shown: Consolidated) -> dict[str, str]:
    return {
        structure.name: one.reason or f"{one.measured.figure.share.k}/{one.measured.figure.n}"
        for structure, one in line_of(shown).figures
        if one.measured.figure.share
    }


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_structures_are_added_up_only_where_their_own_figure_may_be_shown(
    territory: Territory,
) -> None:
    territory.structure("A", 10, 5)
    territory.structure("B", 8)
    territory.structure("C", 3)
    shown = territory.read()
    assert said(shown) == {"A": "10/15", "B": "8/8", "C": "non diffusé (moins de 5 réponses)"}
    line = line_of(shown)
    assert line.together
    assert (line.counted, line.together.figure.n) == (2, 23)


def test_one_figure_alone_is_not_added_up(territory: Territory) -> None:
    territory.structure("A", 10)
    territory.structure("C", 3)
    assert line_of(territory.read()).together is None


def test_only_frozen_months_of_structures_that_accept_are_read(territory: Territory) -> None:
    territory.structure("Ouverte", 10)
    territory.structure("Fermée", 10, accepts=False)
    territory.structure("Pas arrêtée", 10, up_to="")
    shown = territory.read()
    assert [(one.name, one.release.last_month) for one in shown.structures] == [
        ("Ouverte", "2026-03"),
        ("Pas arrêtée", ""),
    ]
    assert set(said(shown)) == {"Ouverte"}


def test_an_acceptance_taken_back_closes_at_once(territory: Territory) -> None:
    opened = territory.structure("A", 10)
    assert territory.read().structures
    territory.close(opened)
    shown = territory.read()
    assert (shown.structures, shown.lines, shown.periods) == ((), {}, ())


def test_only_fixed_periods_are_read(territory: Territory) -> None:
    territory.structure("A", 10)
    shown = territory.read()
    assert [one.written for one in shown.periods] == ["2026", "2026-T1"]
    assert said(territory.read("2026-T1")) == {"A": "10/10"}
    for unknown in ("2026-T2", "2025"):
        with pytest.raises(PeriodError, match="Choisissez-en une"):
            territory.read(unknown)
    for wrong in ("2026-03", "mars", "2026-T5", "2026-01..2026-02"):
        with pytest.raises(ValueError, match="Choisissez une année ou un trimestre"):
            territory.read(wrong)


def test_the_sum_keeps_a_mean_that_one_structure_keeps(territory: Territory) -> None:
    def means(*people: int) -> bool:
        for rank, count in enumerate(people):
            territory.structure(f"{people} {rank}", count)
        together = line_of(territory.read()).together
        assert together
        return together.figure.visibility.means

    assert not means(12, 6)
    assert means(7)  # Two of them now, and their two means cannot be told apart.


@pytest.fixture
def coordinateur(territory: Territory, client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    assert sign_in(EMAIL).status_code == 303
    return client


def test_the_page_says_what_is_counted_and_until_when(
    territory: Territory, coordinateur: FlaskClient
) -> None:
    empty = words(coordinateur.get(PAGE).text)
    assert "Aucune structure ne partage encore ses résultats avec vous" in empty
    pending = territory.structure("En retard", 9, up_to="")
    assert "Rien d’arrêté pour l’instant" in words(coordinateur.get(PAGE).text)
    territory.structure("A", 10, 5)
    territory.structure("<b>B</b>", 8)
    territory.structure("C", 3)
    page = coordinateur.get(PAGE).text
    assert "<b>B</b>" not in page
    shown = words(page)
    assert "2 structures comptées sur 4" in shown
    assert "rien d’arrêté : laissée de côté" in shown
    assert "non diffusé (moins de 5 réponses)" in shown
    assert "jusqu’à mars 2026" in shown
    territory.close(pending)
    assert "En retard" not in coordinateur.get(PAGE).text


def test_a_wrong_period_is_said_and_the_latest_is_shown(
    territory: Territory, coordinateur: FlaskClient
) -> None:
    territory.structure("A", 10)
    page = coordinateur.get(f"{PAGE}?periode=2019")
    assert page.status_code == 422
    assert "Aucune structure n’a arrêté cette période" in words(page.text)
    assert "Année 2026" in words(page.text)
    assert coordinateur.get(f"{PAGE}/resultats.csv?periode=2019").status_code == 404


def test_the_figures_leave_for_a_spreadsheet_with_their_reasons(
    territory: Territory, coordinateur: FlaskClient
) -> None:
    assert coordinateur.get(f"{PAGE}/resultats.ods").status_code == 404
    territory.structure("A", 10, 5)
    territory.structure("=B", 8)
    territory.structure("C", 3)
    with coordinateur.get(f"{PAGE}/resultats.csv") as reply:
        assert reply.headers["Content-Disposition"].startswith("attachment")
        written = reply.data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(written), delimiter=";"))
    mine = [row for row in rows if row[1] == rows[1][1]]
    assert [(row[4], row[7]) for row in mine] == [
        ("'=B", "8"),
        ("A", "15"),
        ("C", ""),
        ("Ensemble (2 structures comptées sur 3)", "23"),
    ]
    assert mine[2][8] == "non diffusé (moins de 5 réponses)"
    for kind in ("xlsx", "ods"):
        with coordinateur.get(f"{PAGE}/resultats.{kind}") as reply:
            file = io.BytesIO(reply.data)
        book = CalamineWorkbook.from_filelike(cast("IO[bytes]", file))
        assert len(book.get_sheet_by_index(0).to_python()) == len(rows)


def test_the_team_of_a_structure_has_no_business_there(
    client: FlaskClient, sign_in: SignIn, organisation: Organisation
) -> None:
    sign_in()
    for path in (PAGE, f"{PAGE}/resultats.csv"):
        assert client.get(path).status_code == 403


def test_a_coordinateur_enters_no_page_of_a_structure(coordinateur: FlaskClient) -> None:
    assert coordinateur.get("/espace").headers["Location"] == PAGE
    for path in ("/espace/indicateurs", "/espace/indicateurs/arreter", "/espace/campagnes"):
        assert coordinateur.get(path).status_code == 403
