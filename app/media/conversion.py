"""Make of what people send what every phone plays: drawn, sounded and filmed again by us.

Nothing of the original is copied but points and sounds: no place, no name of a phone, no hour, and
nothing that hides behind the end of a file.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.media import ffmpeg
from app.media.kinds import HEAD, REFUSALS, WrongKind, container_of, kind_of
from app.media.limits import AUDIO, IMAGE, KINDS, LONGEST_SIDE, POSTER_SIDE, VIDEO, Kind
from app.web.images import PictureError, develop

EMPTY = "Cet enregistrement est vide : il n’y a rien à entendre."
UNREADABLE = "Ce fichier est abîmé, incomplet ou trop grand : il n’y a rien à voir ni à entendre."
HEAVY = "Cette photo est trop lourde."
#: Under this, in seconds, somebody touched the button twice.
SHORTEST: Final = 0.2

#: Nothing that the original says of itself: whose it is, where, when, with what.
_BARE: Final = (
    "-map_metadata", "-1", "-map_metadata:s", "-1", "-map_chapters", "-1", "-sn", "-dn",
    "-fflags", "+bitexact", "-flags:a", "+bitexact",
)  # fmt: skip
_VOICE: Final = ("-c:a", "aac", "-b:a", "96k", "-ac", "2", "-ar", "44100")
#: Within 854 × 480, or 480 × 854 upright; never larger than it was.
_SCALE: Final = (
    "scale=w='if(gte(iw,ih),min(854,iw),min(480,iw))':h='if(gte(iw,ih),min(480,ih),min(854,ih))'"
    ":force_original_aspect_ratio=decrease:force_divisible_by=2,setsar=1"
)
#: What phones of ten years ago play.
_FILM: Final = (
    "-c:v", "libx264", "-profile:v", "baseline", "-level", "3.1", "-pix_fmt", "yuv420p",
    "-preset", "veryfast", "-crf", "25", "-maxrate", "1500k", "-bufsize", "3000k",
    "-fpsmax", "30", "-flags:v", "+bitexact", "-vf", _SCALE,
)  # fmt: skip
#: The most telling of the first pictures: the very first is often black.
_POSTER: Final = (
    "-map", "0:v:0", "-frames:v", "1", "-an",
    "-vf", f"thumbnail=60,scale={POSTER_SIDE}:{POSTER_SIDE}:force_original_aspect_ratio=decrease",
    "-c:v", "png", "-f", "image2", "-update", "1",
)  # fmt: skip


class Unusable(Exception):  # noqa: N818 - it says what the file is
    """Say in French why nothing can be made of a file: trying again would change nothing."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True, slots=True)
class Made:
    """Be what was made of a file, in the folder it was made in."""

    kind: Kind
    playable: Path
    content_type: str
    poster: Path | None = None
    seconds: int | None = None
    width: int | None = None
    height: int | None = None


def convert(file: Path, announced: Kind, folder: Path, beat: ffmpeg.Beat = lambda: True) -> Made:
    """Convert a file within a folder.

    Raise Unusable when it will never work, ffmpeg.Failed when it may another time,
    ffmpeg.Missing, ffmpeg.Stopped or StoreFull.
    """
    with file.open("rb") as opened:
        head = opened.read(HEAD)
    try:
        container = container_of(head, announced)
    except WrongKind as error:
        raise Unusable(REFUSALS[error.reason]) from error
    if container.is_picture:
        return _picture(file, folder)
    return _recording(file, container.demuxer, announced, folder, beat)


def _picture(file: Path, folder: Path) -> Made:
    if file.stat().st_size > KINDS[IMAGE].most_bytes:
        raise Unusable(HEAVY)
    try:
        photo = develop(file.read_bytes(), LONGEST_SIDE)
        small = develop(photo.jpeg, POSTER_SIDE, quality=80)
    except PictureError as error:
        raise Unusable(str(error)) from error
    playable, poster = folder / "image.jpg", folder / "poster.jpg"
    playable.write_bytes(photo.jpeg)
    poster.write_bytes(small.jpeg)
    return Made(IMAGE, playable, "image/jpeg", poster, None, photo.width, photo.height)


def _recording(file: Path, demuxer: str, announced: Kind, folder: Path, beat: ffmpeg.Beat) -> Made:
    if not ffmpeg.is_installed():
        raise ffmpeg.Missing
    try:
        found = ffmpeg.look(file, demuxer)
    except ffmpeg.Failed as error:
        raise Unusable(UNREADABLE) from error
    kind = kind_of(announced, is_picture=False, has_film=found.film is not None)
    if kind == VIDEO:
        return _film(file, demuxer, folder, beat)
    if not found.has_voice:
        raise Unusable(EMPTY)
    return _voice(file, demuxer, folder, beat)


def _voice(file: Path, demuxer: str, folder: Path, beat: ffmpeg.Beat) -> Made:
    made = folder / "voice.m4a"
    cut = ("-t", str(KINDS[AUDIO].most_seconds), "-map", "0:a:0", "-vn")
    ffmpeg.make(file, demuxer, [*cut, *_BARE, *_VOICE, *_finished("ipod")], made, beat)
    return Made(AUDIO, made, "audio/mp4", seconds=_length(made))


def _film(file: Path, demuxer: str, folder: Path, beat: ffmpeg.Beat) -> Made:
    made, frame, poster = folder / "film.mp4", folder / "frame.png", folder / "poster.jpg"
    # V is a film and not the cover of a song; the question mark lets a silent one through.
    cut = ("-t", str(KINDS[VIDEO].most_seconds), "-map", "0:V:0", "-map", "0:a:0?")
    ffmpeg.make(file, demuxer, [*cut, *_BARE, *_FILM, *_VOICE, *_finished("mp4")], made, beat)
    seconds = _length(made)
    film = ffmpeg.look(made, "mov").film or ffmpeg.Stream(0, 0)
    ffmpeg.make(made, "mov", [*_BARE, *_POSTER], frame, beat)
    try:
        poster.write_bytes(develop(frame.read_bytes(), POSTER_SIDE, quality=80).jpeg)
    except PictureError as error:
        raise Unusable(UNREADABLE) from error
    return Made(VIDEO, made, "video/mp4", poster, seconds, film.width, film.height)


def _finished(container: str) -> tuple[str, ...]:
    """Return how a file is closed: what a player needs first stands first."""
    return ("-max_muxing_queue_size", "1024", "-movflags", "+faststart", "-f", container)


def _length(made: Path) -> int:
    """Return the seconds of what we made; raise Unusable when there is next to nothing."""
    seconds = ffmpeg.look(made, "mov").seconds or 0.0
    if seconds < SHORTEST:
        raise Unusable(EMPTY)
    return max(round(seconds), 1)
