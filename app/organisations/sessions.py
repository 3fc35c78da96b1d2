"""Who is signed in: a signed cookie that the server can revoke, and gentle limits on guessing."""

from __future__ import annotations

import time
from typing import cast
from uuid import UUID

from flask import Flask, abort, current_app
from flask import session as cookie
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from app.organisations import queries
from app.organisations.limits import Attempts
from app.organisations.queries import Member, Reach
from app.web.current import database

#: Seconds after which one signs in again, however busy one was.
LONGEST = 12 * 3600
#: In the cookie: when the password was given; in a visit, who the visitor is at home.
_SINCE, OWN = "entree", "retour"


class SignedIn(UserMixin):  # type: ignore[misc]
    """Be a member as the sign-in library needs them: raising the epoch cuts their sessions."""

    def __init__(self, member: Member) -> None:
        self.member = member

    def get_id(self) -> str:
        """Return what the cookie keeps."""
        return f"{self.member.id} {self.member.session_epoch}"


def sign_in(member: Member) -> None:
    """Open the session of a person in a fresh cookie."""
    cookie.clear()
    cookie.permanent = True
    cookie[_SINCE] = int(time.time())
    login_user(SignedIn(member))


def become(member: Member) -> None:
    """Go on as somebody else in a fresh cookie: the session does not last longer for it."""
    since = cookie.get(_SINCE, 0)
    sign_in(member)
    cookie[_SINCE] = since


def sign_out() -> None:
    """Close the session."""
    logout_user()
    cookie.clear()


def is_signed_in() -> bool:
    """Tell whether somebody is signed in."""
    return bool(current_user.is_authenticated)


def current_member() -> Member:
    """Return the person who is signed in; the guard of the desk made sure there is one."""
    return cast(SignedIn, current_user).member


def current_reach() -> Reach:
    """Return what the signed-in person may see of their structure.

    The guard lets only the team of a structure into the pages that ask.
    """
    reach = current_member().reach
    if reach is None:
        abort(403)
    return reach


def current_organisation_id() -> UUID:
    """Return the structure of the person who is signed in."""
    return current_reach().organisation_id


def attempts() -> Attempts:
    """Return the wrong passwords that the running application remembers."""
    return cast(Attempts, current_app.extensions["sign_in_attempts"])


def init_app(app: Flask) -> None:
    """Give the application the sign-in library, told how to read a cookie back."""
    app.extensions["sign_in_attempts"] = Attempts()
    manager = LoginManager()
    manager.session_protection = None  # it would keep a print of the address and the browser
    manager.user_loader(present)
    manager.init_app(app, add_context_processor=False)


def present(cookie_id: str) -> SignedIn | None:
    """Return who is signed in, unless it was too long ago, or who they are at home left."""
    if time.time() - cookie.get(_SINCE, 0) > LONGEST:
        return None
    if OWN in cookie and find_signed_in(cookie[OWN]) is None:
        return None
    return find_signed_in(cookie_id)


def find_signed_in(cookie_id: str) -> SignedIn | None:
    """Return who a cookie names, unless their access or their sessions were cut since."""
    person_id, _, epoch = cookie_id.partition(" ")
    with database().reading() as session:
        member = queries.find_member(session, UUID(person_id))
    if member is None or str(member.session_epoch) != epoch:
        return None
    return SignedIn(member)
