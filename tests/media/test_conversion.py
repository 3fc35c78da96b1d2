"""What people send becomes what every phone plays, and says nothing of who made it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from app.media import conversion, ffmpeg
from app.media.conversion import EMPTY, Unusable, convert
from app.media.limits import AUDIO, IMAGE, KINDS, LONGEST_SIDE, POSTER_SIDE, VIDEO, Limit
from app.media.store import StoreFull
from tests.media.conftest import FILMS, MARKER, PLACE, VOICES, picture, streams
from tests.media.conftest import ffmpeg as make_sample

pytestmark = pytest.mark.usefixtures("samples")


def sample(tmp_path: Path, content: bytes) -> Path:
    file = tmp_path / "original"
    file.write_bytes(content)
    return file


@pytest.mark.parametrize("name", VOICES)
def test_a_voice_becomes_one_that_every_phone_plays(
    samples: Path, tmp_path: Path, name: str
) -> None:
    made = convert(samples / name, AUDIO, tmp_path)
    found = streams(made.playable.read_bytes(), tmp_path)
    (voice,) = found["streams"]
    assert (voice["codec_name"], voice["profile"], made.content_type) == ("aac", "LC", "audio/mp4")
    assert (made.kind, made.seconds, made.poster) == (AUDIO, 2, None)


@pytest.mark.parametrize("name", FILMS)
def test_a_film_becomes_one_that_every_phone_plays(
    samples: Path, tmp_path: Path, name: str
) -> None:
    made = convert(samples / name, VIDEO, tmp_path)
    content = made.playable.read_bytes()
    film, voice = streams(content, tmp_path)["streams"]
    assert (film["codec_name"], film["profile"]) == ("h264", "Constrained Baseline")
    assert (film["pix_fmt"], voice["codec_name"]) == ("yuv420p", "aac")
    assert content.index(b"moov") < content.index(b"mdat")  # plays before all of it came
    assert (made.kind, made.seconds, made.content_type) == (VIDEO, 2, "video/mp4")
    assert (made.width, made.height) == (film["width"], film["height"])
    assert made.poster is not None
    with Image.open(made.poster) as poster:
        assert (poster.format, max(poster.size) <= POSTER_SIDE) == ("JPEG", True)


@pytest.mark.parametrize("name", [*VOICES, *FILMS])
def test_nothing_stays_of_what_the_phone_wrote(samples: Path, tmp_path: Path, name: str) -> None:
    original = (samples / name).read_bytes()
    if name not in ("voice.aac", "film.3gp"):  # which hold no title
        assert MARKER.encode() in original
    made = convert(samples / name, VIDEO if name in FILMS else AUDIO, tmp_path)
    content = made.playable.read_bytes() + (made.poster.read_bytes() if made.poster else b"")
    for trace in (MARKER, PLACE, "48.1173", "Liliane", "Lavf"):
        assert trace.encode() not in content, trace
    found = streams(made.playable.read_bytes(), tmp_path)
    usual = {"major_brand", "minor_version", "compatible_brands"}
    assert set(found["format"].get("tags", {})) <= usual
    assert all(
        set(one.get("tags", {})) <= {"language", "handler_name", "vendor_id", "encoder"}
        for one in found["streams"]
    )


def test_a_film_without_a_sound_is_a_film(samples: Path, tmp_path: Path) -> None:
    made = convert(samples / "silent.mp4", VIDEO, tmp_path)
    assert [
        one["codec_type"] for one in streams(made.playable.read_bytes(), tmp_path)["streams"]
    ] == ["video"]


def test_of_a_film_sent_as_a_voice_only_the_voice_is_kept(samples: Path, tmp_path: Path) -> None:
    """Who chose to be heard is not seen."""
    made = convert(samples / "film.mp4", AUDIO, tmp_path)
    assert (made.kind, made.poster) == (AUDIO, None)
    assert len(streams(made.playable.read_bytes(), tmp_path)["streams"]) == 1


def test_a_voice_sent_as_a_film_is_a_voice(samples: Path, tmp_path: Path) -> None:
    assert convert(samples / "voice.webm", VIDEO, tmp_path).kind == AUDIO


def test_a_film_without_a_sound_sent_as_a_voice_is_refused(samples: Path, tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="vide"):
        convert(samples / "silent.mp4", AUDIO, tmp_path)


def test_the_cover_of_a_song_is_no_film(samples: Path, tmp_path: Path) -> None:
    (tmp_path / "cover.png").write_bytes(picture("PNG"))
    make_sample(
        "-i", str(samples / "voice.mp3"), "-i", "cover.png", "-map", "0", "-map", "1",
        "-c", "copy", "-disposition:v", "attached_pic", "song.mp3", folder=tmp_path,
    )  # fmt: skip
    assert convert(tmp_path / "song.mp3", VIDEO, tmp_path).kind == AUDIO


@pytest.mark.parametrize(
    ("turned", "shown"), [("0", (852, 480)), ("90", (480, 852)), ("180", (852, 480))]
)
def test_a_film_stands_upright_and_within_480_lines(
    tmp_path: Path, turned: str, shown: tuple[int, int]
) -> None:
    make_sample(
        "-f", "lavfi", "-i", "testsrc=size=1920x1080:rate=10:duration=1", "-c:v", "libx264",
        "flat.mp4", folder=tmp_path,
    )  # fmt: skip
    make_sample(
        "-i", "flat.mp4", "-c", "copy", "-metadata:s:v", f"rotate={turned}", "turned.mp4",
        folder=tmp_path,
    )  # fmt: skip
    made = convert(tmp_path / "turned.mp4", VIDEO, tmp_path)
    (film,) = streams(made.playable.read_bytes(), tmp_path)["streams"]
    assert (film["width"], film["height"]) == shown == (made.width, made.height)
    assert "side_data_list" not in film


def test_what_is_too_long_is_cut_where_it_was_said(tmp_path: Path) -> None:
    """Ten hours of silence, small in bytes."""
    make_sample(
        "-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono", "-t", "60", "-c:a", "libopus",
        "-b:a", "500", "-frame_duration", "60", "minute.webm", folder=tmp_path,
    )  # fmt: skip
    make_sample(
        "-stream_loop", "599", "-i", "minute.webm", "-c", "copy", "long.webm", folder=tmp_path
    )
    assert (tmp_path / "long.webm").stat().st_size < KINDS[AUDIO].most_bytes
    made = convert(tmp_path / "long.webm", AUDIO, tmp_path)
    assert made.seconds == KINDS[AUDIO].most_seconds


def test_a_long_film_is_cut(samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversion, "KINDS", {**KINDS, VIDEO: Limit(KINDS[VIDEO].most_bytes, 1)})
    assert convert(samples / "film.webm", VIDEO, tmp_path).seconds == 1


@pytest.mark.parametrize("turned", range(1, 9))
def test_a_photo_stands_upright_and_says_nothing_else(tmp_path: Path, turned: int) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E], exif[0x010F] = turned, MARKER, MARKER
    exif.get_ifd(0x8825)[1] = "N"
    upright = Image.new("RGB", (2000, 1500), "red")
    upright.paste("blue", (1000, 0, 2000, 1500))
    written = io.BytesIO()
    # Laid down as a phone that is held sideways does; read with its mark, it stands again.
    _LAID[turned](upright).save(written, "JPEG", exif=exif, comment=MARKER.encode())
    made = convert(sample(tmp_path, written.getvalue()), IMAGE, tmp_path)
    content = made.playable.read_bytes()
    assert MARKER.encode() not in content
    assert b"Exif" not in content
    assert (made.kind, made.content_type) == (IMAGE, "image/jpeg")
    with Image.open(io.BytesIO(content)) as drawn:
        assert (drawn.size, drawn.info.keys() & {"exif", "icc_profile", "comment"}) == (
            (LONGEST_SIDE, 1200),
            set(),
        )
        left, right = drawn.getpixel((100, 600)), drawn.getpixel((1500, 600))
        assert isinstance(left, tuple)
        assert isinstance(right, tuple)
        assert (left[0] > 200, right[2] > 200) == (True, True)
    assert made.poster is not None
    with Image.open(made.poster) as poster:
        assert poster.size == (POSTER_SIDE, 360)


_LAID = {
    1: lambda one: one,
    2: lambda one: one.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    3: lambda one: one.transpose(Image.Transpose.ROTATE_180),
    4: lambda one: one.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
    5: lambda one: one.transpose(Image.Transpose.TRANSPOSE),
    6: lambda one: one.transpose(Image.Transpose.ROTATE_90),
    7: lambda one: one.transpose(Image.Transpose.TRANSVERSE),
    8: lambda one: one.transpose(Image.Transpose.ROTATE_270),
}


@pytest.mark.parametrize(
    "content",
    [
        picture("PNG"),
        picture("PNG", mode="RGBA", color=(0, 0, 0, 0)),
        picture("WEBP"),
        picture("JPEG", progressive=True),
        picture("JPEG", mode="CMYK", color=0),
        picture("WEBP", save_all=True, append_images=[Image.new("RGB", (400, 300))]),
    ],
)
def test_other_pictures_become_jpeg(tmp_path: Path, content: bytes) -> None:
    made = convert(sample(tmp_path, content), IMAGE, tmp_path)
    with Image.open(made.playable) as drawn:
        assert (drawn.format, drawn.size, getattr(drawn, "n_frames", 1)) == ("JPEG", (400, 300), 1)


def test_a_photo_of_fifty_million_points_is_taken(tmp_path: Path) -> None:
    """Telephones make them; JPEG lets us open one at a half."""
    written = io.BytesIO()
    Image.new("RGB", (8160, 6120)).save(written, "JPEG", quality=60)
    made = convert(sample(tmp_path, written.getvalue()), IMAGE, tmp_path)
    assert (made.width, made.height) == (1600, 1200)


def test_an_empty_recording_is_refused(tmp_path: Path) -> None:
    make_sample(
        "-f", "lavfi", "-i", "sine=duration=0.05", "-c:a", "aac", "short.m4a", folder=tmp_path
    )
    with pytest.raises(Unusable) as caught:
        convert(tmp_path / "short.m4a", AUDIO, tmp_path)
    assert caught.value.words == EMPTY


def test_without_ffmpeg_only_pictures_are_made(
    samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ffmpeg.Missing):
        convert(samples / "voice.webm", AUDIO, tmp_path)
    assert convert(sample(tmp_path, picture()), IMAGE, tmp_path).kind == IMAGE


def test_what_runs_is_stopped_when_nobody_wants_it(samples: Path, tmp_path: Path) -> None:
    make_sample(
        "-f", "lavfi", "-i", "testsrc=size=1280x720:rate=30:duration=20", "-c:v", "libx264",
        "-preset", "ultrafast", "long.mp4", folder=tmp_path,
    )  # fmt: skip
    film = tmp_path / "film.mp4"
    with pytest.raises(ffmpeg.Stopped):  # wanted until it runs
        convert(tmp_path / "long.mp4", VIDEO, tmp_path, lambda: not film.exists())
    assert not _running(str(film))


def test_a_program_that_takes_too_much_is_stopped(
    long_film: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The film takes seconds: it is never made before it is stopped."""
    film = tmp_path / "long.mp4"
    film.write_bytes(long_film)
    monkeypatch.setattr(ffmpeg, "MOST_MEMORY", 32 << 20)
    with pytest.raises(ffmpeg.Failed):
        ffmpeg.make(film, "mov", ["-c:v", "libx264", "-f", "mp4"], tmp_path / "m")
    monkeypatch.setattr(ffmpeg, "MOST_MEMORY", 2 << 30)
    monkeypatch.setattr(ffmpeg, "MOST_WRITTEN", 10_000)
    with pytest.raises(ffmpeg.Failed):
        ffmpeg.make(film, "mov", ["-c:v", "libx264", "-f", "mp4"], tmp_path / "m")
    monkeypatch.setattr(ffmpeg, "MOST_WRITTEN", 2 << 30)
    monkeypatch.setattr(ffmpeg, "LONGEST_RUN", 0)
    with pytest.raises(ffmpeg.Failed, match="too long"):
        ffmpeg.make(film, "mov", ["-c:v", "libx264", "-f", "mp4"], tmp_path / "m")


@pytest.mark.skipif(os.geteuid() != 0, reason="monter un petit disque demande d'être root")
def test_a_full_disk_is_told_from_a_bad_file(samples: Path, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "none", small], check=False)
    if mounted.returncode != 0:
        pytest.skip("on ne peut pas monter de disque ici")
    try:
        with pytest.raises((StoreFull, OSError)):
            convert(samples / "film.mp4", VIDEO, small)
    finally:
        subprocess.run(["umount", small], check=True)


def test_a_bomb_takes_little_memory(tmp_path: Path) -> None:
    """Ten thousand bytes that hold 243 MB of points; and the largest photo that is taken."""
    tiny = io.BytesIO()
    Image.new("P", (9_000, 9_000)).save(tiny, "PNG", compress_level=9)
    large = io.BytesIO()
    Image.new("RGB", (8_000, 8_000)).save(large, "JPEG")
    peaks = {
        name: _peak(tmp_path, content)
        for name, content in {
            "nothing": b"",
            f"{len(tiny.getvalue())} bytes, 81 million points": tiny.getvalue(),
            "64 million points, JPEG": large.getvalue(),
        }.items()
    }
    print(json.dumps(peaks, indent=1))
    base, bomb, largest = peaks.values()
    assert len(tiny.getvalue()) < 10_000
    assert bomb - base < 8
    assert largest - base < 100


def _peak(tmp_path: Path, content: bytes) -> int:
    """Return the megabytes that another process takes to convert a file, or to refuse it."""
    file = sample(tmp_path, content)
    script = (
        "import re, sys; from pathlib import Path\n"
        "from app.media.conversion import Unusable, convert\n"
        "try:\n    convert(Path(sys.argv[1]), 'image', Path(sys.argv[2]))\n"
        "except Unusable: pass\n"
        # Not `ru_maxrss`, which begins at what the process that started it took.
        "said = Path('/proc/self/status').read_text()\n"
        "print(int(re.search(r'VmHWM:\\s+(\\d+)', said)[1]) // 1024)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, file, tmp_path], check=True, capture_output=True, timeout=300
    )
    return int(ran.stdout)


def _running(name: str) -> bool:
    found = subprocess.run(["pgrep", "-f", name], check=False, capture_output=True)
    return found.returncode == 0
