"""What the last person said shows nowhere before the next day, or before four others came."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.campaigns.models import Campaign, Link
from app.db import Database
from app.indicators.breakdowns import Asked, breakdown
from app.indicators.freezing import freeze, verify
from app.indicators.period import Period
from app.indicators.queries import results, sums_of
from app.indicators.selection import Selection
from app.organisations.models import Organisation, Person
from app.organisations.queries import Reach, thresholds_of
from app.responses.actions import erase
from app.responses.models import Response, Rollup, Unrolled
from app.responses.rescoring import rescore
from app.responses.rollups import fold, fold_if_needed, received, tallies
from app.scoring import RESPONSES
from app.web.current import today
from tests.indicators.test_desk import words
from tests.indicators.test_desk_figures import body
from tests.organisations.conftest import SignIn
from tests.rebuilding import ALWAYS, differences
from tests.responses.conftest import Sender

OpenCampaign = Callable[..., Campaign]
Sums = dict[tuple[str, str], dict[str, int]]
PAGE = "/espace/indicateurs"


@pytest.fixture
def link(campaign_of: OpenCampaign) -> Link:
    """Return a poster of this year, by which 24 people answered before today."""
    return _this_year(campaign_of, "satisfaction").links[0]


@pytest.fixture
def crowd(sender: Sender, link: Link) -> None:
    """Make 24 people answer before today, all of them glad."""
    for _ in range(24):
        sender.send(link, day=_yesterday(), answers={"sat2": 3})


@pytest.mark.usefixtures("crowd")
def test_the_last_answer_moves_no_figure_and_no_sum(
    database: Database, sender: Sender, link: Link
) -> None:
    before = _everything(database, link)
    sender.send(link, day=today(), answers={"sat2": 0})
    assert _everything(database, link) == before
    with database.writing() as session:
        assert fold(session, link.organisation_id) == 24
        # The rollup of the day would tell what the list hides.
        rolled = select(Rollup.tally).where(Rollup.scope_id == link.id, Rollup.measure == RESPONSES)
        assert session.scalars(rolled).all() == [{"responses": 24}]
    assert _everything(database, link) == before
    with database.reading() as session:
        assert received(session, link.organisation_id, Response.link_id, [link.id]) == {
            link.id: 25  # the count is live
        }
        shown = results(session, Reach(link.organisation_id), _year())
        assert (shown.responses, shown.waiting) == (24, 1)
        # The next day it counts like the others.
        tomorrow = summed(session, link, link.id, today() + timedelta(days=1))
    assert tomorrow != _everything(database, link)
    assert tomorrow[RESPONSES, link.campaign.version] == {"responses": 25}


@pytest.mark.usefixtures("crowd")
def test_answers_of_the_day_are_counted_by_five(
    database: Database, sender: Sender, link: Link
) -> None:
    counted = []
    for number in range(11):
        sender.send(link, day=today(), answers={"sat2": number % 4})
        fold_if_needed(database, link.organisation_id)
        counted.append(_responses(database, link))
    assert counted == [24, 24, 24, 24, 29, 29, 29, 29, 29, 34, 34]
    with database.reading() as session:
        assert differences(session, today=today() + timedelta(days=1)) == []


@pytest.mark.usefixtures("crowd")
def test_what_was_let_out_today_stays_out_when_it_is_scored_again(
    database: Database, sender: Sender, link: Link
) -> None:
    for _ in range(5):
        sender.send(link, day=today(), answers={"sat2": 0})
    fold_if_needed(database, link.organisation_id)
    sender.send(link, day=today(), answers={"sat2": 1})
    before = _everything(database, link)
    with database.writing() as session:
        rescore(session, link.campaign)
    assert _everything(database, link) == before
    assert _responses(database, link) == 29
    with database.reading() as session:
        assert differences(session, today=today() + timedelta(days=1)) == []


def test_a_comment_waits_for_four_others_and_its_answer_with_it(
    database: Database, sender: Sender, link: Link
) -> None:
    sender.send(link, day=today(), texts={"mot": "Merci"})
    counted = []
    for _ in range(5):
        sender.send(link, day=today())
        fold_if_needed(database, link.organisation_id)
        counted.append(_responses(database, link))
    assert counted == [0, 0, 0, 0, 5]


@pytest.mark.usefixtures("crowd")
def test_erasing_an_answer_that_waits_moves_nothing(
    database: Database, sender: Sender, link: Link, tmp_path: Path
) -> None:
    with database.writing() as session:
        fold(session, link.organisation_id)
    before = _everything(database, link)
    sent = sender.send(link, day=today(), answers={"sat2": 0})
    assert isinstance(sent.response_id, UUID)
    with database.writing() as session:
        assert erase(session, tmp_path, sent.response_id, today())
    assert _everything(database, link) == before
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Unrolled)) == 0
        assert differences(session) == []


@pytest.mark.usefixtures("crowd")
def test_accompanied_and_demonstration_answers_are_counted_at_once(
    database: Database, sender: Sender, link: Link, campaign_of: OpenCampaign
) -> None:
    aided = _this_year(campaign_of, "satisfaction", doors=("aide",)).links[0]
    sender.send(aided, day=today(), answers={"sat2": 0})
    assert _responses(database, aided) == 1
    sender.send(link, day=today(), answers={"sat2": 0})
    assert _responses(database, link) == 24
    with database.writing() as session:
        session.get_one(Organisation, link.organisation_id).is_demo = True
    assert _responses(database, link) == 25


@pytest.mark.parametrize("last", ["entree", "sortie"])
def test_a_pair_counts_with_the_answer_that_completed_it(
    database: Database, sender: Sender, campaign_of: OpenCampaign, last: str
) -> None:
    campaign = _this_year(campaign_of, "progres")
    waves = {one.wave: one for one in campaign.links}
    first = next(wave for wave in ("sortie", "entree") if wave != last)
    sender.send(waves[first], day=_yesterday(), card="ABCD", vouched=True)
    before = _everything(database, waves[first], campaign.id)
    sender.send(waves[last], day=today(), card="ABCD", vouched=True)
    assert _everything(database, waves[first], campaign.id) == before
    fold_if_needed(database, campaign.organisation_id)
    with database.writing() as session:
        fold(session, campaign.organisation_id)
    assert _everything(database, waves[first], campaign.id) == before
    with database.reading() as session:
        tomorrow = summed(session, waves[last], campaign.id, today() + timedelta(days=1))
    assert any("pairs" in tally for tally in tomorrow.values())


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize("way", ["lieu", "porte"])
def test_groups_count_what_the_whole_counts(
    database: Database, sender: Sender, link: Link, way: str
) -> None:
    sender.send(link, day=today(), answers={"sat2": 0})
    reach = Reach(link.organisation_id)
    with database.reading() as session:
        limits = thresholds_of(session, link.organisation_id)
        shown = results(session, reach, _year(), limits)
        sums = sums_of(session, reach, _year())
        asked = Asked(session, reach, _year(), limits, sums.plans)
        for block in shown.blocks:
            for ways in block.indicators.values():
                for one in ways:
                    table = breakdown(asked, way, one.figure, sums.tallies[one.key])
                    told = [group.figure.n for group in table.groups if group.figure]
                    assert told in ([one.figure.n], [])


def test_a_month_is_frozen_whole_while_an_answer_of_its_card_waits(
    database: Database, sender: Sender, person: Person, campaign_of: OpenCampaign
) -> None:
    campaign = campaign_of(
        "progres", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31), today=date(2026, 3, 1)
    )
    waves = {one.wave: one for one in campaign.links}
    day = date(2026, 4, 2)
    sender.send(waves["sortie"], day=date(2026, 3, 31), card="ABCD", vouched=True)
    sender.send(waves["entree"], day=day, card="ABCD", vouched=True)
    with database.writing() as session:
        assert freeze(session, campaign.organisation_id, "2026-03", person.id, day) == ["2026-03"]
        assert fold(session, campaign.organisation_id, today=day) == 0
    with database.reading() as session:
        checked = verify(session, campaign.organisation_id, "2026-03")
    assert checked is not None
    assert (checked.aftermath.same, checked.aftermath.late) == (True, 0)


@pytest.mark.usefixtures("crowd")
def test_pages_say_who_waits(
    client: FlaskClient, sign_in: SignIn, sender: Sender, link: Link
) -> None:
    sign_in()
    months = f"?de={_yesterday().year}-01&a={today():%Y-%m}"
    quiet = words(client.get(PAGE + months).text)
    assert "24 réponses sur 24" in quiet
    assert "d’aujourd’hui" not in quiet
    for _ in range(3):
        sender.send(link, day=today(), answers={"sat2": 0})
    said = "3 réponses d’aujourd’hui seront comptées"
    shown = words(client.get(PAGE + months).text)
    assert "24 réponses comptées" in shown
    assert "24 réponses sur 24" in shown
    assert f"{said} demain, ou dès que cinq attendent" in shown
    board = words(client.get(f"/espace{months}").text)
    assert "27 réponse" in board
    assert said in board
    table = body(client.get(f"{PAGE}/chiffres.csv{months}")).decode("utf-8-sig")
    assert "Pas encore comptées;3\u00a0réponses d’aujourd’hui" in table
    (code,) = set(re.findall(r"/espace/indicateurs/([a-z_.]+)/image.svg", _page(client, months)))
    assert said in words(client.get(f"{PAGE}/{code}/details{months}").text)
    assert "d’aujourd’hui" not in words(client.get(f"{PAGE}?de=2020-01&a=2020-12").text)


def _page(client: FlaskClient, months: str) -> str:
    return client.get(PAGE + months).text


def _this_year(campaign_of: OpenCampaign, questionnaire: str, **given: object) -> Campaign:
    year = _yesterday().year
    period = {"starts_on": date(year, 1, 1), "ends_on": date(today().year, 12, 31)}
    return campaign_of(questionnaire, **period, today=_yesterday(), **given)


def _yesterday() -> date:
    return today() - timedelta(days=1)


def _year() -> Selection:
    return Selection(Period(f"{_yesterday().year}-01", f"{today().year}-12"))


def summed(session: Session, link: Link, scope: UUID, day: date) -> Sums:
    return tallies(session, link.organisation_id, scopes=[scope], **ALWAYS, today=day)


def _everything(database: Database, link: Link, scope: UUID | None = None) -> Sums:
    with database.reading() as session:
        return summed(session, link, scope or link.id, today())


def _responses(database: Database, link: Link) -> int:
    found = _everything(database, link)
    return sum(tally["responses"] for (measure, _), tally in found.items() if measure == RESPONSES)
