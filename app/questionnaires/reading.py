"""From what an author wrote to a questionnaire: screens, waves, and the indicators it produces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from app.questionnaires.bank import Bank
from app.questionnaires.definition import (
    SINGLE_WAVE,
    Criterion,
    Indicator,
    Module,
    Posed,
    Questionnaire,
    Register,
    Screen,
    Text,
    Wave,
)
from app.questionnaires.formulas import Progression
from app.questionnaires.freezing import frozen
from app.questionnaires.indicator_source import AnyIndicator
from app.questionnaires.problems import Place, Report, choose
from app.questionnaires.production import Production
from app.questionnaires.source import (
    PosedSource,
    QuestionnaireSource,
    RegisterSource,
    ScreenSource,
    WaveSource,
)

#: Where the indicators go that a structure declares for itself.
OWN = "propre"
OWN_TITLE = "Indicateurs de la structure"

#: The screens of a wave, each beside what was written for it.
WrittenScreens: TypeAlias = tuple[tuple[Screen, ScreenSource], ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """Hold a questionnaire with what its author wrote, for the linter to point at."""

    questionnaire: Questionnaire
    source: QuestionnaireSource
    bank: Bank
    #: Every wave with its screens as written.
    screens: tuple[tuple[Wave, WrittenScreens], ...]

    @property
    def where(self) -> str:
        """Name the questionnaire, as problems do."""
        return f"questionnaire {self.questionnaire.id}"


def read_questionnaire(source: QuestionnaireSource, bank: Bank, report: Report) -> Draft:
    """Return the questionnaire; what cannot be understood is reported and left out."""
    reader = _Reader(source, bank, report)
    screens = tuple(reader.waves())
    waves = _without_idle_texts([wave for wave, _ in screens])
    production = Production(source.methode, waves)
    questionnaire = frozen(
        Questionnaire(
            id=source.questionnaire,
            version="",
            title=Text(f"{source.questionnaire}.titre", source.fr),
            purpose=Text(f"{source.questionnaire}.pourquoi", source.pourquoi.fr),
            closing=Text(f"{source.questionnaire}.merci", source.merci.fr),
            audience=source.public,
            method=source.methode,
            waves=waves,
            modules=tuple(Module(m.id, Text(f"module.{m.id}", m.fr)) for m in source.modules),
            registers=tuple(reader.registers(production)),
            source="",
            collects=source.recueille,
        )
    )
    return Draft(questionnaire, source, bank, screens)


def _without_idle_texts(waves: Sequence[Wave]) -> tuple[Wave, ...]:
    """Forget the « avant » words of a question that is only asked about today."""
    before = {p.question.id for w in waves for s in w.screens for p in s.posed if p.before}

    def said(posed: Posed) -> Posed:
        if posed.question.id in before:
            return posed
        return replace(posed, question=replace(posed.question, before_text=None))

    return tuple(
        replace(
            wave,
            screens=tuple(
                replace(screen, posed=tuple(map(said, screen.posed))) for screen in wave.screens
            ),
        )
        for wave in waves
    )


class _Reader:
    def __init__(self, source: QuestionnaireSource, bank: Bank, report: Report) -> None:
        self.source = source
        self.bank = bank
        self.report = report
        self.where = f"questionnaire {source.questionnaire}"
        self.modules = {module.id for module in source.modules}

    def waves(self) -> Iterable[tuple[Wave, WrittenScreens]]:
        source = self.source
        if bool(source.vagues) == bool(source.ecrans):
            self.report.error(
                source.place("vagues"),
                self.where,
                "il ne pose aucune question"
                if not source.vagues
                else "ses écrans sont à deux endroits",
                "écrivez « ecrans: » (une seule fois) ou « vagues: », l'un des deux",
            )
        if source.ecrans:
            title = Text(f"{source.questionnaire}.titre", source.fr)
            yield self._wave(SINGLE_WAVE, title, source.ecrans)
        seen: set[str] = set()
        for wave in source.vagues:
            if wave.id in seen:
                self._error(wave.place("id"), "cette vague est écrite deux fois", "gardez-en une")
                continue
            seen.add(wave.id)
            yield self._wave(wave.id, self._wave_title(wave), wave.ecrans)

    def _wave_title(self, wave: WaveSource) -> Text:
        return Text(f"{self.source.questionnaire}.{wave.id}", wave.fr)

    def _wave(
        self, wave: str, title: Text, written: Sequence[ScreenSource]
    ) -> tuple[Wave, WrittenScreens]:
        screens = []
        seen: set[str] = set()
        for source in written:
            posed = tuple(p for one in source.posed() if (p := self._posed(one, wave, seen)))
            if source.module and source.module not in self.modules:
                self._error(
                    source.place("module"),
                    f"le module « {source.module} » n'est pas déclaré",
                    choose(source.module, self.modules),
                )
            elif posed:
                screen = Screen(posed, source.forme == "longue", source.module)
                screens.append((screen, source))
        return Wave(wave, title, tuple(screen for screen, _ in screens)), tuple(screens)

    def _posed(self, source: PosedSource, wave: str, seen: set[str]) -> Posed | None:
        question = self.bank.questions.get(source.question)
        if question is None:
            if source.question not in self.bank.broken:
                self._error(
                    source.place("question"),
                    f"la question « {source.question} » n'existe pas",
                    choose(source.question, self.bank.questions),
                )
            return None
        posed = Posed(question, before=source.moment == "avant")
        if posed.key in seen:
            self._error(
                source.place("question"),
                f"la question « {question.id} » est posée deux fois",
                "retirez-la d'un des deux écrans",
            )
            return None
        seen.add(posed.key)
        if question.waves and wave not in (*question.waves, SINGLE_WAVE):
            self._error(
                source.place("question"),
                f"la question « {question.id} » ne se pose pas dans la vague « {wave} »",
                f"posez-la en : {', '.join(question.waves)}",
            )
        return posed

    def registers(self, production: Production) -> Iterable[Register]:
        """Yield the registres with the indicators that can be produced, and only them."""
        own = self._own_indicators()
        produced = _produced([*self._written_indicators(), *own], production)
        for register in self.bank.registers:
            criteria = tuple(self._criteria(register, own, produced))
            if criteria:
                title = Text(f"registre.{register.id}", register.fr)
                yield Register(register.id, title, criteria)
        loose = tuple(produced[i.id] for i in own if i.critere is None and i.id in produced)
        if loose:
            title, public = (
                Text(f"critere.{OWN}", OWN_TITLE),
                Text(f"critere.{OWN}.public", OWN_TITLE),
            )
            yield Register(
                OWN,
                Text(f"registre.{OWN}", OWN_TITLE),
                (Criterion(OWN, title, public, core=False, indicators=loose),),
            )

    def _criteria(
        self,
        register: RegisterSource,
        own: Sequence[AnyIndicator],
        produced: dict[str, Indicator],
    ) -> Iterable[Criterion]:
        for source in register.criteres:
            added = [indicator for indicator in own if indicator.critere == source.id]
            indicators = tuple(
                produced[written.id]
                for written in (*source.indicateurs, *added)
                if written.id in produced
            )
            if indicators:
                yield Criterion(
                    source.id,
                    Text(f"critere.{source.id}", source.fr),
                    Text(f"critere.{source.id}.public", source.public.fr),
                    source.coeur,
                    indicators,
                )

    def _written_indicators(self) -> list[AnyIndicator]:
        return [
            indicator
            for register in self.bank.registers
            for criterion in register.criteres
            for indicator in criterion.indicateurs
        ]

    def _own_indicators(self) -> list[AnyIndicator]:
        criteria = {c.id for register in self.bank.registers for c in register.criteres}
        for indicator in self.source.indicateurs:
            if indicator.critere is not None and indicator.critere not in criteria:
                self.report.error(
                    indicator.place("critere"),
                    f"indicateur {indicator.id}",
                    f"le critère « {indicator.critere} » n'existe pas",
                    choose(indicator.critere, criteria),
                )
        return list(self.source.indicateurs)

    def _error(self, place: Place, message: str, remedy: str) -> None:
        self.report.error(place, self.where, message, remedy)


def _produced(written: Sequence[AnyIndicator], production: Production) -> dict[str, Indicator]:
    """Return the indicators that can be produced; a contribution comes after its progression."""
    produced = {}
    formulas = [(source, source.formula()) for source in written]
    for source, formula in sorted(formulas, key=lambda pair: not isinstance(pair[1], Progression)):
        cut = production.cut(source.id, formula)
        if cut is not None:
            title = Text(f"indicateur.{source.id}", source.fr)
            produced[source.id] = Indicator(
                source.id, title, cut, source.sensible, source.disent or ""
            )
    return produced
