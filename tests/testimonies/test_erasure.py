"""What a person takes back goes at once, everywhere, and does not come back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, inspect, select

from app.db import Base, Database
from app.media.models import MediaFile
from app.media.store import Store
from app.organisations.models import Lieu
from app.questionnaires import Library
from app.testimonies import tombstones
from app.testimonies.actions import ORIGINAL, SIGNATURE
from app.testimonies.consents import agreement_of, history
from app.testimonies.erasure import change, erase, may_be_reread, reread
from app.testimonies.masking import digest_of
from app.testimonies.models import (
    Quote,
    QuoteUse,
    Testimony,
    TestimonyText,
    TestimonyTombstone,
)
from app.testimonies.queries import by_receipt, parts_of
from config import Keys
from tests.testimonies.holder import DAY, Holder

LATER = date(2026, 5, 2)
#: Bytes that stand nowhere else.
VOICE = b"\x00\x01voix-de-Liliane\xfe" * 400


@pytest.fixture
def holder(database: Database, keys: Keys, library: Library, lieu: Lieu) -> Holder:
    """Return somebody who testifies."""
    return Holder(database, keys, library, lieu)


@pytest.fixture
def told(holder: Holder, tmp_path: Path) -> UUID:
    """Return a testimony with all that may hang on it."""
    testimony_id = holder.tell().testimony_id
    assert testimony_id is not None
    holder.read(testimony_id)
    holder.quote(testimony_id, "J’ose appeler […]", "lieu", "bilan")
    holder.record(testimony_id, Store(tmp_path), VOICE)
    return testimony_id


Change = Callable[..., list[str]]


@pytest.fixture
def changed(holder: Holder, tmp_path: Path) -> Change:
    """Return a function that changes choices of a testimony."""

    def change_some(testimony_id: UUID, today: date = LATER, **given: Any) -> list[str]:
        more = {name: given.pop(name) for name in ("signature", "age_band") if name in given}
        with holder.database.writing() as session:
            files = change(
                session, holder.keys, tmp_path, testimony_id, holder.choices(given), today, **more
            )
        assert files is not None
        return files

    return change_some


def test_erasing_leaves_a_tombstone_and_where_it_was_shown_and_nothing_else(
    database: Database, told: UUID, tmp_path: Path
) -> None:
    """Every table is looked at: one that is added and forgotten fails here."""
    with database.writing() as session:
        found = session.get_one(Testimony, told)
        key, owner = found.idempotency_key, found.organisation_id
        files = erase(session, tmp_path, told, LATER)
    assert files is not None
    assert len(files) == 2
    Store(tmp_path).forget(*files)
    assert [one for one in (tmp_path / "media").rglob("*") if one.is_file()] == []
    naming = {
        "testimony", "testimony_text", "testimony_receipt", "testimony_media", "consent",
        "authorisation", "testimony_label", "quote", "media_file", "job",
    }  # fmt: skip
    with database.reading() as session:
        there = set(inspect(session.connection()).get_table_names())
        about = {
            table.name
            for table in Base.metadata.sorted_tables
            if "testimony_id" in table.columns or table.name in naming
        }
        assert about <= there
        assert about - {"quote_use", "testimony_tombstone"} == naming
        for name in naming:
            assert session.scalar(select(func.count()).select_from(Base.metadata.tables[name])) == 0
        assert {one.withdrawn_on for one in session.scalars(select(QuoteUse))} == {LATER}
        stone = session.scalars(select(TestimonyTombstone)).one()
    grave = tombstones.Grave(told, owner, key, LATER)
    assert (stone.testimony_id, stone.organisation_id, stone.idempotency_key) == grave[:3]
    assert tombstones.read(tmp_path) == [grave]


def test_a_retry_of_an_erased_testimony_says_so_and_writes_nothing(
    database: Database, holder: Holder, tmp_path: Path
) -> None:
    kept = holder.tell()
    assert kept.testimony_id
    with database.writing() as session:
        erase(session, tmp_path, kept.testimony_id, LATER)
    for text in ("J’ose appeler.", "Autre chose."):
        assert holder.keep(holder.told(text)).kind == "erased"
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Testimony)) == 0
        assert session.scalar(select(func.count()).select_from(TestimonyText)) == 0


def test_erasing_twice_at_once_erases_once_while_it_is_sent_again(
    database: Database, holder: Holder, tmp_path: Path
) -> None:
    kept = holder.tell()
    assert kept.testimony_id
    results: list[Any] = []

    def erase_it() -> None:
        with database.writing() as session:
            assert kept.testimony_id
            results.append(erase(session, tmp_path, kept.testimony_id, LATER))

    def send_again() -> None:
        results.append(holder.keep(holder.told()).kind)

    threads = [threading.Thread(target=one) for one in [erase_it, send_again] * 8]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert len(results) == 16
    assert results.count([]) == 1
    assert results.count(None) == 7
    assert {one for one in results if isinstance(one, str)} <= {"repeated", "erased"}
    assert len(tombstones.read(tmp_path)) == 1
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Testimony)) == 0


def test_erasing_what_is_not_there_changes_nothing(
    database: Database, keys: Keys, tmp_path: Path
) -> None:
    with database.writing() as session:
        assert erase(session, tmp_path, uuid4(), DAY) is None
        assert change(session, keys, tmp_path, uuid4(), (), DAY) is None
    assert tombstones.read(tmp_path) == []


def test_one_use_taken_back_leaves_the_others(
    database: Database, told: UUID, changed: Change, tmp_path: Path
) -> None:
    assert changed(told, bilan="non") == []
    with database.reading() as session:
        found = session.get_one(Testimony, told)
        agreement = agreement_of(session, found)
        assert not agreement.allows("bilan", LATER)
        assert agreement.allows("lieu", LATER)
        assert found.status == "valide"
        assert session.scalar(select(func.count()).select_from(Quote)) == 1
        shown = {one.scope: one.withdrawn_on for one in session.scalars(select(QuoteUse))}
        mind = [one for one, _ in history(session, told) if one.scope == "bilan"]
    assert shown == {"bilan": LATER, "lieu": None}
    assert [(one.revision, one.choice, one.day) for one in mind] == [
        (2, "non", LATER), (1, "oui", DAY),
    ]  # fmt: skip
    assert tombstones.read_changes(tmp_path) == [tombstones.Change(told, "bilan", "non", LATER)]


def test_every_use_taken_back_puts_it_aside_and_one_given_again_brings_it_back(
    database: Database, told: UUID, changed: Change
) -> None:
    changed(told, lieu="non", bilan="non", financeurs="non", public="non")
    with database.reading() as session:
        assert session.get_one(Testimony, told).status == "retire"
        assert session.scalar(select(func.count()).select_from(Quote)) == 0
        assert {one.withdrawn_on for one in session.scalars(select(QuoteUse))} == {LATER}
    changed(told, date(2026, 5, 3), lieu="oui")
    with database.reading() as session:
        assert session.get_one(Testimony, told).status == "nouveau"
        shown = {one.scope: one.withdrawn_on for one in session.scalars(select(QuoteUse))}
    assert shown == {"bilan": LATER, "lieu": None}


def test_what_was_taken_down_stays_noted_when_consent_comes_back(
    database: Database, told: UUID, changed: Change
) -> None:
    changed(told, lieu="non")
    with database.writing() as session:
        for use in session.scalars(select(QuoteUse).where(QuoteUse.scope == "lieu")):
            use.settled_on = LATER
    changed(told, lieu="oui")
    with database.reading() as session:
        use = session.scalars(select(QuoteUse).where(QuoteUse.scope == "lieu")).one()
    assert use.withdrawn_on == LATER


@pytest.mark.parametrize("scope", ["garder_media", "montrer_media"])
def test_voice_and_image_are_taken_back_apart(
    scope: str, database: Database, holder: Holder, told: UUID, changed: Change, tmp_path: Path
) -> None:
    by = holder.colleague().id
    with database.writing() as session:
        holder.show(session, told, None, "public", by)
    files = changed(told, **{scope: "non"})
    is_kept = scope == "montrer_media"
    assert len(files) == (0 if is_kept else 2)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(MediaFile)) == int(is_kept)
        agreement = agreement_of(session, session.get_one(Testimony, told))
        assert not agreement.allows_media("public", LATER)
        assert agreement.allows("public", LATER)
        shown = {one.scope: one.withdrawn_on for one in session.scalars(select(QuoteUse))}
    # The recording that was shown is to be taken down; the words may stay.
    assert shown == {"public": LATER, "lieu": None, "bilan": None}


def test_a_name_taken_back_is_kept_no_longer_and_what_was_printed_with_it_is_listed(
    database: Database, keys: Keys, told: UUID, changed: Change
) -> None:
    changed(told, nom="rien")
    with database.reading() as session:
        assert SIGNATURE not in parts_of(session, keys, [told])[told]
        assert {one.withdrawn_on for one in session.scalars(select(QuoteUse))} == {LATER}
        assert session.scalar(select(func.count()).select_from(Quote)) == 1
    changed(told, nom="prenom", signature="Lili")
    with database.reading() as session:
        assert parts_of(session, keys, [told])[told][SIGNATURE] == "Lili"
    changed(told, nom="age_lieu", age_band="soixante_dix_plus")
    with database.reading() as session:
        assert SIGNATURE not in parts_of(session, keys, [told])[told]
        assert session.get_one(Testimony, told).age_band == "soixante_dix_plus"
    changed(told, nom="rien", age_band="soixante_dix_plus")
    with database.reading() as session:
        assert session.get_one(Testimony, told).age_band is None


def test_an_end_is_counted_from_the_day_of_the_testimony(
    database: Database, told: UUID, changed: Change
) -> None:
    changed(told, duree="un_an")
    with database.reading() as session:
        assert session.get_one(Testimony, told).expires_on == date(2027, 3, 10)


def test_the_same_choices_again_write_nothing(
    database: Database, told: UUID, changed: Change, tmp_path: Path
) -> None:
    with database.reading() as session:
        before = len(history(session, told))
    changed(told, lieu="oui", bilan="oui", nom="prenom")
    with database.reading() as session:
        assert len(history(session, told)) == before
        assert session.get_one(Testimony, told).status == "valide"
    assert tombstones.read_changes(tmp_path) == []


def test_what_waits_to_be_read_again_is_shown_once_the_person_agreed(
    database: Database, holder: Holder, keys: Keys
) -> None:
    testimony_id = holder.tell(chosen={"relire": "oui"}).testimony_id
    assert testimony_id
    seen = digest_of("J’ose appeler [nom].")
    with database.writing() as session:
        # Nothing is confirmed yet.
        assert not reread(session, keys, testimony_id, LATER, is_good=True, seen=seen)
        assert session.get_one(Testimony, testimony_id).reread_on is None
    holder.read(testimony_id)
    with database.writing() as session:
        found = session.get_one(Testimony, testimony_id)
        assert may_be_reread(session, found)
        assert not agreement_of(session, found).allows("lieu", LATER)
        # Another text was on the page: nobody agrees to what they did not read.
        other = digest_of("J’ose appeler.")
        assert not reread(session, keys, testimony_id, LATER, is_good=True, seen=other)
        assert not agreement_of(session, found).allows("lieu", LATER)
        assert reread(session, keys, testimony_id, LATER, is_good=True, seen=seen)
    with database.writing() as session:
        found = session.get_one(Testimony, testimony_id)
        assert agreement_of(session, found).allows("lieu", LATER)
        assert reread(session, keys, testimony_id, LATER, is_good=False, seen="")
    with database.reading() as session:
        found = session.get_one(Testimony, testimony_id)
        assert not agreement_of(session, found).allows("lieu", LATER)
        assert found.status == "a_masquer"


def test_no_trace_of_what_was_erased_or_taken_back_stays_in_the_file(
    sqlite_file: Path, database: Database, holder: Holder, keys: Keys, tmp_path: Path
) -> None:
    """Many others before and after: pages are split, and rows moved."""
    kept = [
        holder.tell(f"Mots {n} " + "x" * 900, key=f"cle-numero-{n:04}").testimony_id
        for n in range(60)
    ]
    ids = [one for one in kept if one]
    for testimony_id in ids[20:24]:
        holder.read(testimony_id, "Mots masqués " + "y" * 900)
        holder.quote(testimony_id, "Mots cités " + "z" * 90, "lieu")
    ciphers = _ciphers(database, ids[21:23])
    signed = _ciphers(database, [ids[23]], SIGNATURE)
    with database.writing() as session:
        for testimony_id in ids[21:23]:
            erase(session, tmp_path, testimony_id, LATER)
        change(session, keys, tmp_path, ids[23], holder.choices({"nom": "rien"}), LATER)
    on_disk = b"".join(
        path.read_bytes() for path in sqlite_file.parent.glob(f"{sqlite_file.name}*")
    )
    assert len(ciphers) == 8
    assert [one for one in (*ciphers, *signed) if one in on_disk] == []
    still = _ciphers(database, [ids[24]], ORIGINAL)
    assert still
    assert still[0] in on_disk


def test_the_receipt_of_an_erased_testimony_opens_nothing(
    database: Database, keys: Keys, holder: Holder, tmp_path: Path
) -> None:
    kept = holder.tell()
    assert kept.testimony_id
    assert kept.receipt
    with database.writing() as session:
        erase(session, tmp_path, kept.testimony_id, LATER)
    with database.reading() as session:
        assert by_receipt(session, keys, kept.receipt) is None


def _ciphers(database: Database, ids: list[UUID], part: str = "") -> list[bytes]:
    """Return what is stored of the words of testimonies: their texts and their quotes."""
    with database.reading() as session:
        rows = session.execute(
            select(TestimonyText.part, TestimonyText.ciphertext).where(
                TestimonyText.testimony_id.in_(ids)
            )
        )
        quotes = select(Quote.ciphertext).where(Quote.testimony_id.in_(ids))
        texts = [one.ciphertext for one in rows if not part or one.part == part]
        return texts if part else [*texts, *session.scalars(quotes)]
