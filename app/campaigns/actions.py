"""Open and close campaigns, turn languages on, issue cards."""

from __future__ import annotations

from contextlib import suppress
from itertools import product
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.campaigns import codes
from app.campaigns.checks import (
    CampaignError,
    check_asked,
    check_doors,
    check_lieu,
    check_notice,
    check_period,
    known_questionnaire,
)
from app.campaigns.models import (
    Campaign,
    CampaignLanguage,
    Card,
    Link,
    PublishedTranslation,
    PublishedVersion,
)
from app.campaigns.periods import state_of
from app.campaigns.queries import published
from app.organisations.models import Lieu
from app.organisations.queries import current_notice
from app.web.typography import month

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from sqlalchemy.orm import Session

    from app.questionnaires import Library
    from app.questionnaires.definition import Questionnaire, Wording
    from config import Keys

#: At most so many cards at once: a slip of the hand must not print a ream.
MOST_CARDS = 500


def open_campaign(
    session: Session,
    library: Library,
    organisation_id: UUID,
    *,
    questionnaire: str,
    lieu_id: UUID,
    starts_on: date,
    ends_on: date,
    doors: Sequence[str],
    form: str = "courte",
    modules: Sequence[str] = (),
    action: str = "",
    waves: Sequence[str] | None = None,
    today: date,
    campaign_id: UUID | None = None,
) -> Campaign:
    """Open a questionnaire for a lieu and a period, with one link for each door and wave."""
    asked = known_questionnaire(library, questionnaire)
    check_asked(asked, form, modules, waves or ())
    _check_where_and_when(session, organisation_id, lieu_id, starts_on, ends_on)
    check_doors(asked, doors)
    publish(session, asked, today)
    campaign = Campaign(
        id=campaign_id or uuid4(),
        organisation_id=organisation_id,
        lieu_id=lieu_id,
        version=asked.version,
        action=action.strip(),
        form=form,
        modules=[module.id for module in asked.modules if module.id in modules],
        starts_on=starts_on,
        ends_on=ends_on,
        languages=[],
    )
    session.add(campaign)
    for wave, door in product(waves or [wave.id for wave in asked.waves], dict.fromkeys(doors)):
        campaign.links.append(_new_link(session, organisation_id, door, wave))
    session.flush()
    return campaign


def _check_where_and_when(
    session: Session, organisation_id: UUID, lieu_id: UUID, starts_on: date, ends_on: date
) -> None:
    check_notice(current_notice(session, organisation_id))
    check_lieu(session.get(Lieu, lieu_id), organisation_id)
    check_period(starts_on, ends_on)


def publish(session: Session, questionnaire: Questionnaire, today: date) -> None:
    """Freeze a version of a questionnaire, unless it is frozen already."""
    if session.get(PublishedVersion, questionnaire.version) is None:
        _add_once(
            session,
            PublishedVersion(
                version=questionnaire.version,
                questionnaire=questionnaire.id,
                source=questionnaire.source,
                published_on=today,
            ),
        )


def close_campaign(campaign: Campaign, today: date) -> None:
    """Close a campaign now: answers already begun have one more day."""
    if state_of(campaign, today) in ("grace", "closed"):
        raise CampaignError("campaign", "Cette campagne est déjà fermée.")
    campaign.closed_on = today


def reopen_campaign(campaign: Campaign, ends_on: date, today: date) -> None:
    """Open a closed campaign again, with the same codes, until the end of a month."""
    if state_of(campaign, today) in ("not_yet", "open"):
        raise CampaignError("campaign", "Cette campagne est déjà ouverte.")
    check_period(campaign.starts_on, ends_on)
    if ends_on < today:
        raise CampaignError(
            "last", f"Ce mois est passé. Choisissez {month(today)}, ou un mois qui vient."
        )
    campaign.closed_on = None
    campaign.ends_on = ends_on


def turn_language_on(
    session: Session, library: Library, campaign: Campaign, language: str
) -> Wording:
    """Offer a language beside French, in its present translation."""
    questionnaire = published(session, campaign.version)
    wording = library.wording(questionnaire, language) if language != "fr" else None
    if wording is None:
        others = [code for code in library.languages if code != "fr"]
        raise CampaignError(
            "languages",
            f"Ce questionnaire n’est pas entièrement traduit en « {language} ». "
            f"Langues connues : {', '.join(others) or 'aucune'}.",
        )
    _publish_translation(session, campaign.version, wording)
    turned_on = next((on for on in campaign.languages if on.language == language), None)
    if turned_on is None:
        campaign.languages.append(CampaignLanguage(language=language, translation=wording.digest))
    else:
        turned_on.translation = wording.digest
    session.flush()
    return wording


def turn_language_off(session: Session, campaign: Campaign, language: str) -> None:
    """Stop offering a language; answers already given in it stay."""
    for turned_on in [on for on in campaign.languages if on.language == language]:
        campaign.languages.remove(turned_on)
        session.delete(turned_on)
    session.flush()


def issue_cards(session: Session, keys: Keys, campaign: Campaign, count: int) -> list[str]:
    """Draw the codes of new « cartes à code, sans nom »; only their HMAC is kept."""
    if len(published(session, campaign.version).waves) == 1:
        raise CampaignError(
            "count",
            "Ce questionnaire se remplit une seule fois : il n’a pas besoin de cartes. "
            "Elles relient le début et la fin de « Mes progrès ».",
        )
    if not 1 <= count <= MOST_CARDS:
        raise CampaignError("count", f"Demandez entre 1 et {MOST_CARDS} cartes à la fois.")
    issued: dict[str, str] = {}
    while len(issued) < count:
        code = codes.draw_card()
        issued[codes.card_hash(keys, campaign.id, code)] = code
    session.add_all(Card(campaign_id=campaign.id, card_hash=digest) for digest in issued)
    session.flush()
    return list(issued.values())


def _publish_translation(session: Session, version: str, wording: Wording) -> None:
    if session.get(PublishedTranslation, wording.digest) is None:
        _add_once(
            session,
            PublishedTranslation(
                digest=wording.digest,
                version=version,
                language=wording.language,
                reviewed_by=wording.reviewed_by,
                texts=dict(wording.texts),
            ),
        )


def _add_once(session: Session, row: PublishedVersion | PublishedTranslation) -> None:
    """Add what its digest names, unless another process has just added the same."""
    with suppress(IntegrityError), session.begin_nested():
        session.add(row)


def _new_link(session: Session, organisation_id: UUID, door: str, wave: str) -> Link:
    """Make a link with a free code; one sign longer as soon as the short ones collide."""
    code = codes.draw(codes.SHORT)
    while session.scalar(select(Link.id).where(Link.code == code)) is not None:
        code = codes.draw(codes.LONG)
    return Link(organisation_id=organisation_id, code=code, door=door, wave=wave)
