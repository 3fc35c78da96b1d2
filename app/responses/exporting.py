"""Tables of answers: for people who open a spreadsheet, and for other programs.

They hold everything, row by row: they are for the structure's own responsable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from sqlalchemy import select

from app.campaigns.models import Campaign, Link
from app.campaigns.names import desk_title
from app.responses.dictionary import dictionary
from app.responses.layouts import MODE, Asked, Codes, Interoperable, Layout, Words
from app.responses.models import Response
from app.responses.queries import texts_of
from app.responses.rollups import BATCH
from app.web.sheets import (
    CSV,
    INTEROP,
    ODS,
    TABLEUR,
    XLSX,
    Cell,
    CsvDialect,
    Row,
    Sheet,
    csv_file,
    ods,
    xlsx,
)
from app.web.typography import plural

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from config import Keys

LAYOUTS: Mapping[str, type[Layout]] = {"mots": Words, "codes": Codes}


class SeveralVersions(Exception):  # noqa: N818 - it says what was asked for
    """Say that a table of codes would mix versions: no program could score it."""


@dataclass(frozen=True)
class Selection:
    """Be the answers to export: of campaigns of one questionnaire, the latest first."""

    campaigns: Sequence[Campaign]
    #: The condition on a response joined to its link and campaign.
    wanted: ColumnElement[bool]
    #: What was chosen, in words, for whoever opens the file.
    said: Sequence[tuple[str, str]]
    day: date


class Export:
    """Be one table of answers, with its dictionary and what must be known of it."""

    def __init__(
        self, session: Session, keys: Keys, selection: Selection, layout: type[Layout]
    ) -> None:
        self.session = session
        self.keys = keys
        self.selection = selection
        self.asked = Asked(session, selection.campaigns)
        self.layout = layout(self.asked)
        #: How many answers were written so far.
        self.count = 0

    def rows(self) -> Iterator[Row]:
        """Yield the heading, then every answer in the order of random ids: it tells nothing."""
        yield self.layout.heading()
        columns = (
            *(Response.id, Response.wave, Response.day, Response.language, Response.version),
            *(Response.mode, Response.late, Response.card_reused, Response.pair_id),
            *(Response.answers, Link.door, Link.campaign_id),
        )
        query = (
            select(*columns)
            .join(Link, Response.link_id == Link.id)
            .join(Campaign, Link.campaign_id == Campaign.id)
            .where(self.selection.wanted)
            .order_by(Response.id)
            .execution_options(yield_per=BATCH)
        )
        for batch in self.session.execute(query).partitions():
            texts = texts_of(self.session, self.keys, [answered.id for answered in batch])
            for answered in batch:
                said = {**answered.answers, **texts[answered.id]}
                if answered.mode:
                    said[MODE] = answered.mode
                yield self.layout.row(answered, said)
            self.count += len(batch)

    def about(self) -> Iterator[Row]:
        """Yield what must be known of the file; asked for once the answers are written."""
        yield ["À propos de ce fichier", None]
        yield ["Interne : ne pas diffuser", _WHY]
        for name, words in self.selection.said:
            yield [name, words]
        yield ["Questionnaire", desk_title(self.asked.questionnaire)]
        yield ["Réponses", plural(self.count, "réponse")]
        for version in self.asked.questionnaires:
            yield ["Version du questionnaire", f"v{version[:12]}"]
        day: Cell = self.selection.day
        yield ["Fait le", day]
        yield ["Ordre des lignes", "Tiré au sort : il ne dit pas qui a répondu en premier."]
        yield ["Heure, nom, adresse", "Recueil ne les garde pas."]

    def dictionary(self) -> Iterator[Row]:
        """Yield what each column holds."""
        return dictionary(self.asked, self.layout)


#: Why a file of rows stays in the structure.
_WHY = (
    "Chaque ligne est la réponse d’une personne. Dans une commune, on pourrait la reconnaître. "
    "Ce fichier est pour la structure. Pour un financeur, donnez les indicateurs."
)


@dataclass(frozen=True, slots=True)
class Format:
    """Be one sort of file."""

    name: str
    label: str
    hint: str
    extension: str
    mimetype: str
    write: Callable[[Export], IO[bytes]]
    #: The only layout that it knows, when it knows only one.
    layout: type[Layout] | None = None


def _csv(dialect: CsvDialect) -> Callable[[Export], IO[bytes]]:
    return lambda export: csv_file(export.rows(), dialect)


def _interoperable(export: Export) -> IO[bytes]:
    if len(export.asked.questionnaires) > 1:
        raise SeveralVersions
    return csv_file(export.rows(), INTEROP)


def _sheets(export: Export) -> Iterator[Sheet]:
    yield Sheet("Réponses", export.rows())
    yield Sheet("Dictionnaire", export.dictionary())
    yield Sheet("À propos", export.about())


FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (
        Format(
            "ods",
            "LibreOffice (.ods)",
            "les réponses, le dictionnaire, l’origine du fichier",
            "ods",
            ODS,
            lambda export: ods(_sheets(export)),
        ),
        Format(
            "xlsx",
            "Excel (.xlsx)",
            "les réponses, le dictionnaire, l’origine du fichier",
            "xlsx",
            XLSX,
            lambda export: xlsx(_sheets(export)),
        ),
        Format(
            "tableur",
            "CSV pour un tableur",
            "point-virgule, dates françaises",
            "csv",
            CSV,
            _csv(TABLEUR),
        ),
        Format(
            "interop",
            "CSV pour un programme",
            "virgule, codes, une seule version du questionnaire",
            "csv",
            CSV,
            _interoperable,
            Interoperable,
        ),
    )
}
