"""Words sought in comments, whatever their accents and capitals, and where they stand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

#: Accents once letters are taken apart, those of Arabic included.
_MARKS = re.compile("[\u0300-\u036f\u064b-\u0655\u0670]")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "’": "'"})


class Piece(NamedTuple):
    """Be a part of a text that was sought, or that stands between two."""

    text: str
    is_found: bool


def fold(text: str) -> str:
    """Return a text without accents, capitals and ligatures: « Déçue » and « decue » are one."""
    small = text.casefold().translate(_LIGATURES)
    return small if small.isascii() else _MARKS.sub("", unicodedata.normalize("NFKD", small))


class Finder:
    """Find all the words of a search, and one whole word, in any text."""

    def __init__(self, search: str = "", word: str = "") -> None:
        self._patterns = [re.compile(re.escape(part)) for part in fold(search).split()]
        if word := fold(word).strip():
            spaced = r"\s+".join(map(re.escape, word.split()))
            self._patterns.append(re.compile(rf"(?<!\w){spaced}(?!\w)"))

    @cached_property
    def is_idle(self) -> bool:
        """Tell whether nothing is sought."""
        return not self._patterns

    def finds(self, text: str) -> bool:
        """Tell whether a text has all that is sought."""
        folded = fold(text)
        return all(pattern.search(folded) for pattern in self._patterns)

    def pieces(self, text: str) -> list[Piece]:
        """Return a text cut where it has something that is sought."""
        found = [False] * len(text)
        for start, end in self._spans(text):
            found[start:end] = [True] * (end - start)
        pieces: list[Piece] = []
        begins = 0
        for here in range(1, len(text) + 1):
            if here == len(text) or found[here] != found[begins]:
                pieces.append(Piece(text[begins:here], found[begins]))
                begins = here
        return pieces

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where what is sought stands in the text as it was written."""
        folded, origin = "", []
        for place, sign in enumerate(text):
            part = fold(sign)
            folded += part
            origin += [place] * len(part)
        for pattern in self._patterns:
            for found in pattern.finditer(folded):
                yield origin[found.start()], origin[found.end() - 1] + 1
