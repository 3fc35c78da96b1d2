"""French as it is displayed: dates, numbers, plurals, spaces that do not break."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

NARROW, NO_BREAK = "\u202f", "\u00a0"
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)

_SPACES = (
    (re.compile(r"'"), "’"),
    (re.compile(r"«[ \u00a0\u202f]*"), f"«{NARROW}"),
    (re.compile(r"[ \u00a0\u202f]*»"), f"{NARROW}»"),
    (re.compile(r"(?<=\w|[»)…’])[ \u00a0\u202f]+(?=[;!?%€])"), NARROW),
    (re.compile(r"(?<=\w|[»)…’])[ \u00a0\u202f]+(?=:(?:\s|$))"), NO_BREAK),
)


def typographic(text: str) -> str:
    """Return our own French text with ’ and the spaces that must not break.

    Never for what people typed: their words are shown as they wrote them.
    """
    for pattern, replacement in _SPACES:
        text = pattern.sub(replacement, text)
    return text


def long_date(day: date) -> str:
    """Write a day: « 1er mars 2026 »."""
    return f"{_day(day)}{NO_BREAK}{MONTHS[day.month - 1]} {day.year}"


def month(day: date) -> str:
    """Write the month of a day: « mars 2026 »."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def months(first: date, last: date) -> str:
    """Write a period of whole months: « mars 2026 », « de mars à juin 2026 »."""
    if (first.year, first.month) == (last.year, last.month):
        return month(first)
    start = MONTHS[first.month - 1] if first.year == last.year else month(first)
    return f"{of(start)} à {month(last)}"


def number(value: float | Decimal | Fraction, decimals: int = 0) -> str:
    """Write a number: « 12 345,5 », with a real minus sign."""
    exact = Fraction(value)
    scaled = Decimal(exact.numerator * 10**decimals) / Decimal(exact.denominator)
    digits = str(abs(int(scaled.quantize(Decimal(1), ROUND_HALF_UP)))).rjust(decimals + 1, "0")
    whole, fraction = (digits[:-decimals], digits[-decimals:]) if decimals else (digits, "")
    grouped = f"{int(whole):,}".replace(",", NARROW)
    sign = "−" if exact < 0 and digits.strip("0") else ""
    return f"{sign}{grouped},{fraction}" if fraction else f"{sign}{grouped}"


def plural(count: int, singular: str, many: str = "") -> str:
    """Write a count with its noun: « 0 réponse », « 1 réponse », « 2 réponses »."""
    noun = singular if abs(count) < 2 else many or f"{singular}s"
    return f"{number(count)}{NO_BREAK}{noun}"


def listing(words: Sequence[str], last: str = "et") -> str:
    """Join words: « lundi, mardi et jeudi »."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def of(name: str) -> str:
    """Write « de » before a name: « du Fil numérique », « d’Emmaüs », « de la MJC »."""
    article, space, rest = name.partition(" ")
    if space and article in ("Le", "le", "Les", "les"):
        return f"{'du' if article in ('Le', 'le') else 'des'} {rest}"
    if space and article in ("La", "la"):
        return f"de la {rest}"
    if name[:2] in ("L’", "L'", "l’", "l'"):
        return f"de l’{name[2:]}"
    return f"d’{name}" if name[:1].casefold() in tuple("aeiouyéèêàâîôœ") else f"de {name}"


def _day(day: date) -> str:
    return "1er" if day.day == 1 else str(day.day)


class FrenchSpacing(Extension):
    """Put the spaces that must not break in the words of our templates, when they are read.

    A sign counts only before a space, a tag or the end: `!important` and `a:hover` stay whole.
    """

    _SPACES = (
        (re.compile(r"« ?"), f"«{NARROW}"),
        (re.compile(r" ?»"), f"{NARROW}»"),
        (re.compile(r" (?=[;!?%€](?:[\s<]|$))"), NARROW),
        (re.compile(r" (?=:(?:[\s<]|$))"), NO_BREAK),
    )

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Change the text between the tags of Jinja, and nothing that a variable brings."""
        for token in stream:
            text = token.value
            if token.type == "data":
                for pattern, replacement in self._SPACES:
                    text = pattern.sub(replacement, text)
            yield Token(token.lineno, token.type, text)


#: Jinja filters, by the names templates know.
FILTERS: dict[str, Callable[..., str]] = {
    "typographic": typographic,
    "long_date": long_date,
    "month": month,
    "months": months,
    "number": number,
    "plural": plural,
    "listing": listing,
}
