"""The names an author may write are those that are drawn."""

from __future__ import annotations

from app.questionnaires.pictograms import PICTOGRAMS
from app.web.pictograms import PICTOGRAMS as DRAWN


def test_every_name_is_drawn_and_every_drawing_has_its_name() -> None:
    assert set(DRAWN) == PICTOGRAMS
