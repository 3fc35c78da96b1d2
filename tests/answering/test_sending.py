"""What becomes of a form: recorded once, or given back with everything that was typed."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.answering import sending
from app.answering.limits import Limiter
from app.campaigns.actions import close_campaign, issue_cards, turn_language_on
from app.campaigns.models import Campaign
from app.db import Database
from app.questionnaires import Library
from app.responses.models import Pair, Score
from app.web.current import today
from config import Keys
from tests.answering.conftest import KEY, THIS_YEAR, OpenToday, Person, receipt_on

WORDS = "Merci 🌻, l’aide <b>c'est</b> « bien »"


@pytest.fixture
def filled(person: Person) -> dict[str, Any]:
    """Return a form filled in under a key of the server's."""
    return {**person.choices(), person.text_key(): WORDS, "cle": person.key()}


def gives_back(page: Any, words: str = WORDS) -> bool:
    """Tell whether the page still holds what was typed."""
    escaped = words.replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#39;")
    return escaped in page.text


def test_sending_answers_with_thanks_and_a_receipt(person: Person, filled: dict[str, Any]) -> None:
    page = person.send(filled)
    assert page.status_code == 200
    assert len(receipt_on(page)) == 15
    assert receipt_on(page) not in page.request.path
    assert page.headers["Cache-Control"] == "no-store"
    [stored] = person.stored()
    assert stored.answers == {
        posed.key: posed.question.options[0].code
        if posed.question.kind.name != "choix_multiple"
        else [posed.question.options[0].code]
        for posed in person.entrance.passing.posed
        if posed.question.options
    }
    assert (stored.day, stored.late, stored.language) == (today(), False, "fr")


def test_sending_again_gives_the_same_receipt(person: Person, filled: dict[str, Any]) -> None:
    assert receipt_on(person.send(filled)) == receipt_on(person.send(filled))
    assert person.count() == 1


def test_many_retries_at_once_count_once(person: Person, filled: dict[str, Any]) -> None:
    def send(_: int) -> str:
        client = person.app.test_client()
        return receipt_on(client.post(f"/{person.code}", data=filled))

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(send, range(16)))) == 1
    assert person.count() == 1


def test_fifty_posts_at_once_over_http_count_once_for_each_key(
    person: Person, address: str
) -> None:
    keys, retries = [person.key() for _ in range(5)], 10
    together = threading.Barrier(len(keys) * retries)

    def send(key: str) -> tuple[str, str]:
        body = urlencode({**person.choices(), "cle": key}).encode()
        together.wait()
        with urlopen(f"{address}/{person.code}", body) as page:
            found = re.search(r'<p class="code">(.*?)</p>', page.read().decode())
        assert found is not None
        return key, found[1]

    with ThreadPoolExecutor(len(keys) * retries) as pool:
        acknowledged = set(pool.map(send, keys * retries))
    assert len(acknowledged) == len(keys)
    assert person.count() == len(keys)


def test_another_answer_under_the_same_key_is_never_swallowed(
    person: Person, filled: dict[str, Any]
) -> None:
    first = receipt_on(person.send(filled))
    page = person.send({**filled, person.text_key(): "Autre chose"})
    assert page.status_code == 409
    assert gives_back(page, "Autre chose")
    found = KEY.search(page.text)
    assert found is not None
    assert found[1] != filled["cle"]
    again = {**filled, person.text_key(): "Autre chose", "cle": found[1], "premiere": filled["cle"]}
    kept = person.send({**again, "garder": "1"})
    assert receipt_on(kept) == first
    assert person.count() == 1
    more = person.send(again)
    assert receipt_on(more) != first
    assert person.count() == 2


def test_a_form_without_a_key_is_accepted(person: Person) -> None:
    for _ in range(2):
        assert person.send(person.choices()).status_code == 200
    assert person.count() == 2


@pytest.mark.parametrize("key", ["court", "é" * 20, "x" * 65, "a b" * 8])
def test_a_strange_key_is_replaced(key: str, person: Person) -> None:
    assert person.send({**person.choices(), "cle": key}).status_code == 200
    assert person.stored()[0].idempotency_key != key


def test_an_erased_answer_does_not_come_back(person: Person, filled: dict[str, Any]) -> None:
    receipt = receipt_on(person.send(filled))
    person.client.post("/recu", data={"code": receipt, "effacer": "oui"})
    page = person.send(filled)
    assert page.status_code == 410
    assert "déjà effacée" in page.text
    assert person.count() == 0


def test_an_empty_form_is_not_an_answer(person: Person) -> None:
    assert person.send({"cle": person.key()}).status_code == 422
    assert person.count() == 0


def test_what_cannot_be_read_is_given_back_and_explained(
    person: Person, filled: dict[str, Any]
) -> None:
    long = "é" * 5000
    page = person.send({**filled, person.text_key(): long})
    assert page.status_code == 422
    assert long in page.text
    assert page.text.count(" checked") == len(person.choices())
    assert 'role="alert"' in page.text
    assert 'aria-invalid="true"' in page.text
    assert f'value="{filled["cle"]}"' in page.text
    assert person.count() == 0


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://localhost"}, 200),
        ({"Origin": "https://ailleurs.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_only_our_own_pages_may_send(
    headers: dict[str, str], status: int, person: Person, filled: dict[str, Any]
) -> None:
    page = person.send(filled, headers=headers)
    assert page.status_code == status
    assert status == 200 or gives_back(page)


def test_a_body_without_its_length_is_refused(person: Person) -> None:
    page = person.client.open(
        f"/{person.code}",
        method="POST",
        input_stream=None,
        environ_overrides={"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"},
    )
    assert page.status_code == 411


def test_too_much_text_is_refused_and_given_back(person: Person, filled: dict[str, Any]) -> None:
    long = "mot " * 100_000
    page = person.send({**filled, person.text_key(): long})
    assert page.status_code == 413
    assert long.strip() in page.text
    assert person.send({"x": "y" * 10_000_000}).status_code == 413


def test_a_crowd_is_slowed_with_its_answers_kept(person: Person, filled: dict[str, Any]) -> None:
    person.app.extensions["answering"].limiter = Limiter(1)
    assert person.send(filled).status_code == 200
    page = person.send({**filled, "cle": person.key()})
    assert page.status_code == 429
    assert page.headers["Retry-After"]
    assert gives_back(page)
    elsewhere = person.send(
        {**filled, "cle": person.key()}, environ_base={"REMOTE_ADDR": "192.0.2.9"}
    )
    assert elsewhere.status_code == 200


@pytest.mark.parametrize(
    ("code", "status"), [(sqlite3.SQLITE_BUSY, 503), (sqlite3.SQLITE_FULL, 507)]
)
def test_a_pause_of_the_database_keeps_the_words(
    code: int,
    status: int,
    person: Person,
    filled: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> None:
        trouble = sqlite3.OperationalError("en panne")
        trouble.sqlite_errorcode = code
        raise OperationalError("INSERT", {}, trouble)

    monkeypatch.setattr(sending, "record", fail)
    page = person.send(filled)
    assert page.status_code == status
    assert page.headers["Retry-After"]
    assert gives_back(page)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"&&&===",
        b"%00=%00",
        b"sat1=%ED%A0%80&cle=%FF",
        b"\xff\xfe\x00",
        b"cle=" + b"%F0%9F%8C%BB" * 30,
        b"&".join(b"f%d=1" % rank for rank in range(5000)),
        b"jour=99999-99-99&carte=%00",
        b"premiere=%ED%A0%80&garder=1",
    ],
)
@pytest.mark.parametrize(
    "content_type",
    ["application/x-www-form-urlencoded", "application/json", "multipart/form-data", "text/plain"],
)
def test_bad_input_never_breaks_it(body: bytes, content_type: str, person: Person) -> None:
    page = person.client.post(f"/{person.code}", data=body, content_type=content_type)
    assert 400 <= page.status_code < 500
    assert person.count() == 0


def test_strange_text_is_kept_readable(person: Person) -> None:
    body = f"{person.text_key()}=a%00b%0d%0ac%F0%9F%8C%BB"
    page = person.client.post(
        f"/{person.code}", data=body, content_type="application/x-www-form-urlencoded"
    )
    shown = person.client.post("/recu", data={"code": receipt_on(page)})
    assert "ab\nc🌻" in shown.text


def test_the_same_question_answered_twice_is_given_back(person: Person) -> None:
    key, code = next(iter(person.choices().items()))
    page = person.send({key: [code, "refus"]})
    assert page.status_code == 422


def test_an_unknown_field_is_not_stored(person: Person) -> None:
    person.send({**person.choices(), "nom": "Dupont"})
    assert "nom" not in person.stored()[0].answers


def past(open_today: OpenToday, days: int) -> Campaign:
    """Open a campaign that was closed some days ago."""
    year = today().year
    return open_today(starts_on=date(year - 1, 1, 1), ends_on=date(year + 1, 12, 31))


@pytest.mark.parametrize(
    ("closed_days_ago", "own_days_ago", "status", "late"),
    [
        (0, None, 200, True),
        (1, None, 200, True),
        (2, None, 410, None),
        (5, 6, 200, True),
        (5, 4, 410, None),
        (50, 51, 410, None),
    ],
)
def test_a_closed_campaign_takes_what_was_answered_in_time(
    closed_days_ago: int,
    own_days_ago: int | None,
    status: int,
    late: bool | None,
    database: Database,
    person_at: Callable[[str], Person],
    open_today: OpenToday,
) -> None:
    campaign = past(open_today, closed_days_ago)
    with database.writing() as session:
        close_campaign(session.merge(campaign), today() - timedelta(closed_days_ago))
    person = person_at(campaign.links[0].code)
    form = {**person.choices(), person.text_key(): WORDS}
    if own_days_ago is not None:
        form["jour"] = (today() - timedelta(own_days_ago)).isoformat()
    page = person.send(form)
    assert page.status_code == status
    if status == 410:
        assert gives_back(page)
        assert person.count() == 0
    else:
        assert person.stored()[0].late is late
        assert person.stored()[0].day == today() - timedelta(own_days_ago or 0)


def test_an_unknown_code_gives_the_words_back(person: Person, filled: dict[str, Any]) -> None:
    page = person.client.post("/ZZZZ9", data=filled)
    assert page.status_code == 404
    assert gives_back(page)


def test_an_unforeseen_error_gives_the_words_back(
    person: Person, filled: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "record", lambda *_: 1 / 0)
    page = person.send(filled)
    assert page.status_code == 500
    assert gives_back(page)


def test_an_answer_whose_condition_is_false_is_kept_and_weighs_nothing(
    database: Database, person_at: Callable[[str], Person], open_today: OpenToday
) -> None:
    campaign = open_today("progres", form="longue")
    person = person_at(next(link.code for link in campaign.links if link.wave == "sortie"))
    hidden = {"dro5": "oui"}
    for more in ({}, hidden):
        person.send({**person.choices(), "dro5": "", "dro4": "pas_besoin", "dro6": "", **more})
    bare, full = sorted(person.stored(), key=lambda one: len(one.answers))
    assert full.answers == {**bare.answers, **hidden}
    with database.reading() as session:
        scores = [
            {
                (row.measure, row.value, str(sorted(row.tally.items())))
                for row in session.scalars(select(Score).where(Score.response_id == one.id))
            }
            for one in (bare, full)
        ]
    assert scores[0] == scores[1]


def test_the_translation_that_was_read_is_stored(
    person: Person, database: Database, library: Library, filled: dict[str, Any]
) -> None:
    with database.writing() as session:
        campaign = session.merge(person.entrance.campaign)
        wording = turn_language_on(session, library, campaign, "ar")
    person.app.extensions["answering"].entrances.forget()
    page = person.client.post(f"/{person.code}/ar", data=filled)
    assert '<html lang="ar" dir="rtl">' in page.text
    [stored] = person.stored()
    assert (stored.language, stored.translation) == ("ar", wording.digest)


def test_a_card_is_typed_corrected_or_left_out(
    app: Flask,
    database: Database,
    keys: Keys,
    person_at: Callable[[str], Person],
    open_today: OpenToday,
) -> None:
    campaign = open_today("progres")
    with database.writing() as session:
        [card] = issue_cards(session, keys, session.merge(campaign), 1)
    person = person_at(next(link.code for link in campaign.links if link.wave == "entree"))
    form = {**person.choices(), "cle": person.key()}
    wrong = person.send({**form, "carte": "abcd 2345"})
    assert wrong.status_code == 422
    assert "abcd 2345" in wrong.text
    assert 'name="sans_carte"' in wrong.text
    assert person.count() == 0
    assert person.send({**form, "carte": "abcd 2345", "sans_carte": "1"}).status_code == 200
    typed = f"{card[:4].lower()} {card[4:]}"
    assert person.send({**person.choices(), "carte": typed}).status_code == 200
    with database.reading() as session:
        assert session.query(Pair).count() == 1


def test_years_are_those_of_the_answers(person: Person) -> None:
    assert person.entrance.campaign.ends_on.year == THIS_YEAR
