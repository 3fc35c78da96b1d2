"""The signs of a personal link: derived from the invitation, and stored only as an HMAC."""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import TYPE_CHECKING

from app.responses import receipts

if TYPE_CHECKING:
    from uuid import UUID

    from config import Keys

#: Where a personal link leads, before its signs.
PATH = "partenaire"


def token_of(keys: Keys, invitation_id: UUID) -> str:
    """Return the 13 signs of an invitation: 65 bits that nobody guesses."""
    return receipts.signs(keys.derive("partners"), invitation_id.bytes)


def token_hash(keys: Keys, token: str) -> str:
    """Return what is stored of a token."""
    return hmac.digest(keys.derive("partner tokens"), token.encode(), sha256).hex()


def personal_address(base_url: str, keys: Keys, invitation_id: UUID) -> str:
    """Return the address to send to one partner: `…/partenaire/4TGH-92KV-0M3RB`."""
    return f"{base_url}/{PATH}/{receipts.show(token_of(keys, invitation_id))}"
