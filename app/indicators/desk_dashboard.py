"""The desk pages that are looked at while answers arrive: the dashboard, and the big count."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Blueprint, Response, abort, get_template_attribute, jsonify, request
from flask import render_template as render

from app.campaigns.addresses import scanned_address, typed_address
from app.campaigns.doors import DOORS, PHONE
from app.campaigns.forms import USUAL_QUESTIONNAIRE, length_of
from app.campaigns.models import Campaign, Link
from app.campaigns.names import desk_title
from app.campaigns.periods import offered_months, state_of
from app.campaigns.queries import campaign_of, published
from app.indicators.charts import stacked
from app.indicators.dashboard import MANY, Dashboard, dashboard
from app.indicators.live import (
    MOST_SHOWN,
    DoorCounts,
    collects_testimonies,
    door_counts,
    open_campaigns,
    responses_in,
    responses_of,
)
from app.indicators.next_steps import steps_above
from app.indicators.period import Period
from app.organisations import access
from app.organisations.guard import passive, reserved_to
from app.organisations.roles import TEAM
from app.organisations.sessions import current_member, current_reach
from app.responses.rollups import fold_if_needed
from app.web.current import database, keys, library, settings, today
from app.web.pictograms import drawing
from app.web.qr import qr_svg

#: What the journal says of the comments at the foot of the dashboard.
LATEST = "derniers commentaires"
#: An invented bar: how a campaign will look once people answer.
EXAMPLE = {"téléphone": 40, "tablette": 25, "papier": 20, "avec l’équipe": 15}


def routes(parent: Blueprint) -> None:
    """Add the dashboard, what it asks again and again, and the big count."""
    parent.add_url_rule("", view_func=tableau)
    parent.add_url_rule("/compteurs", view_func=compteurs)
    parent.add_url_rule("/campagnes/<uuid:campaign_id>/compteur", view_func=compteur)


@reserved_to(*TEAM)
def tableau() -> tuple[str, int] | str:
    """Show what arrived, what is open, what people say, and what to do next."""
    reach, day = current_reach(), today()
    fold_if_needed(database(), reach.organisation_id)
    period, problem = _asked_period(day)
    with database().reading() as session:
        board = dashboard(session, keys(), current_member(), reach, period, day, steps_above())
    if board.begun_on is None:
        return _first_day()
    if board.comments:
        _note_reading()
    page = render(
        "indicators/tableau.html",
        board=board,
        first_name=_first_name(),
        months=_months(board, day),
        problem=problem,
        MANY=MANY,
        today=day,
    )
    return (page, 422) if problem else page


@reserved_to(*TEAM)
@passive
def compteurs() -> Response:
    """Say how many answers there are now: asked by the page itself while somebody looks at it."""
    reach, day = current_reach(), today()
    period, _ = _asked_period(day)
    asked = request.args.get("campagne", "")
    with database().reading() as session:
        if asked:
            campaign = campaign_of(session, reach, _uuid(asked)) or abort(404)
            return jsonify(total=responses_of(session, campaign), campaigns={})
        running = open_campaigns(session, reach, day, MOST_SHOWN)
        came = door_counts(session, reach, running)
        total = responses_in(session, reach, period)
    return jsonify(total=total, campaigns={str(one): _counted(one, came[one]) for one in came})


@reserved_to(*TEAM)
def compteur(campaign_id: UUID) -> str:
    """Show one big number and a code to scan: nothing of what was said."""
    with database().reading() as session:
        campaign = campaign_of(session, current_reach(), campaign_id) or abort(404)
        title = published(session, campaign.version).title.fr
        count = responses_of(session, campaign)
        tells = collects_testimonies(session, campaign)
    link = _link_for_all(campaign) if state_of(campaign, today()) == "open" else None
    base_url = settings().base_url
    return render(
        "indicators/compteur.html",
        campaign=campaign,
        title=title,
        count=count,
        tells=tells,
        qr=qr_svg(scanned_address(base_url, link.code)) if link else None,
        address=typed_address(base_url, link.code) if link else "",
    )


def _first_day() -> str:
    """Show the three steps to a first answer."""
    usual = library().questionnaires[USUAL_QUESTIONNAIRE]
    return render(
        "indicators/premier_jour.html",
        first_name=_first_name(),
        usual=usual,
        usual_title=desk_title(usual),
        usual_length=length_of(usual),
        others=len(library().questionnaires) - 1,
        faces=[drawing(f"visage-{face}") for face in range(1, 5)],
        example=stacked([(group, group, count) for group, count in EXAMPLE.items()]),
        role=current_member().role,
    )


def _counted(campaign_id: UUID, came: DoorCounts) -> dict[str, object]:
    """Return the counts of one campaign, and the bar that draws them."""
    draw = get_template_attribute("indicators/charts.html", "bar")
    bar = came.bar
    drawn = str(draw(f"portes-{campaign_id}", bar)) if bar else ""
    return {"total": came.total, "doors": dict(came.doors), "drawn": drawn}


def _note_reading() -> None:
    with database().writing() as session:
        access.note_mine(session, "read", LATEST)


def _asked_period(day: date) -> tuple[Period, str]:
    """Return the period of the address, or the usual one and what is wrong with the other."""
    usual = Period.of_year_so_far(day)
    try:
        return Period(request.args.get("de", usual.first), request.args.get("a", usual.last)), ""
    except ValueError as error:
        return usual, str(error)


def _months(board: Dashboard, day: date) -> list[tuple[str, str]]:
    first = min(filter(None, (board.begun_on, board.period.first_day)))
    return offered_months(first, max(day, board.period.last_month))


def _first_name() -> str:
    """Return how to greet somebody; nothing while only their e-mail is known."""
    name = current_member().name
    return "" if "@" in name else name.split()[0]


def _link_for_all(campaign: Campaign) -> Link | None:
    """Return the link that a room of people may scan, if the campaign has one."""
    doors = list(DOORS)
    links = sorted(campaign.links, key=lambda link: doors.index(link.door))
    return next((link for link in links if DOORS[link.door].group == PHONE), None)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        abort(404)
