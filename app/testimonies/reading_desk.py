"""The page of one testimony: what was said, what may be shown, what to decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask import abort, make_response, render_template, request

from app.media.reception import FAILED, READY
from app.organisations.access import note_mine
from app.organisations.guard import reserved_to
from app.organisations.models import Lieu
from app.organisations.roles import TEAM
from app.organisations.sessions import current_reach
from app.testimonies.actions import ORIGINAL, SIGNATURE
from app.testimonies.agreed import agreed_of
from app.testimonies.deciding import TRANSCRIPT
from app.testimonies.masking import KINDS, LONGEST_PASSAGE
from app.testimonies.papers import CAPACITIES
from app.testimonies.queries import find, parts_of
from app.testimonies.queue import Asked, around, origins_of
from app.testimonies.quotes_desk import quote_context
from app.testimonies.reading import reading_of
from app.testimonies.recordings import may_be_heard, recordings_of
from app.testimonies.statuses import NEW, REFUSED, STATUSES, VALIDATED, WITHDRAWN, Status
from app.testimonies.submission import LONGEST_TEXT
from app.web.current import database, keys, today
from app.web.headers import content_policy
from app.web.typography import long_date

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from flask import Blueprint
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

    from app.testimonies.models import Testimony


def routes(parent: Blueprint) -> None:
    """Add the page of one testimony to the desk."""
    parent.add_url_rule("/temoignages/<uuid:testimony_id>", view_func=temoignage)


@reserved_to(*TEAM)
def temoignage(testimony_id: UUID) -> AnyResponse:
    """Show one testimony: what was said, what may be shown, what to decide."""
    return reading_page(testimony_id)


def reading_page(
    testimony_id: UUID, problems: Mapping[str, str] | None = None, **typed: str
) -> AnyResponse:
    """Return the page of one testimony, with what is to mend beside each form."""
    with database().reading() as session:
        testimony = find(session, current_reach(), testimony_id, today()) or abort(404)
        context = _context(session, testimony)
    if context["shows_original"]:
        note_reading(f"Témoignage du {long_date(testimony.day)}, {context['lieu']}")
    page = render_template("testimonies/one.html", problems=problems or {}, typed=typed, **context)
    response = make_response(page, 422 if problems else 200)
    response.headers["Content-Security-Policy"] = content_policy(plays=True)
    return response


def _context(session: Session, testimony: Testimony) -> dict[str, Any]:
    """Return what the page of one testimony shows; what was taken back has no words here."""
    lieu = session.get_one(Lieu, testimony.lieu_id).name
    is_withdrawn = testimony.status == WITHDRAWN
    parts = {} if is_withdrawn else parts_of(session, keys(), [testimony.id])[testimony.id]
    files = recordings_of(session, [testimony.id])[testimony.id]
    agreed = agreed_of(session, testimony, parts.get(SIGNATURE, ""), lieu, has_media=bool(files))
    heard = files if may_be_heard(agreed.agreement) else []
    status = cast("Status", testimony.status)
    beside = around(session, keys(), current_reach(), testimony, today())
    is_decided = testimony.status in (VALIDATED, REFUSED)
    wants_original = not is_decided or request.args.get("original") == "oui"
    is_confirmed = testimony.status == VALIDATED
    return {
        "testimony": testimony,
        "lieu": lieu,
        "origin": origins_of(session, [testimony])[testimony.id],
        "status": STATUSES[status],
        "reading": reading_of(session, testimony, parts),
        "is_withdrawn": is_withdrawn,
        "is_decided": is_decided,
        "shows_original": bool(parts.get(ORIGINAL)) and wants_original,
        "transcript": _transcript(parts),
        "may_transcribe": bool(heard) and (not parts.get(ORIGINAL) or TRANSCRIPT in parts),
        "agreed": agreed,
        "files": heard,
        "following": beside.following,
        "beside": beside.items,
        "asked": Asked(status),
        "today": today(),
        **_WORDS,
        **(quote_context(session, keys(), testimony, today()) if is_confirmed else {}),
    }


#: What the page names.
_WORDS: dict[str, Any] = {
    "KINDS": KINDS,
    "CAPACITIES": CAPACITIES,
    "LONGEST_PASSAGE": LONGEST_PASSAGE,
    "LONGEST_TEXT": LONGEST_TEXT,
    "READY": READY,
    "FAILED": FAILED,
    "NEW": NEW,
    "VALIDATED": VALIDATED,
}


def _transcript(parts: Mapping[str, str]) -> str:
    """Return the words that were heard and written down; empty when the person wrote them."""
    return parts.get(ORIGINAL, "") if TRANSCRIPT in parts else ""


def note_reading(about: str) -> None:
    """Note in the access journal that words were read: who, when, which, never the words."""
    with database().writing() as session:
        note_mine(session, "read", about)
