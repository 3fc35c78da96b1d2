"""The results of several structures beside each other, and added up where nothing leaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.db import Database
from app.indicators.fixed import FixedPeriod
from app.indicators.freezing import frozen_months
from app.indicators.ledger import Leaving, Release, publish_briefly
from app.indicators.queries import Block, Measured, Sums, blocks, measured
from app.organisations.queries import coordinated
from app.questionnaires.formulas import Part, Typology
from app.scoring import Figure, Plan, Tally, Thresholds, add
from app.scoring.disclosure import MEANS
from app.scoring.sentences import out_of, spaced


@dataclass(frozen=True, slots=True)
class Structure:
    """Be one structure that opened its results, and what it froze."""

    id: UUID
    name: str
    #: Its last frozen month, whatever the period; empty while it froze none.
    frozen_up_to: str
    release: Release


@dataclass(frozen=True, slots=True)
class Line:
    """Be one indicator measured one way: each structure's figure, and all of them together."""

    #: Any of the figures: for the words of the measure, never for its numbers.
    example: Measured
    #: Of each structure that measured it, whether it may leave or not.
    figures: tuple[tuple[Structure, Leaving], ...]
    #: The sum of those that may be shown; None when there are not two, or the sum would tell more.
    together: Measured | None
    #: How many structures are counted in the sum.
    counted: int


@dataclass(frozen=True, slots=True)
class Consolidated:
    """Be everything the page shows."""

    period: FixedPeriod | None
    periods: tuple[FixedPeriod, ...]
    structures: tuple[Structure, ...]
    blocks: tuple[Block, ...]
    #: By comparability key of the measure.
    lines: dict[str, Line]
    #: What no structure may show of the period.
    hidden: tuple[Line, ...] = ()

    @property
    def adds_up(self) -> bool:
        """Tell whether some figure is added up: without one there is nothing to paste."""
        return any(line.together for line in self.lines.values())


class PeriodError(ValueError):
    """Say in French that a period cannot be shown."""


def consolidated(database: Database, person_id: UUID, written: str, today: date) -> Consolidated:
    """Return what a coordinateur may read of a period, by default of the latest year.

    Reading publishes: what leaves a structure for the first time is written into its ledger.
    """
    with database.reading() as session:
        opened = [(one.id, one.name) for one in coordinated(session, person_id)]
        frozen = {known: _months(session, known) for known, _ in opened}
    periods = _periods({month for months in frozen.values() for month in months})
    if not periods:
        return Consolidated(None, (), tuple(_bare(opened)), (), {})
    period = _chosen(periods, written)
    structures = []
    for known, name in opened:
        release = publish_briefly(database, known, known, period, today)
        last = frozen[known][0] if frozen[known] else ""
        structures.append(Structure(known, name, last, release))
    lines = _lines(structures)
    plans = [plan for one in structures for plan in one.release.plans]
    asked = sorted({plan.version: plan.questionnaire for plan in plans}.items())
    longest = sorted((one for _, one in asked), key=lambda one: -len(one.indicators))
    shown = [line.example for line in lines.values() if line.counted]
    hidden = tuple(line for line in lines.values() if not line.counted)
    found = tuple(blocks(longest, shown))
    return Consolidated(period, periods, tuple(structures), found, lines, hidden)


def _bare(opened: Sequence[tuple[UUID, str]]) -> Iterator[Structure]:
    for known, name in opened:
        yield Structure(known, name, "", Release(FixedPeriod(0)))


def _months(session: Session, organisation_id: UUID) -> list[str]:
    return [frozen.month for frozen in frozen_months(session, organisation_id)]


def _periods(months: set[str]) -> tuple[FixedPeriod, ...]:
    """Return the years and whole quarters that somebody froze, the latest first."""
    found = set()
    for month in months:
        year, quarter = FixedPeriod.holding(month)
        found.add(year)
        if month == quarter.last:
            found.add(quarter)
    return tuple(sorted(found, key=lambda one: (-one.year, one.quarter)))


def _chosen(periods: Sequence[FixedPeriod], written: str) -> FixedPeriod:
    if not written:
        return periods[0]
    period = FixedPeriod.read(written)
    if period not in periods:
        raise PeriodError(
            "Aucune structure n’a arrêté cette période. Choisissez-en une dans la liste."
        )
    return period


def _lines(structures: Sequence[Structure]) -> dict[str, Line]:
    found: dict[str, list[tuple[Structure, Leaving]]] = {}
    for structure in structures:
        for leaving in structure.release.figures:
            key = leaving.measured.figure.measure.key
            found.setdefault(key, []).append((structure, leaving))
    plans = [plan for one in structures for plan in one.release.plans]
    return {key: _line(figures, plans) for key, figures in found.items()}


def _line(figures: Sequence[tuple[Structure, Leaving]], plans: Sequence[Plan]) -> Line:
    shown = [leaving for _, leaving in figures if not leaving.reason]
    example = figures[0][1].measured
    return Line(example, tuple(figures), together(shown, plans), len(shown))


def together(shown: Sequence[Leaving], plans: Sequence[Plan]) -> Measured | None:
    """Add up the figures that may be shown; nothing of the others can then be subtracted.

    Types of motives are merged structure by structure: their sum would undo it. A mean that one
    structure alone keeps to itself is kept from the sum too, and so is a sensitive headline.
    """
    if len(shown) < 2:
        return None
    measure = shown[0].measured.figure.measure
    if isinstance(measure.indicator.formula, Typology):
        return None
    total: Tally = {}
    for leaving in shown:
        add(total, leaving.tally)
    kept = sum(not leaving.measured.figure.visibility.means for leaving in shown)
    limits = Thresholds(means=max(MEANS, total.get("n", 0) + 1) if kept == 1 else MEANS)
    found = next(measured(Sums({measure.key: total}, {measure.key: 1}, plans), limits), None)
    if found is None or found.figure.visibility.hidden:
        return None
    return replace(found, figure=_without_what_was_kept(found.figure))


def _without_what_was_kept(figure: Figure) -> Figure:
    """Return a sum without what a structure may have kept to itself, and a subtraction would give.

    That is the headline of a sensitive figure, and what is not known yet: « J’attends encore ».
    """
    formula = figure.measure.indicator.formula
    if figure.measure.sensitive:
        figure = replace(figure, headline="")
    if isinstance(formula, Part) and formula.pending and figure.share:
        told = out_of(figure.share.k, figure.share.n, figure.measure.unit)
        figure = replace(figure, display=spaced(told))
    return figure
