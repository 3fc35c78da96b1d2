"""The security headers of every response, errors and static files included."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256

from flask import Flask, Response

from config import Settings

_HEADERS = (
    ("Referrer-Policy", "same-origin"),  # with no-referrer, Origin would be `null` on a POST
    ("X-Content-Type-Options", "nosniff"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)
#: What the page that records asks for, and no other.
RECORDING = "camera=(self), geolocation=(), microphone=(self), payment=(), usb=()"
#: Browsers ignore these over plain http, and complain of the first.
_HTTPS_HEADERS = (
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Strict-Transport-Security", "max-age=31536000"),
)


@cache
def content_policy(
    *styles: str,
    framed_by: str = "'none'",
    frames: str = "",
    records: bool = False,
    plays: bool = False,
) -> str:
    """Return the content policy of a page; `styles` are the texts of its inline style sheets.

    A page that inlines its style sets this header itself, and its own policy is kept. So does the
    one page that others of ours may show in a frame, those that do, and the one that `records`: it
    plays what it made before anything leaves the device. One that `plays` lets what was sent be
    heard.
    """
    hashes = (b64encode(sha256(style.encode()).digest()).decode() for style in styles)
    inline = "".join(f" 'sha256-{digest}'" for digest in hashes)
    framing = f"frame-src {frames}; " if frames else ""
    own = " blob:" if records else ""
    media = f"media-src 'self'{own}; " if records or plays else ""
    return (
        f"default-src 'none'; style-src 'self'{inline}; script-src 'self'; "
        f"img-src 'self'{own}; {media}font-src 'self'; connect-src 'self'; form-action 'self'; "
        "base-uri 'none'; "
        f"{framing}frame-ancestors {framed_by}"
    )


def init_app(app: Flask) -> None:
    """Put the headers on every response of the application."""
    settings: Settings = app.extensions["settings"]
    https = settings.base_url.startswith("https://")
    always = _HEADERS + _HTTPS_HEADERS if https else _HEADERS
    policy = content_policy()

    @app.after_request
    def add_headers(response: Response) -> Response:
        """Add what the view did not decide itself."""
        headers = response.headers
        for name, value in always:
            headers.setdefault(name, value)
        headers.setdefault("X-Frame-Options", "DENY")
        headers.setdefault("Content-Security-Policy", policy)
        # A file that is sent says `no-cache`, with which a browser still keeps it on its disk.
        if headers.get("Cache-Control", "no-cache") == "no-cache":
            headers["Cache-Control"] = "no-store"
        return response
