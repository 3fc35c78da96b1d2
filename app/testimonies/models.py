"""A testimony and what hangs on it: texts, consents, labels, quotes, and where these were used."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base

NO_ROWID = {"sqlite_with_rowid": False}


class Testimony(Base):
    """Be what one person said of their help; its words are in `testimony_text`."""

    __tablename__ = "testimony"
    __table_args__ = (
        UniqueConstraint("organisation_id", "idempotency_key"),
        Index("ix_testimony_organisation_id_status_day", "organisation_id", "status", "day"),
        NO_ROWID,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    lieu_id: Mapped[UUID] = mapped_column(ForeignKey("lieu.id"))
    #: The door it came by; NULL when it was dictated at the desk.
    link_id: Mapped[UUID | None] = mapped_column(ForeignKey("link.id"))
    #: `personne`, `dictee` (a médiateur wrote it down, the person present) or `partenaire`.
    origin: Mapped[str] = mapped_column(String(12))
    partner_id: Mapped[UUID | None] = mapped_column(ForeignKey("partner.id"))
    #: Who wrote it down, for a dictated one.
    written_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    #: Random, rendered into each form: the same form sent twice is one testimony.
    idempotency_key: Mapped[str] = mapped_column(String(64))
    #: HMAC of what was sent: tells a retry from another testimony under the same key.
    content: Mapped[str] = mapped_column(String(64))
    day: Mapped[date]
    language: Mapped[str] = mapped_column(String(12))
    #: `adulte`, `mineur` or `protege`, as the person said; NULL when they did not.
    capacity: Mapped[str | None] = mapped_column(String(10))
    #: Code of the question `age`, kept only when the person wants to be named by it.
    age_band: Mapped[str | None] = mapped_column(String(30))
    #: What the person said it is about: codes of the question `themes`.
    themes: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: See `statuses.py`.
    status: Mapped[str] = mapped_column(String(10), default="nouveau")
    #: The last day it may be kept and used: the person's choice, three years at most.
    expires_on: Mapped[date]
    #: The day the person, who had asked to, read what may be shown and agreed.
    reread_on: Mapped[date | None]


class TestimonyText(Base):
    """Be one part of what was written, encrypted under the key of texts."""

    __tablename__ = "testimony_text"
    __table_args__ = (NO_ROWID,)

    testimony_id: Mapped[UUID] = mapped_column(ForeignKey("testimony.id"), primary_key=True)
    #: `original`, `masked`, `signature` (the first name, or the organisation's name), `masks`
    #: (the places that are masked) or `transcript` (who wrote down a voice, and when).
    part: Mapped[str] = mapped_column(String(10), primary_key=True)
    ciphertext: Mapped[bytes] = mapped_column(LargeBinary)


class TestimonyReceipt(Base):
    """Let the holder of a paper code find the testimony; only the HMAC of the code is known."""

    __tablename__ = "testimony_receipt"
    __table_args__ = (NO_ROWID,)

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    testimony_id: Mapped[UUID] = mapped_column(ForeignKey("testimony.id"), index=True)


class TestimonyMedia(Base):
    """Join a voice, a picture or a film to the testimony it belongs to."""

    __tablename__ = "testimony_media"
    __table_args__ = (NO_ROWID,)

    media_id: Mapped[UUID] = mapped_column(ForeignKey("media_file.id"), primary_key=True)
    testimony_id: Mapped[UUID] = mapped_column(ForeignKey("testimony.id"), index=True)


class ConsentText(Base):
    """Be the exact words that people agreed or did not agree to, kept by their digest."""

    __tablename__ = "consent_text"

    #: SHA-256 of scope, language and words: the version of the text.
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    scope: Mapped[str] = mapped_column(String(15))
    language: Mapped[str] = mapped_column(String(12))
    words: Mapped[str]


class Consent(Base):
    """Be one choice of one person on one scope; a change of mind is a new revision."""

    __tablename__ = "consent"
    __table_args__ = (NO_ROWID,)

    testimony_id: Mapped[UUID] = mapped_column(ForeignKey("testimony.id"), primary_key=True)
    #: See `consents.py`.
    scope: Mapped[str] = mapped_column(String(15), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    #: `oui` or `non`; for `nom` and `duree`, the code that was chosen.
    choice: Mapped[str] = mapped_column(String(15))
    text_digest: Mapped[str] = mapped_column(ForeignKey("consent_text.digest"))
    day: Mapped[date]
    #: NULL when the person chose it themselves; else who noted it for them.
    noted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class Authorisation(Base):
    """Be one signed paper that a minor or a protected adult needs: a parent's, a guardian's."""

    __tablename__ = "authorisation"
    __table_args__ = (NO_ROWID,)

    testimony_id: Mapped[UUID] = mapped_column(ForeignKey("testimony.id"), primary_key=True)
    #: `parent1`, `parent2` or `tuteur`.
    slot: Mapped[str] = mapped_column(String(10), primary_key=True)
    #: The second parent does not exercise parental authority: no paper is waited for.
    not_needed: Mapped[bool] = mapped_column(default=False)
    received_on: Mapped[date]
    noted_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))


class TestimonyLabel(Base):
    """Be what somebody of the team decided that a testimony is, or is not, about."""

    __tablename__ = "testimony_label"
    __table_args__ = (NO_ROWID,)

    testimony_id: Mapped[UUID] = mapped_column(ForeignKey("testimony.id"), primary_key=True)
    #: Id of a critère, or `coince`.
    criterion: Mapped[str] = mapped_column(String(30), primary_key=True)
    #: False refuses what the words suggested.
    holds: Mapped[bool]
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))


class Quote(Base):
    """Be an excerpt of a masked text, tied to a critère, encrypted under the key of texts."""

    __tablename__ = "quote"
    __table_args__ = (NO_ROWID,)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    testimony_id: Mapped[UUID] = mapped_column(ForeignKey("testimony.id"), index=True)
    criterion: Mapped[str] = mapped_column(String(30))
    ciphertext: Mapped[bytes] = mapped_column(LargeBinary)
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_on: Mapped[date]


class QuoteUse(Base):
    """Remember where a quote or a recording was shown: this outlives them, without their words."""

    __tablename__ = "quote_use"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    #: Of a testimony and a quote that may be gone.
    testimony_id: Mapped[UUID] = mapped_column(index=True)
    quote_id: Mapped[UUID | None] = mapped_column(index=True)
    #: The use that was agreed to: `lieu`, `bilan`, `financeurs` or `public`.
    scope: Mapped[str] = mapped_column(String(15))
    #: Where, in the words of the team: « Bilan 2026 », « affiche de l’accueil ».
    place: Mapped[str] = mapped_column(String(120))
    used_on: Mapped[date]
    noted_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    #: The day the person took their consent back: what can be taken down must be.
    withdrawn_on: Mapped[date | None]
    #: The day the team took it down, or found that it cannot be.
    settled_on: Mapped[date | None]
    #: It is printed and in people's hands: it could not be taken down.
    is_printed: Mapped[bool] = mapped_column(default=False)


class TestimonyTombstone(Base):
    """Remember that a testimony was erased, so that no retry and no backup brings it back."""

    __tablename__ = "testimony_tombstone"
    __table_args__ = (UniqueConstraint("organisation_id", "idempotency_key"), NO_ROWID)

    testimony_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    idempotency_key: Mapped[str] = mapped_column(String(64))
    erased_on: Mapped[date]
