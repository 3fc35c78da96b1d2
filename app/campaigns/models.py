"""A published questionnaire opened for a lieu and a period; its links, codes and cards."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.organisations.models import Lieu, Organisation


class PublishedVersion(Base):
    """Be a questionnaire as it was published: frozen, and shared by every campaign that asks it."""

    __tablename__ = "published_version"

    #: Digest of its meaning.
    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    questionnaire: Mapped[str] = mapped_column(String(60), index=True)
    #: Canonical YAML, complete in itself.
    source: Mapped[str]
    published_on: Mapped[date]


class PublishedTranslation(Base):
    """Be the words of a published version in another language, as people saw them."""

    __tablename__ = "published_translation"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[str] = mapped_column(ForeignKey("published_version.version"), index=True)
    language: Mapped[str] = mapped_column(String(12))
    reviewed_by: Mapped[str | None]
    texts: Mapped[dict[str, str]] = mapped_column(JSON)


class Campaign(Base):
    """Be a published version × structure × lieu × action × period."""

    __tablename__ = "campaign"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    lieu_id: Mapped[UUID] = mapped_column(ForeignKey("lieu.id"), index=True)
    version: Mapped[str] = mapped_column(ForeignKey("published_version.version"))
    #: Action or cadre, in the structure's words: « Ateliers du mardi ».
    action: Mapped[str] = mapped_column(default="")
    form: Mapped[str] = mapped_column(String(7), default="courte")
    modules: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: First day of the first month and last day of the last month.
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    #: The day somebody closed it before its end.
    closed_on: Mapped[date | None]
    organisation: Mapped[Organisation] = relationship()
    lieu: Mapped[Lieu] = relationship()
    links: Mapped[list[Link]] = relationship(back_populates="campaign", order_by="Link.code")
    languages: Mapped[list[CampaignLanguage]] = relationship(order_by="CampaignLanguage.language")


class CampaignLanguage(Base):
    """Be a language turned on for a campaign, beside French."""

    __tablename__ = "campaign_language"

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(12), primary_key=True)
    translation: Mapped[str] = mapped_column(ForeignKey("published_translation.digest"))


class Link(Base):
    """Be one door of a campaign in one wave; it owns the code that people scan or type."""

    __tablename__ = "link"
    __table_args__ = (UniqueConstraint("campaign_id", "door", "wave"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), index=True)
    code: Mapped[str] = mapped_column(String(6), unique=True)
    door: Mapped[str] = mapped_column(String(20))
    wave: Mapped[str] = mapped_column(String(20))
    campaign: Mapped[Campaign] = relationship(back_populates="links")


class Card(Base):
    """Be one printed « carte à code, sans nom »; only the HMAC of its code is known."""

    __tablename__ = "card"

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    card_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
