"""Who must sign besides the person: of age or not, and the papers that came."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from app.testimonies.consents import SLOTS
from app.testimonies.models import Authorisation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from sqlalchemy.orm import Session

    from app.testimonies.models import Testimony

#: What the team may say of a person who did not.
CAPACITIES: Mapping[str, str] = MappingProxyType(
    {
        "adulte": "La personne a 18 ans ou plus",
        "mineur": "La personne a moins de 18 ans",
        "protege": "La personne est protégée (tutelle, curatelle)",
    }
)
#: What each missing paper is, in words.
PAPERS: Mapping[str, str] = MappingProxyType(
    {
        "parent1": "Le papier signé d’un parent",
        "parent2": "Le papier signé de l’autre parent",
        "tuteur": "Le papier signé du tuteur ou du curateur",
        "age": "Savoir si la personne a 18 ans",
    }
)


class PaperError(Exception):
    """Say in French why something cannot be noted, and what to do."""


def set_capacity(testimony: Testimony, capacity: str) -> None:
    """Note whether a person is of age; what they said is only changed to protect them more."""
    if capacity not in CAPACITIES:
        raise PaperError("Choisissez une des trois situations.")
    if testimony.capacity not in (None, "adulte", capacity):
        raise PaperError("La personne l’a dit elle-même : son choix reste.")
    testimony.capacity = capacity


def note_paper(
    session: Session,
    testimony: Testimony,
    slot: str,
    received_on: date,
    person_id: UUID,
    *,
    not_needed: bool = False,
) -> None:
    """Note a paper that came, or that the second parent need not sign."""
    if slot not in SLOTS[testimony.capacity] or slot == "age":
        raise PaperError("Ce papier n’est pas attendu ici.")
    if not_needed and slot != "parent2":
        raise PaperError("Ce papier est nécessaire : demandez-le.")
    if received_on < testimony.day and not not_needed:
        raise PaperError("Ce jour est avant le témoignage : vérifiez la date du papier.")
    if session.get(Authorisation, (testimony.id, slot)) is None:
        session.add(
            Authorisation(
                testimony_id=testimony.id,
                slot=slot,
                not_needed=not_needed,
                received_on=received_on,
                noted_by=person_id,
            )
        )
    session.flush()


def take_paper_back(session: Session, testimony_id: UUID, slot: str) -> None:
    """Forget a paper that was noted by mistake: name, voice and image wait again."""
    which = (Authorisation.testimony_id == testimony_id, Authorisation.slot == slot)
    session.execute(delete(Authorisation).where(*which))


def papers_of(session: Session, testimony_id: UUID) -> Sequence[Authorisation]:
    """Return the papers that came, in the order of their slots."""
    mine = select(Authorisation).where(Authorisation.testimony_id == testimony_id)
    return session.scalars(mine.order_by(Authorisation.slot)).all()
