"""The public addresses: a code opens its questions, for whoever holds the poster."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request
from werkzeug import Response as AnyResponse

from app.answering.entrance import FRENCH, Entrance
from app.answering.given_back import new_key
from app.answering.personal import PERSONAL, show_personal
from app.answering.plain import show_closed, show_home, show_not_yet, show_notice, show_unknown
from app.answering.receipt import show_receipt
from app.answering.receipt_testimony import show_media
from app.answering.reception import open_reception, reception, teller
from app.answering.sending import receive
from app.answering.trial import try_out
from app.campaigns.codes import normalise
from app.web.current import library, today

blueprint = Blueprint("answering", __name__, template_folder="templates")
blueprint.record(open_reception)


@blueprint.get("/")
def home() -> Response:
    """Show where to type a code."""
    return show_home()


@blueprint.post("/")
def enter(language: str = FRENCH) -> AnyResponse:
    """Go to the questions of the code that was typed, in the language of the page if they are."""
    typed = request.form.get("code", "")
    code = normalise(typed)
    if code is None:
        return show_unknown(typed, language=language)
    found = reception().entrances.find(code)
    is_there = language != FRENCH and (found is None or language in found.wordings)
    return redirect(f"/{code}/{language}" if is_there else f"/{code}", 303)


@blueprint.route("/<code>", methods=["GET", "POST"])
@blueprint.route("/<code>/<language>", methods=["GET", "POST"])
def answer(code: str, language: str = FRENCH) -> AnyResponse:
    """Show the questions of a link, or take what was answered; `/ar` is the first page."""
    if code in library().languages:
        return enter(code) if request.method == "POST" else show_home(code)
    entrance = reception().entrances.find(code)
    if entrance is None:
        return show_unknown(code, request.form.to_dict(flat=False), language)
    if entrance.questionnaire.collects_testimonies:
        return _tell(entrance, language)
    if request.method == "POST":
        return receive(entrance, language)
    if language not in entrance.wordings:
        return show_unknown(code, language=language)
    state = entrance.state(today())
    if state == "not_yet":
        return show_not_yet(entrance, language)
    if state in ("grace", "closed"):
        return show_closed(entrance, language)
    return reception().questions(entrance, language, new_key())


def _tell(entrance: Entrance, language: str) -> AnyResponse:
    """Lead to the page where people tell, in the room above; take what an older page sends."""
    if request.method == "POST":
        return teller()(entrance, language)
    suffix = "" if language == FRENCH else f"/{language}"
    return redirect(f"/temoigner/{entrance.link.code}{suffix}", 303)


blueprint.add_url_rule(PERSONAL, view_func=show_personal, methods=["GET", "POST"])
blueprint.add_url_rule(f"{PERSONAL}/<language>", view_func=show_personal, methods=["GET", "POST"])


@blueprint.get("/notice/<code>")
@blueprint.get("/notice/<code>/<language>")
def notice(code: str, language: str = FRENCH) -> Response:
    """Show the whole notice."""
    entrance = reception().entrances.find(code)
    if entrance is None or language not in entrance.wordings:
        return show_unknown(code, language=language)
    return show_notice(entrance, language)


blueprint.add_url_rule("/recu", view_func=show_receipt, methods=["GET", "POST"])
blueprint.add_url_rule("/recu/media/<token>", view_func=show_media)
blueprint.add_url_rule("/recu/<language>", view_func=show_receipt, methods=["GET", "POST"])

_TRIAL = "/essai/<code>"
for rule in (_TRIAL, f"{_TRIAL}/<wave>", f"{_TRIAL}/<wave>/<language>"):
    blueprint.add_url_rule(rule, "trial", view_func=try_out, methods=["GET", "POST"])
