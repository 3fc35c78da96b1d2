"""A change of mind: what may be chosen again, and the form that says it, aloud or with the code."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.organisations.queries import current_notice
from app.questionnaires.kinds import clean
from app.testimonies.asking import FRENCH, Asked, asked, sayer
from app.testimonies.consents import BY_NAME, OF_MEDIA, ends_on
from app.testimonies.recordings import recordings_of
from app.testimonies.submission import LONGEST_SIGNATURE
from app.web.current import library
from app.web.typography import typographic

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from app.questionnaires.definition import Interface
    from app.testimonies.consents import Choice
    from app.testimonies.models import Testimony

#: Name of the field, and of the question, by which somebody may want to be named.
AGE = "age"


@dataclass(frozen=True, slots=True)
class Fault:
    """Be what is to mend: which field, and the name of its sentences in the interface."""

    field: str
    name: str
    #: So many letters too many; 0 for any other fault.
    over: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """Be what the form says, once read."""

    choices: tuple[Choice, ...]
    signature: str
    age_band: str | None
    fault: Fault | None = None


def questions(
    session: Session, words: Interface, testimony: Testimony, day: date
) -> tuple[Asked, ...]:
    """Return what may be chosen again.

    An end that is past is not offered any more, nor to keep a voice that is not there.
    """
    readers = typographic(current_notice(session, testimony.organisation_id).readers)
    all_ = asked(words, readers, testimony.day, for_organisation=is_of_organisation(testimony))
    if not recordings_of(session, [testimony.id])[testimony.id]:
        all_ = tuple(one for one in all_ if one.scope not in OF_MEDIA)
    return tuple(
        replace(one, options=tuple(o for o in one.options if ends_on(o.code, testimony.day) >= day))
        if one.scope == "duree"
        else one
        for one in all_
    )


def is_of_organisation(testimony: Testimony) -> bool:
    """Tell whether an organisation speaks, and not a person."""
    return testimony.origin == "partenaire"


def name_field(testimony: Testimony) -> str:
    """Return the name of the field that holds the name to show."""
    return "organisation" if is_of_organisation(testimony) else "prenom"


def read_change(
    form: Mapping[str, str], questions: Sequence[Asked], testimony: Testimony, name: str
) -> Wanted:
    """Read the form; what it does not say, or what nobody asked, changes nothing.

    `name` is the one that is shown today: a field left empty keeps it.
    """
    choices = tuple(
        one.chosen(form[one.scope])
        for one in questions
        if form.get(one.scope) in [option.code for option in one.options]
    )
    naming = {one.scope: one.choice for one in choices}.get("nom")
    field = name_field(testimony)
    typed = " ".join(clean(form.get(field, "")).split())
    age = form.get(AGE, "")
    age_band = age if age in dict(ages(FRENCH)) else None
    has_age = (age_band or testimony.age_band) is not None
    fault = naming_fault(naming, field, typed or name, has_age=has_age)
    return Wanted(choices, typed, age_band, fault)


def naming_fault(naming: str | None, field: str, name: str, *, has_age: bool) -> Fault | None:
    """Return what lacks to name somebody as they chose, or None; `field` holds their name."""
    over = len(name) - LONGEST_SIGNATURE
    if naming in BY_NAME and not name:
        return Fault(field, field)
    if naming in BY_NAME and over > 0:
        return Fault(field, "nom_long", over)
    return Fault(AGE, "age") if naming == "age_lieu" and not has_age else None


def ages(language: str) -> tuple[tuple[str, str], ...]:
    """Return the age bands of the question `age`, each with its words."""
    for questionnaire in library().questionnaires.values():
        wording = library().wording(questionnaire, language)
        question = questionnaire.questions.get(AGE)
        if question is not None and wording is not None:
            typeset = typographic if language == FRENCH else str
            return tuple(
                (str(one.code), typeset(wording.say(one.text))) for one in question.options
            )
    return ()


def sentence(words: Interface, fault: Fault) -> tuple[str, str]:
    """Return what is wrong and what to do, in words."""
    say = sayer(words)
    how = say("trop", n=fault.over) if fault.over else say(f"erreur_{fault.name}_suite")
    return say(f"erreur_{fault.name}"), how
