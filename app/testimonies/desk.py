"""Pages of the desk: the queue of testimonies, and the pages that hang on it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast
from uuid import UUID

from flask import abort, render_template, request
from sqlalchemy import select

from app.campaigns.models import Link
from app.campaigns.names import named_campaigns
from app.organisations.guard import reserved_to
from app.organisations.queries import lieux
from app.organisations.roles import TEAM
from app.organisations.sessions import current_reach
from app.partners.queries import partners_of
from app.testimonies import (
    consents_desk,
    deciding_desk,
    media_desk,
    noter_desk,
    publications_desk,
    quotes_desk,
    reading_desk,
)
from app.testimonies.labels import LABELS
from app.testimonies.models import Testimony
from app.testimonies.queries import within
from app.testimonies.queue import ORIGINS, Asked, queue
from app.testimonies.reading_desk import note_reading
from app.testimonies.statuses import NEW, STATUSES, VALIDATED, WITHDRAWN, Status
from app.web.current import database, keys, today

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Blueprint
    from sqlalchemy.orm import Session

    from app.campaigns.names import NamedCampaign

#: Highest page that an address may name.
_LAST_PAGE = 100_000


def routes(parent: Blueprint) -> None:
    """Add the pages of testimonies to the desk."""
    parent.add_url_rule("/temoignages", view_func=temoignages)
    ours = (reading_desk, deciding_desk, media_desk, noter_desk, consents_desk)
    for pages in (*ours, quotes_desk, publications_desk):
        pages.routes(parent)


@reserved_to(*TEAM)
def temoignages() -> str:
    """Show the queue: what waits and what was decided, by status."""
    reach = current_reach()
    with database().reading() as session:
        campaigns = _campaigns(session)
        places = lieux(session, reach)
        partners = partners_of(session, reach.organisation_id)
        asked = _asked(campaigns, {one.id for one in places}, {one.id for one in partners})
        shown = queue(session, keys(), reach, asked, today())
        told = _who_told(session)
        if asked.partner and "statut" not in request.args and not shown.items and shown.has_any:
            # Who comes from the page of a partner sees its words, wherever they are.
            first = next(status for status, count in shown.counts.items() if count)
            asked = replace(asked, status=first)
            shown = queue(session, keys(), reach, asked, today())
    if shown.items and asked.status not in (VALIDATED, WITHDRAWN):
        note_reading(f"Témoignages, {STATUSES[asked.status].lower()}")
    return render_template(
        "testimonies/queue.html",
        asked=asked,
        queue=shown,
        STATUSES=STATUSES,
        lieux=places,
        campaigns=campaigns,
        partners=[one for one in partners if one.id in told or one.id == asked.partner],
        ORIGINS=ORIGINS,
        LABELS=LABELS,
    )


def _campaigns(session: Session) -> Sequence[NamedCampaign]:
    """Return the campaigns within reach by which a testimony came."""
    links = select(Testimony.link_id).where(
        Testimony.organisation_id == current_reach().organisation_id
    )
    used = set(session.scalars(select(Link.campaign_id).where(Link.id.in_(links))))
    return [one for one in named_campaigns(session, current_reach()) if one.id in used]


def _who_told(session: Session) -> set[UUID | None]:
    """Return the partners who testified within reach."""
    told = select(Testimony.partner_id).where(within(current_reach()))
    return set(session.scalars(told.distinct()))


def _asked(campaigns: Sequence[NamedCampaign], places: set[UUID], partners: set[UUID]) -> Asked:
    """Return what the address asks; what is not of here is unknown."""
    typed = request.args
    status, origin = typed.get("statut", NEW), typed.get("origine", "")
    criterion, page = typed.get("critere", ""), typed.get("page", "1")
    asked = Asked(
        cast("Status", status),
        _one_of(typed.get("lieu", ""), places),
        _one_of(typed.get("campagne", ""), {one.id for one in campaigns}),
        _one_of(typed.get("partenaire", ""), partners),
        origin,
        criterion,
        max(1, min(int(page), _LAST_PAGE)) if page.isascii() and page.isdecimal() else 1,
    )
    if (
        status not in STATUSES
        or (origin and origin not in ORIGINS)
        or (criterion and criterion not in LABELS)
    ):
        abort(404)
    return asked


def _one_of(typed: str, known: set[UUID]) -> UUID | None:
    if not typed:
        return None
    return next((one for one in known if str(one) == typed), None) or abort(404)
