"""Files that mean harm, or are broken; made here, so that none lies in the repository."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from PIL import Image

from tests.media.conftest import picture

SECRET = "SECRET-DU-SERVEUR"
HTML = f"<!doctype html><script>alert('{SECRET}')</script>".encode()


def refused(folder: Path) -> dict[str, bytes]:
    """Return what is no voice, picture or film of ours, by what it is; some name a secret file."""
    secret = folder / "secret.wav"
    secret.write_text(SECRET)
    gif, still = io.BytesIO(), Image.new("P", (60, 60))
    still.save(gif, "GIF", save_all=True, append_images=[still])
    tiff = io.BytesIO()
    Image.new("RGB", (60, 60)).save(tiff, "TIFF")
    return {
        "program": b"\x7fELF\x02\x01\x01" + bytes(200),
        "windows program": b"MZ\x90\x00" + bytes(200),
        "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        "pdf": b"%PDF-1.7\n" + bytes(200),
        "zip": _zip(),
        "html": HTML,
        "script": b"#!/bin/sh\ncat /etc/passwd\n",
        "playlist": f"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1,\nfile://{secret}\n".encode(),
        "list of cuts": f"ffconcat version 1.0\nfile '{secret}'\n".encode(),
        "dash": f"<?xml version='1.0'?><MPD><BaseURL>file://{secret}</BaseURL></MPD>".encode(),
        "subtitles": b"1\n00:00:00,000 --> 00:00:02,000\nhello\n",
        "avi": b"RIFF\x00\x01\x00\x00AVI LIST" + bytes(200),
        "flash": b"FLV\x01\x05\x00\x00\x00\x09" + bytes(200),
        "gif": gif.getvalue(),
        "tiff": tiff.getvalue(),
        "heic": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(200),
        "avif": b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1avif" + bytes(200),
        "nothing but zeros": bytes(5_000),
    }


def broken(samples: Path) -> dict[str, tuple[str, bytes]]:
    """Return what begins as it should, with the kind it is sent as."""
    film, voice = (samples / "film.mp4").read_bytes(), (samples / "voice.webm").read_bytes()
    photo = picture(size=(1200, 900))
    png = picture("PNG")
    return {
        "half a photo": ("image", photo[: len(photo) // 2]),
        "half a png": ("image", png[: len(png) // 2]),
        "head of a photo": ("image", photo[:100]),
        "a photo of nothing": ("image", b"\xff\xd8\xff\xe0"),
        "half a film, its index at the end": ("video", film[: len(film) // 2]),
        "head of a voice": ("audio", voice[:80]),
        "a film of zeros": ("video", film[:32] + bytes(20_000)),
        "an id3 and a playlist": ("audio", b"ID3\x04\0\0\0\0\0\0#EXTM3U\nfile:///etc/passwd\n"),
        "an ogg of nothing": ("audio", b"OggS" + bytes(4_000)),
        "a webm that points elsewhere": ("video", b"\x1aE\xdf\xa3" + b"file:///etc/passwd" * 100),
    }


def polyglots(samples: Path) -> dict[str, tuple[str, bytes]]:
    """Return real media with something else behind, before or inside."""
    photo, film = picture(), (samples / "film.mp4").read_bytes()
    png = picture("PNG")
    comment = b"\xff\xfe" + (len(HTML) + 2).to_bytes(2, "big") + HTML
    return {
        "photo and zip": ("image", photo + _zip()),
        "photo and html": ("image", photo + HTML),
        "photo with a page in its comment": ("image", photo[:2] + comment + photo[2:]),
        "png and html": ("image", png + HTML),
        "film and html": ("video", film + HTML),
        "voice and zip": ("audio", (samples / "voice.webm").read_bytes() + _zip()),
        "wav and html": ("audio", (samples / "voice.wav").read_bytes() + HTML),
        "mp3 and program": ("audio", (samples / "voice.mp3").read_bytes() + b"\x7fELF" + HTML),
    }


def _zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("index.html", HTML)
    return file.getvalue()
