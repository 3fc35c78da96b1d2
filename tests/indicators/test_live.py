"""Counts that move: the same by every road, folded or not, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from app.campaigns.actions import close_campaign
from app.campaigns.models import Campaign
from app.campaigns.periods import state_of
from app.db import Database
from app.indicators.live import door_counts, open_campaigns, responses_in, responses_of
from app.indicators.period import Period
from app.organisations.models import Lieu, Organisation
from app.organisations.queries import Reach
from app.responses.rollups import fold
from tests.responses.conftest import Sender

OpenCampaign = Callable[..., Campaign]
YEAR = Period("2026-01", "2026-12")


@pytest.mark.parametrize("folded", [0, 3, 6])
def test_links_campaigns_lieux_and_the_structure_count_the_same(
    database: Database,
    sender: Sender,
    campaign_of: OpenCampaign,
    organisation: Organisation,
    lieu: Lieu,
    folded: int,
) -> None:
    campaign = campaign_of("satisfaction", doors=("affiche", "papier"))
    by_door = {link.door: link for link in campaign.links}
    for door, count in (("affiche", 4), ("papier", 2)):
        for _ in range(count):
            sender.send(by_door[door], day=date(2026, 3, 31))
    with database.writing() as session:
        assert fold(session, organisation.id, at_most=folded) == folded
    everywhere = Reach(organisation.id)
    with database.reading() as session:
        came = door_counts(session, everywhere, [campaign])[campaign.id]
        assert dict(came.doors) == {"téléphone": 4, "papier": 2}
        assert responses_of(session, campaign) == came.total == 6
        for reach in (everywhere, Reach(organisation.id, frozenset({lieu.id}))):
            assert responses_in(session, reach, YEAR) == 6
        assert responses_in(session, Reach(organisation.id, frozenset()), YEAR) == 0
        assert responses_in(session, everywhere, Period("2026-04", "2026-12")) == 0


def test_open_is_what_the_public_finds_open(
    database: Database, campaign_of: OpenCampaign, organisation: Organisation
) -> None:
    opened = [
        campaign_of("satisfaction"),
        campaign_of("satisfaction", starts_on=date(2026, 6, 1)),
        campaign_of("satisfaction", ends_on=date(2026, 4, 30)),
        campaign_of("satisfaction"),
    ]
    with database.writing() as session:
        close_campaign(session.merge(opened[-1]), date(2026, 5, 10))
    days = [date(2026, month, day) for month in (3, 4, 5, 6) for day in (1, 10, 30)]
    with database.reading() as session:
        known = [session.get_one(Campaign, one.id) for one in opened]
        for day in days:
            found = {one.id for one in open_campaigns(session, Reach(organisation.id), day)}
            assert found == {one.id for one in known if state_of(one, day) == "open"}, day
