"""`./run` as somebody starts it: it says where to go, shows a QR code, and stops cleanly."""

from __future__ import annotations

import os
import re
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
import zxingcpp
from PIL import Image

from app.serving import SIGN_IN_FILE
from config import PROJECT
from tests.ports import free_port

BLOCKS = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}


@pytest.fixture
def port() -> int:
    return free_port()


@contextmanager
def started(data: Path, port: int) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start, wait until it says how to stop, and yield the process and all it said."""
    environment = os.environ | {"RECUEIL_DATA": str(data), "PORT": str(port)}
    environment.pop("RECUEIL_BASE_URL", None)
    process = subprocess.Popen(
        [PROJECT / "run"], env=environment, stdout=subprocess.PIPE, stderr=None, text=True
    )
    assert process.stdout is not None
    said = ""
    while "Ctrl-C" not in said:
        line = process.stdout.readline()
        assert line, f"it stopped after: {said}"
        said += line
    try:
        yield process, said
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
        process.stdout.close()


def test_run_says_where_to_go_and_the_second_start_is_quick(tmp_path: Path, port: int) -> None:
    data = tmp_path / "données"
    began = time.monotonic()
    with started(data, port) as (process, said):
        # What slows a stop or the second start on a machine with much to do slows this one too.
        first = time.monotonic() - began
        address = re.search(r"démonstration : (http://\S+)", said)
        assert address
        assert f":{port}/" in address[1]
        assert decoded(said) == address[1].upper()
        with urlopen(f"http://127.0.0.1:{port}/{address[1].rpartition('/')[2]}") as page:
            assert b"<form" in page.read() or page.headers["Content-Encoding"] == "gzip"
        password = re.search(r"mot de passe +(\S+)", said)
        assert password
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
        assert time.monotonic() - began < max(10, first)
    assert stat.S_IMODE((data / SIGN_IN_FILE).stat().st_mode) == 0o600
    began = time.monotonic()
    with started(data, port) as (_, again):
        assert time.monotonic() - began < max(5, first)
        assert decoded(again) == decoded(said)
        assert password[1] not in again
        assert SIGN_IN_FILE in again


def test_a_busy_port_is_said_in_french(tmp_path: Path, port: int) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", port))
        listener.listen()
        environment = os.environ | {"RECUEIL_DATA": str(tmp_path), "PORT": str(port)}
        done = subprocess.run(
            [PROJECT / ".venv" / "bin" / "recueil", "serve"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert f"PORT={port + 1}" in done.stderr


def decoded(said: str) -> str:
    """Read the QR code that stands in what was said."""
    bare = [re.sub(r"\x1b\[[\d;]*m", "", line) for line in said.splitlines()]
    drawn = [line for line in bare if line and set(line) <= set(BLOCKS)]
    rows = [[BLOCKS[sign][half] for sign in line] for line in drawn for half in (0, 1)]
    picture = Image.new("L", (len(rows[0]), len(rows)), 255)
    picture.putdata([255 * (1 - module) for row in rows for module in row])
    found = zxingcpp.read_barcodes(picture.resize([6 * side for side in picture.size], 0))
    return str(found[0].text)
