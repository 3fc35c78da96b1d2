"""Pages of the desk: the campaigns, opening one, its links, poster, cards and languages."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, request, url_for

from app.campaigns import actions, queries
from app.campaigns.addresses import link_address
from app.campaigns.cards import cards_pdf
from app.campaigns.checks import MOST_QUESTIONS, CampaignError
from app.campaigns.doors import DOORS, GROUPS, PHONE
from app.campaigns.forms import CampaignForm, desk_title, in_usual_order, length_of
from app.campaigns.periods import closing_day, first_day, last_day, state_of
from app.campaigns.posters import FORMATS, poster_of, poster_pdf
from app.organisations.guard import reserved_to
from app.organisations.queries import lieux
from app.organisations.roles import TEAM
from app.organisations.sessions import current_organisation_id, current_reach
from app.questionnaires import LANGUAGES
from app.web.current import database, keys, library, settings, today
from app.web.pictograms import drawing

if TYPE_CHECKING:
    from flask import Blueprint
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

    from app.campaigns.models import Campaign, Link
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
    parent.add_url_rule("/campagnes/nouvelle", view_func=nouvelle_campagne, methods=both)
    parent.add_url_rule(one, view_func=campagne)
    parent.add_url_rule(f"{one}/affiche/<code>.pdf", view_func=affiche)
    parent.add_url_rule(f"{one}/cartes.pdf", view_func=cartes, methods=["POST"])
    parent.add_url_rule(f"{one}/langues", view_func=langues, methods=["POST"])
    parent.add_url_rule(f"{one}/fermer", view_func=fermer, methods=both)


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
def nouvelle_campagne() -> str | tuple[str, int] | AnyResponse:
    """Open a campaign from one form that is already filled."""
    with database().reading() as session:
        places = lieux(session, current_reach())
    form = CampaignForm(data=CampaignForm.usual(today()))
    form.offer(library(), places, today())
    if request.method != "POST":
        return _new_page(form)
    opened = _open(form) if form.validate() else None
    if opened is None:
        return _new_page(form), 422
    flash("La campagne est ouverte. Il reste à imprimer l’affiche et à la poser à hauteur d’yeux.")
    return redirect(_page_of(opened), 303)


@reserved_to(*TEAM)
def campagne(campaign_id: UUID) -> str:
    """Show one campaign: its links to copy, its poster, its cards, its languages."""
    with database().reading() as session:
        return _campaign_page(session, _mine(session, campaign_id))


@reserved_to(*TEAM)
def affiche(campaign_id: UUID, code: str) -> Response:
    """Send the poster of a link."""
    with database().reading() as session:
        link = _link_of(_mine(session, campaign_id), code)
        pdf = poster_pdf(session, link, settings().base_url)
    return _pdf(pdf, f"affiche-{link.code}.pdf")


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
        waves = _links_by_wave(queries.published(session, campaign.version), campaign)
        link = _main_link(waves) or campaign.links[0]
        pdf = cards_pdf(session, link, settings().base_url, codes)
    return _pdf(pdf, f"cartes-{link.code}.pdf")


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


def _new_page(form: CampaignForm) -> str:
    lengths = {one.id: length_of(one) for one in in_usual_order(library())}
    return render_template(
        "campaigns/new.html", form=form, lengths=lengths, doors=DOORS, most=MOST_QUESTIONS
    )


def _open(form: CampaignForm) -> UUID | None:
    try:
        with database().writing() as session:
            campaign = actions.open_campaign(
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
            )
    except CampaignError as error:
        form.refuse(error.field, str(error))
        return None
    return campaign.id


def _campaign_page(
    session: Session,
    campaign: Campaign,
    errors: dict[str, str] | None = None,
    count: str = "20",
) -> str:
    questionnaire = queries.published(session, campaign.version)
    base_url = settings().base_url
    waves = _links_by_wave(questionnaire, campaign)
    main = _main_link(waves)
    return render_template(
        "campaigns/campaign.html",
        campaign=campaign,
        title=desk_title(questionnaire),
        several=len(questionnaire.waves) > 1,
        has_figures=bool(questionnaire.indicators),
        state=STATES[state_of(campaign, today())],
        is_open=state_of(campaign, today()) in ("not_yet", "open"),
        closing=closing_day(campaign),
        waves=waves,
        doors=DOORS,
        phone=PHONE,
        addresses={link.code: link_address(base_url, link.code) for link in campaign.links},
        poster=poster_of(session, main, base_url) if main else None,
        poster_code=main.code if main else "",
        faces=[drawing(f"visage-{face}") for face in range(1, 5)],
        format=FORMATS["a4"],
        languages=_languages(session, campaign),
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


def _main_link(waves: list[tuple[Wave, list[Link]]]) -> Link | None:
    """Return the link whose poster goes first on the wall, if people come by phone at all."""
    links = (link for _, links in waves for link in links)
    return next((link for link in links if DOORS[link.door].group == PHONE), None)


def _groups(campaign: Campaign) -> list[str]:
    open_groups = {DOORS[link.door].group for link in campaign.links}
    return [group for group in GROUPS if group in open_groups]


def _mine(session: Session, campaign_id: UUID) -> Campaign:
    """Return a campaign of this structure; another's is unknown."""
    campaign = queries.campaign_of(session, current_reach(), campaign_id)
    return campaign or abort(404)


def _link_of(campaign: Campaign, code: str) -> Link:
    found = next((link for link in campaign.links if link.code == code), None)
    return found or abort(404)


def _page_of(campaign_id: UUID) -> str:
    return url_for("espace.campagne", campaign_id=campaign_id)


def _pdf(content: bytes, name: str) -> Response:
    return Response(
        content,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
