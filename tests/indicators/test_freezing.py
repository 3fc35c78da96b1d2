"""Frozen months never change: not by late answers, not by an erasure, not by another scoring."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.campaigns.models import Campaign
from app.db import Database, table_of
from app.indicators.freezing import (
    FreezingError,
    compare,
    freezable,
    freeze,
    frozen_months,
    suppose_frozen,
    verify,
)
from app.indicators.models import FrozenTally, Publication
from app.organisations.models import AccessEvent, Organisation, Person
from app.responses.actions import erase
from app.responses.models import PurgeProof, Response, Rollup
from app.responses.rollups import fold
from tests.responses.conftest import Sender

OpenCampaign = Callable[..., Campaign]
TODAY = date(2026, 4, 2)


@pytest.fixture
def answered(campaign: Campaign, sender: Sender) -> Campaign:
    """Return a campaign with 4 answers in January, none in February, 3 in March, 1 in April."""
    for day, count in (("01-10", 4), ("03-10", 2), ("03-31", 1), ("04-01", 1)):
        for _ in range(count):
            sender.send(campaign.links[0], day=date.fromisoformat(f"2026-{day}"))
    return campaign


@pytest.fixture
def march(
    database: Database, answered: Campaign, organisation: Organisation, person: Person
) -> str:
    """Freeze everything up to March and return it."""
    with database.writing() as session:
        freeze(session, organisation.id, "2026-03", person.id, TODAY)
    return "2026-03"


def sums(database: Database, organisation: Organisation) -> list[tuple[object, ...]]:
    with database.reading() as session:
        rows = session.scalars(select(FrozenTally)).all()
        return sorted((str(r.scope_id), r.month, r.measure, sorted(r.tally.items())) for r in rows)


def said(database: Database, organisation: Organisation, month: str) -> str:
    with database.reading() as session:
        verified = verify(session, organisation.id, month)
        assert verified is not None
        assert verified.intact
        return verified.aftermath.said.replace("\xa0", " ")


def test_a_month_may_be_frozen_once_late_answers_had_their_day(
    database: Database, answered: Campaign, organisation: Organisation
) -> None:
    with database.reading() as session:
        assert freezable(session, organisation.id, date(2026, 4, 1)) == ["2026-01", "2026-02"]
        assert freezable(session, organisation.id, TODAY) == ["2026-01", "2026-02", "2026-03"]


def test_a_structure_without_answers_has_nothing_to_freeze(
    database: Database, organisation: Organisation, person: Person
) -> None:
    with database.reading() as session:
        assert freezable(session, organisation.id, TODAY) == []
    with database.writing() as session, pytest.raises(FreezingError, match="plus à arrêter"):
        freeze(session, organisation.id, "2026-03", person.id, TODAY)


def test_freezing_copies_every_sum_and_notes_who_did_it(
    database: Database, march: str, organisation: Organisation, person: Person
) -> None:
    with database.reading() as session:
        months = frozen_months(session, organisation.id)
        assert [(one.month, one.responses) for one in months] == [
            ("2026-03", 3), ("2026-02", 0), ("2026-01", 4),
        ]  # fmt: skip
        assert {one.frozen_by for one in months} == {person.id}
        columns = ("scope_id", "month", "measure", "version", "indicator", "tally")
        copied, live = (
            sorted(map(repr, session.execute(select(*(table_of(t).c[c] for c in columns))).all()))
            for t in (FrozenTally, Rollup)
        )
        assert copied == [row for row in live if "'2026-04'" not in row]
        assert freezable(session, organisation.id, TODAY) == []
        assert session.scalars(select(AccessEvent.about)).all() == ["2026-01..2026-03"]


def test_a_month_is_frozen_once_and_never_while_it_is_open(
    database: Database, march: str, organisation: Organisation, person: Person
) -> None:
    for month in ("2026-03", "2026-04", "1999-13"):
        with database.writing() as session, pytest.raises(FreezingError):
            freeze(session, organisation.id, month, person.id, TODAY)


def test_what_is_frozen_is_identical_while_nothing_happens(
    database: Database, march: str, organisation: Organisation
) -> None:
    for month in ("2026-01", "2026-02", march):
        assert said(database, organisation, month) == "identique"
    with database.reading() as session:
        assert verify(session, organisation.id, "2026-04") is None


def test_a_late_answer_stays_outside(
    database: Database, march: str, organisation: Organisation, answered: Campaign, sender: Sender
) -> None:
    before = sums(database, organisation)
    sender.send(answered.links[0], day=date(2026, 3, 12), late=True)
    assert said(database, organisation, march) == "1 réponse tardive, restée en dehors"
    with database.writing() as session:
        fold(session, organisation.id)
    assert said(database, organisation, march) == "1 réponse tardive, restée en dehors"
    assert sums(database, organisation) == before


def test_an_answer_that_another_one_replaced_is_not_called_identical(
    database: Database,
    march: str,
    organisation: Organisation,
    answered: Campaign,
    sender: Sender,
    tmp_path: Path,
) -> None:
    with database.reading() as session:
        of_march = select(Response).where(Response.day == date(2026, 3, 31))
        gone = session.scalars(of_march).one()
        answers = dict(gone.answers)
    with database.writing() as session:
        erase(session, tmp_path, gone.id, today=TODAY)
    sender.send(answered.links[0], day=date(2026, 3, 12), answers=answers)
    assert (
        said(database, organisation, march)
        == "1 réponse effacée depuis, 1 réponse tardive, restée en dehors"
    )
    assert said(database, organisation, "2026-01") == "identique"


def test_an_erasure_is_counted_and_changes_no_frozen_sum(
    database: Database,
    march: str,
    organisation: Organisation,
    answered: Campaign,
    sender: Sender,
    tmp_path: Path,
) -> None:
    before = sums(database, organisation)
    with database.reading() as session:
        in_march = select(Response.id).where(Response.day == date(2026, 3, 10))
        known = session.scalars(in_march).all()
    for response_id in known:
        with database.writing() as session:
            erase(session, tmp_path, response_id, today=TODAY)
    assert said(database, organisation, march) == "2 réponses effacées depuis"
    sender.send(answered.links[0], day=date(2026, 3, 12))
    assert (
        said(database, organisation, march)
        == "2 réponses effacées depuis, 1 réponse tardive, restée en dehors"
    )
    assert sums(database, organisation) == before


def test_another_scoring_is_told_apart_from_other_answers(
    database: Database, march: str, organisation: Organisation
) -> None:
    before = sums(database, organisation)
    with database.writing() as session:
        row = session.scalars(
            select(Rollup).where(Rollup.scope_id == organisation.id, Rollup.month == march).limit(1)
        ).one()
        row.tally = {**row.tally, "n": 99}
    assert said(database, organisation, march) == "mêmes réponses, calculées autrement depuis"
    assert sums(database, organisation) == before


def test_sums_outlive_the_answers_that_the_retention_purge_took(
    database: Database, march: str, organisation: Organisation
) -> None:
    proof = PurgeProof(
        organisation_id=organisation.id,
        category="answers",
        month=march,
        purged_on=date(2028, 1, 1),
        count=3,
    )
    with database.writing() as session:
        session.add(proof)
    assert said(database, organisation, march).startswith("réponses parties à leur échéance")
    assert said(database, organisation, "2026-01") == "identique"


def test_a_touched_copy_no_longer_gives_its_digest(
    database: Database, march: str, organisation: Organisation
) -> None:
    with database.writing() as session:
        touched = session.scalars(select(FrozenTally).where(FrozenTally.month == march)).first()
        assert touched is not None
        touched.tally = {**touched.tally, "n": 99}
    with database.reading() as session:
        verified = verify(session, organisation.id, march)
        assert verified is not None
        assert not verified.intact


def test_a_month_counted_as_empty_in_what_left_stays_empty(
    database: Database,
    answered: Campaign,
    organisation: Organisation,
    person: Person,
    sender: Sender,
    campaign_of: OpenCampaign,
) -> None:
    with database.writing() as session:
        freeze(session, organisation.id, "2026-01", person.id, TODAY)
    older = campaign_of(
        "satisfaction",
        starts_on=date(2025, 11, 1),
        ends_on=date(2026, 12, 31),
        today=date(2025, 11, 2),
    )
    sender.send(older.links[0], day=date(2025, 12, 3))
    with database.reading() as session:
        assert freezable(session, organisation.id, TODAY)[0] == "2025-12"
    with database.writing() as session:
        session.add(
            Publication(
                organisation_id=organisation.id,
                measure="m",
                scope_id=organisation.id,
                first_month="2025-10",
                last_month="2025-12",
                n=5,
                published_on=TODAY,
            )
        )
    with database.reading() as session:
        assert freezable(session, organisation.id, TODAY) == ["2026-02", "2026-03"]


def test_what_is_supposed_frozen_stands_in_one_session_and_stops_nobody(
    database: Database, answered: Campaign, organisation: Organisation, sender: Sender, march: str
) -> None:
    late = date(2026, 6, 2)
    with database.writing() as session:
        fold(session, organisation.id, today=late)
    before = sums(database, organisation)
    rows = select(FrozenTally.month).where(FrozenTally.scope_id == organisation.id).distinct()
    with database.reading() as session:
        suppose_frozen(session, organisation.id, ["2026-04"], late)
        months = [one.month for one in frozen_months(session, organisation.id)]
        assert months[:2] == ["2026-04", march]
        assert set(session.scalars(rows)) == {"2026-01", "2026-03", "2026-04"}
        with ThreadPoolExecutor(1) as pool:
            pool.submit(sender.send, answered.links[0], day=date(2026, 4, 3)).result(60)
    assert sums(database, organisation) == before
    with database.reading() as session:
        assert frozen_months(session, organisation.id)[0].month == march


def test_the_months_of_a_structure_are_its_own(
    database: Database, march: str, organisation: Organisation
) -> None:
    with database.writing() as session:
        other = Organisation(name="Ailleurs", thresholds={})
        session.add(other)
        session.flush()
        assert frozen_months(session, other.id) == []
        assert verify(session, other.id, march) is None
        assert session.scalar(select(func.count()).select_from(FrozenTally)) > 0
        assert compare(session, frozen_months(session, organisation.id)[0]).same
