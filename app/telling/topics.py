"""Two questions of the référentiel that a testimony asks too, wherever it is told from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.web.current import library

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.answering.pages import Voice
    from app.questionnaires.definition import Question, Wording

#: What the story is about; `testimonies.changing.AGE` is the other one.
THEMES = "themes"


@dataclass(frozen=True, slots=True)
class Topic:
    """Be one of these questions in the words that people read."""

    question: str
    #: Code and label of each answer.
    options: tuple[tuple[str, str], ...]

    def known(self, codes: list[str]) -> tuple[str, ...]:
        """Return the codes that are answers of the question, in its order."""
        return tuple(code for code, _ in self.options if code in codes)


def topic(voice: Voice, name: str) -> Topic | None:
    """Return a question as it is asked here, or as the library asks it; None when nobody does."""
    for question, wording in _found(voice, name):
        said = tuple(
            (str(option.code), voice.typeset(wording.say(option.text)))
            for option in question.options
        )
        return Topic(voice.typeset(wording.say(question.text)), said)
    return None


def _found(voice: Voice, name: str) -> Iterator[tuple[Question, Wording]]:
    own = voice.entrance.questionnaire.questions.get(name)
    if own is not None:
        yield own, voice.wording
    for questionnaire in library().questionnaires.values():
        wording = library().wording(questionnaire, voice.language)
        if name in questionnaire.questions and wording is not None:
            yield questionnaire.questions[name], wording
