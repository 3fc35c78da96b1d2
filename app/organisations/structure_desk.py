"""Réglages, Structure: its name and contact, its logo, the thresholds of its figures."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response, abort, flash, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.organisations import actions, queries
from app.organisations.access import note_mine
from app.organisations.guard import receives, reserved_to
from app.organisations.models import Logo, Organisation
from app.organisations.roles import RESPONSABLE, TEAM
from app.organisations.sessions import current_organisation_id
from app.organisations.settings_forms import LogoForm, StructureForm
from app.scoring import Thresholds
from app.web.current import database
from app.web.images import LARGEST_FILE, PictureError, redraw

PAGE = "/espace/reglages/structure"
#: Side of the square that a logo is drawn within, in pixels: sharp on a poster.
LONGEST_SIDE = 600
#: A file at its heaviest, and the form around it.
_BODY = LARGEST_FILE + 64 * 1024
THRESHOLDS = tuple(asdict(Thresholds()))


def routes(parent: Blueprint) -> None:
    """Add the pages of the structure."""
    both, post = ["GET", "POST"], ["POST"]
    parent.add_url_rule("/reglages/structure", view_func=structure, methods=both)
    parent.add_url_rule("/reglages/structure/logo", view_func=deposer_logo, methods=post)
    parent.add_url_rule("/reglages/structure/logo/retirer", view_func=retirer_logo, methods=post)
    parent.add_url_rule("/reglages/logo.png", view_func=logo)


@reserved_to(RESPONSABLE)
def structure() -> str | tuple[str, int] | AnyResponse:
    """Show the name, the contact and the thresholds, and write them."""
    if request.method != "POST":
        return _page(_usual())
    form = StructureForm()
    if not form.validate():
        return _page(form), 422
    former = _save(form)
    flash("Les réglages de la structure sont enregistrés.")
    if former:
        flash(f"La notice dit encore « {former} ». Relisez-la dans l’onglet Notice.", "alerte")
    return redirect(PAGE, 303)


@reserved_to(RESPONSABLE)
@receives(_BODY)
def deposer_logo() -> str | tuple[str, int] | AnyResponse:
    """Redraw the picture that was sent, and keep it as the logo."""
    form = LogoForm()
    try:
        picture = redraw(form.logo.data.read() if form.logo.data else b"", LONGEST_SIDE)
    except PictureError as error:
        form.logo.errors = [str(error)]
        return _page(_usual(), form), 422
    with database().writing() as session:
        actions.keep_logo(session, current_organisation_id(), picture)
        note_mine(session, "settings", "logo")
    flash("Le logo est enregistré. Il sera sur vos prochaines affiches.")
    return redirect(f"{PAGE}#le-logo", 303)


@reserved_to(RESPONSABLE)
def retirer_logo() -> AnyResponse:
    """Take the logo away."""
    with database().writing() as session:
        actions.remove_logo(session, current_organisation_id())
        note_mine(session, "settings", "logo")
    flash("Le logo est retiré.")
    return redirect(f"{PAGE}#le-logo", 303)


@reserved_to(*TEAM)
def logo() -> Response:
    """Send the logo, as a file that nothing opens as a page."""
    with database().reading() as session:
        found = queries.logo_of(session, current_organisation_id())
    if found is None:
        abort(404)
    attached = {"Content-Disposition": 'attachment; filename="logo.png"'}
    return Response(found.image, mimetype="image/png", headers=attached)


def _read() -> tuple[Organisation, Thresholds, Logo | None]:
    with database().reading() as session:
        mine = current_organisation_id()
        return (
            queries.organisation(session, mine),
            queries.thresholds_of(session, mine),
            queries.logo_of(session, mine),
        )


def _usual() -> StructureForm:
    """Return the form as things stand, whatever was sent to another address."""
    organisation, thresholds, _ = _read()
    usual = {"name": organisation.name, "contact": organisation.contact, **asdict(thresholds)}
    return StructureForm(formdata=None, data=usual)


def _page(form: StructureForm, logo_form: LogoForm | None = None) -> str:
    return render_template(
        "organisations/structure.html",
        form=form,
        logo_form=logo_form or LogoForm(formdata=None),
        logo=_read()[2],
        floors=asdict(Thresholds()),
        thresholds=THRESHOLDS,
    )


def _save(form: StructureForm) -> str:
    """Write what changed; return the former name when the notice still says it."""
    wanted = Thresholds(**{name: form[name].data for name in THRESHOLDS})
    with database().writing() as session:
        mine = current_organisation_id()
        organisation, former = queries.organisation(session, mine), ""
        if (organisation.name, organisation.contact) != (form.name.data, form.contact.data):
            former = organisation.name if organisation.name != form.name.data else ""
            actions.describe(session, mine, form.name.data, form.contact.data)
            note_mine(session, "settings", "structure")
        if wanted != queries.thresholds_of(session, mine):
            actions.raise_thresholds(session, mine, wanted)
            note_mine(session, "settings", "seuils")
        notice = queries.current_notice(session, mine)
    said = (notice.readers, notice.recipients, notice.rights_contact)
    return former if former and any(former in text for text in said) else ""
