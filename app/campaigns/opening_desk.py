"""The page of the desk that opens a campaign, from one form that is already filled."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError

from app.campaigns import actions, queries
from app.campaigns.checks import MOST_QUESTIONS, CampaignError, too_long
from app.campaigns.doors import DOORS
from app.campaigns.forms import CampaignForm, in_usual_order, length_of, usual_doors
from app.campaigns.models import Campaign
from app.campaigns.periods import first_day, last_day
from app.campaigns.poster_desk import main_link
from app.organisations.guard import reserved_to
from app.organisations.queries import lieux, notice_is_confirmed
from app.organisations.roles import RESPONSABLE, TEAM
from app.organisations.sessions import current_member, current_organisation_id, current_reach
from app.web.current import database, library, today

if TYPE_CHECKING:
    from typing import Any

    from flask import Blueprint
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse


def routes(parent: Blueprint) -> None:
    """Add the page that opens a campaign."""
    parent.add_url_rule("/campagnes/nouvelle", view_func=nouvelle_campagne, methods=["GET", "POST"])


@reserved_to(*TEAM)
def nouvelle_campagne() -> str | tuple[str, int] | AnyResponse:
    """Open a campaign from one form that is already filled."""
    with database().reading() as session:
        confirmed = notice_is_confirmed(session, current_organisation_id())
        places = lieux(session, current_reach())
        form = CampaignForm(data=_proposed(session))
    if request.method != "POST" and not confirmed and current_member().role == RESPONSABLE:
        flash("Avant la première campagne, relisez ce que l’on dit aux personnes.", "alerte")
        return redirect(
            f"/espace/reglages/notice?suite={quote(request.full_path.rstrip('?'))}", 303
        )
    form.offer(library(), places, today())
    if request.method != "POST" or not places:
        return _new_page(form, confirmed=confirmed)
    opened = _open(form) if form.validate() else None
    if opened is None:
        return _new_page(form, confirmed=confirmed), 422
    return redirect(_after_opening(opened), 303)


def _new_page(form: CampaignForm, *, confirmed: bool) -> str:
    asked = list(in_usual_order(library()))
    return render_template(
        "campaigns/new.html",
        form=form,
        lengths={one.id: length_of(one) for one in asked},
        usual={one.id: " ".join(usual_doors(one)) for one in asked},
        doors=DOORS,
        most=MOST_QUESTIONS,
        confirmed=confirmed,
        role=current_member().role,
    )


def _proposed(session: Session) -> dict[str, Any]:
    """Return what fills the form: the usual answers, or those of a campaign to do again."""
    usual = CampaignForm.usual(today())
    if model := request.args.get("comme"):
        campaign = queries.campaign_of(session, current_reach(), _uuid(model)) or abort(404)
        asked = queries.published(session, campaign.version).id
        return CampaignForm.like(campaign, asked, today())
    asked = request.args.get("questionnaire", "")
    if asked in library().questionnaires:
        doors = usual_doors(library().questionnaires[asked])
        return {**usual, "questionnaire": asked, "doors": list(doors)}
    return usual


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        abort(404)


def _after_opening(campaign_id: UUID) -> str:
    """Return what to show once a campaign is open: its poster, when people come by phone."""
    with database().reading() as session:
        campaign = queries.campaign_of(session, current_reach(), campaign_id) or abort(404)
        asked = queries.published(session, campaign.version)
        link = main_link(campaign, [wave.id for wave in asked.waves])
    if warning := too_long(asked, campaign.form, campaign.modules):
        flash(f"{warning} Une autre campagne peut en demander moins.", "alerte")
    if link is None:
        flash("La campagne est ouverte. Il reste à donner ses liens.")
        return url_for("espace.campagne", campaign_id=campaign_id)
    flash("La campagne est ouverte. Il reste à imprimer l’affiche et à la poser à hauteur d’yeux.")
    return url_for("espace.affiche", campaign_id=campaign_id, code=link.code)


def _open(form: CampaignForm) -> UUID | None:
    """Open the campaign, or find the one that the same form opened a moment ago."""
    campaign_id = form.campaign_id
    try:
        with database().writing() as session:
            if session.get(Campaign, campaign_id) is not None:
                return campaign_id
            actions.open_campaign(
                session,
                library(),
                current_organisation_id(),
                questionnaire=form.questionnaire.data,
                lieu_id=UUID(form.lieu.data),
                starts_on=first_day(form.first.data),
                ends_on=last_day(form.last.data),
                doors=form.doors.data,
                form=form.form.data,
                modules=form.modules.data,
                action=form.action.data,
                today=today(),
                campaign_id=campaign_id,
            )
    except IntegrityError:  # two posts at once, on PostgreSQL
        return campaign_id
    except CampaignError as error:
        form.refuse(error.field, str(error))
        return None
    return campaign_id
