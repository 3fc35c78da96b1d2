"""Words that are taken back leave every bilan at once: drafts, seals, documents, archives."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID
from zipfile import ZipFile

import pytest
from markupsafe import Markup
from sqlalchemy import select

from app.backup.restoring import restore_archive
from app.backup.writing import write_archive
from app.bilan.kept import section_to_json
from app.bilan.models import Bilan, BilanSeal, BilanText
from app.bilan.queries import texts_of
from app.bilan.verifying import opened, verify
from app.db import Database
from app.documents.printing import page_of
from app.documents.section import Section
from app.organisations.models import Person
from app.organisations.queries import member_of
from app.questionnaires import Library
from app.testimonies import tombstones
from app.testimonies.erasure import change, erase
from app.testimonies.models import Quote, QuoteUse
from app.testimonies.publications import publications
from config import Keys, Settings
from tests.backup.test_backup import NewPlace, new_place  # noqa: F401
from tests.bilan.sealed import MARK, SIGNED, freeze_closed, lend, seal_one, shown
from tests.bilan.structures import TODAY, Made, structure_with
from tests.testimonies.teller import choices

LATER = date(2026, 12, 1)


@pytest.fixture
def made(database: Database, keys: Keys, library: Library) -> Made:
    """Return a structure with answers to tell."""
    return structure_with(database, keys, library, 24)


@pytest.fixture
def told(database: Database, keys: Keys, made: Made) -> UUID:
    """Return a testimony that lends a quote."""
    return lend(database, keys, made)[0]


@pytest.fixture
def bilans(database: Database, keys: Keys, made: Made, told: UUID) -> tuple[Bilan, Bilan]:
    """Return a sealed bilan and a draft that hold this quote, as their title or in a part."""
    freeze_closed(database, made)
    sealed, draft = made.bilan(database), made.bilan(database)
    seal_one(database, keys, made, sealed)
    for one in (sealed, draft):
        section = shown(database, keys, made, one)
        assert (MARK in read(section), SIGNED in read(section)) == (True, True)
    return sealed, draft


def read(section: Section) -> str:
    """Return the words of the page, as somebody reads them."""
    return Markup(page_of(section)).striptags()


def erase_it(database: Database, settings: Settings, told: UUID) -> None:
    with database.writing() as session:
        erase(session, settings.data, told, LATER)


def holds(database: Database, keys: Keys, made: Made, bilan: Bilan) -> bool:
    """Tell whether anything made of a bilan today holds the words or the name."""
    section = shown(database, keys, made, bilan, LATER)
    everything = read(section) + page_of(section) + section_to_json(section)
    return MARK in everything or SIGNED in everything or "Zqvoixunique" in everything


def test_an_erased_testimony_leaves_both(
    database: Database, keys: Keys, settings: Settings, made: Made, told: UUID,
    bilans: tuple[Bilan, Bilan],
) -> None:  # fmt: skip
    sealed, draft = bilans
    before = shown(database, keys, made, sealed)
    erase_it(database, settings, told)
    assert not any(holds(database, keys, made, one) for one in bilans)
    after = shown(database, keys, made, sealed, LATER)
    assert after.standing.since.startswith("1\u00a0citation retirée")
    assert [one.passage.text for one in after.headlines] == [
        one.passage.text for one in before.headlines
    ]
    assert all(one.is_gone for one in after.quotes)
    assert list(shown(database, keys, made, draft, LATER).quotes) == []
    with database.reading() as session:
        for row in session.scalars(select(BilanSeal)):
            assert "Zqvoixunique" not in opened(keys, row)
        for row in session.scalars(select(BilanText)):
            said = texts_of(session, keys, row.bilan_id)
            assert not any("Zqvoixunique" in one.text + one.proposed for one in said.values())


def test_one_consent_taken_back_is_enough_and_the_register_says_it(
    database: Database, keys: Keys, settings: Settings, made: Made, told: UUID,
    bilans: tuple[Bilan, Bilan],
) -> None:  # fmt: skip
    other = made.bilan(database, audience="employeur")
    with database.writing() as session:
        given = choices({"financeurs": "non"})
        change(session, keys, settings.data, told, given, LATER)
    assert not any(holds(database, keys, made, one) for one in bilans)
    assert holds(database, keys, made, other)  # this use is still agreed to
    with database.reading() as session:
        person = session.get_one(Person, made.person_id)
        member = member_of(session, person, "")
        (line,) = publications(session, made.reach, member, LATER)
    assert (line.place, line.must_come_down) == ("Bilan qualitatif 2026", True)


def test_another_way_of_being_named_holds_at_once(
    database: Database, keys: Keys, settings: Settings, made: Made, told: UUID,
    bilans: tuple[Bilan, Bilan],
) -> None:  # fmt: skip
    with database.writing() as session:
        change(session, keys, settings.data, told, choices({"nom": "rien"}), LATER)
    for one in bilans:
        page = read(shown(database, keys, made, one, LATER))
        assert (MARK in page, SIGNED in page) == (True, False)


def test_words_end_with_their_day(
    database: Database, keys: Keys, made: Made, bilans: tuple[Bilan, Bilan]
) -> None:
    end = date(2029, 12, 31)
    for one in bilans:
        section = shown(database, keys, made, one, end)
        assert MARK not in read(section)


def test_no_byte_of_them_stays_in_the_file(
    sqlite_file: Path, database: Database, keys: Keys, settings: Settings, made: Made, told: UUID,
    bilans: tuple[Bilan, Bilan],
) -> None:  # fmt: skip
    with database.reading() as session:
        traces = [one.ciphertext for one in session.scalars(select(Quote))]
    log = sqlite_file.with_name(f"{sqlite_file.name}-wal")

    def kept() -> bytes:
        return sqlite_file.read_bytes() + (log.read_bytes() if log.exists() else b"")

    assert traces
    assert all(one in kept() for one in traces)
    erase_it(database, settings, told)
    for one in (*traces, MARK.encode(), SIGNED.encode(), b"Zqvoixunique"):
        assert one not in kept()


@pytest.mark.parametrize(
    "elsewhere", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def test_a_restored_bilan_is_the_same_and_gives_no_words_back(
    elsewhere: str, database: Database, keys: Keys, settings: Settings, made: Made, told: UUID,
    bilans: tuple[Bilan, Bilan], new_place: NewPlace, tmp_path: Path,  # noqa: F811
) -> None:  # fmt: skip
    sealed = bilans[0]
    before = shown(database, keys, made, sealed)
    write_archive(database, keys, settings.data, tmp_path / "a.zip")
    with ZipFile(tmp_path / "a.zip") as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"Zqvoixunique" not in everything
    there, restored = new_place(elsewhere)
    restore_archive(restored, there, keys, tmp_path / "a.zip")
    assert shown(restored, keys, made, sealed) == before
    with restored.reading() as session:
        proof = verify(session, keys, session.get_one(Bilan, sealed.id), TODAY)
    assert proof is not None
    assert proof.is_identical

    # Erased after the archive: the tombstone of the machine takes it away again.
    erase_it(database, settings, told)
    again, anew = new_place(elsewhere)
    (again.data / tombstones.NAME).write_bytes((settings.data / tombstones.NAME).read_bytes())
    restore_archive(anew, again, keys, tmp_path / "a.zip")
    assert not holds(anew, keys, made, sealed)
    with anew.reading() as session:
        assert session.scalars(select(QuoteUse.withdrawn_on)).all() != [None]
