"""The desk page of the objectives of the mission, and of the figure that can tell of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for

from app.bilan.drafting import (
    OBJECTIVE,
    OBJECTIVES,
    ChangedError,
    Objective,
    SealedError,
    set_objectives,
)
from app.bilan.figures import live
from app.bilan.forms import read_objectives
from app.bilan.looking import held, mine, named, note_writing
from app.bilan.queries import objectives_of, seal_of
from app.indicators.looking import fold_first
from app.organisations.guard import reserved_to
from app.organisations.roles import TEAM
from app.organisations.sessions import current_reach
from app.web.current import database, today

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from flask import Blueprint
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response

    from app.bilan.models import Bilan

#: Rows shown empty, beside those that are written.
SPARE = 2
#: Rows shown at least.
FIRST = 3


def routes(parent: Blueprint) -> None:
    """Add the page of objectives."""
    address = "/bilan/<uuid:bilan_id>/objectifs"
    parent.add_url_rule(address, view_func=objectifs, methods=["GET", "POST"])


@reserved_to(*TEAM)
def objectifs(bilan_id: UUID) -> str | tuple[str, int] | Response:
    """Show the objectives of the mission; write them."""
    fold_first()
    with database().reading() as session:
        bilan = mine(session, bilan_id)
        offered = measurable(session, bilan)
        if request.method != "POST":
            if seal_of(session, bilan_id) is not None:
                flash(str(SealedError()), "alerte")
                return redirect(url_for("espace.composer", bilan_id=bilan_id), 303)
            kept = [
                Objective(one.words, one.indicator, one.target)
                for one in objectives_of(session, bilan_id)
            ]
            return _page(session, bilan, offered, kept)
    typed, problems = read_objectives(request.form, offered)
    if problems:
        with database().reading() as session:
            return _page(session, mine(session, bilan_id), offered, typed, problems), 422
    number = request.form.get("revision", "")
    revision = int(number[:9]) if number.isascii() and number.isdecimal() else 0
    try:
        with database().writing() as session:
            bilan = held(session, bilan_id)
            set_objectives(session, bilan, typed, revision=revision)
            note_writing(session, bilan)
    except (ChangedError, SealedError) as error:
        with database().reading() as session:
            bilan = mine(session, bilan_id)
            return _page(session, bilan, offered, typed, {}, str(error)), 409
    flash("Les objectifs sont enregistrés\u00a0: chacun est mis en face de son résultat.")
    return redirect(url_for("espace.composer", bilan_id=bilan_id, _anchor="objectifs"), 303)


def measurable(session: Session, bilan: Bilan) -> Mapping[str, str]:
    """Return the indicators that somebody answered, with their titles."""
    told = live(session, current_reach(), bilan, today()).told
    found = (one.measured.figure.measure.indicator for one in told)
    return {one.id: one.title.fr for one in found}


def _page(
    session: Session,
    bilan: Bilan,
    offered: Mapping[str, str],
    written: Sequence[Objective],
    problems: Mapping[int, str] | None = None,
    changed: str = "",
) -> str:
    rows = [one for one in written if one.words or one.indicator or one.target or problems]
    empty = [Objective("")] * min(max(SPARE, FIRST - len(rows)), OBJECTIVES - len(rows))
    return render_template(
        "bilan/objectifs.html",
        **named(session, bilan),
        rows=[*rows, *empty],
        offered=offered,
        problems=problems or {},
        changed=changed,
        typed=request.form,
        LONGEST=OBJECTIVE,
        MOST=OBJECTIVES,
    )
