"""« Mots qui reviennent » : the words that several comments share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from app.responses.search import fold

#: Fewest comments that make a word recur, and most words shown.
FEWEST, MOST = 3, 12
_SHORTEST = 3
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
#: What stands before the first word of a sentence.
_OPENS = re.compile(r"(^|[.!?…:\n«\"(\-–])\s*$")


def _sections(text: str) -> dict[str, list[str]]:
    """Return the lines of each section of the file of words."""
    sections: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("["):
            lines = sections.setdefault(line.strip("[]"), [])
        elif not line.startswith("#"):
            lines.append(line)
    return sections


_SECTIONS = _sections(Path(__file__).with_name("words.txt").read_text("utf-8"))
EMPTY_WORDS = frozenset(" ".join(_SECTIONS["empty"]).split())
KNOWN_NAMES = frozenset(" ".join(_SECTIONS["known"]).split())
_TOGETHER = [
    (re.compile(rf"(?<!\w){re.escape(fold(one))}(?!\w)"), one) for one in _SECTIONS["together"]
]


class Recurring(NamedTuple):
    """Be one word, and how many comments hold it."""

    word: str
    comments: int


class _Written(NamedTuple):
    """Be a word as somebody wrote it."""

    form: str
    #: Its capital may be that of a name: it does not open a sentence.
    is_inside: bool


def recurring_words(comments: Iterable[str]) -> list[Recurring]:
    """Return the words that recur, the most frequent first; what looks like a name is left out."""
    holders: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = {}
    inside: dict[str, Counter[str]] = {}
    for comment in comments:
        written: dict[str, list[_Written]] = {}
        for key, one in _words(comment):
            written.setdefault(key, []).append(one)
        holders.update(written.keys())
        for key, ones in written.items():
            forms.setdefault(key, Counter()).update(one.form for one in ones)
            inside.setdefault(key, Counter()).update(one.form for one in ones if one.is_inside)
    recur = (
        Recurring(_shown(forms[key]), count)
        for key, count in holders.items()
        if count >= FEWEST and not _is_name(key, forms[key], inside[key])
    )
    return sorted(recur, key=lambda one: (-one.comments, fold(one.word)))[:MOST]


def _words(comment: str) -> Iterator[tuple[str, _Written]]:
    """Yield the words that say something, each under its folded form."""
    folded = fold(comment)
    for pattern, phrase in _TOGETHER:
        if pattern.search(folded):
            yield fold(phrase), _Written(phrase, is_inside=False)
    for found in _WORD.finditer(comment):
        key = fold(found[0])
        if len(key) >= _SHORTEST and key not in EMPTY_WORDS:
            yield key, _Written(found[0], not _OPENS.search(comment[: found.start()]))


def _shown(forms: Counter[str]) -> str:
    """Return the form that most people wrote, without the capital of a sentence."""
    small = {form: count for form, count in forms.items() if form[0].islower()}
    return max(sorted(small or forms), key=lambda form: forms[form])


def _is_name(key: str, forms: Counter[str], inside: Counter[str]) -> bool:
    """Tell whether a word is always written as a name is: « Nolwenn », not « CAF »."""
    if key in KNOWN_NAMES or " " in key:
        return False
    return bool(inside) and all(form.istitle() for form in forms)
