"""What documents need: each of their pictures drawn once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from app.documents import illustrations
from app.documents.drawn_files import Drawn


@pytest.fixture(scope="session", autouse=True)
def drawn_once() -> Iterator[None]:
    """Draw for real, but once for all tests, each picture that documents ask for again."""
    draw, drawn = illustrations.pngs_of, dict[Drawn, bytes]()

    def pngs_of(asked: Sequence[Drawn]) -> list[bytes]:
        new = [one for one in asked if one not in drawn]
        drawn.update(zip(new, draw(new), strict=True))
        return [drawn[one] for one in asked]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(illustrations, "pngs_of", pngs_of)
        yield
