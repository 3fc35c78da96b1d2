"""A text can be read only with the key, in the place where it was written."""

from __future__ import annotations

from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidTag

from app.responses.texts import decrypt, encrypt
from config import Keys

KEYS = Keys(b"k" * 32)


@pytest.mark.parametrize("text", ["Merci !", "", "شكرا 🙏🏽", "- un\n- deux", "a" * 5_000])
def test_a_text_is_read_back_as_it_was_written(text: str) -> None:
    response = uuid4()
    sealed = encrypt(KEYS, response, "mot", text)
    assert decrypt(KEYS, response, "mot", sealed) == text
    assert text == "" or text.encode() not in sealed


def test_the_same_text_never_looks_the_same() -> None:
    response = uuid4()
    assert encrypt(KEYS, response, "mot", "oui") != encrypt(KEYS, response, "mot", "oui")


def test_a_text_cannot_be_moved_changed_or_read_with_another_key() -> None:
    response = uuid4()
    sealed = encrypt(KEYS, response, "mot", "Merci !")
    for keys, place, item, ciphertext in (
        (KEYS, uuid4(), "mot", sealed),
        (KEYS, response, "frein", sealed),
        (KEYS, response, "mot", sealed[:-1] + bytes([sealed[-1] ^ 1])),
        (Keys(b"o" * 32), response, "mot", sealed),
    ):
        with pytest.raises(InvalidTag):
            decrypt(keys, place, item, ciphertext)
