"""What one person told, ready to be kept, and what became of it."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Literal, TypeAlias
from uuid import UUID

from app.testimonies.consents import Choice
from config import Keys

Origin: TypeAlias = Literal["personne", "dictee", "partenaire"]
#: Longest text, in characters.
LONGEST_TEXT = 2_000
#: Longest first name, or name of an organisation.
LONGEST_SIGNATURE = 60


@dataclass(frozen=True, slots=True)
class Told:
    """Be one testimony, read and understood, before it is kept."""

    organisation_id: UUID
    lieu_id: UUID
    origin: Origin
    #: At most 64 characters: the same form sent twice is one testimony.
    key: str
    day: date
    language: str
    #: Cleaned; may be empty when a voice or a picture says it.
    text: str
    choices: tuple[Choice, ...] = ()
    #: First name or organisation, kept only when the person wants to be named so.
    signature: str = ""
    themes: tuple[str, ...] = ()
    capacity: str | None = None
    age_band: str | None = None
    link_id: UUID | None = None
    partner_id: UUID | None = None
    written_by: UUID | None = None
    #: Files announced with it, by kind and size, which come after the text (or with it).
    announced: tuple[tuple[str, int], ...] = field(default=())

    @property
    def chosen(self) -> Mapping[str, str]:
        """Return what was chosen, by scope."""
        return {one.scope: one.choice for one in self.choices}

    def content(self, keys: Keys) -> str:
        """Return what tells this content from any other, and tells nothing without the key."""
        said = json.dumps(
            [
                self.text,
                self.signature,
                sorted(self.themes),
                self.capacity,
                self.age_band,
                sorted(self.chosen.items()),
                self.announced,
            ]
        )
        return hmac.digest(keys.derive("contents"), said.encode(), sha256).hex()


#: New, the same again, another one under a key already used, or erased since.
Kind: TypeAlias = Literal["kept", "repeated", "conflict", "erased"]


@dataclass(frozen=True, slots=True)
class Kept:
    """Say what became of a testimony."""

    kind: Kind
    testimony_id: UUID | None = None
    #: The receipt code as it is shown, when the testimony is there.
    receipt: str | None = None
