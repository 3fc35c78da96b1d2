"""What a person sent, read question by question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.questionnaires.definition import Answer, Passing
from app.questionnaires.kinds import Unreadable


@dataclass(slots=True)
class Posted:
    """Hold the answers, the free texts, and what could not be read, by posed key."""

    answers: dict[str, Answer] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    problems: dict[str, Unreadable] = field(default_factory=dict)


def read_posted(passing: Passing, posted: Mapping[str, Sequence[str]]) -> Posted:
    """Read every question of a passing; a skipped one is absent, other fields are not ours."""
    result = Posted()
    for key, posed in passing.by_key.items():
        values = posted.get(key)
        if not values:
            continue
        question = posed.question
        try:
            answer = question.kind.read(question, values)
        except Unreadable as problem:
            result.problems[key] = problem
            continue
        if answer is None:
            continue
        if question.kind.is_text:
            result.texts[key] = str(answer)
        else:
            result.answers[key] = answer
    return result
