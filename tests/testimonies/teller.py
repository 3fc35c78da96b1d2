"""Testify as the public page does, without the page."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.db import Database
from app.organisations.models import Lieu
from app.testimonies.actions import MASKED, keep, write_part
from app.testimonies.consents import Choice, Scope, write_choices
from app.testimonies.models import Testimony
from app.testimonies.submission import Told
from config import Keys

#: A day that everybody may read.
BEFORE = date(2026, 3, 2)
TODAY = date(2026, 3, 10)
EVERYWHERE: Mapping[Scope, str] = {
    "lieu": "oui", "bilan": "oui", "financeurs": "oui", "public": "oui",
}  # fmt: skip
TEXT = (
    "Avant j’avais peur de l’ordinateur. Maintenant je fais mes papiers presque sans aide, et je "
    "montre à ma voisine [nom]. Le seul souci c’est qu’il y a trop de monde le mardi."
)


def choices(given: Mapping[Scope, str]) -> tuple[Choice, ...]:
    """Return choices with some words."""
    return tuple(Choice(scope, code, f"{scope} : {code}", "fr") for scope, code in given.items())


@dataclass(frozen=True)
class Teller:
    """Send testimonies of one lieu, and do what the team does with them."""

    database: Database
    keys: Keys
    lieu: Lieu

    def tell(
        self,
        text: str = TEXT,
        given: Mapping[Scope, str] = EVERYWHERE,
        *,
        status: str = "valide",
        masked: str | None = None,
        **told: Any,
    ) -> UUID:
        """Keep a testimony that somebody of the team read and kept; return its id."""
        values = {"origin": "personne", "day": BEFORE, "lieu_id": self.lieu.id, **told}
        if values["origin"] == "personne":
            values = {"capacity": "adulte", **values}
        with self.database.writing() as session:
            kept = keep(
                session,
                self.keys,
                Told(
                    organisation_id=self.lieu.organisation_id,
                    key=secrets.token_urlsafe(16),
                    language="fr",
                    text=text,
                    choices=choices(given),
                    **values,
                ),
            )
            assert kept.testimony_id
            write_part(
                session, self.keys, kept.testimony_id, MASKED, text if masked is None else masked
            )
            session.get_one(Testimony, kept.testimony_id).status = status
        return kept.testimony_id

    def decide(self, testimony_id: UUID, **given: str) -> None:
        """Write choices that change."""
        with self.database.writing() as session:
            made = choices(given)  # type: ignore[arg-type]
            write_choices(session, testimony_id, made, TODAY)
