"""What lists read of many texts: which passages hide, and who seems to tell a difficulty.

Finding both takes milliseconds a text, and a list shows dozens. They are remembered while the
process lives, as places and a yes or no, never a word, under a digest of what is encrypted: each
writing encrypts anew, so nothing remembered is ever stale.
"""

from __future__ import annotations

from functools import partial
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

from sqlalchemy import select

from app.hints.personal import Finding, masked
from app.hints.tone import MIXED, NEGATIVE, polarity
from app.responses.texts import decrypt
from app.testimonies.actions import MASKED, ORIGINAL
from app.testimonies.masking import MASKS, masking_of
from app.testimonies.models import TestimonyText

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from uuid import UUID

    from sqlalchemy.orm import Session

    from config import Keys

T = TypeVar("T")

#: Texts whose findings a process remembers, some hundred bytes each.
REMEMBERED = 4_096


class Memory(Generic[T]):
    """Remember what was found in texts; the first that came goes first."""

    def __init__(self, most: int = REMEMBERED) -> None:
        self._most = most
        self._found: dict[bytes, T] = {}
        self._lock = Lock()

    def of(self, digest: bytes, find: Callable[[], T]) -> T:
        """Return what is remembered, or find it now."""
        try:
            return self._found[digest]
        except KeyError:
            found = find()
        with self._lock:
            while len(self._found) >= self._most:
                del self._found[next(iter(self._found))]
            self._found[digest] = found
        return found


_masks: Memory[tuple[Finding, ...]] = Memory()
_hard: Memory[bool] = Memory()


def shown_texts(session: Session, keys: Keys, testimony_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return what may be shown of each testimony; empty where nothing is written."""
    return {
        one: _shown(keys, one, sealed) for one, sealed in _sealed(session, testimony_ids).items()
    }


def hard_ones(session: Session, keys: Keys, testimony_ids: Collection[UUID]) -> set[UUID]:
    """Return who seems to tell a difficulty; a text that was looked at before stays closed."""
    return {
        one
        for one, sealed in _sealed(session, testimony_ids).items()
        if _hard.of(_digest(sealed), partial(_is_hard, keys, one, sealed))
    }


def _is_hard(keys: Keys, testimony_id: UUID, sealed: Mapping[str, bytes]) -> bool:
    return polarity(_shown(keys, testimony_id, sealed)).value in (NEGATIVE, MIXED)


def _shown(keys: Keys, testimony_id: UUID, sealed: Mapping[str, bytes]) -> str:
    if ORIGINAL not in sealed:
        return ""

    def find() -> tuple[Finding, ...]:
        parts = {part: decrypt(keys, testimony_id, part, text) for part, text in sealed.items()}
        return masking_of(parts).masks

    masks = _masks.of(_digest(sealed), find)
    return masked(decrypt(keys, testimony_id, ORIGINAL, sealed[ORIGINAL]), masks)


def _sealed(session: Session, testimony_ids: Collection[UUID]) -> dict[UUID, dict[str, bytes]]:
    """Return what is encrypted of each testimony and bears on what may be shown."""
    rows = session.execute(
        select(TestimonyText.testimony_id, TestimonyText.part, TestimonyText.ciphertext).where(
            TestimonyText.testimony_id.in_(list(testimony_ids)),
            TestimonyText.part.in_((ORIGINAL, MASKED, MASKS)),
        )
    )
    sealed: dict[UUID, dict[str, bytes]] = {one: {} for one in testimony_ids}
    for testimony_id, part, ciphertext in rows:
        sealed[testimony_id][part] = ciphertext
    return sealed


def _digest(sealed: Mapping[str, bytes]) -> bytes:
    return sha256(b"".join(sealed[part] for part in sorted(sealed))).digest()
