"""French as figures say it: whole people, half-up percentages, spaces that do not break."""

from __future__ import annotations

from fractions import Fraction
from math import floor

from app.scoring.intervals import Interval, wilson

NARROW, NO_BREAK = "\u202f", "\u00a0"

_SPACES = {
    **{f" {sign}": f"{NARROW}{sign}" for sign in "»;%?!"},
    "« ": f"«{NARROW}",
    " :": f"{NO_BREAK}:",
}


def half_up(value: Fraction | float, decimals: int = 0) -> Fraction:
    """Round to some decimals, halves upwards: the only rounding there is, for display."""
    scale = 10**decimals
    return Fraction(floor(Fraction(value) * scale + Fraction(1, 2)), scale)


def spaced(text: str) -> str:
    """Put the spaces that do not break into a finished sentence."""
    for plain, kept in _SPACES.items():
        text = text.replace(plain, kept)
    return text


def quoted(text: str) -> str:
    """Quote words of the questionnaire."""
    return f"« {text} »"


def whole(count: int) -> str:
    """Write a count: « 12 345 »."""
    return f"{count:,}".replace(",", NARROW)


def decimal(value: Fraction | float) -> str:
    """Write a number with one decimal: « 66,2 », « −3,0 »."""
    tenths = int(half_up(value, 1) * 10)
    sign = "−" if tenths < 0 else ""
    return f"{sign}{whole(abs(tenths) // 10)},{abs(tenths) % 10}"


def percent(value: Fraction | float) -> str:
    """Write a share: 7/10 → « 70 % »."""
    return f"{int(half_up(Fraction(value) * 100))} %"


def signed(value: Fraction | float, decimals: int = 0) -> str:
    """Write a difference with its sign: « +25 », « −3 », « +1,4 »."""
    rounded = half_up(value, decimals)
    words = decimal(rounded) if decimals else whole(abs(int(rounded)))
    if rounded > 0:
        return f"+{words}"
    return f"−{words}" if rounded < 0 and not decimals else words


def capital(sentence: str) -> str:
    """Write the first letter of a sentence as a capital."""
    return sentence[:1].upper() + sentence[1:]


def between(interval: Interval) -> str:
    """Write the interval of a share: « entre 48 % et 85 % »."""
    return f"entre {percent(interval.low)} et {percent(interval.high)}"


def some(count: int, noun: str, adjective: str = "") -> str:
    """Write a count with its feminine noun: « aucune réponse », « 1 réponse », « 2 réponses »."""
    plural = "s" if count > 1 else ""
    words = f"{noun}{plural} {adjective}{plural}" if adjective else f"{noun}{plural}"
    return f"{whole(count) if count else 'aucune'} {words}"


def out_of(k: int, n: int, noun: str, adjective: str = "") -> str:
    """Write a count over its base: « 8 personnes sur 11 »."""
    return f"{some(k, noun, adjective)} sur {whole(n)}"


def share(k: int, n: int) -> str:
    """Write a share in full: « 70 % (14 sur 20) ; entre 48 % et 85 % »."""
    interval = wilson(k, n)
    base = f"{percent(Fraction(k, n))} ({whole(k)} sur {whole(n)})"
    return f"{base} ; {between(interval)}" if interval else base


def in_ten(k: int, n: int, noun: str, adjective: str = "") -> str:
    """Write a share as « environ 8 personnes sur 10 » when near enough, else over its true base.

    Where it is exactly so many out of 10, nothing is « environ ».
    """
    told, base = tenths(k, n)
    about = "environ " if told * n != k * base else ""
    return about + out_of(told, base, noun, adjective)


def say(k: int, n: int, noun: str, what: str) -> str:
    """Write what a share of people say: « environ 8 personnes sur 10 disent avoir appris »."""
    told, _ = tenths(k, n)
    words = in_ten(k, n, noun)
    return f"{words} {agree(told, 'dit', 'disent')} {what}" if what else words


def tenths(k: int, n: int) -> tuple[int, int]:
    """Return a share as so many out of 10 when that is near enough, else as it is (rule 11)."""
    if n >= 20:
        tenths = int(half_up(Fraction(10 * k, n)))
        if 0 < tenths < 10 and abs(Fraction(tenths, 10) - Fraction(k, n)) <= Fraction(3, 100):
            return tenths, 10
    return k, n


def agree(count: int, singular: str, plural: str) -> str:
    """Make a verb agree with a count: « aucune » goes with « n’a progressé »."""
    if count > 1:
        return plural
    if count == 1:
        return singular
    return f"n’{singular}" if singular[0] in "aeiouyéê" else f"ne {singular}"


def rest(count: int, singular: str, plural: str) -> str:
    """Write what the others did: « 2 sont stables », « aucune ne recule »."""
    return f"{whole(count) if count else 'aucune'} {agree(count, singular, plural)}"
