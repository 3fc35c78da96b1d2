"""What a command writes is for its owner alone, and is whole or not there."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from app.web.private_file import private_file


def test_a_file_that_others_could_read_is_theirs_no_more(tmp_path: Path) -> None:
    out = tmp_path / "reponses.csv"
    out.write_text("avant")
    out.chmod(0o644)
    with private_file(out) as file:
        file.write("après".encode())
    assert out.read_text("utf-8") == "après"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [out]


def test_what_fails_leaves_the_former_file(tmp_path: Path) -> None:
    out = tmp_path / "reponses.csv"
    out.write_text("avant")
    (tmp_path / ".reponses.csv.part").write_text("resté d’un arrêt")
    with pytest.raises(TypeError), private_file(out) as file:
        file.writelines([b"la moiti", None])  # type: ignore[list-item]
    assert out.read_text() == "avant"
    assert list(tmp_path.iterdir()) == [out]


def test_what_cannot_be_written_is_told_by_its_own_name(tmp_path: Path) -> None:
    out = tmp_path / "absent" / "reponses.csv"
    with pytest.raises(FileNotFoundError) as told, private_file(out):
        pass
    assert told.value.filename == str(out)


def test_a_pipe_is_written_as_it_is(tmp_path: Path) -> None:
    out, read = tmp_path / "tube", []
    os.mkfifo(out)
    reader = threading.Thread(target=lambda: read.append(out.read_bytes()))
    reader.start()
    with private_file(out) as file:
        file.write(b"ligne")
    reader.join()
    assert read == [b"ligne"]
    assert stat.S_ISFIFO(out.stat().st_mode)
