"""What the holder of a receipt finds of their testimony, and what they change in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import abort, request
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import select

from app.media.models import MediaFile
from app.media.reception import FAILED, READY
from app.media.serving import What, send_media
from app.media.store import current_store
from app.testimonies import erasure
from app.testimonies.actions import MASKED, ORIGINAL, SIGNATURE
from app.testimonies.asking import day_in
from app.testimonies.changing import Wanted, ages, name_field, questions, read_change, sentence
from app.testimonies.consents import agreement_of
from app.testimonies.masking import digest_of
from app.testimonies.models import QuoteUse, Testimony, TestimonyMedia
from app.testimonies.queries import by_receipt, parts_of
from app.testimonies.recordings import recordings_of
from app.testimonies.statuses import WITHDRAWN
from app.web.current import database, keys, settings, today
from app.web.headers import content_policy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask import Response
    from sqlalchemy.orm import Session

    from app.answering.plain import Leaf

#: Seconds during which the address of a voice or a picture, given by the page, opens it.
OPEN = 1800
#: Fields of the page that ask for something.
SAVE, READ_AGAIN = "enregistrer", "relu"
#: Which text was on the page that says it was read.
SEEN = "vu"


@dataclass(frozen=True, slots=True)
class Recording:
    """Be a voice, a picture or a film as its author finds it."""

    kind: str
    address: str
    poster: str
    is_failed: bool


def find_testimony(session: Session, code: str) -> Testimony | None:
    """Return the testimony of a code; one whose time is over waits for the purge, and is gone."""
    found = by_receipt(session, keys(), code)
    return found if found is not None and found.expires_on >= today() else None


def show_testimony(session: Session, leaf: Leaf, found: Testimony, **context: Any) -> Response:
    """Return the page of a testimony."""
    page = leaf.show("testimony", context.pop("status", 200), **_all(session, leaf, found, context))
    page.headers["Content-Security-Policy"] = content_policy(plays=True)
    return page


def change_testimony(session: Session, leaf: Leaf, found: Testimony) -> Response | list[str]:
    """Write what the form says; return the keys of the files gone, or the page to mend."""
    answer = request.form.get(READ_AGAIN)
    if answer in ("oui", "non"):
        is_good, seen = answer == "oui", request.form.get(SEEN, "")
        is_noted = erasure.reread(session, keys(), found.id, today(), is_good=is_good, seen=seen)
        return [] if is_noted else show_testimony(session, leaf, found, status=409, is_new=True)
    day = today()
    parts = parts_of(session, keys(), [found.id])[found.id]
    asked = questions(session, leaf.words, found, day)
    want = read_change(request.form, asked, found, parts.get(SIGNATURE, ""))
    if want.fault is not None:
        return show_testimony(session, leaf, found, status=422, want=want)
    return erasure.change(
        session, keys(), settings().data, found.id, want.choices, day,
        signature=want.signature, age_band=want.age_band,
    ) or []  # fmt: skip


def forget(files: Sequence[str]) -> None:
    """Take files out of the store, once what named them is gone for good."""
    if files:
        current_store().forget(*files)


def show_media(token: str) -> Response:
    """Send a voice or a picture to whoever was shown its testimony, for half an hour."""
    try:
        media_id, what = _signer().loads(token, max_age=OPEN)
    except BadData:
        abort(404)
    with database().reading() as session:
        found = session.scalars(
            select(MediaFile)
            .join(TestimonyMedia, TestimonyMedia.media_id == MediaFile.id)
            .join(Testimony, Testimony.id == TestimonyMedia.testimony_id)
            .where(MediaFile.id == UUID(media_id), Testimony.expires_on >= today())
        ).one_or_none()
    return send_media(found, what) if found is not None else abort(404)


def _all(
    session: Session, leaf: Leaf, found: Testimony, context: Mapping[str, Any]
) -> dict[str, Any]:
    """Return all that the page shows."""
    agreement = agreement_of(session, found)
    parts = parts_of(session, keys(), [found.id])[found.id]
    is_confirmed = erasure.may_be_reread(session, found)
    shown = _shown(session, found.id)
    return {
        "code": request.form.get("code", ""),
        "day": day_in(leaf.language, found.day),
        "until": day_in(leaf.language, found.expires_on),
        "text": parts.get(ORIGINAL, ""),
        "masked": parts[MASKED] if is_confirmed else "",
        "seen": digest_of(parts[MASKED]) if is_confirmed else "",
        "is_withdrawn": found.status == WITHDRAWN,
        "is_used": bool(agreement.uses),
        "waits": is_confirmed and agreement.waits_for_rereading,
        "reread_on": day_in(leaf.language, found.reread_on) if found.reread_on else "",
        "recordings": [_recording(one) for one in recordings_of(session, [found.id])[found.id]],
        "asked": questions(session, leaf.words, found, today()),
        "chosen": agreement.choices,
        "name_field": name_field(found),
        "name": parts.get(SIGNATURE, ""),
        "ages": ages(leaf.language),
        "age": found.age_band,
        "shown": [(one.place, day_in(leaf.language, one.used_on)) for one in shown],
        "has_to_go": any(one.withdrawn_on and not one.settled_on for one in shown),
        **_mended(leaf, context),
    }


def _mended(leaf: Leaf, context: Mapping[str, Any]) -> dict[str, Any]:
    """Show again what was typed, with what is to mend."""
    want: Wanted | None = context.get("want")
    if want is None or want.fault is None:
        return {"mark": request.form.get("code", ""), **context}
    title, how = sentence(leaf.words, want.fault)
    return {
        "chosen": {one.scope: one.choice for one in want.choices},
        "name": want.signature,
        "fault": want.fault.field,
        "fault_title": title,
        "fault_how": how,
    }


def _recording(media: MediaFile) -> Recording:
    is_ready = media.state == READY
    return Recording(
        media.kind,
        _address(media, "playable") if is_ready else "",
        _address(media, "poster") if is_ready and media.poster else "",
        media.state == FAILED,
    )


def _address(media: MediaFile, what: What) -> str:
    return f"/recu/media/{_signer().dumps([media.id.hex, what])}"


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(keys().derive("receipt media"))


def _shown(session: Session, testimony_id: UUID) -> Sequence[QuoteUse]:
    query = select(QuoteUse).where(QuoteUse.testimony_id == testimony_id)
    return session.scalars(query.order_by(QuoteUse.used_on, QuoteUse.id)).all()
