"""The register of publications: where words and recordings were shown, and what must come down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from sqlalchemy import and_, exists, func, or_, select, true

from app.organisations.models import Person
from app.testimonies.models import QuoteUse, Testimony
from app.testimonies.queries import within

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.organisations.queries import Member, Reach
    from app.testimonies.consents import Use
    from app.testimonies.quotes import ShownQuote

#: Longest name of a place.
LONGEST_PLACE = 120

#: Where words go, as the team chooses it.
PLACES: Mapping[Use, str] = {
    "lieu": "Dans le lieu",
    "bilan": "Dans le bilan",
    "financeurs": "Pour un financeur",
    "public": "Sur internet ou dans la presse",
}


class UseError(ValueError):
    """Say in French why a use cannot be noted."""


@dataclass(frozen=True, slots=True)
class Publication:
    """Be one line of the register: it has none of the words."""

    id: UUID
    #: None once the testimony is erased, or at its end.
    testimony_id: UUID | None
    quote_id: UUID | None
    scope: Use
    place: str
    used_on: date
    noted_by: str
    #: The day from which it must no longer be shown: consent taken back, or at its end.
    ended_on: date | None
    settled_on: date | None
    is_printed: bool

    @property
    def must_come_down(self) -> bool:
        """Tell whether somebody still has to take it down."""
        return self.ended_on is not None and self.settled_on is None


def note_use(
    session: Session, quote: ShownQuote, use: Use, place: str, used_on: date, person_id: UUID
) -> QuoteUse:
    """Note where a quote was shown; refuse what its person did not agree to."""
    if use not in quote.uses:
        raise UseError("La personne n’a pas donné son accord pour cet usage.")
    organisation_id = select(Testimony.organisation_id).where(Testimony.id == quote.testimony_id)
    noted = QuoteUse(
        organisation_id=session.scalars(organisation_id).one(),
        testimony_id=quote.testimony_id,
        quote_id=quote.id,
        scope=use,
        place=place[:LONGEST_PLACE],
        used_on=used_on,
        noted_by=person_id,
    )
    session.add(noted)
    session.flush()
    return noted


def publications(session: Session, reach: Reach, member: Member, today: date) -> list[Publication]:
    """Return the register within reach: what must come down first, then the latest."""
    rows = session.execute(
        select(QuoteUse, Testimony.expires_on, Person.name, Person.email)
        .join(Person, Person.id == QuoteUse.noted_by)
        .join(Testimony, Testimony.id == QuoteUse.testimony_id, isouter=True)
        .where(_visible(reach, member))
        .order_by(QuoteUse.used_on.desc(), QuoteUse.id)
    )
    shown = [_publication(row[0], row[1], row[2] or row[3], today) for row in rows]
    return sorted(shown, key=lambda one: not one.must_come_down)


def find_use(session: Session, reach: Reach, member: Member, use_id: UUID) -> QuoteUse | None:
    """Return one line of the register within reach, or None."""
    mine = select(QuoteUse).where(QuoteUse.id == use_id, _visible(reach, member))
    return session.scalars(mine).one_or_none()


def settle(use: QuoteUse, today: date, *, is_printed: bool = False) -> None:
    """Note that what had to come down did, or is printed and cannot: once, the first day stays."""
    if use.settled_on is None:
        use.settled_on, use.is_printed = today, is_printed


def count_to_take_down(session: Session, reach: Reach, member: Member, today: date) -> int:
    """Return how many publications somebody still has to take down."""
    ended = exists().where(Testimony.id == QuoteUse.testimony_id, Testimony.expires_on < today)
    waiting = select(func.count()).where(
        _visible(reach, member),
        QuoteUse.settled_on.is_(None),
        or_(QuoteUse.withdrawn_on.is_not(None), ended),
    )
    return session.scalar(waiting) or 0


def _visible(reach: Reach, member: Member) -> ColumnElement[bool]:
    """Return the condition that a line is within reach.

    Of an erased testimony no lieu is known: who sees every lieu sees it, and who noted it.
    """
    mine = select(Testimony.id).where(within(reach)).correlate(None)
    own = QuoteUse.noted_by == member.id
    seen = true() if reach.lieux is None else or_(QuoteUse.testimony_id.in_(mine), own)
    return and_(QuoteUse.organisation_id == reach.organisation_id, seen)


def _publication(use: QuoteUse, expires_on: date | None, noted_by: str, today: date) -> Publication:
    expired = expires_on if expires_on is not None and expires_on < today else None
    return Publication(
        id=use.id,
        testimony_id=use.testimony_id if expires_on is not None and not expired else None,
        quote_id=use.quote_id,
        scope=cast("Use", use.scope),
        place=use.place,
        used_on=use.used_on,
        noted_by=noted_by,
        ended_on=use.withdrawn_on or expired,
        settled_on=use.settled_on,
        is_printed=use.is_printed,
    )
