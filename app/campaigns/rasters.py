"""Pages of a PDF as pictures: to show what will be printed, and to read its QR codes back."""

from __future__ import annotations

import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2
import zxingcpp

#: The library that draws pages must not be called by two threads at once.
_ONE_AT_A_TIME = threading.Lock()


def png_of(pdf: bytes, dpi: int, page: int = 0) -> bytes:
    """Return one page of a document as a PNG."""
    with _pages(pdf) as document:
        bitmap = document[page].render(scale=dpi / 72, rev_byteorder=True)
        width, height, stride = bitmap.width, bitmap.height, bitmap.stride
        pixels = bytes(bitmap.buffer)
    row = width * bitmap.n_channels
    # Each row of a PNG begins with the filter it was written with: 0, none.
    rows = b"".join(b"\0" + pixels[y * stride : y * stride + row] for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(name, content) for name, content in parts)


def decoded(pdf: bytes, dpi: int) -> list[str]:
    """Return what the QR codes of a document say, page by page, read as a camera would."""
    found = []
    with _pages(pdf) as document:
        for page in document:
            bitmap = page.render(scale=dpi / 72, grayscale=True)
            stride, height = bitmap.stride, bitmap.height
            pixels = memoryview(bytes(bitmap.buffer)).cast("B", (height, stride))
            found += [code.text for code in zxingcpp.read_barcodes(pixels)]
    return found


@contextmanager
def _pages(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    with _ONE_AT_A_TIME, pypdfium2.PdfDocument(pdf) as document:
        yield document


def _part(name: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)
