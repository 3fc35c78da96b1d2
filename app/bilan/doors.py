"""By which doors the answers of the public came, live or frozen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import func, select

from app.campaigns.doors import DOORS, GROUPS, PARTNER
from app.campaigns.models import Campaign, Link
from app.campaigns.queries import published, within
from app.indicators.models import FrozenTally
from app.organisations.queries import thresholds_of
from app.responses.models import Response
from app.responses.rollups import received
from app.scoring import RESPONSES

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.bilan.scope import Scope
    from app.indicators.answers_ledger import Answered
    from app.indicators.ledger import Release

#: Fewer answers than this by a door stand with those of another door.
FEW = 5


def doors(session: Session, scope: Scope) -> Mapping[str, int]:
    """Count the answers of today by group of doors, in the usual order."""
    links = _links(session, scope)
    if not links or not scope.scopes:
        return {}
    organisation_id, period = scope.reach.organisation_id, scope.frame.period
    months = (period.first, period.last)
    came = received(session, organisation_id, Response.link_id, list(links), *months)
    return _by_group(links, came)


def released_doors(
    session: Session, scope: Scope, release: Release, answered: Answered
) -> Mapping[str, int]:
    """Count the frozen answers by doors, the rarest together; nothing when that would tell.

    What left before may be taken away from it: 1 to 4 people who came by a door stay unknown.
    """
    least = max(FEW, thresholds_of(session, scope.reach.organisation_id).counts)
    found = together(_frozen(session, scope, release), least)
    if len(found) < 2:
        return {}
    told = {frozenset(groups): count for groups, count in found.items()}
    if not answered.doors(told):
        return {}
    return {named(groups): count for groups, count in found.items()}


def together(doors: Mapping[str, int], least: int = FEW) -> Mapping[tuple[str, ...], int]:
    """Put doors that few took with the rarest of the others; nothing when all are few."""
    parts: list[tuple[tuple[str, ...], int]] = [
        ((name,), count) for name, count in doors.items() if count
    ]
    while len(parts) > 1 and min(count for _, count in parts) < least:
        first, second = sorted(sorted(parts, key=lambda one: one[1])[:2], key=parts.index)
        merged = (first[0] + second[0], first[1] + second[1])
        parts = [merged if one == first else one for one in parts if one != second]
    return dict(parts) if all(count >= least for _, count in parts) else {}


def named(groups: Iterable[str]) -> str:
    """Write doors that are told as one."""
    return " ou ".join(groups)


def _frozen(session: Session, scope: Scope, release: Release) -> Mapping[str, int]:
    """Count the frozen answers by group of doors, in the usual order."""
    links = _links(session, scope)
    answers = func.sum(FrozenTally.tally["responses"].as_integer())
    query = (
        select(FrozenTally.scope_id, answers)
        .where(
            FrozenTally.organisation_id == scope.reach.organisation_id,
            FrozenTally.scope_id.in_(links),
            FrozenTally.measure == RESPONSES,
            FrozenTally.month.between(release.period.first, release.last_month),
        )
        .group_by(FrozenTally.scope_id)
    )
    return _by_group(links, {row[0]: row[1] or 0 for row in session.execute(query)})


def _links(session: Session, scope: Scope) -> Mapping[UUID, str]:
    """Return the group of each link by which the public answers."""
    links = (
        select(Link.id, Link.door, Campaign.version)
        .join(Campaign, Link.campaign_id == Campaign.id)
        .where(within(scope.reach), scope.selection.campaigns_asked)
    )
    return {
        link_id: DOORS[door].group
        for link_id, door, version in session.execute(links)
        if published(session, version).audience == "usager"
    }


def _by_group(links: Mapping[UUID, str], came: Mapping[UUID, int]) -> Mapping[str, int]:
    counted: Counter[str] = Counter()
    for link_id, group in links.items():
        counted[group] += came.get(link_id, 0)
    return {group: counted[group] for group in GROUPS if counted[group] and group != PARTNER}
