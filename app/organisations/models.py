"""Who collects: structures, their notice, their lieux, their people."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import (
    JSON,
    CheckConstraint,
    DateTime,
    ForeignKey,
    LargeBinary,
    String,
    UniqueConstraint,
)
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
    #: Thresholds of rule 11 that the structure raised, by name; floors hold for the others.
    thresholds: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    #: Months that the access journal is kept.
    journal_months: Mapped[int] = mapped_column(default=12)


class Logo(Base):
    """Be the logo of a structure, drawn again by us: a PNG without metadata."""

    __tablename__ = "logo"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    image: Mapped[bytes] = mapped_column(LargeBinary)
    width: Mapped[int]
    height: Mapped[int]


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
    #: The day somebody of the structure read the sentences and agreed to them.
    confirmed_on: Mapped[date | None]


class Lieu(Base):
    """Be one lieu d'activité: where the help happens."""

    __tablename__ = "lieu"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str]
    commune: Mapped[str] = mapped_column(default="")
    #: The other fields of the schéma des lieux, by the name that the schéma gives them.
    details: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)


class Person(Base):
    """Be one person who signs in: of one structure, or above several."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint(
            "(organisation_id IS NOT NULL) = (role IN ('responsable', 'mediateur'))",
            name="role_and_organisation",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    #: NULL for a coordinateur and an administrateur.
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    #: See `roles.py`.
    role: Mapped[str] = mapped_column(String(20))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(default="")
    #: Argon2 hash; empty until the invitation is used.
    password_hash: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)
    #: Raised to cut every live session of the person.
    session_epoch: Mapped[int] = mapped_column(default=0)
    #: False for a médiateur who works in the lieux of `person_lieu` only.
    everywhere: Mapped[bool] = mapped_column(default=True)
    #: The day of the latest sign-in, and the one before: what arrived since is counted from it.
    last_visit: Mapped[date | None]
    previous_visit: Mapped[date | None]

    @property
    def known_as(self) -> str:
        """Return the name, or the e-mail while there is none."""
        return self.name or self.email


class PersonLieu(Base):
    """Give a lieu to a médiateur who does not work everywhere."""

    __tablename__ = "person_lieu"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    lieu_id: Mapped[UUID] = mapped_column(ForeignKey("lieu.id"), primary_key=True)


class Coordination(Base):
    """Let a coordinateur read the frozen results of a structure that accepted it."""

    __tablename__ = "coordination"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    accepted_on: Mapped[date]


class Invitation(Base):
    """Be one single-use link by which a person chooses a password."""

    __tablename__ = "invitation"

    #: HMAC of the token: the database alone opens nothing.
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    expires_on: Mapped[date]


class AccessEvent(Base):
    """Remember who of the team did what, when; never what was read or typed."""

    __tablename__ = "access_event"
    __table_args__ = (UniqueConstraint("organisation_id", "person_id", "act", "about", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    #: See `access.py`.
    act: Mapped[str] = mapped_column(String(30))
    #: Name or code of what it was done to: a campaign, a person, a month. Never an answer.
    about: Mapped[str] = mapped_column(default="")
    #: To the second; reading is noted once an hour.
    at: Mapped[datetime] = mapped_column(DateTime())
