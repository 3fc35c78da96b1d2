"""La Coop's export of activities, read to count people: how many, and who they are.

The names of people are compared in memory, and gone when this module is left: what comes out is
numbers. The column of notes is not among those that are taken from a row.

One row is one accompagnement: `Participants` says 1, or `2/5` for the second of five people at a
workshop. Older exports held one row an activity, with a number of participants and a line of each
cell a person: both are read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from app.indicators.accompanied import Count
from app.web.workbooks import Cell, Table, folded, read_table

if TYPE_CHECKING:
    from datetime import date

DATE, PERSON, PLACE, ACTIVITY = "Date", "Bénéficiaire", "Nom du lieu", "ID CRA"
PARTICIPANTS, PARTICIPANTS_BEFORE = "Participants", "Nombre de participants"
#: The column that tells each question of a profile.
PROFILE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "genre": "Genre du bénéficiaire",
        "age": "Tranche d’âge du bénéficiaire",
        "statut": "Statut du bénéficiaire",
    }
)
#: All that is taken from a row. « Notes supplémentaires » is not there, and never will be.
WANTED: Final = (
    *(DATE, "Type", PARTICIPANTS, PARTICIPANTS_BEFORE, PERSON, PLACE, ACTIVITY),
    *PROFILE.values(),
)
#: What a table must have, one or the other, to be this export.
LEAST: Final = tuple(frozenset({DATE, name}) for name in (PERSON, "Type", PARTICIPANTS, ACTIVITY))
#: La Coop's labels, folded → codes that the référentiel shares.
CODES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        question: {folded(label): code for label, code in labels.items()}
        for question, labels in {
            "genre": {"Féminin": "feminin", "Masculin": "masculin"},
            "age": {
                "Moins de 12 ans": "moins_de_douze",
                "12 - 17 ans": "douze_dix_huit",
                "18 - 24 ans": "dix_huit_vingt_quatre",
                "25 - 39 ans": "vingt_cinq_trente_neuf",
                "40 - 59 ans": "quarante_cinquante_neuf",
                "60 - 69 ans": "soixante_soixante_neuf",
                "70 ans et plus": "soixante_dix_plus",
            },
            "statut": {
                "Scolarisé": "scolarise",
                "Sans emploi": "sans_emploi",
                "En emploi": "en_emploi",
                "Retraité": "retraite",
            },
        }.items()
    }
)
#: How La Coop writes somebody whose name was not taken: nobody knows who came twice.
NAMELESS: Final = frozenset({"", "beneficiaireanonyme", "anonyme"})
#: More people at one activity, or in all, is a mistake.
MOST_AT_ONCE, MOST_SUPPORTS = 1_000, 1_000_000
#: A cell is a name, or a line a person: what comes after is no name.
_LONGEST = 20_000

NO_TABLE = (
    "Ce classeur n’est pas l’export des activités de La Coop : Recueil n’y trouve pas les colonnes "
    "« Date » et « Bénéficiaire ». Dans La Coop, ouvrez « Mes activités », puis « Exporter »."
)
NO_ROW = "Ce classeur ne contient aucune activité. Vérifiez les filtres choisis avant l’export."
NO_ROW_THEN = (
    "Aucune activité de ce classeur n’est dans la période choisie. Choisissez une autre période, "
    "ou exportez celle-ci."
)
NO_DAY = (
    "Recueil ne lit aucune date dans la colonne « Date ». Déposez le fichier tel que La Coop l’a "
    "donné, sans le transformer."
)


TOO_MANY = (
    "Ces classeurs comptent plus d’un million d’accompagnements. Exportez une période plus courte."
)


class ExportError(ValueError):
    """Say in French why an export cannot be counted, and what to do."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Be what exports say, and what was left out of it."""

    count: Count
    #: Accompagnements of other months.
    outside: int
    #: Rows without a day that can be read.
    undated: int
    #: Accompagnements of another lieu.
    elsewhere: int
    #: A lieu was asked, and no row names it: all of them were counted.
    is_lieu_unknown: bool = False


@dataclass
class _Kept:
    """Be the accompagnements of one lieu, or of all of them."""

    #: Code by question, by person: the first that is known.
    people: dict[str, dict[str, str]] = field(default_factory=dict)
    supports: int = 0
    named: int = 0

    def add(self, name: str, profile: Mapping[str, str]) -> None:
        """Count one accompagnement; of a person known by name, take what is new."""
        self.supports += 1
        if name:
            self.named += 1
            self.people[name] = {**profile, **self.people.get(name, {})}

    @property
    def count(self) -> Count:
        """Return numbers alone: without a name anywhere, people cannot be told apart."""
        if not self.people:
            return Count(None, self.supports, source="coop")
        profile = {
            question: dict(
                Counter(one[question] for one in self.people.values() if question in one)
            )
            for question in PROFILE
        }
        return Count(
            len(self.people),
            self.supports,
            self.supports - self.named,
            {question: codes for question, codes in profile.items() if codes},
            "coop",
        )


def read_exports(
    contents: Iterable[bytes], first_day: date, last_day: date, lieu: str = ""
) -> Counted:
    """Count the people of some exports, each médiateur having their own, over a period.

    With the name of a lieu, only its rows count, when at least one names it.
    """
    reader = _Reader(first_day, last_day, folded(lieu))
    for content in contents:
        table = read_table(content, WANTED, LEAST)
        if table is None:
            raise ExportError(NO_TABLE)
        reader.read(table)
    return reader.counted


class _Reader:
    """Count what stands in some exports."""

    def __init__(self, first_day: date, last_day: date, lieu: str) -> None:
        self._first_day, self._last_day, self._lieu = first_day, last_day, lieu
        self._everywhere, self._there = _Kept(), _Kept()
        self._outside = self._undated = 0
        #: Activities of the files before: two of them may hold the same ones.
        self._known: set[tuple[str, str]] = set()
        #: The names of a cell: the same cell is met in many rows.
        self._names: dict[str, list[str]] = {}

    @property
    def counted(self) -> Counted:
        """Return what was counted; raise ExportError when nothing was."""
        kept, elsewhere = self._everywhere, 0
        if not kept.supports:
            why = NO_ROW_THEN if self._outside else NO_DAY if self._undated else NO_ROW
            raise ExportError(why)
        if self._there.supports:
            kept, elsewhere = self._there, kept.supports - self._there.supports
        is_lieu_unknown = bool(self._lieu) and not self._there.supports
        return Counted(kept.count, self._outside, self._undated, elsewhere, is_lieu_unknown)

    def read(self, table: Table) -> None:
        """Count one more export."""
        met = set()
        for row in table.rows:
            day = table.day(row.get(DATE))
            if day is None:
                self._undated += bool(row)
                continue
            activity = (str(row.get(ACTIVITY, "")), str(row.get(PARTICIPANTS, "")))
            if activity[0]:
                met.add(activity)
            if activity not in self._known:
                self._add(row, day)
        self._known |= met

    def _add(self, row: Mapping[str, Cell], day: date) -> None:
        people = self._people_of(row)
        if not self._first_day <= day <= self._last_day:
            self._outside += len(people)
            return
        is_there = bool(self._lieu) and folded(str(row.get(PLACE, ""))) == self._lieu
        for name, profile in people:
            self._everywhere.add(name, profile)
            if is_there:
                self._there.add(name, profile)
        if self._everywhere.supports > MOST_SUPPORTS:
            raise ExportError(TOO_MANY)

    def _people_of(self, row: Mapping[str, Cell]) -> list[tuple[str, dict[str, str]]]:
        """Return the name and the codes of each person of a row; no name for an unknown one."""
        names = self._named(row.get(PERSON, ""))
        lines = {question: _lines(row.get(column, "")) for question, column in PROFILE.items()}
        return [
            (
                names[rank] if rank < len(names) else "",
                {
                    question: code
                    for question, cells in lines.items()
                    if rank < len(cells)
                    and (code := CODES[question].get(folded(cells[rank][:100])))
                },
            )
            for rank in range(_people_at(row, len(names)))
        ]

    def _named(self, cell: Cell) -> list[str]:
        text = str(cell)
        if text not in self._names:
            found = [folded(line) for line in _lines(text)]
            self._names[text] = ["" if name in NAMELESS else name for name in found]
        return self._names[text]


def _people_at(row: Mapping[str, Cell], names: int) -> int:
    """Return how many people a row stands for: its number of participants, `2/5` being one."""
    told = row.get(PARTICIPANTS, row.get(PARTICIPANTS_BEFORE, ""))
    if isinstance(told, str) and "/" in told:
        return 1
    try:
        people = int(float(told))
    except (ValueError, OverflowError):
        people = names
    return min(max(people, 1), MOST_AT_ONCE)


def _lines(cell: Cell) -> list[str]:
    return str(cell)[:_LONGEST].split("\n", MOST_AT_ONCE)[:MOST_AT_ONCE]
