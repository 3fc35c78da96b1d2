"""Satisfaction: mean of one question, and the share of the satisfied (rule 8)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from app.questionnaires.formulas import Mean
from app.questionnaires.kinds import FULL_SCORE
from app.scoring.cautions import Evidence, cautions
from app.scoring.disclosure import Visibility, visibility
from app.scoring.figures import Circumstances, Figure, Segment, Share
from app.scoring.intervals import margin
from app.scoring.readings import Reading
from app.scoring.sentences import decimal, out_of, say, share, spaced
from app.scoring.single_wave import SingleWave
from app.scoring.tallies import Tally, add, sparse

POINT = FULL_SCORE // 100


class MeanMeasure(SingleWave[Mean]):
    """Average the score of one question and count the satisfied."""

    @property
    def unit(self) -> str:
        """Return « réponse »: somebody may be satisfied several times a year."""
        return "réponse"

    def of_response(self, wave: str, reading: Reading) -> tuple[int | None, Tally]:  # noqa: ARG002
        tally = self.observe("to", reading)
        score = reading.score(self.items[0])
        if score is not None:
            satisfied = reading.answers[self.items[0].key] in self.formula.satisfied
            add(tally, sparse(n=1, sum=score, satisfied=satisfied))
        return score, tally

    def figure(self, tally: Mapping[str, int], circumstances: Circumstances) -> Figure:
        n = tally.get("n", 0)
        average = Fraction(tally.get("sum", 0), POINT * n) if n else None
        satisfied = Share(tally.get("satisfied", 0), n)
        shown = visibility(
            n,
            sensitive=self.sensitive,
            counts=(satisfied.k,),
            thresholds=circumstances.thresholds,
        )
        return Figure(
            measure=self,
            n=n,
            values={
                "n": n,
                "mean": None if average is None else float(average),
                "satisfied": satisfied.to_json(),
            },
            display=spaced(shown.hidden or self._sentence(average, satisfied, shown)),
            headline=self._headline(satisfied) if shown.counts else "",
            warnings=cautions(Evidence(self, tally, n, circumstances)),
            visibility=shown,
            parts=_parts(satisfied) if shown.counts else (),
            share=satisfied if n else None,
            margin=margin(n, circumstances.accompanied),
        )

    def _headline(self, satisfied: Share) -> str:
        return spaced(say(satisfied.k, satisfied.n, self.unit, self.indicator.says))

    def _sentence(self, average: Fraction | None, satisfied: Share, shown: Visibility) -> str:
        if shown.percentages:
            said = f"réponses satisfaites : {share(satisfied.k, satisfied.n)}"
        else:
            said = out_of(satisfied.k, satisfied.n, self.unit, "satisfaite")
        if shown.means and average is not None:
            said += f" ; moyenne {decimal(average)} sur 100"
        return said

    def explanation(self) -> str:
        question = self.items[0].posed.question
        words = " ou ".join(f"« {question.option(c).text.fr} »" for c in self.formula.satisfied)
        return spaced(
            f"Chaque réponse à la question « {self.items[0].posed.text.fr} » vaut de 0 à 100, et "
            f"l’on fait la moyenne. Est satisfaite une réponse {words} ; on compte des réponses, "
            "pas des personnes."
        )


def _parts(satisfied: Share) -> tuple[Segment, ...]:
    return (
        Segment("satisfied", "satisfaites", satisfied.k),
        Segment("others", "autres réponses", satisfied.n - satisfied.k),
    )
