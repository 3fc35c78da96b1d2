"""Passwords: one rule a person understands, and a slow hash."""

from __future__ import annotations

import re
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from app.organisations.limits import Gate

SHORTEST = 12
LONGEST = 200
#: Keyboard rows, alphabet, digits and the words everybody thinks of first.
_OBVIOUS = (
    "abcdefghijklmnopqrstuvwxyz",
    "azertyuiopqsdfghjklmwxcvbn",
    "qwertyuiopasdfghjklzxcvbnm",
    "01234567890123456789",
    "98765432109876543210",
    "motdepasse",
    "password",
    "recueil",
    "bonjour",
)

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
#: Verified when there is no account, so that an unknown e-mail takes as long as a known one.
_NOBODY = _HASHER.hash("personne")
#: Each hash takes a processor and 19 MB: two at a time, whoever asks.
_GATE = Gate()


def hash_password(password: str) -> str:
    """Return the hash to keep; never while writing: it is slow, and may have to wait."""
    with _GATE.turn():
        return _HASHER.hash(_composed(password))


def is_password(password_hash: str, password: str) -> bool:
    """Tell whether the password is the right one; without a hash, take as long and say no."""
    try:
        with _GATE.turn():
            _HASHER.verify(password_hash or _NOBODY, _composed(password))
    except VerifyMismatchError:
        return False
    return bool(password_hash)


def weakness(password: str, *known: str) -> str:
    """Say in French why a password is refused, or nothing; `known` is the e-mail and the name."""
    if len(password) < SHORTEST:
        return (
            f"{len(password)} signes : il en faut {SHORTEST} au moins. "
            "Trois ou quatre mots sans rapport suffisent."
        )
    if len(password) > LONGEST:
        return f"{len(password)} signes : {LONGEST} au plus."
    folded = _folded(password)
    if len(_without_words(folded, known)) < SHORTEST // 2 <= len(folded):
        return "Il ressemble trop à votre nom ou à votre adresse. Prenez d’autres mots."
    if len(set(folded)) < 5 or len(_without_obvious(folded)) < SHORTEST // 3:
        return "Il se devine trop facilement. Trois ou quatre mots sans rapport suffisent."
    return ""


def _without_words(folded: str, known: tuple[str, ...]) -> str:
    """Drop what is known of the person: the words of their name, the two sides of their e-mail."""
    for word in (_folded(word) for text in known for word in re.split(r"[@\s]", text)):
        folded = folded.replace(word, "") if len(word) > 2 else folded
    return folded


def _without_obvious(folded: str) -> str:
    """Drop every run of three signs or more that anybody would try."""
    kept, place = "", 0
    while place < len(folded):
        length = next(
            (
                size
                for size in range(len(folded) - place, 2, -1)
                if any(folded[place : place + size] in run for run in _OBVIOUS)
            ),
            0,
        )
        kept += "" if length else folded[place]
        place += length or 1
    return kept


def _folded(text: str) -> str:
    """Keep the letters and digits, small and without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if sign.isalnum())


def _composed(password: str) -> str:
    """Return the same text whether the keyboard sent « é » or « e » and its accent."""
    return unicodedata.normalize("NFC", password)
