"""How a figure is computed, in the few words that a column of the annex holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from app.questionnaires.formulas import (
    Conjunction,
    Contribution,
    Formula,
    Mean,
    MultiplePart,
    Part,
    Progression,
    Tasks,
    Typology,
)
from app.scoring.sentences import capital, quoted, spaced
from app.web.typography import listing

if TYPE_CHECKING:
    from app.questionnaires.definition import Code
    from app.scoring import Measure
    from app.scoring.readings import Item


def formula_of(measure: Measure) -> str:
    """Say in a few words how a figure is computed; `Measure.explanation` says it at length."""
    return spaced(capital(_WORDS[type(measure.indicator.formula)](measure)))


def _progression(measure: Measure) -> str:
    k = len(measure.items)
    what = "la réponse monte" if k == 1 else f"la moyenne des {k} questions monte"
    return f"{measure.unit}s où {what} d’un moment à l’autre"


def _tasks(measure: Measure) -> str:
    k = len(measure.items)
    return f"{measure.unit}s avec plus de démarches faites sans aide qu’avant, sur {k}"


def _contribution(measure: Measure) -> str:
    formula: Any = measure.indicator.formula
    words = _words(measure.asked[-1], formula.attributed)
    return f"progrès, et {words} à la question sur l’aide du lieu"


def _part(measure: Measure) -> str:
    formula: Any = measure.indicator.formula
    item = measure.items[0]
    words = _words(item, formula.positive)
    return f"{words}, parmi {_words(item, formula.among)}" if formula.among else words


def _multiple(measure: Measure) -> str:
    formula: Any = measure.indicator.formula
    return f"{_words(measure.items[0], formula.positive)}, une fois par {measure.unit}"


def _conjunction(measure: Measure) -> str:
    formula: Any = measure.indicator.formula
    items = {item.id: item for item in measure.items}
    both, among = (
        " puis ".join(_words(items[clause.question], clause.codes) for clause in clauses)
        for clauses in (formula.clauses, formula.among)
    )
    return f"{both}, parmi {among} à la première question"


def _typology(measure: Measure) -> str:
    return f"{measure.unit}s pour chaque type de motif ; plusieurs motifs sont possibles"


def _mean(measure: Measure) -> str:
    formula: Any = measure.indicator.formula
    return f"{_words(measure.items[0], formula.satisfied)} ; moyenne de 0 à 100"


def _words(item: Item, codes: tuple[Code, ...]) -> str:
    question = item.posed.question
    chosen = [option.text.fr for option in question.options if option.code in codes]
    return listing([quoted(words) for words in chosen], "ou")


_WORDS: Mapping[type[Formula], Callable[[Measure], str]] = {
    Progression: _progression,
    Tasks: _tasks,
    Contribution: _contribution,
    Part: _part,
    MultiplePart: _multiple,
    Conjunction: _conjunction,
    Typology: _typology,
    Mean: _mean,
}
