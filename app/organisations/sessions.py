"""Who is signed in: a signed cookie that the server can revoke, and gentle limits on guessing."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from typing import cast
from uuid import UUID

from flask import Flask, abort, current_app
from flask import session as cookie
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from app.organisations import queries
from app.organisations.queries import Member, Reach
from app.web.current import database

#: Wrong passwords allowed for one e-mail from one address, in so many seconds.
ATTEMPTS = 10
WINDOW = 600
#: Pairs of e-mail and address remembered; the oldest are forgotten first.
_MOST = 10_000


class SignedIn(UserMixin):  # type: ignore[misc]
    """Be a member as the sign-in library needs them: raising the epoch cuts their sessions."""

    def __init__(self, member: Member) -> None:
        self.member = member

    def get_id(self) -> str:
        """Return what the cookie keeps."""
        return f"{self.member.id} {self.member.session_epoch}"


class Attempts:
    """Count what may be tried so often, in memory only: nothing about people is written down."""

    def __init__(self, most: int = ATTEMPTS) -> None:
        self._most = most
        self._times: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def too_many(self, email: str, address: str) -> bool:
        """Tell whether this e-mail must wait before it is tried again from this address."""
        with self._lock:
            times = self._times.get((email, address), deque())
            while times and times[0] < time.monotonic() - WINDOW:
                times.popleft()
            return len(times) >= self._most

    def failed(self, email: str, address: str) -> None:
        """Note a wrong password, or a link that was asked for."""
        with self._lock:
            self._times.setdefault((email, address), deque(maxlen=self._most)).append(
                time.monotonic()
            )
            self._times.move_to_end((email, address))
            if len(self._times) > _MOST:
                self._times.popitem(last=False)

    def succeeded(self, email: str, address: str) -> None:
        """Forget the wrong passwords that came before the right one."""
        with self._lock:
            self._times.pop((email, address), None)


def sign_in(member: Member) -> None:
    """Open the session of a person in a fresh cookie."""
    cookie.clear()
    cookie.permanent = True
    login_user(SignedIn(member))


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
    manager.user_loader(find_signed_in)
    manager.init_app(app, add_context_processor=False)


def find_signed_in(cookie_id: str) -> SignedIn | None:
    """Return who a cookie names, unless their access or their sessions were cut since."""
    person_id, _, epoch = cookie_id.partition(" ")
    with database().reading() as session:
        member = queries.find_member(session, UUID(person_id))
    if member is None or str(member.session_epoch) != epoch:
        return None
    return SignedIn(member)
