"""What a testimony is about: the critères of the référentiel, and what is still difficult."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from app.hints.themes import STUCK
from app.testimonies.models import TestimonyLabel

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

#: The codes of the question `themes`, each with the title of its critère, then what is difficult:
#: without it, a choice of words would flatter.
LABELS: Mapping[str, str] = MappingProxyType(
    {
        "autonomie": "Compétences et autonomie",
        "confiance": "Confiance et estime de soi",
        "lien": "Liens sociaux",
        "droits": "Accès aux droits",
        "insertion": "Insertion professionnelle",
        "partage": "Partage de savoirs",
        "cyber": "Prudence en ligne",
        "information": "Accès à l’information",
        "ressource": "Lieu ressource",
        "associatif": "Vie associative",
        STUCK: "Ce qui coince",
    }
)


def set_label(
    session: Session, testimony_id: UUID, criterion: str, holds: bool | None, person_id: UUID
) -> None:
    """Write that a testimony is, or is not, about a critère; None forgets what was decided."""
    if criterion not in LABELS:
        raise KeyError(criterion)
    row = session.get(TestimonyLabel, (testimony_id, criterion))
    if holds is None:
        which = (TestimonyLabel.testimony_id == testimony_id, TestimonyLabel.criterion == criterion)
        session.execute(delete(TestimonyLabel).where(*which))
    elif row is None:
        session.add(
            TestimonyLabel(
                testimony_id=testimony_id, criterion=criterion, holds=holds, decided_by=person_id
            )
        )
    elif row.holds != holds:
        row.holds, row.decided_by = holds, person_id
    session.flush()


def labels_of(session: Session, testimony_ids: Iterable[UUID]) -> dict[UUID, dict[str, bool]]:
    """Return what was decided of each testimony: True holds, False refuses, absent is open."""
    found: dict[UUID, dict[str, bool]] = {one: {} for one in testimony_ids}
    query = select(TestimonyLabel).where(TestimonyLabel.testimony_id.in_(found))
    for row in session.scalars(query):
        found[row.testimony_id][row.criterion] = row.holds
    return {
        one: {criterion: held[criterion] for criterion in LABELS if criterion in held}
        for one, held in found.items()
    }
