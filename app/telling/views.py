"""The public addresses where people tell, by the code of any link."""

from __future__ import annotations

import gzip

from flask import Blueprint, Response, request

from app.answering.entrance import FRENCH, Entrance
from app.answering.given_back import new_key
from app.answering.pages import Voice
from app.answering.plain import show_closed, show_not_yet, show_unknown
from app.answering.reception import reception
from app.telling import upload_views
from app.telling.pages import ROOT, dress, show_page
from app.telling.sending import receive
from app.telling.story import Asking
from app.telling.uploads import read_form
from app.web.current import today

blueprint = Blueprint("telling", __name__, template_folder="templates")


@blueprint.route(f"{ROOT}/<code>", methods=["GET", "POST"])
@blueprint.route(f"{ROOT}/<code>/<language>", methods=["GET", "POST"])
def tell(code: str, language: str = FRENCH) -> Response:
    """Show the page on which people tell, or take what they told."""
    entrance = reception().entrances.find(code)
    if entrance is None:
        typed = read_form().typed if request.method == "POST" else None
        return show_unknown(code, typed, language)
    if request.method == "POST":
        return receive(entrance, language)
    if language not in entrance.wordings:
        return show_unknown(code, language=language)
    state = entrance.state(today())
    if state == "not_yet":
        return show_not_yet(entrance, language)
    if state in ("grace", "closed"):
        return show_closed(entrance, language)
    return show(entrance, language)


def show(entrance: Entrance, language: str) -> Response:
    """Show the page on which people tell, empty, under a key of its own."""
    asking = Asking(Voice(entrance, language), today())
    response = Response(show_page(asking, new_key()))
    return dress(_squeezed(response), is_framed=entrance.is_trial)


def _squeezed(response: Response) -> Response:
    """Compress an empty page for a slow network; one that gives words back is sent as it is.

    What nobody typed into tells an eavesdropper nothing by its length.
    """
    response.headers["Vary"] = "Accept-Encoding"
    if request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(response.get_data(), 6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


def try_telling(entrance: Entrance, language: str) -> Response:
    """Show the same page as a trial, or check what was told and forget it."""
    return receive(entrance, language) if request.method == "POST" else show(entrance, language)


upload_views.routes(blueprint)
