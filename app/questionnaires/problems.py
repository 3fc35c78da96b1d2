"""What is wrong in a file, said to its author: where, what, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NamedTuple

#: Beyond, reading stops: nobody corrects more at once, and a hostile file must cost little.
MOST_PROBLEMS = 100


class Place(NamedTuple):
    """Be a line of a file."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Say one thing that is wrong, in French, and its remedy."""

    file: str
    line: int
    #: « question dro6 », « indicateur autonomie.progression »; empty for the whole file.
    where: str
    message: str
    remedy: str
    #: A warning lets the questionnaire through; an error does not.
    is_warning: bool = False

    def __str__(self) -> str:
        level = "avertissement" if self.is_warning else "erreur"
        where = f"{self.where} : " if self.where else ""
        return f"{self.file}:{self.line}: {level} : {where}{self.message} → {self.remedy}"


class SurveyErrors(Exception):  # noqa: N818 - several errors at once, as the name says
    """Hold every problem found at once, in the order of the files."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(in_order(problems))
        super().__init__("\n".join(map(str, self.problems)))


class Report:
    """Gather problems while reading goes on, so that the author sees them all."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def error(self, place: Place, where: str, message: str, remedy: str) -> None:
        """Add a problem that must be solved; raise SurveyErrors when there are too many."""
        self.problems.append(Problem(*place, where, message, remedy))
        if len(self.errors) >= MOST_PROBLEMS:
            raise SurveyErrors(self.errors)

    def warn(self, place: Place, where: str, message: str, remedy: str) -> None:
        """Add a problem that may be accepted."""
        self.problems.append(Problem(*place, where, message, remedy, is_warning=True))

    @property
    def errors(self) -> list[Problem]:
        """Return the problems that must be solved, in order."""
        return [problem for problem in in_order(self.problems) if not problem.is_warning]

    @property
    def warnings(self) -> list[Problem]:
        """Return the problems that may be accepted, in order."""
        return [problem for problem in in_order(self.problems) if problem.is_warning]

    def raise_errors(self) -> None:
        """Raise SurveyErrors when there is at least one error."""
        if self.errors:
            raise SurveyErrors(self.errors)


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems by file and line, each once."""
    return sorted(dict.fromkeys(problems), key=lambda problem: (problem.file, problem.line))


def choose(word: str, possible: Iterable[str]) -> str:
    """Say what to write instead of a word: the nearest one, or all of them when few."""
    words = sorted(set(possible))
    near = get_close_matches(word, words, n=1, cutoff=0.6)
    if near:
        return f"vouliez-vous écrire « {near[0]} » ?"
    if not words:
        return "retirez-le"
    return f"choisissez parmi : {enumerate_words(words)}"


def enumerate_words(words: Sequence[str], most: int = 12) -> str:
    """List words, cut short when there are many."""
    more = f"… ({len(words)} en tout)" if len(words) > most else ""
    return ", ".join(words[:most]) + more
