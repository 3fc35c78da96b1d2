"""A receipt code is derived, hard to guess, and forgiving to who types it."""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.responses.receipts import ALPHABET, code_hash, normalise, receipt_code, show
from config import Keys

KEYS, OTHERS = Keys(b"k" * 32), Keys(b"o" * 32)


def test_the_same_form_has_the_same_code_and_another_has_another() -> None:
    link, other = uuid4(), uuid4()
    code = receipt_code(KEYS, link, "key")
    assert code == receipt_code(KEYS, link, "key")
    different = {
        receipt_code(KEYS, link, "kez"),
        receipt_code(KEYS, other, "key"),
        receipt_code(OTHERS, link, "key"),
    }
    assert len(different) == 3
    assert code not in different


def test_every_sign_of_the_65_bits_varies() -> None:
    codes = [receipt_code(KEYS, uuid4(), "key") for _ in range(500)]
    assert all(len(code) == 13 and set(code) <= set(ALPHABET) for code in codes)
    assert all(len({code[place] for code in codes}) == 32 for place in range(13))


@pytest.mark.parametrize(
    "typed",
    ["4TGH-92KV-0M3R1", "4tgh 92kv 0m3r1", " 4TGH–92KV–OM3RI ", "4tgh92kvom3rl", "4TGH.92KV.0M3R1"],
)
def test_a_code_is_read_in_any_case_grouping_and_likeness(typed: str) -> None:
    assert normalise(typed) == "4TGH92KV0M3R1"


@pytest.mark.parametrize(
    "typed", ["", "4TGH-92KV-0M3R", "4TGH-92KV-0M3R1X", "4TGH-92KV-0M3RU", "é" * 13]
)
def test_what_can_be_no_code_is_none(typed: str) -> None:
    assert normalise(typed) is None


def test_a_code_is_shown_in_groups_and_read_back() -> None:
    code = receipt_code(KEYS, uuid4(), "key")
    assert [len(group) for group in show(code).split("-")] == [4, 4, 5]
    assert normalise(show(code)) == code


def test_what_is_stored_tells_nothing_without_the_key() -> None:
    assert code_hash(KEYS, "4TGH92KV0M3R1") != code_hash(OTHERS, "4TGH92KV0M3R1")
    assert "4TGH" not in code_hash(KEYS, "4TGH92KV0M3R1")
