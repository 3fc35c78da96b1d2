"""Which numbers a rewritten sentence claims that the computed one does not hold."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

THANKS: Final = "« grâce à »"

_UNITS: Final = (
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze",
    "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
)  # fmt: skip
_TENS: Final = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante",
                80: "quatre-vingt"}  # fmt: skip
_ROUGHLY: Final = {
    "dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30,
    "quarantaine": 40, "cinquantaine": 50, "soixantaine": 60, "centaine": 100,
}  # fmt: skip


def _spelt() -> Iterator[tuple[str, int]]:
    """Yield the numbers below 100 in letters, then a hundred and what is said roughly."""
    yield from ((word, value) for value, word in enumerate(_UNITS))
    yield "une", 1
    for ten, word in _TENS.items():
        last = 20 if ten in (60, 80) else 10
        yield (f"{word}s" if ten == 80 else word), ten
        for unit in range(1, last):
            link = "-et-" if unit in (1, 11) and ten != 80 else "-"
            yield f"{word}{link}{_UNITS[unit]}", ten + unit
    yield "cent", 100
    for word, value in _ROUGHLY.items():
        yield from ((word, value), (f"{word}s", value))


_WORDS: Final = dict(_spelt())
_WORD: Final = "|".join(
    word.replace("-", r"[-\s]") for word in sorted(_WORDS, key=len, reverse=True)
)
_DIGITS: Final = r"\d{1,3}(?:[\s.]\d{3})+(?:,\d+)?|\d+(?:[,.]\d+)?"
#: Not the end of a longer number, nor « COVID-19 ».
_NUMBER: Final = re.compile(
    rf"(?<!\w)(?<!\d[,.])(?:(?<![^\W\d]-)[−-]?(?:{_DIGITS})|{_WORD})(?!\w)", re.IGNORECASE
)
#: What makes a number a percentage, alone or as the beginning of an interval.
_PERCENT: Final = re.compile(
    rf"\s*(?:(?:à|et|[–-])\s*(?:{_DIGITS}|{_WORD})\s*)?(?:%|pour[\s-]cent\b)", re.IGNORECASE
)
#: « 7 personnes sur 10 »: few words stand between.
_OUT_OF: Final = re.compile(r"\s+(?:[^\W\d]+\s+){0,3}sur\s+$", re.IGNORECASE)
_DAY: Final = re.compile(
    r"(?:\b(?:en|année|année\s+scolaire|depuis|fin|début|janvier|février|mars|avril|mai|juin|"
    r"juillet|août|septembre|octobre|novembre|décembre)\s+)$",
    re.IGNORECASE,
)
_THANKS: Final = re.compile(r"\bgr[âa]ce\s+(?:à|au|aux)\b", re.IGNORECASE)
#: « un », « une » are most often no number at all.
_ARTICLES: Final = ("un", "une")


class _Claim(NamedTuple):
    value: str
    #: As it is written, to name it.
    words: str
    start: int
    end: int


def unproven(text: str, *computed: str) -> tuple[str, ...]:
    """Return the numbers of a text, as written, that none of the computed sentences holds.

    A percentage is not a count, and « 9 sur 10 » is held as a whole; « grâce à » counts too.
    """
    claims = list(_claims(text))
    held = {one.value for said in computed for one in _claims(said)}
    found = [one.words for one in claims if one.value not in held]
    pairs = {(first.value, last.value) for said in computed for first, last in _pairs(said)}
    for first, last in _pairs(text):
        if {first.value, last.value} <= held and (first.value, last.value) not in pairs:
            found.append(f"{first.words} sur {last.words}")
    if _THANKS.search(text) and not any(map(_THANKS.search, computed)):
        found.append(THANKS)
    return tuple(dict.fromkeys(found))


def _pairs(text: str) -> Iterator[tuple[_Claim, _Claim]]:
    """Yield each « k sur n »."""
    for first, last in pairwise(_claims(text)):
        if _OUT_OF.fullmatch(text[first.end : last.start]):
            yield first, last


def _claims(text: str) -> Iterator[_Claim]:
    for found in _NUMBER.finditer(text):
        words = found[0]
        after, before = text[found.end() :], text[: found.start()]
        is_year = re.fullmatch(r"20\d\d", words) and _DAY.search(before)
        is_article = words.lower() in _ARTICLES and not re.match(
            r"\s+(?:[^\W\d]+\s+){0,3}sur\s", after
        )
        is_percent = words.lower() == "cent" and re.search(r"\bpour[\s-]$", before, re.IGNORECASE)
        if is_year or is_article or is_percent:
            continue
        is_share = bool(_PERCENT.match(after))
        value = _value(words)
        shown = f"{words} %" if is_share else words
        yield _Claim(f"{value}%" if is_share else value, shown, found.start(), found.end())


def _value(words: str) -> str:
    """Return one writing of a number: « sept » and « 7 » are the same, « 1 200 » and « 1200 »."""
    sign = "-" if words[:1] in "−-" else ""
    plain = words.lstrip("−-").lower()
    spelt = _WORDS.get(re.sub(r"\s", "-", plain))
    if spelt is not None:
        return f"{sign}{spelt}"
    grouped = re.sub(r"(?<=\d)[\s.](?=\d{3}(?!\d))", "", plain).replace(".", ",")
    whole, _, decimals = grouped.partition(",")
    decimals = decimals.rstrip("0")
    return sign + (whole.lstrip("0") or "0") + (f",{decimals}" if decimals else "")
