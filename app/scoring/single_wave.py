"""What is measured in one wave, with no before."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Generic, TypeVar, cast

from app.questionnaires.definition import Indicator
from app.questionnaires.formulas import Conjunction, Mean, MultiplePart, Part, Typology
from app.questionnaires.production import named_items
from app.scoring.measure import Measure
from app.scoring.plans import Plan

FormulaT = TypeVar("FormulaT", Part, MultiplePart, Conjunction, Typology, Mean)


class SingleWave(Measure, Generic[FormulaT]):
    """Measure the answers to the questions of a formula, each wave by itself."""

    @classmethod
    def of(cls, indicator: Indicator, plan: Plan) -> Iterator[Measure]:
        """Yield one measure a wave that asks every question of the formula."""
        questions = tuple(dict.fromkeys(named_items(indicator.formula)))
        for moment in plan.moments:
            if all(question in moment.items for question in questions):
                yield cls(
                    indicator=indicator,
                    method=plan.questionnaire.method,
                    to_wave=moment.name,
                    items=tuple(moment.items[question] for question in questions),
                )

    @cached_property
    def formula(self) -> FormulaT:
        """Return the formula, of the class that this measure is registered for."""
        return cast("FormulaT", self.indicator.formula)
