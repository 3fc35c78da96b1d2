"""Bilans that are sealed through the real functions, with words that somebody lent."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from app.bilan.models import Bilan
from app.bilan.sealing import seal_briefly, section_of
from app.documents.section import Section
from app.indicators.freezing import freezable, freeze
from app.organisations.models import Lieu
from app.testimonies.cutting import stretches
from app.testimonies.models import Testimony
from app.testimonies.quotes import cut
from tests.bilan.structures import TODAY, Made
from tests.testimonies.teller import EVERYWHERE, Teller

if TYPE_CHECKING:
    from app.db import Database
    from config import Keys

#: Words that stand nowhere else: what must not stay once they are taken back.
MARK = "Zqvoixunique : maintenant je remplis mes papiers sans appeler ma fille."
SIGNED = "Zqprenomunique"


def freeze_closed(database: Database, made: Made, today: date = TODAY) -> list[str]:
    """Freeze every closed month, as the page does."""
    with database.reading() as session:
        waiting = freezable(session, made.organisation_id, today)
    for month in waiting:
        with database.writing() as session:
            freeze(session, made.organisation_id, month, made.person_id, today)
    return waiting


def lend(
    database: Database, keys: Keys, made: Made, text: str = MARK, criterion: str = "autonomie",
    *, signature: str = SIGNED,
) -> tuple[UUID, UUID]:  # fmt: skip
    """Keep a testimony signed with a first name, and a quote of all of it; return their ids."""
    with database.reading() as session:
        lieu = session.get_one(Lieu, made.lieu_id)
    given = {**EVERYWHERE, "nom": "prenom"}
    told = Teller(database, keys, lieu).tell(
        text, given, signature=signature, day=date(2026, 5, 4)  # type: ignore[arg-type]
    )  # fmt: skip
    with database.writing() as session:
        testimony = session.get_one(Testimony, told)
        whole = stretches(text)
        quote = cut(session, keys, testimony, whole, criterion, made.person_id, TODAY)
        return told, quote.id


def seal_one(
    database: Database, keys: Keys, made: Made, bilan: Bilan, today: date = TODAY,
    *, reread: bool = False, by: UUID | None = None,
) -> None:  # fmt: skip
    """Seal a bilan as the page does."""
    person_id = by or made.person_id
    seal_briefly(database, keys, made.reach, bilan.id, person_id, today, reread=reread)


def shown(database: Database, keys: Keys, made: Made, bilan: Bilan, today: date = TODAY) -> Section:
    """Return the section as somebody sees it that day."""
    with database.reading() as session:
        return section_of(session, keys, made.reach, session.get_one(Bilan, bilan.id), today)
