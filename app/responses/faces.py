"""The face that a person chose, shown again beside its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.questionnaires import french_wording

if TYPE_CHECKING:
    from app.questionnaires.definition import Answer, Answers, Question, Questionnaire

#: What the pictograms of faces are called.
_FACE = "visage-"


def face_of(question: Question, answer: Answer) -> str | None:
    """Return the pictogram of the option chosen, None when it is no face."""
    if isinstance(answer, list):
        return None
    chosen = {option.code: option.pictogram or "" for option in question.options}.get(answer, "")
    return chosen if chosen.startswith(_FACE) else None


def first_face(questionnaire: Questionnaire, wave: str, answers: Answers) -> tuple[str, str | None]:
    """Return the words and the face of the first question, when faces answer it."""
    posed = questionnaire.passing(wave).posed[0]
    answer = answers.get(posed.key)
    face = None if answer is None else face_of(posed.question, answer)
    if answer is None or face is None:
        return "", None
    return posed.question.kind.words(posed.question, answer, french_wording(questionnaire)), face
