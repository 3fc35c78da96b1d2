"""A testimony goes the day after its end, with its files, in proved small steps."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.db import Database
from app.media.models import MediaFile
from app.media.store import Store
from app.organisations.models import Lieu
from app.organisations.queries import Reach
from app.questionnaires import Library
from app.responses.models import PurgeProof
from app.responses.retention import Part, due, purge, sweep
from app.responses.upkeep import purge as command
from app.testimonies import tombstones
from app.testimonies.models import QuoteUse, Testimony, TestimonyText
from app.testimonies.queries import find
from app.testimonies.retention import KEEPER
from config import Keys
from tests.testimonies.holder import DAY, Holder

#: With one year: told on 10 March 2026, kept until 10 March 2027 included.
LAST, AFTER = date(2027, 3, 10), date(2027, 3, 11)
GONE = [Part("testimonies", "2026-03", 1)]


@pytest.fixture
def holder(database: Database, keys: Keys, library: Library, lieu: Lieu) -> Holder:
    """Return somebody who testifies."""
    return Holder(database, keys, library, lieu)


def _tell(holder: Holder, store: Store) -> UUID:
    """Tell one for a year, with a voice and a quote, and one for three years."""
    told = holder.tell(chosen={"duree": "un_an"}).testimony_id
    assert told
    assert holder.tell("Plus tard.", key="une-autre-cle-de-page").testimony_id
    holder.read(told)
    holder.quote(told, "J’ose […]", "lieu")
    holder.record(told, store, b"voix" * 99)
    return told


def _count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_it_goes_the_day_after_its_end_and_not_before(
    database: Database, holder: Holder, tmp_path: Path
) -> None:
    store = Store(tmp_path)
    _tell(holder, store)
    mine = holder.lieu.organisation_id
    gone: list[str] = []
    with database.reading() as session:
        assert due(session, mine, LAST, [KEEPER]) == []
        assert due(session, mine, AFTER, [KEEPER]) == GONE
    assert purge(database, mine, LAST, [KEEPER], gone.extend) == []
    assert _count(database, Testimony) == 2
    assert purge(database, mine, AFTER, [KEEPER], gone.extend) == GONE
    sweep(database, [KEEPER])
    assert _count(database, Testimony) == 1
    assert _count(database, TestimonyText) == 2
    assert len(gone) == 2
    with database.reading() as session:
        proof = session.scalars(select(PurgeProof)).one()
        shown = session.scalars(select(QuoteUse)).one()
    assert (proof.category, proof.month, proof.count) == ("testimonies", "2026-03", 1)
    # Its end was said when it was shown: the team is told that it is over.
    assert shown.withdrawn_on == AFTER
    # Nobody took it back.
    assert tombstones.read(tmp_path) == []
    assert purge(database, mine, AFTER, [KEEPER], gone.extend) == []


def test_the_purge_works_in_small_steps(
    database: Database, holder: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.responses.retention.BATCH", 2)
    for number in range(5):
        holder.tell(key=f"cle-de-formulaire-{number}", chosen={"duree": "un_an"})
    parts = purge(database, holder.lieu.organisation_id, AFTER, [KEEPER])
    assert parts == [Part("testimonies", "2026-03", 5)]
    assert _count(database, Testimony) == 0


def test_after_its_end_the_team_reads_it_no_more_even_before_the_purge(
    database: Database, holder: Holder, tmp_path: Path
) -> None:
    told = _tell(holder, Store(tmp_path))
    reach = Reach(holder.lieu.organisation_id, None)
    with database.reading() as session:
        assert find(session, reach, told, LAST) is not None
        assert find(session, reach, told, AFTER) is None


@pytest.mark.parametrize("state", ["receiving", "failed"])
def test_what_holds_no_word_and_no_file_goes_after_two_days(
    database: Database, holder: Holder, tmp_path: Path, state: str
) -> None:
    """Its only voice never came to its end, noted as given up or not, or cannot be read."""
    store, mine = Store(tmp_path), holder.lieu.organisation_id
    empty = holder.tell("").testimony_id
    words = holder.tell("Merci.", key="une-autre-cle-de-page").testimony_id
    whole = holder.tell("", key="une-troisieme-cle").testimony_id
    assert empty
    assert words
    assert whole
    for one in (empty, words):
        holder.record(one, store, b"voix")
    with database.writing() as session:
        session.execute(update(MediaFile).values(state=state, playable="", poster=""))
    holder.record(whole, store, b"voix")
    assert purge(database, mine, DAY + timedelta(days=3), (KEEPER,), lambda _keys: None) == []
    assert purge(database, mine, DAY + timedelta(days=4), (KEEPER,), lambda _keys: None) == GONE
    with database.reading() as session:
        assert set(session.scalars(select(Testimony.id))) == {words, whole}


def test_another_structure_keeps_its_own(database: Database, holder: Holder) -> None:
    holder.tell(chosen={"duree": "un_an"})
    with database.reading() as session:
        assert KEEPER.due(session, UUID(int=7), AFTER) == {}
    assert _count(database, Testimony) == 1


def test_the_command_says_it_then_does_it_files_included(
    app: Flask, holder: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(app.extensions["settings"].data)
    _tell(holder, store)
    run = app.test_cli_runner().invoke
    tried = run(command, ["--dry-run", "--now", AFTER.isoformat()])
    assert "témoignages · 2026-03 · 1" in tried.output
    assert _count(holder.database, Testimony) == 2
    assert any(path.is_file() for path in store.folder.rglob("*"))
    refused = run(command, ["--now", AFTER.isoformat()])  # of a day to come, nothing is erased
    assert refused.exit_code == 2
    assert "ajoutez --dry-run" in refused.stderr
    assert _count(holder.database, Testimony) == 2
    monkeypatch.setattr("app.responses.upkeep.today", lambda: AFTER)
    done = run(command, ["--now", AFTER.isoformat()])
    assert done.exit_code == 0, done.output
    assert "témoignages · 2026-03 · 1" in done.output
    assert _count(holder.database, Testimony) == 1
    assert not any(path.is_file() for path in store.folder.rglob("*"))
