"""What a question may not say or look like: simple words, pictures with words, honest codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from app.questionnaires.bank import Bank
from app.questionnaires.definition import ASIDES, Code
from app.questionnaires.freezing import wording_digest
from app.questionnaires.pictograms import PICTOGRAMS
from app.questionnaires.problems import Place, Report, choose
from app.questionnaires.source import (
    BankSource,
    OptionSource,
    QuestionSource,
    ScaleSource,
)
from app.questionnaires.written import Written

#: Longest sentence for the public, in words.
MOST_WORDS = 12

_SENTENCE_END = re.compile(r"[.?!…:;]+(?:\s|$)")
_WORD = re.compile(r"\w")
_NON_RECOURS = re.compile(r"non[\s\-\u2010-\u2012]*recours", re.IGNORECASE)
_DISTANT = re.compile(r"\b(bénéficiaire|répondant)e?s?\b", re.IGNORECASE)


def lint_bank(source: BankSource, bank: Bank, report: Report) -> None:
    """Check the scales and questions that a file brings."""
    for code, words in source.hors_echelle.items():
        lint_words(words.fr, words.place("fr"), f"hors_echelle {code}", report)
    for scale in source.echelles:
        _lint_scale(scale, report)
    for question in source.questions:
        if question.id in bank.questions:
            _lint_question(question, bank, report)


def lint_words(
    text: str, place: Place, where: str, report: Report, *, public: str = "usager"
) -> None:
    """Check words that people will read."""
    if _NON_RECOURS.search(text):
        report.error(
            place,
            where,
            "« non-recours » ne se dit pas au public",
            "écrivez par exemple « une aide que vous n'aviez pas demandée »",
        )
    distant = _DISTANT.search(text)
    if distant:
        report.warn(place, where, f"« {distant[0]} » met à distance", "écrivez « vous »")
    longest = max(map(count_words, sentences(text)), default=0)
    if public == "usager" and longest > MOST_WORDS:
        report.error(
            place,
            where,
            f"une phrase compte {longest} mots",
            f"coupez-la : {MOST_WORDS} mots au plus par phrase",
        )


def sentences(text: str) -> list[str]:
    """Return the sentences of a text; what comes before a colon is one."""
    return _SENTENCE_END.split(text)


def count_words(sentence: str) -> int:
    """Count words by spaces: « l'aide » and « a-t-il » count once, « ? » does not count."""
    return sum(1 for word in sentence.split() if _WORD.search(word))


def _lint_scale(scale: ScaleSource, report: Report) -> None:
    where = f"échelle {scale.id}"
    codes = [option.code for option in scale.options]
    steps = [code for code in codes if isinstance(code, int)]
    expected = list(range(min(steps, default=0), min(steps, default=0) + len(codes)))
    in_order = codes == expected or (len(codes) == 2 and sorted(steps) == expected)
    if not in_order:
        report.error(
            scale.place("options"),
            where,
            "ses codes ne se suivent pas du plus bas au plus haut",
            f"écrivez les codes {', '.join(map(str, range(len(codes))))}, dans cet ordre",
        )
    _lint_options(scale.options, where, "usager", report)
    if any(option.image is None for option in scale.options):
        report.warn(
            scale.place("options"),
            where,
            "une réponse n'a pas d'image",
            "ajoutez « image: … » à chaque réponse",
        )


def _lint_question(question: QuestionSource, bank: Bank, report: Report) -> None:
    where = f"question {question.id}"
    for text, written in _texts(question):
        lint_words(text, written.place("fr"), where, report, public=question.public)
    _lint_options(question.options, where, question.public, report)
    _lint_condition(question, bank, report)
    _lint_licence(question, bank, report)


def _texts(question: QuestionSource) -> Iterator[tuple[str, Written]]:
    yield question.fr, question
    asides = (question.hors_echelle or {}).values()
    for text in (question.avant, question.aide, *asides):
        if text is not None:
            yield text.fr, text


def _lint_options(options: Iterable[OptionSource], where: str, public: str, report: Report) -> None:
    for option in options:
        at = f"{where}, option {option.code}"
        lint_words(option.fr, option.place("fr"), at, report, public=public)
        if not _WORD.search(option.fr):
            report.error(
                option.place("fr"), at, "une image ne va jamais sans mot", "écrivez un ou deux mots"
            )
        if option.image is not None and option.image not in PICTOGRAMS:
            report.error(
                option.place("image"),
                at,
                f"l'image « {option.image} » n'existe pas",
                choose(option.image, PICTOGRAMS),
            )
        if option.code in ASIDES:
            report.error(
                option.place("code"),
                at,
                f"le code « {option.code} » est réservé aux réponses à part",
                f"retirez cette réponse et écrivez « hors_echelle: [{option.code}] »",
            )


def _lint_condition(question: QuestionSource, bank: Bank, report: Report) -> None:
    for name, codes in question.si.items():
        place, where = question.place("si"), f"question {question.id}"
        lint_codes(name, codes, bank, place, where, report)
        if not codes:
            report.error(
                place, where, "la condition est vide", f"écrivez « si: {{{name}: [oui]}} »"
            )


def lint_codes(
    name: str, codes: Iterable[Code], bank: Bank, place: Place, where: str, report: Report
) -> None:
    """Check that codes are answers of a question that exists."""
    question = bank.questions.get(name)
    if question is None:
        if name not in bank.broken:
            report.error(
                place,
                where,
                f"la question « {name} » n'existe pas",
                choose(name, bank.questions),
            )
        return
    possible = {option.code for option in question.options} | set(question.asides)
    for code in codes:
        if code not in possible:
            report.error(
                place,
                where,
                f"« {code} » n'est pas une réponse de la question « {name} »",
                choose(str(code), map(str, possible)),
            )


def _lint_licence(source: QuestionSource, bank: Bank, report: Report) -> None:
    where = f"question {source.id}"
    if (source.licence is None) != source.modifiable:
        report.error(
            source.place("licence"),
            where,
            "une licence et un texte que l'on ne peut pas modifier vont ensemble",
            "écrivez « licence: … » et « modifiable: false », ou aucun des deux",
        )
    if source.licence is None:
        return
    digest = wording_digest(bank.questions[source.id])
    if source.empreinte is None:
        report.error(
            source.place("licence"),
            where,
            "rien ne protège les mots de cette échelle sous licence",
            f"relisez-les sur l'original, puis ajoutez « empreinte: {digest} »",
        )
    elif source.empreinte != digest:
        report.error(
            source.place("empreinte"),
            where,
            f"les mots d'une échelle sous licence ({source.licence}) ont été modifiés",
            "remettez les mots d'origine : la licence interdit de les changer",
        )
