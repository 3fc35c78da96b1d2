"""The four roles, and which of them belong to a structure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

Role: TypeAlias = Literal["responsable", "mediateur", "coordinateur", "administrateur"]

#: Everything in its structure: contents, people, notice, retention.
RESPONSABLE: Final = "responsable"
#: Campaigns, answers and bilan of its structure, or of the lieux it is given.
MEDIATEUR: Final = "mediateur"
#: Frozen, protected results of the structures that accepted it.
COORDINATEUR: Final = "coordinateur"
#: Structures and people of the installation; never contents.
ADMINISTRATEUR: Final = "administrateur"

#: Those who work in a structure.
TEAM: tuple[Role, ...] = (RESPONSABLE, MEDIATEUR)
EVERYONE: tuple[Role, ...] = (*TEAM, COORDINATEUR, ADMINISTRATEUR)

NAMES: Mapping[Role, str] = MappingProxyType(
    {
        RESPONSABLE: "Responsable",
        MEDIATEUR: "Médiateur, médiatrice",
        COORDINATEUR: "Coordinateur, coordinatrice",
        ADMINISTRATEUR: "Administration de l’installation",
    }
)
