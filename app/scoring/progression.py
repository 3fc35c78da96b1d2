"""Progression: before and after on the mean of scaled items (rules 2 to 4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from app.questionnaires.definition import Indicator
from app.questionnaires.formulas import Progression
from app.questionnaires.kinds import FULL_SCORE
from app.scoring.before_after import BeforeAfter, Common, Movement, comparable
from app.scoring.cautions import Evidence, cautions
from app.scoring.disclosure import Visibility, may_tell, visibility
from app.scoring.explain import METHODS, measured_by
from app.scoring.figures import Circumstances, Figure, Segment, Share
from app.scoring.intervals import (
    ALPHA_ITEMS,
    ALPHA_ROWS,
    cronbach,
    effect_size,
    margin,
    wilson,
)
from app.scoring.measure import Measure
from app.scoring.plans import Plan
from app.scoring.readings import SIXTIETH, Item, Reading
from app.scoring.sentences import agree, between, in_ten, out_of, percent, rest, spaced
from app.scoring.tallies import Tally, add, sparse, under

POINT = FULL_SCORE // 100

#: To progress, to be stable, to decline: one and several.
VERBS = {
    "personne": (
        ("a progressé", "ont progressé"),
        ("est stable", "sont stables"),
        ("recule", "reculent"),
    ),
    "réponse": (
        ("est en progrès", "sont en progrès"),
        ("est stable", "sont stables"),
        ("est en recul", "sont en recul"),
    ),
}
NET_VERBS = {
    "personne": ("a nettement progressé", "ont nettement progressé"),
    "réponse": ("est en net progrès", "sont en net progrès"),
}


class MeanScore(BeforeAfter):
    """Compare means of scores, in 30240ths of a point."""

    def value(self, common: list[Common], reading: Reading, *, earlier: bool) -> int:  # noqa: ARG002
        return sum(one.before if earlier else one.after for one in common) // len(common)

    def top(self, common: list[Common]) -> int:  # noqa: ARG002
        return FULL_SCORE


@dataclass(frozen=True, kw_only=True, eq=False)
class ProgressionMeasure(MeanScore):
    """Count who progressed, and by how much on average."""

    formula: Progression

    @classmethod
    def of(cls, indicator: Indicator, plan: Plan) -> Iterator[Measure]:
        """Yield one measure a pair of moments."""
        if not isinstance(formula := indicator.formula, Progression):
            raise TypeError(indicator.id)
        for before, after, earlier, items in comparable(formula.items, plan):
            yield cls(
                indicator=indicator,
                method=plan.questionnaire.method,
                from_wave=before.name,
                to_wave=after.name,
                items=items,
                earlier=earlier,
                formula=formula,
            )

    def beside(self, before: int, after: int, reading: Reading) -> Tally:  # noqa: ARG002
        """Count a net progress: at least one step of the scale on average."""
        step = max(item.step for item in self.items)
        return sparse(net=after - before >= step)

    def _leaving(self, reading: Reading) -> Tally:
        tally = self.observe("to", reading)
        if len(self.items) >= ALPHA_ITEMS:
            add(tally, _reliability(self.items, reading))
        return tally

    def _posed_formula(self) -> Progression:
        return replace(self.formula, items=tuple(item.id for item in self.items))

    def figure(self, tally: Mapping[str, int], circumstances: Circumstances) -> Figure:
        moves = Movement.of(tally, POINT)
        n, net = moves.n, Share(tally.get("net", 0), moves.n)
        alpha = self._alpha(tally)
        shown = visibility(
            n,
            sensitive=self.sensitive,
            counts=(moves.progress, moves.stable, moves.decline),
            thresholds=circumstances.thresholds,
        )
        return Figure(
            measure=self,
            n=n,
            values=self._values(tally, moves, net, alpha),
            display=spaced(shown.hidden or _sentence(moves, self.unit, shown)),
            headline=self._headline(moves, net, shown),
            warnings=cautions(Evidence(self, tally, n, circumstances, alpha)),
            visibility=shown,
            parts=_parts(moves) if shown.counts else (),
            share=Share(moves.progress, n) if n else None,
            margin=margin(n, circumstances.accompanied),
        )

    def _values(
        self, tally: Mapping[str, int], moves: Movement, net: Share, alpha: Fraction | None
    ) -> dict[str, object]:
        n, pairs = moves.n, tally.get("pairs", 0)
        balance = Fraction(100 * (moves.progress - moves.decline), n) if n else None
        return {
            "n": n,
            "excluded": pairs - n,
            # The two sides of a pair may fall in different months of a period.
            "unpaired_entry": max(0, tally.get("from", 0) - pairs),
            "unpaired_exit": max(0, tally.get("to", 0) - pairs),
            **moves.means(),
            "d_z": effect_size(n, moves.delta, moves.squares),
            "progress": Share(moves.progress, n).to_json(),
            "stable": moves.stable,
            "decline": moves.decline,
            "balance": None if balance is None else float(balance),
            "net": net.to_json(),
            "ceiling": tally.get("ceiling", 0),
            "alpha": None if alpha is None else float(alpha),
            "missing": self.missing(tally),
        }

    def _alpha(self, tally: Mapping[str, int]) -> Fraction | None:
        rows = tally.get("alpha.n", 0)
        if rows < ALPHA_ROWS:
            return None
        items = under(tally, "alpha.item.")
        return cronbach(
            rows,
            tuple(items.get(item.id, 0) for item in self.items),
            tally.get("alpha.squares", 0),
            tally.get("alpha.totals", 0),
        )

    def _headline(self, moves: Movement, net: Share, shown: Visibility) -> str:
        """Say a net progress only: by pure chance 27 % « progress » a little (rule 4)."""
        if not shown.counts or (self.sensitive and not may_tell(net.k, net.n)):
            return ""
        if net.k == moves.progress:  # As over one question: the sentence says it already.
            return ""
        return f"{in_ten(net.k, net.n, self.unit)} {agree(net.k, *NET_VERBS[self.unit])}"

    def explanation(self) -> str:
        method = METHODS[self.method]
        return spaced(
            f"Indicateur {measured_by(len(self.items))}, méthode « {method.name} ». "
            f"{method.sentence} Chaque réponse vaut de 0 à 100 ; pour chaque personne, on compare "
            "les moyennes des questions auxquelles elle a répondu aux deux moments."
        )


def _reliability(items: tuple[Item, ...], reading: Reading) -> Tally:
    """Return the sums of Cronbach's alpha, in sixtieths of the scale; complete rows only."""
    row = {item.id: reading.score(item) for item in items}
    scores = {item: score // SIXTIETH for item, score in row.items() if score is not None}
    if len(scores) < len(items):
        return {}
    return sparse(
        **{f"alpha.item.{item}": score for item, score in scores.items()},
        **{
            "alpha.n": 1,
            "alpha.squares": sum(score * score for score in scores.values()),
            "alpha.totals": sum(scores.values()) ** 2,
        },
    )


def _sentence(moves: Movement, unit: str, shown: Visibility) -> str:
    """Give the three counts, always together (rule 4)."""
    progressed, stable, declined = VERBS[unit]
    said = f"{out_of(moves.progress, moves.n, unit)} {agree(moves.progress, *progressed)}"
    if shown.percentages and (interval := wilson(moves.progress, moves.n)):
        rate = percent(Fraction(moves.progress, moves.n))
        said += f" ({rate} ; {between(interval)})"
    return f"{said}, {rest(moves.stable, *stable)}, {rest(moves.decline, *declined)}"


def _parts(moves: Movement) -> tuple[Segment, ...]:
    return (
        Segment("progress", "en progrès", moves.progress),
        Segment("stable", "stables", moves.stable),
        Segment("decline", "en recul", moves.decline),
    )
