"""« Mots qui reviennent » : the words that several comments share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
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
    #: It has a capital that may be that of a name: it does not open a sentence.
    is_inside: bool


def recurring_words(comments: Iterable[str]) -> list[Recurring]:
    """Return the words that recur, the most frequent first; what looks like a name is left out."""
    holders: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = {}
    inside: set[str] = set()
    folded = cache(fold)  # people share most of their words
    for comment in comments:
        held = set()
        for key, one in _words(comment, folded):
            held.add(key)
            forms.setdefault(key, Counter())[one.form] += 1
            if one.is_inside:
                inside.add(key)
        holders.update(held)
    recur = (
        Recurring(_shown(forms[key]), count)
        for key, count in holders.items()
        if count >= FEWEST and not _is_name(key, forms[key], is_inside=key in inside)
    )
    found = sorted(recur, key=lambda one: (-one.comments, fold(one.word)))
    return [one for one in found if not _is_said(one, found)][:MOST]


def _is_said(one: Recurring, found: list[Recurring]) -> bool:
    """Tell whether a longer expression, in as many comments, already says a word."""
    return any(
        one.comments == longer.comments
        and one.word != longer.word
        and f" {fold(one.word)} " in f" {fold(longer.word)} "
        for longer in found
    )


def _words(comment: str, folded: Callable[[str], str]) -> Iterator[tuple[str, _Written]]:
    """Yield the words that say something, each under its folded form."""
    whole = fold(comment)
    for pattern, phrase in _TOGETHER:
        if pattern.search(whole):
            yield folded(phrase), _Written(phrase, is_inside=False)
    for found in _WORD.finditer(comment):
        form, key = found[0], folded(found[0])
        if len(key) >= _SHORTEST and key not in EMPTY_WORDS:
            may_be_name = form.istitle() and not _OPENS.search(comment[: found.start()])
            yield key, _Written(form, may_be_name)


def _shown(forms: Counter[str]) -> str:
    """Return the form that most people wrote, without the capital of a sentence."""
    small = {form: count for form, count in forms.items() if form[0].islower()}
    return max(sorted(small or forms), key=lambda form: forms[form])


def _is_name(key: str, forms: Iterable[str], *, is_inside: bool) -> bool:
    """Tell whether a word is always written as a name is: « Nolwenn », not « CAF »."""
    if key in KNOWN_NAMES or " " in key:
        return False
    return is_inside and all(form.istitle() for form in forms)
