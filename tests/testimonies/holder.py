"""Somebody who holds a receipt, and the team who reads: all that may hang on a testimony."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.db import Database
from app.media.models import Job, MediaFile
from app.media.store import Store, new_key
from app.organisations.actions import create_person
from app.organisations.models import Lieu, Person
from app.questionnaires import Library
from app.responses.texts import encrypt
from app.testimonies.actions import MASKED, keep, write_part
from app.testimonies.asking import asked
from app.testimonies.consents import Choice
from app.testimonies.models import (
    Authorisation,
    Quote,
    QuoteUse,
    Testimony,
    TestimonyLabel,
    TestimonyMedia,
)
from app.testimonies.submission import Kept, Told
from config import Keys

DAY = date(2026, 3, 10)
NOON = datetime.fromisoformat("2026-03-10T12:00")
YES_TO_ALL = {
    "lieu": "oui", "bilan": "oui", "financeurs": "oui", "public": "oui", "nom": "prenom",
    "garder_media": "oui", "montrer_media": "oui", "relire": "non", "duree": "trois_ans",
}  # fmt: skip


@dataclass
class Holder:
    """Tell, then let the team work on it, as the pages do."""

    database: Database
    keys: Keys
    library: Library
    lieu: Lieu

    def choices(
        self, chosen: dict[str, str], day: date = DAY, origin: str = ""
    ) -> tuple[Choice, ...]:
        """Return choices with the words that people read."""
        words = self.library.interface("fr")
        questions = asked(words, "L’équipe", day, for_organisation=origin == "partenaire")
        return tuple(one.chosen(chosen[one.scope]) for one in questions if one.scope in chosen)

    def told(self, text: str = "J’ose appeler.", **given: Any) -> Told:
        """Return a testimony as it is sent."""
        chosen = {**YES_TO_ALL, **given.pop("chosen", {})}
        day, origin = given.pop("day", DAY), given.pop("origin", "personne")
        fields = {"key": "une-cle-de-formulaire", "signature": "Liliane", "capacity": "adulte"}
        return Told(
            organisation_id=self.lieu.organisation_id,
            lieu_id=self.lieu.id,
            origin=origin,
            day=day,
            language="fr",
            text=text,
            choices=self.choices(chosen, day, origin),
            **{**fields, **given},
        )

    def keep(self, told: Told) -> Kept:
        """Send it."""
        with self.database.writing() as session:
            return keep(session, self.keys, told)

    def tell(self, text: str = "J’ose appeler.", **given: Any) -> Kept:
        """Tell."""
        kept = self.keep(self.told(text, **given))
        assert kept.kind == "kept"
        return kept

    def colleague(self) -> Person:
        """Return somebody of the team."""
        with self.database.writing() as session:
            found = session.scalars(select(Person).where(Person.email == "rose@example.fr")).first()
            return found or create_person(
                session, self.lieu.organisation_id, "rose@example.fr", "Rose Guern", "mediateur"
            )

    def read(self, testimony_id: UUID, masked: str = "J’ose appeler [nom].") -> None:
        """Mask, confirm and label it."""
        by = self.colleague().id
        with self.database.writing() as session:
            write_part(session, self.keys, testimony_id, MASKED, masked)
            session.get_one(Testimony, testimony_id).status = "valide"
            session.merge(
                TestimonyLabel(
                    testimony_id=testimony_id, criterion="confiance", holds=True, decided_by=by
                )
            )
            session.merge(
                Authorisation(
                    testimony_id=testimony_id, slot="tuteur", received_on=DAY, noted_by=by
                )
            )

    def quote(self, testimony_id: UUID, text: str, *scopes: str) -> UUID:
        """Cut a quote from it, and show it somewhere for each of these uses."""
        by, quote_id = self.colleague().id, UUID(int=testimony_id.int ^ 1)
        with self.database.writing() as session:
            session.add(
                Quote(
                    id=quote_id, organisation_id=self.lieu.organisation_id, criterion="confiance",
                    testimony_id=testimony_id, made_by=by, made_on=DAY,
                    ciphertext=encrypt(self.keys, quote_id, "quote", text),
                )
            )  # fmt: skip
            for scope in scopes:
                self.show(session, testimony_id, quote_id, scope, by)
        return quote_id

    def show(self, session: Any, testimony_id: UUID, quote_id: Any, scope: str, by: UUID) -> None:
        """Note where a quote, or a recording, was shown."""
        session.add(
            QuoteUse(
                organisation_id=self.lieu.organisation_id, testimony_id=testimony_id,
                quote_id=quote_id, scope=scope, place=f"Affiche {scope}", used_on=DAY, noted_by=by,
            )
        )  # fmt: skip

    def record(self, testimony_id: UUID, store: Store, content: bytes) -> UUID:
        """Send a voice that is ready, its small picture, and some work still to do."""
        playable, poster = new_key(), new_key()
        store.put(playable, content)
        store.put(poster, content[::-1])
        with self.database.writing() as session:
            media = MediaFile(
                organisation_id=self.lieu.organisation_id, kind="audio", state="ready", day=DAY,
                announced=len(content), size=len(content), original="", playable=playable,
                poster=poster, content_type="audio/mp4",
            )  # fmt: skip
            session.add(media)
            session.flush()
            session.add(TestimonyMedia(media_id=media.id, testimony_id=testimony_id))
            session.add(Job(kind="convert", subject_id=media.id, due_at=NOON))
            return media.id
