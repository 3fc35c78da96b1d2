"""Pictures from strangers: measured before they are opened, redrawn, or refused in French."""

from __future__ import annotations

import io
import random
import struct
import zlib
from contextlib import suppress
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from app.web.images import LARGEST_FILE, MOST_PIXELS, PictureError, redraw


def written(mode: str = "RGB", size: tuple[int, int] = (300, 120), **options: Any) -> bytes:
    """Return a picture as a file."""
    file = io.BytesIO()
    Image.new(mode, size, options.pop("color", 0)).save(file, options.pop("form", "PNG"), **options)
    return file.getvalue()


def png_of(width: int, height: int, data: bytes = b"") -> bytes:
    """Return a PNG that announces any size, and brings what it wants."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_any_png_becomes_a_plain_png(mode: str) -> None:
    picture = redraw(written(mode), 600)
    with Image.open(io.BytesIO(picture.png)) as drawn:
        assert (drawn.format, drawn.size, drawn.mode) == ("PNG", (300, 120), "RGBA")
    assert (picture.width, picture.height) == (300, 120)


@pytest.mark.parametrize(
    "content",
    [
        written("RGB", form="JPEG"),
        written("CMYK", form="JPEG"),
        written("L", form="JPEG", progressive=True),
        written("RGB", form="WEBP"),
        written("RGBA", form="WEBP", lossless=True),
        written("RGBA", form="WEBP", lossless=False, color=(1, 2, 3, 128)),
    ],
)
def test_jpeg_and_webp_are_taken(content: bytes) -> None:
    picture = redraw(content, 600)
    assert (picture.width, picture.height) == (300, 120)


def test_a_large_picture_is_brought_within_the_square() -> None:
    picture = redraw(written("RGB", (2000, 1000)), 600)
    assert (picture.width, picture.height) == (600, 300)


def test_the_colours_and_the_transparency_stay() -> None:
    picture = redraw(written("RGBA", color=(15, 76, 92, 128)), 600)
    with Image.open(io.BytesIO(picture.png)) as drawn:
        assert drawn.getpixel((10, 10)) == (15, 76, 92, 128)


def test_a_photo_taken_upright_stays_upright_and_says_nothing_more() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Appareil de Nolwenn"
    picture = redraw(written("RGB", form="JPEG", exif=exif, comment=b"secret"), 600)
    assert (picture.width, picture.height) == (120, 300)
    assert b"Nolwenn" not in picture.png
    with Image.open(io.BytesIO(picture.png)) as drawn:
        assert drawn.info == {}
        assert not drawn.getexif()


def test_a_png_leaves_its_words_and_its_profile_behind() -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "Nolwenn")
    picture = redraw(written("RGB", pnginfo=words, icc_profile=b"profile-of-hers"), 600)
    assert b"Nolwenn" not in picture.png
    assert b"profile" not in picture.png
    assert b"iCCP" not in picture.png


def test_what_hides_behind_a_picture_stays_behind() -> None:
    picture = redraw(written() + b"<script>alert(1)</script>PK\x03\x04", 600)
    assert b"script" not in picture.png
    assert b"PK\x03\x04" not in picture.png


def test_a_bomb_is_refused_before_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(*_: object, **__: object) -> None:
        raise AssertionError("opened")

    monkeypatch.setattr(Image, "open", opened)
    webp = written("RGB", form="WEBP", lossless=True)
    huge_webp = webp[:21] + struct.pack("<I", 16383 | 16383 << 14) + webp[25:]
    extended = b"RIFF\0\0\0\0WEBPVP8X" + b"\n\0\0\0\0\0\0\0" + b"\xff\xff\xff" * 2
    jpeg = b"\xff\xd8\xff\xc0\0\x11\x08\xff\xff\xff\xff\x03"
    zeroes = zlib.compress(b"\0" * 1_000_000)
    for bomb in (png_of(50_000, 50_000, zeroes), huge_webp, extended, jpeg):
        with pytest.raises(PictureError, match="trop de points"):
            redraw(bomb, 600)
    assert MOST_PIXELS < 50_000 * 50_000


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Choisissez une image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"\xef\xbb\xbf\n<?xml version='1.0'?><svg/>", "SVG"),
        (b"%PDF-1.7", "PNG, JPEG ou WebP"),
        (b"GIF89a\x01\x00\x01\x00", "PNG, JPEG ou WebP"),
        (b"<html>", "PNG, JPEG ou WebP"),
        (written(size=(30, 30)), "trop petite"),
        (written()[:-40], "abîmée"),
        (written("RGB", form="JPEG", size=(900, 900))[:-200], "abîmée"),
        (png_of(300, 300, b"not zlib"), "abîmée"),
        (png_of(300, 0), "trop petite|abîmée"),
        (b"\x89PNG\r\n\x1a\n", "abîmée"),
        (b"\xff\xd8\xff", "abîmée"),
        (b"\xff\xd8\xff\xff\xff\xff\xff", "abîmée"),
        (b"\xff\xd8\xff\xe0\0\0", "abîmée"),
        (b"RIFF\0\0\0\0WEBP", "abîmée|trop petite"),
        (written() + b"\0" * LARGEST_FILE, "5 Mo"),
    ],
)
def test_what_is_no_picture_is_refused_with_what_to_do(content: bytes, said: str) -> None:
    with pytest.raises(PictureError, match=said):
        redraw(content, 600)


def test_chance_never_breaks_it() -> None:
    """Broken bytes are refused, or give a picture; nothing else ever comes out."""
    chance = random.Random(3)
    for whole in (written(), written("RGB", form="JPEG"), written("RGB", form="WEBP")):
        for _ in range(60):
            content = bytearray(whole)
            for _ in range(chance.randrange(1, 12)):
                content[chance.randrange(len(content))] = chance.randrange(256)
            with suppress(PictureError):
                assert redraw(bytes(content), 600).width <= 600
