"""Error pages: what happened, that nothing is broken, what to do now."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    InternalServerError,
    SecurityError,
    ServiceUnavailable,
)

from app.web.current import library
from app.web.journal import LOGGER
from app.web.outage import FULL, OUTAGES, RETRY_AFTER, status_of
from app.web.protection import comes_from_us

FRENCH = "fr"


@dataclass(frozen=True, slots=True)
class Words:
    """Be what an error page says: a title, then what to do."""

    title: str
    sentences: tuple[str, ...]


#: What a public page may end with too is said in its language: `surveys/interface`.
_IN_EVERY_LANGUAGE = frozenset({400, 404, 405, 410, 411, 413, 429, 500, 503})
_WORDS = {
    401: Words(
        "Votre session s’est fermée",
        (
            "Après 30 minutes sans rien faire, ou 12 heures en tout, nous vous déconnectons.",
            "Connectez-vous de nouveau pour continuer.",
        ),
    ),
    403: Words(
        "Cette page ne vous est pas ouverte",
        ("Demandez à la personne responsable de votre structure.",),
    ),
}
_UNKNOWN_HOST = Words(
    "Cette adresse n’est pas la nôtre",
    ("Vous hébergez Recueil ? Écrivez son adresse publique dans RECUEIL_BASE_URL.",),
)
_EXPIRED = Words(
    "La page était ouverte depuis longtemps",
    ("Vos mots sont gardés. Envoyez-les encore une fois.",),
)


def init_app(app: Flask) -> None:
    """Register the pages of every error that a request may end with."""
    app.register_error_handler(HTTPException, _show)
    app.register_error_handler(CSRFError, _offer_again)
    app.register_error_handler(401, _offer_again)
    for pause in OUTAGES:
        app.register_error_handler(pause, _pause)
    app.register_error_handler(OSError, _pause_if_disk_full)
    for unreadable in (RecursionError, UnicodeEncodeError, OverflowError, DataError):
        app.register_error_handler(unreadable, _unreadable)


def _show(error: HTTPException) -> Response | HTTPException:
    """Show the page of an HTTP error, with the headers that the error asks for."""
    if error.code is None or error.code < 400:
        return error
    words = _UNKNOWN_HOST if isinstance(error, SecurityError) else _WORDS.get(error.code)
    return _page(error, words)


def _offer_again(error: HTTPException) -> Response | HTTPException:
    """Show what was typed in a form of the desk whose session ended, ready to be sent again."""
    if request.method != "POST" or not comes_from_us(request):
        return _show(error)
    kept = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name != "csrf_token" and "mot_de_passe" not in name
    ]
    words = _EXPIRED if error.code == 400 else _WORDS[401]
    return _page(error, words, kept=kept, signed_out=error.code == 401)


class InsufficientStorage(ServiceUnavailable):
    """Say that the disk is full: a pause like another, for who reads the page."""

    code = 507


def _pause(error: Exception) -> Response:
    """Ask to come back later: locked, full or stopped, the store may soon be well again."""
    is_full = status_of(error) == InsufficientStorage.code
    pause = InsufficientStorage if is_full else ServiceUnavailable
    return _page(pause(retry_after=RETRY_AFTER))


def _pause_if_disk_full(error: OSError) -> Response:
    if error.errno in FULL:
        return _pause(error)
    LOGGER.error("Erreur", exc_info=error)
    return _page(InternalServerError())


def _unreadable(error: Exception) -> Response:
    LOGGER.warning("Illisible : %s", type(error).__name__)
    return _page(BadRequest())


def _page(error: HTTPException, words: Words | None = None, **context: object) -> Response:
    """Write the page, in the language of its address where the words are said in it."""
    interface = library().interface(_language() if words is None else FRENCH)
    page = render_template(
        "web/error.html",
        words=words or _said(interface.language, error.code or 500),
        language=interface.language,
        direction=interface.direction,
        skip_label=interface["aller_au_contenu"],
        on_desk=_is_on_desk(),
        **context,
    )
    response = make_response(page, error.code or 500)
    response.headers.extend(
        (name, value)
        for name, value in error.get_headers(request.environ)
        if name.lower() != "content-type"
    )
    return response


def _said(language: str, code: int) -> Words:
    """Return what is said of a status, or of those like it."""
    interface = library().interface(language)
    if code == InsufficientStorage.code:
        code = 503
    if code not in _IN_EVERY_LANGUAGE:
        code = 500 if code >= 500 else 400
    return Words(interface[f"page_{code}"], (interface[f"page_{code}_suite"],))


def _language() -> str:
    """Return the language that ends a public address, French where none does."""
    last = request.path.rstrip("/").rpartition("/")[2]
    return last if last in library().languages and not _is_on_desk() else FRENCH


def _is_on_desk() -> bool:
    return request.path.startswith("/espace")
