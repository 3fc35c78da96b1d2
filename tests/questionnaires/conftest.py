from __future__ import annotations

from pathlib import Path

import pytest

from app.questionnaires import Library, load_library
from tests.questionnaires.support import SURVEYS, Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Return a copy of the tiny questionnaires, to change."""
    return Folder(tmp_path)


@pytest.fixture(scope="session")
def tiny() -> Library:
    """Return the tiny questionnaires."""
    return load_library(SURVEYS)
