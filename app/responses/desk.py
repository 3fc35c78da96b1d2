"""Pages of the desk: the answers, one of them in full, and its erasure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, request, url_for

from app.campaigns.doors import DOORS
from app.campaigns.names import named_campaigns
from app.organisations.access import note_mine
from app.organisations.guard import reserved_to
from app.organisations.roles import RESPONSABLE, TEAM
from app.organisations.sessions import current_member, current_reach
from app.responses import desk_data, export_desk
from app.responses.actions import erase
from app.responses.fiche import Fiche, fiche
from app.responses.filters import (
    WHO,
    FilterError,
    Filters,
    month_choices,
    read_filters,
    usual_filters,
)
from app.responses.listing import SOUGHT, listing
from app.responses.queries import readable_response
from app.responses.rollups import fold_if_needed
from app.web.current import database, keys, settings, today
from app.web.pictograms import drawing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from flask import Blueprint
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

    from app.campaigns.names import NamedCampaign

#: Highest page that an address may name.
_LAST_PAGE = 1_000_000


def routes(parent: Blueprint) -> None:
    """Add the pages of answers to the desk."""
    one = "/reponses/<uuid:response_id>"
    parent.add_url_rule("/reponses", view_func=reponses)
    parent.add_url_rule(one, view_func=reponse)
    parent.add_url_rule(f"{one}/effacer", view_func=effacer_reponse, methods=["GET", "POST"])
    export_desk.routes(parent)
    desk_data.routes(parent)


@reserved_to(*TEAM)
def reponses() -> str | tuple[str, int]:
    """Show the answers that may be read, the words they share, and what is still closed."""
    reach, day = current_reach(), today()
    fold_if_needed(database(), reach.organisation_id, day)
    with database().reading() as session:
        campaigns = named_campaigns(session, reach)
        filters, problem = _asked(campaigns)
        shown = listing(session, keys(), reach, filters, day, _page())
    if shown.answers:
        _note_reading(_about(filters, {one.id: one.title for one in campaigns}))
    page = render_template(
        "responses/list.html",
        problem=problem,
        filters=filters,
        tags=list(filters.tags(campaigns)),
        campaigns=campaigns,
        titles={one.id: one.title for one in campaigns},
        lieux={one.lieu_id: one.lieu for one in campaigns},
        doors=DOORS,
        WHO=WHO,
        door_pairs=[(door.code, door.label) for door in DOORS.values()],
        drawing=drawing,
        months=month_choices(campaigns, filters, day),
        listing=shown,
        SOUGHT=SOUGHT,
    )
    return (page, 422) if problem else page


@reserved_to(*TEAM)
def reponse(response_id: UUID) -> str:
    """Show one answer in full."""
    with database().reading() as session:
        shown = _fiche(session, response_id)
    _note_reading(shown.title)
    return render_template(
        "responses/one.html",
        fiche=shown,
        drawing=drawing,
        may_erase=current_member().role == RESPONSABLE,
    )


@reserved_to(RESPONSABLE)
def effacer_reponse(response_id: UUID) -> str | AnyResponse:
    """Ask once more, then erase an answer: its person may ask for it by telephone."""
    if request.method != "POST":
        with database().reading() as session:
            return render_template("responses/erase.html", fiche=_fiche(session, response_id))
    with database().writing() as session:
        gone = _fiche(session, response_id)
        note_mine(session, "erased", f"une réponse, {gone.title}")
        erase(session, settings().data, response_id, today())
    flash("La réponse est effacée.")
    return redirect(url_for("espace.reponses"), 303)


def _asked(campaigns: Sequence[NamedCampaign]) -> tuple[Filters, str]:
    """Return what the address asks, and what is wrong with it; what is not of here is unknown."""
    try:
        filters = read_filters(request.args, campaigns, today())
    except FilterError as error:
        return usual_filters(today(), campaigns), str(error)
    except KeyError:
        abort(404)
    return filters, filters.problem


def _fiche(session: Session, response_id: UUID) -> Fiche:
    """Return an answer that may be read; another structure's, or one still closed, is unknown."""
    full = readable_response(session, keys(), current_reach(), response_id, today())
    return fiche(session, full) if full else abort(404)


def _note_reading(about: str) -> None:
    """Note in the access journal that comments were read: who, when, of what, never the words."""
    with database().writing() as session:
        note_mine(session, "read", about)


def _about(filters: Filters, titles: dict[UUID, str]) -> str:
    return titles[filters.campaign] if filters.campaign else filters.period


def _page() -> int:
    typed = request.args.get("page", "1")
    return min(int(typed), _LAST_PAGE) if typed.isascii() and typed.isdecimal() else 1
