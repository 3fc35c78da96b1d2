"""Réglages → Équipe: opening the frozen results to a coordinateur, and closing them again."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.organisations import letters, team
from app.organisations.access import note_mine
from app.organisations.actions import OrganisationError
from app.organisations.forms import PersonForm
from app.organisations.guard import closed_in_visit, reserved_to
from app.organisations.roles import RESPONSABLE
from app.organisations.sessions import current_member, current_organisation_id
from app.web.current import database, keys


def routes(parent: Blueprint) -> None:
    """Add the pages of what is shared."""
    shared = "/reglages/equipe/partage"
    parent.add_url_rule(shared, view_func=partager, methods=["GET", "POST"])
    parent.add_url_rule(
        f"{shared}/<uuid:person_id>/fermer", view_func=fermer_partage, methods=["POST"]
    )


@reserved_to(RESPONSABLE)
@closed_in_visit
def partager() -> str | tuple[str, int] | Response:
    """Open the frozen results to a coordinateur, who is invited when nobody knows them."""
    form, me = PersonForm(), current_member()
    if request.method != "POST":
        return _page(form)
    if not form.validate():
        return _page(form), 422
    organisation_id = current_organisation_id()
    try:
        with database().writing() as session:
            person, token = team.share_with(
                session, keys(), organisation_id, form.email.data, form.name.data
            )
            note_mine(session, "shared", f"{person.email} : partagés")
    except OrganisationError as error:
        form.email.errors = [str(error)]
        return _page(form), 422
    if not token:
        flash(f"C’est partagé : {person.email} voit vos résultats arrêtés dans son espace.")
        return redirect(url_for("espace.equipe"), 303)
    back = (url_for("espace.equipe"), "Revenir à l’équipe")
    return letters.hand_over(person, token, f"{me.name} ({me.organisation})", back, is_private=True)


@reserved_to(RESPONSABLE)
@closed_in_visit
def fermer_partage(person_id: UUID) -> Response:
    """Close the frozen results to a coordinateur, at once."""
    organisation_id = current_organisation_id()
    with database().writing() as session:
        person = team.stop_sharing(session, organisation_id, person_id) or abort(404)
        note_mine(session, "shared", f"{person.email} : plus partagés")
    flash(f"C’est fait : {person.email} ne voit plus vos résultats.")
    return redirect(url_for("espace.equipe"), 303)


def _page(form: PersonForm) -> str:
    return render_template("organisations/partager.html", form=form)
