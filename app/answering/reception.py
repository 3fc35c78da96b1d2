"""What the room keeps in memory: links read a moment ago, pages written once, counters."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, cast

from flask import Response, current_app, request

from app.answering.entrance import Entrance, Entrances
from app.answering.limits import Limiter
from app.answering.pages import Voice, policy, write_questions, write_thanks
from app.answering.spliced import Spliced
from app.web.current import today

if TYPE_CHECKING:
    from flask.blueprints import BlueprintSetupState

    from app.answering.invited import Invited

#: A page takes about 40 kB of memory.
MOST_PAGES = 200


class Shelf:
    """Keep the pages asked for last."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._pages: OrderedDict[Hashable, Spliced] = OrderedDict()
        self._guard = threading.Lock()

    def page(self, name: Hashable, write: Callable[[], str]) -> Spliced:
        """Return a page, written now if it is not there."""
        with self._guard:
            page = self._pages.get(name)
            if page is not None:
                self._pages.move_to_end(name)
                return page
        page = Spliced(write())
        with self._guard:
            self._pages[name] = page
            if len(self._pages) > self._most:
                self._pages.popitem(last=False)
        return page


class Reception:
    """Hold the memory of the room, one for each application."""

    def __init__(self, entrances: Entrances, limiter: Limiter) -> None:
        self.entrances = entrances
        self.limiter = limiter
        self._shelf = Shelf(MOST_PAGES)

    def questions(self, entrance: Entrance, language: str, key: str) -> Response:
        """Return the page on which people answer, under a key of its own."""
        day = today()
        page = self._shelf.page(
            ("questions", entrance.fingerprint, language, entrance.kept_until(day)),
            lambda: write_questions(Voice(entrance, language), day),
        )
        return send(page, key)

    def thanks(
        self, entrance: Entrance, language: str, receipt: str, invited: Invited | None = None
    ) -> Response:
        """Return the page that says thank you and gives the receipt code."""
        voice = Voice(entrance, language)
        if invited is not None:
            page = Spliced(write_thanks(voice, invited))
        else:
            name = ("thanks", entrance.fingerprint, language)
            page = self._shelf.page(name, lambda: write_thanks(voice))
        groups = receipt.split("-")
        # The link to the answer, and the line that the tab keeps: none on a shared tablet.
        return send(page, *groups, *(() if entrance.is_kiosk else (receipt,) * 3))


def open_reception(state: BlueprintSetupState) -> None:
    """Give the application its reception."""
    held = state.app.extensions
    held["answering"] = Reception(
        Entrances(held["database"], held["library"]), Limiter(held["settings"].limit)
    )


def reception() -> Reception:
    """Return the reception of the running application."""
    return cast("Reception", current_app.extensions["answering"])


def teller() -> Callable[[Entrance, str], Response]:
    """Return what shows and takes testimonies: the room above, that the wiring names."""
    return cast("Callable[[Entrance, str], Response]", current_app.extensions["teller"])


def send(page: Spliced, *values: str) -> Response:
    """Send a page with its values: never from a cache, which would serve a spent key."""
    squeezed = request.accept_encodings["gzip"] > 0
    response = Response(page.gzip(*values) if squeezed else page.plain(*values))
    return dress(response, "gzip" if squeezed else None)


def dress(response: Response, encoding: str | None = None) -> Response:
    """Put on a page of this room the headers that it needs."""
    headers = response.headers
    headers["Content-Security-Policy"] = policy()
    headers["Cache-Control"] = "no-store"
    headers["Vary"] = "Accept-Encoding"
    if encoding is not None:
        headers["Content-Encoding"] = encoding
    return response
