"""How a table of answers is laid out: in French words for people, in codes for programs."""

from __future__ import annotations

import hmac
import secrets
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any, ClassVar

from app.campaigns.doors import DOORS
from app.campaigns.queries import plan_of, published
from app.questionnaires import LANGUAGES, french_wording
from app.questionnaires.definition import ASIDES

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from app.campaigns.models import Campaign
    from app.questionnaires.definition import Answer, Posed, Questionnaire, Wording
    from app.scoring import Plan
    from app.web.sheets import Cell

#: Column of who chose the answers.
MODE = "mode"


class Asked:
    """Know what some campaigns of one questionnaire asked, in every version of it."""

    def __init__(self, session: Session, campaigns: Sequence[Campaign]) -> None:
        self.campaigns = {campaign.id: campaign for campaign in campaigns}
        self.plans: list[Plan] = []
        self.questionnaires: dict[str, Questionnaire] = {}
        #: Posed questions by version and key; by key alone, as the latest campaign asks them.
        self.by_version: dict[str, dict[str, Posed]] = {}
        self.posed: dict[str, Posed] = {}
        for campaign in campaigns:
            plan = plan_of(session, campaign)
            if plan not in self.plans:
                self.plans.append(plan)
                questionnaire = published(session, campaign.version)
                self.questionnaires[campaign.version] = questionnaire
                known = self.by_version.setdefault(campaign.version, {})
                for passing in plan.passings.values():
                    known.update(passing.by_key)
        for known in self.by_version.values():
            self.posed |= {key: one for key, one in known.items() if key not in self.posed}
        #: The version that the latest campaign asks.
        self.questionnaire = next(iter(self.questionnaires.values()))
        self.wordings = {
            version: french_wording(one) for version, one in self.questionnaires.items()
        }


class Layout(ABC):
    """Know the columns of a table; a person is named anew in each table."""

    #: What each column that is no question holds, by its heading.
    ABOUT: ClassVar[Mapping[str, str]]
    #: Whether each answer tells its lieu and action, where there are several campaigns.
    tells_campaign: ClassVar[bool] = True

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self._key = secrets.token_bytes(32)

    @abstractmethod
    def about(self) -> list[Cell]:
        """Return the headings of the columns that are no questions."""

    @abstractmethod
    def column(self, key: str) -> str:
        """Return the heading of a question."""

    @abstractmethod
    def row(self, answered: Any, said: Mapping[str, Answer]) -> list[Cell]:
        """Return the line of one answer."""

    def heading(self) -> list[Cell]:
        """Return the first line."""
        return [*self.about(), *map(self.column, self.asked.posed)]

    def where(self, *cells: Cell) -> list[Cell]:
        """Return the cells that tell the campaign, none where they are not needed."""
        return list(cells) if self.tells_campaign and len(self.asked.campaigns) > 1 else []

    def person(self, pair_id: UUID | None) -> str:
        """Return what links the answers of one card in this table, and in no other."""
        if pair_id is None:
            return ""
        return f"p{hmac.digest(self._key, pair_id.bytes, sha256).hex()[:12]}"


class Codes(Layout):
    """Write codes, for `recueil score`, for `import` and for other programs."""

    ABOUT: ClassVar[Mapping[str, str]] = {
        "person": "relie les réponses d’une même carte, dans ce fichier seulement",
        "wave": "moment de la réponse",
        "lieu": "lieu d’activité",
        "action": "action ou cadre",
        "jour": "jour de la réponse ; l’heure n’est pas gardée",
        "porte": "par où la réponse est venue",
        "langue": "langue de la page",
        "version": "empreinte de la version du questionnaire",
        MODE: "qui a choisi les réponses",
    }

    def about(self) -> list[Cell]:
        where = self.where("lieu", "action")
        # Asked or told, the mode has one column.
        mode = [] if MODE in self.asked.posed else [MODE]
        return ["person", "wave", *where, "jour", "porte", "langue", "version", *mode]

    def column(self, key: str) -> str:
        return key

    def row(self, answered: Any, said: Mapping[str, Answer]) -> list[Cell]:
        campaign = self.asked.campaigns[answered.campaign_id]
        where = self.where(campaign.lieu.name, campaign.action)
        posed = self.asked.by_version[answered.version]
        return [
            self.person(answered.pair_id),
            answered.wave,
            *where,
            answered.day,
            answered.door,
            answered.language,
            answered.version,
            *([] if MODE in self.asked.posed else [answered.mode]),
            *(self._cell(posed.get(key), said.get(key)) for key in self.asked.posed),
        ]

    def _cell(self, posed: Posed | None, answer: Answer | None) -> Cell:
        if posed is None or answer is None:
            return None
        return (
            answer if isinstance(answer, int) else posed.question.kind.cell(posed.question, answer)
        )


class Interoperable(Codes):
    """Write the columns that `recueil score` and `import` know, and no other."""

    tells_campaign = False


class Words(Layout):
    """Write words, in French, for the spreadsheets of France."""

    ABOUT: ClassVar[Mapping[str, str]] = {
        "Personne": "relie les réponses d’une même carte, dans ce fichier seulement",
        "Moment": "moment de la réponse",
        "Lieu": "lieu d’activité",
        "Action": "action ou cadre",
        "Jour": "jour de la réponse ; l’heure n’est pas gardée",
        "Porte": "par où la réponse est venue",
        "Langue": "langue de la page",
        "Version": "empreinte de la version du questionnaire",
        "Remarque": "réponse tardive, ou carte déjà utilisée au même moment",
    }

    def about(self) -> list[Cell]:
        where = self.where("Lieu", "Action")
        return ["Personne", "Moment", *where, "Jour", "Porte", "Langue", "Version", "Remarque"]

    def column(self, key: str) -> str:
        posed = self.asked.posed[key]
        return self.asked.wordings[self.asked.questionnaire.version].say(posed.text)

    def row(self, answered: Any, said: Mapping[str, Answer]) -> list[Cell]:
        campaign = self.asked.campaigns[answered.campaign_id]
        where = self.where(campaign.lieu.name, campaign.action)
        posed = self.asked.by_version[answered.version]
        wording = self.asked.wordings[answered.version]
        return [
            self.person(answered.pair_id),
            self._moment(answered),
            *where,
            answered.day,
            DOORS[answered.door].label,
            LANGUAGES[answered.language][0],
            f"v{answered.version[:12]}",
            ", ".join(remarks(answered)),
            *(self._cell(posed.get(key), said.get(key), wording) for key in self.asked.posed),
        ]

    def _moment(self, answered: Any) -> Cell:
        """Return when it was asked; a questionnaire that is asked once has no moments."""
        questionnaire = self.asked.questionnaires[answered.version]
        several = len(questionnaire.waves) > 1
        return questionnaire.wave(answered.wave).title.fr if several else None

    def _cell(self, posed: Posed | None, answer: Answer | None, wording: Wording) -> Cell:
        if posed is None or answer is None:
            return None
        question = posed.question
        if answer in ASIDES and answer not in question.asides:
            return str(answer)  # a table may hold an aside that the page does not offer
        return question.kind.words(question, answer, wording)


def remarks(answered: Any) -> list[str]:
    """Return what must be known of an answer before it is counted."""
    said = {"réponse tardive": answered.late, "carte déjà utilisée": answered.card_reused}
    return [words for words, holds in said.items() if holds]
