"""The guard of the desk: nobody passes who is not signed in, except where a page says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from app.organisations.sessions import current_member, is_signed_in
from app.web.protection import csrf

P = ParamSpec("P")
R = TypeVar("R")


def open_to_all(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a page of the desk that needs no sign-in."""
    view.open_to_all = True  # type: ignore[attr-defined]
    return view


def guard() -> Response | None:
    """Send away who is not signed in, and refuse a form that did not come from our pages."""
    view = current_app.view_functions[request.endpoint or ""]
    if not getattr(view, "open_to_all", False):
        if not is_signed_in():
            if request.method not in ("GET", "HEAD"):
                abort(401)
            return redirect(url_for("espace.connexion", suite=_here()))
        g.member = current_member()  # for the shell: an error page must not ask the database
    csrf.protect()
    return None


def _here() -> str:
    return request.full_path.rstrip("?")
