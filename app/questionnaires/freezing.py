"""A questionnaire written back as one self-sufficient file, and the digest of its meaning.

The file is canonical: two questionnaires that mean the same are written the same, whatever the
white space, the comments or the order of keys their authors chose.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from app.questionnaires.definition import (
    SINGLE_WAVE,
    Clause,
    Indicator,
    Option,
    Question,
    Questionnaire,
    Register,
    Screen,
    Text,
)
from app.questionnaires.formulas import (
    FORMULAS,
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
from app.questionnaires.yaml_text import write_yaml

_FORMULA_NAMES = {formula: name for name, formula in FORMULAS.items()}


def frozen(questionnaire: Questionnaire) -> Questionnaire:
    """Return the questionnaire with its canonical source and its version."""
    written = _questionnaire(questionnaire)
    return replace(questionnaire, source=write_yaml(written), version=digest(written))


def digest(value: object) -> str:
    """Return the SHA-256 of a value, whatever the order of its keys."""
    canonical = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode("utf-8")).hexdigest()


def wording_digest(question: Question) -> str:
    """Return a short digest of the words of a question, by which an edit is noticed."""
    texts = [
        question.text,
        question.hint,
        question.before_text,
        *(option.text for option in question.options),
    ]
    return digest([text.fr if text else None for text in texts])[:12]


def named_formula(formula: Formula) -> str:
    """Return the name an author gives to a formula."""
    return _FORMULA_NAMES[type(formula)]


def _questionnaire(questionnaire: Questionnaire) -> dict[str, Any]:
    questions = questionnaire.questions.values()
    single = [wave.id for wave in questionnaire.waves] == [SINGLE_WAVE]
    waves = [
        {"id": wave.id, "fr": wave.title.fr, "ecrans": [_screen(s) for s in wave.screens]}
        for wave in questionnaire.waves
    ]
    return _filled(
        {
            "questionnaire": questionnaire.id,
            "complet": True,
            "fr": questionnaire.title.fr,
            "pourquoi": {"fr": questionnaire.purpose.fr},
            "merci": {"fr": questionnaire.closing.fr},
            "public": questionnaire.audience,
            "methode": questionnaire.method,
            # Written only when it says something: older versions keep their digest.
            "recueille": questionnaire.collects if questionnaire.collects_testimonies else None,
            "modules": [{"id": m.id, "fr": m.title.fr} for m in questionnaire.modules],
            "ecrans": waves[0]["ecrans"] if single else None,
            "vagues": None if single else waves,
            "echelles": _scales(questions),
            "hors_echelle": _shared_asides(questions),
            "questions": [_question(question) for question in questions],
            "registres": [_register(register) for register in questionnaire.registers],
        }
    )


def _filled(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what says nothing more than its absence."""
    return {
        key: value for key, value in mapping.items() if value not in (None, False, (), [], {}, "")
    }


def _screen(screen: Screen) -> dict[str, Any] | str:
    posed = [
        {"question": posed.question.id, "moment": "avant"} if posed.before else posed.question.id
        for posed in screen.posed
    ]
    extra = _filled({"forme": "longue" if screen.long_only else None, "module": screen.module})
    if len(posed) > 1:
        return {"questions": posed, **extra}
    only = posed[0]
    if isinstance(only, dict):
        return {**only, **extra}
    return {"question": only, **extra} if extra else only


def _scales(questions: Iterable[Question]) -> list[dict[str, Any]]:
    scales = {question.scale: question.options for question in questions if question.scale}
    return [
        {"id": scale, "options": [_option(option) for option in options]}
        for scale, options in sorted(scales.items())
    ]


def _shared_asides(questions: Iterable[Question]) -> dict[str, Any]:
    return {
        code: {"fr": text.fr}
        for question in questions
        for code, text in zip(question.asides, question.aside_texts, strict=True)
        if not _is_own(question, text)
    }


def _is_own(question: Question, aside: Text) -> bool:
    return aside.id.startswith(f"{question.id}.")


def _asides(question: Question) -> list[str] | dict[str, Any]:
    pairs = list(zip(question.asides, question.aside_texts, strict=True))
    if not any(_is_own(question, text) for _, text in pairs):
        return [code for code, _ in pairs]
    return {code: {"fr": text.fr} if _is_own(question, text) else "" for code, text in pairs}


def _question(question: Question) -> dict[str, Any]:
    written = _filled(
        {
            "id": question.id,
            "fr": question.text.fr,
            "avant": {"fr": question.before_text.fr} if question.before_text else None,
            "aide": {"fr": question.hint.fr} if question.hint else None,
            "echelle": question.scale,
            "type": None if question.scale else question.kind.name,
            "options": None if question.scale else [_option(o) for o in question.options],
            "si": _clauses(question.condition),
            "sensible": question.sensitive,
            "inverse": question.reversed,
            "vagues": list(question.waves),
            "max": question.max_length,
            "public": question.audience,
            "licence": question.licence,
        }
    )
    if not question.kind.is_text:
        written["hors_echelle"] = _asides(question)
    if question.licence:
        written |= {"modifiable": False, "empreinte": wording_digest(question)}
    return written


def _option(option: Option) -> dict[str, Any]:
    return {"code": option.code} | _filled(
        {
            "fr": option.text.fr,
            "image": option.pictogram,
            "coop": option.coop,
            "motif": option.typology,
            "exclusif": option.exclusive,
        }
    )


def _clauses(clauses: Iterable[Clause]) -> dict[str, list[int | str]]:
    return {clause.question: list(clause.codes) for clause in clauses}


def _register(register: Register) -> dict[str, Any]:
    return {
        "id": register.id,
        "fr": register.title.fr,
        "criteres": [
            _filled(
                {
                    "id": criterion.id,
                    "fr": criterion.title.fr,
                    "public": {"fr": criterion.public_title.fr},
                    "coeur": criterion.core,
                    "indicateurs": [_indicator(indicator) for indicator in criterion.indicators],
                }
            )
            for criterion in register.criteria
        ],
    }


def _indicator(indicator: Indicator) -> dict[str, Any]:
    return _filled(
        {
            "id": indicator.id,
            "fr": indicator.title.fr,
            "sensible": indicator.sensitive,
            "disent": indicator.says,
            "formule": named_formula(indicator.formula),
            **_formula(indicator.formula),
        }
    )


def _formula(formula: Formula) -> dict[str, Any]:
    match formula:
        case Progression(items):
            return {"questions": list(items)}
        case Tasks(items, alone):
            return {"questions": list(items), "sans_aide": list(alone)}
        case Contribution(base, attribution, attributed, strong):
            return {
                "base": base,
                "attribution": attribution,
                "attribue": list(attributed),
                "fort": list(strong),
            }
        case Part(item, positive, among, pending):
            return {
                "question": item,
                "positif": list(positive),
                "parmi": list(among),
                "attente": list(pending),
            }
        case MultiplePart(item, positive, outside):
            return {
                "question": item,
                "positif": list(positive),
                "sauf": list(outside),
            }
        case Conjunction(clauses, among):
            return {"si": _clauses(clauses), "parmi": _clauses(among)}
        case Typology(item):
            return {"question": item}
        case Mean(item, satisfied):
            return {"question": item, "satisfait": list(satisfied)}
