"""What was answered: raw answers, encrypted texts, receipts, exact scores, pairs, rollups.

Tables of answers have no rowid on SQLite and random ids everywhere: the order of rows tells
nothing about the order of arrival.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base

NO_ROWID = {"sqlite_with_rowid": False}


class Response(Base):
    """Be one answered questionnaire: no name, no address, no hour."""

    __tablename__ = "response"
    __table_args__ = (
        UniqueConstraint("link_id", "idempotency_key"),
        UniqueConstraint("pair_id", "wave"),
        # Holds all that a list of answers counts by: it is counted without reading them.
        Index(
            "ix_response_organisation_id_day_link_id_commented",
            *("organisation_id", "day", "link_id", "commented"),
        ),
        NO_ROWID,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    link_id: Mapped[UUID] = mapped_column(ForeignKey("link.id"))
    wave: Mapped[str] = mapped_column(String(20))
    #: Random, rendered into each form: the same form sent twice is one answer.
    idempotency_key: Mapped[str] = mapped_column(String(64))
    #: HMAC of what was sent: tells a retry from another answer under the same key.
    content: Mapped[str] = mapped_column(String(64))
    day: Mapped[date]
    version: Mapped[str] = mapped_column(ForeignKey("published_version.version"))
    language: Mapped[str] = mapped_column(String(12))
    #: Digest of the translation that was shown; NULL for French.
    translation: Mapped[str | None] = mapped_column(ForeignKey("published_translation.digest"))
    #: Who chose the answers, as the person said (`seul`, `proche`, `mediateur`, `autre`).
    mode: Mapped[str | None] = mapped_column(String(20))
    #: Arrived after the closing of the campaign (`tardive`).
    late: Mapped[bool] = mapped_column(default=False)
    #: Its card had already answered in this wave: kept, unpaired, flagged.
    card_reused: Mapped[bool] = mapped_column(default=False)
    pair_id: Mapped[UUID | None] = mapped_column(ForeignKey("pair.id"))
    #: Raw coded answers by posed key, conditions not applied.
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: Has words of its person's own, in `response_text`.
    commented: Mapped[bool] = mapped_column(default=False, server_default=false())


class ResponseText(Base):
    """Be one free text, encrypted (AES-256-GCM, nonce first) under a key kept elsewhere."""

    __tablename__ = "response_text"
    __table_args__ = (NO_ROWID,)

    response_id: Mapped[UUID] = mapped_column(ForeignKey("response.id"), primary_key=True)
    item: Mapped[str] = mapped_column(String(60), primary_key=True)
    ciphertext: Mapped[bytes] = mapped_column(LargeBinary)


class Receipt(Base):
    """Let the holder of a receipt code find the answer; only the HMAC of the code is known."""

    __tablename__ = "receipt"
    __table_args__ = (NO_ROWID,)

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    response_id: Mapped[UUID] = mapped_column(ForeignKey("response.id"), index=True)


class Pair(Base):
    """Be one card of one campaign, seen in one or more waves."""

    __tablename__ = "pair"
    __table_args__ = (UniqueConstraint("campaign_id", "card_hash"), NO_ROWID)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    #: Replaced by a random value when the linking window closes.
    card_hash: Mapped[str] = mapped_column(String(64))


class Score(Base):
    """Be what one response brings to one measure: an exact score and integer counts."""

    __tablename__ = "score"
    __table_args__ = (NO_ROWID,)

    response_id: Mapped[UUID] = mapped_column(ForeignKey("response.id"), primary_key=True)
    #: Key of the measure: indicator, method, moments and the exact wording of its items.
    measure: Mapped[str] = mapped_column(String(32), primary_key=True)
    indicator: Mapped[str] = mapped_column(String(60))
    scoring_version: Mapped[int]
    #: Score of the person, in 30240ths of a point; NULL when too few items are valid.
    value: Mapped[int | None] = mapped_column(BigInteger)
    #: Exact integers that add up over responses.
    tally: Mapped[dict[str, int]] = mapped_column(JSON)


class PairScore(Base):
    """Be what one pair brings to one before/after measure, on the items valid at both times."""

    __tablename__ = "pair_score"
    __table_args__ = (NO_ROWID,)

    pair_id: Mapped[UUID] = mapped_column(ForeignKey("pair.id"), primary_key=True)
    measure: Mapped[str] = mapped_column(String(32), primary_key=True)
    indicator: Mapped[str] = mapped_column(String(60))
    from_wave: Mapped[str] = mapped_column(String(20))
    to_wave: Mapped[str] = mapped_column(String(20))
    #: The response of `to_wave`: under its link and month the pair is counted.
    response_id: Mapped[UUID] = mapped_column(ForeignKey("response.id"), index=True)
    scoring_version: Mapped[int]
    #: Number of items valid at both times.
    k: Mapped[int]
    #: 30240ths of a point; NULL when the pair is excluded.
    before: Mapped[int | None] = mapped_column(BigInteger)
    after: Mapped[int | None] = mapped_column(BigInteger)
    tally: Mapped[dict[str, int]] = mapped_column(JSON)


class Unrolled(Base):
    """Name a response whose scores are not yet in the rollups; readers add them by hand."""

    __tablename__ = "unrolled"
    __table_args__ = (NO_ROWID,)

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    response_id: Mapped[UUID] = mapped_column(ForeignKey("response.id"), primary_key=True)


class Rollup(Base):
    """Be the sum of the tallies of one measure over one scope and one month.

    The scope is a link, a campaign, a lieu or a structure, by its id: a page over two years and
    sixty lieux reads a few hundred rows, however many answers there are.
    """

    __tablename__ = "rollup"
    __table_args__ = (
        # One measure over many scopes: the primary key would read all the measures of each.
        Index(
            "ix_rollup_organisation_id_measure_scope_id_month",
            *("organisation_id", "measure", "scope_id", "month"),
        ),
        NO_ROWID,
    )

    scope_id: Mapped[UUID] = mapped_column(primary_key=True)
    #: `2026-03`.
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    measure: Mapped[str] = mapped_column(String(32), primary_key=True)
    version: Mapped[str] = mapped_column(ForeignKey("published_version.version"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    indicator: Mapped[str] = mapped_column(String(60))
    tally: Mapped[dict[str, int]] = mapped_column(JSON)


class Tombstone(Base):
    """Remember that a response was erased, so that no retry and no backup brings it back."""

    __tablename__ = "tombstone"
    __table_args__ = (UniqueConstraint("link_id", "idempotency_key"), NO_ROWID)

    response_id: Mapped[UUID] = mapped_column(primary_key=True)
    link_id: Mapped[UUID] = mapped_column(ForeignKey("link.id"))
    idempotency_key: Mapped[str] = mapped_column(String(64))
    erased_on: Mapped[date]


class PurgeProof(Base):
    """Prove that the retention purge passed: what category, which month, how many, when."""

    __tablename__ = "purge_proof"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    #: `answers`, `cards`, `journal`…
    category: Mapped[str] = mapped_column(String(20), primary_key=True)
    #: `2026-03`: the month of what went. The rollups of a month of answers that went are sealed.
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    purged_on: Mapped[date] = mapped_column(primary_key=True)
    count: Mapped[int]
