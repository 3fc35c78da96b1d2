"""What people write of a bilan: its frame, their words, their objectives, and its seal."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.responses.models import NO_ROWID


class Bilan(Base):
    """Be one qualitative section: which months, which lieux, for whom; never its figures."""

    __tablename__ = "bilan"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    #: `2026-01`, both included.
    first_month: Mapped[str] = mapped_column(String(7))
    last_month: Mapped[str] = mapped_column(String(7))
    #: Ids of the lieux it speaks of; none means the whole structure.
    lieux: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: Actions (cadres) it speaks of, as campaigns name them; none means all.
    actions: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: Who receives it, a key of `audiences.AUDIENCES`: decides which quotes may stand in it.
    audience: Mapped[str] = mapped_column(String(12))
    #: Testimonies make a section of their own, numbered after this one.
    testimonies_apart: Mapped[bool] = mapped_column(default=False)
    #: Slots of the parts in the order somebody gave them; the others follow in the usual order.
    parts_order: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: Slots of what somebody left out.
    left_out: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: Ids of the quotes chosen for a slot, in order; a slot that is absent takes what is proposed.
    quotes: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)
    #: Raised by each change: a form of an older page is told so, and loses nothing.
    revision: Mapped[int] = mapped_column(default=1)
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_on: Mapped[date]


class BilanText(Base):
    """Be what somebody wrote in the place of a proposed text, encrypted under the key of texts."""

    __tablename__ = "bilan_text"
    __table_args__ = (NO_ROWID,)

    bilan_id: Mapped[UUID] = mapped_column(ForeignKey("bilan.id"), primary_key=True)
    #: See `section.Passage`.
    slot: Mapped[str] = mapped_column(String(120), primary_key=True)
    #: JSON: `text`, and `proposed`, what the figures said when it was written.
    ciphertext: Mapped[bytes] = mapped_column(LargeBinary)
    written_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    written_on: Mapped[date]


class BilanObjective(Base):
    """Be one qualitative objective of the mission, and the figure that can tell of it."""

    __tablename__ = "bilan_objective"
    __table_args__ = (NO_ROWID,)

    bilan_id: Mapped[UUID] = mapped_column(ForeignKey("bilan.id"), primary_key=True)
    rank: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str]
    #: Id of the indicator; empty when nothing measures it.
    indicator: Mapped[str] = mapped_column(String(60), default="")
    #: Least share of people, out of 100; NULL: an established progress is enough.
    target: Mapped[int | None]


class BilanSeal(Base):
    """Be a bilan once it is « arrêté »: everything it said that day, save the words of people."""

    __tablename__ = "bilan_seal"

    bilan_id: Mapped[UUID] = mapped_column(ForeignKey("bilan.id"), primary_key=True)
    sealed_on: Mapped[date]
    sealed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    #: Last frozen month that it counts.
    last_month: Mapped[str] = mapped_column(String(7))
    #: The section as JSON, encrypted; quotes are named in it, and read again where they are kept.
    content: Mapped[bytes] = mapped_column(LargeBinary)
    #: Measure, last month, versions and tally of each figure that left: what `verify` recounts.
    figures: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    #: SHA-256 of the section and of its figures.
    digest: Mapped[str] = mapped_column(String(64))
