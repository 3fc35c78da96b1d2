"""Pieces of a voice after its words: counted once, in order, for whoever holds the key."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.media.limits import CHUNK, KINDS
from app.media.models import Job, MediaFile
from app.media.store import Store
from app.telling import depositing
from app.testimonies.erasure import erase
from app.testimonies.models import Testimony, TestimonyMedia
from app.web.current import today
from config import Settings
from tests.telling.conftest import Before, Teller

#: A voice begins so; the rest is never looked at here.
SOUND = b"RIFF\x00\x00\x00\x00WAVEfmt " + bytes(range(256)) * 4_000
WORDS = {"recit": "Merci", "garder_media": "oui"}
#: A test response, whose JSON is whatever came.
Put = Callable[..., Any]


@pytest.fixture
def key(teller: Teller) -> str:
    """Return the key under which words came, that wait for a voice."""
    key = teller.key()
    assert teller.send({**WORDS, "cle": key, "annonce": f"audio:{len(SOUND)}"}).status_code == 200
    return key


@pytest.fixture
def put(teller: Teller, key: str) -> Put:
    """Return a function that sends one piece, as telling.js does."""

    def send(offset: int = 0, size: int = CHUNK, content: bytes = SOUND, **said: Any) -> Any:
        headers = {
            "Recueil-Cle": key,
            "Recueil-Champ": "voix",
            "Recueil-Debut": str(offset),
            "Recueil-Total": str(len(content)),
            **said,
        }
        piece = content[offset : offset + size]
        return teller.app.test_client().post(f"{teller.path}/fichier", data=piece, headers=headers)

    return send


def files(teller: Teller) -> list[MediaFile]:
    with teller.database.reading() as session:
        return list(session.scalars(select(MediaFile)))


def stored(app: Flask) -> list[bytes]:
    """Return what the store holds, file after file."""
    settings: Settings = app.extensions["settings"]
    store = Store(settings.data)
    names = {one.parent.name for one in store.folder.rglob("*") if one.is_file()}
    return [b"".join(store.read(name)) for name in sorted(names)]


def test_pieces_make_the_file_and_ask_for_its_conversion(teller: Teller, put: Put) -> None:
    first, second = put(0), put(CHUNK)
    assert (first.json, second.json) == ({"taille": CHUNK}, {"taille": len(SOUND)})
    (found,) = files(teller)
    assert (found.kind, found.state, found.size) == ("audio", "waiting", len(SOUND))
    assert b"".join(stored(teller.app)) == SOUND
    with teller.database.reading() as session:
        joined = session.scalars(select(TestimonyMedia)).one()
        assert joined.testimony_id == teller.only().id
        assert session.scalars(select(Job)).one().subject_id == found.id


def test_a_piece_sent_twice_counts_once_and_says_where_to_go_on(teller: Teller, put: Put) -> None:
    put(0)
    again, hole, end = put(0), put(CHUNK + 7), put(CHUNK)
    assert [one.status_code for one in (again, hole, end)] == [409, 409, 200]
    assert again.json == hole.json == {"taille": CHUNK}
    after = put(CHUNK)
    assert after.json == {"taille": len(SOUND)}
    assert b"".join(stored(teller.app)) == SOUND


def test_the_same_piece_from_everywhere_at_once_counts_once(teller: Teller, put: Put) -> None:
    with ThreadPoolExecutor(8) as crowd:
        replies = list(crowd.map(lambda _: put(0, 1_000), range(16)))
    assert sorted(one.status_code for one in replies) == [200] + [409] * 15
    (found,) = files(teller)
    assert found.size == 1_000


@pytest.mark.parametrize(
    "said",
    [{"Recueil-Cle": "x" * 22}, {"Recueil-Champ": "virus"}, {"Recueil-Debut": "-1"},
     {"Recueil-Total": "beaucoup"}, {"Recueil-Total": "٣"}, {"Recueil-Cle": ""}],
)  # fmt: skip
def test_what_is_not_known_is_not_taken(teller: Teller, put: Put, said: dict[str, str]) -> None:
    reply = put(0, **{name: value.encode().decode("latin-1") for name, value in said.items()})
    assert reply.status_code == 404
    assert "n’est pas gardé" in reply.json["message"]
    assert (files(teller), stored(teller.app)) == ([], [])


def test_another_link_of_the_structure_opens_nothing(before: Before, put: Put) -> None:
    other = before("satisfaction")
    reply = other.client.post(f"{other.path}/fichier", data=b"x", headers=_said(put))
    assert reply.status_code == 404


def _said(put: Put) -> dict[str, str]:
    return {name: value for name, value in put(0, 10).request.headers if "Recueil" in name}


@pytest.mark.parametrize("choice", ["non", ""])
def test_without_the_agreement_nothing_is_taken(teller: Teller, choice: str) -> None:
    key = teller.key()
    teller.send({"recit": "Merci", "cle": key, "garder_media": choice})
    headers = {"Recueil-Cle": key, "Recueil-Champ": "voix",
               "Recueil-Debut": "0", "Recueil-Total": "100"}  # fmt: skip
    reply = teller.client.post(f"{teller.path}/fichier", data=SOUND[:100], headers=headers)
    assert reply.status_code == 404
    assert (files(teller), stored(teller.app)) == ([], [])


def test_what_was_erased_takes_nothing_more(teller: Teller, put: Put) -> None:
    put(0)
    settings: Settings = teller.app.extensions["settings"]
    with teller.database.writing() as session:
        keys = erase(session, settings.data, teller.only().id, today())
    Store(settings.data).forget(*(keys or ()))
    assert put(CHUNK).status_code == 404
    assert (files(teller), stored(teller.app)) == ([], [])


def test_what_comes_after_the_team_kept_the_words_is_to_be_heard(teller: Teller, put: Put) -> None:
    """Else a voice that nobody heard might be shown with what somebody confirmed."""
    with teller.database.writing() as session:
        session.execute(update(Testimony).values(status="valide"))
    assert put(0, 10).status_code == 200
    assert teller.only().status == "nouveau"
    with teller.database.writing() as session:
        session.execute(update(Testimony).values(status="refuse"))
    assert put(10).status_code == 200
    assert teller.only().status == "refuse"


def test_after_two_days_nothing_more_is_taken(teller: Teller, put: Put) -> None:
    for days, status in ((2, 200), (3, 404)):
        with teller.database.writing() as session:
            day = today() - timedelta(days=days)
            session.execute(update(Testimony).values(day=day))
        assert put(0 if days == 2 else CHUNK).status_code == status


def test_a_file_that_is_something_else_is_thrown_away_and_another_may_come(
    teller: Teller, put: Put
) -> None:
    reply = put(0, content=b"MZ" * 900)
    assert (reply.status_code, files(teller), stored(teller.app)) == (422, [], [])
    assert reply.json["message"].startswith("Votre voix n’est pas gardée")
    assert put(0).status_code == 200


def test_a_testimony_that_no_file_reaches_and_has_no_words_goes(teller: Teller) -> None:
    key = teller.key()
    form = {"cle": key, "garder_media": "oui", "annonce": "audio:900"}
    headers = {
        "Recueil-Cle": key, "Recueil-Champ": "voix", "Recueil-Debut": "0", "Recueil-Total": "900",
    }  # fmt: skip

    def ends() -> Any:
        return teller.client.post(
            f"{teller.path}/fichier", data=b"-", headers={**headers, "Recueil-Fin": "1"}
        ).json

    teller.send({**form, "recit": "Merci"})
    assert ends() == {"vide": False}  # words are never taken back so
    assert len(teller.kept()) == 1
    key = headers["Recueil-Cle"] = teller.key()
    teller.send({**form, "cle": key})
    # A piece came, and no other: what stays of it goes too.
    piece = teller.client.post(f"{teller.path}/fichier", data=SOUND[:400], headers=headers)
    assert piece.json == {"taille": 400}
    assert ends() == {"vide": True}
    assert (len(teller.kept()), files(teller), stored(teller.app)) == (1, [], [])
    assert ends() == {"vide": False}


def test_what_came_whole_is_not_taken_back(teller: Teller, put: Put) -> None:
    put(0)
    put(CHUNK)
    assert put(0, 1, **{"Recueil-Fin": "1"}).json == {"vide": False}
    assert len(files(teller)) == 1


def test_a_file_above_its_cap_is_refused_before_its_bytes(teller: Teller, put: Put) -> None:
    heavy = str(KINDS["audio"].most_bytes + 1)
    reply = put(0, **{"Recueil-Total": heavy})
    assert (reply.status_code, files(teller)) == (413, [])


def test_a_piece_above_its_size_is_refused(put: Put) -> None:
    assert put(0, CHUNK + 1).status_code == 413


def test_a_piece_from_another_site_is_refused(put: Put) -> None:
    assert put(0, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_it_is_said_in_the_language_of_the_page(put: Put) -> None:
    reply = put(0, content=b"MZ" * 900, **{"Accept-Language": "ar"})
    assert "صوتك" in reply.json["message"]


def test_a_machine_that_hammers_is_asked_to_wait(teller: Teller, put: Put) -> None:
    settings: Settings = teller.app.extensions["settings"]
    teller.app.extensions["settings"] = replace(settings, limit=0)
    put(0)
    reply = put(CHUNK)
    assert (reply.status_code, reply.headers["Retry-After"]) == (429, "60")


def test_a_full_disk_asks_to_come_back(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Store, "has_room", lambda *_: False)
    reply = put(0)
    assert (reply.status_code, reply.headers["Retry-After"]) == (507, "10")
    monkeypatch.undo()
    assert put(0).status_code == 200


def test_a_stop_before_the_end_is_said_is_mended_by_the_next_piece(
    teller: Teller, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(0)
    monkeypatch.setattr(depositing, "_finish", lambda _: None)
    put(CHUNK)
    monkeypatch.undo()
    assert files(teller)[0].state == "receiving"
    assert put(CHUNK).json == {"taille": len(SOUND)}
    assert files(teller)[0].state == "waiting"
