"""What is known of the bilans of a structure: frames, texts, objectives, seals."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select

from app.bilan.models import Bilan, BilanObjective, BilanSeal, BilanText
from app.responses.texts import decrypt

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.organisations.queries import Reach
    from config import Keys


@dataclass(frozen=True, slots=True)
class Written:
    """Be what somebody wrote in a slot, and what the figures proposed that day."""

    text: str
    proposed: str
    #: What the figures that will be sealed proposed, when somebody wrote while sealing.
    sealed: str | None = None
    #: Somebody kept its numbers, though the figures do not say them.
    is_kept: bool = False


def bilans_of(session: Session, reach: Reach) -> Sequence[Bilan]:
    """Return the bilans within reach: the latest period first, then the latest made."""
    mine = select(Bilan).where(Bilan.organisation_id == reach.organisation_id)
    latest = mine.order_by(
        Bilan.last_month.desc(), Bilan.first_month, Bilan.made_on.desc(), Bilan.id
    )
    return [one for one in session.scalars(latest) if is_within(reach, one)]


def bilan_of(session: Session, reach: Reach, bilan_id: UUID) -> Bilan | None:
    """Return one bilan within reach, or None."""
    return _within(reach, session.get(Bilan, bilan_id))


def held_bilan(session: Session, reach: Reach, bilan_id: UUID) -> Bilan | None:
    """Return one bilan within reach, held until the commit: two people write one after the other.

    It is read again from the database: what a former read of the session knew may be old.
    """
    held = select(Bilan).where(Bilan.id == bilan_id).with_for_update()
    return _within(reach, session.scalars(held.execution_options(populate_existing=True)).first())


def is_within(reach: Reach, bilan: Bilan) -> bool:
    """Tell whether somebody may see a bilan: all the lieux that it names, or the structure."""
    if bilan.organisation_id != reach.organisation_id:
        return False
    if reach.lieux is None:
        return True
    return bool(bilan.lieux) and all(UUID(lieu) in reach.lieux for lieu in bilan.lieux)


def seal_of(session: Session, bilan_id: UUID) -> BilanSeal | None:
    """Return the seal of a bilan that is « arrêté », or None."""
    return session.get(BilanSeal, bilan_id)


def seals_of(session: Session, bilan_ids: Collection[UUID]) -> Mapping[UUID, BilanSeal]:
    """Return the seals of those that are « arrêtés »."""
    found = session.scalars(select(BilanSeal).where(BilanSeal.bilan_id.in_(bilan_ids)))
    return {one.bilan_id: one for one in found}


def texts_of(session: Session, keys: Keys, bilan_id: UUID) -> dict[str, Written]:
    """Return what somebody wrote in a bilan, by slot."""
    rows = session.scalars(select(BilanText).where(BilanText.bilan_id == bilan_id))
    return {row.slot: _written(keys, row) for row in rows}


def text_of(session: Session, keys: Keys, bilan_id: UUID, slot: str) -> Written | None:
    """Return what somebody wrote in one slot, or None."""
    row = session.get(BilanText, (bilan_id, slot), populate_existing=True)
    return _written(keys, row) if row else None


def objectives_of(session: Session, bilan_id: UUID) -> Sequence[BilanObjective]:
    """Return the objectives of the mission, in the order somebody gave them."""
    mine = select(BilanObjective).where(BilanObjective.bilan_id == bilan_id)
    return session.scalars(mine.order_by(BilanObjective.rank)).all()


def _within(reach: Reach, bilan: Bilan | None) -> Bilan | None:
    return bilan if bilan is not None and is_within(reach, bilan) else None


def _written(keys: Keys, row: BilanText) -> Written:
    return Written(**json.loads(decrypt(keys, row.bilan_id, row.slot, row.ciphertext)))
