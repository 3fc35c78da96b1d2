"""Write testimonies: each with its receipt and its consents, in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import delete, insert, select

from app.db import insert_or_skip
from app.responses import receipts
from app.responses.texts import encrypt
from app.testimonies.consents import BY_NAME, ends_on, write_choices
from app.testimonies.models import (
    Testimony,
    TestimonyReceipt,
    TestimonyText,
    TestimonyTombstone,
)
from app.testimonies.submission import Kept, Told

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from config import Keys

ORIGINAL, MASKED, SIGNATURE = "original", "masked", "signature"


def keep(session: Session, keys: Keys, told: Told) -> Kept:
    """Keep one testimony, once, however many times it is sent."""
    row = _row(keys, told)
    connection = session.connection()
    statement = insert_or_skip(connection.dialect.name, Testimony)
    if connection.execute(statement, row).rowcount == 0:
        return _already(session, keys, told, row["content"])
    # Looked for after the insert: one that waited for an erasure to end sees its tombstone.
    if _is_erased(session, told):
        connection.execute(delete(Testimony).where(Testimony.id == row["id"]))
        return Kept("erased")
    code = receipts.receipt_code(keys, told.organisation_id, told.key)
    session.execute(
        insert(TestimonyReceipt),
        {"code_hash": receipts.code_hash(keys, code), "testimony_id": row["id"]},
    )
    write_part(session, keys, row["id"], ORIGINAL, told.text)
    if told.chosen.get("nom") in BY_NAME:
        write_part(session, keys, row["id"], SIGNATURE, told.signature)
    write_choices(session, row["id"], told.choices, told.day, told.written_by)
    return Kept("kept", row["id"], receipts.show(code))


def write_part(session: Session, keys: Keys, testimony_id: UUID, part: str, text: str) -> None:
    """Write one part of a testimony, encrypted, in the place of what it was; nothing empties it."""
    which = (TestimonyText.testimony_id == testimony_id, TestimonyText.part == part)
    session.execute(delete(TestimonyText).where(*which))
    if text:
        ciphertext = encrypt(keys, testimony_id, part, text)
        session.execute(
            insert(TestimonyText),
            {"testimony_id": testimony_id, "part": part, "ciphertext": ciphertext},
        )


def _row(keys: Keys, told: Told) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "organisation_id": told.organisation_id,
        "lieu_id": told.lieu_id,
        "link_id": told.link_id,
        "origin": told.origin,
        "partner_id": told.partner_id,
        "written_by": told.written_by,
        "idempotency_key": told.key,
        "content": told.content(keys),
        "day": told.day,
        "language": told.language,
        "capacity": told.capacity,
        "age_band": told.age_band if told.chosen.get("nom") == "age_lieu" else None,
        "themes": list(told.themes),
        "status": "nouveau",
        "expires_on": ends_on(told.chosen.get("duree"), told.day),
        "reread_on": None,
    }


def _already(session: Session, keys: Keys, told: Told, content: str) -> Kept:
    """Tell a retry from another testimony under the same key."""
    found = session.execute(
        select(Testimony.id, Testimony.content).where(
            Testimony.organisation_id == told.organisation_id,
            Testimony.idempotency_key == told.key,
        )
    ).one_or_none()
    if found is None:  # erased since the insert found it
        return Kept("erased")
    if found.content != content:
        return Kept("conflict", found.id)
    code = receipts.receipt_code(keys, told.organisation_id, told.key)
    return Kept("repeated", found.id, receipts.show(code))


def _is_erased(session: Session, told: Told) -> bool:
    grave = select(TestimonyTombstone.testimony_id).where(
        TestimonyTombstone.organisation_id == told.organisation_id,
        TestimonyTombstone.idempotency_key == told.key,
    )
    return session.execute(grave).first() is not None
