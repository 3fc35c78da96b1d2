"""A testimony as it was sent: what was written, what was chosen, and what is to mend."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from app.answering.pages import Voice
from app.questionnaires.kinds import clean
from app.telling.topics import THEMES, Topic, topic
from app.testimonies.asking import CAPACITY, Asked, asked
from app.testimonies.changing import AGE, Fault, naming_fault
from app.testimonies.consents import BY_NAME, CAPACITIES, YES, Choice
from app.testimonies.submission import LONGEST_TEXT, Told
from app.web.typography import typographic

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from app.answering.given_back import Sent
    from app.telling.uploads import Arrived


class Asking:
    """Be everything that is asked of whoever tells, through one link, in one language, today."""

    def __init__(self, voice: Voice, day: date) -> None:
        self.voice = voice
        self.day = day
        self.for_organisation = voice.entrance.questionnaire.audience == "partenaire"
        readers = typographic(voice.entrance.notice.readers)
        self.consents: tuple[Asked, ...] = asked(
            voice.words, readers, day, for_organisation=self.for_organisation
        )
        self.themes: Topic | None = None if self.for_organisation else topic(voice, THEMES)
        self.age: Topic | None = None if self.for_organisation else topic(voice, AGE)

    @property
    def signature_field(self) -> str:
        """Return the name of the field that holds the name to show."""
        return "organisation" if self.for_organisation else "prenom"


@dataclass(frozen=True)
class Story:
    """Be what one person sent."""

    sent: Sent
    asking: Asking
    files: Sequence[Arrived] = ()
    announced: tuple[tuple[str, int], ...] = ()
    is_whole: bool = True

    @cached_property
    def text(self) -> str:
        """Return what was written, cleaned."""
        return clean(self.sent.first("recit")).replace("\r\n", "\n").strip()

    @cached_property
    def chosen(self) -> Mapping[str, str]:
        """Return the choices that were made, by scope; anything else is no choice."""
        return {
            one.scope: code
            for one in self.asking.consents
            if (code := self.sent.first(one.scope)) in [option.code for option in one.options]
        }

    @cached_property
    def signature(self) -> str:
        """Return the name to show, when there is one to show."""
        if self.chosen.get("nom") not in BY_NAME:
            return ""
        return " ".join(clean(self.sent.first(self.asking.signature_field)).split())

    @cached_property
    def age_band(self) -> str | None:
        """Return the age band to show, when the person wants to be named by it."""
        if self.chosen.get("nom") != "age_lieu" or self.asking.age is None:
            return None
        return next(iter(self.asking.age.known([self.sent.first(AGE)])), None)

    @property
    def capacity(self) -> str | None:
        """Return what the person said of their age; an organisation signs for itself."""
        said = self.sent.first(CAPACITY)
        if self.asking.for_organisation:
            return "adulte"
        return said if said in CAPACITIES else None

    @property
    def keeps_media(self) -> bool:
        """Tell whether the person agreed that their voice or image is kept."""
        return self.chosen.get("garder_media") == YES

    @property
    def is_settled(self) -> bool:
        """Tell whether what becomes of a voice or an image was answered, where it is asked."""
        return self.asking.for_organisation or "garder_media" in self.chosen

    @property
    def brings_media(self) -> bool:
        """Tell whether a voice or an image comes with the words, or after them."""
        return bool(self.announced)

    def faults(self) -> Iterator[Fault]:
        """Yield what is to mend before it can be kept."""
        over = len(self.text) - LONGEST_TEXT
        if over > 0:
            yield Fault("recit", "recit_long", over)
        if not self.text and not self.brings_media:
            yield Fault("recit", "recit_vide")
        elif not self.text and not self.keeps_media:
            yield Fault("garder_media", "garder_media")
        # Silence would drop the file without a word: the question is asked again.
        elif self.brings_media and not self.is_settled:
            yield Fault("garder_media", "garder_media_mots")
        field, has_age = self.asking.signature_field, self.asking.age is None or self.age_band
        naming = self.chosen.get("nom")
        fault = naming_fault(naming, field, self.signature, has_age=bool(has_age))
        if fault is not None:
            yield fault

    def choices(self) -> tuple[Choice, ...]:
        """Return each choice with the exact words it answers."""
        return tuple(
            one.chosen(self.chosen[one.scope])
            for one in self.asking.consents
            if one.scope in self.chosen
        )

    def told(self, day: date, partner_id: UUID | None = None) -> Told:
        """Return the testimony, ready to be kept."""
        entrance = self.sent.entrance
        themes = self.sent.typed.get(THEMES, ())
        return Told(
            organisation_id=entrance.organisation.id,
            lieu_id=entrance.campaign.lieu_id,
            origin="partenaire" if self.asking.for_organisation else "personne",
            key=self.sent.key,
            day=day,
            language=self.sent.language,
            text=self.text,
            choices=self.choices(),
            signature=self.signature,
            themes=self.asking.themes.known(list(themes)) if self.asking.themes else (),
            capacity=self.capacity,
            age_band=self.age_band,
            link_id=entrance.link.id,
            partner_id=partner_id,
            announced=self.announced if self.keeps_media else (),
        )
