"""Keep the list of partners, ask them, and note who answered."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from app.db import insert_or_skip
from app.partners.models import Partner, PartnerInvitation
from app.partners.standing import ANSWERED, remindable_on, state_of
from app.partners.tokens import token_hash, token_of
from app.web.typography import long_date

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy.orm import Session

    from app.campaigns.models import Link
    from config import Keys


class PartnerError(ValueError):
    """Say what cannot be done, and what can."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def add_partner(
    session: Session,
    organisation_id: UUID,
    name: str,
    kind: str,
    *,
    contact_name: str = "",
    email: str = "",
    today: date,
) -> Partner:
    """Add a partner to the list of a structure; refuse a name it already has."""
    _refuse_known_name(session, organisation_id, name, None)
    partner = Partner(
        organisation_id=organisation_id,
        name=name,
        type=kind,
        contact_name=contact_name,
        email=email,
        made_on=today,
    )
    session.add(partner)
    session.flush()
    return partner


def change_partner(
    session: Session, partner: Partner, name: str, kind: str, contact_name: str, email: str
) -> None:
    """Write what is now known of a partner."""
    _refuse_known_name(session, partner.organisation_id, name, partner.id)
    partner.name, partner.type = name, kind
    partner.contact_name, partner.email = contact_name, email
    session.flush()


def archive(session: Session, partner: Partner, today: date, *, archived: bool) -> None:
    """Put a partner aside, or back: what it said stays."""
    partner.archived, partner.archived_on = archived, today if archived else None
    session.flush()


def remove(session: Session, partner: Partner, today: date) -> bool:
    """Take a partner away; return False when it was asked or told something.

    Then its name and type stay beside what it said and in the counts, and nobody to write to.
    """
    try:
        with session.begin_nested():
            session.execute(delete(Partner).where(Partner.id == partner.id))
    except IntegrityError:  # an invitation or a testimony names it
        partner.contact_name = partner.email = ""
        archive(session, partner, partner.archived_on or today, archived=True)
        return False
    return True


def invite(
    session: Session, keys: Keys, partner: Partner, link: Link, today: date
) -> PartnerInvitation:
    """Prepare the personal link of a partner; asked twice, it is the same one."""
    if partner.archived:
        raise PartnerError("partner", "Ce partenaire est archivé : remettez-le dans la liste.")
    invitation_id = uuid4()
    session.execute(
        insert_or_skip(session.connection().dialect.name, PartnerInvitation),
        {
            "id": invitation_id,
            "organisation_id": partner.organisation_id,
            "partner_id": partner.id,
            "link_id": link.id,
            "token_hash": token_hash(keys, token_of(keys, invitation_id)),
            "made_on": today,
            "reminders": 0,
        },
    )
    mine = (PartnerInvitation.partner_id == partner.id, PartnerInvitation.link_id == link.id)
    return session.scalars(select(PartnerInvitation).where(*mine)).one()


def note_sent(session: Session, invitation: PartnerInvitation, today: date) -> None:
    """Note that the first letter left."""
    if invitation.sent_on is None:
        invitation.sent_on = today
        session.flush()


def note_reminded(session: Session, invitation: PartnerInvitation, today: date) -> None:
    """Note a reminder; refuse a second one within a week, and any after an answer."""
    if state_of(invitation) in ANSWERED:
        raise PartnerError("reminder", "Ce partenaire a déjà répondu : rien à relancer.")
    soonest = remindable_on(invitation)
    if soonest is None:
        raise PartnerError("reminder", "Envoyez d’abord la lettre.")
    if today < soonest:
        raise PartnerError(
            "reminder",
            "Une relance par semaine au plus : la prochaine sera possible "
            f"le {long_date(soonest)}.",
        )
    invitation.reminded_on, invitation.reminders = today, invitation.reminders + 1
    session.flush()


def note_told(
    session: Session, invitation: PartnerInvitation, today: date, *, has_answered: bool
) -> None:
    """Note that the partner says it answered by the shared link, or take that back."""
    invitation.told_on = today if has_answered else None
    session.flush()


def note_answer(session: Session, invitation_id: UUID, response_id: UUID, day: date) -> bool:
    """Sign an answer with the invitation it came by; return False when another one did before.

    Two people of one organisation may answer at once: the database lets one of them sign.
    """
    signed = (
        update(PartnerInvitation)
        .where(PartnerInvitation.id == invitation_id, PartnerInvitation.answered_on.is_(None))
        .values(answered_on=day, response_id=response_id)
        .execution_options(synchronize_session=False)
    )
    return session.connection().execute(signed).rowcount == 1


def _refuse_known_name(
    session: Session, organisation_id: UUID, name: str, but: UUID | None
) -> None:
    same = select(Partner.id).where(
        Partner.organisation_id == organisation_id, Partner.name == name, Partner.id != but
    )
    if session.scalar(same) is not None:
        raise PartnerError(
            "name", "Ce partenaire est déjà dans la liste. Ajoutez le service ou la commune."
        )
