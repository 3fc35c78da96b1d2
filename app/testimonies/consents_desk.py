"""Pages of the desk for who asks aloud or by telephone: change a choice, erase everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, flash, make_response, redirect, render_template, request, url_for

from app.media.store import current_store
from app.organisations.access import note_mine
from app.organisations.guard import reserved_to
from app.organisations.models import Lieu, Person
from app.organisations.roles import RESPONSABLE, TEAM
from app.organisations.sessions import current_member, current_reach
from app.testimonies import erasure
from app.testimonies.actions import SIGNATURE
from app.testimonies.asking import FRENCH
from app.testimonies.changing import (
    Wanted,
    ages,
    name_field,
    questions,
    read_change,
    sentence,
)
from app.testimonies.consents import agreement_of, history
from app.testimonies.queries import find, parts_of
from app.web.current import database, keys, library, settings, today
from app.web.typography import long_date

if TYPE_CHECKING:
    from uuid import UUID

    from flask import Blueprint
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

    from app.testimonies.models import Testimony


def routes(parent: Blueprint) -> None:
    """Add the pages by which the team does what a person asks for."""
    one, both = "/temoignages/<uuid:testimony_id>", ["GET", "POST"]
    parent.add_url_rule(f"{one}/accords", view_func=accords, methods=both)
    parent.add_url_rule(f"{one}/effacer", view_func=effacer_temoignage, methods=both)


@reserved_to(*TEAM)
def accords(testimony_id: UUID) -> AnyResponse:
    """Note a change of mind that the person says aloud: the same questions as with their code."""
    if request.method != "POST":
        with database().reading() as session:
            return _accords_page(session, _found(session, testimony_id))
    with database().writing() as session:
        found = _found(session, testimony_id)
        name = parts_of(session, keys(), [found.id])[found.id].get(SIGNATURE, "")
        asked = questions(session, library().interface(FRENCH), found, today())
        want = read_change(request.form, asked, found, name)
        if want.fault is not None:
            return _accords_page(session, found, want)
        files = erasure.change(
            session, keys(), settings().data, found.id, want.choices, today(),
            signature=want.signature, age_band=want.age_band, noted_by=current_member().id,
        )  # fmt: skip
        note_mine(session, "agreed", _about(session, found))
    current_store().forget(*(files or ()))
    flash("C’est noté. Ses choix comptent dès maintenant.")
    return redirect(url_for("espace.temoignage", testimony_id=testimony_id), 303)


@reserved_to(RESPONSABLE)
def effacer_temoignage(testimony_id: UUID) -> AnyResponse | str:
    """Ask once more, then erase a testimony with its files: its person asks for it."""
    if request.method != "POST":
        with database().reading() as session:
            found = _found(session, testimony_id)
            return render_template(
                "testimonies/erase.html", testimony=found, lieu=_lieu(session, found)
            )
    with database().writing() as session:
        found = _found(session, testimony_id)
        note_mine(session, "erased", _about(session, found))
        files = erasure.erase(session, settings().data, testimony_id, today())
    current_store().forget(*(files or ()))
    flash("Le témoignage est effacé.")
    return redirect(url_for("espace.temoignages"), 303)


def _found(session: Session, testimony_id: UUID) -> Testimony:
    """Return a testimony that may be read; another structure's, or one still closed, is unknown."""
    return find(session, current_reach(), testimony_id, today()) or abort(404)


def _accords_page(session: Session, found: Testimony, want: Wanted | None = None) -> AnyResponse:
    words = library().interface(FRENCH)
    page = render_template(
        "testimonies/accords.html",
        testimony=found,
        lieu=_lieu(session, found),
        asked=questions(session, words, found, today()),
        name_field=name_field(found),
        ages=ages(FRENCH),
        past=_past(session, found),
        may_erase=current_member().role == RESPONSABLE,
        **_filled(session, found, want),
    )
    return make_response(page, 422 if want else 200)


def _filled(session: Session, found: Testimony, want: Wanted | None) -> dict[str, Any]:
    """Return what the form holds: what is agreed to today, or what was typed, to mend."""
    if want is None or want.fault is None:
        return {
            "chosen": agreement_of(session, found).choices,
            "name": parts_of(session, keys(), [found.id])[found.id].get(SIGNATURE, ""),
            "age": found.age_band,
        }
    said = sentence(library().interface(FRENCH), want.fault)
    return {
        "chosen": {one.scope: one.choice for one in want.choices},
        "name": want.signature,
        "age": want.age_band,
        "fault": want.fault.field,
        "said": said,
    }


def _past(session: Session, found: Testimony) -> list[tuple[str, str, str, str]]:
    """Return each choice ever made: its question, its answer, its day, who noted it."""
    rows = history(session, found.id)
    people = {one.noted_by for one, _ in rows if one.noted_by}
    names = {one: session.get_one(Person, one).name for one in people}
    return [
        (
            text.words.partition("\n")[0],
            text.words.rpartition("\n")[2],
            long_date(one.day),
            names[one.noted_by] if one.noted_by else "",
        )
        for one, text in rows
    ]


def _about(session: Session, found: Testimony) -> str:
    return f"un témoignage du {long_date(found.day)}, {_lieu(session, found)}"


def _lieu(session: Session, found: Testimony) -> str:
    return session.get_one(Lieu, found.lieu_id).name
