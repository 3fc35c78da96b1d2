"""What a person takes back, or gives again: a choice, their voice and picture, everything.

Whoever calls these commits, then takes out of the store the files whose keys are returned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from app.testimonies import tombstones
from app.testimonies.actions import MASKED, SIGNATURE, write_part
from app.testimonies.consents import (
    BY_NAME,
    NO,
    OF_MEDIA,
    USES,
    YES,
    agreement_of,
    ends_on,
    write_choices,
)
from app.testimonies.deletion import (
    delete_media,
    delete_testimonies,
    leave_no_trace,
    withdraw_shown,
)
from app.testimonies.masking import digest_of
from app.testimonies.models import Quote, QuoteUse, Testimony, TestimonyText, TestimonyTombstone
from app.testimonies.quotes import masked_text
from app.testimonies.statuses import NEW, TO_MASK, VALIDATED, WITHDRAWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from pathlib import Path
    from uuid import UUID

    from sqlalchemy.orm import Session

    from app.testimonies.consents import Choice
    from config import Keys

#: Names that say more than others: leaving one of them, what was printed says too much.
_NAMED = ("age_lieu", *BY_NAME)


def erase(session: Session, folder: Path, testimony_id: UUID, today: date) -> list[str] | None:
    """Erase one testimony and all that came of it; return the keys of its files.

    Return None when there is none. What remains is a tombstone, in the database and in a file of
    `folder`, written for good before the caller can commit, and where it was shown, without words.
    """
    found = _hold(session, testimony_id)
    if found is None:
        return None
    files = delete_testimonies(session, [testimony_id], today)
    grave = tombstones.Grave(testimony_id, found.organisation_id, found.idempotency_key, today)
    session.execute(insert(TestimonyTombstone), grave._asdict())
    tombstones.append(folder, grave)
    return files


def change(
    session: Session,
    keys: Keys,
    folder: Path,
    testimony_id: UUID,
    choices: Iterable[Choice],
    today: date,
    *,
    signature: str = "",
    age_band: str | None = None,
    noted_by: UUID | None = None,
) -> list[str] | None:
    """Write the choices that change, and all that follows at once; return the keys of files gone.

    Return None when there is no such testimony. `signature` and `age_band` are how the person is
    to be named, kept only when they choose to be named so.
    """
    found = _hold(session, testimony_id)
    if found is None:
        return None
    before = agreement_of(session, found).choices
    changed = [one for one in choices if before.get(one.scope) != one.choice]
    write_choices(session, testimony_id, changed, today, noted_by)
    tombstones.append_changes(
        folder, [tombstones.Change(testimony_id, one.scope, one.choice, today) for one in changed]
    )
    after: dict[str, str] = dict(before) | {one.scope: one.choice for one in changed}
    _name(session, keys, found, after, signature, age_band)
    files = _follow(session, found, before, after, today)
    session.flush()
    if changed or signature:
        leave_no_trace(session)
    return files


def withdraw(
    session: Session,
    keys: Keys,
    folder: Path,
    testimony_id: UUID,
    refusals: Iterable[Choice],
    today: date,
    noted_by: UUID | None = None,
) -> list[str] | None:
    """Take back choices, each with the words it answers; return the keys of files gone."""
    return change(session, keys, folder, testimony_id, refusals, today, noted_by=noted_by)


def reread(
    session: Session, keys: Keys, testimony_id: UUID, today: date, *, is_good: bool, seen: str
) -> bool:
    """Note that the person read what may be shown: it is good, or it is to be masked again.

    `seen` tells which text was on the page. Return False when it is not the one that would be
    shown: nobody agrees to words that they did not read.
    """
    found = _hold(session, testimony_id)
    if found is None or not may_be_reread(session, found):
        return not is_good
    if is_good and seen != digest_of(masked_text(session, keys, testimony_id)):
        return False
    if is_good:
        found.reread_on = today
    else:
        found.reread_on = None
        found.status = TO_MASK
    session.flush()
    return True


def may_be_reread(session: Session, testimony: Testimony) -> bool:
    """Tell whether somebody of the team has confirmed what may be shown."""
    masked = select(TestimonyText.part).where(
        TestimonyText.testimony_id == testimony.id, TestimonyText.part == MASKED
    )
    return testimony.status == VALIDATED and session.execute(masked).first() is not None


def _hold(session: Session, testimony_id: UUID) -> Testimony | None:
    """Return a testimony that nobody else changes until the end of the transaction."""
    query = select(Testimony).where(Testimony.id == testimony_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def _name(
    session: Session,
    keys: Keys,
    testimony: Testimony,
    chosen: Mapping[str, str],
    signature: str,
    age_band: str | None,
) -> None:
    """Keep the name that the person wants to be given, and no other."""
    naming = chosen.get("nom")
    if naming not in BY_NAME:
        write_part(session, keys, testimony.id, SIGNATURE, "")
    elif signature:
        write_part(session, keys, testimony.id, SIGNATURE, signature)
    if naming != "age_lieu":
        testimony.age_band = None
    elif age_band:
        testimony.age_band = age_band


def _follow(
    session: Session,
    testimony: Testimony,
    before: Mapping[str, str],
    after: Mapping[str, str],
    today: date,
) -> list[str]:
    """Let all that depends on the choices follow them."""
    if before.get("duree") != after.get("duree"):
        testimony.expires_on = ends_on(after.get("duree"), testimony.day)
    if before.get("relire") != YES == after.get("relire"):
        testimony.reread_on = None
    _follow_uses(session, testimony, before, after, today)
    _follow_shown(session, testimony, before, after, today)
    is_kept = after.get("garder_media", NO) == YES
    return [] if is_kept else delete_media(session, [testimony.id])


def _follow_uses(
    session: Session,
    testimony: Testimony,
    before: Mapping[str, str],
    after: Mapping[str, str],
    today: date,
) -> None:
    """Put aside, or back in the queue, what may be shown nowhere, or again; its quotes go."""
    used, uses = _uses(before), _uses(after)
    if used and not uses:
        testimony.status = WITHDRAWN
    elif uses and testimony.status == WITHDRAWN:
        testimony.status = NEW
    if not uses:
        session.execute(delete(Quote).where(Quote.testimony_id == testimony.id))
    if used - uses:
        withdraw_shown(session, [testimony.id], today, *(used - uses))
    if given := uses - used:
        again = (QuoteUse.testimony_id == testimony.id, QuoteUse.scope.in_(given))
        open_ = QuoteUse.settled_on.is_(None)
        session.execute(update(QuoteUse).where(*again, open_).values(withdrawn_on=None))


def _follow_shown(
    session: Session,
    testimony: Testimony,
    before: Mapping[str, str],
    after: Mapping[str, str],
    today: date,
) -> None:
    """Tell the team what was shown with a name, a voice or a picture that no longer may be."""
    shown = [QuoteUse.testimony_id == testimony.id, QuoteUse.withdrawn_on.is_(None)]
    renamed = before.get("nom") in _NAMED and after.get("nom") != before.get("nom")
    if not renamed:
        if all(before.get(one) == after.get(one) for one in OF_MEDIA):
            return
        if after.get("garder_media") == after.get("montrer_media") == YES:
            return
        shown.append(QuoteUse.quote_id.is_(None))  # a recording
    session.execute(update(QuoteUse).where(*shown).values(withdrawn_on=today))


def _uses(choices: Mapping[str, str]) -> set[str]:
    return {use for use in USES if choices.get(use) == YES}
