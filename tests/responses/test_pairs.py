"""One card, several waves: compared whatever the order of arrival, and apart again when erased."""

from __future__ import annotations

import threading
from itertools import permutations
from pathlib import Path

import pytest
from sqlalchemy import select

from app.campaigns.actions import issue_cards
from app.campaigns.models import Campaign, Link
from app.db import Database
from app.responses.actions import erase
from app.responses.models import Pair, PairScore, Response
from app.responses.queries import by_receipt
from app.responses.rollups import fold
from config import Keys
from tests.rebuilding import differences
from tests.responses.conftest import DAY, Sender


@pytest.fixture
def card(database: Database, keys: Keys, progres: Campaign) -> str:
    """Return the code of a printed card."""
    with database.writing() as session:
        return issue_cards(session, keys, progres, 1)[0]


@pytest.mark.parametrize("order", list(permutations(("entree", "sortie", "suivi"))))
@pytest.mark.parametrize("folded", [False, True], ids=["waiting", "folded"])
def test_waves_are_compared_in_any_order_of_arrival(
    database: Database,
    sender: Sender,
    waves: dict[str, Link],
    card: str,
    order: tuple[str, ...],
    folded: bool,
) -> None:
    for wave in order:
        assert sender.send(waves[wave], card=card).kind == "recorded"
        if folded:
            with database.writing() as session:
                fold(session, waves[wave].organisation_id)
    with database.reading() as session:
        assert len(session.scalars(select(Pair)).all()) == 1
        compared = set(session.execute(select(PairScore.from_wave, PairScore.to_wave)))
        assert compared == {("entree", "sortie"), ("entree", "suivi"), ("sortie", "suivi")}
        belongs = select(PairScore.to_wave, Response.wave).join(
            Response, PairScore.response_id == Response.id
        )
        assert all(to == wave for to, wave in session.execute(belongs))
        assert differences(session) == []


def test_the_first_answer_of_a_card_in_a_wave_makes_the_pair(
    database: Database, keys: Keys, sender: Sender, waves: dict[str, Link], card: str
) -> None:
    first = sender.send(waves["entree"], card=card)
    second = sender.send(waves["entree"], card=card.lower())
    with database.reading() as session:
        kept = by_receipt(session, keys, first.receipt or "")
        apart = by_receipt(session, keys, second.receipt or "")
        assert kept is not None
        assert apart is not None
        assert (kept.pair_id is not None, kept.card_reused) == (True, False)
        assert (apart.pair_id, apart.card_reused) == (None, True)


def test_one_card_sent_many_times_at_once_makes_one_pair(
    database: Database, sender: Sender, waves: dict[str, Link], card: str
) -> None:
    failures: list[BaseException] = []

    def send(wave: str) -> None:
        try:
            sender.send(waves[wave], card=card, answers={"aut1": 1, "aut3": 2})
        except BaseException as failure:
            failures.append(failure)

    threads = [
        threading.Thread(target=send, args=(wave,))
        for wave in ("entree", "sortie")
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with database.reading() as session:
        paired = session.scalars(select(Response.wave).where(Response.pair_id.is_not(None))).all()
        assert sorted(paired) == ["entree", "sortie"]
        assert differences(session) == []


@pytest.mark.parametrize("gone", ["entree", "sortie", "suivi"])
@pytest.mark.parametrize("folded", [False, True], ids=["waiting", "folded"])
def test_erasing_one_wave_leaves_the_others_compared(
    database: Database,
    keys: Keys,
    sender: Sender,
    waves: dict[str, Link],
    card: str,
    tmp_path: Path,
    gone: str,
    folded: bool,
) -> None:
    receipts = {wave: sender.send(link, card=card).receipt or "" for wave, link in waves.items()}
    sender.send(waves["entree"])
    with database.writing() as session:
        if folded:
            fold(session, waves[gone].organisation_id)
    with database.writing() as session:
        found = by_receipt(session, keys, receipts[gone])
        assert found is not None
        assert erase(session, tmp_path, found.id, DAY)
    with database.reading() as session:
        compared = set(session.execute(select(PairScore.from_wave, PairScore.to_wave)))
        assert len(compared) == 1
        assert gone not in compared.pop()
        assert differences(session) == []


def test_a_pair_without_answers_is_forgotten_and_its_card_serves_again(
    database: Database,
    keys: Keys,
    sender: Sender,
    waves: dict[str, Link],
    card: str,
    tmp_path: Path,
) -> None:
    receipt = sender.send(waves["entree"], card=card).receipt or ""
    with database.writing() as session:
        found = by_receipt(session, keys, receipt)
        assert found is not None
        erase(session, tmp_path, found.id, DAY)
        assert session.scalars(select(Pair)).all() == []
    sender.send(waves["entree"], card=card)
    with database.reading() as session:
        assert session.scalars(select(Response.card_reused)).all() == [False]


def test_a_card_of_another_campaign_is_unknown(
    database: Database,
    keys: Keys,
    sender: Sender,
    waves: dict[str, Link],
    card: str,
    campaign_of: object,
) -> None:
    from app.responses.submission import UnknownCard

    other = campaign_of("progres", action="Ateliers")  # type: ignore[operator]
    with pytest.raises(UnknownCard):
        sender.send(other.links[0], card=card)
