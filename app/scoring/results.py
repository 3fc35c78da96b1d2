"""The figures of a table of answers, with no database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from app.scoring.figures import Figure
from app.scoring.measures import figure, measures, score_pair, score_response
from app.scoring.table import Row, Table
from app.scoring.tallies import Tally, add


@dataclass(frozen=True, slots=True)
class Results:
    """Be everything that `recueil score` says."""

    questionnaire: str
    version: str
    responses: int
    #: Answers whose condition was false: kept as evidence, ignored.
    ignored: int
    figures: tuple[Figure, ...]

    def to_json(self) -> dict[str, object]:
        """Return the object printed on the standard output."""
        return {
            "questionnaire": self.questionnaire,
            "version": self.version,
            "responses": self.responses,
            "hors_condition": self.ignored,
            "indicators": [figure.to_json() for figure in self.figures],
        }


def score_table(
    table: Table, *, accompanied: int | None = None, unreviewed: Collection[str] = ()
) -> Results:
    """Score every row and every pair of rows; `unreviewed` are languages nobody has read over."""
    totals: dict[str, Tally] = defaultdict(dict)
    for row in table.rows:
        language = row.reserved.get("langue")
        for one in score_response(
            table.plan, row.wave, row.answers, mode=row.mode, unreviewed=language in unreviewed
        ):
            add(totals[one.measure_key], one.tally)
    for earlier, later in _pairs(table):
        for pair in score_pair(
            table.plan, earlier.wave, later.wave, earlier.answers, later.answers
        ):
            add(totals[pair.measure_key], pair.tally)
    return Results(
        questionnaire=table.questionnaire.id,
        version=table.questionnaire.version,
        responses=len(table.rows),
        ignored=sum(_ignored(table, row) for row in table.rows),
        figures=tuple(
            figure(measure, totals[measure.key], accompanied=accompanied)
            for measure in measures(table.plan)
        ),
    )


def _pairs(table: Table) -> list[tuple[Row, Row]]:
    """Return the rows of the same person in each two waves that may be compared."""
    if table.questionnaire.method != "A":
        return []
    people: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in table.rows:
        if row.person:
            people[row.person][row.wave] = row
    return [
        (waves[before.name], waves[after.name])
        for waves in people.values()
        for before, after in table.plan.pairs
        if before.name in waves and after.name in waves
    ]


def _ignored(table: Table, row: Row) -> int:
    filled = {**row.answers, **row.texts}
    return len(filled) - len(table.plan.passings[row.wave].counted(filled))
