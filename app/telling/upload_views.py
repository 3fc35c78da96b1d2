"""Where the script sends a voice, a picture or a film, piece after piece, once the words are in."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import Blueprint, Response, current_app, jsonify, request

from app.answering.entrance import FRENCH
from app.answering.limits import Limiter
from app.answering.plain import Leaf
from app.answering.reception import reception
from app.media.limits import CHUNK
from app.media.reception import StoreFull, TooLarge, WrongKind, WrongOffset
from app.telling.depositing import Refused, deposit, reason, take_back
from app.telling.recording import explain
from app.telling.uploads import FIELDS
from app.web.current import settings
from app.web.outage import OUTAGES, RETRY_AFTER, status_of
from app.web.protection import client_network, comes_from_us

if TYPE_CHECKING:
    from app.media.limits import Kind

#: Pieces that one address may send for each testimony that it may: a film on a bad network.
PIECES = 10


def routes(parent: Blueprint) -> None:
    """Add the address where pieces come."""
    parent.add_url_rule("/temoigner/<code>/fichier", view_func=take_piece, methods=["POST"])


def take_piece(code: str) -> Response:
    """Put one piece of a file with its testimony, and say how many bytes are here.

    Or hear that no file comes any more: where there are no words either, nothing stays.
    """
    if not comes_from_us(request):
        return _refuse(403, "refuse")
    entrance = reception().entrances.find(code)
    said = _Said.read()
    if entrance is None or said is None:
        return _refuse(404, "refuse")
    counter = (client_network(request), entrance.link.campaign_id)
    if _limiter().refuses(counter):
        return _refuse(429, "panne", retry_after=60)
    if "Recueil-Fin" in request.headers:
        _limiter().accept(counter)
        return _answer({"vide": take_back(entrance, said.key)}, 200)
    request.max_content_length = CHUNK
    if (request.content_length or 0) > CHUNK:
        return _refuse(413, "lourd")
    data = request.get_data(cache=False)
    _limiter().accept(counter)
    try:
        kind = cast("Kind", FIELDS[said.field])
        return _here(deposit(entrance, said.key, kind, said.total, said.offset, data))
    except WrongOffset as wrong:
        return _here(wrong.size, 409)
    except (Refused, TooLarge, WrongKind) as trouble:
        status = 413 if isinstance(trouble, TooLarge) else 404
        return _refuse(422 if isinstance(trouble, WrongKind) else status, reason(trouble))
    except (StoreFull, *OUTAGES) as trouble:
        return _refuse(status_of(trouble), "panne", retry_after=RETRY_AFTER)


class _Said:
    """Be what the headers of a piece say: nothing of it stands in the address, which is noted."""

    def __init__(self, key: str, field: str, offset: int, total: int) -> None:
        self.key, self.field, self.offset, self.total = key, field, offset, total

    @classmethod
    def read(cls) -> _Said | None:
        headers = request.headers
        key, field = headers.get("Recueil-Cle", ""), headers.get("Recueil-Champ", "")
        numbers = [headers.get(f"Recueil-{name}", "") for name in ("Debut", "Total")]
        if field not in FIELDS or not all(_is_size(one) for one in numbers):
            return None
        offset, total = map(int, numbers)
        return cls(key, field, offset, total)


def _is_size(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _here(size: int, status: int = 200) -> Response:
    return _answer({"taille": size}, status)


def _refuse(status: int, why: str, retry_after: int = 0) -> Response:
    """Say in the language of the page why this file is not kept."""
    field = request.headers.get("Recueil-Champ", "")
    leaf = Leaf(request.headers.get("Accept-Language", FRENCH))
    (message,) = explain(leaf.say, {field if field in FIELDS else "voix": why}, has_more=False)
    response = _answer({"message": message}, status)
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _answer(said: dict[str, object], status: int) -> Response:
    response = jsonify(said)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response


def _limiter() -> Limiter:
    """Return the counter of pieces of the running application."""
    held = current_app.extensions
    if "telling" not in held:
        held["telling"] = Limiter(settings().limit * PIECES)
    return cast("Limiter", held["telling"])
