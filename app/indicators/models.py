"""What never changes again: the sums of frozen months, and the ledger of what left."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.responses.models import NO_ROWID


class FrozenMonth(Base):
    """Be a closed month whose sums a responsable has frozen: later answers stay outside."""

    __tablename__ = "frozen_month"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    #: `2026-03`.
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    frozen_on: Mapped[date]
    frozen_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    #: How many answers the sums hold.
    responses: Mapped[int]
    #: SHA-256 of the frozen sums: proves that they are the same today.
    digest: Mapped[str] = mapped_column(String(64))
    #: A short print of each answer that the sums hold, in order: tells later what went and came.
    members: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class FrozenTally(Base):
    """Be the sum of the tallies of one measure over one scope and one frozen month.

    It is a copy of the rollup of that day; the scope is a link, a campaign, a lieu or the
    structure, by its id.
    """

    __tablename__ = "frozen_tally"
    __table_args__ = (NO_ROWID,)

    scope_id: Mapped[UUID] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    measure: Mapped[str] = mapped_column(String(32), primary_key=True)
    version: Mapped[str] = mapped_column(ForeignKey("published_version.version"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    indicator: Mapped[str] = mapped_column(String(60))
    tally: Mapped[dict[str, int]] = mapped_column(JSON)


class HarmlessChange(Base):
    """Be one change of a question that a responsable declared without effect (rule 14)."""

    __tablename__ = "harmless_change"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    #: Comparability keys of the measure before and after the change.
    earlier_key: Mapped[str] = mapped_column(String(32), primary_key=True)
    later_key: Mapped[str] = mapped_column(String(32), primary_key=True)
    indicator: Mapped[str] = mapped_column(String(60))
    #: Why it changes nothing to what people understand, in the words of who declared it.
    reason: Mapped[str] = mapped_column(String(300))
    declared_on: Mapped[date]
    declared_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))


class Publication(Base):
    """Be one line of the ledger: the population of a figure that left the structure."""

    __tablename__ = "publication"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    measure: Mapped[str] = mapped_column(String(32), primary_key=True)
    #: The structure or one of its lieux, by its id.
    scope_id: Mapped[UUID] = mapped_column(primary_key=True)
    first_month: Mapped[str] = mapped_column(String(7), primary_key=True)
    last_month: Mapped[str] = mapped_column(String(7), primary_key=True)
    #: How many people or answers stand behind it.
    n: Mapped[int]
    published_on: Mapped[date]


class Accompanied(Base):
    """Be how many people a structure, or a lieu, accompanied over some months: what n is out of."""

    __tablename__ = "accompanied"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    #: The structure or one of its lieux, by its id.
    scope_id: Mapped[UUID] = mapped_column(primary_key=True)
    first_month: Mapped[str] = mapped_column(String(7), primary_key=True)
    last_month: Mapped[str] = mapped_column(String(7), primary_key=True)
    #: Distinct people; NULL when only accompagnements could be counted.
    people: Mapped[int | None]
    #: Accompagnements, when an export of La Coop gave them.
    supports: Mapped[int | None]
    #: Of which without a name: nobody knows how many more people they are.
    unnamed: Mapped[int] = mapped_column(default=0)
    #: How many people by question (`genre`, `age`, `statut`) and code; empty when typed by hand.
    profile: Mapped[dict[str, dict[str, int]]] = mapped_column(JSON, default=dict)
    #: `saisie` or `coop`.
    source: Mapped[str] = mapped_column(String(10))
    noted_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    noted_on: Mapped[date]

    @property
    def most(self) -> int | None:
        """Return the most people there may be: a rate over them claims nothing too much."""
        return None if self.people is None else self.people + self.unnamed
