"""One log line a request: what was asked for and how it went, never by whom nor with what."""

from __future__ import annotations

import logging
from time import perf_counter
from typing import Any

from flask import Flask, Response, g, request

LOGGER = logging.getLogger("recueil")


def init_app(app: Flask) -> None:
    """Write one line a request: method, rule (never the path, which holds a code), status, ms."""
    if not LOGGER.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        LOGGER.addHandler(handler)
        LOGGER.setLevel(logging.INFO)

    @app.before_request
    def start() -> None:
        """Note when the request came."""
        g.started = perf_counter()

    @app.after_request
    def write(response: Response) -> Response:
        """Write the line once the response is known."""
        elapsed = (perf_counter() - g.get("started", perf_counter())) * 1000
        LOGGER.info("%s %s %d %.1f ms", request.method, _rule(), response.status_code, elapsed)
        return response

    def write_failure(failure: Any) -> None:
        """Write where an unforeseen error happened; Flask would write the path."""
        LOGGER.error("%s %s", request.method, _rule(), exc_info=failure)

    app.log_exception = write_failure  # type: ignore[method-assign,assignment]


def _rule() -> str:
    return request.url_rule.rule if request.url_rule else "-"
