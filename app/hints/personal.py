"""Where a text says who somebody is: e-mails, telephones, numbers, addresses, probable names.

What has a shape of its own is sure, and proposed as masked. A name has none: it is only shown to
the person who reads, who decides. This is incomplete by nature: a place, a job or a story can name
somebody as well, in French or in any other language. Somebody must always read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

import phonenumbers
from stdnum import iban
from stdnum.fr import nir

from app.hints.names import names

EMAIL: Final = "e-mail"
PHONE: Final = "téléphone"
NIR: Final = "numéro de sécurité sociale"
IBAN: Final = "IBAN"
ADDRESS: Final = "adresse"
URL: Final = "adresse internet"
FILE: Final = "numéro de dossier"
NAME: Final = "nom"
OTHER: Final = "autre"

#: What is read in the place of each.
TAGS: Mapping[str, str] = MappingProxyType(
    {
        EMAIL: "[courriel]",
        PHONE: "[téléphone]",
        NIR: "[numéro]",
        IBAN: "[compte]",
        ADDRESS: "[adresse]",
        URL: "[adresse]",
        FILE: "[numéro]",
        NAME: "[nom]",
        OTHER: "[masqué]",
    }
)


class Finding(NamedTuple):
    """Be one passage that may say who somebody is."""

    start: int
    end: int
    kind: str
    #: Its shape leaves little doubt; a name is never sure.
    is_sure: bool


def findings(text: str) -> tuple[Finding, ...]:
    """Return the passages that may say who somebody is, in order, without overlap."""
    found: list[Finding] = []
    taken = bytearray(len(text))
    for search in (_ibans, _emails, _urls, _nirs, _phones, _addresses, _files, _names):
        for one in search(text):
            if not any(taken[one.start : one.end]):
                taken[one.start : one.end] = b"\1" * (one.end - one.start)
                found.append(one)
    return tuple(sorted(found))


def masked(text: str, spans: Iterable[Finding]) -> str:
    """Return a text where each passage is replaced by what it is; nothing else changes."""
    pieces, here = [], 0
    for one in sorted(spans):
        pieces += [text[here : one.start], tag_of(one.kind)]
        here = one.end
    return "".join((*pieces, text[here:]))


def tag_of(kind: str) -> str:
    """Return what is read in the place of a passage of that kind."""
    return TAGS.get(kind, TAGS[OTHER])


# --- e-mails and pages ----------------------------------------------------------------------------

#: Bounded repetitions after a boundary: the time it takes grows as the text does.
_EMAIL = re.compile(
    r"(?<![\w.+-])[\w+-]{1,64}(?:\.[\w+-]{1,64}){0,8}"
    r"(?: ?[@＠] ?| ?[(\[](?:at|arobase?)[)\]] ?| arobase? )"
    r"[\w-]{1,63}(?:\.[\w-]{1,63}| point [\w-]{1,63}){1,6}",
    re.IGNORECASE,
)
#: A page of somebody on a network; the address of a service names nobody.
_URL = re.compile(
    r"(?<![\w.@])(?:https?://)?(?:[\w-]{1,20}\.)?"
    r"(?:facebook|fb|instagram|linkedin|tiktok|twitter|x|snapchat|youtube|t|wa|copainsdavant)"
    r"\.(?:com|fr|me|net)/[^\s<>«»\"]{2,200}",
    re.IGNORECASE,
)


def _emails(text: str) -> Iterator[Finding]:
    for match in _EMAIL.finditer(text):
        yield Finding(*match.span(), EMAIL, True)


def _urls(text: str) -> Iterator[Finding]:
    for match in _URL.finditer(text):
        end = match.start() + len(match[0].rstrip(".,;:!?)]"))
        yield Finding(match.start(), end, URL, True)


# --- numbers --------------------------------------------------------------------------------------

_IBAN_START = re.compile(r"(?<![^\W_])[A-Z]{2} ?\d{2}(?=[ .-]?[A-Z0-9])", re.IGNORECASE)
_IBAN_LENGTHS = range(34, 14, -1)
_FRENCH_IBAN = re.compile(r"FR\d{12}[A-Z0-9]{11}\d{2}")
_NIR = re.compile(
    r"(?<![\w+])[1-478][ .]?\d{2}[ .]?(?P<month>\d{2})[ .]?(?:\d{2}|2[AB])[ .]?\d{3}[ .]?\d{3}"
    r"(?:[ .]?(?:[-/(]|cl[ée] ?:?)?[ ]?\d{2}\)?)?(?!\d)",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?<!\d)\d{1,2}([/. -])\d{1,2}\1(?:19|20)\d{2}(?![./-]?\d)"
    r"|(?<![\d/])\d{1,2}/\d{1,2}/\d{2}(?![/\d])"
)
_SEPARATORS = r"[ \u00a0\u202f.\-/_()]{0,3}"
#: Ten figures from a zero, an international number, or nine by pairs from which the zero fell.
_PHONE = re.compile(
    rf"(?<![\w+,])(?:(?:\+|00){_SEPARATORS}[1-9]|\(?0){_SEPARATORS}\d(?:{_SEPARATORS}\d){{7,12}}(?!\d)"
    r"|(?<![\w+,.])[67](?:[ .-]\d{2}){4}(?![ .-]?\d)"
)
_BY_PAIRS = re.compile(r"0[1-9](?:([ .\u00a0\u202f-])\d{2})(?:\1\d{2}){3}")
#: France first, then where a number beginning by 0 means something else.
_REGIONS = ("FR", "RE", "GP", "MQ", "GF", "YT", "PM", "NC", "PF", "WF")
_FILE_WORDS = (
    r"(?:dossier|allocataire|adh[ée]rente?|cliente?|contrat|facture|commande|r[ée]f[ée]rence|"
    r"matricule|demandeur d.emploi|identifiant|fiscal|siret|siren|usager|assur[ée]e?|permis|"
    r"passeport|carte d.identit[ée]|titre de s[ée]jour|num[ée]ro [ée]tranger)"
)
_FILE = re.compile(
    rf"\b{_FILE_WORDS}(?:,? ?(?:n[°o]\.?|num[ée]ro|est|:|le|la|fiscale?|caf|cpam|de|du)){{0,4}} ?"
    r"(?P<number>[A-Z]{0,3}\d(?:[ .-]?[A-Z0-9]){4,19})(?![\w])",
    re.IGNORECASE,
)


def _ibans(text: str) -> Iterator[Finding]:
    for match in _IBAN_START.finditer(text):
        signs = [at for at in range(match.start(), min(len(text), match.start() + 50))
                 if text[at].isascii() and text[at].isalnum()]  # fmt: skip
        between = text[match.start() : match.start() + 50]
        if (cut := re.search(r"[^A-Za-z0-9 .-]", between)) is not None:
            signs = [at for at in signs if at < match.start() + cut.start()]
        compact = "".join(text[at] for at in signs).upper()
        for length in _IBAN_LENGTHS:
            if length <= len(compact) and _is_iban(compact[:length]):
                yield Finding(match.start(), signs[length - 1] + 1, IBAN, True)
                break


def _is_iban(compact: str) -> bool:
    """Tell an account number, or a French one with a figure mistyped."""
    return bool(_FRENCH_IBAN.fullmatch(compact)) or iban.is_valid(compact)


def _nirs(text: str) -> Iterator[Finding]:
    for match in _NIR.finditer(text):
        month = int(match["month"])
        # A mistyped key does not make it somebody else's: the month is enough.
        if nir.is_valid(re.sub(r"[^\dAB]", "", match[0].upper())) or (
            1 <= month <= 12 or 20 <= month <= 42 or month >= 50
        ):
            yield Finding(*match.span(), NIR, True)


def _phones(text: str) -> Iterator[Finding]:
    files = {match.start("number") for match in _FILE.finditer(text)}
    shown = _DATE.sub(lambda match: "|" * len(match[0]), text)
    for match in _PHONE.finditer(shown):
        if match.start() not in files and _is_phone(match[0]):
            yield Finding(*match.span(), PHONE, True)


def _is_phone(typed: str) -> bool:
    """Tell whether somebody can be called so, from France or from overseas.

    Ten figures by pairs are read as a number, even in a range that nobody was given yet.
    """
    figures = re.sub(r"\D", "", typed)
    if _BY_PAIRS.fullmatch(typed.lstrip("(")):
        return True
    if typed.lstrip("(").startswith("+") or figures.startswith("00"):
        figures = figures.removeprefix("00")
        figures = re.sub(r"^(33|262|590|594|596)0", r"\1", figures)  # +33 (0)6
        return _is_valid(f"+{figures}", None)
    if not figures.startswith("0"):
        figures = f"0{figures}"
    return len(figures) == 10 and any(_is_valid(figures, region) for region in _REGIONS)


def _is_valid(figures: str, region: str | None) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(figures, region))
    except phonenumbers.NumberParseException:
        return False


def _files(text: str) -> Iterator[Finding]:
    for match in _FILE.finditer(text):
        yield Finding(*match.span("number"), FILE, False)


# --- addresses and names --------------------------------------------------------------------------

_UPPER = "A-ZÀ-ÖØ-ÞŒŸ"
_WORD = r"[^\W_](?:[\w'’-]{0,30}[^\W_])?"
_CAPITAL = rf"[{_UPPER}](?:[\w'’-]{{0,30}}[^\W_])?"
_LINK = r"(?:de la |de l['’]|de |du |des |d['’]|la |le |les |l['’]|aux? |à la |et |en |sous |sur )"
#: What is named after these is a way; the others are also ordinary words, and want a capital.
_WAYS = (
    r"(?:rue|avenue|av\.?|ave\.?|boulevard|bd|bld|blvd|all[ée]e|chemin|chem\.?|impasse|imp\.?|"
    r"quai|route|rte\.?|square|ruelle|venelle|sentier|lotissement|lieu-dit|rond-point|faubourg)"
)
_MAYBE_WAYS = (
    r"(?:all[ée]es|place|pl\.|passage|cité|résidence|rés\.|villa|hameau|clos|esplanade|promenade|montée|"
    r"traverse|voie|côte|domaine|galerie|parvis|hlm|bâtiment)"
)
_MORE = rf"(?:[ ](?:{_LINK}){{0,2}}{_CAPITAL}){{0,5}}"
_DAY = r"\d{1,2}(?:er)? [^\W\d]{3,9}(?: \d{4}(?!\d))?"
_NAMED = rf"(?:{_LINK}){{0,2}}(?:{_DAY}|{_WORD}{_MORE})"
_NAMED_HIGH = rf"(?:{_LINK}){{0,2}}(?:{_DAY}|{_CAPITAL}{_MORE})"
_TOWN = rf"(?:,?[ \n](?:à )?\d{{5}}[ ]{_WORD}(?:[ ]{_CAPITAL}){{0,3}}|,?[ ]à {_CAPITAL})?"
_NUMBER = r"(?<![\w.,/])\d{1,4}(?: ?(?:bis|ter|quater)\b| ?[A-Da-d]\b)?,?"
_ADDRESS = re.compile(
    rf"{_NUMBER} (?i:{_WAYS}) {_NAMED}{_TOWN}"
    rf"|{_NUMBER} (?i:{_MAYBE_WAYS}) {_NAMED_HIGH}{_TOWN}"
    rf"|{_NUMBER} (?i:cours) {_CAPITAL}(?:[ ]{_CAPITAL}){{0,3}}{_TOWN}"
)
#: Without a number it may be where the lieu is: shown, not done.
_STREET = re.compile(rf"\b(?i:{_WAYS}|place|résidence|cité|impasse) {_NAMED_HIGH}{_TOWN}")


def _addresses(text: str) -> Iterator[Finding]:
    for match in _ADDRESS.finditer(text):
        yield Finding(*match.span(), ADDRESS, True)
    for match in _STREET.finditer(text):
        yield Finding(*match.span(), ADDRESS, False)


def _names(text: str) -> Iterator[Finding]:
    for start, end in names(text):
        yield Finding(start, end, NAME, False)
