"""Send what people recorded, to those who may see it: whole or a range, kept by no browser."""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Literal, TypeAlias
from uuid import UUID

from flask import Response, abort, request

from app.media.reception import READY
from app.media.store import Gone, current_store
from app.organisations.sessions import current_member
from app.web.current import now

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from werkzeug.datastructures import Range

    from app.media.models import MediaFile

What: TypeAlias = Literal["playable", "poster"]

#: Opened by itself, a file runs nothing, shows nothing else and has no address of ours.
_POLICY = "default-src 'none'; sandbox"
_EXTENSIONS = {"image/jpeg": "jpg", "audio/mp4": "m4a", "video/mp4": "mp4"}

#: Who looked at which file in which hour, as far as it is noted; the oldest are forgotten first.
_looks: OrderedDict[tuple[UUID, UUID, datetime], None] = OrderedDict()
_looking = threading.Lock()
_MOST_LOOKS = 2_000


def send_media(media: MediaFile, what: What = "playable") -> Response:
    """Answer with a file, or the range that was asked for; 404 when it is not there (any more)."""
    key = media.poster if what == "poster" else media.playable
    content_type = "image/jpeg" if what == "poster" else media.content_type
    if media.state != READY or not key:
        abort(404)
    store = current_store()
    try:
        total = store.size(key)
        asked = _asked()
        found = asked.range_for_length(total) if asked else (0, total)
        if found is None:
            return _unsatisfiable(total)
        start, end = found
        content = store.read(key, start, end)
        # The first bytes are read here: what is gone is a 404, not a broken answer.
        first = next(content, b"")
    except Gone:
        abort(404)
    return _response(chain((first,), _until_gone(content)), content_type, start, end, total)


def note_look(media: MediaFile, note: Callable[[], None]) -> None:
    """Have it noted, once an hour, that the signed-in person looks at a file, whole or in part.

    A player asks for many ranges: the memory of this process spares the database the others.
    """
    look = (current_member().id, media.id, now().replace(minute=0, second=0, microsecond=0))
    if media.state != READY or look in _looks:
        return
    note()
    with _looking:
        _looks[look] = None
        while len(_looks) > _MOST_LOOKS:
            _looks.popitem(last=False)


def _asked() -> Range | None:
    """Return the one range that is asked for; several are answered whole, as none is."""
    asked = request.range
    is_one = asked is not None and asked.units == "bytes" and len(asked.ranges) == 1
    return asked if is_one else None


def _response(
    content: Iterator[bytes], content_type: str, start: int, end: int, total: int
) -> Response:
    is_part = _asked() is not None
    response = Response(content, 206 if is_part else 200, _headers())
    response.content_type = content_type
    response.content_length = end - start
    response.headers["Content-Disposition"] = (
        f"attachment; filename=temoignage.{_EXTENSIONS.get(content_type, 'bin')}"
    )
    if is_part:
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{total}"
    return response


def _unsatisfiable(total: int) -> Response:
    response = Response(status=416, headers=_headers())
    response.headers["Content-Range"] = f"bytes */{total}"
    return response


def _headers() -> dict[str, str]:
    return {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": _POLICY,
    }


def _until_gone(content: Iterator[bytes]) -> Iterator[bytes]:
    """Stop where the file is erased under who reads it: the browser sees that it is cut."""
    try:
        yield from content
    except Gone:
        return
