"""Static files: read once, squeezed, and served under an address that changes with them."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path

import rcssmin
import rjsmin
from flask import Blueprint, Response, abort, request

FOLDER = Path(__file__).parent / "static"
_CSS_ADDRESS = re.compile(r"url\(([\w./-]+)\)")
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
_FOREVER = "public, max-age=31536000, immutable"
_SHORTLY = "public, max-age=86400"


@dataclass(frozen=True, slots=True)
class StaticFile:
    """Hold one file as it is sent."""

    body: bytes
    squeezed: bytes
    content_type: str
    digest: str


@cache
def static_file(name: str) -> StaticFile:
    """Read a file of the static folder; raise FileNotFoundError when there is none."""
    path = FOLDER / name
    if not path.is_relative_to(FOLDER) or ".." in path.parts or not path.is_file():
        raise FileNotFoundError(name)
    body = path.read_bytes()
    if path.suffix == ".css":
        styles = rcssmin.cssmin(body.decode())
        body = _CSS_ADDRESS.sub(lambda found: f"url({static_url(found[1])})", styles).encode()
    elif path.suffix == ".js":
        body = rjsmin.jsmin(body.decode()).encode()
    content_type = _TYPES.get(path.suffix) or guess_type(name)[0] or "application/octet-stream"
    squeezed = b"" if path.suffix == ".woff2" else gzip.compress(body, 9, mtime=0)
    return StaticFile(body, squeezed, content_type, sha256(body).hexdigest()[:12])


def static_url(name: str) -> str:
    """Return the address of a static file; it changes with the content, so it is kept forever."""
    return f"/static/{static_file(name).digest}/{name}"


def routes(shell: Blueprint) -> None:
    """Add the static files, and the picture that browsers ask for by themselves."""
    shell.add_url_rule("/static/<digest>/<path:name>", view_func=serve)
    shell.add_url_rule("/favicon.ico", view_func=favicon)


def serve(digest: str, name: str) -> Response:
    """Send a static file; an address of a former version gets today's, for a short time."""
    try:
        file = static_file(name)
    except (FileNotFoundError, ValueError):
        abort(404)
    return _send(file, _FOREVER if digest == file.digest else _SHORTLY)


def favicon() -> Response:
    """Send the mark of Recueil."""
    return _send(static_file("marque.svg"), _SHORTLY)


def _send(file: StaticFile, caching: str) -> Response:
    squeezed = bool(file.squeezed) and request.accept_encodings.quality("gzip") > 0
    response = Response(file.squeezed if squeezed else file.body, content_type=file.content_type)
    response.headers["Cache-Control"] = caching
    if file.squeezed:
        response.headers["Vary"] = "Accept-Encoding"
    if squeezed:
        response.headers["Content-Encoding"] = "gzip"
    return response
