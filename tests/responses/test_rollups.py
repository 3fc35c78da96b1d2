"""Sums are exact at every moment: folded, waiting, while people answer and erase."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import func, select

from app.campaigns.models import Campaign, Link
from app.db import Database
from app.organisations.actions import add_lieu
from app.responses.actions import erase, record_many
from app.responses.models import Response, Rollup, Unrolled
from app.responses.rollups import FEW, fold, fold_if_needed, received, tallies
from app.scoring import RESPONSES, Tally
from config import Keys
from tests.rebuilding import ALWAYS, differences
from tests.responses.conftest import DAY, Sender


def test_folding_changes_no_figure(database: Database, sender: Sender, link: Link) -> None:
    for number in range(12):
        sender.send(link, day=date(2026, 1 + number % 3, 5))
    scopes = (link.id, link.campaign_id, link.campaign.lieu_id, link.organisation_id)
    before = [_sums(database, link, scope) for scope in scopes]
    with database.writing() as session:
        assert fold(session, link.organisation_id) == 12
        assert fold(session, link.organisation_id) == 0
    assert [_sums(database, link, scope) for scope in scopes] == before
    assert before[0] == before[1] == before[2] == before[3] != {}
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Unrolled)) == 0
        assert differences(session) == []


def test_what_waits_is_added_to_what_is_folded(
    database: Database, sender: Sender, link: Link
) -> None:
    for _ in range(5):
        sender.send(link)
    with database.writing() as session:
        fold(session, link.organisation_id, at_most=3)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Unrolled)) == 2
        assert differences(session) == []
    assert _answered(_sums(database, link, link.id)) == 5


def test_months_are_bounds_of_both_parts(database: Database, sender: Sender, link: Link) -> None:
    days = [date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 1)]
    for folded in (False, True):
        for day in days:
            sender.send(link, day=day)
        if not folded:
            with database.writing() as session:
                fold(session, link.organisation_id)
    with database.reading() as session:
        february = tallies(
            session,
            link.organisation_id,
            scopes=[link.campaign_id],
            first_month="2026-02",
            last_month="2026-02",
        )
    assert _answered(february) == 4


def test_scopes_hold_their_own_answers_and_no_others(
    database: Database,
    sender: Sender,
    link: Link,
    campaign_of: Callable[..., Campaign],
) -> None:
    with database.writing() as session:
        elsewhere = add_lieu(session, link.organisation_id, "Maison de quartier")
    other = campaign_of("satisfaction", lieu_id=elsewhere.id, doors=("affiche", "borne"))
    sender.send(link)
    for one in other.links:
        sender.send(one)
    for fold_now in (False, True):
        if fold_now:
            with database.writing() as session:
                fold(session, link.organisation_id)
        answered = {
            scope: _answered(_sums(database, link, scope))
            for scope in (
                link.id,
                other.id,
                elsewhere.id,
                link.campaign.lieu_id,
                link.organisation_id,
            )
        }
        assert list(answered.values()) == [1, 2, 2, 1, 3]
        with database.reading() as session:
            scopes = {
                Response.link_id: {link.id: 1, other.links[0].id: 1, other.links[1].id: 1},
                Link.campaign_id: {link.campaign_id: 1, other.id: 2},
                Campaign.lieu_id: {link.campaign.lieu_id: 1, elsewhere.id: 2},
                Unrolled.organisation_id: {link.organisation_id: 3},
            }
            for owner, expected in scopes.items():
                assert received(session, link.organisation_id, owner, expected) == expected
                unknown = uuid4()
                assert received(session, link.organisation_id, owner, [unknown]) == {unknown: 0}


def test_a_structure_never_reads_the_sums_of_another(
    database: Database, sender: Sender, link: Link, library: object
) -> None:
    from app.organisations.actions import create_organisation

    sender.send(link)
    with database.writing() as session:
        stranger = create_organisation(session, "L’Escale numérique")
    for _ in range(2):
        with database.writing() as session:
            for scope in (link.id, link.campaign_id, link.campaign.lieu_id, link.organisation_id):
                assert tallies(session, stranger.id, scopes=[scope], **ALWAYS) == {}
            assert received(session, stranger.id, Response.link_id, [link.id]) == {link.id: 0}
            fold(session, link.organisation_id)


def test_many_waiting_answers_are_folded_before_they_are_read(
    database: Database, keys: Keys, sender: Sender, link: Link
) -> None:
    one = sender.build(link, answers={"sat1": 3})
    with database.writing() as session:
        record_many(session, keys, [sender.build(link, answers=one.answers) for _ in range(FEW)])
    fold_if_needed(database, link.organisation_id)
    assert _waiting(database) == FEW
    sender.record(one)
    fold_if_needed(database, link.organisation_id)
    assert _waiting(database) == 0
    assert _answered(_sums(database, link, link.id)) == FEW + 1


def test_rollups_of_which_nothing_is_left_are_gone(
    database: Database, sender: Sender, link: Link, tmp_path: Path
) -> None:
    sender.send(link)
    with database.writing() as session:
        fold(session, link.organisation_id)
        assert session.scalar(select(func.count()).select_from(Rollup))
        erase(session, tmp_path, session.scalars(select(Response.id)).one(), DAY)
        assert session.scalar(select(func.count()).select_from(Rollup)) == 0


def test_sums_stay_exact_while_people_answer_fold_and_erase_at_once(
    database: Database, sender: Sender, link: Link, tmp_path: Path
) -> None:
    failures: list[BaseException] = []
    seen: list[int] = []
    together = threading.Barrier(6)

    def guarded(job: Callable[[], None]) -> None:
        try:
            together.wait()
            for _ in range(12):
                job()
        except BaseException as failure:
            failures.append(failure)

    def fold_all() -> None:
        with database.writing() as session:
            fold(session, link.organisation_id)

    def erase_one() -> None:
        with database.writing() as session:
            found = session.scalar(select(Response.id).limit(1))
            if found is not None:
                erase(session, tmp_path, found, DAY)

    def read() -> None:
        seen.append(_answered(_sums(database, link, link.id)))

    jobs = [
        lambda: sender.send(link),
        lambda: sender.send(link),
        fold_all,
        fold_all,
        erase_one,
        read,
    ]
    threads = [threading.Thread(target=guarded, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert all(0 <= answered <= 24 for answered in seen)
    with database.reading() as session:
        assert differences(session) == []


def _sums(database: Database, link: Link, scope: UUID) -> dict[tuple[str, str], Tally]:
    with database.reading() as session:
        return tallies(session, link.organisation_id, scopes=[scope], **ALWAYS)


def _answered(sums: dict[tuple[str, str], Tally]) -> int:
    return sum(tally["responses"] for (measure, _), tally in sums.items() if measure == RESPONSES)


def _waiting(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Unrolled)) or 0
