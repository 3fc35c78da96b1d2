"""Files that people send, and the work that waits for them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, DateTime, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base

NO_ROWID = {"sqlite_with_rowid": False}


class MediaFile(Base):
    """Be one voice, picture or film: as it was received, then as every phone plays it."""

    __tablename__ = "media_file"
    __table_args__ = (NO_ROWID,)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    #: `image`, `audio` or `video`, by its content once it is known.
    kind: Mapped[str] = mapped_column(String(10))
    #: `receiving`, `waiting` (for its conversion), `ready` or `failed`.
    state: Mapped[str] = mapped_column(String(10))
    day: Mapped[date]
    #: Bytes that the browser announced.
    announced: Mapped[int] = mapped_column(BigInteger)
    #: Bytes of the original that are here.
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    #: Random keys in the store; empty when there is nothing under them (any more).
    original: Mapped[str] = mapped_column(String(40), default="")
    playable: Mapped[str] = mapped_column(String(40), default="")
    #: First picture of a film, or a small copy of an image.
    poster: Mapped[str] = mapped_column(String(40), default="")
    content_type: Mapped[str] = mapped_column(String(40), default="")
    seconds: Mapped[int | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    #: Why it could not be converted, in French, for the team.
    problem: Mapped[str] = mapped_column(default="")


class Job(Base):
    """Be one piece of work to do outside a request, once."""

    __tablename__ = "job"
    __table_args__ = (
        UniqueConstraint("kind", "subject_id"),
        Index("ix_job_due_at", "due_at"),
        NO_ROWID,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    #: What to do: see `jobs.py`.
    kind: Mapped[str] = mapped_column(String(20))
    #: What it is done to.
    subject_id: Mapped[UUID]
    #: In universal time: not to be begun before. A claim moves it to the end of its lease.
    due_at: Mapped[datetime] = mapped_column(DateTime())
    attempts: Mapped[int] = mapped_column(default=0)
    #: Who works at it now, a random word: only they may end it.
    claim: Mapped[str | None] = mapped_column(String(32))
