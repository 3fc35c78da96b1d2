"""Page of the desk: a médiateur writes down what a person dictates, and hands over the slip."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Response, abort, make_response, render_template, request

from app.organisations.access import note_mine
from app.organisations.guard import reserved_to
from app.organisations.queries import current_notice, lieux, organisation
from app.organisations.roles import TEAM
from app.organisations.sessions import current_member, current_reach
from app.testimonies.actions import keep
from app.testimonies.asking import CAPACITY, FRENCH, asked, asked_capacity, sayer
from app.testimonies.consents import ends_on
from app.testimonies.noter_forms import DictatedForm, dictated_form
from app.testimonies.slips import slip
from app.testimonies.submission import LONGEST_TEXT, Told
from app.web.current import database, keys, library, settings, today
from app.web.outage import OUTAGES, RETRY_AFTER, status_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Blueprint

    from app.organisations.models import Lieu, Notice, Organisation
    from app.testimonies.submission import Kept

_PROBLEMS = {
    "conflict": "Un autre témoignage a déjà été envoyé avec cette page. Celui-ci n’est pas encore "
    "gardé : relisez-le, puis touchez encore « Garder ce témoignage ».",
    "pause": "Le service fait une courte pause. Rien n’est perdu : attendez un instant, puis "
    "touchez encore « Garder ce témoignage ».",
    "erased": "Ce témoignage a été effacé avec son code. Pour le garder de nouveau, demandez "
    "encore à la personne, puis touchez « Garder ce témoignage ».",
}


def routes(parent: Blueprint) -> None:
    """Add the page where a testimony is dictated."""
    parent.add_url_rule("/temoignages/noter", view_func=noter, methods=["GET", "POST"])


@reserved_to(*TEAM)
def noter() -> Response:
    """Ask what the person says and each consent, keep them, then show the slip to print."""
    reach = current_reach()
    with database().reading() as session:
        places = lieux(session, reach)
        notice = current_notice(session, reach.organisation_id)
        mine = organisation(session, reach.organisation_id)
    form = _form(notice)
    form.offer(places)
    if request.method != "POST":
        return _page(form)
    if form.lieu.data and form.lieu.data not in {str(place.id) for place in places}:
        abort(404)
    if not form.validate():
        return _page(form, 422)
    told = _told(form, mine.id)
    try:
        with database().writing() as session:
            kept = keep(session, keys(), told)
            if kept.kind == "kept":
                note_mine(session, "noted")
    except OUTAGES as trouble:
        return _paused(form, status_of(trouble))
    if kept.receipt is None:
        return _again(form, kept)
    return _slip_page(form, told, kept, mine, places)


def _form(notice: Notice) -> DictatedForm:
    words = library().interface(FRENCH)
    questions = asked(words, notice.readers, today())
    return dictated_form(questions, asked_capacity(words), data={"key": new_key()})


def new_key() -> str:
    """Return the key of one form: sent twice, it is one testimony."""
    return secrets.token_urlsafe(16)


def _told(form: DictatedForm, organisation_id: UUID) -> Told:
    return Told(
        organisation_id=organisation_id,
        lieu_id=UUID(form.lieu.data),
        origin="dictee",
        key=(form.key.data or new_key())[:64],
        day=today(),
        language=FRENCH,
        text=form.texte.data,
        choices=form.choices,
        signature=form.prenom.data or "",
        capacity=form[CAPACITY].data or None,
        age_band=form.age.data or None,
        written_by=current_member().id,
    )


def _page(form: DictatedForm, status: int = 200) -> Response:
    page = render_template(
        "testimonies/noter.html", form=form, capacity=form[CAPACITY], LONGEST=LONGEST_TEXT
    )
    return _never_kept(page, status)


def _slip_page(
    form: DictatedForm, told: Told, kept: Kept, mine: Organisation, places: Sequence[Lieu]
) -> Response:
    words = library().interface(FRENCH)
    written = slip(
        words,
        form.questions,
        dict(told.chosen),
        code=kept.receipt or "",
        organisation=mine.name,
        lieu=next(place.name for place in places if place.id == told.lieu_id),
        day=told.day,
        expires_on=ends_on(told.chosen.get("duree"), told.day),
        capacity=told.capacity,
        signature=told.signature,
    )
    address = f"{settings().base_url.rstrip('/')}/recu"
    page = render_template(
        "testimonies/recu_papier.html",
        slip=written,
        say=sayer(words),
        address=address.partition("://")[2] or address,
        testimony_id=kept.testimony_id,
    )
    return _never_kept(page, 200)


def _again(form: DictatedForm, kept: Kept) -> Response:
    """Show what was typed under a new key: this one has another testimony, or an erased one."""
    form.key.data = new_key()
    form.form_errors.append(_PROBLEMS[kept.kind])
    return _page(form, 409 if kept.kind == "conflict" else 410)


def _paused(form: DictatedForm, status: int) -> Response:
    """Show what was typed when the store is full or locked: it may be sent again in a moment."""
    form.form_errors.append(_PROBLEMS["pause"])
    response = _page(form, status)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _never_kept(page: str, status: int) -> Response:
    """Return a page that no cache keeps: it shows words, or the code."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response
