"""One response as scoring reads it: what counts, what is missing and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.questionnaires.definition import ASIDES, Answer, Answers, Code, Passing, Posed
from app.questionnaires.kinds import FULL_SCORE

#: A question that was asked and skipped; with ASIDES, the four missing codes (rule 1).
EMPTY = "vide"
MISSING = (*ASIDES, EMPTY)
#: A question whose condition was false: not asked of this person, so not missing either.
NOT_ASKED = "non_posee"

#: The answer to « Qui a choisi les réponses ? » that may bring courtesy with it.
WITH_STAFF = "mediateur"

#: Every mean of 1 to 10 items on scales of 2 to 7 options is a whole number of 30240ths.
MOST_ITEMS = 10
SIXTIETH = FULL_SCORE // 60


@dataclass(frozen=True, slots=True)
class Item:
    """Be a posed question made ready for scoring."""

    id: str
    #: Name under which it is answered: `aut3`, `avant:aut3`.
    key: str
    posed: Posed
    #: Exact score of each code, in 30240ths of a point; empty when the kind is not scored.
    scores: Mapping[Code, int]

    @classmethod
    def of(cls, posed: Posed) -> Item:
        """Compute the score of every option once."""
        question = posed.question
        scores = {
            option.code: score
            for option in question.options
            if (score := question.kind.score(question, option.code)) is not None
        }
        return cls(question.id, posed.key, posed, scores)

    @property
    def step(self) -> int:
        """Return one step of the scale: 100 points over the number of options but one."""
        return FULL_SCORE // (len(self.posed.question.options) - 1)


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold what one response says, conditions applied."""

    #: Valid answers by posed key.
    answers: Mapping[str, Answer]
    #: Why there is none: one of MISSING, or NOT_ASKED.
    gaps: Mapping[str, str]
    mode: str | None
    #: Given in a translation that nobody has read over.
    unreviewed: bool

    def score(self, item: Item) -> int | None:
        """Return the exact score of one item; None when it is missing."""
        answer = self.answers.get(item.key)
        return None if answer is None or isinstance(answer, list) else item.scores.get(answer)


def read_response(
    passing: Passing, answers: Answers, *, mode: str | None = None, unreviewed: bool = False
) -> Reading:
    """Read one response; an answer whose condition is false does not count."""
    counted: dict[str, Answer] = {}
    valid: dict[str, Answer] = {}
    gaps: dict[str, str] = {}
    for posed in passing.posed:
        key = posed.key
        if posed.question.condition and not posed.applies(counted):
            gaps[key] = NOT_ASKED
        elif (answer := answers.get(key)) is None:
            gaps[key] = EMPTY
        else:
            counted[key] = answer
            if isinstance(answer, str) and answer in ASIDES:
                gaps[key] = answer
            else:
                valid[key] = answer
    return Reading(valid, gaps, mode, unreviewed)


def min_items(k: int) -> int:
    """Return how many of k items must be valid for a score to exist (rule 2)."""
    return 1 if k == 1 else max(2, -(-k // 2))


def exact_mean(scores: list[int], k: int) -> int | None:
    """Return the mean of the valid scores of k posed items; None when too few are valid."""
    return sum(scores) // len(scores) if len(scores) >= min_items(k) else None
