"""The holder of a receipt finds the answer; the team reads texts when they betray nobody."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.campaigns.models import Campaign, Link
from app.db import Database
from app.organisations.models import Organisation
from app.organisations.queries import Reach
from app.responses.models import Receipt, Response
from app.responses.queries import by_receipt, readable_texts, response_in_full
from app.responses.rollups import fold_if_needed
from config import Keys
from tests.responses.conftest import DAY, Sender


def test_a_receipt_opens_its_answer_and_no_other(
    database: Database, keys: Keys, sender: Sender, link: Link
) -> None:
    mine = sender.build(link)
    receipt = sender.record(mine).receipt or ""
    sender.send(link)
    with database.reading() as session:
        found = by_receipt(session, keys, f" {receipt.lower().replace('-', ' ')} ")
        assert found is not None
        assert found.idempotency_key == mine.key
        for wrong in ("", "0000-0000-00000", receipt[:-1], "é"):
            assert by_receipt(session, keys, wrong) is None
        assert receipt.replace("-", "") not in str(session.scalars(select(Receipt.code_hash)).all())


def test_an_answer_in_full_belongs_to_its_structure(
    database: Database, keys: Keys, sender: Sender, link: Link
) -> None:
    sender.send(link, texts={"mot": "Merci"})
    with database.reading() as session:
        response_id = session.scalars(select(Response.id)).one()
        full = response_in_full(session, keys, Reach(link.organisation_id), response_id)
        assert full is not None
        assert (full.texts, full.link.id) == ({"mot": "Merci"}, link.id)
        assert response_in_full(session, keys, Reach(uuid4()), response_id) is None
        assert response_in_full(session, keys, Reach(link.organisation_id), uuid4()) is None


@pytest.mark.parametrize(("waiting", "read"), [(1, 0), (4, 0), (5, 5), (6, 6)])
def test_texts_of_the_day_wait_until_five_are_there(
    database: Database, keys: Keys, sender: Sender, link: Link, waiting: int, read: int
) -> None:
    for number in range(waiting):
        sender.send(link, texts={"mot": f"Merci {number}", "frein": "Rien"})
    assert len(_words(database, keys, link)) == 2 * read
    assert len(_words(database, keys, link, today=DAY + timedelta(days=1))) == 2 * waiting


def test_who_comes_after_five_waits_for_five_others(
    database: Database, keys: Keys, sender: Sender, link: Link
) -> None:
    read = []
    for _ in range(11):
        sender.send(link, texts={"mot": "Merci"})
        read.append(len(_words(database, keys, link)))
    assert read == [0, 0, 0, 0, 5, 5, 5, 5, 5, 10, 10]
    assert len(_words(database, keys, link, today=DAY + timedelta(days=1))) == 11


def test_a_crowd_of_one_campaign_opens_no_other(
    database: Database, keys: Keys, sender: Sender, link: Link, campaign_of: object
) -> None:
    other: Campaign = campaign_of("satisfaction", action="Ateliers")  # type: ignore[operator]
    for _ in range(5):
        sender.send(link, texts={"mot": "Merci"})
    sender.send(other.links[0], texts={"mot": "Seul"})
    assert _words(database, keys, link) == ["Merci"] * 5


def test_what_was_told_to_the_team_is_readable_at_once(
    database: Database, keys: Keys, sender: Sender, campaign_of: object
) -> None:
    aided: Campaign = campaign_of("satisfaction", doors=("aide",))  # type: ignore[operator]
    sender.send(aided.links[0], texts={"mot": "Merci"})
    assert _words(database, keys, aided.links[0]) == ["Merci"]


def test_the_demonstration_hides_nothing(
    database: Database, keys: Keys, sender: Sender, link: Link
) -> None:
    with database.writing() as session:
        session.get_one(Organisation, link.organisation_id).is_demo = True
    sender.send(link, texts={"mot": "Merci"})
    assert _words(database, keys, link) == ["Merci"]


def test_texts_are_the_latest_of_one_structure_or_one_campaign(
    database: Database, keys: Keys, sender: Sender, link: Link, campaign_of: object
) -> None:
    other: Campaign = campaign_of("satisfaction", action="Ateliers")  # type: ignore[operator]
    sender.send(link, texts={"mot": "Hier"}, day=DAY - timedelta(days=1))
    sender.send(link, texts={"mot": "Avant"}, day=DAY - timedelta(days=9))
    sender.send(other.links[0], texts={"mot": "Ailleurs"}, day=DAY - timedelta(days=5))
    assert _words(database, keys, link) == ["Hier", "Ailleurs", "Avant"]
    assert _words(database, keys, link, campaign=link.campaign) == ["Hier", "Avant"]
    with database.reading() as session:
        assert readable_texts(session, keys, Reach(uuid4()), link.campaign_id, DAY, 10) == []
        assert len(readable_texts(session, keys, Reach(link.organisation_id), None, DAY, 2)) == 2


def _words(
    database: Database,
    keys: Keys,
    link: Link,
    today: date = DAY,
    campaign: Campaign | None = None,
) -> list[str]:
    fold_if_needed(database, link.organisation_id, today)  # as each page does first
    with database.reading() as session:
        found = readable_texts(
            session,
            keys,
            Reach(link.organisation_id),
            campaign.id if campaign else None,
            today,
            100,
        )
    return [one.text for one in found]
