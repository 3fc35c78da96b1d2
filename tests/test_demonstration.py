"""The demonstration walks the same road as people do, and everything derived from it is exact."""

from __future__ import annotations

import re
from collections import Counter

from flask import Flask
from sqlalchemy import func, select

from app.campaigns.models import Link
from app.campaigns.periods import GRACE
from app.db import Database
from app.demonstration import load_demonstration
from app.demonstration.cli import NAMES, demo
from app.indicators.freezing import freezable, frozen_months, verify
from app.organisations.models import Lieu
from app.organisations.passwords import is_password
from app.organisations.queries import coordinated, find_member, find_person
from app.organisations.roles import COORDINATEUR, MEDIATEUR, RESPONSABLE
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


def test_every_closed_month_is_frozen(database: Database, keys: Keys, library: Library) -> None:
    made = load_demonstration(database, keys, library, responses=60, seed=4, today=today())
    with database.reading() as session:
        assert freezable(session, made.organisation_id, today()) == []
        frozen = frozen_months(session, made.organisation_id)
        first = session.scalars(select(func.min(Response.day))).one()
        checked = [verify(session, made.organisation_id, one.month) for one in frozen]
    assert len(frozen) == (today() - GRACE).month - first.month
    assert all(one and one.intact and one.aftermath.same for one in checked)


def test_the_command_says_how_everybody_signs_in(app: Flask, database: Database) -> None:
    asked = ["--two-structures", "--responses", "60"]
    said = app.test_cli_runner().invoke(demo, asked).output.splitlines()
    words = [re.split(r" {2,}|(?<=mot de passe) ", line) for line in said]
    assert [line[0] for line in words] == [
        *("structure", "identifiant", "mot de passe", "affiche", "médiateur") * 2,
        "coordinateur",
    ]
    entries = [(words[at][1], words[at + 1][1]) for at in (1, 6)]
    entries += [(words[at][1], words[at][2]) for at in (4, 9, 10)]
    with database.reading() as session:
        people = [find_person(session, email) for email, _ in entries]
        found = [find_member(session, one.id) for one in people if one]
        lieux = [one.reach and one.reach.lieux for one in found if one]
        read = [one.name for one in coordinated(session, found[-1].id)] if found[-1] else []
    assert all(
        one and is_password(one.password_hash, password)
        for one, (_, password) in zip(people, entries, strict=True)
    )
    roles = [RESPONSABLE, RESPONSABLE, MEDIATEUR, MEDIATEUR, COORDINATEUR]
    assert [one.role for one in found if one] == roles
    assert [len(some or ()) for some in lieux] == [0, 0, 1, 1, 0]
    assert sorted(read) == sorted(NAMES)
