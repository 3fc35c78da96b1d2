"""Pages of the desk that keep the list: add a partner, change it, paste a whole list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, request, url_for

from app.db import ERASED
from app.organisations.access import note_mine
from app.organisations.guard import reserved_to
from app.organisations.roles import TEAM
from app.organisations.sessions import current_organisation_id
from app.partners import actions, queries
from app.partners.actions import PartnerError
from app.partners.forms import ListForm, PartnerForm
from app.partners.importing import Reading, read_list
from app.partners.types import type_names
from app.web.current import database, library, today
from app.web.typography import plural

if TYPE_CHECKING:
    from uuid import UUID

    from flask import Blueprint
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response

    from app.partners.models import Partner

_LIST, _ONE = "espace.partenaires", "espace.partenaire"


def routes(parent: Blueprint) -> None:
    """Add the pages that write the list."""
    every, one, both = "/partenaires", "/partenaires/<uuid:partner_id>", ["GET", "POST"]
    parent.add_url_rule(f"{every}/nouveau", view_func=nouveau_partenaire, methods=both)
    parent.add_url_rule(f"{every}/importer", view_func=importer_partenaires, methods=both)
    parent.add_url_rule(f"{one}/modifier", view_func=modifier_partenaire, methods=both)
    parent.add_url_rule(f"{one}/archiver", view_func=archiver_partenaire, methods=["POST"])
    parent.add_url_rule(f"{one}/supprimer", view_func=supprimer_partenaire, methods=both)


@reserved_to(*TEAM)
def nouveau_partenaire() -> str | tuple[str, int] | Response:
    """Add one partner."""
    form = _form()
    if request.method != "POST":
        return _form_page(form, None)
    if not form.validate():
        return _form_page(form, None), 422
    try:
        with database().writing() as session:
            partner = actions.add_partner(
                session,
                current_organisation_id(),
                form.name.data,
                form.kind.data,
                contact_name=form.contact_name.data or "",
                email=form.email.data or "",
                today=today(),
            )
            note_mine(session, "partners", partner.name)
            partner_id = partner.id
    except PartnerError as error:
        form.name.errors = [str(error)]
        return _form_page(form, None), 422
    flash("Le partenaire est dans la liste.")
    return redirect(url_for(_ONE, partner_id=partner_id), 303)


@reserved_to(*TEAM)
def modifier_partenaire(partner_id: UUID) -> str | tuple[str, int] | Response:
    """Change what is known of a partner."""
    with database().reading() as session:
        partner = mine(session, partner_id)
    form = _form(partner)
    if request.method != "POST":
        return _form_page(form, partner)
    if not form.validate():
        return _form_page(form, partner), 422
    try:
        with database().writing() as session:
            changed = mine(session, partner_id)
            said = (form.contact_name.data or "", form.email.data or "")
            actions.change_partner(session, changed, form.name.data, form.kind.data, *said)
            note_mine(session, "partners", changed.name)
    except PartnerError as error:
        form.name.errors = [str(error)]
        return _form_page(form, partner), 422
    flash("C’est enregistré.")
    return redirect(url_for(_ONE, partner_id=partner_id), 303)


@reserved_to(*TEAM)
def archiver_partenaire(partner_id: UUID) -> Response:
    """Put a partner aside, or back in the list."""
    archived = request.form.get("remettre") != "oui"
    with database().writing() as session:
        partner = mine(session, partner_id)
        actions.archive(session, partner, today(), archived=archived)
        note_mine(session, "partners", partner.name)
    flash(
        "Archivé : vous ne lui écrivez plus. Ce qu’il a dit reste."
        if archived
        else "Le partenaire est de nouveau dans la liste."
    )
    return redirect(url_for(_ONE, partner_id=partner_id), 303)


@reserved_to(*TEAM)
def supprimer_partenaire(partner_id: UUID) -> str | Response:
    """Ask once more, then take a partner away, or only its contact when it was asked."""
    if request.method != "POST":
        with database().reading() as session:
            return render_template("partners/supprimer.html", partner=mine(session, partner_id))
    with database().writing() as session:
        partner = mine(session, partner_id)
        note_mine(session, "partners", partner.name)
        is_gone = actions.remove(session, partner, today())
        session.info[ERASED] = True
    flash("Supprimé." if is_gone else "Le contact est supprimé. Ce qu’il a dit reste.")
    return redirect(url_for(_LIST) if is_gone else url_for(_ONE, partner_id=partner_id), 303)


@reserved_to(*TEAM)
def importer_partenaires() -> str | tuple[str, int] | Response:
    """Add the partners of a pasted list, and say what was left aside."""
    form = ListForm()
    if request.method != "POST":
        return render_template("partners/importer.html", form=form, reading=None)
    if not form.validate():
        return render_template("partners/importer.html", form=form, reading=None), 422
    with database().writing() as session:
        reading = _add_all(session, form.lines.data)
    if not reading.refused:
        flash(_told(reading))
        return redirect(url_for(_LIST), 303)
    # What is to mend stays in the box; what was read is in the list already.
    form.lines.process_data("\n".join(line for line, _ in reading.refused))
    page = render_template("partners/importer.html", form=form, reading=reading)
    return page, 200 if reading.found else 422


def mine(session: Session, partner_id: UUID) -> Partner:
    """Return a partner of this structure; another's is unknown."""
    return queries.partner_of(session, current_organisation_id(), partner_id) or abort(404)


def _add_all(session: Session, pasted: str) -> Reading:
    organisation_id = current_organisation_id()
    known = [one.name for one in queries.partners_of(session, organisation_id)]
    reading = read_list(pasted, type_names(library()), known)
    for line in reading.found:
        actions.add_partner(
            session,
            organisation_id,
            line.name,
            line.kind,
            contact_name=line.contact_name,
            email=line.email,
            today=today(),
        )
    if reading.found:
        note_mine(session, "partners", plural(len(reading.found), "nouveau", "nouveaux"))
    return reading


def _told(reading: Reading) -> str:
    """Say what became of a list."""
    parts = [f"{plural(len(reading.found), 'partenaire ajouté', 'partenaires ajoutés')}."]
    if reading.known:
        parts.append(f"{plural(len(reading.known), 'était déjà là', 'étaient déjà là')}.")
    unsure = sum(line.is_kind_unknown for line in reading.found)
    if unsure:
        parts.append(f"Vérifiez le type : il manquait pour {plural(unsure, 'ligne')}.")
    return " ".join(parts)


def _form(partner: Partner | None = None) -> PartnerForm:
    known = {}
    if partner is not None:
        known = {
            "name": partner.name,
            "kind": partner.type,
            "contact_name": partner.contact_name,
            "email": partner.email,
        }
    form = PartnerForm(data=known)
    form.offer(type_names(library()))
    return form


def _form_page(form: PartnerForm, partner: Partner | None) -> str:
    return render_template("partners/formulaire.html", form=form, partner=partner)
