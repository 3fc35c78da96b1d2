"""Pages of the desk: a file of answers, for the responsable."""

from __future__ import annotations

from os import SEEK_END
from typing import IO, TYPE_CHECKING

from flask import abort, render_template, request, send_file
from sqlalchemy import and_

from app.campaigns.doors import DOORS
from app.campaigns.models import Campaign
from app.campaigns.names import named_campaigns
from app.campaigns.queries import campaigns_of
from app.organisations.access import note_mine
from app.organisations.guard import reserved_to
from app.organisations.queries import organisation
from app.organisations.roles import RESPONSABLE, TEAM
from app.organisations.sessions import current_member, current_reach
from app.responses.exporting import FORMATS, LAYOUTS, Export, Selection, SeveralVersions
from app.responses.filters import (
    FilterError,
    read_filters,
    usual_filters,
)
from app.responses.forms import EVERY, ExportForm
from app.responses.listing import count_of
from app.responses.queries import answered_campaigns, who_may_export
from app.responses.readable import is_readable
from app.responses.rollups import fold_if_needed
from app.web.current import database, keys, today
from app.web.sheets import CSV, TABLEUR, csv_file
from app.web.typography import plural

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from flask import Blueprint, Response
    from sqlalchemy.orm import Session

    from app.campaigns.names import NamedCampaign
    from app.responses.filters import Filters


class NothingToExport(Exception):  # noqa: N818 - it says what was asked for
    """Say that no answer that may be read was asked for."""


def routes(parent: Blueprint) -> None:
    """Add the page of exports to the desk."""
    parent.add_url_rule("/reponses/exporter", view_func=exporter)
    parent.add_url_rule("/reponses/exporter", view_func=envoyer_export, methods=["POST"])


@reserved_to(*TEAM)
def exporter() -> str:
    """Show what may be exported, filled with the filters of the list; or who may."""
    reach, day = current_reach(), today()
    with database().reading() as session:
        if current_member().role != RESPONSABLE:
            people = who_may_export(session, reach.organisation_id)
            return render_template("responses/not_yours.html", people=people)
        campaigns = named_campaigns(session, reach)
    try:
        filters = read_filters(request.args, campaigns, day)
    except FilterError:
        filters = usual_filters(day)
    except KeyError:
        abort(404)
    form = ExportForm(data=_filled(filters, campaigns), formdata=None)
    form.offer(campaigns, filters, day)
    return render_template("responses/export.html", form=form)


@reserved_to(RESPONSABLE)
def envoyer_export() -> Response | tuple[str, int]:
    """Write the file asked for, note it in the journal, and send it."""
    reach, day = current_reach(), today()
    fold_if_needed(database(), reach.organisation_id, day)
    with database().reading() as session:
        campaigns = named_campaigns(session, reach)
        form = ExportForm()
        form.offer(campaigns, usual_filters(day), day)
        if not form.validate():
            return _page(form), 422
        try:
            filters = _filters(form, campaigns)
            if filters.problem:
                form.a.errors = [filters.problem]
                return _page(form), 422
            file, name, mimetype = _file(session, form, filters, campaigns)
        except NothingToExport:
            form.campagne.errors = [_NOTHING]
            return _page(form), 422
        except SeveralVersions:
            form.format.errors = [_SEVERAL]
            return _page(form), 422
    if "dictionnaire" not in request.form:
        with database().writing() as session:
            note_mine(session, "exported", name)
    return _sent(file, name, mimetype)


#: What to do when no answer is asked for.
_NOTHING = "Aucune réponse à exporter ici. Choisissez une autre campagne, ou élargissez la période."
#: Why codes alone cannot hold two versions, and what to do.
_SEVERAL = (
    "Ce fichier ne tient qu’une version du questionnaire, et ces campagnes en ont plusieurs. "
    "Choisissez une seule campagne, ou un autre fichier."
)


def _page(form: ExportForm) -> str:
    return render_template("responses/export.html", form=form)


def _sent(file: IO[bytes], name: str, mimetype: str) -> Response:
    """Send a file, piece by piece."""
    size = file.seek(0, SEEK_END)
    file.seek(0)
    response = send_file(file, mimetype, as_attachment=True, download_name=name)
    response.content_length = size
    return response


def _filled(filters: Filters, campaigns: Sequence[NamedCampaign]) -> dict[str, str]:
    """Return the form as the list was filtered; without a campaign, the latest questionnaire."""
    chosen = str(filters.campaign or "")
    if not chosen and campaigns:
        latest = campaigns[0]
        same = [one for one in campaigns if one.questionnaire == latest.questionnaire]
        chosen = f"{EVERY}{latest.questionnaire}" if len(same) > 1 else str(latest.id)
    return {
        "campagne": chosen,
        "lieu": str(filters.lieu or ""),
        "porte": filters.door,
        "de": filters.first,
        "a": filters.last,
    }


def _filters(form: ExportForm, campaigns: Sequence[NamedCampaign]) -> Filters:
    """Return what the form asks; its campaign may be every one of a questionnaire."""
    asked = {name: str(form[name].data or "") for name in ("campagne", "lieu", "porte", "de", "a")}
    if asked["campagne"].startswith(EVERY):
        asked["campagne"] = ""
    return read_filters(asked, campaigns, today())


def _file(
    session: Session, form: ExportForm, filters: Filters, campaigns: Sequence[NamedCampaign]
) -> tuple[IO[bytes], str, str]:
    """Return the file asked for, its name and its type."""
    selection = _selection(session, filters, _chosen(form.campagne.data, campaigns))
    chosen = FORMATS[form.format.data]
    layout = chosen.layout or LAYOUTS[form.contenu.data]
    questionnaire = _slug(form, campaigns)
    if "dictionnaire" in request.form:
        export = Export(session, keys(), selection, layout)
        return csv_file(export.dictionary(), TABLEUR), f"dictionnaire-{questionnaire}.csv", CSV
    file = chosen.write(Export(session, keys(), selection, layout))
    period = "-".join(filter(None, (filters.first, filters.last and f"a-{filters.last}")))
    parts = ("reponses", questionnaire, period or "tout", "interne")
    return file, f"{'-'.join(parts)}.{chosen.extension}", chosen.mimetype


def _selection(session: Session, filters: Filters, ids: set[UUID]) -> Selection:
    """Return the answers asked for that may be read today."""
    reach = current_reach()
    asked = and_(filters.within(reach), Campaign.id.in_(ids))
    wanted = and_(asked, is_readable(session, reach.organisation_id, today()))
    answered = answered_campaigns(session, wanted)
    found = [one for one in campaigns_of(session, reach) if one.id in answered]
    if not found:
        raise NothingToExport
    said = [
        ("Structure", organisation(session, reach.organisation_id).name),
        ("Période", filters.period),
        ("Porte", DOORS[filters.door].label if filters.door else "toutes les portes"),
        *(("Campagne", _place(campaign)) for campaign in found),
    ]
    if closed := count_of(session, asked) - count_of(session, wanted):
        waiting = plural(closed, "réponse d’aujourd’hui", "réponses d’aujourd’hui")
        said.append(("Pas encore lisibles", f"{waiting} : demain, ou dès que cinq attendent"))
    return Selection(found, wanted, said, today())


def _chosen(value: str, campaigns: Sequence[NamedCampaign]) -> set[UUID]:
    if value.startswith(EVERY):
        name = value.removeprefix(EVERY)
        return {one.id for one in campaigns if one.questionnaire == name}
    return {one.id for one in campaigns if str(one.id) == value}


def _slug(form: ExportForm, campaigns: Sequence[NamedCampaign]) -> str:
    """Return the questionnaire's name as a file has it."""
    ids = _chosen(form.campagne.data, campaigns)
    return next(one.questionnaire for one in campaigns if one.id in ids).replace("_", "-")


def _place(campaign: Campaign) -> str:
    return " · ".join(filter(None, (campaign.lieu.name, campaign.action)))
