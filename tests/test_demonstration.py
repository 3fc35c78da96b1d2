"""The demonstration walks the same road as people do, and everything derived from it is exact."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func, select

from app.campaigns.models import Link
from app.db import Database
from app.demonstration import load_demonstration
from app.organisations.models import Lieu
from app.questionnaires import Library
from app.responses.models import Pair, Response, ResponseText
from app.web.current import today
from config import Keys
from tests.rebuilding import differences


def test_a_small_demonstration_is_derived_exactly(
    database: Database, keys: Keys, library: Library
) -> None:
    made = load_demonstration(database, keys, library, responses=240, seed=3, today=today())
    with database.reading() as session:
        assert differences(session) == []
        stored = session.scalars(select(Response)).all()
        texts = session.scalar(select(func.count()).select_from(ResponseText))
        pairs = session.scalar(select(func.count()).select_from(Pair))
        doors = set(session.scalars(select(Link.door)))
    assert made.responses == len(stored)
    assert len(stored) >= 200
    given = Counter(
        answer for row in stored for answer in row.answers.values() if isinstance(answer, str)
    )
    assert all(given[aside] for aside in ("nsp", "nc", "refus"))
    assert {row.wave for row in stored} >= {"unique", "entree", "sortie"}
    assert texts
    assert pairs
    assert {"affiche", "borne", "papier", "aide", "entretien", "partenaire"} <= doors


def test_a_large_demonstration_covers_two_years(
    database: Database, keys: Keys, library: Library
) -> None:
    load_demonstration(database, keys, library, responses=4_000, seed=5, today=today())
    with database.reading() as session:
        months = {f"{day:%Y-%m}" for day in session.scalars(select(Response.day))}
        lieux = session.scalar(select(func.count()).select_from(Lieu))
    assert len(months) == 24
    assert lieux == 4


def test_the_same_seed_gives_the_same_answers(
    database: Database, keys: Keys, library: Library
) -> None:
    for name in ("Une", "Deux"):
        load_demonstration(database, keys, library, name=name, responses=60, seed=9, today=today())
    with database.reading() as session:
        given: dict[object, Counter[str]] = {}
        for row in session.scalars(select(Response)):
            said = given.setdefault(row.organisation_id, Counter())
            said[f"{row.day} {sorted(row.answers.items())}"] += 1
    first, second = given.values()
    assert first == second
