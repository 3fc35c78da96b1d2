"""What is asked where: campaigns, links, and the frozen questionnaires behind them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, cast

from sqlalchemy import and_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.campaigns.codes import normalise
from app.campaigns.models import (
    Campaign,
    CampaignLanguage,
    Link,
    PublishedTranslation,
    PublishedVersion,
)
from app.organisations.models import Lieu
from app.questionnaires import Wording, french_wording, read_frozen
from app.scoring import Plan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.organisations.queries import Reach
    from app.questionnaires.definition import Form, Questionnaire

#: How campaigns are listed, joined to their lieu: those of the same dates by lieu and action.
LATEST_FIRST = (
    Campaign.ends_on.desc(),
    Campaign.starts_on.desc(),
    Lieu.name,
    Campaign.action,
    Campaign.id,
)
#: What is published never changes, so each process reads it once.
_PUBLISHED: dict[str, Questionnaire] = {}
_TRANSLATED: dict[str, Wording] = {}


def find_link(session: Session, code: str) -> Link | None:
    """Return the link of a code typed in any letter case, its campaign and languages loaded."""
    known = normalise(code)
    if known is None:
        return None
    campaign = joinedload(Link.campaign)
    query = (
        select(Link)
        .where(Link.code == known)
        .options(
            campaign.joinedload(Campaign.organisation),
            campaign.joinedload(Campaign.lieu),
            campaign.joinedload(Campaign.languages),
        )
    )
    return session.scalars(query).unique().one_or_none()


def campaigns_of(session: Session, reach: Reach) -> Sequence[Campaign]:
    """Return the campaigns within reach, the latest first, links and lieux loaded."""
    query = (
        select(Campaign)
        .where(within(reach))
        .join(Campaign.lieu)
        .options(contains_eager(Campaign.lieu), selectinload(Campaign.links))
        .order_by(*LATEST_FIRST)
    )
    return session.scalars(query).all()


def campaign_of(session: Session, reach: Reach, campaign_id: UUID) -> Campaign | None:
    """Return one campaign within reach, all that its page shows loaded."""
    query = (
        select(Campaign)
        .where(within(reach), Campaign.id == campaign_id)
        .options(
            joinedload(Campaign.organisation),
            joinedload(Campaign.lieu),
            selectinload(Campaign.links),
            selectinload(Campaign.languages),
        )
    )
    return session.scalars(query).one_or_none()


def within(reach: Reach) -> ColumnElement[bool]:
    """Return the condition that a campaign is within reach."""
    mine = Campaign.organisation_id == reach.organisation_id
    return and_(mine, reach.within(Campaign.lieu_id))


def partner_campaigns(session: Session, reach: Reach) -> frozenset[UUID]:
    """Return the campaigns within reach that ask partners: they speak of people, not for them."""
    asked = select(Campaign.id, Campaign.version).where(within(reach))
    return frozenset(
        campaign_id
        for campaign_id, version in session.execute(asked)
        if published(session, version).audience == "partenaire"
    )


def published(session: Session, version: str) -> Questionnaire:
    """Return a published version, frozen as it was asked; raise KeyError when there is none."""
    if version not in _PUBLISHED:
        row = session.get(PublishedVersion, version)
        if row is None:
            raise KeyError(version)
        _PUBLISHED[version] = read_frozen(row.source)
    return _PUBLISHED[version]


def plan_of(session: Session, campaign: Campaign) -> Plan:
    """Return how the answers of a campaign are scored."""
    published(session, campaign.version)
    return _plan(campaign.version, cast("Form", campaign.form), tuple(campaign.modules))


@lru_cache(maxsize=256)
def _plan(version: str, form: Form, modules: tuple[str, ...]) -> Plan:
    return Plan.of_campaign(_PUBLISHED[version], form, modules)


def wording_of(session: Session, campaign: Campaign, language: str) -> Wording | None:
    """Return the words of a campaign in a language, or None when the language is off."""
    if language == "fr":
        return french_wording(published(session, campaign.version))
    turned_on = session.get(CampaignLanguage, (campaign.id, language))
    if turned_on is None:
        return None
    digest = turned_on.translation
    if digest not in _TRANSLATED:
        row = session.get_one(PublishedTranslation, digest)
        _TRANSLATED[digest] = Wording(row.language, row.reviewed_by, digest, row.texts)
    return _TRANSLATED[digest]


def frozen_source(session: Session, code: str) -> str | None:
    """Return the YAML that the campaign of a code has asked since it opened."""
    link = find_link(session, code)
    if link is None:
        return None
    return session.get_one(PublishedVersion, link.campaign.version).source
