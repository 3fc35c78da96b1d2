"""The addresses of voices, pictures and films, for those of the team who may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort

from app.media.serving import note_look, send_media
from app.organisations.guard import reserved_to
from app.organisations.roles import TEAM
from app.organisations.sessions import current_reach
from app.testimonies.consents import agreement_of
from app.testimonies.queries import find
from app.testimonies.reading_desk import note_reading
from app.testimonies.recordings import may_be_heard, recording
from app.web.current import database, today

if TYPE_CHECKING:
    from uuid import UUID

    from flask import Blueprint
    from werkzeug.wrappers import Response

    from app.media.models import MediaFile


def routes(parent: Blueprint) -> None:
    """Add the addresses of recordings to the desk."""
    one = "/temoignages/<uuid:testimony_id>/media/<uuid:media_id>"
    parent.add_url_rule(one, view_func=enregistrement)
    parent.add_url_rule(f"{one}/apercu", view_func=apercu)


@reserved_to(*TEAM)
def enregistrement(testimony_id: UUID, media_id: UUID) -> Response:
    """Send a voice, a picture or a film; who listens is noted as who reads."""
    media = _recording(testimony_id, media_id)
    note_look(media, lambda: note_reading("Témoignages"))
    return send_media(media)


@reserved_to(*TEAM)
def apercu(testimony_id: UUID, media_id: UUID) -> Response:
    """Send the small picture of a film or of a photo: a face, which is noted too."""
    media = _recording(testimony_id, media_id)
    note_look(media, lambda: note_reading("Témoignages"))
    return send_media(media, "poster")


def _recording(testimony_id: UUID, media_id: UUID) -> MediaFile:
    """Return what the signed-in person may see; nothing else is known to exist."""
    with database().reading() as session:
        testimony = find(session, current_reach(), testimony_id, today())
        if testimony is None or not may_be_heard(agreement_of(session, testimony)):
            abort(404)
        media = recording(session, testimony_id, media_id)
    if media is None:
        abort(404)
    return media
