"""Réglages, Données: what is kept how long, what the next purge deletes, the register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, render_template

from app.organisations.guard import reserved_to
from app.organisations.notice import kept_until
from app.organisations.queries import current_notice, organisation
from app.organisations.roles import RESPONSABLE
from app.organisations.sessions import current_organisation_id
from app.responses import retention
from app.responses.keeping import upstairs
from app.responses.register import register, security_of
from app.web.current import database, settings, today

if TYPE_CHECKING:
    from flask import Blueprint

#: Proofs shown: the latest.
PROOFS = 50


def routes(parent: Blueprint) -> None:
    """Add the page of data, and the register to download."""
    parent.add_url_rule("/reglages/donnees", view_func=donnees)
    parent.add_url_rule("/reglages/registre.md", view_func=registre)


@reserved_to(RESPONSABLE)
def donnees() -> str:
    """Show what is kept, what the next purge deletes, what past ones deleted, and the register."""
    mine, day = current_organisation_id(), today()
    with database().reading() as session:
        notice = current_notice(session, mine)
        proofs = retention.proofs(session, mine, PROOFS)
        return render_template(
            "responses/donnees.html",
            notice=notice,
            until=kept_until(notice, day),
            journal_months=organisation(session, mine).journal_months,
            due=retention.due(session, mine, day, upstairs().keepers),
            categories=upstairs().labels,
            window=retention.LINKING_WINDOW.days,
            proofs=proofs,
            security=security_of(settings()),
            register=register(session, settings(), mine, day),
        )


@reserved_to(RESPONSABLE)
def registre() -> Response:
    """Send the register of the structure as a file."""
    with database().reading() as session:
        text = register(session, settings(), current_organisation_id(), today())
    response = Response(text, mimetype="text/markdown")
    response.headers["Content-Disposition"] = 'attachment; filename="registre.md"'
    return response
