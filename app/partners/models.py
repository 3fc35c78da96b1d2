"""Partners and the personal links by which they are asked."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Partner(Base):
    """Be one organisation that sends people here or works with us."""

    __tablename__ = "partner"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str]
    #: Code of La Coop's `structure_de_redirection`, as in the question `type`.
    type: Mapped[str] = mapped_column(String(40))
    #: Who is written to there.
    contact_name: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    made_on: Mapped[date]
    #: No longer asked; what it said stays.
    archived: Mapped[bool] = mapped_column(default=False)
    #: Since when: its contact goes some time after.
    archived_on: Mapped[date | None]


class PartnerInvitation(Base):
    """Ask one partner by one link of a partner campaign; its token is derived, never stored."""

    __tablename__ = "partner_invitation"
    __table_args__ = (UniqueConstraint("partner_id", "link_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"))
    link_id: Mapped[UUID] = mapped_column(ForeignKey("link.id"))
    #: HMAC of the token: the database alone opens nothing.
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_on: Mapped[date]
    #: The day the letter was sent or said to be sent; the day of the latest reminder.
    sent_on: Mapped[date | None]
    reminded_on: Mapped[date | None]
    reminders: Mapped[int] = mapped_column(default=0)
    #: The day the answer came by this very link.
    answered_on: Mapped[date | None]
    #: The day somebody of the team noted that the partner answered by the shared link.
    told_on: Mapped[date | None]
    #: NULL again once the answer is erased or purged.
    response_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("response.id", ondelete="SET NULL"), index=True
    )
