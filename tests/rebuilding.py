"""Compute every derived row again from the raw answers, by the plainest road."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from itertools import combinations
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.campaigns.models import Campaign, Link, PublishedTranslation
from app.campaigns.queries import plan_of, published
from app.responses.models import PairScore, Response, Rollup, Score, Unrolled
from app.responses.rollups import tallies
from app.scoring import SCORING_VERSION, add, score_pair, score_response

#: Every whole month that a test may use.
ALWAYS = {"first_month": "2000-01", "last_month": "2099-12"}


#: A row of the rollups: scope, month, measure, version.
Cell = tuple[UUID, str, str, str]


def differences(
    session: Session,
    sealed: Mapping[Cell, Mapping[str, int]] = MappingProxyType({}),
    today: date | None = None,
) -> list[str]:
    """Name the derived rows that differ from what the raw answers give; none should.

    `sealed` is what answers gone with the retention purge left in the rollups. Of the day it is,
    or of `today`, answers that wait are in no sum: ask the day after.
    """
    scores, pair_scores, brought = _rebuild(session)
    stored_scores = {
        (row.response_id, row.measure): (row.indicator, row.value, row.tally)
        for row in session.scalars(select(Score))
        if row.scoring_version == SCORING_VERSION
    }
    stored_pairs = {
        (row.pair_id, row.measure): (
            row.indicator, row.from_wave, row.to_wave, row.response_id,
            row.k, row.before, row.after, row.tally,
        )
        for row in session.scalars(select(PairScore))
        if row.scoring_version == SCORING_VERSION
    }  # fmt: skip
    return [
        *_unequal("score", scores, stored_scores),
        *_unequal("pair_score", pair_scores, stored_pairs),
        *_unequal("rollup", *_rolled(session, brought, sealed)),
        *_unequal("tallies", *_summed(session, brought, sealed, today)),
    ]


def sums_of(session: Session, response_ids: Collection[UUID]) -> dict[Cell, dict[str, int]]:
    """Return what some answers bring to every row of the rollups."""
    _, _, brought = _rebuild(session)
    sums: dict[Cell, dict[str, int]] = defaultdict(dict)
    for response, scopes in _located(session):
        if response.id in response_ids:
            for measure, tally in brought[response.id]:
                for scope in scopes:
                    add(sums[scope, f"{response.day:%Y-%m}", measure, response.version], tally)
    return sums


def _rebuild(session: Session) -> tuple[dict[Any, Any], dict[Any, Any], dict[Any, Any]]:
    scores: dict[Any, Any] = {}
    pair_scores: dict[Any, Any] = {}
    brought: dict[UUID, list[tuple[str, dict[str, int]]]] = defaultdict(list)
    pairs: dict[UUID, list[Response]] = defaultdict(list)
    plans = {}
    for campaign in session.scalars(select(Campaign)):
        plans[campaign.id] = plan_of(session, campaign)
    campaigns = {link.id: link.campaign_id for link in session.scalars(select(Link))}
    reviewed = {
        one.digest: one.reviewed_by for one in session.scalars(select(PublishedTranslation))
    }
    for response in session.scalars(select(Response)):
        if response.pair_id is not None:
            pairs[response.pair_id].append(response)
        unreviewed = bool(response.translation) and not reviewed[response.translation]
        for one in score_response(
            plans[campaigns[response.link_id]],
            response.wave,
            response.answers,
            mode=response.mode,
            unreviewed=unreviewed,
        ):
            scores[response.id, one.measure_key] = (one.indicator, one.value, one.tally)
            brought[response.id].append((one.measure_key, one.tally))
    for pair_id, members in pairs.items():
        order = [wave.id for wave in published(session, members[0].version).waves]
        members.sort(key=lambda member: order.index(member.wave))
        for first, last in combinations(members, 2):
            plan = plans[campaigns[last.link_id]]
            for two in score_pair(plan, first.wave, last.wave, first.answers, last.answers):
                pair_scores[pair_id, two.measure_key] = (
                    two.indicator, first.wave, last.wave, last.id,
                    two.k, two.before, two.after, two.tally,
                )  # fmt: skip
                brought[last.id].append((two.measure_key, two.tally))
    return scores, pair_scores, brought


def _rolled(
    session: Session, brought: dict[Any, Any], sealed: Mapping[Cell, Mapping[str, int]]
) -> tuple[dict[Any, Any], dict[Any, Any]]:
    waiting = set(session.scalars(select(Unrolled.response_id)))
    expected: dict[Any, Any] = defaultdict(dict, {cell: {**one} for cell, one in sealed.items()})
    for response, scopes in _located(session):
        if response.id not in waiting:
            for measure, tally in brought[response.id]:
                for scope in scopes:
                    add(expected[scope, f"{response.day:%Y-%m}", measure, response.version], tally)
    stored = {
        (row.scope_id, row.month, row.measure, row.version): row.tally
        for row in session.scalars(select(Rollup))
    }
    return {cell: tally for cell, tally in expected.items() if any(tally.values())}, stored


def _summed(
    session: Session,
    brought: dict[Any, Any],
    sealed: Mapping[Cell, Mapping[str, int]],
    today: date | None,
) -> tuple[dict[Any, Any], dict[Any, Any]]:
    expected: dict[Any, Any] = defaultdict(dict)
    for (scope, _, measure, version), tally in sealed.items():
        add(expected[scope, measure, version], tally)
    owners = {row.scope_id: row.organisation_id for row in session.scalars(select(Rollup))}
    for response, scopes in _located(session):
        for measure, tally in brought[response.id]:
            for scope in scopes:
                owners[scope] = response.organisation_id
                add(expected[scope, measure, response.version], tally)
    found = {
        (scope, *name): tally
        for scope, owner in owners.items()
        for name, tally in tallies(session, owner, scopes=[scope], **ALWAYS, today=today).items()
    }
    return {name: tally for name, tally in expected.items() if any(tally.values())}, {
        name: tally for name, tally in found.items() if any(tally.values())
    }


def _located(session: Session) -> list[tuple[Response, tuple[UUID, ...]]]:
    query = (
        select(Response, Link.id, Campaign.id, Campaign.lieu_id, Campaign.organisation_id)
        .join(Link, Response.link_id == Link.id)
        .join(Campaign, Link.campaign_id == Campaign.id)
    )
    return [(response, tuple(scopes)) for response, *scopes in session.execute(query)]


def _unequal(name: str, expected: dict[Any, Any], found: dict[Any, Any]) -> list[str]:
    keys = [key for key in {*expected, *found} if expected.get(key) != found.get(key)]
    return [f"{name} {key}: {expected.get(key)} expected, {found.get(key)} found" for key in keys]
