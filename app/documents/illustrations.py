"""The drawings of a section, drawn once for a document, each at the size it takes there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from app.documents.drawn_files import HALF, WIDTH, laid_out, pngs_of

if TYPE_CHECKING:
    from app.documents.drawn_files import Drawn
    from app.documents.section import Drawing, Section

#: In signs: over half the width of a page, after « Figure 10. ».
LONGEST_CAPTION = 44


class Illustration(NamedTuple):
    """Be a drawing made, with its size in millimetres."""

    drawing: Drawing
    #: How its file is called, in plain letters.
    name: str
    png: bytes
    size: tuple[float, float]


def illustrations_of(section: Section) -> dict[str, Illustration]:
    """Draw every drawing, by its name; a part that is left out leaves nothing in the file."""
    drawings = {one.name: one for one in section.drawings}
    doors = section.method.doors
    if doors and "methode" in section.hidden_slots:
        del drawings[doors.name]
    drawn = {name: laid_out(one, HALF if one is doors else WIDTH) for name, one in drawings.items()}
    for part in section.body:
        for finding in getattr(part, "findings", ()):
            if stand_side_by_side(finding.drawings):
                drawn |= _pair(finding.drawings)
    pngs = pngs_of(list(drawn.values()))
    return {
        name: Illustration(drawings[name], one.name, png, one.millimetres)
        for (name, one), png in zip(drawn.items(), pngs, strict=True)
    }


def stand_side_by_side(drawings: Sequence[Drawing]) -> bool:
    """Tell whether two drawings of a figure share a line: their captions must hold on it."""
    return len(drawings) == 2 and all(len(one.caption) <= LONGEST_CAPTION for one in drawings)


def _pair(drawings: Sequence[Drawing]) -> dict[str, Drawn]:
    """Lay out two drawings that share a line: narrower, and of one height."""
    pair = [laid_out(one, HALF) for one in drawings]
    height = max(one.height for one in pair)
    return {
        one.name: replace(narrow, height=height) for one, narrow in zip(drawings, pair, strict=True)
    }
