"""What leaves never singles anybody out, whatever is read, in whatever order."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import combinations
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.campaigns.models import Campaign
from app.campaigns.queries import plan_of
from app.db import Database, table_of
from app.indicators import ledger
from app.indicators.fixed import FixedPeriod
from app.indicators.ledger import (
    GIVEN_AWAY,
    Leaving,
    Release,
    publish,
    publish_briefly,
    to_leave,
)
from app.indicators.models import FrozenMonth, FrozenTally, Publication
from app.organisations.actions import add_lieu
from app.organisations.models import Lieu, Organisation
from app.scoring import Measure, measures
from app.scoring.differencing import isolates

OpenCampaign = Callable[..., Campaign]
TODAY = date(2027, 1, 5)
MONTHS = [f"2026-{month:02d}" for month in range(1, 13)]
YEAR = FixedPeriod(2026)


class World:
    """Freeze months with chosen numbers of answers, and publish."""

    def __init__(self, database: Database, campaign: Campaign, lieux: list[UUID]) -> None:
        self.database, self.campaign, self.lieux = database, campaign, lieux
        self.organisation_id = campaign.organisation_id
        with database.reading() as session:
            found = measures(plan_of(session, campaign))
        self.measure: Measure = next(one for one in found if one.indicator.id.startswith("sat"))
        self.counts: dict[tuple[str, UUID], int] = {}

    def freeze(self, month: str, *people: int) -> None:
        """Freeze a month in which so many people answered in each lieu."""
        with self.database.writing() as session:
            session.add(
                FrozenMonth(
                    organisation_id=self.organisation_id,
                    month=month,
                    frozen_on=TODAY,
                    responses=sum(people),
                    digest="",
                    members=b"",
                )
            )
            cells = [*zip(self.lieux, people, strict=True), (self.organisation_id, sum(people))]
            for scope_id, n in cells:
                if n:
                    self._write(session, month, scope_id, n)
        self.counts |= {(month, lieu): n for lieu, n in zip(self.lieux, people, strict=True) if n}

    def _write(self, session: Session, month: str, scope_id: UUID, n: int) -> None:
        row = {
            "scope_id": scope_id,
            "month": month,
            "measure": self.measure.key,
            "version": self.campaign.version,
            "organisation_id": self.organisation_id,
            "indicator": self.measure.indicator.id,
            "tally": {"n": n, "k": n, "to": n},
        }
        session.execute(insert(table_of(FrozenTally)), [row])

    def publish(self, period: FixedPeriod, lieu: int | None = None) -> Release:
        """Publish for the structure or one of its lieux."""
        scope_id = self.organisation_id if lieu is None else self.lieux[lieu]
        with self.database.writing() as session:
            return publish(session, self.organisation_id, scope_id, period, TODAY)

    def left(self) -> list[set[tuple[str, UUID]]]:
        """Return everybody behind each line of the ledger."""
        with self.database.reading() as session:
            rows = session.scalars(select(Publication)).all()
        populations = []
        for row in rows:
            cells = {
                cell
                for cell in self.counts
                if row.first_month <= cell[0] <= row.last_month
                and row.scope_id in (self.organisation_id, cell[1])
            }
            assert row.n == self.people(cells)
            populations.append(cells)
        return populations

    def people(self, cells: set[tuple[str, UUID]]) -> int:
        """Count the people in some months of some lieux."""
        return sum(self.counts[cell] for cell in cells)


@pytest.fixture
def world(
    database: Database, organisation: Organisation, lieu: Lieu, campaign_of: OpenCampaign
) -> World:
    with database.writing() as session:
        others = [add_lieu(session, organisation.id, f"Lieu {rank}").id for rank in (2, 3)]
    return World(database, campaign_of("satisfaction"), [lieu.id, *others])


def only(release: Release) -> Leaving:
    (one,) = release.figures
    return one


def test_nothing_leaves_of_what_is_not_frozen(world: World) -> None:
    assert world.publish(YEAR) == Release(YEAR)
    world.freeze("2026-01", 9, 9, 9)
    world.freeze("2026-02", 9, 9, 9)
    assert world.publish(FixedPeriod(2026, 1)).figures == ()
    assert only(world.publish(YEAR)).last_month == "2026-02"


def test_a_figure_is_written_once_in_the_ledger(world: World) -> None:
    world.freeze("2026-01", 9, 9, 9)
    for _ in range(3):
        leaving = only(world.publish(YEAR))
        assert (leaving.reason, leaving.measured.figure.n) == ("", 27)
    assert len(world.left()) == 1


def test_rule_11_comes_first(world: World) -> None:
    world.freeze("2026-01", 4, 0, 0)
    assert only(world.publish(YEAR)).reason == "non diffusé (moins de 5 réponses)"
    assert world.left() == []


def test_a_lieu_that_a_subtraction_would_tell_is_refused(world: World) -> None:
    for month in MONTHS[:3]:
        world.freeze(month, 20, 6, 1)
    quarter = FixedPeriod(2026, 1)
    assert not only(world.publish(quarter)).reason
    assert not only(world.publish(quarter, lieu=0)).reason
    assert only(world.publish(quarter, lieu=1)).reason == GIVEN_AWAY
    assert only(world.publish(quarter, lieu=2)).reason.startswith("non diffusé (moins de 5")
    assert len(world.left()) == 2


def test_a_year_stays_at_its_last_state_that_tells_nobody_apart(world: World) -> None:
    world.freeze("2026-01", 9, 0, 0)
    assert only(world.publish(YEAR)).last_month == "2026-01"
    world.freeze("2026-02", 2, 0, 0)
    stays = only(world.publish(YEAR))
    assert (stays.last_month, stays.reason) == ("2026-01", "")
    world.freeze("2026-03", 3, 0, 0)
    goes_on = only(world.publish(YEAR))
    assert (goes_on.last_month, goes_on.measured.figure.n) == ("2026-03", 14)


def test_the_structure_and_its_raised_thresholds_are_obeyed(
    world: World, database: Database
) -> None:
    world.freeze("2026-01", 9, 0, 0)
    with database.writing() as session:
        session.get_one(Organisation, world.organisation_id).thresholds = {"counts": 10}
    assert only(world.publish(YEAR)).reason == "non diffusé (moins de 10 réponses)"


def test_two_readers_cannot_each_publish_half_of_a_difference(world: World) -> None:
    for month in MONTHS[:3]:
        world.freeze(month, 20, 1, 0)
    releases: list[Release] = []
    together = threading.Barrier(2)

    def read(lieu: int | None) -> None:
        together.wait()
        releases.append(world.publish(FixedPeriod(2026, 1), lieu))

    threads = [threading.Thread(target=read, args=(lieu,)) for lieu in (None, 0)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(bool(only(release).reason) for release in releases) == [False, True]


def test_what_leaves_meanwhile_is_counted_before_anything_is_written(
    world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for month in MONTHS[:3]:
        world.freeze(month, 20, 1, 0)
    quarter, others = FixedPeriod(2026, 1), iter([0])

    def watched(*given: Any) -> Release:
        release = to_leave(*given)
        for lieu in others:  # nobody holds the database while it is worked out
            with ThreadPoolExecutor(1) as pool:
                assert not only(pool.submit(world.publish, quarter, lieu).result(60)).reason
        return release

    monkeypatch.setattr(ledger, "to_leave", lambda *given: watched(*given))
    mine = (world.organisation_id, world.organisation_id)
    assert only(publish_briefly(database, *mine, quarter, TODAY)).reason == GIVEN_AWAY
    assert len(world.left()) == 1


@pytest.mark.parametrize("seed", range(6))
def test_no_sequence_of_readings_isolates_anybody(world: World, seed: int) -> None:
    random = Random(seed)
    scopes = [None, 0, 1, 2]
    for rank, month in enumerate(MONTHS):
        world.freeze(month, *(random.choice([0, 0, 1, 2, 3, 5, 8]) for _ in range(3)))
        periods = [YEAR] + [FixedPeriod(2026, q) for q in range(1, 5) if 3 * q <= rank + 1]
        for _ in range(2):
            world.publish(random.choice(periods), random.choice(scopes))
    for scope in random.sample(scopes, 4):
        for period in [YEAR, *(FixedPeriod(2026, quarter) for quarter in range(1, 5))]:
            world.publish(period, scope)
    left = world.left()
    assert len(left) > 5
    assert not isolates(left, world.counts)
    for one, other in combinations(left, 2):
        assert world.people(one) >= 5
        if one < other or other < one:
            assert world.people(one ^ other) not in range(1, 5)
