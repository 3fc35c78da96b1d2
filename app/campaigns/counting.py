"""What a campaign page tells of its answers: declared here, counted by the room that holds them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from uuid import UUID

from flask import current_app

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.organisations.queries import Reach


@dataclass(frozen=True, slots=True)
class CardsBack:
    """Be what became of the cards of a campaign."""

    printed: int
    #: How many cards answered, by wave.
    by_wave: Mapping[str, int]
    #: How many answered in two waves at least: each makes a before and an after.
    pairs: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Be how many answers came by each link of a campaign, and what became of its cards."""

    by_link: Mapping[UUID, int]
    cards: CardsBack


CountAnswers = Callable[["Session", "Reach", UUID], Counts]


def count_answers(session: Session, reach: Reach, campaign_id: UUID) -> Counts:
    """Count the answers of a campaign, as `create_app` was told to."""
    count = cast("CountAnswers", current_app.extensions["count_answers"])
    return count(session, reach, campaign_id)
