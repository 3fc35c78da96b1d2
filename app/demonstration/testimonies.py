"""Invent testimonies through the real functions: told, read, masked, quoted, taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from app.bilan.frames import usual_year
from app.demonstration.stories import STORIES, Invented, Quoted
from app.organisations.queries import Reach, current_notice
from app.partners.queries import partners_of
from app.testimonies.actions import keep
from app.testimonies.asking import asked
from app.testimonies.consents import NO, USES
from app.testimonies.cutting import stretches
from app.testimonies.deciding import decide
from app.testimonies.erasure import withdraw
from app.testimonies.labels import set_label
from app.testimonies.masking import masked_words, masking_of, write_masking
from app.testimonies.models import Testimony
from app.testimonies.papers import note_paper
from app.testimonies.publications import note_use
from app.testimonies.queries import parts_of
from app.testimonies.quotes import cut, find_quote, masked_text
from app.testimonies.submission import Told

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from sqlalchemy.orm import Session

    from app.campaigns.models import Campaign
    from app.db import Database
    from app.questionnaires import Library
    from app.testimonies.asking import Asked
    from config import Keys

#: How long ago the oldest was told, in days; and the oldest of those that wait to be read.
OLDEST, WAITING = 150, 21


class Doors(NamedTuple):
    """Be the campaigns by which people, and partners, tell."""

    people: Campaign
    partners: Campaign


@dataclass(frozen=True, slots=True)
class Telling:
    """Tell every story, and do what a team has had time to do."""

    database: Database
    keys: Keys
    library: Library
    #: Where changes of mind are written for good.
    folder: Path
    doors: Doors
    person_id: UUID
    random: Random
    today: date

    def tell_all(self) -> None:
        """Tell the stories, each in its own transaction: others may be answering."""
        for story in STORIES:
            with self.database.writing() as session:
                self._tell(session, story)

    def _tell(self, session: Session, story: Invented) -> None:
        oldest = OLDEST if story.decided else WAITING
        first = max(self.doors.people.starts_on, self.today - timedelta(oldest))
        day = first + timedelta(self.random.randrange(max(1, (self.today - first).days)))
        questions = asked(
            self.library.interface(story.language),
            current_notice(session, self.doors.people.organisation_id).readers,
            day,
            for_organisation=story.origin == "partenaire",
        )
        kept = keep(session, self.keys, self._told(session, story, questions, day))
        if kept.testimony_id is None or not story.decided:
            return
        testimony = session.get_one(Testimony, kept.testimony_id)
        self._read(session, testimony, story)
        for quoted in story.quoted:
            self._quote(session, testimony, quoted)
        if story.withdrawn:
            refusals = [one.chosen(NO) for one in questions if one.scope in USES]
            withdraw(session, self.keys, self.folder, testimony.id, refusals, self.today)

    def _told(
        self, session: Session, story: Invented, questions: tuple[Asked, ...], day: date
    ) -> Told:
        is_partner, is_dictated = story.origin == "partenaire", story.origin == "dictee"
        campaign = self.doors.partners if is_partner else self.doors.people
        return Told(
            organisation_id=campaign.organisation_id,
            lieu_id=campaign.lieu_id,
            origin=story.origin,
            key=f"{self.random.getrandbits(128):032x}",
            day=day,
            language=story.language,
            text=story.text,
            choices=tuple(
                one.chosen(story.chosen[one.scope])
                for one in questions
                if one.scope in story.chosen
            ),
            signature=story.name,
            themes=story.themes,
            capacity=story.capacity,
            age_band=story.age,
            link_id=None if is_dictated else campaign.links[0].id,
            partner_id=self._partner(session, story.name) if is_partner else None,
            written_by=self.person_id if is_dictated else None,
        )

    def _partner(self, session: Session, name: str) -> UUID:
        known = partners_of(session, self.doors.partners.organisation_id)
        return next(one.id for one in known if one.name == name)

    def _read(self, session: Session, testimony: Testimony, story: Invented) -> None:
        """Note papers, mask, find what it is about, and decide."""
        for paper in story.papers:
            note_paper(session, testimony, paper, self.today, self.person_id)
        for label in story.labels:
            set_label(session, testimony.id, label, True, self.person_id)
        masking = masking_of(parts_of(session, self.keys, [testimony.id])[testimony.id])
        for words in story.masked:
            masking = masked_words(masking, words, "nom")
            write_masking(session, self.keys, testimony, masking)
        seen = masking.digest
        decide(session, self.keys, testimony, story.decided, self.today, confirmed=True, seen=seen)

    def _quote(self, session: Session, testimony: Testimony, quoted: Quoted) -> None:
        """Cut a quote, and note where it is shown."""
        sentences = stretches(masked_text(session, self.keys, testimony.id))
        chosen = [sentences[rank] for rank in quoted.sentences]
        made = cut(
            session, self.keys, testimony, chosen, quoted.criterion, self.person_id, self.today
        )
        reach = Reach(testimony.organisation_id)
        shown = find_quote(session, self.keys, reach, made.id, self.today)
        if shown is not None and quoted.use is not None:
            place = quoted.place.format(annee=usual_year(self.today))
            note_use(session, shown, quoted.use, place, self.today, self.person_id)
