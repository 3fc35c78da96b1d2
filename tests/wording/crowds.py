"""Figures of any size and mood, through real answers: what the bank of phrases is tried on.

A person is one of a few profiles; tallies add up, so that a crowd costs no more than a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Literal, TypeAlias

from app.campaigns.names import desk_title
from app.indicators.queries import Measured, is_one_task, moments
from app.questionnaires.definition import Answer, Posed, Question
from app.scoring import Measure, Plan, Tally, add, figure, measures, score_pair, score_response
from app.wording.told import Told

if TYPE_CHECKING:
    from app.questionnaires import Library
    from app.questionnaires.definition import Questionnaire

#: Better, worse, the same; with a help that came sooner; who says nothing of the help.
Profile: TypeAlias = Literal["up", "down", "same", "sooner", "silent"]
#: How many people of each profile.
Crowd: TypeAlias = Mapping[Profile, int]

SIZES = (0, 4, 5, 7, 9, 10, 16, 19, 20, 25, 29, 30, 58, 200)
#: What choices say, by profile; another profile says the same as « down ».
SAID: Mapping[str, Mapping[str, Answer]] = {
    "dro4": {"up": "oui", "sooner": "oui", "silent": "oui", "same": "oui", "down": "non"},
    "dro5": {"up": "non", "sooner": "plus_tard", "silent": "oui", "same": "oui", "down": "oui"},
    "dro6": {
        "up": ["connaissais_pas", "honte"], "sooner": ["honte"], "silent": ["bloque"],
        "same": ["pas_propose"], "down": ["connaissais_pas"],
    },
    "dro7": {"up": "recu", "sooner": "recu", "silent": "attente", "same": "attente",
             "down": "refuse"},
    "ins3": {"up": ["emploi"], "sooner": ["stage"], "same": ["entretien"], "silent": ["rien"],
             "down": ["rien"]},
}  # fmt: skip
BETTER = ("up", "sooner", "silent")


def crowds(n: int) -> dict[str, Crowd]:
    """Return crowds of a size: all one way, mixed, one against the others."""
    if n == 0:
        return {"nobody": {}}
    few = n // 5
    return {
        "all up": {"up": n},
        "all down": {"down": n},
        "all same": {"same": n},
        "all sooner": {"sooner": n},
        "all silent": {"silent": n},
        "mixed": {"up": n - 2 * few, "same": few, "down": few},
        "against": {"up": few, "same": few, "down": n - 2 * few},
        "even": {"up": n - n // 2, "down": n // 2},
        "one up": {"up": 1, "same": n - 1},
        "one down": {"down": 1, "up": n - 1},
        "one up alone": {"up": 1, "down": n - 1},
    }


def plans(library: Library) -> Iterator[Plan]:
    """Yield the long form of every questionnaire, with all its modules."""
    for made in library.questionnaires.values():
        modules = tuple(module.id for module in made.modules)
        yield Plan.of_campaign(made, "longue", modules)


def measured_over(plan: Plan, crowd: Crowd) -> list[Measured]:
    """Return every figure of a crowd, hidden ones and those of nobody too."""
    totals: dict[str, Tally] = {}
    for profile, count in crowd.items():
        for key, tally in _tallies(plan, profile).items():
            add(totals.setdefault(key, {}), {name: count * k for name, k in tally.items()})
    return [
        measured_of(plan.questionnaire, measure, totals.get(measure.key, {}))
        for measure in measures(plan)
        if not is_one_task(measure)
    ]


def measured_of(made: Questionnaire, measure: Measure, tally: Tally) -> Measured:
    return Measured(desk_title(made), moments(made, measure), figure(measure, tally))


def told_of(found: list[Measured]) -> list[Told]:
    return [Told(one, one.figure.visibility.hidden) for one in found]


def unknown(one: Measured, says: str = "") -> Measured:
    """Return the same figure of an indicator that the bank does not know."""
    measure = one.figure.measure
    indicator = replace(measure.indicator, id="structure.inconnu", says=says)
    return replace(one, figure=replace(one.figure, measure=replace(measure, indicator=indicator)))


@cache
def _tallies(plan: Plan, profile: Profile) -> dict[str, Tally]:
    totals: dict[str, Tally] = {}
    waves = list(plan.passings)
    said = {
        wave: {p.key: _answer(p, profile, is_first=rank == 0 and len(waves) > 1)
               for p in passing.posed if not p.question.kind.is_text}
        for rank, (wave, passing) in enumerate(plan.passings.items())
    }  # fmt: skip
    given = {
        wave: {key: value for key, value in answers.items() if value is not None}
        for wave, answers in said.items()
    }
    for wave in waves:
        for one in score_response(plan, wave, given[wave]):
            add(totals.setdefault(one.measure_key, {}), one.tally)
    for first, last in plan.pairs:
        if first.name in given and last.name in given:
            for pair in score_pair(plan, first.name, last.name, given[first.name],
                                   given[last.name]):  # fmt: skip
                add(totals.setdefault(pair.measure_key, {}), pair.tally)
    return totals


def _answer(posed: Posed, profile: Profile, *, is_first: bool) -> Answer | None:
    question = posed.question
    if question.id in SAID:
        return SAID[question.id][profile]
    if question.id.startswith("att_"):
        return None if profile == "silent" else "beaucoup" if profile in BETTER else "non"
    codes = _from_worst(question)
    if not all(isinstance(code, int) for code in codes):
        return codes[0]
    if question.id == "reo1":
        return 1
    if posed.before or is_first:
        return codes[1 if len(codes) > 2 else 0]
    if profile == "same":
        return codes[1 if len(codes) > 2 else 0]
    return codes[-1] if profile in BETTER else codes[0]


def _from_worst(question: Question) -> list[int | str]:
    """Return the codes of a question from what is least wished for."""
    codes = [option.code for option in question.options]
    is_turned = question.reversed or question.id == "res4"
    return codes[::-1] if is_turned else codes
