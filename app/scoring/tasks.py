"""Tasks done without help, before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import cast

from app.questionnaires.formulas import Tasks
from app.scoring.before_after import BeforeAfter, Common, Movement
from app.scoring.cautions import Evidence, cautions
from app.scoring.disclosure import Visibility, visibility
from app.scoring.explain import METHODS, measured_by
from app.scoring.figures import Circumstances, Figure, Segment
from app.scoring.intervals import margin
from app.scoring.readings import Reading
from app.scoring.sentences import agree, decimal, half_up, in_ten, out_of, rest, spaced


class TasksMeasure(BeforeAfter):
    """Count the tasks that each person does without help, among those answered at both moments."""

    @cached_property
    def formula(self) -> Tasks:
        """Return the formula, of the class that this measure is registered for."""
        return cast("Tasks", self.indicator.formula)

    def value(self, common: list[Common], reading: Reading, *, earlier: bool) -> int:
        """Count the tasks done without help, on one side."""
        keys = (one.earlier.key if earlier else one.item.key for one in common)
        return sum(reading.answers[key] in self.formula.alone for key in keys)

    def top(self, common: list[Common]) -> int:
        """Return the number of tasks that can be compared."""
        return len(common)

    def _posed_formula(self) -> Tasks:
        return replace(self.formula, items=tuple(item.id for item in self.items))

    def figure(self, tally: Mapping[str, int], circumstances: Circumstances) -> Figure:
        moves = Movement.of(tally)
        n = moves.n
        shown = visibility(
            n,
            sensitive=self.sensitive,
            counts=(moves.progress, moves.stable, moves.decline),
            thresholds=circumstances.thresholds,
        )
        return Figure(
            measure=self,
            n=n,
            values={"n": n, "tasks": len(self.items), **moves.means()},
            display=spaced(shown.hidden or self._sentence(moves, shown)),
            headline=self._headline(moves, shown),
            warnings=cautions(Evidence(self, tally, n, circumstances)),
            visibility=shown,
            parts=_parts(moves) if shown.counts else (),
            margin=margin(n, circumstances.accompanied),
        )

    def _headline(self, moves: Movement, shown: Visibility) -> str:
        """Speak up only when the mean really moved (rule 4)."""
        if not shown.counts or not moves.established:
            return ""
        more = agree(moves.progress, *self._does("plus"))
        return f"{in_ten(moves.progress, moves.n, self.unit)} {more}"

    def _does(self, how_many: str) -> tuple[str, str]:
        tasks = f"{how_many} de tâches sans aide"
        if self.unit == "personne":
            return f"fait {tasks}", f"font {tasks}"
        return f"indique {tasks}", f"indiquent {tasks}"

    def _sentence(self, moves: Movement, shown: Visibility) -> str:
        """Give means where they may be shown, else how many do more, as many, fewer."""
        if shown.means:
            before, after = moves.before / moves.n, moves.after / moves.n
            several = "s" if half_up(before, 1) >= 2 else ""
            return (
                f"en moyenne {decimal(before)} tâche{several} sur {len(self.items)} "
                f"faite{several} sans aide avant, {decimal(after)} après"
            )
        more = f"{out_of(moves.progress, moves.n, self.unit)} "
        more += agree(moves.progress, *self._does("plus"))
        return (
            f"{more}, {rest(moves.stable, 'en fait autant', 'en font autant')}, "
            f"{rest(moves.decline, 'en fait moins', 'en font moins')}"
        )

    def explanation(self) -> str:
        method = METHODS[self.method]
        return spaced(
            f"Indicateur {measured_by(len(self.items))}, méthode « {method.name} ». "
            f"{method.sentence} On compte, pour chaque personne, les tâches faites sans aide "
            "parmi celles auxquelles elle a répondu aux deux moments, puis on fait la moyenne."
        )


def _parts(moves: Movement) -> tuple[Segment, ...]:
    return (
        Segment("progress", "plus de tâches sans aide", moves.progress),
        Segment("stable", "autant", moves.stable),
        Segment("decline", "moins", moves.decline),
    )
