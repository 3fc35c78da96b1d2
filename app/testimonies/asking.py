"""What is asked of a person who testifies: each choice apart, in simple words, nothing chosen.

One place for the words: the public page, the médiateur who reads them aloud and the receipt all
ask the same, and what is stored is exactly what was shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from app.testimonies.consents import CHOICES, LONGEST_YEARS, NO, USES, YES, Choice, Scope, ends_on
from app.web.typography import long_date, typographic

if TYPE_CHECKING:
    from datetime import date

    from app.questionnaires.definition import Interface

FRENCH = "fr"
#: Name of the field that says whether the person is of age, which is no consent.
CAPACITY = "capacite"
#: What a question left alone comes to, where it is not simply no.
_SILENCE: Mapping[str, str] = {"nom": "rien", "duree": "trois_ans"}
_PICTOGRAMS: Mapping[str, str] = {YES: "coche", NO: "croix"}
#: What an organisation is asked: its words and its name, no voice and nothing to read again.
_OF_AN_ORGANISATION: tuple[Scope, ...] = (*USES, "nom", "duree")
_OF_A_PERSON: tuple[Scope, ...] = (
    *USES,
    "nom",
    "garder_media",
    "montrer_media",
    "relire",
    "duree",
)

Say: TypeAlias = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Offered:
    """Be one answer that can be chosen."""

    code: str
    label: str
    pictogram: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Be one choice as it is asked: the question, what it means, and its answers."""

    #: What it is about, also the name of the field.
    scope: Scope
    question: str
    explanation: str
    options: tuple[Offered, ...]
    language: str = FRENCH

    @property
    def is_pair(self) -> bool:
        """Tell whether the answer is yes or no."""
        return [option.code for option in self.options] == [YES, NO]

    def label(self, code: str) -> str:
        """Return the words of an answer."""
        return next(option.label for option in self.options if option.code == code)

    def outcome(self, code: str | None, silent: str) -> str:
        """Return the words of what holds; `silent` says that no answer counts as no."""
        code = code or _SILENCE.get(self.scope)
        return self.label(code) if code else silent

    def chosen(self, code: str) -> Choice:
        """Return the choice of an answer, with every word that was read."""
        words = "\n".join((self.question, self.explanation, self.label(code)))
        return Choice(self.scope, code, words, self.language)


def sayer(words: Interface) -> Say:
    """Return what says a sentence of the interface with the spaces of its language."""

    def say(key: str, **values: object) -> str:
        said = words[key].format(**values)
        return typographic(said) if words.language == FRENCH else said

    return say


def asked(
    words: Interface, readers: str, day: date, *, for_organisation: bool = False
) -> tuple[Asked, ...]:
    """Return every choice to ask on a day, in one language; `readers` are those of the notice."""
    say = sayer(words)
    scopes = _OF_AN_ORGANISATION if for_organisation else _OF_A_PERSON
    values = {"lecteurs": readers, "annee": day.year + LONGEST_YEARS}
    return tuple(
        Asked(
            scope,
            say(f"accord_{scope}" + ("_organisation" if for_organisation else "")),
            say(_explanation(scope, for_organisation), **values),
            _options(say, scope, day, words.language, for_organisation=for_organisation),
            words.language,
        )
        for scope in scopes
    )


def asked_capacity(words: Interface) -> Asked:
    """Return the question on who must sign besides, which matters to name, voice and image only."""
    say = sayer(words)
    return Asked(
        "nom",
        say("capacite"),
        say("capacite_aide"),
        tuple(Offered(one, say(f"capacite_{one}")) for one in ("adulte", "mineur", "protege")),
        words.language,
    )


def _explanation(scope: Scope, for_organisation: bool) -> str:
    own = for_organisation and scope == "nom"
    return f"accord_{scope}_aide" + ("_organisation" if own else "")


def _options(
    say: Say, scope: Scope, day: date, language: str, *, for_organisation: bool
) -> tuple[Offered, ...]:
    if scope == "duree":
        return tuple(
            Offered(one, say(f"duree_{one}", jour=day_in(language, ends_on(one, day))))
            for one in CHOICES[scope]
        )
    if scope == "nom":
        codes = ("rien", "organisation") if for_organisation else ("rien", "prenom", "age_lieu")
        return tuple(Offered(one, say(f"nom_{one}")) for one in codes)
    return tuple(Offered(one, say(f"choix_{one}"), _PICTOGRAMS[one]) for one in CHOICES[scope])


def day_in(language: str, day: date) -> str:
    """Write a day as its readers do: only French has words for it here."""
    return long_date(day) if language == FRENCH else f"{day:%d/%m/%Y}"
