"""What can be asked: the frozen objects that say everything about a questionnaire.

They are read from `surveys/` by `reading.py`; nothing here knows YAML, Flask or a database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from app.questionnaires.formulas import Formula
    from app.questionnaires.kinds import Kind

#: What a person answers beside the scale: I do not know, not for me, I prefer not to answer.
#: A skipped question has no answer at all; the four are counted apart and never worth 0.
NSP, NC, REFUS = "nsp", "nc", "refus"
ASIDES = (NSP, NC, REFUS)

Code: TypeAlias = int | str
#: One stored answer: an option's code, an aside, or the codes of a multiple choice.
Answer: TypeAlias = int | str | list[str]
#: Stored answers of one response, by posed key (`aut3`, `avant:aut3`); skipped ones are absent.
Answers: TypeAlias = Mapping[str, Answer]

Method: TypeAlias = Literal["A", "B", "C"]
Form: TypeAlias = Literal["courte", "longue"]
Collected: TypeAlias = Literal["reponses", "temoignages"]

#: How many choices a testimony asks for.
CONSENTS = 9
#: The wave of a questionnaire that is answered once.
SINGLE_WAVE = "unique"
#: Prefix of the key under which a retrospective question is answered.
BEFORE = "avant:"


class Text(NamedTuple):
    """Say something in French under a stable id, by which a translation finds it."""

    id: str
    fr: str


@dataclass(frozen=True, slots=True)
class Option:
    """Be one answer that can be chosen; its code is stored, never its words."""

    code: Code
    text: Text
    pictogram: str | None = None
    #: One of ODENORE's forms of non-recours, for the motives.
    typology: str | None = None
    #: In a multiple choice: chosen alone ("Rien ne m'a freiné").
    exclusive: bool = False
    #: The code that La Coop de la médiation numérique gives to the same thing.
    coop: str | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """Hold when the answer to one question is among some codes."""

    question: str
    codes: tuple[Code, ...]

    def holds(self, answers: Answers) -> bool:
        """Tell whether the stored answer is, or contains, one of the codes."""
        answer = answers.get(self.question)
        if isinstance(answer, list):
            return any(code in self.codes for code in answer)
        return answer in self.codes


@dataclass(frozen=True, slots=True)
class Question:
    """Be one thing asked of a person, in one sentence."""

    id: str
    kind: Kind
    text: Text
    hint: Text | None = None
    #: The same question about « avant de venir ici », where it is posed so.
    before_text: Text | None = None
    options: tuple[Option, ...] = ()
    #: Id of the shared scale that gave the options, if any.
    scale: str | None = None
    #: Which of ASIDES are offered beside the options.
    asides: tuple[str, ...] = (NSP, REFUS)
    #: Their words, in the same order.
    aside_texts: tuple[Text, ...] = ()
    reversed: bool = False
    sensitive: bool = False
    #: Asked only when every clause holds on earlier answers of the same passing.
    condition: tuple[Clause, ...] = ()
    #: Waves in which it may be posed; empty means all.
    waves: tuple[str, ...] = ()
    #: Longest accepted text, in characters, for texts.
    max_length: int | None = None
    audience: str = "usager"
    #: A scale under licence, whose wording nobody may edit.
    licence: str | None = None

    def option(self, code: Code) -> Option:
        """Return the option of a code; raise KeyError when there is none."""
        for option in self.options:
            if option.code == code:
                return option
        raise KeyError(code)

    def aside_text(self, code: str) -> Text:
        """Return the words of an aside; raise KeyError when it is not offered."""
        for offered, text in zip(self.asides, self.aside_texts, strict=True):
            if offered == code:
                return text
        raise KeyError(code)


@dataclass(frozen=True, slots=True)
class Posed:
    """Be a question as it is posed on a screen: about today, or about « avant »."""

    question: Question
    before: bool = False

    @property
    def key(self) -> str:
        """Return the name of the field, of the column and of the stored answer."""
        return f"{BEFORE}{self.question.id}" if self.before else self.question.id

    @property
    def text(self) -> Text:
        """Return the question's words, in the tense in which it is posed."""
        if self.before and self.question.before_text is not None:
            return self.question.before_text
        return self.question.text

    def applies(self, answers: Answers) -> bool:
        """Tell whether the condition holds, so that an answer counts."""
        return all(clause.holds(answers) for clause in self.question.condition)


@dataclass(frozen=True, slots=True)
class Screen:
    """Be what a phone shows at once: nearly always one question."""

    posed: tuple[Posed, ...]
    #: Only in the long form.
    long_only: bool = False
    #: Only when this optional module is asked.
    module: str | None = None


@dataclass(frozen=True)
class Passing:
    """Be everything one person is asked at one time: a wave, a form, some modules."""

    questionnaire: str
    wave: str
    form: Form
    modules: tuple[str, ...]
    screens: tuple[Screen, ...]
    #: Choices asked besides the questions: what may be done with a testimony.
    consents: int = 0

    @cached_property
    def posed(self) -> tuple[Posed, ...]:
        """Return every posed question, in order."""
        return tuple(posed for screen in self.screens for posed in screen.posed)

    @cached_property
    def by_key(self) -> Mapping[str, Posed]:
        """Return the posed questions by key."""
        return {posed.key: posed for posed in self.posed}

    @cached_property
    def minutes(self) -> int:
        """Return the whole minutes printed on the poster: 10 s a screen, 30 s a free text."""
        texts = sum(posed.question.kind.is_text for posed in self.posed)
        return max(1, -(-(10 * (len(self.screens) + self.consents) + 30 * texts) // 60))

    def counted(self, answers: Answers) -> dict[str, Answer]:
        """Return the answers that count: those whose condition holds.

        An answer whose condition is false is kept as evidence and ignored by scoring. A
        condition that leans on an ignored answer does not hold either.
        """
        counted: dict[str, Answer] = {}
        for posed in self.posed:
            if posed.key in answers and posed.applies(counted):
                counted[posed.key] = answers[posed.key]
        return counted


@dataclass(frozen=True, slots=True)
class Wave:
    """Be one moment at which the questionnaire is answered."""

    id: str
    title: Text
    screens: tuple[Screen, ...]


@dataclass(frozen=True, slots=True)
class Module:
    """Be an optional group of questions that a campaign may add."""

    id: str
    title: Text


@dataclass(frozen=True, slots=True)
class Indicator:
    """Be one résultat indicator: a formula over questions."""

    id: str
    title: Text
    formula: Formula
    sensitive: bool = False
    #: What the positive answers say, after « disent »: « avoir appris quelque chose ».
    says: str = ""


@dataclass(frozen=True, slots=True)
class Criterion:
    """Be one critère of the Hub Bretagne frame."""

    id: str
    title: Text
    #: What the public reads: never the word « non-recours ».
    public_title: Text
    core: bool
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class Register:
    """Be one registre of the utilité sociale: a family of critères."""

    id: str
    title: Text
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class Questionnaire:
    """Be one complete, self-sufficient questionnaire with all it needs to be scored."""

    id: str
    #: Digest of structure, codes, formulas and French texts; not of white space or translations.
    version: str
    title: Text
    #: Why it is asked, in one short line for the first screen.
    purpose: Text
    #: What the thanks page says.
    closing: Text
    audience: Literal["usager", "partenaire"]
    method: Method
    waves: tuple[Wave, ...]
    modules: tuple[Module, ...]
    registers: tuple[Register, ...]
    #: Canonical self-contained YAML of this version: what a campaign freezes.
    source: str
    #: Answers, which are counted, or testimonies, which are read and keep their consents.
    collects: Collected = "reponses"

    @property
    def collects_testimonies(self) -> bool:
        """Tell whether people tell here, with what they agree to, and nothing is measured."""
        return self.collects == "temoignages"

    @cached_property
    def indicators(self) -> Mapping[str, Indicator]:
        """Return every indicator by id, in the order of the référentiel."""
        return {
            indicator.id: indicator
            for register in self.registers
            for criterion in register.criteria
            for indicator in criterion.indicators
        }

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """Return every question of every wave, by id."""
        return {
            posed.question.id: posed.question
            for wave in self.waves
            for screen in wave.screens
            for posed in screen.posed
        }

    def wave(self, wave_id: str) -> Wave:
        """Return one wave; raise KeyError when the questionnaire has it not."""
        for wave in self.waves:
            if wave.id == wave_id:
                return wave
        raise KeyError(wave_id)

    def passing(self, wave: str, form: Form = "courte", modules: tuple[str, ...] = ()) -> Passing:
        """Return what one person is asked in a wave, by form and optional modules."""
        screens = tuple(
            screen
            for screen in self.wave(wave).screens
            if (form == "longue" or not screen.long_only)
            and (screen.module is None or screen.module in modules)
        )
        consents = CONSENTS if self.collects_testimonies else 0
        return Passing(self.id, wave, form, modules, screens, consents)


@dataclass(frozen=True)
class Wording:
    """Say every text of a questionnaire in one language."""

    language: str
    #: Who read it over; None while the translation is « non relue ».
    reviewed_by: str | None
    #: Digest of the translated texts of this questionnaire; empty for French.
    digest: str
    texts: Mapping[str, str]

    def say(self, text: Text) -> str:
        """Return the text in this language."""
        return self.texts.get(text.id, text.fr)


@dataclass(frozen=True)
class Interface:
    """Say the buttons and sentences of the public pages in one language."""

    language: str
    #: The language by its own name: « العربية ».
    name: str
    direction: Literal["ltr", "rtl"]
    words: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        """Return a sentence; a missing key is a programming error, found by a test."""
        return self.words[key]
