"""The desk page where the quotes of a part are chosen: those that their authors let go there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for

from app.bilan.audiences import AUDIENCES
from app.bilan.drafting import (
    ChangedError,
    DraftError,
    SealedError,
    choose_quotes,
    most_quotes,
    propose_quotes,
)
from app.bilan.frames import Frame
from app.bilan.looking import held, mine, named, note_writing, section_shown
from app.bilan.outline import part_of, quotes_in
from app.bilan.queries import seal_of
from app.bilan.quoting import LABEL_OF
from app.organisations.guard import reserved_to
from app.organisations.roles import TEAM
from app.organisations.sessions import current_reach
from app.testimonies.labels import LABELS
from app.testimonies.quotes import ShownQuote, quotes
from app.web.current import database, keys, today
from app.web.typography import plural

if TYPE_CHECKING:
    from flask import Blueprint
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response

    from app.bilan.models import Bilan
    from app.documents.section import Section

TITLE, STUCK, PARTNERS, ALL = "titre", "coince", "partenaires", "temoignages"
BLOCK = "bloc:"
#: For whom an author did not agree, by audience.
REFUSED = {
    "employeur": "le bilan",
    "financeur": "un financeur",
    "public": "le public",
}


@dataclass(frozen=True, slots=True)
class Offered:
    """Be what may be chosen for a part, and why the rest is not."""

    #: Those that stand there first, in their order; then the nearest to the part.
    quotes: tuple[ShownQuote, ...]
    chosen: tuple[UUID, ...]
    #: Sentences on those that are not offered.
    missing: tuple[str, ...]


def routes(parent: Blueprint) -> None:
    """Add the page of the quotes of a part."""
    address = "/bilan/<uuid:bilan_id>/citations"
    parent.add_url_rule(address, view_func=choisir_citations, methods=["GET", "POST"])


@reserved_to(*TEAM)
def choisir_citations(bilan_id: UUID) -> str | tuple[str, int] | Response:
    """Show the quotes that may stand in a part; keep the choice and its order."""
    slot = request.values.get("partie", "")
    with database().reading() as session:
        bilan = mine(session, bilan_id)
        is_sealed = seal_of(session, bilan_id) is not None
        if is_sealed:
            flash(str(SealedError()), "alerte")
        if is_sealed or not slot:  # an address cut short
            return redirect(url_for("espace.composer", bilan_id=bilan_id), 303)
        if request.method != "POST":
            return _page(session, bilan, slot)
        title_of_slot(section_shown(session, bilan), slot)
    return _keep(bilan_id, slot)


def _keep(bilan_id: UUID, slot: str) -> tuple[str, int] | Response:
    ticked = request.form.getlist("citation")
    with database().reading() as session:
        bilan = mine(session, bilan_id)
        offered = {str(one.id) for one in offered_in(session, bilan, slot, ()).quotes}
    # What was taken back while the page was open is not chosen, whatever the form says.
    chosen = _moved([UUID(one) for one in ticked if one in offered], request.form.get("monter"))
    typed = request.form.get("revision", "")
    revision = int(typed[:9]) if typed.isascii() and typed.isdecimal() else 0
    try:
        with database().writing() as session:
            bilan = held(session, bilan_id)
            if request.form.get("geste") == "proposer":
                propose_quotes(session, bilan, slot)
            else:
                choose_quotes(session, bilan, slot, chosen, revision=revision)
            note_writing(session, bilan)
    except SealedError as error:
        flash(str(error), "alerte")
        return redirect(url_for("espace.composer", bilan_id=bilan_id), 303)
    except DraftError as error:
        status = 409 if isinstance(error, ChangedError) else 422
        with database().reading() as session:
            bilan = mine(session, bilan_id)
            return _page(session, bilan, slot, str(error), chosen), status
    if request.form.get("monter"):
        return redirect(url_for("espace.choisir_citations", bilan_id=bilan_id, partie=slot), 303)
    flash("Les citations sont choisies.")
    return redirect(url_for("espace.composer", bilan_id=bilan_id, _anchor=slot), 303)


def _page(
    session: Session,
    bilan: Bilan,
    slot: str,
    problem: str = "",
    ticked: Sequence[UUID] | None = None,
) -> str:
    section = section_shown(session, bilan)
    title = title_of_slot(section, slot)
    standing = [one.id for one in quotes_in(section, slot)] if ticked is None else ticked
    offered = offered_in(session, bilan, slot, standing)
    return render_template(
        "bilan/citations.html",
        **named(session, bilan),
        slot=slot,
        title=title,
        offered=offered,
        most=most_quotes(slot),
        is_chosen=slot in bilan.quotes,
        elsewhere=_elsewhere(section, slot),
        problem=problem,
        LABELS=LABELS,
    )


def offered_in(session: Session, bilan: Bilan, slot: str, standing: Sequence[UUID]) -> Offered:
    """Return the quotes that may stand in a part, and say why the others may not."""
    frame, day = Frame.of(bilan), today()
    use = AUDIENCES[frame.audience].use  # type: ignore[index]
    found = [
        one
        for one in quotes(session, keys(), current_reach(), day)
        if (not frame.lieux or one.lieu_id in frame.lieux) and _belongs(one, slot)
    ]
    may = [one for one in found if use in one.uses]
    rank = {quote_id: place for place, quote_id in enumerate(standing)}
    may.sort(key=lambda one: (rank.get(one.id, len(rank)), not _is_near(one, slot)))
    waiting = sum(one.waits_for_rereading for one in found)
    refused = len(found) - len(may) - waiting
    return Offered(
        tuple(may),
        tuple(one for one in standing if one in {quote.id for quote in may}),
        tuple(_missing(refused, waiting, frame.audience)),
    )


def title_of_slot(section: Section, slot: str) -> str:
    """Return the name of the part that quotes are chosen for; abort when it holds none."""
    if slot == TITLE:
        return "Le titre"
    part = part_of(section, slot)
    if part is None or not hasattr(part, "quotes"):
        abort(404)
    return part.title


def _belongs(quote: ShownQuote, slot: str) -> bool:
    """Tell whether words may stand in a part: partners speak in theirs, people in the others."""
    return quote.is_partner == (slot == PARTNERS)


def _is_near(quote: ShownQuote, slot: str) -> bool:
    if slot == STUCK:
        return quote.is_snag
    if not slot.startswith(BLOCK):
        return True
    criterion = slot.removeprefix(BLOCK)
    return quote.criterion == LABEL_OF.get(criterion, criterion)


def _elsewhere(section: Section, slot: str) -> dict[UUID, str]:
    """Name the part of the same bilan where each quote stands already."""
    found = {}
    for part in section.body:
        if part.slot != slot:
            found.update({one.id: part.title for one in getattr(part, "quotes", ())})
    if slot != TITLE and section.title_quote:
        found[section.title_quote.id] = "le titre"
    return found


def _missing(refused: int, waiting: int, audience: str) -> list[str]:
    said = []
    if refused:
        many = "citations ne sont pas proposées"
        who = "leur auteur n’a" if refused > 1 else "son auteur n’a"
        said.append(
            f"{plural(refused, 'citation n’est pas proposée', many)}\u00a0: {who} pas donné son "
            f"accord pour {REFUSED[audience]}."
        )
    if waiting:
        many = "citations attendent"
        said.append(
            f"{plural(waiting, 'citation attend', many)} que la personne ait relu ses mots."
        )
    return said


def _moved(chosen: list[UUID], up: str | None) -> list[UUID]:
    """Return a choice where one quote goes before the one that it followed."""
    at = next((place for place, one in enumerate(chosen) if str(one) == up), 0)
    if at:
        chosen[at - 1], chosen[at] = chosen[at], chosen[at - 1]
    return chosen
