"""What is left of somebody's words, voice or image where a service keeps or writes something."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID
from zipfile import ZipFile, is_zipfile

from click.testing import CliRunner

from app.cli import recueil
from app.media.store import Store
from tests.browser.recorder import data, stored, within
from tests.browser.service import Site

#: Bytes of a run: too many to be the same by chance.
RUN = 64
_SEALED = "SELECT ciphertext FROM {} WHERE testimony_id = ?"


def run_of(content: bytes) -> bytes:
    """Return bytes of the middle, which no header repeats."""
    middle = len(content) // 2
    run = content[middle : middle + RUN]
    assert len(set(run)) > RUN // 4, "the same everywhere"
    return run


def sealed(site: Site, testimony_id: UUID) -> list[bytes]:
    """Return the encrypted words of a testimony, as the database holds them."""
    file = data(site) / "recueil.sqlite3"
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as found:
        return [
            row[0]
            for table in ("testimony_text", "quote")
            for row in found.execute(_SEALED.format(table), (testimony_id.hex,))
        ]


def encrypted(site: Site, content: bytes) -> list[bytes]:
    """Return a run of each file of the store that deciphers to this content."""
    store = Store(data(site))
    return [
        run_of(file.read_bytes())
        for file in stored(site)
        if b"".join(store.read(file.parent.name)) == content
    ]


def written_out(site: Site, folder: Path) -> list[Path]:
    """Write all that leaves by a command: answers as CSV and as a workbook, and an archive."""
    folder.mkdir()
    export = ["responses", "export", site.code]
    for command in (
        [*export, "--out", f"{folder}/reponses.csv"],
        [*export, "--format", "xlsx", "--out", f"{folder}/reponses.xlsx"],
        ["backup", f"{folder}/copie.zip"],
    ):
        done = CliRunner().invoke(recueil, command, env=site.service.environment)
        assert done.exit_code == 0, done.output
    return sorted(folder.iterdir())


def ranks(found: list[str]) -> set[int]:
    """Return which marks `where` found."""
    return {int(one.rpartition(" ")[2]) for one in found}


def where(site: Site, marks: list[bytes], *others: Path) -> list[str]:
    """Return the files that hold one of these marks, with the rank of the mark."""
    temporary = Path(site.service.environment["TMPDIR"])
    files = [*within(data(site)), *within(temporary), *others]
    return [
        f"{name}: {rank}"
        for file in files
        if file.is_file()
        for name, content in _contents(file)
        for rank, mark in enumerate(marks)
        if mark in content
    ]


def _contents(file: Path) -> Iterator[tuple[str, bytes]]:
    try:
        content = file.read_bytes()
    except FileNotFoundError:  # a temporary file that has just gone
        return
    yield file.name, content
    if is_zipfile(io.BytesIO(content)):
        with ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield f"{file.name}/{name}", archive.read(name)
