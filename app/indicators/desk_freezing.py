"""The page where a responsable freezes the closed months, and where the team sees which are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.campaigns.periods import first_day
from app.indicators.freezing import (
    Aftermath,
    FreezingError,
    compare,
    freezable,
    freeze,
    frozen_months,
    who_froze,
)
from app.indicators.models import FrozenMonth
from app.organisations.guard import reserved_to
from app.organisations.roles import RESPONSABLE, TEAM
from app.organisations.sessions import current_member, current_reach
from app.responses.rollups import fold_if_needed
from app.web.current import database, today
from app.web.typography import month, months

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NOT_SURE = "Cochez la case pour arrêter ces mois : leurs chiffres ne changeront plus."


class Frozen(NamedTuple):
    """Be one line of the page."""

    month: FrozenMonth
    #: Who froze it; empty when the person is no longer known.
    by: str
    #: None for who sees some lieux only: it speaks of the whole structure.
    aftermath: Aftermath | None


def routes(parent: Blueprint) -> None:
    """Add the page and its form."""
    parent.add_url_rule("/indicateurs/arreter", view_func=arreter)
    parent.add_url_rule("/indicateurs/arreter", view_func=arreter_les_mois, methods=["POST"])


@reserved_to(*TEAM)
def arreter() -> str:
    """Show which months are frozen, and which may be."""
    return _page()


@reserved_to(RESPONSABLE)
def arreter_les_mois() -> Response | tuple[str, int]:
    """Freeze every closed month up to the one chosen, once the person says they know."""
    organisation_id, chosen = current_reach().organisation_id, request.form.get("mois", "")
    if not request.form.get("certain"):
        return _page(NOT_SURE, chosen), 422
    fold_if_needed(database(), organisation_id)
    with database().reading() as session:
        waiting = freezable(session, organisation_id, today())
    done = [name for name in waiting if name <= chosen] if chosen in waiting else [chosen]
    try:
        for name in done:  # one transaction a month: nobody who answers waits for all of them
            with database().writing() as session:
                freeze(session, organisation_id, name, current_member().id, today())
    except FreezingError as error:
        return _page(str(error), chosen), 422
    period = months(first_day(done[0]), first_day(done[-1]))
    flash(f"C’est fait : {period}. Ces chiffres ne changeront plus.")
    return redirect(url_for("espace.arreter"), 303)


def _page(problem: str = "", chosen: str = "") -> str:
    reach = current_reach()
    fold_if_needed(database(), reach.organisation_id)
    with database().reading() as session:
        waiting = freezable(session, reach.organisation_id, today())
        frozen = _frozen(session)
    return render_template(
        "indicators/arreter.html",
        waiting=[(name, month(first_day(name))) for name in waiting],
        frozen=frozen,
        problem=problem,
        chosen=chosen if chosen in waiting else (waiting or [""])[-1],
        may_freeze=current_member().role == RESPONSABLE,
        first_day=first_day,
    )


def _frozen(session: Session) -> list[Frozen]:
    reach = current_reach()
    found = frozen_months(session, reach.organisation_id)
    names = who_froze(session, reach.organisation_id)
    everywhere = reach.lieux is None
    return [
        Frozen(
            one,
            names.get(one.month, ""),
            compare(session, one) if everywhere else None,
        )
        for one in found
    ]
