"""Where words stand in a text: words without accents or case, each with its place."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple


class Span(NamedTuple):
    """Be a stretch of the text as it was given: text[start:end]."""

    start: int
    end: int


class Word(NamedTuple):
    """Be a word, an emoji or a mark of punctuation, and where it stands."""

    folded: str
    start: int
    end: int


#: Ends a sentence, ends a part of a sentence: no pattern can be written that matches these.
STOP = "."
PAUSE = ","
BREAKS = frozenset({STOP, PAUSE})

_SMILEYS = r"[:;=]-?[)(DPdp](?!\w)|<3|\^\^"
_EMOJI = "[\u2600-\u27bf\u2b50\U0001f300-\U0001faff]"
#: What stands in the place of a masked word: one word, that no pattern can be written for.
_TAG = r"\[[^\W\d_]+\]"
_TOKEN = re.compile(
    rf"(?P<emoji>{_SMILEYS}|{_EMOJI})"
    rf"|(?P<word>{_TAG}|"
    "[^\\W_][^\\W_\u0300-\u036f]*(?:[\u0300-\u036f]+[^\\W_\u0300-\u036f]*)*)"
    "|(?P<stop>[.!?…\n]+)"
    '|(?P<pause>[,;:()«»"“”–—]|-(?=\\s))'
)
#: « trooop », « merciiii »: no French word has the same letter three times.
_STRETCHED = re.compile(r"([^\W\d])\1{2,}")


def fold(word: str) -> str:
    """Return a word without case, accents, ligatures or stretched letters."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    if not plain.isascii():
        plain = "".join(mark for mark in plain if not unicodedata.combining(mark))
        plain = plain.replace("œ", "oe").replace("æ", "ae")
    return _STRETCHED.sub(r"\1", plain)


def words(text: str) -> list[Word]:
    """Cut a text into words; an apostrophe or a hyphen separates two of them."""
    return [Word(_folded(match), *match.span()) for match in _TOKEN.finditer(text)]


def _folded(match: re.Match[str]) -> str:
    match match.lastgroup:
        case "stop":
            return STOP
        case "pause":
            return PAUSE
        case "emoji":
            return match[0].upper()  # « :D » and « :d »
        case _:
            return fold(match[0])


def span(found: list[Word], first: int, last: int) -> Span:
    """Return the stretch of text from one word to another, both included."""
    return Span(found[first].start, found[last].end)
