"""The list reads the same on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from app.campaigns.models import Link
from app.campaigns.names import named_campaigns
from app.db import Database
from app.organisations.queries import Reach
from app.responses.filters import read_filters
from app.responses.listing import Listing, listing
from config import Keys
from tests.responses.conftest import DAY, Sender


def test_a_list_counts_what_is_open_and_what_is_closed(
    database: Database, keys: Keys, sender: Sender, link: Link
) -> None:
    for number in range(3):
        sender.send(link, day=DAY - timedelta(days=number), texts={"mot": f"Merci {number}"})
        sender.send(link, day=DAY - timedelta(days=1))
    shown = _list(database, keys, Reach(link.organisation_id), {})
    assert (shown.readable, shown.commented, shown.closed, shown.found) == (5, 2, 1, 5)
    assert [one.day for one in shown.answers] == sorted(
        (one.day for one in shown.answers), reverse=True
    )
    sought = _list(database, keys, Reach(link.organisation_id), {"q": "mercI 2"})
    assert ["".join(piece.text for piece in one.comment) for one in sought.answers] == ["Merci 2"]
    assert (sought.readable, sought.found) == (5, 1)


def test_a_search_stops_at_the_latest_comments_and_says_so(
    database: Database, keys: Keys, sender: Sender, link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.responses.listing.SOUGHT", 2)
    for number in range(1, 4):
        sender.send(link, day=DAY - timedelta(days=number), texts={"mot": f"Merci {number}"})
    reach = Reach(link.organisation_id)
    sought = _list(database, keys, reach, {"q": "merci"})
    assert [one.comment[1].text for one in sought.answers] == [" 1", " 2"]
    assert (sought.found, sought.unsought) == (2, 1)
    assert _list(database, keys, reach, {}).unsought == 0


@pytest.mark.parametrize("door", ["affiche", "papier"])
def test_a_list_keeps_to_the_lieu_the_door_and_the_campaign_asked_for(
    database: Database, keys: Keys, sender: Sender, link: Link, door: str
) -> None:
    sender.send(link, day=DAY - timedelta(days=1), texts={"mot": "Merci"})
    is_its_own = int(link.door == door)
    asked = {"porte": door, "lieu": str(link.campaign.lieu_id), "campagne": str(link.campaign_id)}
    shown = _list(database, keys, Reach(link.organisation_id), asked)
    assert (shown.found, shown.commented, len(shown.answers)) == (is_its_own,) * 3


@pytest.mark.parametrize("reach", ["elsewhere", "no_lieu"])
def test_a_list_keeps_to_its_reach(
    database: Database, keys: Keys, sender: Sender, link: Link, reach: str
) -> None:
    sender.send(link, day=DAY - timedelta(days=1), texts={"mot": "Merci"})
    mine = {"elsewhere": Reach(uuid4()), "no_lieu": Reach(link.organisation_id, frozenset())}
    shown = _list(database, keys, mine[reach], {})
    assert (shown.answers, shown.readable, shown.closed, shown.words) == ([], 0, 0, [])
    with database.reading() as session:
        choices = named_campaigns(session, mine[reach])
    assert choices == ()
    with pytest.raises(KeyError):
        read_filters({"campagne": str(link.campaign_id)}, choices, DAY)


def _list(
    database: Database, keys: Keys, reach: Reach, asked: dict[str, str], today: date = DAY
) -> Listing:
    with database.reading() as session:
        filters = read_filters(asked, named_campaigns(session, reach), today)
        return listing(session, keys, reach, filters, today, 1)
