"""Pictures that people send: known by their content, measured before they are opened, redrawn."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass

from PIL import Image, ImageFile, ImageOps

#: Heaviest picture that is received.
LARGEST_FILE = 5 * 1024 * 1024
#: Most pixels that are decoded: about 64 MB in memory.
MOST_PIXELS = 16_000_000
#: Most of a photograph: telephones make large ones, which JPEG lets us open at a half or less; one
#: that is drawn in several passes is held whole meanwhile.
MOST_PIXELS_OF_PHOTO = 64_000_000
MOST_PIXELS_IN_PASSES = 24_000_000
#: Below this, a picture prints as a smudge.
SMALLEST_SIDE = 40
#: Decoders that may open what strangers send, and nothing else.
FORMATS = ("PNG", "JPEG", "WEBP")

# We measure pictures ourselves, before anything opens them; the library would warn, then go on.
Image.MAX_IMAGE_PIXELS = None

DAMAGED_PHOTO = "Cette photo est abîmée ou incomplète : elle ne peut pas être montrée."
LARGE_PHOTO = "Cette photo a trop de points pour être ouverte sans risque."

_ADVICE = "Enregistrez-la en PNG avec un logiciel d’image, puis envoyez ce fichier."


class PictureError(ValueError):
    """Say in French why a picture cannot be taken, and what to do."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Be a picture drawn again by us: a PNG that holds pixels and nothing else."""

    png: bytes
    width: int
    height: int


def redraw(content: bytes, longest_side: int) -> Picture:
    """Return a picture sent by somebody, drawn again within a square; refuse what is not one."""
    _check_size(*_measure(content))
    # The library that prints posters turns this on for everybody when it is imported.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            _check_size(*opened.size)
            drawn = _flat(opened)
            drawn.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS)
            return _as_png(drawn)
    except PictureError:
        raise
    except Exception as error:  # what a hostile file makes a decoder raise cannot be listed
        raise PictureError(f"Cette image est abîmée ou incomplète. {_ADVICE}") from error


@dataclass(frozen=True, slots=True)
class Photograph:
    """Be a photograph drawn again by us: a JPEG that holds pixels and nothing else."""

    jpeg: bytes
    width: int
    height: int


def develop(content: bytes, longest_side: int, quality: int = 85) -> Photograph:
    """Return a photograph sent by somebody, upright, within a square; refuse what is not one."""
    measured = _measured_photo(content)
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            _check_same(opened.size, measured)
            opened.draft("RGB", (longest_side, longest_side))
            return _as_jpeg(_on_white(opened, longest_side), quality)
    except PictureError:
        raise
    except Exception as error:  # what a hostile file makes a decoder raise cannot be listed
        raise PictureError(DAMAGED_PHOTO) from error


def grey(png: bytes) -> bytes:
    """Return a picture drawn by us as a printer without colours prints it."""
    with Image.open(io.BytesIO(png), formats=("PNG",)) as opened:
        written = io.BytesIO()
        opened.convert("LA").save(written, "PNG")
    return written.getvalue()


def _measure(content: bytes) -> tuple[int, int]:
    """Read width and height in the first bytes; nothing is decoded yet."""
    if not content:
        raise PictureError("Choisissez une image sur votre appareil, puis envoyez-la.")
    if len(content) > LARGEST_FILE:
        raise PictureError("Cette image pèse plus de 5 Mo. Réduisez-la, puis envoyez-la encore.")
    return _measured(content)


def _measured(content: bytes) -> tuple[int, int]:
    try:
        if content.startswith(b"\x89PNG\r\n\x1a\n"):
            return struct.unpack(">II", content[16:24])
        if content.startswith(b"\xff\xd8\xff"):
            return _measure_jpeg(content)
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _measure_webp(content)
    except (struct.error, IndexError) as error:
        raise PictureError(f"Cette image est abîmée ou incomplète. {_ADVICE}") from error
    raise PictureError(_why_not(content))


def _measure_jpeg(content: bytes) -> tuple[int, int]:
    at = _frame_at(content)
    height, width = struct.unpack(">HH", content[at + 5 : at + 9])
    return width, height


def _frame_of(content: bytes) -> int:
    return content[_frame_at(content) + 1]


def _frame_at(content: bytes) -> int:
    """Return where the frame of a JPEG begins, which says its kind and its size."""
    at = 2
    while True:
        while content[at + 1] == 0xFF:  # markers may be padded
            at += 1
        marker, length = content[at + 1], struct.unpack(">H", content[at + 2 : at + 4])[0]
        if content[at] != 0xFF or length < 2:
            raise IndexError
        # The frames; C4, C8 and CC between them are tables.
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return at
        at += 2 + length


def _measure_webp(content: bytes) -> tuple[int, int]:
    kind = content[12:16]
    if kind == b"VP8X":
        return (
            1 + int.from_bytes(content[24:27], "little"),
            1 + int.from_bytes(content[27:30], "little"),
        )
    if kind == b"VP8L":
        bits = struct.unpack("<I", content[21:25])[0]
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack("<HH", content[26:30])
    return width & 0x3FFF, height & 0x3FFF


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise PictureError(
            "Cette image a trop de points : 16 millions au plus. "
            "Réduisez-la à 1 000 points de large, puis envoyez-la encore."
        )
    if max(width, height) < SMALLEST_SIDE:
        raise PictureError(
            f"Cette image est trop petite : {SMALLEST_SIDE} points de large au moins. "
            "Cherchez une version plus grande."
        )


def _measured_photo(content: bytes) -> tuple[int, int]:
    try:
        width, height = _measured(content)
    except PictureError as error:
        raise PictureError(DAMAGED_PHOTO) from error
    is_jpeg = content.startswith(b"\xff\xd8\xff")
    # The first two kinds of frames are drawn in one pass, line after line.
    in_passes = is_jpeg and _frame_of(content) not in (0xC0, 0xC1)
    most = MOST_PIXELS if not is_jpeg else MOST_PIXELS_OF_PHOTO
    if width * height > (MOST_PIXELS_IN_PASSES if in_passes else most):
        raise PictureError(LARGE_PHOTO)
    return width, height


def _check_same(size: tuple[int, int], measured: tuple[int, int]) -> None:
    """Refuse a file of which we did not measure what would be decoded."""
    if size != measured:
        raise PictureError(DAMAGED_PHOTO)


def _why_not(content: bytes) -> str:
    head = content[:1024].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if b"<svg" in head or head.startswith(b"<?xml"):
        return f"Un dessin SVG peut contenir un programme : il n’est pas accepté. {_ADVICE}"
    return f"Ce fichier n’est pas une image PNG, JPEG ou WebP. {_ADVICE}"


def _flat(opened: Image.Image) -> Image.Image:
    """Return the first image of a file, upright, in plain colours with transparency."""
    upright = ImageOps.exif_transpose(opened)
    if upright.mode.startswith(("I", "F")):
        upright = upright.convert("L")
    return upright.convert("RGBA")


def _as_png(drawn: Image.Image) -> Picture:
    # Pasted on a new sheet: profiles, places and comments of the file stay behind.
    sheet = Image.new("RGBA", drawn.size)
    sheet.paste(drawn)
    written = io.BytesIO()
    sheet.save(written, "PNG", optimize=True)
    return Picture(written.getvalue(), *sheet.size)


def _on_white(opened: Image.Image, longest_side: int) -> Image.Image:
    """Return the first image of a file, upright, small enough, on white where it is transparent."""
    if opened.mode.startswith(("RGB", "L", "CMYK", "YCbCr")):
        # Made small where it is, before it is turned and changed, each of which makes a copy.
        opened.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS)
    drawn = _flat(opened)
    drawn.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS)
    sheet = Image.new("RGB", drawn.size, "white")
    sheet.paste(drawn, mask=drawn.getchannel("A"))
    return sheet


def _as_jpeg(drawn: Image.Image, quality: int) -> Photograph:
    written = io.BytesIO()
    drawn.save(written, "JPEG", quality=quality, optimize=True, progressive=False)
    return Photograph(written.getvalue(), *drawn.size)
