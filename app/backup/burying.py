"""Take back again what people took back: an archive made before brings nothing of it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from app.campaigns.models import Link
from app.db import insert_or_skip
from app.organisations import withdrawals
from app.organisations.models import Organisation
from app.organisations.withdrawals import Withdrawn
from app.responses import tombstones
from app.responses.actions import erase
from app.responses.models import Tombstone
from app.testimonies import erasure, restored
from app.testimonies import tombstones as told
from app.testimonies.models import TestimonyTombstone

if TYPE_CHECKING:
    from pathlib import Path
    from zipfile import ZipFile

    from sqlalchemy.orm import Session

    from config import Keys


class Buried(NamedTuple):
    """Say what was erased since, and went again."""

    answers: int = 0
    testimonies: int = 0
    #: Keys of the files that go with them.
    files: tuple[str, ...] = ()
    withdrawn: Withdrawn = Withdrawn()


def bury(session: Session, keys: Keys, data: Path, archive: ZipFile) -> Buried:
    """Erase again what was erased, here or there, and take back the consents taken back since."""
    answers = _bury_answers(session, data, archive)
    testimonies, files = _bury_testimonies(session, data, archive)
    files += _follow_changes(session, keys, data, archive)
    return Buried(answers, testimonies, tuple(files), _withdraw(session, data, archive))


def _bury_answers(session: Session, data: Path, archive: ZipFile) -> int:
    here = {grave.response_id: grave for grave in tombstones.read(data)}
    archived = tombstones.parse(_text(archive, tombstones.NAME))
    there = {grave.response_id: grave for grave in archived}
    links = set(session.scalars(select(Link.id)))
    skip = insert_or_skip(session.connection().dialect.name, Tombstone)
    erased = 0
    for grave in {**there, **here}.values():
        if erase(session, data, grave.response_id, grave.erased_on):
            erased += 1
            continue
        if grave.link_id in links:
            session.execute(skip, grave._asdict())
        if grave.response_id not in here:
            tombstones.append(data, grave)
    return erased


def _bury_testimonies(session: Session, data: Path, archive: ZipFile) -> tuple[int, list[str]]:
    here = {grave.testimony_id: grave for grave in told.read(data)}
    there = {grave.testimony_id: grave for grave in told.parse(_text(archive, told.NAME))}
    structures = set(session.scalars(select(Organisation.id)))
    skip = insert_or_skip(session.connection().dialect.name, TestimonyTombstone)
    erased, files = 0, list[str]()
    for grave in {**there, **here}.values():
        gone = erasure.erase(session, data, grave.testimony_id, grave.erased_on)
        if gone is not None:
            erased, files = erased + 1, files + gone
            continue
        if grave.organisation_id in structures:
            session.execute(skip, grave._asdict())
        if grave.testimony_id not in here:
            told.append(data, grave)
    return erased, files


def _follow_changes(session: Session, keys: Keys, data: Path, archive: ZipFile) -> list[str]:
    """Write the changes of mind that the archive tells here too, then those made after it."""
    here = told.read_changes(data)
    there = told.parse_changes(_text(archive, told.CHANGES))
    known = set(here)
    told.append_changes(data, [one for one in there if one not in known])
    return restored.take_back_again(session, keys, data, [*there, *here])


def _withdraw(session: Session, data: Path, archive: ZipFile) -> Withdrawn:
    """Take from people again what was taken from them, here or there."""
    here = withdrawals.read(data)
    there = withdrawals.parse(_text(archive, withdrawals.NAME))
    known = set(here)
    withdrawals.append(data, [one for one in there if one not in known])
    return withdrawals.take_again(session, [*there, *here])


def _text(archive: ZipFile, name: str) -> str:
    """Return a file of the archive; one that an older version made lacks some."""
    if name not in archive.namelist():
        return ""
    with archive.open(name) as member:
        return member.read().decode("ascii")
