"""The two buttons of a visit: see the demonstration, come back to one's structure."""

from __future__ import annotations

from flask import Blueprint, flash, redirect
from werkzeug.wrappers import Response

from app.organisations import visiting
from app.organisations.guard import reserved_to
from app.organisations.roles import TEAM


def routes(parent: Blueprint) -> None:
    """Add the way there and the way back."""
    parent.add_url_rule("/demonstration", view_func=demonstration, methods=["POST"])
    parent.add_url_rule(
        "/demonstration/quitter", view_func=quitter_la_demonstration, methods=["POST"]
    )


@reserved_to(*TEAM)
def demonstration() -> Response:
    """Show the desk of a structure whose answers are invented."""
    visiting.visit()
    return redirect("/espace", 303)


@reserved_to(*TEAM)
def quitter_la_demonstration() -> Response:
    """Lead the visitor back to their own structure."""
    if visiting.is_visiting() and not visiting.come_back():
        flash("Votre session est fermée. Connectez-vous.")
        return redirect("/espace/connexion", 303)
    return redirect("/espace", 303)
