"""Answers typed elsewhere, read from the CSV that scoring reads: all of them, or none."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING

from app.campaigns.models import Campaign, Link, PublishedTranslation
from app.campaigns.periods import closing_day
from app.campaigns.queries import plan_of, published
from app.responses.actions import prepare, record_prepared
from app.responses.submission import Submission
from app.scoring import Plan, Problem, Row, TableErrors, read_table
from app.web.sheets import restore

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from app.db import Database
    from app.questionnaires.definition import Questionnaire
    from config import Keys

#: Written and recorded together.
BATCH = 1_000
#: « Qui a choisi les réponses », where no question asks it.
LONGEST_MODE = 20


def import_table(database: Database, keys: Keys, link_id: UUID, content: str, today: date) -> int:
    """Record every answer of a table by the door of a link; return how many.

    Raise TableErrors with everything that is wrong, or AlreadyRecorded when this very file came
    in before; then nothing is written. The table is read, checked and scored before the database
    is held: people answer meanwhile.
    """
    with database.reading() as session:
        submissions = _submissions(session, session.get_one(Link, link_id), content, today)
    ready = [
        prepare(keys, submissions[start : start + BATCH])
        for start in range(0, len(submissions), BATCH)
    ]
    with database.writing() as session:
        for batch in ready:
            record_prepared(session, batch)
    return len(submissions)


def _submissions(session: Session, link: Link, content: str, today: date) -> list[Submission]:
    """Return every answer of a table; raise TableErrors."""
    questionnaire = published(session, link.campaign.version)
    table = read_table(questionnaire, io.StringIO(_restored(content), newline=""))
    target = _Target.of(session, link, questionnaire, content)
    problems = target.unasked(table.rows)
    problems += [problem for row in table.rows for problem in target.problems(row, today)]
    if problems:
        raise TableErrors(problems)
    return [target.submission(row, today) for row in table.rows]


@dataclass(frozen=True, slots=True)
class _Target:
    """Be where the rows go: the links of one door, by wave, and what its campaign asks."""

    campaign: Campaign
    door: str
    links: Mapping[str, Link]
    questionnaire: Questionnaire
    plan: Plan
    #: Digest of each open translation, and whether somebody read it over.
    translations: Mapping[str, tuple[str | None, bool]]
    #: Digest of the file: it gives each line its idempotency key.
    digest: str

    @classmethod
    def of(
        cls, session: Session, link: Link, questionnaire: Questionnaire, content: str
    ) -> _Target:
        campaign = link.campaign
        # Each reads its campaign now: they are recorded after the session has ended.
        mine = [one for one in campaign.links if one.campaign.id and one.door == link.door]
        translations: dict[str, tuple[str | None, bool]] = {"fr": (None, True)}
        for on in campaign.languages:
            reviewed_by = session.get_one(PublishedTranslation, on.translation).reviewed_by
            translations[on.language] = (on.translation, bool(reviewed_by))
        return cls(
            campaign,
            link.door,
            {one.wave: one for one in mine},
            questionnaire,
            plan_of(session, campaign),
            translations,
            sha256(content.encode()).hexdigest()[:32],
        )

    def unasked(self, rows: Sequence[Row]) -> list[Problem]:
        """Name once each question that is answered and that the campaign does not ask."""
        first: dict[str, Row] = {}
        for row in rows:
            asked = self.plan.passings[row.wave].by_key
            for column in {*row.answers, *row.texts} - set(asked):
                first.setdefault(column, row)
        return [
            Problem(
                (row.line,),
                column,
                "",
                f"la campagne ne pose pas cette question à la vague « {row.wave} » ; "
                "ouvrez-en une de forme longue, ou avec le module qui la pose",
            )
            for column, row in sorted(first.items())
        ]

    def problems(self, row: Row, today: date) -> Iterator[Problem]:
        """Yield what keeps a well-written row out of this campaign."""
        line = (row.line,)
        if row.wave not in self.links:
            message = f"la campagne n'a pas de lien « {self.door} » pour cette vague"
            yield Problem(line, "wave", row.wave, message)
        language = row.reserved.get("langue", "")
        if language and language not in self.translations:
            message = "la campagne n'est pas proposée dans cette langue"
            yield Problem(line, "langue", language, message)
        if len(row.mode or "") > LONGEST_MODE:
            yield Problem(line, "mode", row.mode or "", "ce code est trop long")
        try:
            if _day(row, today) > today:
                yield Problem(line, "jour", row.reserved["jour"], "ce jour n'est pas encore venu")
        except ValueError:
            message = "ce n'est pas un jour, écrit comme 2026-03-31"
            yield Problem(line, "jour", row.reserved["jour"], message)

    def submission(self, row: Row, today: date) -> Submission:
        """Return a row as if it had been sent on the link of its wave."""
        language = row.reserved.get("langue") or "fr"
        translation, reviewed = self.translations[language]
        day = _day(row, today)
        return Submission(
            link=self.links[row.wave],
            questionnaire=self.questionnaire,
            plan=self.plan,
            passing=self.plan.passings[row.wave],
            answers=row.answers,
            texts=row.texts,
            language=language,
            translation=translation,
            unreviewed=not reviewed,
            key=f"import-{self.digest}-{row.line}",
            day=day,
            card=row.person or None,
            vouched=True,
            late=day > closing_day(self.campaign),
            told_mode=row.mode,
        )


def _day(row: Row, today: date) -> date:
    cell = row.reserved.get("jour")
    return date.fromisoformat(cell) if cell else today


def _restored(content: str) -> str:
    """Return a table as it was before its cells were made safe for spreadsheets."""
    try:
        rows = list(csv.reader(io.StringIO(content, newline=""), strict=True))
    except csv.Error:
        return content  # reading it for good will say where it is broken
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\n").writerows([map(restore, row) for row in rows])
    return written.getvalue()
