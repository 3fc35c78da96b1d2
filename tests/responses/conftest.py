"""Send answers as the public page does, without the page."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

import pytest

from app.campaigns.models import Campaign, Link
from app.campaigns.queries import plan_of, published
from app.db import Database
from app.questionnaires.definition import Answer, Passing, Question
from app.responses.actions import record
from app.responses.submission import Outcome, Submission
from config import Keys

DAY = date(2026, 3, 10)


@dataclass
class Sender:
    """Build submissions, and record them in one transaction each."""

    database: Database
    keys: Keys
    random: Random

    def build(self, link: Link, **changed: Any) -> Submission:
        """Build a submission whose answers are drawn, unless they are given."""
        with self.database.reading() as session:
            questionnaire = published(session, link.campaign.version)
            plan = plan_of(session, link.campaign)
        passing = plan.passings[link.wave]
        sent = {
            "link": link, "questionnaire": questionnaire, "plan": plan, "passing": passing,
            "texts": {}, "language": "fr", "translation": None, "unreviewed": False,
            "key": secrets.token_urlsafe(16), "day": DAY,
        }  # fmt: skip
        sent["answers"] = changed.pop("answers", None) or self.draw(passing)
        return Submission(**{**sent, **changed})

    def send(self, link: Link, **changed: Any) -> Outcome:
        """Build and record."""
        return self.record(self.build(link, **changed))

    def record(self, submission: Submission) -> Outcome:
        """Record in one transaction."""
        with self.database.writing() as session:
            return record(session, self.keys, submission)

    def draw(self, passing: Passing) -> Mapping[str, Answer]:
        """Draw an answer to most questions, asides included, whatever their conditions."""
        return {
            posed.key: self._answer(posed.question)
            for posed in passing.posed
            if not posed.question.kind.is_text and self.random.random() < 0.9
        }

    def _answer(self, question: Question) -> Answer:
        codes = [*(option.code for option in question.options), *question.asides]
        chosen = self.random.choice(codes)
        several = question.kind.name == "choix_multiple" and chosen not in question.asides
        return [str(chosen)] if several else chosen


@pytest.fixture
def sender(database: Database, keys: Keys) -> Sender:
    """Return what sends answers."""
    return Sender(database, keys, Random(20260310))


@pytest.fixture
def progres(campaign_of: Callable[..., Campaign]) -> Campaign:
    """Return a campaign of « Mes progrès »: entree, sortie, suivi."""
    return campaign_of("progres", doors=("affiche", "papier"))


@pytest.fixture
def waves(progres: Campaign) -> dict[str, Link]:
    """Return the poster's link of each wave."""
    return {link.wave: link for link in progres.links if link.door == "affiche"}
