"""Shares of a single wave: one answer, several answers, or several questions (rules 6 and 7)."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import NamedTuple

from app.questionnaires.definition import NSP, Answer, Clause
from app.questionnaires.formulas import Conjunction, MultiplePart, Part
from app.scoring.cautions import Evidence, cautions
from app.scoring.disclosure import Thresholds, Visibility, may_tell, visibility
from app.scoring.figures import Circumstances, Figure, Segment, Share
from app.scoring.intervals import margin
from app.scoring.readings import NOT_ASKED, Item, Reading
from app.scoring.sentences import out_of, quoted, say, share, spaced, whole
from app.scoring.single_wave import FormulaT, SingleWave
from app.scoring.tallies import Tally, add, sparse, under

THOSE = {"personne": "personnes qui ont répondu", "réponse": "réponses"}
BESIDE = "« Je ne sais pas », les refus et les oublis sont comptés à part."


class Verdict(NamedTuple):
    """Say whether a response counts in the base, and is positive; else why it stands aside."""

    positive: bool = False
    aside: str | None = None


class ShareMeasure(SingleWave[FormulaT]):
    """Count the positive answers over those that count."""

    @abstractmethod
    def verdict(self, reading: Reading) -> Verdict | None:
        """Return what one response is; None when the question was not asked of that person."""

    def of_response(self, wave: str, reading: Reading) -> tuple[int | None, Tally]:  # noqa: ARG002
        tally = self.observe("to", reading)
        verdict = self.verdict(reading)
        if verdict is None:
            return None, tally
        if verdict.aside is not None:
            add(tally, {f"aside.{verdict.aside}": 1})
            return None, tally
        add(tally, sparse(n=1, k=verdict.positive))
        return int(verdict.positive), tally

    def figure(self, tally: Mapping[str, int], circumstances: Circumstances) -> Figure:
        counted = Share(tally.get("k", 0), tally.get("n", 0))
        aside = under(tally, "aside.")
        shown = self._visibility(counted, aside, circumstances.thresholds)
        return Figure(
            measure=self,
            n=counted.n,
            values={**counted.to_json(), "aside": aside},
            display=spaced(shown.hidden or self._sentence(counted, aside, shown)),
            headline=self._headline(counted) if shown.counts else "",
            warnings=cautions(Evidence(self, tally, counted.n, circumstances)),
            visibility=shown,
            parts=_parts(counted) if shown.counts else (),
            share=counted if counted.n else None,
            margin=margin(counted.n, circumstances.accompanied),
        )

    def _headline(self, counted: Share) -> str:
        return spaced(say(counted.k, counted.n, self.unit, self.indicator.says))

    def _visibility(
        self,
        counted: Share,
        aside: Mapping[str, int],  # noqa: ARG002
        thresholds: Thresholds,
    ) -> Visibility:
        return visibility(
            counted.n, sensitive=self.sensitive, counts=(counted.k,), thresholds=thresholds
        )

    def _sentence(self, counted: Share, aside: Mapping[str, int], shown: Visibility) -> str:  # noqa: ARG002
        if shown.percentages:
            return share(counted.k, counted.n)
        return out_of(counted.k, counted.n, self.unit)


class PartMeasure(ShareMeasure[Part]):
    """Count the positive answers to one question."""

    def verdict(self, reading: Reading) -> Verdict | None:
        key, among = self.items[0].key, self.formula.among
        answer = reading.answers.get(key)
        if answer is None:
            return _gap(reading.gaps[key])
        if among and answer not in among:
            return Verdict(aside=str(answer))
        return Verdict(positive=answer in self.formula.positive)

    def _pending(self, aside: Mapping[str, int]) -> dict[str, int]:
        """Return the outcomes that are not known yet (rule 7)."""
        codes = [*map(str, self.formula.pending), NSP] if self.formula.pending else []
        return {code: aside[code] for code in codes if code in aside}

    def _visibility(
        self, counted: Share, aside: Mapping[str, int], thresholds: Thresholds
    ) -> Visibility:
        shown = super()._visibility(counted, aside, thresholds)
        pending = sum(self._pending(aside).values())
        if 5 * pending <= counted.n + pending:
            return shown
        return Visibility(counts=shown.counts, hidden=shown.hidden)

    def _sentence(self, counted: Share, aside: Mapping[str, int], shown: Visibility) -> str:
        said = super()._sentence(counted, aside, shown)
        beside = self.beside(counted, aside)
        return f"{said} ; à part, {', '.join(beside)}" if beside else said

    def beside(self, counted: Share, aside: Mapping[str, int]) -> list[str]:
        """Write the outcomes that are not known yet, save those that few people have."""
        pending = self._pending(aside)
        total = counted.n + sum(pending.values())
        return [
            f"{quoted(self._words(code))} : {whole(count)}"
            for code, count in pending.items()
            if not self.sensitive or may_tell(count, total)
        ]

    def _words(self, code: str) -> str:
        question = self.items[0].posed.question
        for option in question.options:
            if str(option.code) == code:
                return option.text.fr
        return question.aside_text(code).fr if code in question.asides else code

    def explanation(self) -> str:
        item, among = self.items[0], self.formula.among
        those = THOSE[self.unit]
        base = f"les {those} {_options(item, among)}" if among else "toutes les réponses"
        return spaced(
            f"Nombre de {those} {_options(item, self.formula.positive)} à la question "
            f"{quoted(item.posed.text.fr)}, parmi {base}. {BESIDE}"
        )


class MultiplePartMeasure(ShareMeasure[MultiplePart]):
    """Count the persons with at least one positive choice, each once."""

    def verdict(self, reading: Reading) -> Verdict | None:
        key = self.items[0].key
        chosen = reading.answers.get(key)
        if chosen is None:
            return _gap(reading.gaps[key])
        codes = chosen if isinstance(chosen, list) else [chosen]
        for code in codes:
            if code in self.formula.outside:
                return Verdict(aside=str(code))
        return Verdict(positive=any(code in self.formula.positive for code in codes))

    def explanation(self) -> str:
        item = self.items[0]
        return spaced(
            f"Nombre de {self.unit}s avec au moins un choix parmi "
            f"{_options(item, self.formula.positive)} à la question "
            f"{quoted(item.posed.text.fr)} ; plusieurs choix comptent une fois. {BESIDE}"
        )


class ConjunctionMeasure(ShareMeasure[Conjunction]):
    """Count those for whom several answers hold together."""

    def verdict(self, reading: Reading) -> Verdict | None:
        answers = reading.answers
        for clause in self.formula.among:
            if not clause.holds(answers):
                answer = answers.get(clause.question)
                if answer is None:
                    return _gap(reading.gaps[clause.question])
                return Verdict(aside=_code(answer))
        return Verdict(positive=all(clause.holds(answers) for clause in self.formula.clauses))

    def explanation(self) -> str:
        return spaced(
            f"Nombre de {THOSE[self.unit]} {self._words(self.formula.clauses)}, "
            f"parmi les {THOSE[self.unit]} {self._words(self.formula.among)}. "
            "C’est ce que les personnes déclarent."
        )

    def _words(self, clauses: tuple[Clause, ...]) -> str:
        items = {item.id: item for item in self.items}
        return " et ".join(
            f"{_options(items[clause.question], clause.codes)} à "
            f"{quoted(items[clause.question].posed.text.fr)}"
            for clause in clauses
        )


def _gap(gap: str) -> Verdict | None:
    return None if gap == NOT_ASKED else Verdict(aside=gap)


def _code(answer: Answer) -> str:
    return "|".join(answer) if isinstance(answer, list) else str(answer)


def _options(item: Item, codes: tuple[int | str, ...]) -> str:
    said = [quoted(item.posed.question.option(code).text.fr) for code in codes]
    return " ou ".join(filter(None, (", ".join(said[:-1]), said[-1])))


def _parts(counted: Share) -> tuple[Segment, ...]:
    return (
        Segment("positive", "oui", counted.k),
        Segment("others", "autres réponses", counted.n - counted.k),
    )
