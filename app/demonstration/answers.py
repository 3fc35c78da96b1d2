"""Draw believable answers: each person has a level, answers around it, and sometimes declines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from app.demonstration.words import DIFFICULTIES, EXAMPLES, EXPECTATIONS, STORIES, WORDS
from app.questionnaires.definition import NC, Answer, Code, Passing, Posed, Question

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
#: How far an answer is from one's level, in steps of the scale.
SPREAD = 0.45
#: What help brings on average, by the beginning of a question: much to do things alone, nothing
#: that can be established to ties with others. The same rules then tell the one from the other.
#: What partners observe, and whether one comes back, is told of people who were helped.
BROUGHT = {"aut": 0.24, "con": 0.2, "dro": 0.22, "lie": 0.02, "obs": 0.35, "res": 0.3}
ELSEWHERE = 0.16
#: What is chosen more or less often than its rank says, by question.
CHOSEN: Mapping[str, Mapping[Code, float]] = {
    "dro4": {"oui": 5, "non": 2, "pas_besoin": 2},
    "dro5": {"oui": 4, "plus_tard": 3, "non": 5},
    "dro7": {"recu": 5, "attente": 2, "refuse": 1, "pas_demande": 2},
}
#: How often « rien » or the like is chosen alone: not everybody looks for work.
ALONE = {"ins3": 0.7}
#: Whether the place helped, by who progressed: an answer that goes against the others is rare.
HELPED: Mapping[Code, float] = {"beaucoup": 6, "un_peu": 4, "non": 1, "pas_change": 0.2}
NOT_HELPED: Mapping[Code, float] = {"beaucoup": 0.3, "un_peu": 2, "non": 2, "pas_change": 4}
#: Which questions say so, and of what.
HELP = {"att_autonomie": "aut", "att_confiance": "con", "att_lien": "lie", "att_droits": "dro"}
#: How often a free text is written.
WRITES = 0.15


@dataclass(frozen=True, slots=True)
class Respondent:
    """Be an invented person: how at ease they were, and how much help changes for them."""

    before: float
    #: Multiplies what help brings: under 0 for the few who find it harder than before.
    takes: float

    @classmethod
    def draw(cls, random: Random) -> Respondent:
        """Draw someone: most progress, some do not, a few are already at ease."""
        return cls(_bounded(random.gauss(0.36, 0.2)), random.gauss(1, 0.75))

    def level(self, question: str, *, is_before: bool) -> float:
        """Return how at ease somebody is with what a question asks, from 0 to 1."""
        if is_before:
            return self.before
        return _bounded(self.before + self.takes * BROUGHT.get(question[:3], ELSEWHERE))

    def was_helped(self, subject: str) -> bool:
        """Tell whether help changed something for them."""
        return self.takes * BROUGHT.get(subject, ELSEWHERE) > 0.05


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
        answers[posed.key] = _answer(random, posed, person, arrives=arrives)
    return answers, texts


def _answer(random: Random, posed: Posed, person: Respondent, *, arrives: bool) -> Answer:
    question = posed.question
    if question.asides and random.random() < (NOT_FOR_ALL if NC in question.asides else ASIDE):
        return random.choice(question.asides)
    if question.kind.name == "choix_multiple":
        return _several(random, question)
    codes = [option.code for option in question.options]
    level = person.level(question.id, is_before=arrives or posed.before)
    if question.kind.name == "echelle":
        lean = 1 - level if question.reversed else level
        drift = PLEASED if question.scale == "smiley4" else 0.25
        position = round(lean * (len(codes) - 1) + random.gauss(drift, SPREAD))
        return codes[min(max(position, 0), len(codes) - 1)]
    if question.kind.name == "oui_non":
        return codes[random.random() < 0.35 + level / 2]
    return random.choices(codes, _weights(question, person))[0]


def _weights(question: Question, person: Respondent) -> list[float]:
    """Return how likely each option is: the first ones more than the last, but where it is said."""
    codes = [option.code for option in question.options]
    known = CHOSEN.get(question.id, {})
    if question.id in HELP:
        known = HELPED if person.was_helped(HELP[question.id]) else NOT_HELPED
    return [known.get(code, 1.0 / (rank + 1)) for rank, code in enumerate(codes)]


def _several(random: Random, question: Question) -> Answer:
    alone = [option.code for option in question.options if option.exclusive]
    if alone and random.random() < ALONE.get(question.id, 0.25):
        return [str(random.choice(alone))]
    codes = [str(option.code) for option in question.options if not option.exclusive]
    chosen = set(random.sample(codes, k=min(len(codes), random.choice((1, 1, 2, 3)))))
    return [code for code in codes if code in chosen]


def _bounded(level: float) -> float:
    return min(max(level, 0.0), 1.0)
