"""What the holder of a receipt may do: read the answer again, and erase it.

The code travels in the body of a form, or in a `#` fragment that no server sees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, abort, request

from app.answering.entrance import FRENCH
from app.answering.plain import Leaf
from app.answering.receipt_testimony import (
    READ_AGAIN,
    SAVE,
    change_testimony,
    find_testimony,
    forget,
    show_testimony,
)
from app.campaigns.models import Link
from app.campaigns.queries import published, wording_of
from app.questionnaires.kinds import clean
from app.responses.actions import erase
from app.responses.queries import by_receipt, texts_of
from app.testimonies.erasure import erase as erase_testimony
from app.web.current import database, keys, library, settings, today
from app.web.protection import comes_from_us
from app.web.typography import typographic

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.responses.models import Response as Answered
    from app.testimonies.models import Testimony


def show_receipt(language: str = FRENCH) -> Response:
    """Ask for the code, show its answer, erase it once that is confirmed."""
    if language not in library().languages:
        abort(404)
    leaf = Leaf(language)
    if request.method != "POST":
        return leaf.show("receipt", typed="", mark="")
    if not comes_from_us(request):
        return leaf.show("receipt", 403, typed=_typed(), is_elsewhere=True)
    if request.form.get("effacer") == "oui":
        return _erase(leaf)
    if SAVE in request.form or READ_AGAIN in request.form:
        return _change(leaf)
    return _show(leaf)


def _show(leaf: Leaf, **context: Any) -> Response:
    with database().reading() as session:
        found, told = _found(session)
        is_confirming = request.form.get("effacer") == "demander"
        if told is not None:
            return show_testimony(session, leaf, told, confirming=is_confirming, **context)
        if found is None:
            return _unknown(leaf)
        said = _words(session, found, leaf.language)
    return leaf.show(
        "answers",
        typed=_typed(),
        said=said,
        mark=_typed(),
        day=leaf.day(found.day),
        confirming=is_confirming,
    )


def _erase(leaf: Leaf) -> Response:
    with database().writing() as session:
        found, told = _found(session)
        if told is not None:
            files = erase_testimony(session, settings().data, told.id, today())
        elif found is None or not erase(session, settings().data, found.id, today()):
            return _unknown(leaf)
    if told is None:
        return leaf.show("gone")
    forget(files or ())
    return leaf.show("testimony_gone")


def _change(leaf: Leaf) -> Response:
    with database().writing() as session:
        _, told = _found(session)
        if told is None:
            return _unknown(leaf)
        done = change_testimony(session, leaf, told)
    if isinstance(done, Response):
        return done
    forget(done)
    return _show(leaf, saved=True)


def _found(session: Session) -> tuple[Answered | None, Testimony | None]:
    """Return the answer or the testimony of the code: looked for alike, whatever it opens."""
    return by_receipt(session, keys(), _typed()), find_testimony(session, _typed())


def _unknown(leaf: Leaf) -> Response:
    """Say the same of a wrong code, of what was erased and of what expired."""
    return leaf.show("receipt", 404, typed=_typed(), is_unknown=True, mark="")


def _words(session: Session, found: Answered, language: str) -> list[tuple[str, str]]:
    """Return what was asked and what was answered, in the words that people read."""
    link = session.get_one(Link, found.link_id)
    questionnaire = published(session, found.version)
    wording = wording_of(session, link.campaign, language) or wording_of(
        session, link.campaign, FRENCH
    )
    if wording is None:
        raise LookupError(found.version)
    said = {**found.answers, **texts_of(session, keys(), [found.id])[found.id]}
    typeset = typographic if wording.language == FRENCH else str
    wave, shown = questionnaire.wave(found.wave), []
    for posed in (one for screen in wave.screens for one in screen.posed):
        if posed.key in said:
            words = posed.question.kind.words(posed.question, said[posed.key], wording)
            shown.append((typeset(wording.say(posed.text)), words))
    return shown


def _typed() -> str:
    return clean(request.form.get("code", ""))[:40]
