"""After a restoration: consents taken back since the archive was made are taken back again."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from app.testimonies.consents import NO, YES, Choice, history
from app.testimonies.erasure import change
from app.testimonies.models import Testimony

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from uuid import UUID

    from sqlalchemy.orm import Session

    from app.testimonies.consents import Scope
    from app.testimonies.models import ConsentText
    from app.testimonies.tombstones import Change
    from config import Keys

#: What says least, where it is not a refusal: no name, read again first.
_LEAST = {"nom": "rien", "relire": YES}
#: Stands in the place of the answer, in the words that are kept.
AGAIN = "Repris le {day:%d/%m/%Y}, et de nouveau après une restauration : « {choice} »."


def take_back_again(
    session: Session, keys: Keys, folder: Path, changes: Iterable[Change]
) -> list[str]:
    """Take back what the latest changes took back; return the keys of the files that go.

    Only what is safe comes back: a consent given after the archive was made is to be asked again,
    for its exact words are lost.
    """
    latest: dict[UUID, dict[str, Change]] = {}
    for one in changes:
        latest.setdefault(one.testimony_id, {})[one.scope] = one
    files: list[str] = []
    for testimony_id, by_scope in latest.items():
        if session.get(Testimony, testimony_id) is None:
            continue
        now = {row.scope: (row, text) for row, text in reversed(history(session, testimony_id))}
        for scope, one in by_scope.items():
            choice = _safe(one)
            if scope in now and choice is not None and now[scope][0].choice != one.choice:
                again = _again(one, now[scope][1], choice)
                files += change(session, keys, folder, testimony_id, [again], one.day) or []
    return files


def _safe(one: Change) -> str | None:
    """Return the choice to write again, or None when it would give more than the archive does."""
    if one.scope == "duree" or one.choice == _LEAST.get(one.scope, NO):
        return one.choice
    return "rien" if one.scope == "nom" else None


def _again(one: Change, text: ConsentText, choice: str) -> Choice:
    asked, _, _ = text.words.rpartition("\n")
    words = f"{asked}\n{AGAIN.format(day=one.day, choice=choice)}"
    return Choice(cast("Scope", one.scope), choice, words, text.language)
