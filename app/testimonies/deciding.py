"""Decide what becomes of a testimony: kept once somebody confirmed it, put aside, or later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from app.media.limits import GIVEN_UP_AFTER
from app.media.reception import RECEIVING, WAITING
from app.testimonies.actions import ORIGINAL, write_part
from app.testimonies.consents import agreement_of
from app.testimonies.masking import forget_masking, masking_of, write_masking
from app.testimonies.queries import parts_of
from app.testimonies.recordings import may_be_heard, recordings_of
from app.testimonies.statuses import NEW, REFUSED, TO_MASK, VALIDATED, WITHDRAWN, Status
from app.testimonies.submission import LONGEST_TEXT
from app.web.typography import long_date

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from sqlalchemy.orm import Session

    from app.media.models import MediaFile
    from app.testimonies.models import Testimony
    from config import Keys

#: The part that says who wrote down a voice or a film, and when: « 2026-11-09 <id> ».
TRANSCRIPT: Final = "transcript"
#: What each button decides, and how it is said once done.
DECISIONS: Mapping[str, tuple[Status, str]] = MappingProxyType(
    {
        "garder": (
            VALIDATED,
            "Le témoignage est gardé. Choisissez une phrase à citer, ou lisez le suivant.",
        ),
        "masquer": (TO_MASK, "Le témoignage attend dans « À masquer »."),
        "ecarter": (REFUSED, "Le témoignage est écarté : il ne servira pas."),
        "relire": (NEW, "Le témoignage est revenu dans « À relire »."),
    }
)


class DecisionError(Exception):
    """Say in French why something cannot be decided, and what to do."""


def decide(
    session: Session,
    keys: Keys,
    testimony: Testimony,
    what: str,
    today: date,
    *,
    confirmed: bool,
    seen: str,
) -> str:
    """Decide, and return what was done; `seen` tells which masked text was on the page."""
    refuse_withdrawn(testimony)
    if what not in DECISIONS:
        raise DecisionError("Choisissez ce que devient ce témoignage.")
    status, done = DECISIONS[what]
    if status == VALIDATED:
        _confirm(session, keys, testimony, today, confirmed=confirmed, seen=seen)
    testimony.status = status
    session.flush()
    return done


def transcribe(
    session: Session, keys: Keys, testimony: Testimony, text: str, person_id: UUID, day: str
) -> None:
    """Write down what a voice or a film says; what the person wrote themselves never changes."""
    refuse_withdrawn(testimony)
    parts = parts_of(session, keys, [testimony.id])[testimony.id]
    if ORIGINAL in parts and TRANSCRIPT not in parts:
        raise DecisionError("La personne a écrit elle-même : ses mots restent les siens.")
    if not recordings_of(session, [testimony.id])[testimony.id]:
        raise DecisionError("Il n’y a ni voix ni film à écrire.")
    if not text:
        raise DecisionError("Écrivez ce que la personne dit, avec ses mots.")
    if len(text) > LONGEST_TEXT:
        raise DecisionError(f"{len(text) - LONGEST_TEXT} signes de trop : écrivez l’essentiel.")
    write_part(session, keys, testimony.id, ORIGINAL, text)
    write_part(session, keys, testimony.id, TRANSCRIPT, f"{day} {person_id}")
    forget_masking(session, keys, testimony)
    if testimony.status == VALIDATED:
        testimony.status = NEW


def refuse_withdrawn(testimony: Testimony) -> None:
    """Raise when the person took everything back: nothing of it is touched any more."""
    if testimony.status == WITHDRAWN:
        raise DecisionError("La personne a repris son témoignage : il ne sert plus.")


def _confirm(
    session: Session,
    keys: Keys,
    testimony: Testimony,
    today: date,
    *,
    confirmed: bool,
    seen: str,
) -> None:
    """Write what may be shown as it was read; raise while somebody can be recognised."""
    masking = masking_of(parts_of(session, keys, [testimony.id])[testimony.id])
    if seen != masking.digest:
        raise DecisionError("Le texte a changé depuis que vous l’avez ouvert : relisez-le.")
    if masking.sure:
        words = " ; ".join(f"« {masking.original[one.start : one.end]} »" for one in masking.sure)
        raise DecisionError(
            f"On peut encore reconnaître quelqu’un : masquez {words}. "
            "Ce qui est public, comme le numéro du lieu, peut être laissé."
        )
    if may_be_heard(agreement_of(session, testimony)):
        _refuse_unheard(recordings_of(session, [testimony.id])[testimony.id], today)
    if not confirmed:
        raise DecisionError(
            "Relisez une dernière fois, puis cochez la case : personne n’est reconnaissable."
        )
    if masking.original:
        write_masking(session, keys, testimony, masking)


def _refuse_unheard(files: Iterable[MediaFile], today: date) -> None:
    """Raise while a recording may still be heard: what is kept was heard.

    One that stopped coming is given up after two days, whether a worker noted it or not.
    """
    for one in files:
        last = one.day + timedelta(days=GIVEN_UP_AFTER)
        if one.state == RECEIVING and today <= last:
            raise DecisionError(
                "Un enregistrement n’est pas arrivé en entier. Il peut encore arriver "
                f"jusqu’au {long_date(last)} : revenez dès qu’il est là, ou après ce jour."
            )
        if one.state == WAITING:
            raise DecisionError(
                one.problem
                or "Un enregistrement se prépare encore : "
                "revenez dans quelques minutes pour l’écouter."
            )
