"""The desk pages that show what was collected: the dashboard and the indicators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, abort, render_template, request

from app.indicators.charts import dumbbell, share_chart
from app.indicators.dashboard import dashboard
from app.indicators.period import Period, months_between
from app.indicators.queries import NamedCampaign, named_campaigns, results
from app.indicators.reading import sentence_of
from app.organisations.guard import reserved_to
from app.organisations.roles import TEAM
from app.organisations.sessions import current_reach
from app.responses.rollups import fold_if_needed
from app.scoring import IN_SHORT, METHODS, WARNINGS
from app.web.current import database, today
from app.web.typography import month


def routes(parent: Blueprint) -> None:
    """Add the dashboard and the indicators."""
    parent.add_url_rule("", view_func=tableau)
    parent.add_url_rule("/indicateurs", view_func=indicateurs)


@reserved_to(*TEAM)
def tableau() -> str:
    """Show what arrived, what is open, and what to do next."""
    reach = current_reach()
    fold_if_needed(database(), reach.organisation_id)
    with database().reading() as session:
        shown = dashboard(session, reach, today())
    return render_template("indicators/tableau.html", board=shown)


@reserved_to(*TEAM)
def indicateurs() -> tuple[str, int] | str:
    """Show each indicator measured, for a campaign or for all, over whole months."""
    reach, day = current_reach(), today()
    fold_if_needed(database(), reach.organisation_id)
    problem = ""
    period = Period.of_year_so_far(day)
    try:
        period = Period(request.args.get("de", period.first), request.args.get("a", period.last))
    except ValueError as error:
        problem = str(error)
    with database().reading() as session:
        campaigns = named_campaigns(session, reach)
        campaign = _asked_for(campaigns, request.args.get("campagne", ""))
        shown = results(session, reach, period, campaign.id if campaign else None)
    page = render_template(
        "indicators/indicateurs.html",
        problem=problem,
        period=period,
        is_open=period.is_open(day),
        months=_choices(campaigns, period, day),
        campaigns=campaigns,
        campaign=campaign,
        results=shown,
        share_chart=share_chart,
        dumbbell=dumbbell,
        sentence_of=sentence_of,
        IN_SHORT=IN_SHORT,
        METHODS=METHODS,
        WARNINGS=WARNINGS,
    )
    return (page, 422) if problem else page


def _asked_for(campaigns: Sequence[NamedCampaign], campaign_id: str) -> NamedCampaign | None:
    """Return the campaign named in the address; one of another structure is unknown here."""
    if not campaign_id:
        return None
    named = [campaign for campaign in campaigns if str(campaign.id) == campaign_id]
    return named[0] if named else abort(404)


def _choices(
    campaigns: Sequence[NamedCampaign], period: Period, day: date
) -> list[tuple[str, str]]:
    """Return the months that may be chosen, each with its words."""
    first = min([campaign.starts_on for campaign in campaigns] + [period.first_day])
    return [
        (name, month(date.fromisoformat(f"{name}-01")))
        for name in months_between(first, max(day, period.last_month))
    ]
