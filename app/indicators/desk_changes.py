"""The page on which a responsable declares a change of question without effect (rule 14)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.indicators.declaring import (
    LONGEST_REASON,
    SHORTEST_REASON,
    Break,
    breaks,
    declarations,
    declare,
    take_back,
)
from app.indicators.looking import looked_at
from app.indicators.queries import measured
from app.organisations.access import note_mine
from app.organisations.guard import reserved_to
from app.organisations.people import team_of
from app.organisations.roles import RESPONSABLE
from app.organisations.sessions import current_member, current_reach
from app.questionnaires.kinds import clean
from app.web.current import database, library, today

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

TOO_SHORT = (
    "Dites en quelques mots pourquoi ce changement n’a pas d’effet, par exemple\u00a0: "
    "une virgule ajoutée."
)
TOO_LONG = f"Raccourcissez cette raison\u00a0: {LONGEST_REASON} signes au plus."


def routes(parent: Blueprint) -> None:
    """Add the page and its two forms."""
    parent.add_url_rule("/indicateurs/changements", view_func=changements)
    parent.add_url_rule("/indicateurs/changements", view_func=declarer_sans_effet, methods=["POST"])


@reserved_to(RESPONSABLE)
def changements() -> str:
    """Show the series that stop, with the words of then and now, and what was declared."""
    return _page()


@reserved_to(RESPONSABLE)
def declarer_sans_effet() -> Response | tuple[str, int]:
    """Declare one change without effect, or take a declaration back."""
    later, reason = request.form.get("question", ""), clean(request.form.get("raison", ""))
    if request.form.get("reprendre"):
        return _take_back(later)
    problem = "" if len(reason) >= SHORTEST_REASON else TOO_SHORT
    problem = TOO_LONG if len(reason) > LONGEST_REASON else problem
    if problem:
        return _page(problem, later, reason), 422
    organisation_id = current_reach().organisation_id
    with database().writing() as session:
        found = next((one for one in _breaks(session) if one.now.measure.key == later), None)
        if found is None:
            abort(404)
        declare(session, organisation_id, found, reason, current_member().id, today())
        note_mine(session, "declared", found.now.measure.indicator.title.fr)
    flash("C’est noté\u00a0: les deux périodes se comparent, et chaque comparaison le dit.")
    return redirect(_here(), 303)


def _take_back(later: str) -> Response:
    with database().writing() as session:
        if not take_back(session, current_reach().organisation_id, later):
            abort(404)
        note_mine(session, "declared")
    flash("La déclaration est reprise\u00a0: la série s’arrête de nouveau.")
    return redirect(_here(), 303)


def _here() -> str:
    return f"{url_for('espace.changements')}?{request.query_string.decode('latin-1')}"


def _breaks(session: Session) -> list[Break]:
    looked = looked_at(session)
    found = measured(looked.sums(session), looked.thresholds)
    return breaks(looked.comparison(session), found)


def _page(problem: str = "", later: str = "", reason: str = "") -> str:
    reach = current_reach()
    with database().reading() as session:
        found = _breaks(session)
        declared = declarations(session, reach.organisation_id)
        names = {one.person.id: one.name for one in team_of(session, reach.organisation_id)}
        query = looked_at(session).selection.query
    titles = {
        indicator.id: indicator.title.fr
        for questionnaire in library().questionnaires.values()
        for indicator in questionnaire.indicators.values()
    }
    return render_template(
        "indicators/changements.html",
        breaks=found,
        declared=declared,
        names=names,
        titles=titles,
        query=query,
        problem=problem,
        later=later,
        reason=reason,
        LONGEST_REASON=LONGEST_REASON,
    )
