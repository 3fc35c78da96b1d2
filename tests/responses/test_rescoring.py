"""Scoring again puts every derived row right, and stops nobody."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update

from app.campaigns.actions import issue_cards
from app.campaigns.models import Campaign, Link
from app.db import Database
from app.responses import rescoring
from app.responses.models import PairScore, Response, Score
from app.responses.rollups import fold, unroll
from config import Keys
from tests.rebuilding import differences
from tests.responses.conftest import Sender


def test_rescoring_puts_every_derived_row_right(
    database: Database,
    keys: Keys,
    sender: Sender,
    progres: Campaign,
    waves: dict[str, Link],
    link: Link,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rescoring, "BATCH", 4)
    with database.writing() as session:
        cards = issue_cards(session, keys, progres, 5)
    for card in cards:
        for wave in ("suivi", "entree", "sortie"):
            sender.send(waves[wave], card=card)
    sender.send(link)
    with database.writing() as session:
        session.execute(update(Score).values(scoring_version=0, tally={"responses": 3}))
        session.execute(update(PairScore).values(scoring_version=0, k=7))
        session.execute(delete(Score).where(Score.indicator.like("autonomie.c%")))
        fold(session, progres.organisation_id)
        assert differences(session)
    steps = 0
    for campaign in (progres, link.campaign):
        after = None
        while True:
            with database.writing() as session:
                after = rescoring.rescore(session, campaign, after=after)
            steps += 1
            if after is None:
                break
    with database.reading() as session:
        assert differences(session) == []
        assert session.scalar(select(func.count()).select_from(Response)) == 16
    assert steps == 7


def test_an_answer_that_joins_its_pair_meanwhile_is_compared(
    database: Database,
    keys: Keys,
    sender: Sender,
    progres: Campaign,
    waves: dict[str, Link],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with database.writing() as session:
        (card,) = issue_cards(session, keys, progres, 1)
    sender.send(waves["sortie"], card=card)
    entering = threading.Thread(target=sender.send, args=(waves["entree"],), kwargs={"card": card})

    def unroll_later(*arguments: Any) -> Any:
        entering.start()
        entering.join(0.5)  # it waits for us: a database that let it through would lose its pair
        return unroll(*arguments)

    monkeypatch.setattr(rescoring, "unroll", unroll_later)
    with database.writing() as session:
        rescoring.rescore(session, progres)
    entering.join()
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(PairScore))
        assert differences(session) == []
