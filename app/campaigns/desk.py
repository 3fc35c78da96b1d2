"""Pages of the desk: the campaigns, their links, cards and languages, their end."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for

from app.campaigns import actions, opening_desk, poster_desk, queries
from app.campaigns.addresses import link_address
from app.campaigns.cards import cards_pdf
from app.campaigns.checks import CampaignError
from app.campaigns.counting import count_answers
from app.campaigns.doors import DOORS, GROUPS, PHONE
from app.campaigns.formats import FORMATS, OF_DOOR
from app.campaigns.forms import ReopenForm
from app.campaigns.models import Campaign
from app.campaigns.names import desk_title
from app.campaigns.periods import closing_day, last_day, state_of
from app.campaigns.poster_desk import main_link, pdf_file
from app.organisations.guard import reserved_to
from app.organisations.roles import TEAM
from app.organisations.sessions import current_reach
from app.questionnaires import LANGUAGES
from app.web.current import database, keys, library, settings, today

if TYPE_CHECKING:
    from flask import Blueprint, Response
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

    from app.campaigns.models import Link
    from app.questionnaires.definition import Questionnaire, Wave

#: What is said of a campaign's life: the style of the mark, and the word.
STATES = {
    "not_yet": ("", "à venir"),
    "open": ("ouvert", "ouverte"),
    "grace": ("relire", "fermée, dernières réponses"),
    "closed": ("clos", "fermée"),
}


def routes(parent: Blueprint) -> None:
    """Add the pages of campaigns to the desk."""
    one = "/campagnes/<uuid:campaign_id>"
    both = ["GET", "POST"]
    parent.add_url_rule("/campagnes", view_func=campagnes)
    parent.add_url_rule(one, view_func=campagne)
    parent.add_url_rule(f"{one}/cartes.pdf", view_func=cartes, methods=["POST"])
    parent.add_url_rule(f"{one}/langues", view_func=langues, methods=["POST"])
    parent.add_url_rule(f"{one}/fermer", view_func=fermer, methods=both)
    parent.add_url_rule(f"{one}/rouvrir", view_func=rouvrir, methods=both)
    opening_desk.routes(parent)
    poster_desk.routes(parent)


@reserved_to(*TEAM)
def campagnes() -> str:
    """Show every campaign of the structure, the latest first."""
    with database().reading() as session:
        rows = [
            {
                "campaign": campaign,
                "title": desk_title(queries.published(session, campaign.version)),
                "state": STATES[state_of(campaign, today())],
                "doors": _groups(campaign),
            }
            for campaign in queries.campaigns_of(session, current_reach())
        ]
    return render_template("campaigns/list.html", rows=rows)


@reserved_to(*TEAM)
def campagne(campaign_id: UUID) -> str:
    """Show one campaign: its links to copy, its poster, its cards, its languages."""
    with database().reading() as session:
        return _campaign_page(session, _mine(session, campaign_id))


@reserved_to(*TEAM)
def cartes(campaign_id: UUID) -> Response | tuple[str, int]:
    """Issue cards and send the sheets to print: the only time their codes are seen."""
    typed = request.form.get("count", "")
    with database().writing() as session:
        campaign = _mine(session, campaign_id)
        try:
            count = int(typed) if typed.isascii() and typed.isdecimal() else 0
            codes = actions.issue_cards(session, keys(), campaign, count)
        except CampaignError as error:
            return _campaign_page(session, campaign, {error.field: str(error)}, typed), 422
    # Drawn after the commit: people who answer must not wait for sheets to be drawn.
    with database().reading() as session:
        campaign = _mine(session, campaign_id)
        waves = [wave.id for wave in queries.published(session, campaign.version).waves]
        link = main_link(campaign, waves) or campaign.links[0]
        pdf = cards_pdf(session, link, settings().base_url, codes)
    return pdf_file(pdf, f"cartes-{link.code}.pdf")


@reserved_to(*TEAM)
def langues(campaign_id: UUID) -> AnyResponse | tuple[str, int]:
    """Turn a language on or off."""
    language = request.form.get("language", "")
    with database().writing() as session:
        campaign = _mine(session, campaign_id)
        try:
            if request.form.get("on") == "1":
                actions.turn_language_on(session, library(), campaign, language)
            else:
                actions.turn_language_off(session, campaign, language)
        except CampaignError as error:
            return _campaign_page(session, campaign, {error.field: str(error)}), 422
    return redirect(f"{_page_of(campaign_id)}#langues", 303)


@reserved_to(*TEAM)
def fermer(campaign_id: UUID) -> str | AnyResponse:
    """Ask once more, then close the campaign."""
    if request.method != "POST":
        with database().reading() as session:
            campaign = _mine(session, campaign_id)
            title = desk_title(queries.published(session, campaign.version))
            return render_template("campaigns/close.html", campaign=campaign, title=title)
    with database().writing() as session:
        try:
            actions.close_campaign(_mine(session, campaign_id), today())
        except CampaignError as error:
            flash(str(error), "alerte")
        else:
            flash("La campagne est fermée. Une réponse déjà commencée a encore un jour.")
    return redirect(_page_of(campaign_id), 303)


@reserved_to(*TEAM)
def rouvrir(campaign_id: UUID) -> str | tuple[str, int] | AnyResponse:
    """Ask until when, then open a closed campaign again with the same codes."""
    with database().writing() if request.method == "POST" else database().reading() as session:
        campaign = _mine(session, campaign_id)
        title = desk_title(queries.published(session, campaign.version))
        form = ReopenForm()
        form.offer(campaign, today())
        if request.method != "POST":
            return render_template(_REOPEN, campaign=campaign, title=title, form=form)
        if not form.validate():
            return render_template(_REOPEN, campaign=campaign, title=title, form=form), 422
        try:
            actions.reopen_campaign(campaign, last_day(form.last.data), today())
        except CampaignError as error:
            flash(str(error), "alerte")
        else:
            flash("La campagne est rouverte. Les mêmes codes et les mêmes affiches marchent.")
    return redirect(_page_of(campaign_id), 303)


_REOPEN = "campaigns/reopen.html"


def _campaign_page(
    session: Session,
    campaign: Campaign,
    errors: dict[str, str] | None = None,
    count: str = "20",
) -> str:
    questionnaire = queries.published(session, campaign.version)
    base_url = settings().base_url
    counts = count_answers(session, current_reach(), campaign.id)
    main = main_link(campaign, [wave.id for wave in questionnaire.waves])
    return render_template(
        "campaigns/campaign.html",
        campaign=campaign,
        title=desk_title(questionnaire),
        several=len(questionnaire.waves) > 1,
        has_figures=bool(questionnaire.indicators),
        came="Témoignages" if questionnaire.collects_testimonies else "Réponses",
        state=STATES[state_of(campaign, today())],
        is_open=state_of(campaign, today()) in ("not_yet", "open"),
        closing=closing_day(campaign),
        is_over=state_of(campaign, today()) in ("grace", "closed"),
        waves=_links_by_wave(questionnaire, campaign),
        counts=counts,
        doors=DOORS,
        phone=PHONE,
        addresses={link.code: link_address(base_url, link.code) for link in campaign.links},
        main=main,
        main_format=FORMATS[OF_DOOR[main.door]] if main else None,
        languages=_languages(session, campaign),
        # One's own first try must not count: the trial keeps nothing.
        trial=f"/essai/{questionnaire.id}" if questionnaire.id in library().questionnaires else "",
        errors=errors or {},
        count=count,
    )


def _languages(session: Session, campaign: Campaign) -> list[dict[str, object]]:
    """Return the languages in which the whole questionnaire is written, and which are on."""
    questionnaire = queries.published(session, campaign.version)
    on = {turned_on.language for turned_on in campaign.languages}
    found = []
    for code in library().languages:
        wording = library().wording(questionnaire, code) if code != "fr" else None
        if wording is not None or code in on:
            shown = queries.wording_of(session, campaign, code) if code in on else wording
            reviewed = shown.reviewed_by if shown else None
            name, direction = LANGUAGES[code]
            found.append(
                {"code": code, "name": name, "dir": direction, "on": code in on, "by": reviewed}
            )
    return found


def _links_by_wave(
    questionnaire: Questionnaire, campaign: Campaign
) -> list[tuple[Wave, list[Link]]]:
    """Return the links of each moment, doors in their usual order."""
    order = list(DOORS)
    links = sorted(campaign.links, key=lambda link: order.index(link.door))
    grouped = (
        (wave, [link for link in links if link.wave == wave.id]) for wave in questionnaire.waves
    )
    return [(wave, found) for wave, found in grouped if found]


def _groups(campaign: Campaign) -> list[str]:
    open_groups = {DOORS[link.door].group for link in campaign.links}
    return [group for group in GROUPS if group in open_groups]


def _mine(session: Session, campaign_id: UUID) -> Campaign:
    """Return a campaign of this structure; another's is unknown."""
    campaign = queries.campaign_of(session, current_reach(), campaign_id)
    return campaign or abort(404)


def _page_of(campaign_id: UUID) -> str:
    return url_for("espace.campagne", campaign_id=campaign_id)
