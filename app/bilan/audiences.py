"""Who receives a bilan, and what people had to agree to for their words to reach them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from app.testimonies.consents import Use

Audience: TypeAlias = Literal["employeur", "financeur", "public"]


class Destination(NamedTuple):
    """Be one sort of readers."""

    #: « Votre employeur ».
    title: str
    #: What people agreed to: only their words may stand in it.
    use: Use


AUDIENCES: Mapping[Audience, Destination] = MappingProxyType(
    {
        "employeur": Destination("Votre structure, votre employeur", "bilan"),
        "financeur": Destination("Un financeur", "financeurs"),
        "public": Destination("Tout le monde : site internet, presse", "public"),
    }
)
USUAL: Audience = "financeur"
