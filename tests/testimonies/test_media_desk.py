"""Who may hear and see a recording: those who may read its testimony, while it is agreed to."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from app.db import Database
from app.media.models import MediaFile
from app.media.store import Store, new_key
from app.organisations.models import AccessEvent, Organisation
from app.testimonies.models import Testimony
from app.testimonies.recordings import MOST_FILES, TooMany, join, recording, recordings_of
from app.web.current import today
from tests.organisations.conftest import SignIn, person, sign_in
from tests.testimonies.teller import BEFORE, EVERYWHERE, Teller

__all__ = ("person", "sign_in")

CONTENT, SMALL = b"a voice" * 1_000, b"a small picture"
KEPT = {**EVERYWHERE, "garder_media": "oui"}


def record(database: Database, data: Path, testimony_id: UUID, organisation_id: UUID) -> UUID:
    """Join what was recorded, and converted, to a testimony."""
    playable, poster = new_key(), new_key()
    store = Store(data)
    store.put(playable, CONTENT)
    store.put(poster, SMALL)
    with database.writing() as session:
        media = MediaFile(
            organisation_id=organisation_id, kind="audio", state="ready", day=BEFORE, announced=1,
            playable=playable, poster=poster, content_type="audio/mp4",
        )  # fmt: skip
        session.add(media)
        session.flush()
        join(session, testimony_id, media)
        return media.id


def address(testimony_id: UUID, media_id: UUID) -> str:
    return f"/espace/temoignages/{testimony_id}/media/{media_id}"


def readings(database: Database) -> int:
    with database.reading() as session:
        return len(session.scalars(select(AccessEvent).where(AccessEvent.act == "read")).all())


def test_the_team_hears_it_and_that_is_noted(
    client: FlaskClient, sign_in: SignIn, database: Database, teller: Teller,
    organisation: Organisation, tmp_path: Path,
) -> None:  # fmt: skip
    told = teller.tell(given=KEPT)
    media_id = record(database, tmp_path, told, organisation.id)
    assert client.get(address(told, media_id)).status_code == 302  # to the sign-in page
    sign_in()
    heard = client.get(address(told, media_id), headers={"Range": "bytes=1-"})
    assert (heard.status_code, heard.data, readings(database)) == (206, CONTENT[1:], 1)
    heard = client.get(address(told, media_id))
    assert (heard.status_code, heard.data) == (200, CONTENT)
    assert heard.headers["Content-Disposition"].startswith("attachment")


def test_the_picture_of_a_face_is_noted_and_once_whatever_is_asked(
    client: FlaskClient, sign_in: SignIn, database: Database, teller: Teller,
    organisation: Organisation, tmp_path: Path, one_moment: None,
) -> None:  # fmt: skip
    told = teller.tell(given=KEPT)
    media_id = record(database, tmp_path, told, organisation.id)
    sign_in()
    small = client.get(f"{address(told, media_id)}/apercu")
    assert (small.data, small.content_type, readings(database)) == (SMALL, "image/jpeg", 1)
    with database.writing() as session:
        session.execute(delete(AccessEvent))
    for asked in ("bytes=0-", "bytes=5-9", "bytes=-2"):
        client.get(address(told, media_id), headers={"Range": asked})
    assert readings(database) == 0, "the process knows that this look is noted"


def test_nothing_else_is_known_to_exist(
    client: FlaskClient, sign_in: SignIn, database: Database, teller: Teller,
    organisation: Organisation, tmp_path: Path,
) -> None:  # fmt: skip
    told, other = teller.tell(given=KEPT), teller.tell(given=KEPT)
    today_alone = teller.tell(given=KEPT, day=today())
    refused = teller.tell(given={**EVERYWHERE, "garder_media": "non"})
    silent = teller.tell()
    withdrawn = teller.tell(given=KEPT, status="retire")
    media = {
        one: record(database, tmp_path, one, organisation.id)
        for one in (told, today_alone, refused, silent, withdrawn)
    }
    sign_in()
    unknown = client.get(address(uuid4(), uuid4()))
    assert unknown.status_code == 404
    for testimony_id, media_id in (
        (other, media[told]), (told, uuid4()), (uuid4(), media[told]),
        *((one, media[one]) for one in (today_alone, refused, silent, withdrawn)),
    ):  # fmt: skip
        for end in ("", "/apercu"):
            sent = client.get(address(testimony_id, media_id) + end)
            assert (sent.status_code, sent.data) == (404, unknown.data), (testimony_id, end)
    assert readings(database) == 0


def test_what_is_kept_no_more_is_silent_at_once(
    client: FlaskClient, sign_in: SignIn, database: Database, teller: Teller,
    organisation: Organisation, tmp_path: Path,
) -> None:  # fmt: skip
    told = teller.tell(given=KEPT)
    media_id = record(database, tmp_path, told, organisation.id)
    sign_in()
    assert client.get(address(told, media_id)).status_code == 200
    teller.decide(told, garder_media="non")
    assert client.get(address(told, media_id)).status_code == 404


def test_recordings_stay_with_their_testimony(
    database: Database, teller: Teller, organisation: Organisation, tmp_path: Path
) -> None:
    told, other, none = teller.tell(), teller.tell(), teller.tell()
    mine = {record(database, tmp_path, told, organisation.id) for _ in range(MOST_FILES)}
    its = record(database, tmp_path, other, organisation.id)
    with pytest.raises(TooMany):
        record(database, tmp_path, told, organisation.id)
    with database.reading() as session:
        found = recordings_of(session, [told, other, none])
        assert {one.id for one in found[told]} == mine
        assert ([one.id for one in found[other]], found[none]) == ([its], [])
        assert recording(session, told, its) is None
        assert recording(session, other, its) is not None
        assert session.get(Testimony, told) is not None
