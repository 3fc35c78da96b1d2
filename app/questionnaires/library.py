"""The folder `surveys/`: everything that can be asked, read and checked once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from app.questionnaires.bank import Bank
from app.questionnaires.definition import Interface, Questionnaire, Wording
from app.questionnaires.lint import lint_bank
from app.questionnaires.lint_indicators import lint_indicators, placed_indicators
from app.questionnaires.lint_screens import lint_questionnaire
from app.questionnaires.problems import Place, Report, SurveyErrors, choose
from app.questionnaires.reading import read_questionnaire
from app.questionnaires.source import (
    InterfaceSource,
    QuestionnaireSource,
    ReferentielSource,
    TranslationSource,
)
from app.questionnaires.translations import (
    FRENCH,
    LANGUAGES,
    all_texts,
    check_interface,
    check_translation,
    french_wording,
    known_text_ids,
    make_interface,
    translated_wording,
)
from app.questionnaires.validation import validate
from app.questionnaires.written import Written
from app.questionnaires.yaml_text import read_yaml

REFERENTIEL = "referentiel.yaml"
#: What the author of a frozen questionnaire sees as the name of the file.
_FROZEN = "questionnaire figé"

Model = TypeVar("Model", bound=Written)


@dataclass(frozen=True)
class Library:
    """Hold the questionnaires, and the languages in which they can be asked."""

    questionnaires: Mapping[str, Questionnaire]
    interfaces: Mapping[str, Interface]
    translations: Mapping[str, TranslationSource]
    #: French, then the languages that have both a translation and an interface.
    languages: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        ready = self.translations.keys() & self.interfaces.keys()
        languages = (FRENCH, *(code for code in LANGUAGES if code in ready))
        object.__setattr__(self, "languages", languages)

    def wording(self, questionnaire: Questionnaire, language: str) -> Wording | None:
        """Return every text in a language, None when one is missing; French is never missing."""
        if language == FRENCH:
            return french_wording(questionnaire)
        if language not in self.languages:
            return None
        return translated_wording(questionnaire, self.translations[language])

    def interface(self, language: str) -> Interface:
        """Return the words of the public pages; raise KeyError for a language we lack."""
        return self.interfaces[language]


def load_library(folder: Path) -> Library:
    """Read the folder; raise SurveyErrors with every error in it."""
    report = Report()
    library = survey(folder, report)
    report.raise_errors()
    return library


def survey(folder: Path, report: Report) -> Library:
    """Read what can be read of the folder, and report errors and warnings alike."""
    reader = _Reader(folder, report)
    bank = reader.bank()
    questionnaires: dict[str, Questionnaire] = {}
    for path in sorted((folder / "questionnaires").glob("*.yaml")):
        read = reader.questionnaire(path, bank)
        if read is None:
            continue
        source, questionnaire = read
        if questionnaire.id in questionnaires:
            report.error(
                source.place("questionnaire"),
                f"questionnaire {questionnaire.id}",
                "cet identifiant est déjà pris par un autre fichier",
                "donnez-en un autre",
            )
        questionnaires.setdefault(questionnaire.id, questionnaire)
        reader.check_text_ids(source, questionnaire)
    return Library(
        MappingProxyType(questionnaires),
        MappingProxyType(reader.interfaces()),
        MappingProxyType(reader.translations(bank, tuple(questionnaires.values()))),
    )


def read_file(path: Path, folder: Path) -> Questionnaire:
    """Read one questionnaire, which may draw from the référentiel of a folder."""
    report = Report()
    reader = _Reader(folder, report, lone=path)
    read = reader.questionnaire(path, reader.bank(), trusts_frozen=True)
    report.raise_errors()
    if read is None:
        report.error(Place(str(path), 1), "", "ce fichier n'est pas un questionnaire", "changez-le")
        report.raise_errors()
        raise AssertionError
    return read[1]


def check_file(path: Path, folder: Path, report: Report) -> None:
    """Check one questionnaire against the référentiel of a folder."""
    reader = _Reader(folder, report, lone=path)
    read = reader.questionnaire(path, reader.bank())
    if read is not None:
        reader.check_text_ids(*read)


def read_frozen(source: str) -> Questionnaire:
    """Read a questionnaire as a campaign froze it: the same objects, the same version."""
    report = Report()
    written = None
    try:
        table = read_yaml(source, _FROZEN, report)
        written, broken = validate(QuestionnaireSource, table, report)
    except SurveyErrors as errors:
        report.problems.extend(errors.problems)
    report.raise_errors()
    if written is None:
        raise AssertionError
    questionnaire = read_questionnaire(
        written, Bank().extended(written, broken, report), report
    ).questionnaire
    report.raise_errors()
    return questionnaire


class _Reader:
    """Read the files of one folder into one report."""

    def __init__(self, folder: Path, report: Report, lone: Path | None = None) -> None:
        self.folder = folder
        self.report = report
        self.lone = lone
        #: French text of each id: a translation must know which one it translates.
        self.texts: dict[str, str] = {}

    def bank(self) -> Bank | None:
        """Return the référentiel, empty without its file, None when it cannot be read."""
        path = self.folder / REFERENTIEL
        if not path.exists():
            return Bank()
        source, broken = self._read(path, ReferentielSource)
        if source is None:
            return None
        bank = Bank().extended(source, broken, self.report)
        lint_bank(source, bank, self.report)
        lint_indicators(placed_indicators(bank), 0, bank, self.report)
        return bank

    def questionnaire(
        self, path: Path, referentiel: Bank | None, *, trusts_frozen: bool = False
    ) -> tuple[QuestionnaireSource, Questionnaire] | None:
        """Return a questionnaire with its source, None when too little of it can be read.

        What a campaign froze was checked when it was published, by the rules of its day.
        """
        source, broken = self._read(path, QuestionnaireSource)
        if source is None:
            return None
        base = Bank() if source.complet else referentiel
        if base is None:
            return None
        bank = base.extended(source, broken, self.report)
        draft = read_questionnaire(source, bank, self.report)
        if not (trusts_frozen and source.complet):
            checked = len(placed_indicators(base))
            lint_bank(source, bank, self.report)
            indicators = placed_indicators(bank, source.indicateurs)
            lint_indicators(indicators, checked, bank, self.report)
            lint_questionnaire(draft, self.report)
        return source, draft.questionnaire

    def check_text_ids(self, source: QuestionnaireSource, questionnaire: Questionnaire) -> None:
        """Refuse two texts under one id, which no translation could tell apart."""
        for text in all_texts(questionnaire):
            if self.texts.setdefault(text.id, text.fr) != text.fr:
                self.report.error(
                    source.place("questionnaire"),
                    f"questionnaire {questionnaire.id}",
                    f"deux textes différents portent le nom « {text.id} »",
                    "changez l'identifiant ou le code de l'un des deux",
                )

    def interfaces(self) -> dict[str, Interface]:
        """Return the interfaces by language; each says all that French says."""
        sources = {}
        for path in sorted((self.folder / "interface").glob("*.yaml")):
            source, _ = self._read(path, InterfaceSource)
            if source is not None and self._is_language(path, source):
                sources[path.stem] = source
        french = sources.get(FRENCH)
        if french is not None:
            for source in sources.values():
                check_interface(source, french, self.report)
        return {code: make_interface(code, source.mots) for code, source in sources.items()}

    def translations(
        self, bank: Bank | None, questionnaires: Sequence[Questionnaire]
    ) -> dict[str, TranslationSource]:
        """Return the translations by language."""
        known = known_text_ids(bank or Bank(), questionnaires)
        sources = {}
        for path in sorted((self.folder / "translations").glob("*.yaml")):
            source, _ = self._read(path, TranslationSource)
            if source is not None:
                if bank is not None:
                    check_translation(source, known, questionnaires, self.report)
                sources[source.langue] = source
        return sources

    def _is_language(self, path: Path, source: InterfaceSource) -> bool:
        if path.stem in LANGUAGES:
            return True
        self.report.error(
            source.place(),
            "interface",
            f"la langue « {path.stem} » n'est pas connue",
            choose(path.stem, LANGUAGES),
        )
        return False

    def _read(self, path: Path, model: type[Model]) -> tuple[Model | None, set[str]]:
        name = self._name(path)
        try:
            table = read_yaml(path.read_bytes(), name, self.report)
            return validate(model, table, self.report)
        except SurveyErrors as errors:
            self.report.problems.extend(errors.problems)
        except OSError as error:
            reason = error.strerror or "erreur de lecture"
            self.report.error(
                Place(name, 1), "", f"ce fichier ne s'ouvre pas : {reason}", "vérifiez le chemin"
            )
        return None, set()

    def _name(self, path: Path) -> str:
        """Name a file as its author knows it."""
        if path == self.lone:
            return str(path)
        return str(path.relative_to(self.folder.parent))
