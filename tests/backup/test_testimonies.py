"""What people took back after a backup does not come back with it."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from app.backup.burying import Buried
from app.backup.restoring import restore_archive
from app.backup.writing import write_archive
from app.db import Database
from app.media.models import MediaFile
from app.media.store import Store
from app.organisations.models import Lieu
from app.questionnaires import Library
from app.testimonies import tombstones
from app.testimonies.consents import agreement_of
from app.testimonies.erasure import change, erase
from app.testimonies.models import Quote, Testimony, TestimonyText, TestimonyTombstone
from app.testimonies.queries import by_receipt, parts_of
from config import Keys, Settings
from tests.backup.test_backup import NewPlace, new_place  # noqa: F401
from tests.testimonies.holder import Holder

LATER = date(2026, 5, 2)
VOICE = b"\x00\x01voix-de-Liliane\xfe" * 400


@pytest.fixture
def holder(database: Database, keys: Keys, library: Library, lieu: Lieu) -> Holder:
    """Return somebody who testifies."""
    return Holder(database, keys, library, lieu)


@pytest.fixture
def receipt(holder: Holder, settings: Settings) -> str:
    """Return the receipt of a testimony with a voice and a quote."""
    kept = holder.tell()
    assert kept.testimony_id
    assert kept.receipt
    holder.read(kept.testimony_id)
    holder.quote(kept.testimony_id, "J’ose […]", "lieu")
    holder.record(kept.testimony_id, Store(settings.data), VOICE)
    return kept.receipt


@pytest.mark.parametrize(
    "elsewhere", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def test_a_testimony_erased_after_the_backup_stays_erased(
    elsewhere: str, database: Database, settings: Settings, keys: Keys, receipt: str,
    new_place: NewPlace, tmp_path: Path, holder: Holder,  # noqa: F811
) -> None:  # fmt: skip
    write_archive(database, keys, settings.data, tmp_path / "a.zip")
    with database.writing() as session:
        found = by_receipt(session, keys, receipt)
        assert found is not None
        erase(session, settings.data, found.id, LATER)
    there, restored = new_place(elsewhere)
    shutil.copy(settings.data / tombstones.NAME, there.data)
    _, buried = restore_archive(restored, there, keys, tmp_path / "a.zip")
    assert buried[:2] == Buried(testimonies=1)[:2]
    with restored.reading() as session:
        assert by_receipt(session, keys, receipt) is None
        for table in (Testimony, TestimonyText, Quote, MediaFile):
            assert session.scalar(select(func.count()).select_from(table)) == 0
        assert session.scalar(select(func.count()).select_from(TestimonyTombstone)) == 1
    assert [path for path in (there.data / "media").rglob("*") if path.is_file()] == []
    assert Holder(restored, keys, holder.library, holder.lieu).keep(holder.told()).kind == "erased"


def test_the_tombstones_of_the_archive_come_along(
    database: Database, settings: Settings, keys: Keys, receipt: str, new_place: NewPlace,  # noqa: F811
    tmp_path: Path,
) -> None:  # fmt: skip
    with database.writing() as session:
        found = by_receipt(session, keys, receipt)
        assert found is not None
        erase(session, settings.data, found.id, LATER)
    write_archive(database, keys, settings.data, tmp_path / "a.zip")
    there, restored = new_place("sqlite")
    restore_archive(restored, there, keys, tmp_path / "a.zip")
    assert tombstones.read(there.data) == tombstones.read(settings.data) != []


def _changed(
    holder: Holder, settings: Settings, receipt: str, given: dict[str, str], day: date = LATER
) -> UUID:
    with holder.database.writing() as session:
        found = by_receipt(session, holder.keys, receipt)
        assert found is not None
        choices = holder.choices(given)
        change(session, holder.keys, settings.data, found.id, choices, day, signature="Lili")
        return found.id


@pytest.mark.parametrize(
    "elsewhere", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def test_consents_taken_back_after_the_backup_stay_taken_back(
    elsewhere: str, database: Database, settings: Settings, keys: Keys, receipt: str,
    new_place: NewPlace, tmp_path: Path, holder: Holder,  # noqa: F811
) -> None:  # fmt: skip
    write_archive(database, keys, settings.data, tmp_path / "a.zip")
    taken = {"bilan": "non", "garder_media": "non", "nom": "rien", "duree": "un_an"}
    told = _changed(holder, settings, receipt, {**taken, "relire": "oui", "public": "non"})
    _changed(holder, settings, receipt, {"public": "oui"}, date(2026, 5, 3))
    there, restored = new_place(elsewhere)
    shutil.copy(settings.data / tombstones.CHANGES, there.data)
    restore_archive(restored, there, keys, tmp_path / "a.zip")
    with restored.reading() as session:
        found = session.get_one(Testimony, told)
        agreement = agreement_of(session, found)
        assert agreement.uses == ("lieu", "financeurs", "public")
        assert agreement.naming == "rien"
        assert agreement.waits_for_rereading
        assert found.expires_on == date(2027, 3, 10)
        assert "signature" not in parts_of(session, keys, [told])[told]
        assert session.scalar(select(func.count()).select_from(MediaFile)) == 0
    assert [path for path in (there.data / "media").rglob("*") if path.is_file()] == []


def test_a_consent_given_after_the_backup_is_to_be_asked_again(
    database: Database, settings: Settings, keys: Keys, new_place: NewPlace,  # noqa: F811
    tmp_path: Path, holder: Holder,
) -> None:  # fmt: skip
    """Its exact words are lost: what is not proved is not agreed to."""
    kept = holder.tell(chosen={"public": "non", "nom": "rien"})
    write_archive(database, keys, settings.data, tmp_path / "a.zip")
    told = _changed(holder, settings, kept.receipt or "", {"public": "oui", "nom": "prenom"})
    there, restored = new_place("sqlite")
    shutil.copy(settings.data / tombstones.CHANGES, there.data)
    restore_archive(restored, there, keys, tmp_path / "a.zip")
    with restored.reading() as session:
        agreement = agreement_of(session, session.get_one(Testimony, told))
    assert "public" not in agreement.uses
    assert agreement.naming == "rien"
