"""A page compressed once, into which a few short values are put at each answer.

The parts around the values are deflated apart, each up to a full flush, so that they stand on
whole bytes and never look back across a value. A value goes between them as a stored block.
Only the checksum is computed again.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Sequence

_RAW = -zlib.MAX_WBITS
#: With it, zlib ends no block by itself.
_MOST_MEMORY = 9
_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
#: Stands for a value in the page; the byte is allowed in no page, so nothing else looks like it.
MARK = "\x1a"
#: Where one kind of text ends and another begins: style, drawings, words. Each then has a block
#: of its own, with the code that suits it: a page some hundred bytes lighter.
_SEAM = re.compile(rb"(?<=</style>)|(?<=</symbol></svg>)")


class Spliced:
    """Hold a page with holes, ready to be sent."""

    def __init__(self, page: str) -> None:
        self._parts = page.encode().split(MARK.encode())
        last = len(self._parts) - 1
        self._deflated = [
            _deflate(part, zlib.Z_FINISH if rank == last else zlib.Z_FULL_FLUSH)
            for rank, part in enumerate(self._parts)
        ]
        self._first_checksum = zlib.crc32(self._parts[0])

    def plain(self, *values: str) -> bytes:
        """Return the page with its values, not compressed."""
        return b"".join(self._woven(self._parts, [value.encode() for value in values]))

    def gzip(self, *values: str) -> bytes:
        """Return the page with its values, compressed."""
        encoded = [value.encode() for value in values]
        checksum, length = self._first_checksum, len(self._parts[0])
        for value, part in zip(encoded, self._parts[1:], strict=True):
            checksum = zlib.crc32(part, zlib.crc32(value, checksum))
            length += len(value) + len(part)
        body = self._woven(self._deflated, [_stored(value) for value in encoded])
        return b"".join((_HEADER, *body, struct.pack("<II", checksum, length)))

    def _woven(self, parts: Sequence[bytes], values: Sequence[bytes]) -> list[bytes]:
        woven = [parts[0]]
        for value, part in zip(values, parts[1:], strict=True):
            woven += (value, part)
        return woven


def _deflate(part: bytes, flush: int) -> bytes:
    compressor = zlib.compressobj(9, zlib.DEFLATED, _RAW, _MOST_MEMORY)
    first, *others = _SEAM.split(part)
    squeezed = compressor.compress(first)
    for other in others:
        squeezed += compressor.flush(zlib.Z_BLOCK) + compressor.compress(other)
    return squeezed + compressor.flush(flush)


def _stored(value: bytes) -> bytes:
    return struct.pack("<BHH", 0, len(value), len(value) ^ 0xFFFF) + value
