"""Contribution: progressed, and says that the place helped (rule 5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.questionnaires.definition import Indicator
from app.questionnaires.formulas import Contribution, Progression
from app.scoring.before_after import comparable
from app.scoring.cautions import Evidence, cautions
from app.scoring.disclosure import Visibility, visibility
from app.scoring.explain import METHODS, measured_by
from app.scoring.figures import Circumstances, Figure, Segment, Share
from app.scoring.intervals import margin
from app.scoring.measure import Measure
from app.scoring.plans import Plan
from app.scoring.progression import MeanScore
from app.scoring.readings import Item, Reading
from app.scoring.sentences import agree, between, in_ten, out_of, percent, spaced, whole
from app.scoring.tallies import Tally, sparse

#: To progress and to say that the place helped: nobody, one, several.
VERBS = {
    "personne": (
        "n’a à la fois progressé et dit que ce lieu l’a aidée",
        "a progressé et dit que ce lieu l’a aidée",
        "ont progressé et disent que ce lieu les a aidées",
    ),
    "réponse": (
        "ne vient d’une personne qui progresse et dit que ce lieu l’a aidée",
        "vient d’une personne qui progresse et dit que ce lieu l’a aidée",
        "viennent de personnes qui progressent et disent que ce lieu les a aidées",
    ),
}
DECLARED = "contribution déclarée par les personnes, sans groupe de comparaison"


@dataclass(frozen=True, kw_only=True, eq=False)
class ContributionMeasure(MeanScore):
    """Count those who progressed on another indicator and say that the place helped."""

    formula: Contribution
    #: Asked at `to_wave`.
    attribution: Item

    @classmethod
    def of(cls, indicator: Indicator, plan: Plan) -> Iterator[Measure]:
        """Yield one measure a pair of moments whose later one asks for the attribution."""
        formula = indicator.formula
        if not isinstance(formula, Contribution):
            raise TypeError(indicator.id)
        base = plan.questionnaire.indicators[formula.base].formula
        if not isinstance(base, Progression):
            raise TypeError(formula.base)
        for before, after, earlier, items in comparable(base.items, plan):
            if formula.attribution in after.items:
                yield cls(
                    indicator=indicator,
                    method=plan.questionnaire.method,
                    from_wave=before.name,
                    to_wave=after.name,
                    items=items,
                    earlier=earlier,
                    formula=formula,
                    attribution=after.items[formula.attribution],
                )

    @property
    def asked(self) -> tuple[Item, ...]:
        return (*self.items, self.attribution)

    def beside(self, before: int, after: int, reading: Reading) -> Tally:
        """Count a declared contribution; no answer is no contribution, and is counted."""
        said = reading.answers.get(self.attribution.key)
        progressed = after > before
        return sparse(
            attributed=progressed and said in self.formula.attributed,
            strong=progressed and said in self.formula.strong,
            unanswered=said is None,
        )

    def figure(self, tally: Mapping[str, int], circumstances: Circumstances) -> Figure:
        n = tally.get("n", 0)
        attributed, strong = Share(tally.get("attributed", 0), n), Share(tally.get("strong", 0), n)
        unanswered = tally.get("unanswered", 0)
        shown = visibility(
            n,
            sensitive=self.sensitive,
            counts=(attributed.k, unanswered),
            thresholds=circumstances.thresholds,
        )
        return Figure(
            measure=self,
            n=n,
            values={
                **attributed.to_json(),
                "strong": strong.to_json(),
                "unanswered": unanswered,
            },
            display=spaced(shown.hidden or self._sentence(attributed, unanswered, shown)),
            headline=self._headline(attributed) if shown.percentages else "",
            warnings=cautions(Evidence(self, tally, n, circumstances)),
            visibility=shown,
            parts=_parts(attributed) if shown.counts else (),
            share=attributed if n else None,
            margin=margin(n, circumstances.accompanied),
        )

    def _headline(self, attributed: Share) -> str:
        said = VERBS[self.unit][min(attributed.k, 2)]
        return f"{in_ten(attributed.k, attributed.n, self.unit)} {said}"

    def _sentence(self, attributed: Share, unanswered: int, shown: Visibility) -> str:
        said = out_of(attributed.k, attributed.n, self.unit)
        said += f" {VERBS[self.unit][min(attributed.k, 2)]}"
        if shown.percentages and (interval := attributed.interval):
            said += f" ({percent(attributed.fraction)} ; {between(interval)})"
        if unanswered:
            silent = agree(unanswered, "ne dit rien", "ne disent rien")
            said += f" ; {whole(unanswered)} {silent} de cette aide"
        return f"{said} ({DECLARED})"

    def explanation(self) -> str:
        method = METHODS[self.method]
        return spaced(
            f"Indicateur {measured_by(len(self.items))} et une question sur l’aide reçue, méthode "
            f"« {method.name} ». On compte les personnes qui ont progressé et qui disent que ce "
            "lieu les a aidées, un peu ou beaucoup, parmi toutes celles que l’on peut comparer. "
            f"C’est une {DECLARED}."
        )


def _parts(attributed: Share) -> tuple[Segment, ...]:
    return (
        Segment("attributed", "progrès et aide de ce lieu", attributed.k),
        Segment("others", "autres", attributed.n - attributed.k),
    )
