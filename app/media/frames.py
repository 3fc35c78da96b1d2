"""Files cut in frames, each encrypted in its place: a change, a cut, a swap is known as such.

What is written begins with a salt: two contents under one name never have one key, and a piece
that comes twice is written twice the same, so that who reads it meanwhile sees no change. Then come
the frames, of 64 KiB of what was recorded but the last; the last says that it is, so that a file
that was cut short is told from a whole one.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

#: Bytes of what was recorded, in each frame but the last.
CLEAR: Final = 64 * 1024
SALT: Final = 32
_TAG: Final = 16
#: Bytes of a frame once encrypted.
SEALED: Final = CLEAR + _TAG
_NONCE: Final = 12


class Broken(Exception):  # noqa: N818 - it says what the file is
    """Say that what is there is not what was written there."""


class Frames:
    """Encrypt and decrypt the frames of one file, written once under one name."""

    def __init__(self, key: bytes, name: str, salt: bytes) -> None:
        self.salt = salt
        self._name = name.encode()
        self._cipher = AESGCM(hmac.digest(key, salt + self._name, sha256))

    def encrypt(self, contents: Iterable[bytes]) -> Iterator[bytes]:
        """Yield what is written: the salt, then each frame; one at least."""
        yield self.salt
        number, waiting = 0, bytearray()
        for content in contents:
            waiting += content
            while len(waiting) > CLEAR:  # what fills the last one exactly stays in it
                yield self._sealed(bytes(waiting[:CLEAR]), number, is_last=False)
                del waiting[:CLEAR]
                number += 1
        yield self._sealed(bytes(waiting), number, is_last=True)

    def decrypt(self, sealed: bytes, first: int, total: int) -> bytes:
        """Return what frames hold that follow one another, of so many in all; raise Broken."""
        return b"".join(
            self._opened(sealed[start : start + SEALED], number, is_last=number == total - 1)
            for number, start in enumerate(range(0, len(sealed), SEALED), first)
        )

    def _sealed(self, content: bytes, number: int, *, is_last: bool) -> bytes:
        return self._cipher.encrypt(_nonce(number), content, self._place(number, is_last=is_last))

    def _opened(self, frame: bytes, number: int, *, is_last: bool) -> bytes:
        try:
            return self._cipher.decrypt(_nonce(number), frame, self._place(number, is_last=is_last))
        except InvalidTag as error:
            raise Broken from error

    def _place(self, number: int, *, is_last: bool) -> bytes:
        return b"%s %d %d" % (self._name, number, is_last)


def new_frames(key: bytes, name: str, piece: bytes | None = None) -> Frames:
    """Return what encrypts a file about to be written: a piece, or what is not held whole."""
    if piece is None:
        return Frames(key, name, os.urandom(SALT))
    return Frames(key, name, hmac.digest(key, name.encode() + piece, sha256))


def count_of(size: int) -> int:
    """Return how many frames a file of this size on the disk holds; raise Broken."""
    frames = -(-(size - SALT) // SEALED)
    if size < SALT + _TAG or size - SALT - (frames - 1) * SEALED < _TAG:
        raise Broken
    return frames


def clear_size(size: int) -> int:
    """Return the bytes that were recorded, of a file of this size on the disk; raise Broken."""
    return size - SALT - count_of(size) * _TAG


def _nonce(number: int) -> bytes:
    return number.to_bytes(_NONCE, "big")
