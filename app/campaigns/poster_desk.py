"""Pages of the desk about print: the poster of a link, its preview, its file, and the cards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Response, abort, render_template, request, url_for

from app.campaigns import queries
from app.campaigns.addresses import link_address
from app.campaigns.doors import DOORS, PHONE
from app.campaigns.formats import FORMATS, OF_DOOR, Format
from app.campaigns.names import desk_title
from app.campaigns.posters import FRENCH, Poster, poster_of
from app.campaigns.proofs import poster_pdf, poster_png
from app.organisations.guard import reserved_to
from app.organisations.roles import RESPONSABLE, TEAM
from app.organisations.sessions import current_member, current_reach
from app.questionnaires import LANGUAGES
from app.web.current import database, library, settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Blueprint
    from sqlalchemy.orm import Session

    from app.campaigns.models import Campaign, Link


@dataclass(frozen=True, slots=True)
class Wanted:
    """Be one poster that is asked for: of which link, in which format, language and ink."""

    link: Link
    form: Format
    poster: Poster
    grey: bool
    title: str

    @property
    def query(self) -> Mapping[str, Any]:
        """Return what the address of the page, the preview and the file all say."""
        chosen = {"format": self.form.id, "langue": self.poster.language}
        return {**chosen, "gris": "1"} if self.grey else chosen

    def address(self, endpoint: str) -> str:
        """Return the address of a page, a preview or a file of this poster."""
        campaign_id = self.link.campaign_id
        return url_for(endpoint, campaign_id=campaign_id, code=self.link.code, **self.query)


def routes(parent: Blueprint) -> None:
    """Add the pages of posters to the desk."""
    one = "/campagnes/<uuid:campaign_id>/affiche/<code>"
    parent.add_url_rule(one, view_func=affiche)
    parent.add_url_rule(f"{one}.pdf", view_func=affiche_pdf)
    parent.add_url_rule(f"{one}/apercu.png", view_func=affiche_png)


@reserved_to(*TEAM)
def affiche(campaign_id: UUID, code: str) -> str:
    """Choose the format, the language and the ink of a poster, and see it before it is printed."""
    return _page(_wanted(campaign_id, code))


@reserved_to(*TEAM)
def affiche_pdf(campaign_id: UUID, code: str) -> Response | tuple[str, int]:
    """Send a poster to print, once its codes have been read back."""
    wanted = _wanted(campaign_id, code)
    try:
        pdf = poster_pdf(wanted.poster, wanted.form.id, wanted.grey)
    except ValueError:
        return _page(wanted), 422
    return pdf_file(pdf, f"affiche-{wanted.link.code}-{wanted.form.id}.pdf")


@reserved_to(*TEAM)
def affiche_png(campaign_id: UUID, code: str) -> Response:
    """Show a poster as it will be printed."""
    wanted = _wanted(campaign_id, code)
    try:
        png = poster_png(wanted.poster, wanted.form.id, wanted.grey)
    except ValueError:
        abort(404)
    return Response(png, mimetype="image/png")


def pdf_file(content: bytes, name: str) -> Response:
    """Return a document to save and print."""
    return Response(
        content,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def main_link(campaign: Campaign, waves: list[str]) -> Link | None:
    """Return the link whose poster goes first on the wall, if people come by phone at all."""
    doors = [door.code for door in DOORS.values() if door.group == PHONE]
    links = {(link.wave, link.door): link for link in campaign.links}
    found = (links.get((wave, door)) for wave in waves for door in doors)
    return next((link for link in found if link), None)


def proof(poster: Poster, form: Format, *, grey: bool) -> str:
    """Return why a poster cannot be printed, or nothing when its codes were read back."""
    try:
        poster_pdf(poster, form.id, grey)
    except ValueError as error:
        return str(error)
    return ""


def _wanted(campaign_id: UUID, code: str) -> Wanted:
    """Read what is asked for; another structure's campaign, or a choice we do not offer, is 404."""
    asked = request.args
    with database().reading() as session:
        link = _link_of(session, campaign_id, code)
        form = FORMATS.get(asked.get("format") or OF_DOOR.get(link.door, "a4")) or abort(404)
        language = asked.get("langue") or FRENCH
        try:
            poster = poster_of(session, library(), link, settings().base_url, language)
        except ValueError:
            abort(404)
        title = desk_title(queries.published(session, link.campaign.version))
    return Wanted(link, form, poster, asked.get("gris") == "1", title)


def _link_of(session: Session, campaign_id: UUID, code: str) -> Link:
    campaign = queries.campaign_of(session, current_reach(), campaign_id) or abort(404)
    return next((link for link in campaign.links if link.code == code), None) or abort(404)


def _page(wanted: Wanted) -> str:
    campaign = wanted.link.campaign
    languages = [FRENCH, *(on.language for on in campaign.languages)]
    return render_template(
        "campaigns/poster.html",
        wanted=wanted,
        campaign=campaign,
        poster=wanted.poster,
        form=wanted.form,
        problem=proof(wanted.poster, wanted.form, grey=wanted.grey),
        formats=FORMATS.values(),
        languages=[(code, LANGUAGES[code].name, LANGUAGES[code].direction) for code in languages],
        address=link_address(settings().base_url, wanted.link.code),
        doors=DOORS,
        may_change_contact=current_member().role == RESPONSABLE,
        others=_others(campaign, wanted.link),
    )


def _others(campaign: Campaign, link: Link) -> list[Link]:
    """Return the links that have a poster, those of the same moment as this one, in usual order."""
    order = [door.code for door in DOORS.values() if door.group == PHONE]
    same = [one for one in campaign.links if one.wave == link.wave and one.door in order]
    return sorted(same, key=lambda one: order.index(one.door))
