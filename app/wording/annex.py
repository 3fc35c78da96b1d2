"""The annex: where each figure comes from, one row for what was asked in one way.

What a place is thanked for, the tasks of a progression and later news stand under their
progression; few answers stand together. Each row keeps its figures apart for the spreadsheet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from app.documents.section import Annex, AnnexRow
from app.questionnaires.formulas import Conjunction, Contribution, Part, Tasks
from app.scoring import IN_SHORT, METHODS, WARNINGS
from app.scoring.disclosure import PERCENTAGES
from app.scoring.sentences import spaced
from app.wording.annex_rows import row_of
from app.wording.phrases import prominence

if TYPE_CHECKING:
    from app.wording.told import Told

Group: TypeAlias = list["Told"]
BETWEEN = " · "
FEW = "Autres chiffres, moins de 20 réponses"


def annex_of(
    told: Sequence[Told], references: tuple[str, ...], supporting: Collection[str] = ()
) -> Annex:
    """Return where each figure comes from, and each warning that was raised, once.

    `supporting` are the measures that a sentence of the section stands on: their rows come first.
    """
    shown = [one.measured.figure for one in told if not one.reason]
    raised = {code for figure in shown for code in figure.warnings}
    methods = sorted({figure.measure.method for figure in shown})
    return Annex(
        rows=rows_of(told, supporting),
        warnings=tuple(
            (IN_SHORT[code], advice.meaning) for code, advice in WARNINGS.items() if code in raised
        ),
        methods=tuple(
            (f"{method}, {METHODS[method].name}", METHODS[method].sentence) for method in methods
        ),
        references=references,
    )


def rows_of(told: Sequence[Told], supporting: Collection[str] = ()) -> tuple[AnnexRow, ...]:
    """Return the rows of figures, those that support a sentence first, small ones together."""
    first: list[AnnexRow] = []
    others: list[AnnexRow] = []
    few: list[AnnexRow] = []
    for group in _groups(told):
        row = _gathered(group)
        if any(one.measured.key in supporting for one in group):
            first.append(row)
        elif not group[0].reason and group[0].figure.n < PERCENTAGES:
            few.append(row)
        else:
            others.append(row)
    return (*first, *others, *(few if len(few) < 2 or not supporting else [_together(few)]))


def _groups(told: Sequence[Told]) -> Iterator[Group]:
    """Yield what one row holds, the most prominent at its head; ways of asking side by side."""
    subjects = {one.indicator for one in told}
    ways: dict[tuple[str, ...], dict[str, Group]] = {}
    for one in told:
        by_method = ways.setdefault(_subject(one, subjects), {})
        by_method.setdefault(one.figure.measure.method, []).append(one)
    for by_method in ways.values():
        for group in by_method.values():
            yield sorted(group, key=lambda one: (bool(one.reason), *prominence(one.measured)))


def _subject(one: Told, subjects: Collection[str]) -> tuple[str, ...]:
    """Return what a figure is about: its progression, or those among whom it counts."""
    formula = one.figure.measure.indicator.formula
    if isinstance(formula, Contribution):
        return (formula.base,)
    if isinstance(formula, Tasks):
        progression = f"{one.indicator.partition('.')[0]}.progression"
        return (progression if progression in subjects else one.indicator,)
    if isinstance(formula, Conjunction) and len(formula.among) == 1:
        (clause,) = formula.among
        return (clause.question, *map(str, clause.codes))
    if isinstance(formula, Part) and formula.among:
        return (formula.item, *map(str, formula.among))
    return (one.indicator,)


def _gathered(group: Group) -> AnnexRow:
    """Write a group as one row: its head, then a line for each other figure that may be shown."""
    rows = [row_of(one) for one in group]
    head, main = group[0], rows[0]
    if len(rows) == 1:
        return main
    lines = [
        (one, row)
        for one, row in zip(group[1:], rows[1:], strict=True)
        if not one.reason and _is_line(head, one)
    ]
    said = [f"{_label(head, one, row)} : {row.result}" for one, row in lines]
    every = [main, *(row for _, row in lines)]
    return replace(
        main,
        questions=_joined(row.questions for row in every),
        formula=_joined(row.formula for row in every),
        result=spaced(". ".join([main.result, *said])),
        cautions=_cautions(every),
        figures=tuple(rows),
    )


def _is_line(head: Told, one: Told) -> bool:
    """Tell whether a figure is worth a line: of later news, the indicator itself is enough."""
    return one.indicator == head.indicator or one.measured.moments == head.measured.moments


def _label(head: Told, one: Told, row: AnnexRow) -> str:
    return (
        row.moments
        if one.indicator == head.indicator
        else row.title.removesuffix(f" ({row.moments})")
    )


def _together(rows: Sequence[AnnexRow]) -> AnnexRow:
    """Write small figures as one row."""
    numbers = sorted({int(row.n) for row in rows})
    return AnnexRow(
        title=FEW,
        questions=_joined(row.questions for row in rows),
        formula=_joined(row.formula for row in rows),
        result=spaced(". ".join(f"{row.title} : {row.result}" for row in rows)),
        n=f"{numbers[0]} à {numbers[-1]}" if len(numbers) > 1 else f"{numbers[0]}",
        method=", ".join(sorted({row.method for row in rows})),
        cautions=_cautions(rows),
        figures=tuple(one for row in rows for one in row.figures or (row,)),
    )


def _joined(texts: Iterable[str]) -> str:
    return BETWEEN.join(dict.fromkeys(part for text in texts for part in text.split(BETWEEN)))


def _cautions(rows: Sequence[AnnexRow]) -> str:
    """Return the cautions of rows, in their usual order."""
    raised = {name for row in rows for name in row.cautions.split(", ")}
    return ", ".join(name for name in IN_SHORT.values() if name in raised)
