"""What the first page of the desk says: what is open, what arrived by which door, what is next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.campaigns.doors import DOORS, GROUPS
from app.campaigns.forms import desk_title
from app.campaigns.models import Campaign
from app.campaigns.periods import state_of
from app.campaigns.queries import campaigns_of, published
from app.indicators.charts import Bar, stacked
from app.organisations.queries import Reach
from app.responses.rollups import counts


@dataclass(frozen=True, slots=True)
class OpenCampaign:
    """Be one campaign that people may answer today."""

    campaign: Campaign
    title: str
    responses: int
    #: Whether its questionnaire measures anything: a testimony is read, not counted.
    has_figures: bool
    #: By which doors the answers came; None while there is none.
    doors: Bar | None


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Be the first page."""

    responses: int
    open: tuple[OpenCampaign, ...]
    #: Whether any campaign was ever opened.
    has_begun: bool


def dashboard(session: Session, reach: Reach, today: date) -> Dashboard:
    """Return what is open within reach, and how much arrived."""
    received = counts(session, reach.organisation_id)
    campaigns = campaigns_of(session, reach)
    return Dashboard(
        sum(received.get(link.id, 0) for campaign in campaigns for link in campaign.links),
        tuple(
            _open(session, campaign, received)
            for campaign in campaigns
            if state_of(campaign, today) == "open"
        ),
        bool(campaigns),
    )


def _open(session: Session, campaign: Campaign, received: Mapping[UUID, int]) -> OpenCampaign:
    groups: Counter[str] = Counter()
    for link in campaign.links:
        groups[DOORS[link.door].group] += received.get(link.id, 0)
    parts = [(group, group, groups[group]) for group in GROUPS if group in groups]
    questionnaire = published(session, campaign.version)
    return OpenCampaign(
        campaign,
        desk_title(questionnaire),
        groups.total(),
        bool(questionnaire.indicators),
        stacked(parts) if groups.total() else None,
    )
