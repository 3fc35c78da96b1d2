"""Where an excerpt begins and ends: the words of the person, none added, every cut marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

#: Longest excerpt, its marks included.
LONGEST = 280
#: What stands where words were left out.
CUT = "[…]"
#: A sentence longer than this is offered in parts.
_LONG = 110

#: The end of a sentence, with the quotation mark or bracket that closes it.
_END = re.compile(r"(?:[.!?…؟。]+[»”\")\]]*(?=\s|$)|\n)")
#: Where a long sentence may be offered in two.
_PAUSE = re.compile(r"[,;:،](?=\s)")
#: What is never cut in two: a tag of masking, a word with its hyphens and apostrophes.
_WHOLE = re.compile(r"\[[^\[\]\n]*\]|\w+(?:[’'\-‐.@]\w+)*")

#: The signs that end a sentence, with the space that French puts before some.
_FINAL = re.compile(r"[ \u00a0\u202f]?[.!?…؟]+(?![\w])")


class Stretch(NamedTuple):
    """Be a part of a text, by its first character and the one after its last."""

    start: int
    end: int


class CutError(ValueError):
    """Say in French why an excerpt cannot be made."""


def stretches(text: str) -> list[Stretch]:
    """Return the sentences of a text, the long ones in parts: what is offered to choose from."""
    return [part for sentence in _sentences(text) for part in _parts(text, sentence)]


def excerpt(text: str, chosen: Iterable[Stretch]) -> str:
    """Return the chosen parts in their order, each cut marked; raise CutError otherwise."""
    parts = _joined(text, chosen)
    if not any(_WHOLE.search(text[part.start : part.end]) for part in parts):
        raise CutError("Choisissez au moins une phrase.")
    # What was masked says nothing by itself.
    if not any(_says(text[part.start : part.end]) for part in parts):
        raise CutError("Ce passage est tout entier masqué : choisissez-en un autre.")
    said = f" {CUT} ".join(" ".join(text[part.start : part.end].split()) for part in parts)
    said = f"{CUT} {said}" if _begins_inside(text, parts[0].start) else said
    said = f"{said} {CUT}" if _ends_inside(text, parts[-1].end) else said
    if len(said) > LONGEST:
        over = len(said) - LONGEST
        words = "caractère" if over == 1 else "caractères"
        raise CutError(f"{len(said)} caractères : {over} {words} de trop. Choisissez moins.")
    return said


def is_excerpt(text: str, said: str) -> bool:
    """Tell whether an excerpt still stands in a text, part after part."""
    flat, here = " ".join(text.split()), 0
    for part in filter(None, (part.strip() for part in said.split(CUT))):
        found = flat.find(part, here)
        if found < 0:
            return False
        here = found + len(part)
    return True


def _sentences(text: str) -> Iterator[Stretch]:
    begins = 0
    for end in (*(found.end() for found in _END.finditer(text)), len(text)):
        if stretch := _trimmed(text, begins, end):
            yield stretch
        begins = end


def _parts(text: str, sentence: Stretch) -> Iterator[Stretch]:
    """Yield a sentence whole, or in parts when it is long; none so short that it says nothing."""
    begins = sentence.start
    if sentence.end - sentence.start > _LONG:
        for pause in _PAUSE.finditer(text, sentence.start, sentence.end):
            if pause.end() - begins >= _LONG // 3 and sentence.end - pause.end() >= _LONG // 3:
                yield Stretch(begins, pause.end())
                begins = pause.end() + 1
    if stretch := _trimmed(text, begins, sentence.end):
        yield stretch


def _trimmed(text: str, start: int, end: int) -> Stretch | None:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return Stretch(start, end) if start < end else None


def _joined(text: str, chosen: Iterable[Stretch]) -> list[Stretch]:
    """Return what was chosen in order, on whole words; what only a space parts becomes one."""
    joined: list[Stretch] = []
    for start, end in sorted(chosen):
        if not 0 <= start < end <= len(text):
            raise CutError("Ce passage n’est plus dans le texte. Choisissez de nouveau.")
        part = _trimmed(text, *_whole(text, start, end))
        if part is None:
            continue
        if joined and not text[joined[-1].end : part.start].strip():
            joined[-1] = Stretch(joined[-1].start, max(joined[-1].end, part.end))
        else:
            joined.append(part)
    if not joined:
        raise CutError("Choisissez au moins une phrase.")
    return joined


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a selection that cuts no word: « heureuse » is not taken out of « malheureuse »."""
    for word in _WHOLE.finditer(text):
        if word.start() < start < word.end():
            start = word.start()
        if word.start() < end < word.end():
            end = word.end()
    # The sign that ends the sentence goes with its last word.
    if found := _FINAL.match(text, end):
        end = found.end()
    return start, end


def _says(part: str) -> bool:
    return bool(re.search(r"\w", re.sub(r"\[[^\[\]\n]*\]", "", part)))


def _begins_inside(text: str, start: int) -> bool:
    """Tell whether words of the same sentence stand before."""
    before = text[:start]
    ends = [found.end() for found in _END.finditer(text) if found.end() <= start]
    return bool(before[ends[-1] if ends else 0 :].strip(' \n\t«“"(-–—'))


def _ends_inside(text: str, end: int) -> bool:
    """Tell whether words of the same sentence stand after."""
    if any(found.end() == end for found in _END.finditer(text)):
        return False
    following = _END.search(text, end)
    rest = text[end : following.start() if following else len(text)]
    return bool(re.search(r"\w|\[", rest))
