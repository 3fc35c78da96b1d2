"""Forms of the desk about one testimony: masking, critères, papers, transcription, decision."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.organisations.access import note_mine
from app.organisations.guard import reserved_to
from app.organisations.roles import TEAM
from app.organisations.sessions import current_member, current_reach
from app.testimonies.deciding import DecisionError, decide, refuse_withdrawn, transcribe
from app.testimonies.erasure import reread
from app.testimonies.labels import LABELS, labels_of, set_label
from app.testimonies.masking import (
    MaskingError,
    left_readable,
    masked_more,
    masked_words,
    masking_of,
    shown_again,
    write_masking,
)
from app.testimonies.papers import PaperError, note_paper, set_capacity, take_paper_back
from app.testimonies.queries import find, parts_of
from app.testimonies.reading import reading_of
from app.testimonies.reading_desk import reading_page
from app.testimonies.statuses import REFUSED, TO_MASK
from app.web.current import database, keys, today
from app.web.forms import clean
from app.web.typography import long_date, plural

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from flask import Blueprint
    from sqlalchemy.orm import Session

    from app.testimonies.masking import Masking
    from app.testimonies.models import Testimony


def routes(parent: Blueprint) -> None:
    """Add the forms about one testimony to the desk."""
    one, post = "/temoignages/<uuid:testimony_id>", ["POST"]
    parent.add_url_rule(f"{one}/masquer", view_func=masquer_temoignage, methods=post)
    parent.add_url_rule(f"{one}/criteres", view_func=noter_criteres, methods=post)
    parent.add_url_rule(f"{one}/papiers", view_func=noter_papiers, methods=post)
    parent.add_url_rule(f"{one}/ecrire", view_func=ecrire_temoignage, methods=post)
    parent.add_url_rule(f"{one}/decider", view_func=decider_temoignage, methods=post)


@reserved_to(*TEAM)
def masquer_temoignage(testimony_id: UUID) -> Response:
    """Mask one passage, show one again, leave one readable, or mask words wherever they are."""
    typed = clean(request.form.get("mots", ""))
    try:
        with _mine(testimony_id, "un passage masqué ou montré") as (session, testimony):
            refuse_withdrawn(testimony)
            before = masking_of(parts_of(session, keys(), [testimony.id])[testimony.id])
            lost = write_masking(session, keys(), testimony, _masked(before, typed))
    except (MaskingError, DecisionError) as error:
        return _again(testimony_id, "masquer", error, mots=typed)
    if lost:
        said = plural(lost, "citation est effacée", "citations sont effacées")
        flash(f"{said} : le texte ne les dit plus telles quelles.", "alerte")
    return _back(testimony_id, "masquer")


@reserved_to(*TEAM)
def noter_criteres(testimony_id: UUID) -> Response:
    """Keep what a testimony is about; our script sends one critère alone."""
    offered = [one for one in request.form.getlist("propose") if one in LABELS]
    accepted = set(request.form.getlist("critere"))
    try:
        with _mine(testimony_id, "ce dont il parle") as (session, testimony):
            refuse_withdrawn(testimony)
            _label(session, testimony, offered, accepted)
    except DecisionError as error:
        return _again(testimony_id, "criteres", error)
    if request.form.get("seul"):
        return Response(status=204)
    flash("C’est noté.")
    return _back(testimony_id, "criteres")


@reserved_to(*TEAM)
def noter_papiers(testimony_id: UUID) -> Response:
    """Note who must sign, a paper that came, or that the person read again."""
    try:
        with _mine(testimony_id, "un papier ou une relecture") as (session, testimony):
            refuse_withdrawn(testimony)
            _note(session, testimony)
    except (PaperError, DecisionError) as error:
        return _again(testimony_id, "papiers", error)
    flash("C’est noté.")
    return _back(testimony_id, "accords")


@reserved_to(*TEAM)
def ecrire_temoignage(testimony_id: UUID) -> Response:
    """Write down what a voice or a film says, so that its words can be quoted."""
    typed = clean(request.form.get("texte", ""))
    try:
        with _mine(testimony_id, "l’écriture d’un enregistrement") as (session, testimony):
            member = current_member()
            transcribe(session, keys(), testimony, typed, member.id, today().isoformat())
    except DecisionError as error:
        return _again(testimony_id, "ecrire", error, texte=typed)
    flash("C’est écrit. Relisez maintenant ce qui pourra être montré.")
    return _back(testimony_id, "masquer")


@reserved_to(*TEAM)
def decider_temoignage(testimony_id: UUID) -> Response:
    """Keep a testimony, put it aside, leave it for later or take it up again."""
    what, confirmed = request.form.get("quoi", ""), request.form.get("relu") == "oui"
    try:
        with _mine(testimony_id, f"décision : {what[:10]}") as (session, testimony):
            seen = request.form.get("vu", "")
            done = decide(session, keys(), testimony, what, today(), confirmed=confirmed, seen=seen)
            is_left = testimony.status in (REFUSED, TO_MASK)
    except DecisionError as error:
        return _again(testimony_id, "decider", error)
    flash(done)
    if is_left:
        return redirect(url_for("espace.temoignages"), 303)
    return _back(testimony_id)


@contextmanager
def _mine(testimony_id: UUID, what: str) -> Iterator[tuple[Session, Testimony]]:
    """Write about a testimony within reach, and note it; another one is unknown."""
    with database().writing() as session:
        testimony = find(session, current_reach(), testimony_id, today()) or abort(404)
        yield session, testimony
        note_mine(session, "told", f"Témoignage du {long_date(testimony.day)} : {what}")


def _masked(masking: Masking, typed: str) -> Masking:
    """Return the masking that the form asks for."""
    if hidden := request.form.get("cacher"):
        start, end, kind = _place(hidden)
        return masked_more(masking, [(start, end)], kind)
    if shown := request.form.get("montrer"):
        start, end, _ = _place(shown)
        return shown_again(masking, start, end)
    if left := request.form.get("laisser"):
        start, end, _ = _place(left)
        return left_readable(masking, start, end)
    if not typed:
        raise MaskingError("Écrivez les mots à masquer, comme ils sont dans le texte.")
    return masked_words(masking, typed, request.form.get("sorte", ""))


def _place(typed: str) -> tuple[int, int, str]:
    start, _, rest = typed.partition("-")
    end, _, kind = rest.partition("-")
    if not all(one.isascii() and one.isdecimal() and len(one) < 6 for one in (start, end)):
        raise MaskingError("Ce passage n’est plus dans le texte : reprenez-le.")
    return int(start), int(end), kind


def _label(session: Session, testimony: Testimony, offered: list[str], accepted: set[str]) -> None:
    """Decide each critère that the form showed; what nothing speaks for is not refused aloud."""
    decided = labels_of(session, [testimony.id])[testimony.id]
    reading = reading_of(
        session, testimony, parts_of(session, keys(), [testimony.id])[testimony.id]
    )
    spoken = {one.criterion for one in reading.labels if one.words or one.is_said}
    for criterion in offered:
        if criterion in accepted:
            set_label(session, testimony.id, criterion, True, current_member().id)
        elif criterion in spoken:
            set_label(session, testimony.id, criterion, False, current_member().id)
        elif criterion in decided:
            set_label(session, testimony.id, criterion, None, current_member().id)


def _note(session: Session, testimony: Testimony) -> None:
    form = request.form
    if capacity := form.get("capacite"):
        set_capacity(testimony, capacity)
    elif slot := form.get("recu"):
        day = _day(form.get(f"jour-{slot}", ""))
        note_paper(session, testimony, slot, day, current_member().id)
    elif form.get("seul_parent"):
        note_paper(session, testimony, "parent2", today(), current_member().id, not_needed=True)
    elif slot := form.get("retirer"):
        take_paper_back(session, testimony.id, slot)
    elif form.get("relecture"):
        _note_rereading(session, testimony, is_good=form["relecture"] == "oui")
    else:
        raise PaperError("Choisissez ce que vous voulez noter.")


def _note_rereading(session: Session, testimony: Testimony, *, is_good: bool) -> None:
    seen = request.form.get("vu", "")
    if not reread(session, keys(), testimony.id, today(), is_good=is_good, seen=seen):
        raise PaperError(
            "Le texte a changé depuis que vous l’avez ouvert : relisez-le ensemble ci-dessous."
        )


def _day(typed: str) -> date:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise PaperError("Écrivez le jour où le papier a été reçu : 09/11/2026.") from None
    if day > today():
        raise PaperError("Ce jour n’est pas encore là : écrivez celui où le papier a été reçu.")
    return day


def _again(testimony_id: UUID, where: str, error: Exception, **typed: str) -> Response:
    return reading_page(testimony_id, {where: str(error)}, **typed)


def _back(testimony_id: UUID, where: str | None = None) -> Response:
    address = url_for("espace.temoignage", testimony_id=testimony_id, _anchor=where)
    return redirect(address, 303)
