"""Quotes: excerpts of what may be shown, that never outlive the consent they stand on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import delete, select

from app.hints.themes import STUCK
from app.organisations.models import Lieu
from app.responses.texts import decrypt, encrypt
from app.testimonies.actions import MASKED, SIGNATURE
from app.testimonies.consents import USES, agreement_of, agreements
from app.testimonies.cutting import CutError, excerpt, is_excerpt
from app.testimonies.deletion import leave_no_trace
from app.testimonies.labels import LABELS
from app.testimonies.models import Quote, QuoteUse, Testimony, TestimonyLabel, TestimonyText
from app.testimonies.queries import is_readable, within
from app.testimonies.signatures import signature
from app.testimonies.statuses import VALIDATED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.organisations.queries import Reach
    from app.testimonies.consents import Use
    from app.testimonies.cutting import Stretch
    from config import Keys

#: What a text is encrypted as, beside the id of its quote.
PART = "quote"


@dataclass(frozen=True, slots=True)
class ShownQuote:
    """Be one quote with all that its consent lets it say today."""

    id: UUID
    testimony_id: UUID
    lieu_id: UUID
    lieu: str
    text: str
    signature: str
    criterion: str
    #: Where it may be shown today; nowhere while its person has yet to read again.
    uses: tuple[Use, ...]
    waits_for_rereading: bool
    #: A partner's words stand apart from the public's.
    is_partner: bool
    #: It says what is still difficult, by its critère or by a label of its testimony.
    is_snag: bool
    #: The last day it may be shown.
    until: date
    made_on: date
    #: Where it was shown, the latest first.
    used: tuple[QuoteUse, ...] = ()

    @property
    def copy(self) -> str:
        """Return the quote with its signature, ready to paste."""
        return f"«\u202f{self.text}\u202f» — {self.signature}"


def cut(
    session: Session,
    keys: Keys,
    testimony: Testimony,
    chosen: Iterable[Stretch],
    criterion: str,
    person_id: UUID,
    today: date,
) -> Quote:
    """Keep an excerpt of the masked text; raise CutError when it cannot be one."""
    text = masked_text(session, keys, testimony.id)
    refuse_unless_quotable(session, testimony, text, today)
    if criterion not in LABELS:
        raise CutError("Choisissez de quoi parle cette citation.")
    said = excerpt(text, chosen)
    kept = select(Quote).where(Quote.testimony_id == testimony.id, Quote.criterion == criterion)
    if said in {decrypt(keys, one.id, PART, one.ciphertext) for one in session.scalars(kept)}:
        raise CutError("Cette citation est déjà gardée.")
    quote_id = uuid4()
    quote = Quote(
        id=quote_id,
        organisation_id=testimony.organisation_id,
        testimony_id=testimony.id,
        criterion=criterion,
        ciphertext=encrypt(keys, quote_id, PART, said),
        made_by=person_id,
        made_on=today,
    )
    session.add(quote)
    session.flush()
    return quote


def refuse_unless_quotable(session: Session, testimony: Testimony, text: str, today: date) -> None:
    """Raise CutError, with what to do, when nothing of a testimony may be cut."""
    if testimony.status != VALIDATED:
        raise CutError("Relisez ce témoignage et gardez-le : vous pourrez alors le citer.")
    if not agreement_of(session, testimony).uses:
        raise CutError("La personne ne souhaite pas que ses mots soient montrés.")
    if today > testimony.expires_on:
        raise CutError("L’accord de la personne est arrivé à sa fin.")
    if not text:
        raise CutError("Rien n’est écrit : écrivez d’abord ce que la personne dit.")


def masked_text(session: Session, keys: Keys, testimony_id: UUID) -> str:
    """Return what may be shown of a testimony; nothing before somebody masked it."""
    found = session.get(TestimonyText, (testimony_id, MASKED))
    return decrypt(keys, testimony_id, MASKED, found.ciphertext) if found else ""


def drop_stale(session: Session, keys: Keys, testimony_id: UUID) -> int:
    """Delete the quotes that the masked text no longer says; return how many went."""
    text = masked_text(session, keys, testimony_id)
    rows = session.scalars(select(Quote).where(Quote.testimony_id == testimony_id)).all()
    stale = [
        one.id for one in rows if not is_excerpt(text, decrypt(keys, one.id, PART, one.ciphertext))
    ]
    _delete(session, stale)
    return len(stale)


def remove(session: Session, quote_id: UUID) -> None:
    """Delete one quote; the register still says where it was shown."""
    _delete(session, [quote_id])


def _delete(session: Session, quote_ids: Sequence[UUID]) -> None:
    if quote_ids:
        session.execute(delete(Quote).where(Quote.id.in_(quote_ids)))
        leave_no_trace(session)


def quotes(
    session: Session, keys: Keys, reach: Reach, today: date, *conditions: ColumnElement[bool]
) -> list[ShownQuote]:
    """Return every quote within reach whose consent holds today, the latest first."""
    found = session.execute(
        select(Quote, Testimony, Lieu.name)
        .join(Testimony, Testimony.id == Quote.testimony_id)
        .join(Lieu, Lieu.id == Testimony.lieu_id)
        .where(
            within(reach),
            is_readable(session, reach, today),
            Testimony.status == VALIDATED,
            Testimony.expires_on >= today,
            *conditions,
        )
        .order_by(Quote.made_on.desc(), Quote.id)
    ).all()
    return _shown(session, keys, [(row[0], row[1], row[2]) for row in found], today)


def find_quote(
    session: Session, keys: Keys, reach: Reach, quote_id: UUID, today: date
) -> ShownQuote | None:
    """Return one quote within reach whose consent holds today, or None."""
    found = quotes(session, keys, reach, today, Quote.id == quote_id)
    return found[0] if found else None


def usable(session: Session, keys: Keys, reach: Reach, use: Use, today: date) -> list[ShownQuote]:
    """Return the quotes that may be shown there today: a partner's words carry `is_partner`."""
    return [one for one in quotes(session, keys, reach, today) if use in one.uses]


def _shown(
    session: Session, keys: Keys, rows: Sequence[tuple[Quote, Testimony, str]], today: date
) -> list[ShownQuote]:
    testimonies = {testimony.id: testimony for _, testimony, _ in rows}
    agreed = agreements(session, testimonies.values())
    names = _names(session, keys, testimonies)
    snags = _snags(session, testimonies)
    used = _used(session, [quote.id for quote, _, _ in rows])
    return [
        ShownQuote(
            id=quote.id,
            testimony_id=testimony.id,
            lieu_id=testimony.lieu_id,
            lieu=lieu,
            text=decrypt(keys, quote.id, PART, quote.ciphertext),
            signature=signature(testimony, agreement, names.get(testimony.id, ""), lieu),
            criterion=quote.criterion,
            uses=tuple(use for use in USES if agreement.allows(use, today)),
            waits_for_rereading=agreement.waits_for_rereading,
            is_partner=testimony.origin == "partenaire",
            is_snag=quote.criterion == STUCK or testimony.id in snags,
            until=testimony.expires_on,
            made_on=quote.made_on,
            used=tuple(used.get(quote.id, ())),
        )
        for quote, testimony, lieu in rows
        # What nobody agreed to is not shown, not even here.
        if (agreement := agreed[testimony.id]).uses
    ]


def _names(session: Session, keys: Keys, testimony_ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """Return the name that each testimony gave; the rest of what was written stays closed."""
    rows = session.scalars(
        select(TestimonyText).where(
            TestimonyText.testimony_id.in_(list(testimony_ids)), TestimonyText.part == SIGNATURE
        )
    )
    return {
        one.testimony_id: decrypt(keys, one.testimony_id, SIGNATURE, one.ciphertext) for one in rows
    }


def _snags(session: Session, testimony_ids: Iterable[UUID]) -> set[UUID]:
    held = select(TestimonyLabel.testimony_id).where(
        TestimonyLabel.testimony_id.in_(list(testimony_ids)),
        TestimonyLabel.criterion == STUCK,
        TestimonyLabel.holds,
    )
    return set(session.scalars(held))


def _used(session: Session, quote_ids: Iterable[UUID]) -> Mapping[UUID, list[QuoteUse]]:
    rows = session.scalars(
        select(QuoteUse)
        .where(QuoteUse.quote_id.in_(list(quote_ids)))
        .order_by(QuoteUse.used_on.desc(), QuoteUse.id)
    )
    used: dict[UUID, list[QuoteUse]] = {}
    for row in rows:
        if row.quote_id is not None:
            used.setdefault(row.quote_id, []).append(row)
    return used


def suggested(session: Session, testimony_id: UUID) -> str:
    """Return the critère that the team found in a testimony, when there is just one."""
    held = select(TestimonyLabel.criterion).where(
        TestimonyLabel.testimony_id == testimony_id, TestimonyLabel.holds
    )
    found = session.scalars(held).all()
    return found[0] if len(found) == 1 else ""
