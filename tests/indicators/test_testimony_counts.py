"""A campaign that collects testimonies counts them: on its page, the dashboard, the big count."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html import unescape

from flask.testing import FlaskClient

from app.campaigns.models import Campaign
from app.db import Database
from app.organisations.models import Organisation
from app.organisations.queries import Reach
from app.testimonies.actions import keep
from app.testimonies.counting import campaign_counts
from app.testimonies.submission import Told
from app.web.current import today
from config import Keys
from tests.organisations.conftest import SignIn


def tell(database: Database, keys: Keys, campaign: Campaign, times: int) -> None:
    link = campaign.links[0]
    for rank in range(times):
        told = Told(
            campaign.organisation_id,
            campaign.lieu_id,
            "personne",
            f"clé {rank}",
            today(),
            "fr",
            "On m’a aidée.",
            link_id=link.id,
        )
        with database.writing() as session:
            keep(session, keys, told)


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_testimonies_are_counted_where_they_are_collected(
    client: FlaskClient,
    sign_in: SignIn,
    database: Database,
    keys: Keys,
    organisation: Organisation,
    campaign_of: Callable[..., Campaign],
) -> None:
    year = {"starts_on": date(today().year, 1, 1), "ends_on": date(today().year, 12, 31)}
    telling, asking = campaign_of("temoignage", **year), campaign_of("satisfaction", **year)
    tell(database, keys, telling, 2)
    tell(database, keys, asking, 0)
    with database.reading() as session:
        reach = Reach(organisation.id)
        counted = campaign_counts(session, reach, telling.id).by_link
        assert counted == {telling.links[0].id: 2}
        assert campaign_counts(session, reach, asking.id).by_link == {asking.links[0].id: 0}
    sign_in()
    assert "Témoignages" in words(client.get(f"/espace/campagnes/{telling.id}").text)
    shown = words(client.get("/espace").text)
    assert "2 témoignages" in shown
    assert "Imprimer l’affiche « Votre témoignage »" not in shown
    assert "2 témoignages" in words(client.get(f"/espace/campagnes/{telling.id}/compteur").text)
    counts = client.get("/espace/compteurs").json
    assert counts is not None
    assert counts["campaigns"][str(telling.id)]["total"] == 2
    assert counts["total"] == 0
    assert client.get(f"/espace/compteurs?campagne={telling.id}").json == {
        "total": 2,
        "campaigns": {},
    }
