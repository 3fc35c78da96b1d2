"""The rows of scores that an answer, or two answers of one pair, bring."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from app.questionnaires.definition import Answers
from app.scoring import SCORING_VERSION, Plan, score_pair, score_response


class Member(NamedTuple):
    """Be one answer of a pair."""

    response_id: UUID
    wave: str
    answers: Answers


def score_rows(
    plan: Plan, wave: str, response_id: UUID, answers: Answers, mode: str | None, unreviewed: bool
) -> list[dict[str, Any]]:
    """Return the scores of one answer, ready to be written."""
    return [
        {
            "response_id": response_id,
            "measure": scored.measure_key,
            "indicator": scored.indicator,
            "scoring_version": SCORING_VERSION,
            "value": scored.value,
            "tally": scored.tally,
        }
        for scored in score_response(plan, wave, answers, mode=mode, unreviewed=unreviewed)
    ]


def pair_scores(
    plan: Plan, pair_id: UUID, new: Member, others: Iterable[Member]
) -> list[dict[str, Any]]:
    """Return the scores between one answer and the other answers of its pair, in any order."""
    rows: list[dict[str, Any]] = []
    order = [name for name, _ in plan.posed]
    for other in others:
        if other.wave == new.wave:
            continue
        first, last = sorted((other, new), key=lambda member: order.index(member.wave))
        rows.extend(
            {
                "pair_id": pair_id,
                "measure": scored.measure_key,
                "indicator": scored.indicator,
                "from_wave": first.wave,
                "to_wave": last.wave,
                "response_id": last.response_id,
                "scoring_version": SCORING_VERSION,
                "k": scored.k,
                "before": scored.before,
                "after": scored.after,
                "tally": scored.tally,
            }
            for scored in score_pair(plan, first.wave, last.wave, first.answers, last.answers)
        )
    return rows
