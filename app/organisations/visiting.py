"""Visiting a demonstration structure, as somebody else, and coming back as oneself.

The roof knows how to make the demonstration; who visits it is signed in as its invented person,
and their own identity waits in the signed cookie.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast
from uuid import UUID

from flask import current_app
from flask import session as cookie

from app.organisations import queries, sessions
from app.organisations.queries import Member
from app.web.current import database

#: Returns the invented person of the demonstration that belongs to a structure.
Demonstrator = Callable[[UUID], UUID]


def is_visiting() -> bool:
    """Tell whether somebody is looking at the demonstration."""
    return sessions.OWN in cookie


def own_id() -> UUID | None:
    """Return who is really signed in, at home or in a visit."""
    if not sessions.is_signed_in():
        return None
    own = sessions.find_signed_in(cookie[sessions.OWN]) if is_visiting() else None
    return own.member.id if own else sessions.current_member().id


def visit() -> None:
    """Sign the present person in as the invented one, and remember who they are."""
    own = sessions.current_member()
    if is_visiting() or own.reach is None:
        return
    demonstrator = cast("Demonstrator", current_app.extensions["demonstrator"])
    person_id = demonstrator(own.reach.organisation_id)
    sessions.become(_member(person_id))
    cookie[sessions.OWN] = sessions.SignedIn(own).get_id()


def come_back() -> bool:
    """Sign the visitor in as themselves again; False when their own access was cut meanwhile."""
    own = sessions.find_signed_in(cookie.get(sessions.OWN, ""))
    if own is None:
        sessions.sign_out()
        return False
    sessions.become(own.member)
    return True


def _member(person_id: UUID) -> Member:
    with database().reading() as session:
        found = queries.find_member(session, person_id)
    if found is None:
        raise LookupError(person_id)
    return found
