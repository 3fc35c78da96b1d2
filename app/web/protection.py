"""What a request may be: its host, its size, its session, its origin."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from ipaddress import IPv6Network, ip_address
from socket import gethostname
from urllib.parse import urlsplit

from flask import Flask, Request, abort, g, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_wtf import CSRFProtect
from werkzeug.exceptions import SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Keys, Settings

MAX_BODY = 256 * 1024
MAX_PARTS = 200
#: A session ends after this time without any page asked for.
IDLE = timedelta(minutes=30)

#: The desk protects its own pages; public forms carry no session and no token.
csrf = CSRFProtect()


class DeskSession(SecureCookieSessionInterface):
    """Keep sessions to the desk: a public page reads no cookie and sets none."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Read the session of a desk page; any other page has none."""
        if request.path.startswith("/espace"):
            return super().open_session(app, request)
        return None

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Write the cookie again, which prolongs the session, unless no person asked for this."""
        return not g.get("passive", False) and super().should_set_cookie(app, session)


def init_app(app: Flask) -> None:
    """Configure the application from its settings and keys."""
    settings: Settings = app.extensions["settings"]
    keys: Keys = app.extensions["keys"]
    https = settings.base_url.startswith("https://")
    app.config.update(
        SECRET_KEY=keys.derive("session").hex(),
        SECRET_KEY_FALLBACKS=list(settings.secret_key_fallbacks),
        SESSION_COOKIE_NAME="__Host-recueil" if https else "recueil",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=IDLE,
        MAX_CONTENT_LENGTH=MAX_BODY,
        MAX_FORM_MEMORY_SIZE=MAX_BODY,
        MAX_FORM_PARTS=MAX_PARTS,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,  # a token lives as long as its session, never less
        WTF_I18N_ENABLED=False,  # WTForms speaks French by itself, see forms.py
    )
    app.session_interface = DeskSession()
    csrf.init_app(app)
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    _refuse_the_unreadable(app, urlsplit(settings.base_url).hostname or "")


def _refuse_the_unreadable(app: Flask, name: str) -> None:
    known = frozenset({name, "localhost", gethostname().lower()} - {""})

    @app.before_request
    def refuse() -> None:
        """Refuse a host that is not ours, and a body that does not say how long it is."""
        host = _host_name(request.headers.get("Host", ""))
        if host not in known and not _is_on_local_network(host):
            raise SecurityError
        if request.method in ("POST", "PUT", "PATCH") and request.content_length is None:
            # Read without its length, a chunked body over the limit would be kept truncated.
            abort(411)


def comes_from_us(request: Request) -> bool:
    """Tell whether a form was sent from one of our own pages, as far as the browser says.

    Old phones send neither header: their forms are accepted.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def client_network(request: Request) -> str:
    """Return what to count a client by: its address, or in IPv6 the network that is given to one.

    A single subscriber of IPv6 has more addresses than can be counted.
    """
    address = request.remote_addr or ""
    if ":" not in address:
        return address
    try:
        return str(IPv6Network((address.partition("%")[0], 64), strict=False))
    except ValueError:
        return address


@lru_cache(maxsize=256)
def _host_name(header: str) -> str:
    try:
        return (urlsplit(f"//{header}").hostname or "").rstrip(".")
    except ValueError:
        return ""


@lru_cache(maxsize=256)
def _is_on_local_network(host: str) -> bool:
    """Tell whether the host is a local address or name: none can be registered by a stranger."""
    try:
        address = ip_address(host)
    except ValueError:
        return host.endswith(".local")
    return address.is_private or address.is_loopback or address.is_link_local
