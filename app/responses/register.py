"""The register of processing activities and the impact assessment kit, from what is true here.

Nothing is written by hand twice: purposes, durations, recipients and data come from the notice,
the campaigns and the settings of the installation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import render_template
from sqlalchemy import select

from app.campaigns.models import Campaign
from app.campaigns.names import desk_title
from app.campaigns.periods import state_of
from app.campaigns.queries import published
from app.organisations.people import coordinateurs_of
from app.organisations.queries import Reach, current_notice, lieux, organisation, thresholds_of
from app.responses.keeping import upstairs
from app.responses.retention import LINKING_WINDOW
from app.scoring.disclosure import SENSITIVE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from sqlalchemy.orm import Session

    from app.organisations.models import Notice
    from app.questionnaires.definition import Form, Posed, Questionnaire
    from config import Settings


@dataclass(frozen=True, slots=True)
class Asked:
    """Be one questionnaire as open campaigns ask it: what people are asked, in its own words."""

    title: str
    audience: str
    questions: tuple[str, ...]
    #: Those that touch health, money, rights: « sensibles ».
    sensitive: tuple[str, ...]
    texts: tuple[str, ...]
    #: It links the answers of one person by a « carte à code, sans nom ».
    has_cards: bool


@dataclass(frozen=True, slots=True)
class Security:
    """Be what is true of this installation."""

    is_https: bool
    is_sqlite: bool
    base_url: str
    sends_mail: bool


def register(session: Session, settings: Settings, organisation_id: UUID, today: date) -> str:
    """Return the entry of the register of one structure and its AIPD kit, in Markdown."""
    notice = current_notice(session, organisation_id)
    asked = _asked(session, organisation_id, today)
    return render_template(
        "responses/registre.md",
        organisation=organisation(session, organisation_id),
        lieux=lieux(session, Reach(organisation_id)),
        notice=notice,
        coordinateurs=coordinateurs_of(session, organisation_id),
        years=_years(notice),
        asked=asked,
        has_texts=any(one.texts for one in asked),
        has_sensitive=any(one.sensitive for one in asked),
        has_cards=any(one.has_cards for one in asked),
        window=LINKING_WINDOW.days,
        thresholds=thresholds_of(session, organisation_id),
        sensitive_threshold=max(SENSITIVE, thresholds_of(session, organisation_id).counts),
        security=security_of(settings),
        parts=[one.register for one in upstairs().keepers if one.register],
        today=today,
    )


def security_of(settings: Settings) -> Security:
    """Return what is true of an installation, by its settings."""
    return Security(
        settings.base_url.startswith("https://"),
        settings.database_url.startswith("sqlite"),
        settings.base_url,
        settings.smtp is not None,
    )


def _years(notice: Notice) -> str:
    years = notice.retention_years
    return "l’année même" if not years else f"l’année plus {years} an{'s' if years > 1 else ''}"


def _asked(session: Session, organisation_id: UUID, today: date) -> Sequence[Asked]:
    """Return what the campaigns that are open, or about to be, really ask."""
    campaigns = session.scalars(
        select(Campaign).where(Campaign.organisation_id == organisation_id).order_by(Campaign.id)
    )
    forms = {
        (one.version, one.form, tuple(one.modules))
        for one in campaigns
        if state_of(one, today) != "closed"
    }
    asked = [
        _questions(published(session, version), cast("Form", form), modules)
        for version, form, modules in forms
    ]
    return sorted(set(asked), key=lambda one: (one.title, one.questions))


def _questions(questionnaire: Questionnaire, form: Form, modules: tuple[str, ...]) -> Asked:
    posed: dict[str, Posed] = {}
    for wave in questionnaire.waves:
        for one in questionnaire.passing(wave.id, form, modules).posed:
            posed.setdefault(one.question.id, one)
    questions = [one.question for one in posed.values()]
    return Asked(
        desk_title(questionnaire),
        "partenaires" if questionnaire.audience == "partenaire" else "personnes accompagnées",
        tuple(one.text.fr for one in questions if not one.kind.is_text and not one.sensitive),
        tuple(one.text.fr for one in questions if one.sensitive),
        tuple(one.text.fr for one in questions if one.kind.is_text and not one.sensitive),
        len(questionnaire.waves) > 1,
    )
