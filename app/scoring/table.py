"""A table of answers read from a CSV file; every error names its line, column and value."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from app.questionnaires.definition import ASIDES, Answer, Passing, Posed, Questionnaire
from app.questionnaires.kinds import Unreadable
from app.scoring.plans import Plan, everything_asked

PERSON, WAVE, MODE = "person", "wave", "mode"
#: Columns that are no questions; `mode` is one too where the questionnaire asks it.
RESERVED = ("jour", "porte", "langue", "version", MODE)

_REASONS = {
    "inconnu": "ce code n'existe pas ; codes possibles : {codes}",
    "exclusif": "ce code ne va avec aucun autre",
    "trop_long": "texte trop long",
    "plusieurs": "une seule réponse est possible",
}


class Problem(NamedTuple):
    """Say what is wrong where, to whoever made the file."""

    lines: tuple[int, ...]
    column: str
    value: str
    message: str

    def __str__(self) -> str:
        where = "lignes " if len(self.lines) > 1 else "ligne "
        where += " et ".join(map(str, self.lines))
        if self.column:
            where += f", colonne « {self.column} »"
        if self.value:
            where += (
                f", valeur « {self.value if len(self.value) <= 60 else self.value[:59] + '…'} »"
            )
        return f"{where} : {self.message}"


class TableErrors(Exception):  # noqa: N818 - it holds all the errors of a table
    """Hold everything that is wrong in a table."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Row:
    """Be one response of the table."""

    line: int
    #: Linking code; empty when the response is linked to no other.
    person: str
    wave: str
    #: Stored answers and free texts by posed key, conditions not applied.
    answers: dict[str, Answer]
    texts: dict[str, str]
    #: Cells of the reserved columns, as they stand.
    reserved: Mapping[str, str]

    @property
    def mode(self) -> str | None:
        """Return who chose the answers."""
        said = self.answers.get(MODE) or self.reserved.get(MODE)
        return str(said) if said else None


@dataclass(frozen=True)
class Table:
    """Be a table without an error."""

    questionnaire: Questionnaire
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    @cached_property
    def plan(self) -> Plan:
        """Return what the table measures: its waves and the questions of its header.

        A table without a row says nothing of its waves: everything is listed, with n = 0.
        """
        every = {wave.id for wave in self.questionnaire.waves}
        waves = {row.wave for row in self.rows} or every
        return Plan.of_columns(self.questionnaire, waves, self.columns)


def read_table(questionnaire: Questionnaire, lines: Iterable[str]) -> Table:
    """Read a CSV table with its header; raise TableErrors with everything that is wrong."""
    reader = _Reader(questionnaire)
    reader.read(lines)
    if reader.problems:
        raise TableErrors(reader.problems)
    return Table(questionnaire, tuple(reader.header), tuple(reader.rows))


@dataclass
class _Reader:
    questionnaire: Questionnaire
    header: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    seen: dict[tuple[str, str], int] = field(default_factory=dict)

    @cached_property
    def passings(self) -> dict[str, Passing]:
        waves = self.questionnaire.waves
        return {wave.id: everything_asked(self.questionnaire, wave.id) for wave in waves}

    @cached_property
    def keys(self) -> set[str]:
        return {key for passing in self.passings.values() for key in passing.by_key}

    def read(self, lines: Iterable[str]) -> None:
        records = self._records(lines)
        first = next(records, None)
        if first is None:
            if not self.problems:
                self._say(1, "", "", "le fichier est vide : il faut une ligne d'en-tête")
            return
        self._read_header(*first)
        if not self.problems:
            for line, cells in records:
                self._read_row(line, cells)

    def _records(self, lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
        """Yield each record with the number of its first line; blank lines are no records."""
        reader = csv.reader(_without_mark(lines), strict=True)
        line = 1
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                self._say(line, "", "", f"cette ligne n'est pas du CSV ({error})")
                return
            if cells:
                yield line, cells
            line = reader.line_num + 1

    def _read_header(self, line: int, cells: list[str]) -> None:
        self.header = [cell.strip() for cell in cells]
        if len(cells) == 1 and ";" in cells[0]:
            self._say(
                line, "", "", "les colonnes doivent être séparées par des virgules, pas « ; »"
            )
            return
        known = self.keys | {PERSON, WAVE, *RESERVED}
        for rank, column in enumerate(self.header):
            if column not in known:
                self._say(
                    line,
                    column or str(rank + 1),
                    "",
                    f"colonne inconnue du questionnaire « {self.questionnaire.id} »",
                )
            elif column in self.header[:rank]:
                self._say(line, column, "", "cette colonne est écrite deux fois")
        if WAVE not in self.header and not _only_wave(self.questionnaire):
            waves = ", ".join(self.passings)
            self._say(line, WAVE, "", f"il manque la colonne des vagues ({waves})")

    def _read_row(self, line: int, cells: list[str]) -> None:
        if len(cells) != len(self.header):
            self._say(line, "", "", f"{len(cells)} cellules au lieu de {len(self.header)}")
            return
        cell = dict(zip(self.header, cells, strict=True))
        reserved = {column: cell[column].strip() for column in RESERVED if column in cell}
        version = reserved.get("version")
        if version and version != self.questionnaire.version:
            expected = self.questionnaire.version
            self._say(line, "version", version, f"ce n'est pas la version notée ({expected})")
        wave = self._wave(line, cell)
        if wave is None:
            return
        person = cell.get(PERSON, "").strip()
        self._refuse_twice(line, person, wave)
        answers, texts = self._answers(line, wave, cell)
        self.rows.append(Row(line, person, wave, answers, texts, reserved))

    def _wave(self, line: int, cell: Mapping[str, str]) -> str | None:
        only = _only_wave(self.questionnaire)
        wave = cell.get(WAVE, "").strip() or "".join(only)
        if wave in self.passings:
            return wave
        self._say(
            line, WAVE, wave, f"vague inconnue ; vagues possibles : {', '.join(self.passings)}"
        )
        return None

    def _refuse_twice(self, line: int, person: str, wave: str) -> None:
        if not person:
            return
        first = self.seen.setdefault((person, wave), line)
        if first != line:
            message = f"cette personne a déjà répondu à la vague « {wave} »"
            self.problems.append(Problem((first, line), PERSON, person, message))

    def _answers(
        self, line: int, wave: str, cell: Mapping[str, str]
    ) -> tuple[dict[str, Answer], dict[str, str]]:
        answers: dict[str, Answer] = {}
        texts: dict[str, str] = {}
        posed = self.passings[wave].by_key
        for column, value in cell.items():
            if column not in self.keys or not value.strip():
                continue
            if column not in posed:
                if column not in RESERVED:
                    self._say(line, column, value, f"question absente de la vague « {wave} »")
                continue
            try:
                answer = _parse(posed[column], value)
            except Unreadable as problem:
                self._say(line, column, value, _reason(posed[column], problem))
                continue
            if answer is not None:
                if posed[column].question.kind.is_text:
                    texts[column] = str(answer)
                else:
                    answers[column] = answer
        return answers, texts

    def _say(self, line: int, column: str, value: str, message: str) -> None:
        self.problems.append(Problem((line,), column, value, message))


def _parse(posed: Posed, value: str) -> Answer | None:
    kind = posed.question.kind
    if kind.is_text:
        return kind.parse(posed.question, value)
    code = value.strip()
    return code if code in ASIDES else kind.parse(posed.question, code)


def _reason(posed: Posed, problem: Unreadable) -> str:
    codes = [str(option.code) for option in posed.question.options]
    return _REASONS[problem.reason].format(codes=", ".join([*codes, *ASIDES]))


def _only_wave(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return the wave of a questionnaire that has only one."""
    return tuple(wave.id for wave in questionnaire.waves) if len(questionnaire.waves) == 1 else ()


def _without_mark(lines: Iterable[str]) -> Iterator[str]:
    """Drop the byte order mark that spreadsheets put first."""
    for rank, line in enumerate(lines):
        yield line if rank else line.removeprefix("\ufeff")
