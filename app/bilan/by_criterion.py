"""Figures gathered by critère, those at the heart of the frame first."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from app.indicators.queries import blocks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.bilan.figures import Figures
    from app.questionnaires.definition import Criterion
    from app.wording.told import Told


class Gathered(NamedTuple):
    """Be a critère with the figures that may be told of it."""

    criterion: Criterion
    told: tuple[Told, ...]


def gathered(figures: Figures) -> Sequence[Gathered]:
    """Return the critères that people’s answers tell of, in the usual order."""
    told = {one.measured.key: one for one in figures.of_public}
    asked = [
        plan.questionnaire for plan in figures.plans if plan.questionnaire.audience == "usager"
    ]
    found = [
        Gathered(
            block.criterion,
            tuple(told[one.key] for ways in block.indicators.values() for one in ways),
        )
        for block in blocks(asked, [one.measured for one in told.values()])
    ]
    return sorted(found, key=lambda one: not one.criterion.core)
