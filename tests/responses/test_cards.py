"""Cards that came back are counted by wave, and only within reach."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from app.campaigns.actions import issue_cards
from app.campaigns.models import Campaign
from app.db import Database
from app.organisations.queries import Reach
from app.responses.cards import campaign_counts, cards_back
from config import Keys
from tests.responses.conftest import Sender

OpenCampaign = Callable[..., Campaign]


def test_cards_are_counted_by_wave_and_once_each(
    database: Database, keys: Keys, campaign_of: OpenCampaign, sender: Sender
) -> None:
    opened = campaign_of("progres", doors=("affiche", "papier"))
    links = {(link.wave, link.door): link for link in opened.links}
    with database.writing() as session:
        cards = issue_cards(session, keys, session.get_one(Campaign, opened.id), 5)
    for wave, card in (("entree", 0), ("entree", 1), ("entree", 2), ("sortie", 1), ("suivi", 1)):
        sender.send(links[wave, "affiche"], card=cards[card])
    sender.send(links["sortie", "papier"], card=cards[2])
    sender.send(links["entree", "papier"], card=cards[0])  # a card that answers again
    sender.send(links["entree", "papier"])  # somebody without a card
    here = Reach(opened.organisation_id, frozenset({opened.lieu_id}))
    with database.reading() as session:
        counted = campaign_counts(session, here, opened.id)
        assert cards_back(session, Reach(opened.organisation_id), opened.id) == counted.cards
    assert counted.cards.printed == 5
    assert counted.cards.by_wave == {"entree": 3, "sortie": 2, "suivi": 1}
    assert counted.cards.pairs == 2
    assert counted.by_link[links["entree", "affiche"].id] == 3
    assert counted.by_link[links["entree", "papier"].id] == 2
    assert counted.by_link[links["suivi", "papier"].id] == 0
    assert counted.by_link.keys() == {link.id for link in opened.links}


def test_nothing_is_counted_out_of_reach(
    database: Database, keys: Keys, campaign_of: OpenCampaign
) -> None:
    opened = campaign_of("progres")
    with database.writing() as session:
        issue_cards(session, keys, session.get_one(Campaign, opened.id), 2)
    elsewhere = (Reach(uuid4()), Reach(opened.organisation_id, frozenset({uuid4()})))
    with database.reading() as session:
        for reach in elsewhere:
            counted = campaign_counts(session, reach, opened.id)
            assert counted.by_link == {}
            assert (counted.cards.printed, counted.cards.pairs) == (0, 0)
