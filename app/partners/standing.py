"""Where one partner stands in one campaign: not asked, asked, reminded, answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.partners.models import Partner, PartnerInvitation

State: TypeAlias = Literal["libre", "prete", "attend", "relance", "repondu", "commun", "effacee"]
#: A partner is reminded once a week at most.
WEEK = timedelta(days=7)


class Said(NamedTuple):
    """Be a state in words, with the shape that goes with it."""

    words: str
    shape: str


STATES: Mapping[State, Said] = MappingProxyType(
    {
        "libre": Said("pas encore sollicité", ""),
        "prete": Said("lettre à envoyer", "relire"),
        "attend": Said("sans réponse", ""),
        "relance": Said("relancé, sans réponse", ""),
        "repondu": Said("a répondu", "ouvert"),
        "commun": Said("a répondu par le lien commun", "ouvert"),
        "effacee": Said("réponse effacée", "clos"),
    }
)
#: Nothing more is asked of them.
ANSWERED: tuple[State, ...] = ("repondu", "commun", "effacee")
#: They received a letter and may be reminded.
WAITING: tuple[State, ...] = ("attend", "relance")


@dataclass(frozen=True, slots=True)
class Standing:
    """Be one partner beside one campaign."""

    partner: Partner
    invitation: PartnerInvitation | None

    @property
    def state(self) -> State:
        """Tell where the partner stands."""
        return state_of(self.invitation)

    @property
    def said(self) -> Said:
        """Say where the partner stands."""
        return STATES[self.state]


def state_of(invitation: PartnerInvitation | None) -> State:
    """Tell where a partner stands, from its invitation."""
    if invitation is None:
        return "libre"
    if invitation.answered_on is not None:
        # What was answered went with its receipt, or at the end of its keeping.
        return "effacee" if invitation.response_id is None else "repondu"
    if invitation.told_on is not None:
        return "commun"
    if invitation.sent_on is None:
        return "prete"
    return "relance" if invitation.reminded_on else "attend"


def remindable_on(invitation: PartnerInvitation) -> date | None:
    """Return the first day a reminder may leave; None when none ever will."""
    if state_of(invitation) not in WAITING:
        return None
    latest = invitation.reminded_on or invitation.sent_on
    return latest + WEEK if latest else None
