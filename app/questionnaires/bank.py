"""The bank from which questionnaires draw: scales, questions, asides, registres."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from app.questionnaires.definition import ASIDES, Option, Question, Text
from app.questionnaires.indicator_source import clauses
from app.questionnaires.kinds import KINDS, Kind
from app.questionnaires.problems import Place, Report, choose
from app.questionnaires.source import (
    BankSource,
    OptionSource,
    QuestionSource,
    RegisterSource,
    ScaleSource,
)

#: What an aside says when no file says otherwise.
ASIDE_WORDS = {
    "nsp": "Je ne sais pas",
    "nc": "Pas pour moi",
    "refus": "Je préfère ne pas répondre",
}
#: Longest text when the author gives none.
MAX_LENGTHS = {"texte_court": 280, "texte_long": 2000}
#: A scale of two steps is a yes/no.
_YES_NO_STEPS = 2


@dataclass(slots=True)
class Bank:
    """Hold what can be posed, by id, with what was written for it."""

    scales: dict[str, ScaleSource] = field(default_factory=dict)
    asides: dict[str, str] = field(default_factory=ASIDE_WORDS.copy)
    questions: dict[str, Question] = field(default_factory=dict)
    sources: dict[str, QuestionSource] = field(default_factory=dict)
    registers: tuple[RegisterSource, ...] = ()
    #: Ids that are written but wrong: naming them is no mistake.
    broken: set[str] = field(default_factory=set)

    def extended(self, source: BankSource, broken: Iterable[str], report: Report) -> Bank:
        """Return the bank with what a file adds; an id that exists already is an error."""
        bank = Bank(
            self.scales | add_by_id(source.echelles, self.scales, "échelle", report),
            self.asides | {code: words.fr for code, words in source.hors_echelle.items()},
            dict(self.questions),
            self.sources | add_by_id(source.questions, self.sources, "question", report),
            self.registers + source.registres,
            self.broken | set(broken),
        )
        for written in source.questions:
            question = _QuestionReader(bank, written, report).question()
            if question is None:
                bank.broken.add(written.id)
            else:
                bank.questions.setdefault(written.id, question)
        return bank


class _Identified(Protocol):
    @property
    def id(self) -> str: ...

    def place(self, key: str = "") -> Place: ...


Item = TypeVar("Item", bound=_Identified)


def add_by_id(
    written: Iterable[Item], existing: Mapping[str, object], noun: str, report: Report
) -> dict[str, Item]:
    """Return what is new, by id; report an id that is already taken."""
    added: dict[str, Item] = {}
    for item in written:
        if item.id in existing or item.id in added:
            report.error(
                item.place("id"),
                f"{noun} {item.id}",
                "cet identifiant est déjà pris",
                "donnez-en un autre",
            )
        else:
            added[item.id] = item
    return added


class _QuestionReader:
    """Build one question from what was written, or say why it cannot be."""

    def __init__(self, bank: Bank, source: QuestionSource, report: Report) -> None:
        self.bank = bank
        self.source = source
        self.report = report
        self.sound = True

    def question(self) -> Question | None:
        source = self.source
        kind = self._kind()
        if kind is None:
            return None
        options = self._options(kind)
        asides = self._asides(kind)
        self._check_keys(kind)
        if not self.sound:
            return None
        return Question(
            id=source.id,
            kind=kind,
            text=Text(source.id, source.fr),
            hint=Text(f"{source.id}.aide", source.aide.fr) if source.aide else None,
            before_text=Text(f"{source.id}.avant", source.avant.fr) if source.avant else None,
            options=options,
            scale=source.echelle,
            asides=tuple(asides),
            aside_texts=tuple(asides.values()),
            reversed=source.inverse,
            sensitive=source.sensible,
            condition=clauses(source.si),
            waves=tuple(sorted(set(source.vagues))),
            max_length=(source.max or MAX_LENGTHS[kind.name]) if kind.is_text else None,
            audience=source.public,
            licence=source.licence,
        )

    def _kind(self) -> Kind | None:
        source = self.source
        if (source.echelle is None) == (source.type is None):
            self._error(
                "type" if source.type else "id",
                "on ne sait pas comment y répondre",
                "écrivez « echelle: … » ou « type: … », l'un des deux",
            )
            return None
        if source.type is not None:
            return KINDS[source.type]
        scale = self.bank.scales.get(str(source.echelle))
        if scale is None:
            if source.echelle not in self.bank.broken:
                self._error(
                    "echelle",
                    f"l'échelle « {source.echelle} » n'existe pas",
                    choose(str(source.echelle), self.bank.scales),
                )
            return None
        return KINDS["oui_non" if len(scale.options) == _YES_NO_STEPS else "echelle"]

    def _options(self, kind: Kind) -> tuple[Option, ...]:
        source = self.source
        if source.echelle is not None:
            scale = self.bank.scales[source.echelle]
            if source.options:
                self._error(
                    "options", "ses réponses sont celles de l'échelle", "retirez « options »"
                )
            return _options(scale.id, scale.options)
        if kind.is_text:
            if source.options:
                self._error("options", "un texte libre n'a pas de réponses", "retirez « options »")
            return ()
        codes = [option.code for option in source.options]
        if len(codes) < 2:
            self._error("options", "il n'y a pas de choix", "écrivez au moins deux réponses")
        for option in source.options:
            if codes.count(option.code) > 1:
                self._error_at(
                    option.place("code"),
                    f"le code « {option.code} » est pris deux fois",
                    "donnez un code à chaque réponse",
                )
        return _options(source.id, source.options)

    def _asides(self, kind: Kind) -> dict[str, Text]:
        written = self.source.hors_echelle
        if kind.is_text:
            if written:
                self._error(
                    "hors_echelle",
                    "un texte libre se laisse vide",
                    "retirez « hors_echelle »",
                )
            return {}
        if written is None:
            written = {"nsp": None, "refus": None}
        texts: dict[str, Text] = {}
        for code in ASIDES:
            if code in written:
                own = written[code]
                texts[code] = (
                    Text(f"{self.source.id}.{code}", own.fr)
                    if own
                    else Text(f"hors_echelle.{code}", self.bank.asides[code])
                )
        return texts

    def _check_keys(self, kind: Kind) -> None:
        source = self.source
        if source.max is not None and not kind.is_text:
            self._error("max", "seul un texte libre a une longueur", "retirez « max »")
        if source.inverse and source.echelle is None:
            self._error("inverse", "seule une échelle s'inverse", "retirez « inverse »")
        for option in source.options:
            if option.exclusif and not kind.is_multiple:
                self._error_at(
                    option.place("exclusif"),
                    "on ne choisit déjà qu'une réponse",
                    "retirez « exclusif », ou écrivez « type: choix_multiple »",
                )
            if kind.is_multiple and isinstance(option.code, int):
                self._error_at(
                    option.place("code"),
                    f"le code {option.code} est un nombre",
                    "dans un choix multiple, donnez un mot pour code",
                )

    def _error(self, key: str, message: str, remedy: str) -> None:
        self._error_at(self.source.place(key), message, remedy)

    def _error_at(self, place: Place, message: str, remedy: str) -> None:
        self.sound = False
        self.report.error(place, f"question {self.source.id}", message, remedy)


def _options(owner: str, sources: Iterable[OptionSource]) -> tuple[Option, ...]:
    return tuple(
        Option(
            code=source.code,
            text=Text(f"{owner}.{source.code}", source.fr),
            pictogram=source.image,
            typology=source.motif,
            exclusive=source.exclusif,
            coop=source.coop,
        )
        for source in sources
    )
