"""What a file is, by its first bytes; its name and what the browser says of it are never asked."""

from __future__ import annotations

from typing import Final, NamedTuple

from app.media.limits import AUDIO, IMAGE, VIDEO, Kind

#: Bytes that are enough to tell.
HEAD: Final = 64

_PICTURES: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
#: The pictures that some telephones make, which share a container with films.
_HEIC: Final = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif")
#: First boxes of a film of the QuickTime family.
_BOXES: Final = (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide")
#: What each container is read with, and with nothing else: no playlist, no script of cuts.
_BY_HEAD: Final = (
    (b"\x1aE\xdf\xa3", "matroska"),
    (b"OggS", "ogg"),
    (b"#!AMR", "amr"),
    (b"ID3", "mp3"),
)

_ADVICE = "Demandez-la en JPEG, ou une photo de l’écran."
#: Why a file is refused, in French for the team; public pages have words of their own by code.
REFUSALS: Final = {
    "vide": "Le fichier reçu est vide.",
    "heic": f"Cette photo est au format HEIC, que peu d’appareils savent montrer. {_ADVICE}",
    "inconnu": "Le fichier reçu n’est ni une voix, ni une photo, ni un film que nous connaissons.",
    "autre": "Le fichier reçu n’est pas ce qui était annoncé : un film à la place d’une photo.",
}


class WrongKind(Exception):  # noqa: N818 - it says what the file is
    """Refuse a file for what it is; `reason` is a code of REFUSALS."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Container(NamedTuple):
    """Be what a file is written in: a picture, or what `demuxer` reads."""

    is_picture: bool
    demuxer: str = ""


def container_of(head: bytes, announced: Kind) -> Container:
    """Return what a file is written in; raise WrongKind for all that we do not take.

    A voice that comes in a film is taken, for its voice; a photo in the place of a film too.
    """
    found = _recognised(head)
    if (found.is_picture and announced == AUDIO) or (not found.is_picture and announced == IMAGE):
        raise WrongKind("autre")
    return found


def kind_of(announced: Kind, *, is_picture: bool, has_film: bool) -> Kind:
    """Return what is kept of a file: never more than what the person announced."""
    if is_picture:
        return IMAGE
    return VIDEO if has_film and announced == VIDEO else AUDIO


def _recognised(head: bytes) -> Container:
    if not head:
        raise WrongKind("vide")
    if head.startswith(_PICTURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return Container(is_picture=True)
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC:
        raise WrongKind("heic")
    demuxer = _demuxer(head)
    if not demuxer:
        raise WrongKind("inconnu")
    return Container(is_picture=False, demuxer=demuxer)


def _demuxer(head: bytes) -> str:
    for start, demuxer in _BY_HEAD:
        if head.startswith(start):
            return demuxer
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    if head[4:8] in _BOXES:
        return "mov"
    if len(head) > 1 and head[0] == 0xFF:  # a frame of sound without a container
        if head[1] & 0xF6 == 0xF0:
            return "aac"
        if head[1] & 0xE6 == 0xE2:
            return "mp3"
    return ""
