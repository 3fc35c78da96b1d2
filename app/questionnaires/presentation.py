"""A questionnaire as a text that its author can read over: screens, words, minutes, indicators."""

from __future__ import annotations

from collections.abc import Iterator

from app.questionnaires.definition import Form, Option, Posed, Questionnaire, Screen, Wave
from app.questionnaires.freezing import named_formula
from app.questionnaires.lint import count_words
from app.questionnaires.production import named_items

_METHODS = {
    "A": "apparié, avant et après",
    "B": "rétrospectif, en une seule fois",
    "C": "après seulement",
}
_FORMS: tuple[Form, ...] = ("courte", "longue")


def describe(questionnaire: Questionnaire) -> str:
    """Return the whole questionnaire as readable French text."""
    return "\n".join(_lines(questionnaire)) + "\n"


def _lines(questionnaire: Questionnaire) -> Iterator[str]:
    yield f"{questionnaire.title.fr} ({questionnaire.id})"
    yield f"Pourquoi : {questionnaire.purpose.fr}"
    yield f"Public : {questionnaire.audience}"
    yield f"Méthode {questionnaire.method} : {_METHODS[questionnaire.method]}"
    yield f"Version : {questionnaire.version}"
    for module in questionnaire.modules:
        yield f"Module {module.id} : {module.title.fr}"
    for wave in questionnaire.waves:
        yield from ("", f"{wave.title.fr} ({wave.id})", *_lengths(questionnaire, wave))
        for number, screen in enumerate(wave.screens, 1):
            yield from _screen(number, screen)
    yield from ("", f"À la fin : {questionnaire.closing.fr}")
    yield from _indicators(questionnaire)


def _lengths(questionnaire: Questionnaire, wave: Wave) -> Iterator[str]:
    said = set()
    for form in _FORMS:
        passing = questionnaire.passing(wave.id, form)
        words = sum(_words(posed) for posed in passing.posed)
        size = f"{len(passing.screens)} écrans, {words} mots, {_minutes(passing.minutes)}"
        if size not in said:
            yield f"  Forme {form} : {size}"
        said.add(size)


def _minutes(count: int) -> str:
    return f"{count} minute{'s' if count > 1 else ''}"


def _words(posed: Posed) -> int:
    """Count all that a person has to read."""
    question = posed.question
    texts = [posed.text, *(option.text for option in question.options), *question.aside_texts]
    if question.hint:
        texts.append(question.hint)
    return sum(count_words(text.fr) for text in texts)


def _screen(number: int, screen: Screen) -> Iterator[str]:
    marks = ["forme longue"] if screen.long_only else []
    marks += [f"module {screen.module}"] if screen.module else []
    for posed in screen.posed:
        question = posed.question
        extra = marks + (["sensible"] if question.sensitive else [])
        yield f"  {number:>2}. {posed.text.fr}  [{', '.join([posed.key, *extra])}]"
        if question.condition:
            clauses = (
                f"{c.question} = {' ou '.join(map(str, c.codes))}" for c in question.condition
            )
            yield f"      seulement si {' et '.join(clauses)}"
        if question.hint:
            yield f"      {question.hint.fr}"
        if question.kind.is_text:
            yield f"      texte libre, {question.max_length} signes au plus"
            continue
        yield "      " + " · ".join(_option(option) for option in question.options)
        if question.aside_texts:
            yield "      à part : " + " · ".join(text.fr for text in question.aside_texts)


def _option(option: Option) -> str:
    return f"{option.text.fr} ({option.code})"


def _indicators(questionnaire: Questionnaire) -> Iterator[str]:
    for register in questionnaire.registers:
        yield from ("", register.title.fr)
        for criterion in register.criteria:
            yield f"  {criterion.title.fr}"
            for indicator in criterion.indicators:
                items = ", ".join(named_items(indicator.formula))
                formula = named_formula(indicator.formula)
                yield f"    {indicator.id} : {indicator.title.fr} ({formula} : {items})"
