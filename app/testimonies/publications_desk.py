"""Pages of the desk: the register of publications, and what must come down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, request, url_for

from app.organisations.access import note_mine
from app.organisations.guard import reserved_to
from app.organisations.roles import TEAM
from app.organisations.sessions import current_member, current_reach
from app.testimonies.publications import PLACES, find_use, publications, settle
from app.web.current import database, today

if TYPE_CHECKING:
    from uuid import UUID

    from flask import Blueprint
    from werkzeug.wrappers import Response as AnyResponse


def routes(parent: Blueprint) -> None:
    """Add the register to the desk."""
    one = "/temoignages/publications/<uuid:use_id>/retiree"
    parent.add_url_rule("/temoignages/publications", view_func=publications_notees)
    parent.add_url_rule(one, view_func=regler_publication, methods=["POST"])


@reserved_to(*TEAM)
def publications_notees() -> str:
    """Show where words are shown, what must come down on top."""
    with database().reading() as session:
        shown = publications(session, current_reach(), current_member(), today())
    return render_template(
        "testimonies/publications.html",
        waiting=[one for one in shown if one.must_come_down],
        others=[one for one in shown if not one.must_come_down],
        PLACES=PLACES,
    )


@reserved_to(*TEAM)
def regler_publication(use_id: UUID) -> AnyResponse:
    """Note that a quote came down, or that it is printed and cannot."""
    is_printed = request.form.get("fin") == "imprime"
    with database().writing() as session:
        found = find_use(session, current_reach(), current_member(), use_id) or abort(404)
        settle(found, today(), is_printed=is_printed)
        note_mine(session, "quoted", f"{found.place}, {'imprimé' if is_printed else 'retiré'}")
    flash("C’est noté : ce qui est imprimé reste." if is_printed else "C’est noté : retiré.")
    return redirect(url_for("espace.publications_notees"), 303)
