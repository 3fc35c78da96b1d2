"""The holder of a receipt finds their testimony, changes each choice, and erases everything."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, func, select
from werkzeug.test import TestResponse

from app.backup.writing import write_archive
from app.db import Database
from app.media.store import Store
from app.organisations.models import Lieu
from app.questionnaires import Library
from app.testimonies.consents import agreement_of, history
from app.testimonies.models import Testimony
from app.testimonies.queries import parts_of
from app.web.current import today
from config import Keys
from tests.testimonies.holder import Holder

WORDS = "J’ose appeler la CAF, dit marqueur-original."
VOICE = b"\x00\x01marqueur-voix\xfe" * 400


@pytest.fixture
def holder(database: Database, keys: Keys, library: Library, lieu: Lieu) -> Holder:
    """Return somebody who testifies."""
    return Holder(database, keys, library, lieu)


class Paper:
    """Be the slip of one testimony, and the page that it opens."""

    def __init__(self, client: FlaskClient, holder: Holder, **given: Any) -> None:
        kept = holder.tell(WORDS, **{"day": today(), **given})
        assert kept.testimony_id
        assert kept.receipt
        self.client, self.holder = client, holder
        self.id: UUID = kept.testimony_id
        self.code = kept.receipt

    def post(self, language: str = "", **data: str) -> TestResponse:
        """Send a form of the page."""
        return self.client.post(f"/recu{language}", data={"code": self.code, **data})

    def found(self) -> Testimony | None:
        """Return the testimony as it is kept."""
        with self.holder.database.reading() as session:
            return session.get(Testimony, self.id)


@pytest.fixture
def paper(client: FlaskClient, holder: Holder) -> Paper:
    """Return the slip of a testimony."""
    return Paper(client, holder)


def test_the_testimony_is_shown_with_each_choice(paper: Paper) -> None:
    page = paper.client.post("/recu", data={"code": f" {paper.code.lower()} "})
    assert page.status_code == 200
    assert WORDS in page.text
    assert "L’équipe n’a pas fini de relire" in page.text
    checked = re.findall(r'name="(\w+)" value="(\w+)" checked', page.text)
    # No voice is there: nothing to choose about it.
    assert dict(checked) == {
        "lieu": "oui", "bilan": "oui", "financeurs": "oui", "public": "oui", "nom": "prenom",
        "relire": "non", "duree": "trois_ans",
    }  # fmt: skip
    assert 'value="Liliane"' in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_what_may_be_shown_stands_beside_their_words_once_confirmed(paper: Paper) -> None:
    paper.holder.read(paper.id, "J’ose appeler [nom].")
    page = paper.post()
    assert WORDS in page.text
    assert "J’ose appeler [nom]." in page.text
    paper.holder.read(paper.id, WORDS)
    assert "tels quels" in paper.post().text


def test_a_choice_changes_at_once_with_its_exact_words(paper: Paper, database: Database) -> None:
    paper.holder.read(paper.id)
    page = paper.post(enregistrer="oui", bilan="non", lieu="oui")
    assert page.status_code == 200
    assert "C’est enregistré" in page.text
    assert 'name="bilan" value="non" checked' in page.text
    with database.reading() as session:
        agreement = agreement_of(session, session.get_one(Testimony, paper.id))
        assert agreement.uses == ("lieu", "financeurs", "public")
        latest, text = next(row for row in history(session, paper.id) if row[0].scope == "bilan")
    assert (latest.revision, latest.choice, latest.noted_by) == (2, "non", None)
    assert text.words.startswith("Mettre vos mots dans notre bilan")
    assert text.words.endswith("\nNon")


def test_everything_may_be_taken_back_and_given_again(paper: Paper) -> None:
    none = dict.fromkeys(("lieu", "bilan", "financeurs", "public"), "non")
    assert "Vous avez tout repris" in paper.post(enregistrer="oui", **none).text
    assert (found := paper.found())
    assert found.status == "retire"
    assert "Vous avez tout repris" not in paper.post(enregistrer="oui", lieu="oui").text
    assert (found := paper.found())
    assert found.status == "nouveau"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"nom": "prenom", "prenom": "x" * 61}, "trop long"),
        ({"nom": "age_lieu", "age": "mille"}, "Il manque votre âge"),
    ],
)
def test_what_cannot_be_shown_is_said_and_nothing_changes(
    sent: dict[str, str], said: str, paper: Paper, database: Database, keys: Keys
) -> None:
    page = paper.post(enregistrer="oui", bilan="non", **sent)
    assert page.status_code == 422
    assert said in page.text
    # What was typed is still there.
    assert 'name="bilan" value="non" checked' in page.text
    assert all(value in page.text for value in sent.values() if value != "mille")
    with database.reading() as session:
        assert "bilan" in agreement_of(session, session.get_one(Testimony, paper.id)).uses
        assert parts_of(session, keys, [paper.id])[paper.id]["signature"] == "Liliane"


def test_values_that_nobody_offered_change_nothing(paper: Paper, database: Database) -> None:
    with database.reading() as session:
        before = len(history(session, paper.id))
    page = paper.post(enregistrer="oui", bilan="peut-être", duree="toujours", nom="organisation")
    assert page.status_code == 200
    with database.reading() as session:
        assert len(history(session, paper.id)) == before


def test_a_person_who_wanted_to_read_again_says_yes_or_no(client: FlaskClient, holder: Holder,
                                                         database: Database) -> None:  # fmt: skip
    paper = Paper(client, holder, chosen={"relire": "oui"})
    assert "À vous de relire" not in paper.post().text
    holder.read(paper.id)
    seen = _seen(paper)
    holder.read(paper.id, "J’ose appeler Jeannine.")  # the team shows a name again meanwhile
    stale = paper.post(relu="oui", vu=seen)
    assert (stale.status_code, "Le texte a changé" in stale.text) == (409, True)
    assert "À vous de relire" in stale.text
    assert paper.post(relu="oui").status_code == 409
    assert (found := paper.found())
    assert found.reread_on is None
    assert "À vous de relire" not in paper.post(relu="oui", vu=_seen(paper)).text
    with database.reading() as session:
        found = session.get_one(Testimony, paper.id)
        assert agreement_of(session, found).allows("lieu", today())
    paper = Paper(client, holder, chosen={"relire": "oui"}, key="une-autre-cle-de-page")
    holder.read(paper.id)
    page = paper.post(relu="non")
    assert "L’équipe n’a pas fini de relire" in page.text
    assert (found := paper.found())
    assert (found.status, found.reread_on) == ("a_masquer", None)


def _seen(paper: Paper) -> str:
    """Return what the page says of the text that it shows to be read."""
    found = re.search(r'name="vu" value="(\w+)"', paper.post().text)
    assert found is not None
    return found[1]


def test_a_voice_is_played_from_a_signed_address_for_a_while(
    paper: Paper, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper.holder.record(paper.id, Store(app.extensions["settings"].data), VOICE)
    page = paper.post()
    assert "media-src 'self'" in page.headers["Content-Security-Policy"]
    found = re.search(r'src="(/recu/media/[^"]+)"', page.text)
    assert found
    address = found[1]
    heard = paper.client.get(address, headers={"Range": "bytes=2-13"})
    assert heard.status_code == 206
    assert heard.data == VOICE[2:14]
    assert heard.headers["X-Content-Type-Options"] == "nosniff"
    assert heard.headers["Content-Disposition"].startswith("attachment")
    assert paper.client.get(address[:-2] + "xx").status_code == 404
    monkeypatch.setattr("app.answering.receipt_testimony.OPEN", -1)
    assert paper.client.get(address).status_code == 404
    monkeypatch.undo()
    paper.post(enregistrer="oui", garder_media="non")
    assert paper.client.get(address).status_code == 404
    assert _bytes_of(app.extensions["settings"].data / "media") == b""


def test_erasing_asks_first_then_erases(paper: Paper) -> None:
    asked = paper.post(effacer="demander")
    assert 'value="oui"' in asked.text
    assert paper.found()
    assert paper.post(effacer="").status_code == 200
    gone = paper.post(effacer="oui")
    assert gone.status_code == 200
    assert "Votre témoignage est effacé" in gone.text
    assert paper.found() is None


def test_another_site_changes_and_erases_nothing(paper: Paper) -> None:
    for data in ({"effacer": "oui"}, {"enregistrer": "oui", "bilan": "non"}, {"relu": "oui"}):
        page = paper.client.post(
            "/recu", data={"code": paper.code, **data}, headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert page.status_code == 403
    assert (found := paper.found())
    assert found.status == "nouveau"


@pytest.mark.parametrize(
    "asked",
    [{}, {"effacer": "demander"}, {"effacer": "oui"}, {"enregistrer": "oui"}, {"relu": "oui"}],
)
def test_wrong_erased_and_expired_codes_look_the_same(
    asked: dict[str, str], client: FlaskClient, holder: Holder, database: Database
) -> None:
    erased, expired = Paper(client, holder), Paper(client, holder, key="une-cle-qui-expire")
    erased.post(effacer="oui")
    with database.writing() as session:
        session.get_one(Testimony, expired.id).expires_on = today() - timedelta(days=1)
    pages, work = [], []
    for code in (erased.code, expired.code, "0000-0000-00000", "nimporte quoi"):
        with statements() as run:
            pages.append(client.post("/recu", data={"code": code, **asked}))
        work.append(run)
    assert {page.status_code for page in pages} == {404}
    assert len({re.sub(r'value="[^"]*"', "", page.text) for page in pages}) == 1
    assert len({str(sorted(page.headers.keys())) for page in pages}) == 1
    assert "Ce code n’existe pas, ou la réponse a été effacée." in pages[0].text
    # The same work, so the same time.
    assert work[0]
    assert work == [work[0]] * 4
    assert expired.found()


def test_the_page_speaks_the_language_of_its_reader(paper: Paper, database: Database) -> None:
    page = paper.post("/ar")
    assert 'dir="rtl"' in page.text
    assert WORDS in page.text
    paper.post("/ar", enregistrer="oui", bilan="non")
    with database.reading() as session:
        latest, text = next(row for row in history(session, paper.id) if row[0].scope == "bilan")
    assert (latest.choice, text.language) == ("non", "ar")


def test_an_organisation_is_asked_as_one(client: FlaskClient, holder: Holder) -> None:
    chosen = {"nom": "organisation", "garder_media": "non", "montrer_media": "non"}
    paper = Paper(client, holder, origin="partenaire", signature="CCAS", chosen=chosen)
    page = paper.post()
    assert "Votre organisation accepte" in page.text
    assert 'name="organisation" value="CCAS"' in page.text
    assert 'name="relire"' not in page.text


def test_no_byte_of_it_stays_anywhere(
    paper: Paper, app: Flask, sqlite_file: Path, database: Database, keys: Keys, tmp_path: Path
) -> None:
    """Database, log, media, archive made after: nothing of what was said is found."""
    data = app.extensions["settings"].data
    paper.holder.read(paper.id, "J’ose appeler marqueur-masqué.")
    paper.holder.quote(paper.id, "marqueur-cité […]", "lieu")
    paper.holder.record(paper.id, Store(data), VOICE)
    paper.post(enregistrer="oui", bilan="non", nom="prenom", prenom="Marqueur-prénom")
    with database.reading() as session:
        from app.testimonies.models import Quote, TestimonyReceipt, TestimonyText

        ciphers = list(session.scalars(select(TestimonyText.ciphertext)))
        ciphers += session.scalars(select(Quote.ciphertext))
        ciphers += [one.encode() for one in session.scalars(select(TestimonyReceipt.code_hash))]
    assert len(ciphers) == 5
    paper.post(effacer="oui")
    markers = [one.encode() for one in ("marqueur", "Marqueur", "Liliane")] + ciphers
    on_disk = _bytes_of(sqlite_file.parent)
    assert [one for one in markers if one in on_disk] == []
    assert _bytes_of(data / "media") == b""
    write_archive(database, keys, data, tmp_path / "after.zip")
    from zipfile import ZipFile

    with ZipFile(tmp_path / "after.zip") as archive:
        packed = b"".join(archive.read(name) for name in archive.namelist())
    assert [one for one in markers if one in packed] == []
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Testimony)) == 0


def _bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


Statements = Callable[[], Iterator[list[str]]]


@contextmanager
def statements() -> Iterator[list[str]]:
    """Yield the list of what is asked of the database meanwhile."""
    run: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        run.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield run
    event.remove(Engine, "before_cursor_execute", note)
