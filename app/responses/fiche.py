"""One answer in full, as the team reads it: each question with its answer in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.campaigns.doors import DOORS
from app.campaigns.models import PublishedVersion
from app.campaigns.names import desk_title
from app.campaigns.queries import plan_of, published
from app.organisations.notice import end_of_keeping
from app.organisations.queries import notices
from app.questionnaires import LANGUAGES, french_wording
from app.questionnaires.definition import ASIDES
from app.responses.faces import face_of
from app.responses.layouts import MODE
from app.responses.models import Response
from app.scoring.plans import everything_asked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from uuid import UUID

    from sqlalchemy.orm import Session

    from app.questionnaires.definition import Answer, Posed, Wording
    from app.responses.queries import FullResponse

#: Said where a person answered nothing, and where the question did not concern them.
SKIPPED, NOT_ASKED = "pas de réponse", "question pas posée"


@dataclass(frozen=True, slots=True)
class Said:
    """Be one question with its answer in words."""

    question: str
    words: str
    #: Words of the person's own.
    is_text: bool = False
    #: Nothing, or aside of the question: « préfère ne pas répondre ».
    is_aside: bool = False
    #: The face that was chosen.
    face: str | None = None


@dataclass(frozen=True, slots=True)
class Fiche:
    """Be one answer in full."""

    id: UUID
    day: date
    title: str
    campaign_id: UUID
    said: tuple[Said, ...]
    #: What is known of how it came, by name.
    facts: tuple[tuple[str, str], ...]
    kept_until: date

    @property
    def answers(self) -> tuple[Said, ...]:
        """Return what was answered by choosing."""
        return tuple(one for one in self.said if not one.is_text)

    @property
    def texts(self) -> tuple[Said, ...]:
        """Return what was written."""
        return tuple(one for one in self.said if one.is_text)


def fiche(session: Session, full: FullResponse) -> Fiche:
    """Return an answer in the words that people read."""
    response, campaign = full.response, full.link.campaign
    questionnaire = published(session, response.version)
    return Fiche(
        response.id,
        response.day,
        desk_title(questionnaire),
        campaign.id,
        tuple(_said(session, full)),
        tuple(_facts(session, full)),
        _kept_until(session, response),
    )


def _kept_until(session: Session, response: Response) -> date:
    """Return until when an answer is kept: answers that a card links leave with the last one."""
    last = response.day
    if response.pair_id:
        linked = select(func.max(Response.day)).where(Response.pair_id == response.pair_id)
        last = session.scalar(linked) or last
    return end_of_keeping(notices(session, response.organisation_id), last)


def _said(session: Session, full: FullResponse) -> Iterator[Said]:
    response = full.response
    questionnaire = published(session, response.version)
    passing = plan_of(session, full.link.campaign).passings[response.wave]
    wording = french_wording(questionnaire)
    answers: dict[str, Answer] = {**response.answers, **full.texts}
    if response.mode:
        answers.setdefault(MODE, response.mode)
    counted = passing.counted(answers)
    for posed in passing.posed:
        question = wording.say(posed.text)
        if posed.key in answers:
            yield _answered(posed, question, answers[posed.key], wording)
        elif posed.applies(counted):
            yield Said(question, SKIPPED, posed.question.kind.is_text, is_aside=True)
        else:
            yield Said(question, NOT_ASKED, is_aside=True)
    # What a table brought in is shown too, though the campaign does not ask it.
    for posed in everything_asked(questionnaire, response.wave).posed:
        if posed.key in answers and posed.key not in passing.by_key:
            yield _answered(posed, wording.say(posed.text), answers[posed.key], wording)


def _answered(posed: Posed, question: str, answer: Answer, wording: Wording) -> Said:
    asked = posed.question
    words = asked.kind.words(asked, answer, wording)
    return Said(
        question,
        words,
        asked.kind.is_text,
        is_aside=answer in ASIDES and not asked.kind.is_text,
        face=face_of(asked, answer),
    )


def _facts(session: Session, full: FullResponse) -> Iterator[tuple[str, str]]:
    response, campaign = full.response, full.link.campaign
    questionnaire = published(session, response.version)
    yield "Lieu", campaign.lieu.name
    if campaign.action:
        yield "Action", campaign.action
    yield "Porte", DOORS[full.link.door].label
    if len(questionnaire.waves) > 1:
        yield "Moment", questionnaire.wave(response.wave).title.fr
    yield "Langue", LANGUAGES[response.language][0]
    yield "Version", _version(session, response)
    yield from _card(response).items()
    if response.late:
        yield "Arrivée", "après la fermeture de la campagne"


def _version(session: Session, response: Response) -> str:
    day = session.get_one(PublishedVersion, response.version).published_on
    return f"v{response.version[:8]}, figée le {day:%d/%m/%Y}"


def _card(response: Response) -> Mapping[str, str]:
    """Say what a card with a code did, when the person had one."""
    if response.card_reused:
        return {"Carte": "déjà utilisée à ce moment : la réponse n’est pas reliée"}
    return {"Carte": "reliée par une carte à code, sans nom"} if response.pair_id else {}
