"""The guard of the desk: every page declares who may use it, and nobody else passes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from flask import abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from app.organisations.roles import Role
from app.organisations.sessions import current_member, is_signed_in
from app.web.protection import csrf

P = ParamSpec("P")
R = TypeVar("R")


def open_to_all(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a page of the desk that needs no sign-in."""
    view.open_to_all = True  # type: ignore[attr-defined]
    return view


def reserved_to(*roles: Role) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare the roles that may use a page of the desk."""

    def declare(view: Callable[P, R]) -> Callable[P, R]:
        view.roles = roles  # type: ignore[attr-defined]
        return view

    return declare


def roles_of(view: Callable[..., Any]) -> tuple[Role, ...]:
    """Return the roles that a page declares; none when it forgot to."""
    return getattr(view, "roles", ())


def guard() -> Response | None:
    """Send away who is not signed in or has another role, and refuse a form from elsewhere."""
    view = current_app.view_functions[request.endpoint or ""]
    if not getattr(view, "open_to_all", False):
        if not is_signed_in():
            if request.method not in ("GET", "HEAD"):
                abort(401)
            return redirect(url_for("espace.connexion", suite=_here()))
        g.member = current_member()  # for the shell: an error page must not ask the database
        if g.member.role not in roles_of(view):
            abort(403)
    csrf.protect()
    return None


def _here() -> str:
    return request.full_path.rstrip("?")
