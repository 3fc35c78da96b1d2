"""The desk pages where a bilan is composed: the whole section, each text, each part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask import session as visit

from app.bilan import drafting
from app.bilan.drafting import LONGEST, ChangedError, DraftError, SealedError, mark_of
from app.bilan.looking import (
    held,
    mine,
    named,
    note_writing,
    proofs,
    section_foreseen,
    section_shown,
)
from app.bilan.outline import (
    SIGNS,
    Item,
    doubt_of,
    optional,
    outline,
    part_of,
    passage_of,
    to_write,
)
from app.bilan.queries import seal_of
from app.campaigns.names import desk_title
from app.indicators.looking import fold_first
from app.organisations.guard import reserved_to
from app.organisations.roles import RESPONSABLE, TEAM
from app.organisations.sessions import current_member
from app.web.current import database, keys, library, today
from app.web.forms import clean

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from flask import Blueprint
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response

    from app.bilan.models import Bilan
    from app.bilan.queries import Written
    from app.documents.section import Passage, Section

#: What an address says of figures when they are those that a seal would keep.
SEALED = "arretes"
#: The text that was just written: the page says so in its place, once.
WRITTEN = "bilan_ecrit"
#: What stands in « Ce qui coince » once somebody says that there is nothing more to tell.
NOTHING_MORE = "L’équipe n’a rien relevé d’autre."
#: What is done to a part, as the buttons say it.
MOVES = {"monter": -1, "descendre": 1}
GONE = (
    "Cette partie n’est plus dans le bilan\u00a0: quelqu’un l’a retirée, "
    "ou ses chiffres ont changé."
)


def routes(parent: Blueprint) -> None:
    """Add the page of a bilan, and the forms that it sends."""
    one, both = "/bilan/<uuid:bilan_id>", ["GET", "POST"]
    parent.add_url_rule(one, view_func=composer)
    parent.add_url_rule(f"{one}/texte", view_func=ecrire_texte, methods=both)
    parent.add_url_rule(f"{one}/parties", view_func=ranger_parties, methods=["POST"])


@reserved_to(*TEAM)
def composer(bilan_id: UUID) -> str:
    """Show the whole section as it will be printed, each part ready to be changed."""
    fold_first()
    with database().reading() as session:
        bilan = mine(session, bilan_id)
        return _composer(session, bilan)


@reserved_to(*TEAM)
def ecrire_texte(bilan_id: UUID) -> str | tuple[str, int] | Response:
    """Show one text alone, or write it; nothing typed is ever lost."""
    slot = request.values.get("partie", "")
    with database().reading() as session:
        bilan = mine(session, bilan_id)
        if not slot and request.method != "POST":  # an address cut short
            return _back(bilan_id, "")
        words, found = named(session, bilan), passage_of(section_shown(session, bilan), slot)
        is_sealed = seal_of(session, bilan_id) is not None
    is_sealing = request.values.get("chiffres") == SEALED and not is_sealed
    words["is_sealing"], drafted = is_sealing, found
    found = _foreseen(bilan_id, slot, found) if is_sealing else found
    if request.method != "POST":
        passage, title = found or abort(404)
        return _text_page(words, passage, title, passage.text, is_sealed=is_sealed)
    typed = clean(request.form.get("texte", ""))
    if found is None:
        return _lost_page(words, typed, GONE), 409
    try:
        with database().writing() as session:
            bilan = held(session, bilan_id)
            draft = drafted[0].proposed if is_sealing and drafted else None
            _write(session, bilan, found[0], typed, draft)
            note_writing(session, bilan)
    except ChangedError as error:
        return _text_page(words, *found, typed, theirs=error.theirs, has_changed=True), 409
    except SealedError as error:
        return _lost_page(words, typed, str(error)), 409
    except DraftError as error:
        return _text_page(words, *found, typed, problem=str(error)), 422
    return _written(bilan_id, slot, is_sealing=is_sealing)


@reserved_to(*TEAM)
def ranger_parties(bilan_id: UUID) -> Response:
    """Move a part up or down, leave it out, or bring it back."""
    slot, act = clean(request.form.get("partie", "")), request.form.get("geste", "")
    with database().reading() as session:
        section = section_shown(session, mine(session, bilan_id))
    order = [part.slot for part in section.body]
    titles = {item.slot: item.title for item in outline(section)} | dict(section.left_out)
    try:
        with database().writing() as session:
            bilan = held(session, bilan_id)
            if act in MOVES:
                drafting.move_part(session, bilan, slot, MOVES[act], order)
            elif act == "retirer":
                drafting.leave_out(session, bilan, slot[:120])
            elif act == "remettre":
                drafting.bring_back(session, bilan, slot)
            else:
                abort(400)
    except DraftError as error:
        flash(str(error), "alerte")
        return _back(bilan_id, "")
    if act == "retirer":
        what = titles.get(slot, "cette phrase")
        flash(f"Retiré\u00a0: {what}. En bas de la page, vous pouvez le remettre.")
        return _back(bilan_id, "retires")
    return _back(bilan_id, f"ordre-{slot}" if act in MOVES else slot)


def _composer(session: Session, bilan: Bilan) -> str:
    section, seal = section_shown(session, bilan), seal_of(session, bilan.id)
    every, items = library().questionnaires.values(), outline(section)
    return render_template(
        "bilan/composer.html",
        **named(session, bilan),
        section=section,
        seal=seal,
        may_write=seal is None,
        has_objectives=_has(section, "objectifs"),
        may_seal=current_member().role == RESPONSABLE,
        outline=items,
        opened="" if seal else _opened(items),
        to_write=to_write(section),
        optional=optional(section),
        doubt_of=doubt_of,
        just_written=visit.pop(WRITTEN, ""),
        proofs=proofs(session, bilan),
        questionnaires={desk_title(one): one.id for one in every},
        mark=mark_of,
        SIGNS=SIGNS,
        LONGEST=LONGEST,
    )


def _opened(items: Sequence[Item]) -> str:
    """Return the part that starts open on a phone: the first that asks something."""
    return next((one.slot for one in items if one.state in {"voir", "ecrire"}), "")


def _has(section: Section, slot: str) -> bool:
    """Tell whether a part is on the page, or was left out of it."""
    return part_of(section, slot) is not None or slot in dict(section.left_out)


def _foreseen(
    bilan_id: UUID, slot: str, drafted: tuple[Passage, str] | None
) -> tuple[Passage, str] | None:
    """Return a text as the figures that would be sealed propose it."""
    foreseen = section_foreseen(bilan_id)
    return passage_of(foreseen.section, slot) if foreseen else drafted


def _written(bilan_id: UUID, slot: str, *, is_sealing: bool) -> Response:
    """Go back where somebody came from; the bilan says that the text is saved, once."""
    if is_sealing:
        return redirect(url_for("espace.arreter_bilan", bilan_id=bilan_id), 303)
    visit[WRITTEN] = slot
    return _back(bilan_id, slot)


def _write(session: Session, bilan: Bilan, passage: Passage, typed: str, draft: str | None) -> None:
    """Do what the form asks: write, take the proposal again, or keep a text as it is.

    `draft` is what the draft proposes, where `passage` proposes what would be sealed.
    """
    act, slot = request.form.get("geste", "ecrire"), passage.slot
    read = request.form.get("lu", "")
    now = drafting.refuse_if_rewritten(session, keys(), bilan, slot, read)
    if act == "reprendre":
        drafting.take_proposal(session, bilan, slot)
        return
    is_kept = act == "garder" and now is not None
    text = now.text if is_kept and now else typed
    if act == "rien":
        text = "\n".join(filter(None, (passage.proposed, NOTHING_MORE)))
    seen = passage.proposed if is_kept else _seen(passage)
    written = (session, keys(), bilan, slot, text)
    by = (current_member().id, today())
    if draft is None:
        drafting.write_text(*written, seen, *by, is_kept=is_kept)
    else:
        drafting.write_text(*written, draft, *by, sealed=seen)


def _seen(passage: Passage) -> str:
    """Return the proposal that somebody had before their eyes while they wrote."""
    seen = clean(request.form.get("propose", passage.proposed))
    return passage.proposed if seen == clean(passage.proposed) else seen[: 2 * LONGEST]


def _text_page(
    words: dict[str, Any],
    passage: Passage,
    title: str,
    typed: str,
    *,
    problem: str = "",
    theirs: Written | None = None,
    has_changed: bool = False,
    is_sealed: bool = False,
) -> str:
    read = theirs.text if theirs else None if has_changed else passage.written
    return render_template(
        "bilan/texte.html",
        **words,
        passage=passage,
        title=title,
        typed=typed,
        problem=problem,
        theirs=theirs,
        has_changed=has_changed,
        is_sealed=is_sealed,
        seen=mark_of(read),
        LONGEST=LONGEST,
    )


def _lost_page(words: dict[str, Any], typed: str, reason: str) -> str:
    return render_template("bilan/texte_garde.html", **words, typed=typed, reason=reason)


def _back(bilan_id: UUID, slot: str) -> Response:
    return redirect(url_for("espace.composer", bilan_id=bilan_id, _anchor=slot or None), 303)
