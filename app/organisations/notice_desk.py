"""Réglages, Notice: what people are told before they answer, and how long things are kept."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app.organisations import actions, queries
from app.organisations.access import note_mine
from app.organisations.guard import reserved_to
from app.organisations.models import Notice, Organisation
from app.organisations.notice import LONGEST_PURPOSE, LONGEST_READERS, LONGEST_TEXT, kept_until
from app.organisations.roles import RESPONSABLE
from app.organisations.sessions import current_organisation_id
from app.organisations.settings_forms import NoticeForm
from app.organisations.views import inside
from app.web.current import database, library, today

PAGE = "/espace/reglages/notice"
FIELDS = (
    "readers",
    "purpose",
    "rights_contact",
    "legal_basis",
    "recipients",
    "retention_years",
)
#: Longest text of each field that is typed, in the order of the page.
LONGEST = {
    "readers": LONGEST_READERS,
    "purpose": LONGEST_PURPOSE,
    "rights_contact": LONGEST_TEXT,
    "legal_basis": LONGEST_TEXT,
    "recipients": LONGEST_TEXT,
}


def routes(parent: Blueprint) -> None:
    """Add the page of the notice, and lead to it from Réglages."""
    parent.add_url_rule("/reglages", view_func=reglages)
    parent.add_url_rule("/reglages/notice", view_func=notice, methods=["GET", "POST"])


@reserved_to(RESPONSABLE)
def reglages() -> Response:
    """Lead to the first tab."""
    return redirect(PAGE)


@reserved_to(RESPONSABLE)
def notice() -> str | tuple[str, int] | Response:
    """Show the sentences of the notice, already filled; read, mend and confirm them."""
    with database().reading() as session:
        organisation = queries.organisation(session, current_organisation_id())
        current = queries.current_notice(session, organisation.id)
    usual = {name: getattr(current, name) for name in FIELDS}
    form = NoticeForm(data={**usual, "journal_months": organisation.journal_months})
    if request.method != "POST":
        return _page(form, organisation, current)
    if not form.validate():
        return _page(form, organisation, current), 422
    _save(form)
    flash("La notice est enregistrée. Elle est prête pour vos campagnes.")
    following = request.args.get("suite")
    return redirect(inside(following) if following else PAGE, 303)


def _page(form: NoticeForm, organisation: Organisation, current: Notice) -> str:
    words = library().interface("fr")
    years = {choice: kept_until(Notice(retention_years=choice), today()) for choice in range(4)}
    return render_template(
        "organisations/notice.html",
        form=form,
        organisation=organisation,
        current=current,
        longest=LONGEST,
        filled=sum(bool((form[name].data or "").strip()) for name in LONGEST),
        until=years,
        kept=years.get(form.retention_years.data, kept_until(current, today())),
        year=today().year,
        say=words,
    )


def _save(form: NoticeForm) -> None:
    with database().writing() as session:
        organisation = queries.organisation(session, current_organisation_id())
        current = queries.current_notice(session, organisation.id)
        changed: dict[str, Any] = {
            name: form[name].data for name in FIELDS if form[name].data != getattr(current, name)
        }
        if changed:
            actions.revise_notice(session, organisation.id, **changed)
        if changed or current.confirmed_on is None:
            actions.confirm_notice(session, organisation.id, today())
            note_mine(session, "notice")
        months = form.journal_months.data
        if months != organisation.journal_months:
            actions.keep_journal(session, organisation.id, months)
            note_mine(session, "settings", f"durée du journal : {months} mois")
