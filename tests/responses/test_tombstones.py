"""The file of tombstones only grows, and is read back as it was written."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from app.responses.tombstones import NAME, Grave, append, read


def test_tombstones_are_added_at_the_end_and_read_back(tmp_path: Path) -> None:
    graves = [Grave(uuid4(), uuid4(), f"clé\t\n{n}", date(2026, 3, n + 1)) for n in range(3)]
    assert read(tmp_path) == []
    for rank, grave in enumerate(graves):
        before = (tmp_path / NAME).read_bytes() if rank else b""
        append(tmp_path, grave)
        assert (tmp_path / NAME).read_bytes().startswith(before)
        assert read(tmp_path) == graves[: rank + 1]


def test_a_tombstone_is_on_the_disk_when_it_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    real = os.fsync

    def spy(descriptor: int) -> None:
        synced.append((tmp_path / NAME).stat().st_size)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", spy)
    append(tmp_path, Grave(uuid4(), uuid4(), "key", date(2026, 3, 1)))
    assert synced[0] == (tmp_path / NAME).stat().st_size > 0
