"""The demonstration that a structure visits from its desk: made once a year, apart from it."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from app.demonstration.structure import load_demonstration
from app.organisations.actions import OrganisationError
from app.organisations.queries import find_person
from app.web.current import database, keys, library, settings, today

NAME = "Le Fil numérique (démonstration)"


def invented_person(organisation_id: UUID) -> UUID:
    """Return who to be in the demonstration of a structure; make it at the first visit.

    The campaigns of a demonstration are those of one year: the next year has its own.
    """
    email = f"demo-{organisation_id.hex}-{today().year}@recueil.invalid"
    found = _find(email)
    if found is None:
        with suppress(OrganisationError):  # a colleague made it meanwhile
            load_demonstration(
                database(),
                keys(),
                library(),
                folder=settings().data,
                name=NAME,
                email=email,
                today=today(),
            )
        found = _find(email)
    if found is None:
        raise LookupError(email)
    return found


def _find(email: str) -> UUID | None:
    with database().reading() as session:
        person = find_person(session, email)
        return person.id if person else None
