"""Free texts, encrypted under a key that lies outside the database."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.responses.models import ResponseText

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.engine import Connection

    from config import Keys

NONCE = 12


def encrypt(keys: Keys, response_id: UUID, item: str, text: str) -> bytes:
    """Encrypt one text; it can be read back only as this item of this response."""
    nonce = os.urandom(NONCE)
    return nonce + _cipher(keys).encrypt(nonce, text.encode(), _context(response_id, item))


def decrypt(keys: Keys, response_id: UUID, item: str, ciphertext: bytes) -> str:
    """Return the text; raise InvalidTag when it was moved, changed, or the key is another."""
    nonce, rest = ciphertext[:NONCE], ciphertext[NONCE:]
    return _cipher(keys).decrypt(nonce, rest, _context(response_id, item)).decode()


def sweep(connection: Connection, *tables: str) -> None:
    """Write the texts that remain again, so that SQLite keeps no copy of those that went.

    It zeroes a row that goes and a page that it frees, but may have left a copy of the row on
    another page, when it moved rows to balance its tree.
    """
    if connection.dialect.name != "sqlite":
        return
    # Names of our own tables, never of what somebody typed.
    for table in tables or (ResponseText.__tablename__,):
        for statement in (
            f"CREATE TEMP TABLE remaining AS SELECT * FROM {table}",  # noqa: S608
            f"DELETE FROM {table}",  # noqa: S608
            f"INSERT INTO {table} SELECT * FROM remaining",  # noqa: S608
            "DROP TABLE remaining",
        ):
            connection.exec_driver_sql(statement)


def _context(response_id: UUID, item: str) -> bytes:
    return response_id.bytes + item.encode()


@lru_cache(maxsize=8)
def _cipher(keys: Keys) -> AESGCM:
    return AESGCM(keys.derive("texts"))
