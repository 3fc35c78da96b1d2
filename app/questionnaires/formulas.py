"""How an indicator is computed from answers: one frozen class for each formula of the référentiel.

The rules of the computation itself live in `app/scoring`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from app.questionnaires.definition import Clause, Code


@dataclass(frozen=True, slots=True)
class Progression:
    """Compare before and after on the mean of scaled items (rules 1 to 4)."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tasks:
    """Count the tasks done without help, before and after."""

    items: tuple[str, ...]
    #: Codes that mean « sans aide ».
    alone: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Contribution:
    """Count those who progressed and say that the place helped (rule 5)."""

    #: Id of the progression indicator that must rise.
    base: str
    attribution: str
    attributed: tuple[Code, ...]
    strong: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Count positive answers over valid answers, within `among` when given (rule 6)."""

    item: str
    positive: tuple[Code, ...]
    among: tuple[Code, ...] = ()
    #: Outcomes not known yet: with « Je ne sais pas » they are printed beside, and only counts
    #: are shown while they exceed 20 % (rule 7).
    pending: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class MultiplePart:
    """Count persons with at least one positive choice; those who chose `outside` do not count."""

    item: str
    positive: tuple[Code, ...]
    outside: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class Conjunction:
    """Count persons for whom every clause holds, among those for whom `among` holds (rule 7)."""

    clauses: tuple[Clause, ...]
    among: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Typology:
    """Count persons per type of motive; a person may be in several types (rule 6)."""

    item: str


@dataclass(frozen=True, slots=True)
class Mean:
    """Average the 0–100 score of one item and count the satisfied (rule 8)."""

    item: str
    satisfied: tuple[Code, ...]


Formula: TypeAlias = (
    Progression | Tasks | Contribution | Part | MultiplePart | Conjunction | Typology | Mean
)

#: The formulas, by the name an author writes.
FORMULAS: Mapping[str, type[Formula]] = {
    "progression": Progression,
    "taches": Tasks,
    "contribution": Contribution,
    "part": Part,
    "part_multiple": MultiplePart,
    "conjonction": Conjunction,
    "typologie": Typology,
    "moyenne": Mean,
}
