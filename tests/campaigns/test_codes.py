"""Codes: easy to type, impossible to confuse, never a word, never guessed from the database."""

from __future__ import annotations

from random import Random
from uuid import UUID, uuid4

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.campaigns import codes
from config import Keys

KEYS = Keys(bytes(32))
CAMPAIGN = UUID(int=1)


def test_no_alphabet_holds_signs_that_look_alike_or_a_vowel_in_links() -> None:
    assert not set("0O1IL") & set(codes.CARD_ALPHABET)
    assert not set("AEIOUY") & set(codes.LINK_ALPHABET)
    assert len(codes.CARD_ALPHABET) == 31


@pytest.mark.parametrize("length", [codes.SHORT, codes.LONG])
def test_a_drawn_code_holds_a_digit_says_nothing_rude_and_reads_back(length: int) -> None:
    for _ in range(2_000):
        code = codes.draw(length)
        assert len(code) == length
        assert set(code) & set(codes.DIGITS)
        assert not codes.is_rude(code)
        assert codes.normalise(code.lower()) == code


@pytest.mark.parametrize("code", ["K7FDP", "FCK42", "N7M4X", "9PTN2", "X97BR", "5R4PK", "S3X7K"])
def test_what_reads_as_an_insult_is_never_drawn(code: str) -> None:
    assert codes.is_rude(code)


def test_few_codes_are_lost_to_rudeness() -> None:
    drawn = ["".join(code) for code in zip(*(iter(_many_signs(10_000)),) * 5, strict=True)]
    assert sum(codes.is_rude(code) for code in drawn) < len(drawn) / 10


def _many_signs(count: int) -> str:
    return "".join(Random(7).choices(codes.LINK_ALPHABET, k=count))


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("k7qf3", "K7QF3"),
        (" K7-QF3 ", "K7QF3"),
        ("k7 qf3x", "K7QF3X"),
        ("K7QF", None),
        ("K7QF3XX", None),
        ("KTQFX", None),
        ("K7QO3", None),
        ("recu", None),
        ("", None),
        ("K7QF٣", None),
    ],
)
def test_a_typed_code_is_read_in_any_case_and_spacing(typed: str, code: str | None) -> None:
    assert codes.normalise(typed) == code


@given(st.text())
def test_any_typed_text_is_a_code_in_its_normal_form_or_none(text: str) -> None:
    code = codes.normalise(text)
    assert code is None or codes.normalise(code) == code


def test_signs_that_no_code_holds_are_named_not_replaced() -> None:
    assert codes.doubtful_signs("k7qo0") == "O0"
    assert codes.doubtful_signs("K7QF3") == ""


def test_no_address_of_the_service_can_be_a_code(app: Flask) -> None:
    first_words = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules()}
    assert not [word for word in first_words if codes.normalise(word)]


def test_a_card_is_known_however_it_is_typed_and_only_in_its_campaign() -> None:
    code = codes.draw_card()
    known = codes.card_hash(KEYS, CAMPAIGN, code)
    assert codes.normalise_card(codes.show_card(code).lower()) == code
    assert codes.card_hash(KEYS, CAMPAIGN, codes.show_card(code).lower()) == known
    assert codes.card_hash(KEYS, uuid4(), code) != known
    assert codes.card_hash(Keys(bytes(31) + b"x"), CAMPAIGN, code) != known
    assert code.lower() not in known


def test_a_card_says_nothing_rude() -> None:
    assert not any(codes.is_rude(codes.draw_card()) for _ in range(1_000))


@given(st.text(max_size=40))
def test_any_text_typed_for_a_card_has_a_hash(text: str) -> None:
    assert len(codes.card_hash(KEYS, CAMPAIGN, text)) == 64
