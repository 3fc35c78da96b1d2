"""What an indicator may not rest on: a missing question, an answer that is none, a shared cause."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from app.questionnaires.bank import Bank
from app.questionnaires.definition import Question
from app.questionnaires.formulas import (
    Contribution,
    Mean,
    MultiplePart,
    Part,
    Progression,
    Tasks,
    Typology,
)
from app.questionnaires.indicator_source import AnyIndicator, ContributionSource
from app.questionnaires.lint import lint_codes
from app.questionnaires.problems import Report, choose
from app.questionnaires.production import named_codes, named_items

#: An indicator with the critère it belongs to (empty for a structure's own).
Placed: TypeAlias = tuple[str, AnyIndicator]

_SCALED = "une question à échelle"


def _is_scaled(question: Question) -> bool:
    return question.scale is not None


def _is_single(question: Question) -> bool:
    return not question.kind.is_text and not question.kind.is_multiple


#: What a formula needs of its questions, and how to say it.
_NEEDS: dict[type, tuple[Callable[[Question], bool], str]] = {
    Progression: (_is_scaled, _SCALED),
    Tasks: (_is_scaled, _SCALED),
    Mean: (_is_scaled, _SCALED),
    Contribution: (_is_single, "une question à réponse unique"),
    Part: (_is_single, "une question à réponse unique"),
    MultiplePart: (lambda question: question.kind.is_multiple, "un choix multiple"),
    Typology: (
        lambda question: any(option.typology for option in question.options),
        "une question dont les réponses ont un « motif »",
    ),
}


def placed_indicators(bank: Bank, own: Sequence[AnyIndicator] = ()) -> list[Placed]:
    """Return every indicator of a bank, and those a questionnaire declares for itself."""
    return [
        (criterion.id, indicator)
        for register in bank.registers
        for criterion in register.criteres
        for indicator in criterion.indicateurs
    ] + [(indicator.critere or "", indicator) for indicator in own]


def lint_indicators(indicators: Sequence[Placed], checked: int, bank: Bank, report: Report) -> None:
    """Check indicators; the first `checked` ones were checked before, with their own file."""
    ids = {indicator.id: indicator for _, indicator in reversed(indicators)}
    causes: dict[str, str] = {}
    for number, (criterion, indicator) in enumerate(indicators):
        if isinstance(indicator, ContributionSource):
            owner = causes.setdefault(indicator.attribution, criterion)
            if owner != criterion and number >= checked:
                _error(
                    indicator,
                    "attribution",
                    f"« {indicator.attribution} » sert déjà le critère « {owner} »",
                    "posez une question d'attribution par critère",
                    report,
                )
        if number < checked:
            continue
        if ids[indicator.id] is not indicator:
            _error(indicator, "id", "cet identifiant est déjà pris", "donnez-en un autre", report)
        _lint_formula(indicator, ids, bank, report)


def _lint_formula(
    indicator: AnyIndicator, ids: dict[str, AnyIndicator], bank: Bank, report: Report
) -> None:
    formula = indicator.formula()
    where, place = f"indicateur {indicator.id}", indicator.place("formule")
    for item, codes in named_codes(formula) or ((item, ()) for item in named_items(formula)):
        lint_codes(item, codes, bank, place, where, report)
    known = [bank.questions[item] for item in named_items(formula) if item in bank.questions]
    suits, needed = _NEEDS.get(type(formula), (lambda _: True, ""))
    for question in known:
        if not suits(question):
            report.error(
                place,
                where,
                f"la question « {question.id} » ne convient pas à cette formule",
                f"choisissez {needed}",
            )
    if isinstance(formula, Progression) and len({len(question.options) for question in known}) > 1:
        _error(
            indicator,
            "questions",
            "ses questions n'ont pas toutes le même nombre de réponses",
            "gardez celles d'une même échelle",
            report,
        )
    if isinstance(formula, Contribution):
        _lint_base(indicator, formula.base, ids, bank, report)


def _lint_base(
    indicator: AnyIndicator,
    base: str,
    ids: dict[str, AnyIndicator],
    bank: Bank,
    report: Report,
) -> None:
    progressions = {name for name, other in ids.items() if other.formule == "progression"}
    if base not in progressions and base not in bank.broken:
        _error(
            indicator,
            "base",
            f"« {base} » n'est pas un indicateur de progression",
            choose(base, progressions),
            report,
        )


def _error(indicator: AnyIndicator, key: str, message: str, remedy: str, report: Report) -> None:
    report.error(indicator.place(key), f"indicateur {indicator.id}", message, remedy)
