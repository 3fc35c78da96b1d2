"""The access journal: who of the team did what, when; never what was read or typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Literal, TypeAlias
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from app.db import insert_or_skip
from app.organisations.models import AccessEvent
from app.web.current import now

Act: TypeAlias = Literal[
    "read", "exported", "invited", "disabled", "role", "notice", "settings", "lieux", "froze",
    "shared", "erased",
]  # fmt: skip

#: How the journal says each act; `about` follows when there is one.
ACTS: Mapping[Act, str] = MappingProxyType(
    {
        "read": "a lu des commentaires ou une réponse",
        "exported": "a exporté des réponses",
        "invited": "a invité une personne",
        "disabled": "a fermé un accès",
        "role": "a changé un rôle ou des lieux",
        "notice": "a changé la notice",
        "settings": "a changé un réglage",
        "lieux": "a changé les lieux",
        "froze": "a arrêté des mois",
        "shared": "a ouvert ou fermé les résultats à un coordinateur",
        "erased": "a effacé des données",
    }
)


def note(
    session: Session, organisation_id: UUID, person_id: UUID, act: Act, about: str = ""
) -> None:
    """Write one line of the journal; reading is noted once an hour, the rest to the minute."""
    at: datetime = now().replace(second=0, microsecond=0, tzinfo=None)
    if act == "read":
        at = at.replace(minute=0)
    session.execute(
        insert_or_skip(session.connection().dialect.name, AccessEvent),
        {
            "id": uuid4(),
            "organisation_id": organisation_id,
            "person_id": person_id,
            "act": act,
            "about": about,
            "at": at,
        },
    )
