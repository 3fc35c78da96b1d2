"""Tables of answers: one for people who open a spreadsheet, one for other programs.

They hold everything, row by row: they are for the structure's own responsable.
"""

from __future__ import annotations

import csv
import re
import secrets
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar, TextIO
from uuid import UUID

from sqlalchemy import select

from app.campaigns.doors import DOORS
from app.campaigns.models import Link
from app.campaigns.queries import plan_of, published
from app.questionnaires import LANGUAGES, french_wording
from app.questionnaires.definition import ASIDES
from app.responses.models import Response
from app.responses.queries import texts_of
from app.responses.rollups import BATCH

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.campaigns.models import Campaign
    from app.questionnaires.definition import Answer, Posed, Questionnaire, Wording
    from config import Keys

#: Column of who chose the answers.
MODE = "mode"
#: What a spreadsheet would compute, behind any number of the apostrophes that defuse it.
FORMULA = re.compile(r"'*[=+\-@\t\r]")
#: A dash that opens a line of text.
DASH = "- "


class Dialect(ABC):
    """Know how a table is written."""

    delimiter: ClassVar[str]
    end: ClassVar[str]
    encoding: ClassVar[str]

    def __init__(self, questionnaire: Questionnaire, posed: Mapping[str, Posed]) -> None:
        self.questionnaire = questionnaire
        self.posed = posed

    @abstractmethod
    def heading(self) -> list[str]:
        """Return the first line."""

    @abstractmethod
    def row(
        self, response: Response, door: str, person: str, said: Mapping[str, Answer]
    ) -> list[str]:
        """Return the line of one answer."""


class Interoperable(Dialect):
    """Write codes, for `recueil score`, for `import` and for other programs."""

    delimiter, end, encoding = ",", "\n", "utf-8"

    def heading(self) -> list[str]:
        about = ["person", "wave", "jour", "porte", "langue", "version"]
        # Asked or told, the mode has one column.
        return [*about, *([] if MODE in self.posed else [MODE]), *self.posed]

    def row(
        self, response: Response, door: str, person: str, said: Mapping[str, Answer]
    ) -> list[str]:
        about = [person, response.wave, response.day.isoformat(), door, response.language]
        about += [response.version, *([] if MODE in self.posed else [defuse(response.mode or "")])]
        return [*about, *(self._cell(key, said) for key in self.posed)]

    def _cell(self, key: str, said: Mapping[str, Answer]) -> str:
        if key not in said:
            return ""
        question = self.posed[key].question
        return defuse(question.kind.cell(question, said[key]))


class Spreadsheet(Dialect):
    """Write words, in French, for the spreadsheets of France."""

    delimiter, end, encoding = ";", "\r\n", "utf-8-sig"

    def __init__(self, questionnaire: Questionnaire, posed: Mapping[str, Posed]) -> None:
        super().__init__(questionnaire, posed)
        self.wording: Wording = french_wording(questionnaire)
        self.waves = {wave.id: wave.title.fr for wave in questionnaire.waves}

    def heading(self) -> list[str]:
        questions = (self.wording.say(posed.text) for posed in self.posed.values())
        about = ["Personne", "Moment", "Jour", "Porte", "Langue", "Version", "Remarque"]
        return [*about, *map(defuse, questions)]

    def row(
        self, response: Response, door: str, person: str, said: Mapping[str, Answer]
    ) -> list[str]:
        remarks = []
        if response.late:
            remarks.append("réponse tardive")
        if response.card_reused:
            remarks.append("carte déjà utilisée")
        return [
            person,
            self.waves[response.wave],
            f"{response.day:%d/%m/%Y}",
            DOORS[door].label,
            LANGUAGES[response.language][0],
            f"v{response.version[:12]}",
            ", ".join(remarks),
            *(self._cell(key, said) for key in self.posed),
        ]

    def _cell(self, key: str, said: Mapping[str, Answer]) -> str:
        if key not in said:
            return ""
        question = self.posed[key].question
        if said[key] in ASIDES and said[key] not in question.asides:
            return str(said[key])  # a table may hold an aside that the page does not offer
        words = question.kind.words(question, said[key], self.wording)
        # An en dash reads the same and computes nothing.
        return defuse(words.replace(DASH, "– ", 1) if words.startswith(DASH) else words)


DIALECTS: Mapping[str, type[Dialect]] = {"interop": Interoperable, "tableur": Spreadsheet}


def export(
    session: Session, keys: Keys, campaign: Campaign, dialect: type[Dialect], file: TextIO
) -> int:
    """Write every answer of a campaign, in the order of random ids; return how many."""
    passings = plan_of(session, campaign).passings.values()
    posed = {key: one for passing in passings for key, one in passing.by_key.items()}
    written = dialect(published(session, campaign.version), posed)
    table = csv.writer(file, delimiter=dialect.delimiter, lineterminator=dialect.end)
    table.writerow(written.heading())
    persons: dict[UUID | None, str] = {None: ""}
    count = 0
    for batch in _batches(session, campaign):
        texts = texts_of(session, keys, [response.id for response, _ in batch])
        for response, door in batch:
            person = persons.setdefault(response.pair_id, f"p{secrets.token_hex(6)}")
            said = {**response.answers, **texts[response.id]}
            if response.mode:
                said[MODE] = response.mode
            table.writerow(written.row(response, door, person, said))
        count += len(batch)
    return count


def defuse(cell: str) -> str:
    """Make sure that a spreadsheet shows the cell and computes nothing; see `restore`."""
    return f"'{cell}" if FORMULA.match(cell) else cell


def restore(cell: str) -> str:
    """Return a cell as it was before `defuse`."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def _batches(session: Session, campaign: Campaign) -> Iterator[list[tuple[Response, str]]]:
    query = (
        select(Response, Link.door)
        .join(Link, Response.link_id == Link.id)
        .where(Link.campaign_id == campaign.id)
        .order_by(Response.id)
        .limit(BATCH)
    )
    last: UUID | None = None
    while True:
        rows = session.execute(query if last is None else query.where(Response.id > last)).all()
        if not rows:
            return
        yield [(response, door) for response, door in rows]
        last = rows[-1][0].id
