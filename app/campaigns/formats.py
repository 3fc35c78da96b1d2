"""Formats of posters: a registry of what is printed, and from how far a phone reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

#: The smallest code that holds an address has 25 modules, and four white ones on each side. A
#: longer address has more modules: its code fills more of the same frame.
MODULES, WITH_BORDER = 25, 33


@dataclass(frozen=True, slots=True)
class Format:
    """Be one way of printing a poster."""

    id: str
    label: str
    hint: str
    #: With the article, in a sentence: « Imprimer l’affiche ».
    thing: str
    template: str
    #: Side of the QR code itself, in millimetres: it is never smaller.
    qr_mm: int
    #: How many times the code stands in the document.
    copies: int = 1
    #: The sheet, in millimetres.
    width_mm: int = 210
    height_mm: int = 297
    #: What to do with the sheet, once printed.
    after: str = ""

    @property
    def frame(self) -> float:
        """Return the side of the code with its white border, in millimetres."""
        return self.qr_mm * WITH_BORDER / MODULES

    @property
    def distance(self) -> str:
        """Say from how far a phone reads the code: ten times its side."""
        return _metres(self.qr_mm * 10)

    @property
    def dim_distance(self) -> str:
        """Say from how far when it is badly lit or seen from the side: eight times its side."""
        return _metres(self.qr_mm * 8)


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        one.id: one
        for one in (
            Format("a4", "A4", "au mur", "l’affiche", "campaigns/poster_wall.html", 80),
            Format(
                "a3",
                "A3",
                "au mur, vue de loin",
                "l’affiche",
                "campaigns/poster_wall.html",
                120,
                width_mm=297,
                height_mm=420,
            ),
            Format(
                "a5",
                "2 × A5",
                "au comptoir",
                "les affichettes",
                "campaigns/poster_counter.html",
                45,
                copies=2,
                width_mm=297,
                height_mm=210,
                after="Coupez la feuille en deux, sur le pointillé.",
            ),
            Format(
                "chevalet",
                "Chevalet",
                "A4 plié, sur une table",
                "le chevalet",
                "campaigns/poster_tent.html",
                48,
                copies=2,
                after="Sur papier épais. Pliez sur les deux pointillés : une face de chaque côté.",
            ),
            Format(
                "cartes",
                "8 cartes",
                "à donner, 85 × 55 mm",
                "les cartes",
                "campaigns/poster_cards.html",
                25,
                copies=8,
                after="Sur papier épais. Coupez entre les repères.",
            ),
        )
    }
)

#: The format that each door of the public usually wants.
OF_DOOR: Mapping[str, str] = MappingProxyType(
    {"affiche": "a4", "comptoir": "a5", "chevalet": "chevalet", "carte": "cartes"}
)


def _metres(millimetres: int) -> str:
    centimetres = millimetres // 10
    if centimetres < 100:
        return f"{centimetres}\u00a0cm"
    return f"{centimetres // 100},{centimetres % 100:02d}\u00a0m"
