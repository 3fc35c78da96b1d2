"""The bilan that the signed-in person looks at: common to the pages of the room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import abort

from app.bilan.audiences import AUDIENCES
from app.bilan.foreseen import foresee
from app.bilan.frames import Frame
from app.bilan.queries import bilan_of, held_bilan, seal_of
from app.bilan.sealable import sealable
from app.bilan.sealing import section_of
from app.indicators.freezing import hold
from app.indicators.selection import choices
from app.organisations.access import note_mine
from app.organisations.queries import lieux
from app.organisations.sessions import current_reach
from app.responses.rollups import fold
from app.web.current import database, keys, today
from app.web.typography import listing

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from app.bilan.foreseen import Foreseen
    from app.bilan.models import Bilan
    from app.documents.section import Section

#: What the page says of who reads a document.
FOR = {
    "employeur": "pour votre structure",
    "financeur": "pour un financeur",
    "public": "pour tout le monde",
}
TO = {
    "employeur": "à votre structure",
    "financeur": "à un financeur",
    "public": "à tout le monde",
}


def mine(session: Session, bilan_id: UUID) -> Bilan:
    """Return a bilan within reach; what is not answers as what does not exist."""
    return bilan_of(session, current_reach(), bilan_id) or abort(404)


def held(session: Session, bilan_id: UUID) -> Bilan:
    """Return a bilan within reach, held until the commit."""
    return held_bilan(session, current_reach(), bilan_id) or abort(404)


def section_shown(session: Session, bilan: Bilan) -> Section:
    """Return the section as it stands today: composed, or as it was sealed."""
    return section_of(session, keys(), current_reach(), bilan, today())


def section_foreseen(bilan_id: UUID) -> Foreseen | None:
    """Return the section as a seal would make it today; None when a seal is refused."""
    organisation_id = current_reach().organisation_id
    with database().reading() as session:
        if not _may_be_sealed(session, mine(session, bilan_id)):
            return None
    with database().writing() as session:  # what waits stands in no sum, and is soon added
        fold(session, organisation_id, today=today())
    with database().reading() as session:
        hold(session, organisation_id)
        bilan = mine(session, bilan_id)
        if not _may_be_sealed(session, bilan):
            return None
        ready = sealable(session, bilan, today())
        return foresee(session, keys(), current_reach(), bilan, ready, today())


def _may_be_sealed(session: Session, bilan: Bilan) -> bool:
    return not sealable(session, bilan, today()).problem and seal_of(session, bilan.id) is None


def note_writing(session: Session, bilan: Bilan) -> None:
    """Write in the journal that somebody worked on a bilan; never what they wrote."""
    note_mine(session, "wrote", f"bilan {Frame.of(bilan).title}")


def named(session: Session, bilan: Bilan) -> dict[str, Any]:
    """Return how the pages name a bilan: its period, its lieux, its actions, its readers."""
    frame = Frame.of(bilan)
    names = {one.id: one.name for one in lieux(session, current_reach())}
    chosen = [names[one] for one in frame.lieux if one in names]
    return {
        "bilan": bilan,
        "address": f"/espace/bilan/{bilan.id}",
        "frame": frame,
        "places": listing(chosen) if chosen else "Toute la structure",
        "reader": AUDIENCES[frame.audience].title,  # type: ignore[index]
        "readers": FOR[frame.audience],
        "to_readers": TO[frame.audience],
    }


def proofs(session: Session, bilan: Bilan) -> dict[str, str]:
    """Return the addresses where the figures and the answers behind a sentence are read."""
    frame, offered = Frame.of(bilan), choices(session, current_reach())
    period = [("de", frame.period.first), ("a", frame.period.last)]
    places = [("lieu", str(one.id)) for one in offered.lieux if one.id in frame.lieux]
    # The page of answers knows one lieu at a time: with several, all of them are shown.
    few = places if len(places) == 1 else []
    return {
        "indicators": f"/espace/indicateurs?{urlencode([*period, *places])}",
        "responses": f"/espace/reponses?{urlencode([*period, *few])}",
    }
