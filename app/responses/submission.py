"""What one person sent, ready to be recorded, and what became of it."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Literal, TypeAlias
from uuid import UUID

from app.campaigns.models import Link
from app.questionnaires.definition import Answer, Passing, Questionnaire
from app.scoring import Plan
from config import Keys


@dataclass(frozen=True, slots=True)
class Submission:
    """Be one filled-in form, read and understood."""

    #: Its campaign is loaded.
    link: Link
    questionnaire: Questionnaire
    plan: Plan
    passing: Passing
    answers: Mapping[str, Answer]
    texts: Mapping[str, str]
    language: str
    #: Digest of the translation that was shown; None for French.
    translation: str | None
    #: The translation shown was « non relue ».
    unreviewed: bool
    #: Idempotency key, at most 64 characters: the same form sent twice is one answer.
    key: str
    day: date
    #: Code of the pairing card, as typed.
    card: str | None = None
    #: The code comes from a table of the structure: it need not stand on a printed card.
    vouched: bool = False
    #: It came after the closing of the campaign.
    late: bool = False
    #: Who chose the answers, when a table says so and no question asks it.
    told_mode: str | None = None

    @property
    def mode(self) -> str | None:
        """Return who chose the answers."""
        mode = self.answers.get("mode", self.told_mode)
        return mode if isinstance(mode, str) else None

    def content(self, keys: Keys) -> str:
        """Return what tells this content from any other, and tells nothing without the key."""
        said = json.dumps([dict(self.answers), dict(self.texts), self.card], sort_keys=True)
        return hmac.digest(keys.derive("contents"), said.encode(), sha256).hex()


Kind: TypeAlias = Literal["recorded", "repeated", "conflict", "erased"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Say what became of a submission."""

    #: New, the same again, another answer under a key already used, or erased since.
    kind: Kind
    #: The receipt code as it is shown, when the answer is there.
    receipt: str | None = None
    #: The response that was written; None when nothing was.
    response_id: UUID | None = None


class UnknownCard(Exception):  # noqa: N818 - it says what the card is
    """Say that no such card was printed for this campaign; nothing was written."""


class AlreadyRecorded(Exception):  # noqa: N818 - it says what the submission is
    """Say that a batch holds an answer that was recorded, or erased, before."""
