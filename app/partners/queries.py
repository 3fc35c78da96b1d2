"""What is known of partners: who they are, which campaigns ask them, who was asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from app.campaigns.doors import PARTNER_DOORS
from app.campaigns.models import Campaign, Link
from app.campaigns.names import desk_title
from app.campaigns.periods import closing_day, state_of
from app.campaigns.queries import LATEST_FIRST, plan_of, published, within
from app.organisations.models import Lieu
from app.organisations.queries import current_notice
from app.partners import standing, tokens
from app.partners.models import Partner, PartnerInvitation
from app.partners.standing import Standing
from app.responses import receipts
from app.responses.models import Response

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from sqlalchemy.orm import Session

    from app.organisations.queries import Reach
    from config import Keys


@dataclass(frozen=True, slots=True)
class Asking:
    """Be one campaign that asks partners, by the link they share."""

    link: Link
    title: str
    questions: int
    minutes: int
    until: date
    #: Years that the structure keeps what has ended, beside the current one.
    years: int
    is_open: bool
    is_coming: bool

    @property
    def campaign(self) -> Campaign:
        """Return the campaign, its lieu loaded."""
        return self.link.campaign

    @property
    def name(self) -> str:
        """Name it as the team does, with its lieu."""
        return f"{self.title}, {self.campaign.lieu.name}"


class Count(NamedTuple):
    """Say how many were asked and how many answered."""

    asked: int
    answered: int
    #: Letters that nobody said were sent.
    ready: int
    #: Partners still in the list whom nobody asked.
    free: int
    #: Answers that nobody signed, by the link that all share.
    shared: int


def partners_of(session: Session, organisation_id: UUID) -> Sequence[Partner]:
    """Return the partners of a structure, by name, the archived ones last."""
    mine = select(Partner).where(Partner.organisation_id == organisation_id)
    return session.scalars(mine.order_by(Partner.archived, func.lower(Partner.name))).all()


def partner_of(session: Session, organisation_id: UUID, partner_id: UUID) -> Partner | None:
    """Return one partner of a structure, or None."""
    mine = (Partner.organisation_id == organisation_id, Partner.id == partner_id)
    return session.scalars(select(Partner).where(*mine)).one_or_none()


def askings(session: Session, reach: Reach, today: date) -> list[Asking]:
    """Return the campaigns within reach that ask partners, the latest first."""
    query = (
        select(Link)
        .join(Link.campaign)
        .join(Campaign.lieu)
        .where(within(reach), Link.door.in_(PARTNER_DOORS))
        .options(
            contains_eager(Link.campaign).contains_eager(Campaign.lieu),
            contains_eager(Link.campaign).joinedload(Campaign.organisation),
        )
        .order_by(*LATEST_FIRST)
    )
    return [_asking(session, link, today) for link in session.scalars(query)]


def _asking(session: Session, link: Link, today: date) -> Asking:
    campaign = link.campaign
    passing = plan_of(session, campaign).passings[link.wave]
    state = state_of(campaign, today)
    return Asking(
        link,
        desk_title(published(session, campaign.version)),
        len(passing.posed),
        passing.minutes,
        closing_day(campaign),
        current_notice(session, campaign.organisation_id).retention_years,
        is_open=state == "open",
        is_coming=state == "not_yet",
    )


def invitation_of(session: Session, keys: Keys, token: str) -> PartnerInvitation | None:
    """Return the invitation of a personal link, typed in any case and grouping, or None."""
    # An ill-formed token costs the same look-up as a wrong one.
    digest = tokens.token_hash(keys, receipts.normalise(token) or "")
    query = select(PartnerInvitation).where(PartnerInvitation.token_hash == digest)
    return session.scalars(query).one_or_none()


def invitations_of(
    session: Session, reach: Reach, partner_id: UUID
) -> dict[UUID, PartnerInvitation]:
    """Return the invitations of a partner within reach, by the link they ask by."""
    query = (
        select(PartnerInvitation)
        .join(Link, PartnerInvitation.link_id == Link.id)
        .join(Campaign, Link.campaign_id == Campaign.id)
        .where(within(reach), PartnerInvitation.partner_id == partner_id)
    )
    return {one.link_id: one for one in session.scalars(query)}


def standings(
    session: Session, organisation_id: UUID, *link_ids: UUID | None
) -> dict[UUID | None, list[Standing]]:
    """Return where each partner stands by each link; without a link, nobody is asked."""
    asked = select(PartnerInvitation).where(
        PartnerInvitation.organisation_id == organisation_id,
        PartnerInvitation.link_id.in_([one for one in link_ids if one is not None]),
    )
    known = {(one.link_id, one.partner_id): one for one in session.scalars(asked)}
    partners = partners_of(session, organisation_id)
    return {
        link_id: [
            Standing(partner, known.get((link_id, partner.id)) if link_id else None)
            for partner in partners
        ]
        for link_id in link_ids
    }


def counts(
    session: Session, found: Mapping[UUID | None, Sequence[Standing]]
) -> dict[UUID | None, Count]:
    """Count who was asked and who answered by each link."""
    links = [one for one in found if one is not None]
    given = select(Response.link_id, func.count()).where(Response.link_id.in_(links))
    answers = {row[0]: row[1] for row in session.execute(given.group_by(Response.link_id))}
    return {link_id: _count(answers.get(link_id, 0), found[link_id]) for link_id in links}


def _count(answers: int, found: Sequence[Standing]) -> Count:
    states = [one.state for one in found]
    signed = sum(
        one.invitation is not None and one.invitation.response_id is not None for one in found
    )
    return Count(
        asked=sum(state not in ("libre", "prete") for state in states),
        answered=sum(state in standing.ANSWERED for state in states),
        ready=states.count("prete"),
        free=sum(one.state == "libre" and not one.partner.archived for one in found),
        # Not « those that no invitation names »: this reads the index alone.
        shared=answers - signed,
    )


def to_remind(session: Session, reach: Reach, today: date) -> Iterator[tuple[UUID, int]]:
    """Yield each open campaign whose partners wait for a week, and how many do."""
    latest = func.coalesce(PartnerInvitation.reminded_on, PartnerInvitation.sent_on)
    query = (
        select(Campaign.id, func.count())
        .select_from(PartnerInvitation)
        .join(Partner, PartnerInvitation.partner_id == Partner.id)
        .join(Link, PartnerInvitation.link_id == Link.id)
        .join(Campaign, Link.campaign_id == Campaign.id)
        .join(Lieu, Campaign.lieu_id == Lieu.id)
        .where(within(reach), ~Partner.archived, latest <= today - standing.WEEK)
        .where(PartnerInvitation.answered_on.is_(None), PartnerInvitation.told_on.is_(None))
        .group_by(Campaign.id)
    )
    yield from ((campaign_id, waiting) for campaign_id, waiting in session.execute(query))


def asked_campaigns(session: Session, reach: Reach) -> set[UUID]:
    """Return the campaigns within reach by which some partner was invited."""
    query = (
        select(Campaign.id)
        .join(Link, Link.campaign_id == Campaign.id)
        .join(PartnerInvitation, PartnerInvitation.link_id == Link.id)
        .where(within(reach))
    )
    return set(session.scalars(query.distinct()))
