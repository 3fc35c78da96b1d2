"""The shipped questionnaires as a médiateur chooses among them: what for, when, how long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.answering.pages import Draft, Shown, Voice, shown
from app.answering.trial import entrance_of, trial_path
from app.campaigns.forms import in_usual_order
from app.campaigns.names import desk_title
from app.questionnaires import FRENCH, LANGUAGES, Library
from app.questionnaires.definition import Criterion, Form, Questionnaire, Screen, Wave
from app.web.typography import plural, typographic

_FORMS: tuple[Form, ...] = ("courte", "longue")
#: For whom and when, by method.
_OCCASIONS = {
    "A": "Pour les personnes que vous suivez. À chaque moment, une carte à code relie leurs "
    "réponses, sans nom.",
    "B": "Pour les personnes que vous avez suivies. Une seule fois, à la fin : d’abord "
    "« maintenant », puis « avant de venir ici ».",
    "C": "Pour les personnes que vous accueillez. Une seule fois, juste après.",
}
_STORY = "Pour les personnes qui veulent raconter. Quand elles le souhaitent, avec leurs mots."
_PARTNER = "Pour un CCAS, une association, France Travail… Une seule fois, par un lien."


@dataclass(frozen=True, slots=True)
class Spoken:
    """Be a language in which it can be asked."""

    code: str
    name: str
    direction: str
    reviewed: bool
    trial: str


@dataclass(frozen=True, slots=True)
class Model:
    """Be one questionnaire of the gallery."""

    questionnaire: Questionnaire
    title: str
    occasion: str
    lengths: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    languages: tuple[Spoken, ...]
    trial: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Be one question as people read it, and when it is asked at all."""

    shown: Shown
    #: « forme longue », or the optional module; empty when it is always asked.
    only: str


@dataclass(frozen=True, slots=True)
class Moment:
    """Be one moment of a questionnaire, with everything that may be asked then."""

    wave: Wave
    trial: str
    questions: tuple[Asked, ...]


def gallery(library: Library) -> list[Model]:
    """Return every questionnaire, the usual one first."""
    return [model_of(library, one) for one in in_usual_order(library)]


def model_of(library: Library, questionnaire: Questionnaire) -> Model:
    """Return what is to know of a questionnaire before choosing it."""
    return Model(
        questionnaire,
        desk_title(questionnaire),
        typographic(_occasion(questionnaire)),
        tuple(_lengths(questionnaire)),
        tuple(one for register in questionnaire.registers for one in register.criteria),
        tuple(_languages(library, questionnaire)),
        trial_path(questionnaire),
    )


def moments(library: Library, questionnaire: Questionnaire) -> list[Moment]:
    """Return all that may be asked, moment by moment, in the words that people read."""
    return [
        Moment(
            wave,
            trial_path(questionnaire, wave.id),
            tuple(_questions(library, questionnaire, wave)),
        )
        for wave in questionnaire.waves
    ]


def pictograms_of(every: list[Moment]) -> list[str]:
    """Return the pictograms that the questions show."""
    options = (
        option
        for moment in every
        for asked in moment.questions
        for option in asked.shown.field.options
    )
    return sorted({option.pictogram for option in options if option.pictogram})


def _occasion(questionnaire: Questionnaire) -> str:
    if questionnaire.audience == "partenaire":
        return _PARTNER
    return _OCCASIONS[questionnaire.method] if questionnaire.indicators else _STORY


def _lengths(questionnaire: Questionnaire) -> Iterator[str]:
    """Yield how long each moment is, in both forms when they differ."""
    for wave in questionnaire.waves:
        short, long = (questionnaire.passing(wave.id, form) for form in _FORMS)
        said = f"{plural(len(short.posed), 'question')}, {plural(short.minutes, 'minute')}"
        if len(long.posed) > len(short.posed):
            said += f" (longue : {len(long.posed)}, {plural(long.minutes, 'minute')})"
        several = len(questionnaire.waves) > 1
        yield typographic(f"{wave.title.fr} : {said}" if several else said)


def _languages(library: Library, questionnaire: Questionnaire) -> Iterator[Spoken]:
    first = questionnaire.waves[0].id
    for code in library.languages:
        wording = library.wording(questionnaire, code)
        if wording is not None:
            name, direction = LANGUAGES[code]
            trial = trial_path(questionnaire, first, code)
            yield Spoken(code, name, direction, bool(wording.reviewed_by), trial)


def _questions(library: Library, questionnaire: Questionnaire, wave: Wave) -> Iterator[Asked]:
    voice = Voice(entrance_of(library, questionnaire, wave.id), FRENCH)
    every = tuple(module.id for module in questionnaire.modules)
    passing = questionnaire.passing(wave.id, "longue", every)
    titles = {module.id: module.title.fr for module in questionnaire.modules}
    only = [_only(screen, titles) for screen in passing.screens for _ in screen.posed]
    yield from map(Asked, shown(voice, passing, Draft()), only)


def _only(screen: Screen, titles: Mapping[str, str]) -> str:
    if screen.module is not None:
        return typographic(f"en plus : {titles[screen.module].lower()}")
    return "forme longue" if screen.long_only else ""
