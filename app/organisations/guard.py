"""The guard of the desk: every page declares who may use it, and nobody else passes."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any, ParamSpec, TypeVar

from flask import abort, current_app, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.organisations.roles import Role
from app.organisations.sessions import current_member, is_signed_in
from app.organisations.visiting import is_visiting
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


def passive(view: Callable[P, R]) -> Callable[P, R]:
    """Mark an address that a page asks for by itself: it must not keep a session alive."""
    view.passive = True  # type: ignore[attr-defined]
    return view


def closed_in_visit(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a page about real people and passwords: nobody who visits the demonstration uses it."""
    view.closed_in_visit = True  # type: ignore[attr-defined]
    return view


def receives(size: int, *, in_memory: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a page of the desk receive a file: a body of so many bytes, where others take little.

    A large file waits on the disk while it is read, unless it must never touch it.
    """

    def declare(view: Callable[P, R]) -> Callable[P, R]:
        view.body = size  # type: ignore[attr-defined]
        view.in_memory = in_memory  # type: ignore[attr-defined]
        return view

    return declare


def roles_of(view: Callable[..., Any]) -> tuple[Role, ...]:
    """Return the roles that a page declares; none when it forgot to."""
    return getattr(view, "roles", ())


def guard() -> Response | None:
    """Send away who is not signed in or has another role, and refuse a form from elsewhere."""
    view = current_app.view_functions[request.endpoint or ""]
    g.passive = getattr(view, "passive", False)
    if not getattr(view, "open_to_all", False):
        if not is_signed_in():
            if request.method not in ("GET", "HEAD"):
                abort(401)
            return redirect(url_for("espace.connexion", suite=_here()))
        g.member = current_member()  # for the shell: an error page must not ask the database
        if g.member.role not in roles_of(view):
            abort(403)
        if getattr(view, "closed_in_visit", False) and is_visiting():
            return make_response(render_template("organisations/visite.html"), 403)
        if size := getattr(view, "body", 0):  # before the token is read, and the body with it
            request.max_content_length = request.max_form_memory_size = size
        if getattr(view, "in_memory", False):
            request._get_file_stream = _in_memory  # type: ignore[method-assign]
    csrf.protect()
    return None


def _in_memory(*_: object, **__: object) -> BytesIO:
    return BytesIO()


def _here() -> str:
    return request.full_path.rstrip("?")
