"""Draw believable answers: each person has a level, answers around it, and sometimes declines."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from app.demonstration.words import DIFFICULTIES, EXAMPLES, EXPECTATIONS, STORIES, WORDS
from app.questionnaires.definition import NC, Answer, Passing, Posed, Question

#: What a person writes, by id of the question.
TEXTS = {
    "mot": WORDS,
    "frein": DIFFICULTIES,
    "frein_jour": DIFFICULTIES,
    "recit": STORIES,
    "exemple": EXAMPLES,
    "attente": EXPECTATIONS,
}
#: How often a question is left without an answer, and how often an aside is chosen.
SKIPPED, ASIDE = 0.03, 0.06
#: How often, where « Pas pour moi » is offered: those questions are not for everybody.
NOT_FOR_ALL = 0.2
#: How far above one's level one smiles at the end of a visit, in steps of the scale.
PLEASED = 0.9
#: How often a free text is written.
WRITES = 0.15


@dataclass(slots=True)
class Respondent:
    """Be an invented person: how at ease they are, from 0 to 1, before and now."""

    before: float
    now: float

    @classmethod
    def draw(cls, random: Random) -> Respondent:
        """Draw someone: most progress, some do not, a few are already at ease."""
        before = min(max(random.gauss(0.4, 0.22), 0.0), 1.0)
        return cls(before, min(max(before + random.gauss(0.16, 0.16), 0.0), 1.0))


def draw_answers(
    random: Random, passing: Passing, person: Respondent, *, arrives: bool
) -> tuple[dict[str, Answer], dict[str, str]]:
    """Return answers and texts of one passing; `arrives` says that the help has not begun."""
    answers: dict[str, Answer] = {}
    texts: dict[str, str] = {}
    for posed in passing.posed:
        if random.random() < SKIPPED or not posed.applies(answers):
            continue
        if posed.question.kind.is_text:
            if random.random() < WRITES:
                texts[posed.key] = random.choice(TEXTS.get(posed.question.id, WORDS))
            continue
        level = person.before if arrives or posed.before else person.now
        answers[posed.key] = _answer(random, posed, level)
    return answers, texts


def _answer(random: Random, posed: Posed, level: float) -> Answer:
    question = posed.question
    if question.asides and random.random() < (NOT_FOR_ALL if NC in question.asides else ASIDE):
        return random.choice(question.asides)
    if question.kind.name == "choix_multiple":
        return _several(random, question)
    codes = [option.code for option in question.options]
    if question.kind.name == "echelle":
        lean = 1 - level if question.reversed else level
        drift = PLEASED if question.scale == "smiley4" else 0.25
        position = round(lean * (len(codes) - 1) + random.gauss(drift, 0.6))
        return codes[min(max(position, 0), len(codes) - 1)]
    if question.kind.name == "oui_non":
        return codes[random.random() < 0.35 + level / 2]
    weights = [1.0 / (rank + 1) for rank in range(len(codes))]
    return random.choices(codes, weights)[0]


def _several(random: Random, question: Question) -> Answer:
    alone = [option.code for option in question.options if option.exclusive]
    if alone and random.random() < 0.25:
        return [str(random.choice(alone))]
    codes = [str(option.code) for option in question.options if not option.exclusive]
    chosen = set(random.sample(codes, k=min(len(codes), random.choice((1, 1, 2, 3)))))
    return [code for code in codes if code in chosen]
