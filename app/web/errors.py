"""Error pages: what happened, that nothing is broken, what to do now."""

from __future__ import annotations

import errno
from dataclasses import dataclass

from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    InternalServerError,
    SecurityError,
    ServiceUnavailable,
)

from app.web.journal import LOGGER
from app.web.protection import comes_from_us

#: Seconds after which a full disk or a locked database may be tried again.
RETRY_AFTER = 10


@dataclass(frozen=True, slots=True)
class Words:
    """Be what an error page says: a title, then what to do."""

    title: str
    sentences: tuple[str, ...]


_UNEXPECTED = Words(
    "Quelque chose s’est mal passé",
    ("Ce n’est pas votre faute. Le problème est noté.", "Revenez en arrière et essayez encore."),
)
_WORDS = {
    400: Words(
        "Nous n’avons pas compris cette demande",
        ("Revenez en arrière, puis essayez encore.",),
    ),
    401: Words(
        "Votre session s’est fermée",
        (
            "Après 30 minutes sans rien faire, nous vous déconnectons.",
            "Connectez-vous de nouveau pour continuer.",
        ),
    ),
    403: Words(
        "Cette page ne vous est pas ouverte",
        ("Demandez à la personne responsable de votre structure.",),
    ),
    404: Words(
        "Cette page n’existe pas",
        (
            "Vérifiez l’adresse : une lettre a pu changer.",
            "Vous venez donner votre avis ? Visez encore le QR code de l’affiche.",
        ),
    ),
    405: Words(
        "Cette page ne se demande pas ainsi",
        ("Revenez en arrière, puis utilisez les boutons de la page.",),
    ),
    410: Words("Cette page n’existe plus", ("Demandez la nouvelle adresse à l’accueil.",)),
    411: Words(
        "Votre envoi ne dit pas sa longueur",
        ("Essayez avec un autre navigateur, ou demandez de l’aide à l’accueil.",),
    ),
    413: Words(
        "Votre envoi est trop lourd",
        ("Revenez en arrière, raccourcissez votre texte ou votre fichier, puis envoyez encore.",),
    ),
    429: Words(
        "Beaucoup d’envois en même temps",
        ("Attendez quelques minutes, puis essayez encore.",),
    ),
    500: _UNEXPECTED,
    503: Words(
        "Le service fait une courte pause",
        ("Rien n’est perdu de ce qui était envoyé.", "Attendez un instant, puis essayez encore."),
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
    for pause in (OperationalError, PoolTimeout):
        app.register_error_handler(pause, _pause)
    app.register_error_handler(OSError, _pause_if_disk_full)
    for unreadable in (RecursionError, UnicodeEncodeError, OverflowError, DataError):
        app.register_error_handler(unreadable, _unreadable)


def _show(error: HTTPException) -> Response | HTTPException:
    """Show the page of an HTTP error, with the headers that the error asks for."""
    if error.code is None or error.code < 400:
        return error
    words = _UNKNOWN_HOST if isinstance(error, SecurityError) else _WORDS.get(error.code)
    if words is None:
        words = _UNEXPECTED if error.code >= 500 else _WORDS[400]
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


def _pause(error: OperationalError | PoolTimeout | OSError) -> Response:
    """Ask to come back later: locked, full or stopped, the store may soon be well again."""
    LOGGER.error("Indisponible : %s", getattr(error, "orig", None) or type(error).__name__)
    return _page(ServiceUnavailable(retry_after=RETRY_AFTER), _WORDS[503])


def _pause_if_disk_full(error: OSError) -> Response:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
        return _pause(error)
    LOGGER.error("Erreur", exc_info=error)
    return _page(InternalServerError(), _UNEXPECTED)


def _unreadable(error: Exception) -> Response:
    LOGGER.warning("Illisible : %s", type(error).__name__)
    return _page(BadRequest(), _WORDS[400])


def _page(error: HTTPException, words: Words, **context: object) -> Response:
    page = render_template(
        "web/error.html", words=words, on_desk=request.path.startswith("/espace"), **context
    )
    response = make_response(page, error.code or 500)
    response.headers.extend(
        (name, value)
        for name, value in error.get_headers(request.environ)
        if name.lower() != "content-type"
    )
    return response
