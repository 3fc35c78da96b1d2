"""A partner campaign, three partners, and their letters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest

from app.campaigns.models import Campaign, Link
from app.db import Database
from app.organisations.models import Organisation
from app.partners.actions import add_partner, invite
from app.partners.models import Partner, PartnerInvitation
from app.partners.tokens import token_of
from config import Keys

DAY = date(2026, 3, 10)
NAMES = ("CCAS de Kerlann", "Mission locale du Littoral", "Mairie de Trévenec")
TYPES = ("aide_sociale", "insertion_professionnelle", "administration")


@dataclass(frozen=True)
class Asked:
    """Be one partner that was invited, and the signs of its link."""

    partner: Partner
    invitation: PartnerInvitation
    token: str


@pytest.fixture
def partners(database: Database, organisation: Organisation) -> list[Partner]:
    """Return three partners of the structure."""
    with database.writing() as session:
        return [
            add_partner(session, organisation.id, name, kind, today=DAY)
            for name, kind in zip(NAMES, TYPES, strict=True)
        ]


@pytest.fixture
def shared(campaign_of: Callable[..., Campaign]) -> Link:
    """Return the link that the partners of a campaign of 2026 share."""
    return campaign_of("partenaire", doors=("partenaire",)).links[0]


@pytest.fixture
def ask(database: Database, keys: Keys) -> Callable[..., Asked]:
    """Return a function that prepares the link of a partner."""

    def ask_one(partner: Partner, link: Link, today: date = DAY) -> Asked:
        with database.writing() as session:
            invitation = invite(session, keys, partner, link, today)
        return Asked(partner, invitation, token_of(keys, invitation.id))

    return ask_one
