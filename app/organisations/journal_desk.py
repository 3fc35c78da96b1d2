"""Réglages → Journal: who did what, when, as far as it is noted."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template, request

from app.organisations import access, queries
from app.organisations.access import ACTS
from app.organisations.guard import reserved_to
from app.organisations.roles import RESPONSABLE
from app.organisations.sessions import current_organisation_id
from app.web.current import database


def routes(parent: Blueprint) -> None:
    """Add the journal."""
    parent.add_url_rule("/reglages/journal", view_func=journal)


@reserved_to(RESPONSABLE)
def journal() -> str:
    """Show the access journal, the latest first, by person and by act."""
    organisation_id = current_organisation_id()
    act = request.args.get("geste", "")
    page = request.args.get("page", "1")
    with database().reading() as session:
        shown = access.read(
            session,
            organisation_id,
            person_id=_uuid(request.args.get("personne", "")),
            act=act if act in ACTS else "",
            page=int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else 1,
        )
        return render_template(
            "organisations/journal.html",
            shown=shown,
            acts=ACTS,
            months=queries.organisation(session, organisation_id).journal_months,
        )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
