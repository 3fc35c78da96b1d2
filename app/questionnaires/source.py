"""What an author writes, model by model: the shape of the files of `surveys/`.

Field names are the keys of the files, hence in French. The same models give the JSON Schema
with which an editor completes and checks a file.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field, TypeAdapter, WithJsonSchema, model_validator

from app.questionnaires.indicator_source import Indicators
from app.questionnaires.written import (
    Aside,
    Audience,
    Clauses,
    CodeText,
    Flag,
    French,
    Id,
    Line,
    OrItsQuestion,
    Phrase,
    Size,
    Written,
    optional_name,
    refusal,
)


class OptionSource(Written):
    """Be one answer that can be chosen."""

    code: CodeText
    fr: Line
    image: str | None = None
    coop: str | None = None
    motif: Id | None = None
    exclusif: Flag = False


class ScaleSource(Written):
    """Be a scale that several questions share, from low to high."""

    id: Id
    options: Annotated[tuple[OptionSource, ...], Field(min_length=2, max_length=7)]


def _asides(value: object) -> object:
    """Read `[nsp, refus]` as the mapping it abbreviates."""
    if isinstance(value, list) and all(isinstance(code, str) for code in value):
        return dict.fromkeys(value)
    if isinstance(value, dict):
        return {code: words or None for code, words in value.items()}
    return value


class QuestionSource(Written):
    """Be one question of the bank."""

    id: Id
    fr: Line
    avant: French | None = None
    aide: French | None = None
    echelle: Id | None = None
    type: Literal["choix", "choix_multiple", "texte_court", "texte_long"] | None = None
    options: Annotated[tuple[OptionSource, ...], Field(max_length=40)] = ()
    si: Clauses = Field(default_factory=dict)
    sensible: Flag = False
    inverse: Flag = False
    vagues: tuple[Id, ...] = ()
    hors_echelle: Annotated[
        dict[Aside, French | None] | None,
        BeforeValidator(_asides),
        WithJsonSchema({
            "anyOf": [
                {"type": "array", "items": {"enum": ["nsp", "nc", "refus"]}},
                {"type": "object", "propertyNames": {"enum": ["nsp", "nc", "refus"]}},
            ]
        }),
    ] = None  # fmt: skip
    max: Size | None = None
    public: Audience = "usager"
    licence: Line | None = None
    modifiable: Flag = True
    #: Digest of the wording under licence, given by `recueil questionnaires check`.
    empreinte: str | None = None


class CriterionSource(Written):
    """Be one critère, with what the public reads of it."""

    id: Id
    fr: Line
    public: French
    coeur: Flag = False
    indicateurs: Indicators = ()


class RegisterSource(Written):
    """Be one registre of the utilité sociale."""

    id: Id
    fr: Line
    criteres: Annotated[tuple[CriterionSource, ...], Field(max_length=50)]


class PosedSource(Written):
    """Be a question of a screen, about today or about « avant »."""

    question: Id
    moment: Literal["maintenant", "avant"] = "maintenant"


class ScreenSource(Written):
    """Be one screen: a question, or several short ones."""

    question: Id | None = None
    moment: Literal["maintenant", "avant"] = "maintenant"
    questions: Annotated[
        tuple[Annotated[PosedSource, OrItsQuestion()], ...], Field(max_length=10)
    ] = ()
    forme: Literal["longue"] | None = None
    module: Id | None = None

    @model_validator(mode="after")
    def _pose_something(self) -> ScreenSource:
        if (self.question is None) == (not self.questions):
            raise refusal(
                "un écran pose une question, ou plusieurs",
                "écrivez « question: … » ou « questions: […] », l'un des deux",
            )
        return self

    def posed(self) -> tuple[PosedSource, ...]:
        """Return what the screen poses, in order."""
        if self.question is None:
            return self.questions
        single = PosedSource(question=self.question, moment=self.moment)
        single._table = self._table
        return (single,)


Screens: TypeAlias = Annotated[
    tuple[Annotated[ScreenSource, OrItsQuestion()], ...], Field(max_length=100)
]


class WaveSource(Written):
    """Be one moment at which the questionnaire is answered."""

    id: Literal["entree", "sortie", "suivi"]
    fr: Line
    ecrans: Annotated[Screens, Field(min_length=1)]


class ModuleSource(Written):
    """Be an optional group of questions."""

    id: Id
    fr: Line


class BankSource(Written):
    """Be what questionnaires draw from: scales, questions, indicators."""

    echelles: Annotated[tuple[ScaleSource, ...], Field(max_length=100)] = ()
    hors_echelle: dict[Aside, French] = Field(default_factory=dict)
    questions: Annotated[tuple[QuestionSource, ...], Field(max_length=500)] = ()
    registres: Annotated[tuple[RegisterSource, ...], Field(max_length=50)] = ()


class ReferentielSource(BankSource):
    """Be `referentiel.yaml`."""

    referentiel: Id
    fr: Line


class QuestionnaireSource(BankSource):
    """Be a file of `questionnaires/`; it may bring its own questions and indicators."""

    questionnaire: Id
    #: Takes nothing from the référentiel: how a campaign freezes what it asks.
    complet: Flag = False
    fr: Line
    pourquoi: French
    merci: French
    public: Audience
    methode: Literal["A", "B", "C"]
    #: Testimonies are told on a page of their own, with what people agree to.
    recueille: Literal["reponses", "temoignages"] = "reponses"
    modules: Annotated[tuple[ModuleSource, ...], Field(max_length=30)] = ()
    vagues: tuple[WaveSource, ...] = ()
    ecrans: Screens = ()
    indicateurs: Indicators = ()


class TranslationSource(Written):
    """Be a file of `translations/`."""

    langue: Id
    relue_par: Annotated[str | None, BeforeValidator(optional_name)] = None
    textes: dict[str, str]


class InterfaceSource(Written):
    """Be a file of `interface/`: the words of the public pages."""

    langue: Id | None = None
    mots: dict[str, Phrase]


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of every file of `surveys/`, for editors to complete and check."""
    files: TypeAdapter[object] = TypeAdapter(
        QuestionnaireSource | ReferentielSource | TranslationSource | InterfaceSource
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Fichiers de questionnaires de Recueil",
        **files.json_schema(),
    }
