"""The names by which a team knows its questionnaires and its campaigns."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from sqlalchemy import select

from app.campaigns.models import Campaign
from app.campaigns.queries import LATEST_FIRST, published, within
from app.organisations.models import Lieu

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.organisations.queries import Reach
    from app.questionnaires.definition import Questionnaire


class NamedCampaign(NamedTuple):
    """Be a campaign that may be chosen, by the name that a médiateur knows it by."""

    id: UUID
    title: str
    questionnaire: str
    questionnaire_title: str
    lieu_id: UUID
    lieu: str
    starts_on: date
    #: It asks partners, who speak of people and not for them.
    is_partner: bool = False


def desk_title(questionnaire: Questionnaire) -> str:
    """Name a questionnaire for the team: the public reads the same title on both « progrès »."""
    title = questionnaire.title.fr
    return f"{title}, en une fois" if questionnaire.method == "B" else title


def named_campaigns(session: Session, reach: Reach) -> tuple[NamedCampaign, ...]:
    """Return the campaigns within reach, the latest first, without loading them."""
    columns = (Campaign.id, Campaign.version, Campaign.action, Campaign.starts_on)
    query = (
        select(*columns, Lieu.id, Lieu.name)
        .join(Lieu, Campaign.lieu_id == Lieu.id)
        .where(within(reach))
        .order_by(*LATEST_FIRST)
    )
    found = []
    for campaign_id, version, action, starts_on, lieu_id, lieu in session.execute(query):
        questionnaire = published(session, version)
        asks = desk_title(questionnaire)
        title = " · ".join(filter(None, (asks, lieu, action)))
        is_partner = questionnaire.audience == "partenaire"
        place = (lieu_id, lieu, starts_on, is_partner)
        found.append(NamedCampaign(campaign_id, title, questionnaire.id, asks, *place))
    return tuple(found)
