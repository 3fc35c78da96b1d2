"""The kinds of question: each class knows every reading of its answers.

HTML field, what was posted, the words shown, the exact score, the cell of a table: nothing
outside this module asks what kind a question is.
"""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from app.questionnaires.definition import ASIDES, Answer, Option, Posed, Question, Wording

#: A score of 100 points, in 30240ths of a point.
FULL_SCORE = 100 * 30_240

#: Separates the codes of a multiple choice in the cell of a table.
SEPARATOR = "|"

Reason: TypeAlias = Literal["inconnu", "exclusif", "trop_long", "plusieurs"]
Control: TypeAlias = Literal["radio", "checkbox", "text", "textarea"]
Layout: TypeAlias = Literal["row", "list", "pair"]

#: Four answers stand in a row only when no word is longer: a phone of 360 px holds them.
_LONGEST_WORD_IN_A_ROW = 8
_ROW = (3, 4)
_PAIR = 2

#: What no XML, hence no office document, may hold.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")


class Unreadable(Exception):  # noqa: N818 - it says what the posted value is, not that we failed
    """Say why what was posted is no answer to the question."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


@dataclass(frozen=True, slots=True)
class Choice:
    """Be one answer as a page shows it."""

    code: str
    label: str
    pictogram: str | None = None
    checked: bool = False
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """Be a question as a page shows it."""

    name: str
    label: str
    hint: str
    control: Control
    layout: Layout = "list"
    options: tuple[Choice, ...] = ()
    #: « Je ne sais pas », « Je préfère ne pas répondre »: set apart from the options.
    asides: tuple[Choice, ...] = ()
    max_length: int | None = None
    #: What stands in the box of a text.
    value: str = ""


class Kind(ABC):
    """Know all the readings of one kind of question."""

    name: ClassVar[str]
    #: What sort of answer it awaits, for the dictionary of a table.
    awaits: ClassVar[str]
    is_text: ClassVar[bool] = False
    is_multiple: ClassVar[bool] = False

    @abstractmethod
    def field(
        self, posed: Posed, wording: Wording, answer: Answer | Sequence[str] | None = None
    ) -> Field:
        """Return what a page shows; `answer` is a stored answer, or the values as posted."""

    @abstractmethod
    def read(self, question: Question, posted: Sequence[str]) -> Answer | None:
        """Return the answer, None when skipped; raise Unreadable when it is none of ours."""

    @abstractmethod
    def words(self, question: Question, answer: Answer, wording: Wording) -> str:
        """Return the answer as a person reads it."""

    @abstractmethod
    def cell(self, question: Question, answer: Answer) -> str:
        """Return the answer as the cell of a table."""

    @abstractmethod
    def parse(self, question: Question, cell: str) -> Answer | None:
        """Return the answer of a cell, None when it is empty; raise Unreadable."""

    def score(self, question: Question, answer: Answer) -> int | None:  # noqa: ARG002
        """Return the exact score, in 30240ths of a point; None when it has none."""
        return None


class _Closed(Kind):
    """Share what all questions with options have in common."""

    control: ClassVar[Control] = "radio"

    def field(
        self, posed: Posed, wording: Wording, answer: Answer | Sequence[str] | None = None
    ) -> Field:
        question = posed.question
        chosen = _codes(answer)
        options = tuple(_choice(option, wording, chosen) for option in question.options)
        asides = tuple(
            Choice(code, wording.say(text), checked=code in chosen)
            for code, text in zip(question.asides, question.aside_texts, strict=True)
        )
        return Field(
            name=posed.key,
            label=wording.say(posed.text),
            hint=wording.say(question.hint) if question.hint else "",
            control=self.control,
            layout=self._layout(options),
            options=options,
            asides=asides,
        )

    def words(self, question: Question, answer: Answer, wording: Wording) -> str:
        if answer in question.asides:
            return wording.say(question.aside_text(str(answer)))
        if answer in ASIDES:  # a table may hold one that the page does not offer
            return str(answer)
        codes = answer if isinstance(answer, list) else [answer]
        return ", ".join(wording.say(question.option(code).text) for code in codes)

    def cell(self, question: Question, answer: Answer) -> str:  # noqa: ARG002
        return SEPARATOR.join(_codes(answer))

    def _layout(self, options: Sequence[Choice]) -> Layout:  # noqa: ARG002
        return "list"


class SingleChoice(_Closed):
    """Be one answer among several."""

    name = "choix"
    awaits = "un choix"

    def read(self, question: Question, posted: Sequence[str]) -> Answer | None:
        if len(posted) > 1:
            posted = list(dict.fromkeys(filter(None, posted)))
            if len(posted) > 1:
                raise Unreadable("plusieurs")
        return self.parse(question, posted[0]) if posted else None

    def parse(self, question: Question, cell: str) -> Answer | None:
        if not cell:
            return None
        for option in question.options:
            if str(option.code) == cell:
                return option.code
        if cell in question.asides:
            return cell
        raise Unreadable("inconnu")


class Scale(SingleChoice):
    """Be one step of a scale, from low to high; the only kind that is scored."""

    name = "echelle"
    awaits = "une échelle, du plus bas au plus haut"

    def score(self, question: Question, answer: Answer) -> int | None:
        if not isinstance(answer, int):
            return None
        steps = [option.code for option in question.options if isinstance(option.code, int)]
        low, high = min(steps), max(steps)
        step = high - answer if question.reversed else answer - low
        return FULL_SCORE * step // (high - low)

    def _layout(self, options: Sequence[Choice]) -> Layout:
        faces = all((option.pictogram or "").startswith("visage-") for option in options)
        longest = max(len(word) for option in options for word in option.label.split())
        fits = len(options) in _ROW and longest <= _LONGEST_WORD_IN_A_ROW
        return "row" if faces and fits else "list"


class YesNo(Scale):
    """Be a scale of two steps."""

    name = "oui_non"
    awaits = "oui ou non"

    def _layout(self, options: Sequence[Choice]) -> Layout:
        return "pair" if len(options) == _PAIR else "list"


class MultipleChoice(_Closed):
    """Be any number of answers; an exclusive one is chosen alone."""

    name = "choix_multiple"
    awaits = "un ou plusieurs choix"
    is_multiple = True
    control = "checkbox"

    def read(self, question: Question, posted: Sequence[str]) -> Answer | None:
        given = set(posted)
        given.discard("")
        if not given:
            return None
        chosen = [str(option.code) for option in question.options if str(option.code) in given]
        aside = next((code for code in question.asides if code in given), None)
        if len(given) > len(chosen) + (aside is not None):
            asides = sum(code in given for code in question.asides)
            raise Unreadable("exclusif" if len(given) == len(chosen) + asides else "inconnu")
        if len(given) > 1 and (aside or any(_exclusive(question, code) for code in chosen)):
            raise Unreadable("exclusif")
        return aside or chosen

    def parse(self, question: Question, cell: str) -> Answer | None:
        return self.read(question, cell.split(SEPARATOR))


class LongText(Kind):
    """Be words of one's own, over several lines."""

    name = "texte_long"
    awaits = "un texte libre"
    is_text = True
    control: ClassVar[Control] = "textarea"

    def field(
        self, posed: Posed, wording: Wording, answer: Answer | Sequence[str] | None = None
    ) -> Field:
        question = posed.question
        return Field(
            name=posed.key,
            label=wording.say(posed.text),
            hint=wording.say(question.hint) if question.hint else "",
            control=self.control,
            max_length=question.max_length,
            value="".join(_codes(answer)[:1]),
        )

    def read(self, question: Question, posted: Sequence[str]) -> str | None:
        if len(posted) > 1:
            raise Unreadable("plusieurs")
        return self.parse(question, posted[0]) if posted else None

    def words(self, question: Question, answer: Answer, wording: Wording) -> str:  # noqa: ARG002
        return str(answer)

    def cell(self, question: Question, answer: Answer) -> str:  # noqa: ARG002
        return str(answer)

    def parse(self, question: Question, cell: str) -> str | None:
        typed = cell.replace("\r\n", "\n").replace("\r", "\n").strip()
        # A browser counts in UTF-16 units, of which there are never fewer than characters here.
        if question.max_length is not None and len(typed) > question.max_length:
            raise Unreadable("trop_long")
        return clean(typed) or None


class ShortText(LongText):
    """Be words of one's own, on one line."""

    name = "texte_court"
    awaits = "un texte court"
    control = "text"


def clean(text: str) -> str:
    """Return typed text safe to store: NFC, no control character, no lone surrogate."""
    if _SURROGATES.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unicodedata.normalize("NFC", _CONTROLS.sub("", text)).strip()


def _choice(option: Option, wording: Wording, chosen: Sequence[str]) -> Choice:
    code = str(option.code)
    return Choice(
        code, wording.say(option.text), option.pictogram, code in chosen, option.exclusive
    )


def _codes(answer: Answer | Sequence[str] | None) -> list[str]:
    """Return the codes of an answer, stored or posted, as a page and a table write them."""
    if answer is None:
        return []
    if isinstance(answer, (int, str)):
        return [str(answer)]
    return list(answer)


def _exclusive(question: Question, code: str) -> bool:
    return question.option(code).exclusive


#: The kinds, by the name an author writes.
KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (Scale(), YesNo(), SingleChoice(), MultipleChoice(), ShortText(), LongText())
}
