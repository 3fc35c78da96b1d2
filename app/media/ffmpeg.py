"""Run ffmpeg and ffprobe as programs that could be turned against us: they get little of all."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.media.store import StoreFull

#: Seconds of processor and of the clock for one conversion: two minutes of a film in 4K, on a
#: small machine.
MOST_PROCESSOR: Final = 900
LONGEST_RUN: Final = 1_800
#: Seconds to look into a file.
LONGEST_LOOK: Final = 30
#: Bytes of memory, and of the largest file written.
MOST_MEMORY: Final = 2 << 30
MOST_WRITTEN: Final = 128 << 20
#: Seconds between two looks at a program that runs.
_PACE: Final = 0.2
#: Decoders that strangers may reach; ffmpeg knows hundreds of others.
_CODECS: Final = (
    "opus,libopus,vorbis,aac,mp3,mp3float,alac,amrnb,amrwb,pcm_u8,pcm_s16le,pcm_s16be,pcm_s24le,"
    "pcm_s32le,pcm_f32le,pcm_alaw,pcm_mulaw,vp8,vp9,libvpx,libvpx-vp9,h264,hevc,h263,mpeg4,"
    "av1,libdav1d"
)
#: Covers and subtitles, which phones add and we never take: a look must not stumble on them.
_IGNORED: Final = "png,mjpeg,mov_text"
#: More points than a film in 4K has, and no picture of it is decoded.
_MOST_POINTS: Final = 4_096 * 2_304
#: No library of fonts, no hardware, no colour of a terminal: the program has an empty world.
_ENVIRONMENT: Final = {"PATH": os.defpath, "LC_ALL": "C", "AV_LOG_FORCE_NOCOLOR": "1"}

#: Called while a program runs: False stops it.
Beat = Callable[[], bool]


class Missing(Exception):  # noqa: N818 - it says what the machine lacks
    """Say that ffmpeg is not installed."""


class Failed(Exception):  # noqa: N818 - it says what the program did
    """Say that a program could not read or make a file."""


class Stopped(Exception):  # noqa: N818 - it says what we did
    """Say that a program was stopped because we are, or because nobody wants its work any more."""


@dataclass(frozen=True, slots=True)
class Stream:
    """Be the first film or the first voice of a file."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Found:
    """Be what is in a file."""

    has_voice: bool
    film: Stream | None
    #: None when the file does not say.
    seconds: float | None


def is_installed() -> bool:
    """Tell whether both programs are there."""
    return shutil.which("ffmpeg") is not None and shutil.which("ffprobe") is not None


def look(file: Path, demuxer: str) -> Found:
    """Return what is in a file that is read one way only; raise Failed or Missing."""
    wanted = (
        "stream=codec_type,codec_name,width,height:stream_disposition=attached_pic:format=duration"
    )
    options = ["-show_entries", wanted, "-of", "json"]
    reading = _reading(file, demuxer, f"{_CODECS},{_IGNORED}")
    written = _run(["ffprobe", "-v", "error", *options, *reading], LONGEST_LOOK)
    try:
        said = json.loads(written)
    except ValueError as error:
        raise Failed("unreadable") from error
    streams = said.get("streams", [])
    voices = [one for one in streams if one.get("codec_type") == "audio" and _is_known(one)]
    films = [one for one in streams if one.get("codec_type") == "video" and _is_film(one)]
    film = Stream(films[0].get("width", 0), films[0].get("height", 0)) if films else None
    return Found(bool(voices), film, _seconds(said.get("format", {}).get("duration")))


def make(
    file: Path, demuxer: str, options: Sequence[str], made: Path, beat: Beat = lambda: True
) -> None:
    """Make one file of another; raise Failed, Missing, Stopped or StoreFull."""
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-threads", "1", "-filter_threads", "1"]
    command += [*_reading(file, demuxer), *options, "-threads", "1", f"file:{made}"]
    _run(command, LONGEST_RUN, beat)
    if not made.exists() or not made.stat().st_size:
        raise Failed("empty")


def _reading(file: Path, demuxer: str, codecs: str = _CODECS) -> list[str]:
    """Return how a file is read: from the disk only, one way, by decoders that we name."""
    limits = ["-protocol_whitelist", "file", "-codec_whitelist", codecs]
    return [*limits, "-max_pixels", str(_MOST_POINTS), "-f", demuxer, "-i", f"file:{file}"]


def _run(command: list[str], longest: float, beat: Beat = lambda: True) -> bytes:
    try:
        process = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_ENVIRONMENT,
            start_new_session=True,  # a Ctrl-C is for us: we stop it and give the work back
        )
    except FileNotFoundError as error:
        raise Missing from error
    with process:
        try:
            _restrain(process.pid)
            written, said = _followed(process, longest, beat)
        except BaseException:
            process.kill()
            raise
    # Asked of a success too: closing a file that did not fit is only a line on the way out.
    if b"No space left" in said or b"Disk quota" in said:
        raise StoreFull
    if process.returncode != 0:
        raise Failed(f"{command[0]}: {process.returncode}")
    return written


def _followed(process: subprocess.Popen[bytes], longest: float, beat: Beat) -> tuple[bytes, bytes]:
    """Wait for a program, and stop it when it takes too long or when nobody wants it any more."""
    until = time.monotonic() + longest
    while True:
        try:
            return process.communicate(timeout=_PACE)
        except subprocess.TimeoutExpired:
            if time.monotonic() > until:
                raise Failed("too long") from None
            if not beat():
                raise Stopped from None


def _restrain(pid: int) -> None:
    """Bound what a program takes of the machine; it begins with what everybody has."""
    if not hasattr(resource, "prlimit"):  # elsewhere than on Linux, where nobody serves
        return
    for limit, most in (
        (resource.RLIMIT_CPU, MOST_PROCESSOR),
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_FSIZE, MOST_WRITTEN),
        (resource.RLIMIT_CORE, 0),
    ):
        # It ended already, or the machine bounds it more closely.
        with suppress(ProcessLookupError, PermissionError, ValueError):
            resource.prlimit(pid, limit, (most, most))
    with suppress(ProcessLookupError, PermissionError):
        os.setpriority(os.PRIO_PROCESS, pid, 10)


def _is_known(stream: dict[str, Any]) -> bool:
    return stream.get("codec_name", "unknown") in _CODECS.split(",")


def _is_film(stream: dict[str, Any]) -> bool:
    """Tell a film from the cover of a song."""
    return _is_known(stream) and not stream.get("disposition", {}).get("attached_pic")


def _seconds(said: object) -> float | None:
    try:
        return float(str(said))
    except ValueError:
        return None
