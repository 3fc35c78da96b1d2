"""A testimony is kept once, with its code and its choices, however many times it is sent."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from app.db import Database
from app.organisations.models import Lieu
from app.responses import receipts
from app.testimonies.actions import keep
from app.testimonies.consents import Choice, ends_on
from app.testimonies.models import (
    Consent,
    ConsentText,
    Testimony,
    TestimonyReceipt,
    TestimonyText,
    TestimonyTombstone,
)
from app.testimonies.queries import by_receipt, parts_of
from app.testimonies.submission import Kept, Told
from config import Keys

DAY = date(2026, 3, 10)
YES = Choice("bilan", "oui", "Dans notre bilan ?\nOui", "fr")


@pytest.fixture
def told(lieu: Lieu) -> Told:
    """Return a testimony that was never sent."""
    return Told(
        organisation_id=lieu.organisation_id, lieu_id=lieu.id, origin="personne", key="k" * 22,
        day=DAY, language="fr", text="Je suis fière de moi.", choices=(YES,),
    )  # fmt: skip


@pytest.fixture
def send(database: Database, keys: Keys) -> Callable[[Told], Kept]:
    """Return a function that keeps a testimony, in a transaction of its own."""

    def send_one(told: Told) -> Kept:
        with database.writing() as session:
            return keep(session, keys, told)

    return send_one


def count(database: Database, *tables: Any) -> list[int]:
    with database.reading() as session:
        return [session.scalar(select(func.count()).select_from(one)) or 0 for one in tables]


def test_its_text_is_encrypted_and_its_code_unknown(
    database: Database, keys: Keys, send: Callable[[Told], Kept], told: Told
) -> None:
    kept = send(replace(told, choices=(Choice("nom", "prenom", "m", "fr"),), signature="Ève"))
    assert kept.kind == "kept"
    assert kept.testimony_id
    assert kept.receipt
    with database.reading() as session:
        for row in session.scalars(select(TestimonyText)):
            assert "fière".encode() not in row.ciphertext
            assert "Ève".encode() not in row.ciphertext
        said = parts_of(session, keys, [kept.testimony_id])[kept.testimony_id]
        found = by_receipt(session, keys, kept.receipt.lower())
        hashes = session.scalars(select(TestimonyReceipt.code_hash)).all()
    assert said == {"original": told.text, "signature": "Ève"}
    assert found is not None
    assert found.id == kept.testimony_id
    assert receipts.normalise(kept.receipt) not in hashes


@pytest.mark.parametrize("naming", ["rien", "age_lieu"])
def test_a_name_that_was_not_chosen_is_not_kept(
    database: Database, send: Callable[[Told], Kept], told: Told, naming: str
) -> None:
    choice = Choice("nom", naming, "m", "fr")
    send(replace(told, choices=(choice,), signature="Ève", age_band="soixante_dix_plus"))
    with database.reading() as session:
        assert session.scalars(select(TestimonyText.part)).all() == ["original"]
        kept = session.scalars(select(Testimony)).one()
    assert kept.age_band == ("soixante_dix_plus" if naming == "age_lieu" else None)


def test_fifty_threads_with_one_key_make_one_row(
    database: Database, send: Callable[[Told], Kept], told: Told
) -> None:
    found: list[Kept] = []
    race([lambda: found.append(send(told))] * 50)
    assert Counter(one.kind for one in found) == {"kept": 1, "repeated": 49}
    assert len({(one.testimony_id, one.receipt) for one in found}) == 1
    assert count(database, Testimony, TestimonyText, TestimonyReceipt, Consent) == [1, 1, 1, 1]


def test_two_contents_racing_under_one_key_make_one_row_and_conflicts(
    database: Database, send: Callable[[Told], Kept], told: Told
) -> None:
    found: list[Kept] = []
    rivals = [told, replace(told, text="Autre chose")] * 8
    race([lambda one=one: found.append(send(one)) for one in rivals])  # type: ignore[misc]
    assert Counter(one.kind for one in found) == {"kept": 1, "repeated": 7, "conflict": 8}
    assert {one.receipt for one in found if one.kind == "conflict"} == {None}
    assert count(database, Testimony) == [1]


@pytest.mark.parametrize(
    "changed",
    [
        {"text": "Autre"},
        {"choices": (replace(YES, choice="non"),)},
        {"signature": "Ève"},
        {"themes": ("lien",)},
        {"capacity": "mineur"},
        {"age_band": "soixante_dix_plus"},
        {"announced": (("audio", 5),)},
    ],
)
def test_any_change_is_another_content(
    send: Callable[[Told], Kept], told: Told, changed: dict[str, Any]
) -> None:
    send(told)
    assert send(told).kind == "repeated"
    assert send(replace(told, **changed)).kind == "conflict"


def test_the_same_words_in_another_language_are_the_same_choices(
    send: Callable[[Told], Kept], told: Told
) -> None:
    """A page whose words were mended meanwhile does not make a retry another testimony."""
    send(told)
    assert send(replace(told, choices=(replace(YES, words="Autrement dit"),))).kind == "repeated"


def test_an_erased_key_stays_erased(
    database: Database, send: Callable[[Told], Kept], told: Told
) -> None:
    kept = send(replace(told, key="another key, not erased"))
    with database.writing() as session:
        session.add(
            TestimonyTombstone(
                testimony_id=kept.testimony_id, organisation_id=told.organisation_id,
                idempotency_key=told.key, erased_on=DAY,
            )
        )  # fmt: skip
    assert send(told) == Kept("erased")
    assert count(database, Testimony, Consent, TestimonyReceipt) == [1, 1, 1]


def test_the_same_words_are_kept_once(
    database: Database, send: Callable[[Told], Kept], told: Told
) -> None:
    for rank in range(3):
        send(replace(told, key=f"{rank}" * 22))
    assert count(database, Consent, ConsentText) == [3, 1]


@pytest.mark.parametrize(
    ("choice", "day", "expected"),
    [
        ("bilan", date(2026, 3, 10), date(2027, 12, 31)),
        ("bilan", date(2026, 12, 31), date(2027, 12, 31)),
        ("un_an", date(2026, 3, 10), date(2027, 3, 10)),
        ("trois_ans", date(2024, 2, 29), date(2027, 2, 28)),
        (None, date(2026, 3, 10), date(2029, 3, 10)),
        ("toujours", date(2026, 3, 10), date(2029, 3, 10)),
    ],
)
def test_three_years_at_most(choice: str | None, day: date, expected: date) -> None:
    assert ends_on(choice, day) == expected


def race(acts: Sequence[Callable[[], None]]) -> None:
    together = threading.Barrier(len(acts))
    problems: list[BaseException] = []

    def run(act: Callable[[], None]) -> None:
        together.wait()
        try:
            act()
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
