"""The holder of a receipt reads the answer again, and erases it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event

from app.web.current import today
from tests.answering.conftest import Person, receipt_on


def answered(person: Person) -> str:
    """Send an answer and return its receipt."""
    return receipt_on(person.send({**person.choices(), person.text_key(): "Avec mes mots"}))


def test_the_answer_is_shown_in_words(person: Person) -> None:
    receipt = answered(person)
    page = person.client.post("/recu", data={"code": f" {receipt.lower()} "})
    assert page.status_code == 200
    assert "Avec mes mots" in page.text
    question = person.entrance.passing.posed[0].question
    assert question.options[0].text.fr in page.text


def test_erasing_asks_first_then_erases(person: Person) -> None:
    receipt = answered(person)
    asked = person.client.post("/recu", data={"code": receipt, "effacer": "demander"})
    assert 'value="oui"' in asked.text
    assert person.count() == 1
    gone = person.client.post("/recu", data={"code": receipt, "effacer": "oui"})
    assert gone.status_code == 200
    assert person.count() == 0


def test_erasing_fills_the_button_that_keeps(person: Person) -> None:
    asked = person.client.post("/recu", data={"code": answered(person), "effacer": "demander"})
    assert "<title>Effacer cette réponse" in asked.text
    assert '<button class="btn main" name="effacer" value="">' in asked.text
    assert '<button class="btn" name="effacer" value="oui">' in asked.text


def test_its_day_is_written_as_its_readers_do(person: Person) -> None:
    receipt = answered(person)
    page = person.client.post("/recu/ar", data={"code": receipt}).text
    assert f"{today():%d/%m/%Y}" in page
    assert f'href="/recu#{receipt}" lang="fr"' in page


def test_another_site_cannot_erase(person: Person) -> None:
    receipt = answered(person)
    page = person.client.post(
        "/recu",
        data={"code": receipt, "effacer": "oui"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert page.status_code == 403
    assert "<title>Erreur" in page.text
    assert "L’envoi ne venait pas de cette page." in page.text
    assert person.count() == 1


@pytest.mark.parametrize("asked", ["", "demander", "oui"])
def test_wrong_and_erased_codes_look_the_same(asked: str, person: Person) -> None:
    receipt = answered(person)
    person.client.post("/recu", data={"code": receipt, "effacer": "oui"})
    pages, work = [], []
    for code in (receipt, "0000-0000-00000", "nimporte quoi"):
        with statements() as run:
            pages.append(person.client.post("/recu", data={"code": code, "effacer": asked}))
        work.append(run)
    assert {page.status_code for page in pages} == {404}
    assert len({re.sub(r'value="[^"]*"', "", page.text) for page in pages}) == 1
    assert len({str(sorted(page.headers.keys())) for page in pages}) == 1
    assert "Ce code n’existe pas, ou la réponse a été effacée." in pages[0].text
    # The same work, so the same time.
    assert work[0]
    assert work == [work[0]] * 3


@contextmanager
def statements() -> Iterator[list[str]]:
    """Yield the list of what is asked of the database meanwhile."""
    run: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        run.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield run
    event.remove(Engine, "before_cursor_execute", note)


def test_the_code_never_stands_in_an_address(person: Person) -> None:
    receipt = answered(person)
    assert receipt not in person.client.get(f"/recu?code={receipt}").text
    page = person.client.post("/recu", data={"code": receipt})
    assert page.status_code == 200
    assert receipt not in page.request.full_path


def test_an_unknown_language_is_not_found(person: Person) -> None:
    assert person.client.get("/recu/xx").status_code == 404
