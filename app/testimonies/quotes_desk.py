"""Pages of the desk: cutting a quote, the quotes of the structure, where each was shown."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from flask import Response, abort, flash, jsonify, redirect, render_template, request, url_for

from app.organisations.access import note_mine
from app.organisations.guard import reserved_to
from app.organisations.queries import lieux
from app.organisations.roles import TEAM
from app.organisations.sessions import current_member, current_reach
from app.testimonies.cutting import LONGEST, CutError, Stretch, excerpt, stretches
from app.testimonies.labels import LABELS
from app.testimonies.masking import digest_of
from app.testimonies.models import Quote
from app.testimonies.publications import PLACES, UseError, note_use
from app.testimonies.queries import find
from app.testimonies.quote_filters import groups, paged, read_chosen
from app.testimonies.quote_forms import UseForm
from app.testimonies.quotes import (
    ShownQuote,
    cut,
    find_quote,
    masked_text,
    quotes,
    refuse_unless_quotable,
    remove,
    suggested,
)
from app.web.current import database, keys, today

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from flask import Blueprint
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

    from app.testimonies.models import Testimony
    from config import Keys


def routes(parent: Blueprint) -> None:
    """Add the pages of quotes to the desk."""
    both, one = ["GET", "POST"], "/temoignages/citations/<uuid:quote_id>"
    cutting = "/temoignages/<uuid:testimony_id>/citation"
    parent.add_url_rule(cutting, view_func=citer, methods=both)
    parent.add_url_rule(f"{cutting}/apercu", view_func=apercu_citation)
    parent.add_url_rule("/temoignages/citations", view_func=citations)
    parent.add_url_rule(f"{one}/utilisation", view_func=noter_utilisation, methods=both)
    parent.add_url_rule(f"{one}/effacer", view_func=effacer_citation, methods=both)


def quote_context(
    session: Session, keys: Keys, testimony: Testimony, today: date, problem: str = ""
) -> dict[str, Any]:
    """Return what `testimonies/citation.html` shows of one testimony."""
    text = masked_text(session, keys, testimony.id)
    try:
        refuse_unless_quotable(session, testimony, text, today)
        closed = ""
    except CutError as reason:
        closed = str(reason)
    return {
        "testimony_id": testimony.id,
        "quotable": text,
        "quote_closed": closed,
        "quote_problem": problem,
        "quote_mark": digest_of(text),
        "quote_parts": [(f"{one.start}-{one.end}", text[one.start : one.end])
                        for one in stretches(text)],
        "quote_ticked": request.form.getlist("morceau"),
        "quote_criterion": request.form.get("critere") or suggested(session, testimony.id),
        "quotes_kept": quotes(
            session, keys, current_reach(), today, Quote.testimony_id == testimony.id
        ),
        "LABELS": LABELS,
        "LONGEST": LONGEST,
    }  # fmt: skip


@reserved_to(*TEAM)
def citer(testimony_id: UUID) -> str | tuple[str, int] | AnyResponse:
    """Show what may be quoted of a testimony; keep what was chosen of it."""
    if request.method != "POST":
        with database().reading() as session:
            return _cutting_page(session, _mine(session, testimony_id))
    try:
        with database().writing() as session:
            testimony = _mine(session, testimony_id)
            chosen = _chosen(masked_text(session, keys(), testimony.id))
            criterion, member = request.form.get("critere", ""), current_member()
            cut(session, keys(), testimony, chosen, criterion, member.id, today())
            note_mine(session, "quoted", "une citation gardée")
    except CutError as error:
        with database().reading() as session:
            return _cutting_page(session, _mine(session, testimony_id), str(error)), 422
    flash("La citation est gardée.")
    # An address without a part would keep that of the form: what was done is said at the top.
    page = url_for("espace.temoignage", testimony_id=testimony_id, _anchor="contenu")
    return redirect(page, 303)


@reserved_to(*TEAM)
def apercu_citation(testimony_id: UUID) -> Response:
    """Say what a choice of passages gives: asked by our script at each change."""
    with database().reading() as session:
        text = masked_text(session, keys(), _mine(session, testimony_id).id)
    try:
        said = excerpt(text, _chosen(text))
    except CutError as error:
        return jsonify(text="", size=0, problem=str(error))
    return jsonify(text=said, size=len(said), problem="")


@reserved_to(*TEAM)
def citations() -> str:
    """Show the quotes by critère, what each may be used for, and where it was."""
    reach, day = current_reach(), today()
    with database().reading() as session:
        places = lieux(session, reach)
        asked = read_chosen(request.args, [place.id for place in places]) or abort(404)
        found = quotes(session, keys(), reach, day, *asked.conditions())
        shown = [one for one in found if asked.takes(one)]
        has_any = bool(found) or (asked.is_narrow and bool(quotes(session, keys(), reach, day)))
    listed, pages = paged(shown, asked.page)
    return render_template(
        "testimonies/citations.html",
        asked=asked,
        has_any=has_any,
        page=min(asked.page, pages),
        pages=pages,
        groups=groups([one for one in listed if not one.is_partner]),
        partner_groups=groups([one for one in listed if one.is_partner]),
        lacks_snag=bool(shown) and not any(one.is_snag for one in shown),
        lieux=places,
        LABELS=LABELS,
        PLACES=PLACES,
    )


@reserved_to(*TEAM)
def noter_utilisation(quote_id: UUID) -> str | tuple[str, int] | AnyResponse:
    """Note where a quote is shown, so that it can be taken down one day."""
    with database().reading() as session:
        quote = _quote(session, quote_id)
    form = UseForm(data={"jour": today()})
    form.offer(quote)
    if request.method != "POST":
        return render_template("testimonies/utilisation.html", form=form, quote=quote)
    if not form.validate():
        return render_template("testimonies/utilisation.html", form=form, quote=quote), 422
    try:
        with database().writing() as session:
            quote, member = _quote(session, quote_id), current_member()
            place, day = form.ou.data, form.jour.data
            note_use(session, quote, form.usage.data, place, day, member.id)
            note_mine(session, "quoted", "une citation utilisée")
    except UseError as error:  # taken back while the page was open
        form.usage.errors = [str(error)]
        return render_template("testimonies/utilisation.html", form=form, quote=quote), 422
    flash("C’est noté au registre.")
    return redirect(url_for("espace.publications_notees"), 303)


@reserved_to(*TEAM)
def effacer_citation(quote_id: UUID) -> str | AnyResponse:
    """Ask once more, then delete a quote; the testimony stays."""
    if request.method != "POST":
        with database().reading() as session:
            quote = _quote(session, quote_id)
        return render_template("testimonies/citation_effacer.html", quote=quote)
    with database().writing() as session:
        remove(session, _quote(session, quote_id).id)
        note_mine(session, "quoted", "une citation effacée")
    flash("La citation est effacée. Le témoignage reste.")
    return redirect(url_for("espace.citations"), 303)


def _cutting_page(session: Session, testimony: Testimony, problem: str = "") -> str:
    context = quote_context(session, keys(), testimony, today(), problem)
    return render_template("testimonies/citer.html", **context)


def _mine(session: Session, testimony_id: UUID) -> Testimony:
    return find(session, current_reach(), testimony_id, today()) or abort(404)


def _quote(session: Session, quote_id: UUID) -> ShownQuote:
    return find_quote(session, keys(), current_reach(), quote_id, today()) or abort(404)


def _chosen(text: str) -> Sequence[Stretch]:
    """Return the passages of a form or an address; a page that shows an older text is refused."""
    if request.values.get("empreinte", "") != digest_of(text):
        raise CutError("Le texte a changé entre-temps. Choisissez de nouveau.")
    chosen = []
    for typed in request.values.getlist("morceau"):
        start, dash, end = typed.partition("-")
        if not (dash and all(one.isascii() and one.isdecimal() for one in (start, end))):
            raise CutError("Choisissez au moins une phrase.")
        chosen.append(Stretch(int(start[:6]), int(end[:6])))
    return chosen
