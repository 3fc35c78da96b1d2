"""Codes that people scan, read aloud and type: those of links, and those of cards."""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID

    from config import Keys

DIGITS = "23456789"
#: No 0 or O, no 1, I or L: nothing that two people could read in two ways.
CARD_ALPHABET = f"ABCDEFGHJKMNPQRSTUVWXYZ{DIGITS}"
CARD_LENGTH = 8
LOOK_ALIKE = "0O1IL"
#: Without vowels either, so that a code spells nothing.
LINK_ALPHABET = "".join(sign for sign in CARD_ALPHABET if sign not in "AEUY")
SHORT, LONG = 5, 6

#: What a digit stands for when people read words in a code.
READ_AS_LETTERS = str.maketrans("23456789", "ZEASGTBG")
#: Insults that codes can spell, in French, English and Arabic typed in Latin.
RUDE = (
    *("BATAR", "CACA", "GARCE", "MERD", "NEGR", "PEDE", "PUTE", "CUNT", "FUCK", "RAPE", "ZEB"),
    *("BTRD", "CNRD", "FDP", "NTM", "PD", "PTN", "PTE", "SLP", "TG", "ZB", "SSN"),
    *("BTCH", "CNT", "DCK", "FCK", "FGT", "FKN", "KKK", "NGGR", "NGR", "PSSY", "SHT", "SEX", "SX"),
    *("3RS", "5R4", "5RA", "7MR", "97B", "9HB", "KSM", "M9WD", "NKMK", "QHB", "SRMT", "T7N", "Z3B"),
)


def draw(length: int = SHORT) -> str:
    """Draw the code of a link: it holds a digit, hence is no word, and says nothing rude."""
    while True:
        code = "".join(secrets.choice(LINK_ALPHABET) for _ in range(length))
        if any(sign in DIGITS for sign in code) and not is_rude(code):
            return code


def is_rude(code: str) -> bool:
    """Tell whether somebody could read an insult in the code."""
    read = code.translate(READ_AS_LETTERS)
    return any(word in code or word in read for word in RUDE)


def normalise(text: str) -> str | None:
    """Return the link code that was typed, in any letter case, or None when it can be none."""
    code = _signs(text)
    if len(code) not in (SHORT, LONG) or not set(code) <= set(LINK_ALPHABET):
        return None
    return code if any(sign in DIGITS for sign in code) else None


def doubtful_signs(text: str) -> str:
    """Return the typed signs that no code holds, because they look like one another."""
    return "".join(dict.fromkeys(sign for sign in _signs(text) if sign in LOOK_ALIKE))


def draw_card() -> str:
    """Draw the code of a card, which says nothing rude either."""
    while True:
        code = "".join(secrets.choice(CARD_ALPHABET) for _ in range(CARD_LENGTH))
        if not is_rude(code):
            return code


def show_card(code: str) -> str:
    """Write a card's code as it is printed: four signs, then four."""
    return f"{code[:4]} {code[4:]}"


def normalise_card(text: str) -> str | None:
    """Return the card code that was typed, in any case and spacing, or None when it is none."""
    code = _signs(text)
    return code if len(code) == CARD_LENGTH and set(code) <= set(CARD_ALPHABET) else None


def card_hash(keys: Keys, campaign_id: UUID, code: str) -> str:
    """Return what is stored of a card: nothing that tells its code, or its other campaigns."""
    message = campaign_id.bytes + (normalise_card(code) or code).encode("utf-8", "replace")
    return hmac.digest(keys.derive("cards"), message, sha256).hex()


def _signs(text: str) -> str:
    return "".join(text.split()).replace("-", "").upper()
