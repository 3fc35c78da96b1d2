"""The partner behind a personal link, who signs what is answered by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.campaigns.models import Link
from app.partners.actions import note_answer
from app.partners.models import Partner
from app.partners.queries import invitation_of
from app.partners.tokens import PATH
from app.responses import receipts
from app.web.current import database, keys

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy.orm import Session

    from app.responses.submission import Outcome


class AlreadySigned(Exception):  # noqa: N818 - it says what the invitation is
    """Say that another answer was signed with the same invitation; nothing was written."""


@dataclass(frozen=True, slots=True)
class Invited:
    """Be one partner at its personal link."""

    invitation_id: UUID
    partner: str
    #: Code of the link that every partner shares.
    code: str
    #: The signs of its link, as they are shown.
    token: str
    has_answered: bool

    @property
    def path(self) -> str:
        """Return the address of the personal link, on this site."""
        return f"/{PATH}/{self.token}"


def find_invited(typed: str) -> Invited | None:
    """Return who a personal link is for, its signs typed in any case, or None."""
    with database().reading() as session:
        invitation = invitation_of(session, keys(), typed)
        if invitation is None:
            return None
        return Invited(
            invitation.id,
            session.get_one(Partner, invitation.partner_id).name,
            session.get_one(Link, invitation.link_id).code,
            receipts.show(receipts.normalise(typed) or ""),
            invitation.answered_on is not None,
        )


def sign(session: Session, invited: Invited | None, outcome: Outcome, day: date) -> None:
    """Sign the answer that was just written; raise AlreadySigned when another one was."""
    if invited is None or outcome.response_id is None:
        return
    if not note_answer(session, invited.invitation_id, outcome.response_id, day):
        raise AlreadySigned
