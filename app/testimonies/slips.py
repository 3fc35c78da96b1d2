"""The paper that a person takes away: their code, what they chose, how to change their mind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.testimonies.asking import Asked, Say, day_in, sayer
from app.testimonies.consents import BY_NAME, OF_A_PERSON, SLOTS, USES, YES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from app.questionnaires.definition import Interface


@dataclass(frozen=True, slots=True)
class Slip:
    """Be one slip, in the words of its reader's language."""

    #: The receipt code as it is shown, in groups.
    code: str
    organisation: str
    lieu: str
    said_on: str
    kept_until: str
    #: Each question with the answer given; a question left alone says that it counts as no.
    choices: tuple[tuple[str, str], ...]
    is_shown_nowhere: bool
    #: How the person is named, when they chose a name.
    signature: str
    #: What must be signed, and why; nothing for an adult, or when nothing needs it.
    why_sign: str
    lines_to_sign: tuple[str, ...]


def slip(
    words: Interface,
    questions: Sequence[Asked],
    chosen: dict[str, str],
    *,
    code: str,
    organisation: str,
    lieu: str,
    day: date,
    expires_on: date,
    capacity: str | None,
    signature: str = "",
) -> Slip:
    """Write the slip of one testimony; `chosen` is by scope."""
    say = sayer(words)
    why, lines = _papers(say, chosen, capacity)
    return Slip(
        code=code,
        organisation=organisation,
        lieu=lieu,
        said_on=say("temoigne_le", jour=day_in(words.language, day)),
        kept_until=say("garde_jusquau", jour=day_in(words.language, expires_on)),
        choices=tuple(
            (one.question, one.outcome(chosen.get(one.scope), say("choix_vide")))
            for one in questions
        ),
        is_shown_nowhere=not any(chosen.get(use) == YES for use in USES),
        signature=signature if chosen.get("nom") in BY_NAME else "",
        why_sign=why,
        lines_to_sign=lines,
    )


def _papers(say: Say, chosen: dict[str, str], capacity: str | None) -> tuple[str, tuple[str, ...]]:
    """Return why a paper is waited for, and each line to sign."""
    is_named = chosen.get("nom") in OF_A_PERSON
    if capacity == "adulte" or not (is_named or chosen.get("montrer_media") == YES):
        return "", ()
    slots = [slot for slot in SLOTS[capacity] if slot != "age"]
    return say(f"signer_{capacity or 'inconnu'}"), tuple(say(f"signature_{one}") for one in slots)
