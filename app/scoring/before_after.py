"""What two moments have in common: common items, movement, who came back (rules 3 and 4)."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from app.questionnaires.definition import Indicator
from app.questionnaires.production import named_items
from app.scoring.intervals import Interval, student
from app.scoring.measure import Measure
from app.scoring.plans import Moment, Plan
from app.scoring.readings import MOST_ITEMS, SIXTIETH, Item, Reading, exact_mean, min_items
from app.scoring.tallies import Tally, add, sparse


class Common(NamedTuple):
    """Be one item that a person answered at both moments."""

    item: Item
    earlier: Item
    before: int
    after: int


class Compared(NamedTuple):
    """Be what one pair brings; `before` and `after` are None when it is excluded."""

    k: int
    before: int | None
    after: int | None
    tally: Tally


@dataclass(frozen=True, kw_only=True, eq=False)
class BeforeAfter(Measure):
    """Compare the two moments of each person, on the items valid at both."""

    @classmethod
    def of(cls, indicator: Indicator, plan: Plan) -> Iterator[Measure]:
        """Yield one measure a pair of moments."""
        for before, after, earlier, items in comparable(
            tuple(named_items(indicator.formula)), plan
        ):
            yield cls(
                indicator=indicator,
                method=plan.questionnaire.method,
                from_wave=before.name,
                to_wave=after.name,
                items=items,
                earlier=earlier,
            )

    @abstractmethod
    def value(self, common: list[Common], reading: Reading, *, earlier: bool) -> int:
        """Return what is compared, on one side."""

    @abstractmethod
    def top(self, common: list[Common]) -> int:
        """Return the value above which nobody can rise."""

    def of_response(self, wave: str, reading: Reading) -> tuple[int | None, Tally]:
        if self.told_at_once:
            compared = self.compare(reading, reading)
            tally = self._arriving(reading)
            add(tally, self._leaving(reading))
            add(tally, compared.tally)
            return compared.after, tally
        if wave == self.from_wave:
            return self.score(self.earlier, reading), self._arriving(reading)
        return self.score(self.items, reading), self._leaving(reading)

    def _arriving(self, reading: Reading) -> Tally:
        """Return what a response adds as the earlier one of the two."""
        tally = self.observe("from", reading)
        add(tally, self._start("from", reading))
        return tally

    def _start(self, prefix: str, reading: Reading) -> Tally:
        """Return the score on entry: those who come back may have started elsewhere."""
        score = self.score(self.earlier, reading)
        if score is None:
            return {}
        return sparse(**{f"{prefix}.scored": 1, f"{prefix}.sum": score})

    def _leaving(self, reading: Reading) -> Tally:
        """Return what a response adds as the later one of the two."""
        return self.observe("to", reading)

    def compare(self, before: Reading, after: Reading) -> Compared:
        """Compare two responses of one person, or the two moments of one response."""
        common = [
            Common(item, earlier, first, last)
            for item, earlier in zip(self.items, self.earlier, strict=True)
            if (first := before.score(earlier)) is not None
            and (last := after.score(item)) is not None
        ]
        tally: Tally = {"pairs": 1}
        add(tally, self._start("paired", before))
        if len(common) < min_items(len(self.items)):
            return Compared(len(common), None, None, tally)
        first = self.value(common, before, earlier=True)
        last = self.value(common, after, earlier=False)
        add(tally, self._movement(first, last, self.top(common)))
        add(tally, self.beside(first, last, after))
        return Compared(len(common), first, last, tally)

    def beside(self, before: int, after: int, reading: Reading) -> Tally:  # noqa: ARG002
        """Return what a formula counts beside the movement."""
        return {}

    def score(self, items: tuple[Item, ...], reading: Reading) -> int | None:
        """Return the score of a person at one moment (rule 2)."""
        scores = [score for item in items if (score := reading.score(item)) is not None]
        return exact_mean(scores, len(items))

    @staticmethod
    def _movement(before: int, after: int, top: int) -> Tally:
        delta = after - before
        return sparse(
            n=1,
            before=before,
            after=after,
            delta2=delta * delta,
            progress=delta > 0,
            decline=delta < 0,
            ceiling=before == top,
        )


class Movement(NamedTuple):
    """Be the sums of a crowd's movement, in the unit of the measure."""

    n: int
    before: Fraction
    after: Fraction
    squares: Fraction
    progress: int
    decline: int

    @classmethod
    def of(cls, tally: Mapping[str, int], unit: int = 1) -> Movement:
        """Read the sums of a tally, dividing by the size of the unit."""
        return cls(
            tally.get("n", 0),
            Fraction(tally.get("before", 0), unit),
            Fraction(tally.get("after", 0), unit),
            Fraction(tally.get("delta2", 0), unit * unit),
            tally.get("progress", 0),
            tally.get("decline", 0),
        )

    @property
    def stable(self) -> int:
        """Count those who did not move."""
        return self.n - self.progress - self.decline

    @property
    def delta(self) -> Fraction:
        """Return the sum of the differences."""
        return self.after - self.before

    @property
    def interval(self) -> Interval | None:
        """Return the interval of the mean difference."""
        return student(self.n, self.delta, self.squares)

    @property
    def established(self) -> bool:
        """Tell whether 0 lies outside the interval of the mean difference."""
        interval = self.interval
        return interval is not None and (interval.low > 0 or interval.high < 0)

    def means(self) -> dict[str, object]:
        """Return the three means and the interval of the difference; None when n = 0."""
        n = self.n
        return {
            "before": float(self.before / n) if n else None,
            "after": float(self.after / n) if n else None,
            "delta": float(self.delta / n) if n else None,
            "delta_ci": self.interval,
        }


def comparable(
    items: tuple[str, ...], plan: Plan
) -> Iterator[tuple[Moment, Moment, tuple[Item, ...], tuple[Item, ...]]]:
    """Yield each pair of moments with the scored items posed at both; none when there is none."""
    for before, after in plan.pairs:
        posed = [
            item
            for item in after.items.values()
            if item.id in items and item.id in before.items and item.scores
        ]
        if len(posed) > MOST_ITEMS or any(_inexact(item) for item in posed):
            raise ValueError(
                f"{', '.join(items)} : un score exact demande au plus {MOST_ITEMS} questions, "
                "sur des échelles de 2 à 7 réponses."
            )
        if posed:
            yield before, after, tuple(before.items[item.id] for item in posed), tuple(posed)


def _inexact(item: Item) -> bool:
    return any(score % SIXTIETH for score in item.scores.values())
