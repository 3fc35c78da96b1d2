"""What has been kept long enough goes without a trace; the figures it gave stay exact."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.campaigns.actions import issue_cards
from app.campaigns.models import Campaign, Card, Link
from app.db import Base, Database
from app.organisations.actions import (
    create_person,
    disable,
    invite,
    revise_notice,
    set_password,
)
from app.organisations.models import AccessEvent, Invitation, Organisation, Person
from app.organisations.people import team_of
from app.organisations.queries import current_notice
from app.organisations.retention import journal_start
from app.organisations.team import invite_administrateur, share_with, stop_sharing
from app.responses import receipts
from app.responses.actions import erase
from app.responses.models import (
    Pair,
    PairScore,
    PurgeProof,
    Receipt,
    Response,
    ResponseText,
    Score,
    Unrolled,
)
from app.responses.rescoring import rescore
from app.responses.retention import FORGOTTEN, LINKING_WINDOW, Part, due, purge, sweep
from app.responses.rollups import fold, tallies
from app.responses.upkeep import purge as purge_command
from config import Keys
from tests.rebuilding import ALWAYS, differences, sums_of
from tests.responses.conftest import Sender

#: With one year of retention: 2024 may go, 2025 may not.
TODAY = date(2026, 1, 1)


def test_a_year_goes_the_day_after_its_last_day_of_retention(
    database: Database, sender: Sender, link: Link
) -> None:
    for day in (date(2024, 1, 5), date(2024, 12, 31), date(2024, 12, 31), date(2025, 1, 1)):
        sender.send(link, day=day)
    assert _due(database, link, date(2025, 12, 31)) == []
    expected = [Part("answers", "2024-01", 1), Part("answers", "2024-12", 2)]
    assert _due(database, link, TODAY) == expected
    assert _count(database, Response) == 4
    assert purge(database, link.organisation_id, TODAY) == expected
    assert _days(database) == [date(2025, 1, 1)]
    assert purge(database, link.organisation_id, TODAY) == []


def test_a_longer_duration_is_for_the_answers_that_follow_and_a_shorter_one_for_all(
    database: Database, sender: Sender, link: Link
) -> None:
    """Who read « jusqu’à fin 2025 » before answering was promised it."""
    for day in (date(2024, 6, 1), date(2024, 6, 2), date(2024, 6, 3)):
        sender.send(link, day=day)
    same_day, after = Part("answers", "2024-06", 2), Part("answers", "2024-06", 3)
    with database.writing() as session:
        current_notice(session, link.organisation_id).made_on = date(2023, 1, 1)
        revise_notice(session, link.organisation_id, retention_years=3).made_on = date(2024, 6, 2)
    assert _due(database, link, date(2025, 12, 31)) == []
    assert _due(database, link, TODAY) == [same_day]
    assert _due(database, link, date(2027, 12, 31)) == [same_day]
    assert _due(database, link, date(2028, 1, 1)) == [after]
    with database.writing() as session:
        revise_notice(session, link.organisation_id, retention_years=0).made_on = date(2024, 9, 1)
    assert _due(database, link, date(2024, 12, 31)) == []
    assert _due(database, link, date(2025, 1, 1)) == [after]
    assert purge(database, link.organisation_id, date(2025, 1, 1)) == [after]


def test_the_figures_of_what_went_stay_exact(
    database: Database, keys: Keys, sender: Sender, link: Link
) -> None:
    for number in range(9):
        sender.send(link, day=date(2024 + number % 2, 3, 5), texts={"mot": f"Mot {number}"})
        if number == 4:
            with database.writing() as session:
                fold(session, link.organisation_id)
    with database.reading() as session:
        going = session.scalars(select(Response.id).where(Response.day < date(2025, 1, 1))).all()
        sealed = sums_of(session, going)
    before = _sums(database, link)
    purge(database, link.organisation_id, TODAY)
    assert _sums(database, link) == before
    with database.reading() as session:
        assert differences(session, sealed) == []
        for table in (ResponseText, Receipt, Score, Unrolled):
            left = select(func.count()).where(table.response_id.in_(going))
            assert session.scalar(left) == 0


def test_an_answer_that_stays_can_leave_a_sealed_month(
    database: Database, keys: Keys, sender: Sender, progres: Campaign, waves: dict[str, Link],
    tmp_path: Path,
) -> None:  # fmt: skip
    """A pair answered in two years stays whole in a month of which the rest went."""
    (card,) = _cards(database, keys, progres, 1)
    link = waves["entree"]
    for _ in range(3):
        sender.send(link, day=date(2024, 12, 3))
    sender.send(link, day=date(2024, 12, 9), card=card)
    sender.send(waves["sortie"], day=date(2025, 2, 9), card=card)
    with database.reading() as session:
        alone = select(Response.id).where(Response.pair_id.is_(None))
        sealed = sums_of(session, session.scalars(alone).all())
    assert purge(database, link.organisation_id, TODAY) == [Part("answers", "2024-12", 3)]
    assert _days(database) == [date(2024, 12, 9), date(2025, 2, 9)]
    _rescore(database, progres)
    with database.reading() as session:
        assert differences(session, sealed) == []
    with database.writing() as session:
        entry = session.scalar(select(Response.id).where(Response.day < date(2025, 1, 1)))
        assert entry is not None
        assert erase(session, tmp_path, entry, TODAY)
    with database.reading() as session:
        assert differences(session, sealed) == []


def test_a_pair_goes_whole_when_its_last_answer_may_go(
    database: Database, keys: Keys, sender: Sender, progres: Campaign, waves: dict[str, Link]
) -> None:
    (card,) = _cards(database, keys, progres, 1)
    sender.send(waves["entree"], day=date(2023, 12, 9), card=card)
    sender.send(waves["sortie"], day=date(2024, 2, 9), card=card)
    before = _sums(database, waves["entree"])
    assert _due(database, waves["entree"], date(2025, 6, 1)) == []
    gone = purge(database, progres.organisation_id, TODAY)
    assert [part for part in gone if part.category == "answers"] == [
        Part("answers", "2023-12", 1),
        Part("answers", "2024-02", 1),
    ]
    assert _count(database, Pair) == _count(database, PairScore) == 0
    assert _sums(database, waves["entree"]) == before


def test_a_card_is_forgotten_when_its_linking_window_is_over(
    database: Database, keys: Keys, sender: Sender, progres: Campaign, waves: dict[str, Link]
) -> None:
    old, recent = _cards(database, keys, progres, 2)
    first = date(2026, 1, 10)
    sender.send(waves["entree"], day=first, card=old)
    sender.send(waves["sortie"], day=first + timedelta(days=90), card=old)
    sender.send(waves["entree"], day=first + timedelta(days=1), card=recent)
    known = _hashes(database)
    on_the_day = first + LINKING_WINDOW
    assert _due(database, waves["entree"], on_the_day) == []
    after = on_the_day + timedelta(days=1)
    expected = [Part("pairs", "2026-01", 1)]
    assert _due(database, waves["entree"], after) == expected
    assert purge(database, progres.organisation_id, after) == expected
    assert purge(database, progres.organisation_id, after) == []
    hashes = _hashes(database)
    assert len(known & hashes) == 1
    assert sum(one.startswith(FORGOTTEN) for one in hashes) == 1
    with database.reading() as session:
        assert differences(session) == []


def test_issued_cards_go_when_their_campaign_ended_long_ago(
    database: Database, keys: Keys, progres: Campaign
) -> None:
    _cards(database, keys, progres, 10)
    ended = progres.ends_on + LINKING_WINDOW
    assert purge(database, progres.organisation_id, ended) == []
    expected = [Part("cards", f"{progres.ends_on:%Y-%m}", 10)]
    assert purge(database, progres.organisation_id, ended + timedelta(days=1)) == expected
    assert _count(database, Card) == 0


def test_the_journal_and_spent_invitations_go(
    database: Database, keys: Keys, organisation: Organisation
) -> None:
    with database.writing() as session:
        person = create_person(session, organisation.id, "lou@exemple.fr")
        invite(session, keys, person)
        expires = session.scalars(select(Invitation.expires_on)).one()
        for at in (datetime(2025, 1, 31, 23, 59), datetime(2025, 2, 1, 0, 0)):  # noqa: DTZ001
            named = {"organisation_id": organisation.id, "person_id": person.id}
            session.add(AccessEvent(act="read", about="", at=at, **named))
    today = date(2026, 2, 1)
    assert purge(database, organisation.id, today) == [Part("journal", "2025-01", 1)]
    assert _count(database, AccessEvent) == 1
    late = expires + timedelta(days=1)
    parts = purge(database, organisation.id, late)
    assert Part("invitations", f"{expires:%Y-%m}", 1) in parts
    assert _count(database, Invitation) == 0


def test_a_closed_account_is_forgotten_with_the_journal_that_named_it(
    database: Database, organisation: Organisation
) -> None:
    visits = {"open@a.fr": date(2020, 1, 1), "recent@a.fr": date(2025, 2, 1),
              "long@a.fr": date(2025, 1, 31), "never@a.fr": None}  # fmt: skip
    with database.writing() as session:
        for email, last_visit in visits.items():
            person = create_person(session, organisation.id, email, "Sam Morin")
            set_password(session, person, "moulin cerise tabouret")
            person.last_visit = last_visit
            if email != "open@a.fr":
                disable(session, person)
    today = date(2026, 2, 1)
    expected = [Part("accounts", "2025-01", 1), Part("accounts", "2026-02", 1)]
    with database.reading() as session:
        assert due(session, organisation.id, today) == expected
    assert purge(database, organisation.id, today) == expected
    assert purge(database, organisation.id, today) == []
    with database.reading() as session:
        shown = {one.person.email for one in team_of(session, organisation.id)}
        gone = session.scalars(select(Person).where(Person.email.not_in(visits))).all()
    assert shown == {"open@a.fr", "recent@a.fr"}
    assert [(one.name, one.password_hash, one.active) for one in gone] == [
        ("Compte effacé", "", False)
    ] * 2


def test_months_of_the_journal_are_counted_back() -> None:
    assert journal_start(12, date(2026, 2, 1)) == date(2025, 2, 1)
    assert journal_start(6, date(2026, 8, 31)) == date(2026, 2, 28)


def test_a_purge_leaves_proofs_that_add_up(database: Database, sender: Sender, link: Link) -> None:
    for _ in range(2):
        sender.send(link, day=date(2024, 5, 5))
        purge(database, link.organisation_id, TODAY)
    with database.reading() as session:
        (proof,) = session.scalars(select(PurgeProof)).all()
    kept = (proof.category, proof.month, proof.purged_on, proof.count)
    assert kept == ("answers", "2024-05", TODAY, 2)


def test_a_structure_purges_its_own_answers_only(
    database: Database, sender: Sender, link: Link
) -> None:
    from app.organisations.actions import create_organisation

    sender.send(link, day=date(2024, 5, 5))
    with database.writing() as session:
        stranger = create_organisation(session, "L’Escale numérique")
    assert purge(database, stranger.id, TODAY) == []
    assert _count(database, Response) == 1


def test_people_answer_while_a_purge_runs(
    database: Database, sender: Sender, link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.responses.retention.BATCH", 3)
    for _ in range(20):
        sender.send(link, day=date(2024, 5, 5))
    with database.reading() as session:
        sealed = sums_of(session, session.scalars(select(Response.id)).all())
    with _meanwhile(lambda: sender.send(link, day=date(2025, 5, 5))):
        gone = purge(database, link.organisation_id, TODAY)
    assert gone == [Part("answers", "2024-05", 20)]
    with database.reading() as session:
        assert set(session.scalars(select(Response.day))) == {date(2025, 5, 5)}
        assert differences(session, sealed) == []


def test_no_trace_of_what_went_stays_on_the_disk(
    database: Database, sqlite_file: Path, keys: Keys, sender: Sender, link: Link
) -> None:
    sealed, digests = [], []
    for number in range(200):
        day = date(2024 + number % 2, 5, 5)
        sent = sender.send(link, day=day, texts={"mot": f"Témoignage {number} " * 20})
        if day.year == 2024:
            code = receipts.normalise(sent.receipt or "") or ""
            digests.append(receipts.code_hash(keys, code).encode())
    with database.reading() as session:
        going = select(ResponseText.ciphertext).join(Response).where(Response.day < TODAY)
        sealed = session.scalars(going.where(Response.day < date(2025, 1, 1))).all()
    assert len(sealed) == len(digests) == 100
    purge(database, link.organisation_id, TODAY)
    sweep(database)
    files = sqlite_file.parent.glob(f"{sqlite_file.name}*")
    stored = b"".join(path.read_bytes() for path in files)
    assert [blob for blob in sealed if blob[:40] in stored] == []
    assert [digest for digest in digests if digest in stored] == []
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ResponseText)) == 100


def test_the_command_rehearses_then_deletes(app: Flask, sender: Sender, link: Link) -> None:
    from app.responses.upkeep import purge as command

    sender.send(link, day=date(2024, 5, 5))
    runner = app.test_cli_runner()
    line = "Le Fil numérique · réponses · 2024-05 · 1\n"
    rehearsal = runner.invoke(command, ["--dry-run", "--now", "2026-01-01"])
    assert rehearsal.stdout == line
    assert "rien n'a été effacé" in rehearsal.stderr
    assert runner.invoke(command, ["--now", "2026-01-01"]).stdout == line
    again = runner.invoke(command, ["--now", "2026-01-01"])
    assert again.stdout == "Rien n'a dépassé sa durée de conservation.\n"


@contextmanager
def _meanwhile(job: Callable[[], Any]) -> Iterator[None]:
    stop, failures = threading.Event(), []

    def go_on() -> None:
        try:
            while not stop.is_set():
                job()
        except BaseException as failure:
            failures.append(failure)

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
    assert failures == []


def _due(database: Database, link: Link, today: date) -> list[Part]:
    with database.reading() as session:
        return due(session, link.organisation_id, today)


def _sums(database: Database, link: Link) -> Any:
    with database.reading() as session:
        scopes: list[UUID] = [link.organisation_id]
        return tallies(session, link.organisation_id, scopes=scopes, **ALWAYS)


def _cards(database: Database, keys: Keys, campaign: Campaign, count: int) -> list[str]:
    with database.writing() as session:
        return list(issue_cards(session, keys, campaign, count))


def _hashes(database: Database) -> set[str]:
    with database.reading() as session:
        return set(session.scalars(select(Pair.card_hash)))


def _rescore(database: Database, campaign: Campaign) -> None:
    with database.writing() as session:
        rescore(session, campaign)
        fold(session, campaign.organisation_id)


def _days(database: Database) -> list[date]:
    with database.reading() as session:
        return sorted(session.scalars(select(Response.day)))


def _count(database: Database, table: type[Base]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_coordinateur_whom_nobody_shares_with_is_forgotten_and_an_administrateur_never(
    app: Flask, database: Database, keys: Keys, organisation: Organisation
) -> None:
    with database.writing() as session:
        for email in ("lou@a.fr", "shared@a.fr", "recent@a.fr"):
            person, _ = share_with(session, keys, organisation.id, email, "Lou")
            set_password(session, person, "moulin cerise tabouret")
            person.last_visit = date(2025, 2, 1 if email == "recent@a.fr" else 28)
            if email != "shared@a.fr":
                stop_sharing(session, organisation.id, person.id)
        invite_administrateur(session, keys, "max@a.fr")
        session.scalars(select(Person).where(Person.email == "lou@a.fr")).one().last_visit = date(
            2025, 1, 31
        )
    everyone = {"lou@a.fr", "shared@a.fr", "recent@a.fr", "max@a.fr"}

    def emails() -> set[str]:
        with database.reading() as session:
            return set(session.scalars(select(Person.email))) & everyone

    run = app.test_cli_runner().invoke
    dry = run(purge_command, ["--now", "2026-02-01", "--dry-run"])
    assert "Hors structure · comptes de coordination · 2025-01 · 1" in dry.output
    assert emails() == everyone
    done = run(purge_command, ["--now", "2026-02-01"])
    assert "comptes de coordination · 2025-01 · 1" in done.output
    assert emails() == everyone - {"lou@a.fr"}
    with database.reading() as session:
        gone = session.scalars(select(Person).where(Person.email.not_in(everyone))).one()
    assert (gone.name, gone.password_hash, gone.active) == ("Compte effacé", "", False)
    assert "coordination" not in run(purge_command, ["--now", "2026-02-01"]).output
    assert "2025-02 · 1" in run(purge_command, ["--now", "2026-03-01"]).output
    assert emails() == {"shared@a.fr", "max@a.fr"}
