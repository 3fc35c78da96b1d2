"""Receipt codes: derived from the form that was sent, so that sending again gives the same one."""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID

    from config import Keys

#: Crockford's base 32: no I, L, O or U.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 13
#: 13 signs of 5 bits.
BITS = 65
READ_AS = str.maketrans("OIL", "011")


def receipt_code(keys: Keys, link_id: UUID, key: str) -> str:
    """Return the receipt code of the form sent on a link under an idempotency key."""
    return signs(keys.derive("receipts"), link_id.bytes + key.encode())


def signs(secret: bytes, message: bytes) -> str:
    """Return the 65 bits of an HMAC as 13 signs that people can copy by hand."""
    digest = hmac.digest(secret, message, sha256)
    number = int.from_bytes(digest) >> (len(digest) * 8 - BITS)
    return "".join(ALPHABET[number >> shift & 31] for shift in range(BITS - 5, -1, -5))


def code_hash(keys: Keys, code: str) -> str:
    """Return what is stored of a code."""
    return hmac.digest(keys.derive("receipt codes"), code.encode(), sha256).hex()


def show(code: str) -> str:
    """Write a code as it is shown: `4TGH-92KV-0M3RB`."""
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


def normalise(typed: str) -> str | None:
    """Return the code that was typed, in any case and grouping, or None when it is none."""
    code = "".join(sign for sign in typed.upper() if not sign.isspace() and sign not in "-–.")
    code = code.translate(READ_AS)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None
