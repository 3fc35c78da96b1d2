"""The words of a questionnaire in other languages; French is the source and always complete."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from app.questionnaires.bank import Bank
from app.questionnaires.definition import (
    SINGLE_WAVE,
    Interface,
    Question,
    Questionnaire,
    Text,
    Wording,
)
from app.questionnaires.freezing import digest
from app.questionnaires.problems import Report, choose, enumerate_words
from app.questionnaires.source import InterfaceSource, TranslationSource

FRENCH = "fr"


class Language(NamedTuple):
    """Be a language by its own name, with the direction in which it is written."""

    name: str
    direction: Literal["ltr", "rtl"]


#: In the order in which people are offered them.
LANGUAGES: Mapping[str, Language] = {
    "fr": Language("Français", "ltr"),
    "en": Language("English", "ltr"),
    "ar": Language("العربية", "rtl"),
    "uk": Language("Українська", "ltr"),
    "ru": Language("Русский", "ltr"),
    "es": Language("Español", "ltr"),
    "pt": Language("Português", "ltr"),
    "fa": Language("فارسی", "rtl"),
    "ps": Language("پښتو", "rtl"),
    "tr": Language("Türkçe", "ltr"),
    "ro": Language("Română", "ltr"),
    "ka": Language("ქართული", "ltr"),
}

_PLACEHOLDER = re.compile(r"\{([a-z_]*)\}")


def french_wording(questionnaire: Questionnaire) -> Wording:
    """Return the words of a questionnaire as its author wrote them."""
    texts = {text.id: text.fr for text in texts_of(questionnaire)}
    return Wording(FRENCH, "son auteur", "", texts)


def translated_wording(
    questionnaire: Questionnaire, translation: TranslationSource
) -> Wording | None:
    """Return the words of a questionnaire in a language, None when one is missing."""
    texts = {}
    for text in texts_of(questionnaire):
        words = " ".join(translation.textes.get(text.id, "").split())
        if not words:
            return None
        texts[text.id] = words
    language = translation.langue
    return Wording(language, translation.relue_par, digest([language, texts]), texts)


def texts_of(questionnaire: Questionnaire) -> Iterator[Text]:
    """Yield every text that a person who answers may read, each once."""
    seen: set[str] = set()
    for text in all_texts(questionnaire):
        if text.id not in seen:
            seen.add(text.id)
            yield text


def all_texts(questionnaire: Questionnaire) -> Iterator[Text]:
    """Yield every text that a person who answers may read, as often as it is met."""
    yield from (questionnaire.title, questionnaire.purpose, questionnaire.closing)
    yield from (wave.title for wave in questionnaire.waves if wave.id != SINGLE_WAVE)
    yield from (module.title for module in questionnaire.modules)
    for question in questionnaire.questions.values():
        yield from _question_texts(question)


def _question_texts(question: Question) -> Iterator[Text]:
    yield question.text
    if question.hint:
        yield question.hint
    if question.before_text:
        yield question.before_text
    yield from (option.text for option in question.options)
    yield from question.aside_texts


def known_text_ids(bank: Bank, questionnaires: Iterable[Questionnaire]) -> set[str]:
    """Return every id a translation may give."""
    ids = {text.id for one in questionnaires for text in texts_of(one)}
    ids |= {text.id for question in bank.questions.values() for text in _question_texts(question)}
    ids |= {f"hors_echelle.{code}" for code in bank.asides}
    ids |= {f"{s.id}.{option.code}" for s in bank.scales.values() for option in s.options}
    for register in bank.registers:
        ids.add(f"registre.{register.id}")
        for criterion in register.criteres:
            ids |= {f"critere.{criterion.id}", f"critere.{criterion.id}.public"}
            ids |= {f"indicateur.{indicator.id}" for indicator in criterion.indicateurs}
    return ids


def check_translation(
    translation: TranslationSource,
    known: set[str],
    questionnaires: Iterable[Questionnaire],
    report: Report,
) -> None:
    """Warn of texts that nothing asks for, and of those that are missing for the public."""
    where = f"traduction {translation.langue}"
    if translation.langue not in LANGUAGES or translation.langue == FRENCH:
        report.error(
            translation.place("langue"),
            where,
            "cette langue n'est pas connue",
            choose(translation.langue, set(LANGUAGES) - {FRENCH}),
        )
    unknown = sorted(set(translation.textes) - known)
    if unknown:
        report.warn(
            translation.place("textes"),
            where,
            f"aucun texte ne s'appelle « {enumerate_words(unknown)} »",
            choose(unknown[0], known),
        )
    for questionnaire in questionnaires:
        missing = [
            text.id
            for text in texts_of(questionnaire)
            if not translation.textes.get(text.id, "").strip()
        ]
        if missing and questionnaire.audience == "usager":
            report.warn(
                translation.place("textes"),
                where,
                f"« {questionnaire.id} » n'est pas proposé : textes manquants ({len(missing)})",
                f"traduisez : {enumerate_words(missing)}",
            )


def make_interface(language: str, words: Mapping[str, str]) -> Interface:
    """Return the words of the public pages in a language."""
    name, direction = LANGUAGES[language]
    return Interface(language, name, direction, words)


def check_interface(source: InterfaceSource, french: InterfaceSource, report: Report) -> None:
    """Check that a language says the same things as French, with the same placeholders."""
    place, where = source.place("mots"), "interface"
    for key in sorted(set(french.mots) - set(source.mots)):
        remedy = f"traduisez « {french.mots[key]} »"
        report.error(place, where, f"il manque « {key} »", remedy)
    for key, words in source.mots.items():
        if key not in french.mots:
            remedy = choose(key, french.mots)
            report.error(place, where, f"« {key} » n'existe pas en français", remedy)
        elif _placeholders(words) != _placeholders(french.mots[key]):
            expected = ", ".join(f"{{{name}}}" for name in sorted(_placeholders(french.mots[key])))
            report.error(
                place,
                where,
                f"« {key} » n'a pas les mêmes mots entre accolades qu'en français",
                f"gardez exactement : {expected or 'aucun'}",
            )


def _placeholders(words: str) -> set[str]:
    return set(_PLACEHOLDER.findall(words))
