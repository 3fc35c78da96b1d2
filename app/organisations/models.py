"""Who collects: structures, their notice, their lieux, their people."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Organisation(Base):
    """Be one structure: it owns everything below it, and sees nothing beside it."""

    __tablename__ = "organisation"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str]
    #: Address and telephone, as printed at the foot of a poster.
    contact: Mapped[str] = mapped_column(default="")
    #: The demonstration structure: its answers are readable at once.
    is_demo: Mapped[bool] = mapped_column(default=False)


class Notice(Base):
    """Be one revision of what people are told before they answer; revisions are kept."""

    __tablename__ = "notice"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    #: « Qui lit ? », a few words that fit on one line of a phone.
    readers: Mapped[str]
    #: « Pourquoi ? », a few words.
    purpose: Mapped[str]
    #: Base légale, in full.
    legal_basis: Mapped[str]
    #: Who receives results and texts, in full.
    recipients: Mapped[str]
    #: Raw answers are kept until the end of the bilan year plus this many years.
    retention_years: Mapped[int] = mapped_column(default=1)
    #: Who answers about these rights (a person, a service, the DPO) and how to reach them.
    rights_contact: Mapped[str]
    made_on: Mapped[date]

    @property
    def is_complete(self) -> bool:
        """Tell whether no field is empty: a campaign may open only then."""
        return all(
            text.strip()
            for text in (
                self.readers,
                self.purpose,
                self.legal_basis,
                self.recipients,
                self.rights_contact,
            )
        )


class Lieu(Base):
    """Be one lieu d'activité: where the help happens."""

    __tablename__ = "lieu"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str]
    commune: Mapped[str] = mapped_column(default="")


class Person(Base):
    """Be one member of the team who signs in."""

    __tablename__ = "person"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(default="")
    #: Argon2 hash; empty until the invitation is used.
    password_hash: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)
    #: Raised to cut every live session of the person.
    session_epoch: Mapped[int] = mapped_column(default=0)


class Invitation(Base):
    """Be one single-use link by which a person chooses a password."""

    __tablename__ = "invitation"

    #: HMAC of the token: the database alone opens nothing.
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    expires_on: Mapped[date]
