"""The indicators as an author writes them, one model for each formula."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from app.questionnaires import formulas
from app.questionnaires.definition import Clause
from app.questionnaires.written import Clauses, Codes, Flag, Id, IndicatorId, Line, Written


def in_code_order(codes: Codes) -> Codes:
    """Return codes each once, in an order that does not depend on the author's."""
    return tuple(sorted(set(codes), key=lambda code: (isinstance(code, str), code)))


def clauses(written: Mapping[str, Codes]) -> tuple[Clause, ...]:
    """Return conditions in an order that does not depend on the author's."""
    return tuple(
        Clause(question, in_code_order(codes)) for question, codes in sorted(written.items())
    )


class IndicatorSource(Written):
    """Be what all indicators have."""

    id: IndicatorId
    fr: Line
    sensible: Flag = False
    #: What the positive answers say, after « 42 réponses sur 120 disent ».
    disent: Line | None = None
    #: For an indicator of a questionnaire: the critère of the référentiel it belongs to.
    critere: Id | None = None


class ProgressionSource(IndicatorSource):
    """Compare before and after on the mean of scaled questions."""

    formule: Literal["progression"]
    questions: Annotated[tuple[Id, ...], Field(min_length=1, max_length=10)]

    def formula(self) -> formulas.Formula:
        """Return the formula as written."""
        return formulas.Progression(self.questions)


class TasksSource(IndicatorSource):
    """Count the tasks done without help."""

    formule: Literal["taches"]
    questions: Annotated[tuple[Id, ...], Field(min_length=1, max_length=10)]
    sans_aide: Codes

    def formula(self) -> formulas.Formula:
        """Return the formula as written."""
        return formulas.Tasks(self.questions, in_code_order(self.sans_aide))


class ContributionSource(IndicatorSource):
    """Count those who progressed and say that the place helped."""

    formule: Literal["contribution"]
    base: IndicatorId
    attribution: Id
    attribue: Codes
    fort: Codes

    def formula(self) -> formulas.Formula:
        """Return the formula as written."""
        return formulas.Contribution(
            self.base, self.attribution, in_code_order(self.attribue), in_code_order(self.fort)
        )


class PartSource(IndicatorSource):
    """Count positive answers over valid answers."""

    formule: Literal["part"]
    question: Id
    positif: Codes
    parmi: Codes = ()
    #: Outcomes that are not known yet.
    attente: Codes = ()

    def formula(self) -> formulas.Formula:
        """Return the formula as written."""
        return formulas.Part(
            self.question,
            in_code_order(self.positif),
            in_code_order(self.parmi),
            in_code_order(self.attente),
        )


class MultiplePartSource(IndicatorSource):
    """Count persons with at least one positive choice."""

    formule: Literal["part_multiple"]
    question: Id
    positif: Codes
    sauf: Codes = ()

    def formula(self) -> formulas.Formula:
        """Return the formula as written."""
        return formulas.MultiplePart(
            self.question, in_code_order(self.positif), in_code_order(self.sauf)
        )


class ConjunctionSource(IndicatorSource):
    """Count persons for whom several answers hold together."""

    formule: Literal["conjonction"]
    si: Clauses
    parmi: Clauses

    def formula(self) -> formulas.Formula:
        """Return the formula as written."""
        return formulas.Conjunction(clauses(self.si), clauses(self.parmi))


class TypologySource(IndicatorSource):
    """Count persons per type of motive."""

    formule: Literal["typologie"]
    question: Id

    def formula(self) -> formulas.Formula:
        """Return the formula as written."""
        return formulas.Typology(self.question)


class MeanSource(IndicatorSource):
    """Average the score of one question."""

    formule: Literal["moyenne"]
    question: Id
    satisfait: Codes

    def formula(self) -> formulas.Formula:
        """Return the formula as written."""
        return formulas.Mean(self.question, in_code_order(self.satisfait))


AnyIndicator: TypeAlias = Annotated[
    ProgressionSource
    | TasksSource
    | ContributionSource
    | PartSource
    | MultiplePartSource
    | ConjunctionSource
    | TypologySource
    | MeanSource,
    Field(discriminator="formule"),
]
Indicators: TypeAlias = Annotated[tuple[AnyIndicator, ...], Field(max_length=200)]
