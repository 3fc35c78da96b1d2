"""The schéma des lieux de médiation numérique: its 32 fields, and how a value is read for each."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path

_SOURCE = Path(__file__).with_name("schema_des_lieux.csv")
#: Columns of the table `lieu`; every other field stands in its details.
NAME, COMMUNE = "nom", "commune"
#: Given by us when nobody else does.
IDENTIFIER, UPDATED = "id", "date_maj"
PAGES = ("site_web", "fiche_acces_libre", "prise_rdv")
#: Longest value of a field that the schéma leaves free.
LONGEST, LONGEST_TEXT = 300, 5_000
_DECIMAL = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{1,20})?")
_DEGREES = {"latitude": 90, "longitude": 180}
#: How many digits a spreadsheet may have cut at the front.
_DIGITS = {"code_postal": 5, "code_insee": 5}
#: Numbers of overseas, as they are dialled at home.
_OVERSEAS = {
    "+590": ("0590", "0690", "0691"),
    "+594": ("0594", "0694"),
    "+596": ("0596", "0696"),
    "+262": ("0262", "0263", "0692", "0693", "0269", "0639"),
}


class UnfitError(ValueError):
    """Say in French why a value does not fit its field, and how to write it."""


@dataclass(frozen=True, slots=True)
class Field:
    """Be one field of the schéma."""

    name: str
    title: str
    required: bool
    #: `string`, `number` or `date`.
    kind: str
    pattern: str
    longest: int
    #: Several values, joined by `|`.
    many: bool
    #: The only values there are; empty when the field is free.
    values: tuple[str, ...]
    example: str

    def read(self, text: str) -> str:
        """Return a value typed by anybody as the schéma writes it, or refuse it."""
        text = text.strip()
        if not text:
            return ""
        value = "|".join(dict.fromkeys(map(self._read_one, self._parts(text))))
        if len(value) > self.longest:
            raise UnfitError(
                f"{len(value)} caractères, {self.longest} au plus : raccourcissez de "
                f"{len(value) - self.longest}."
            )
        if self.pattern and not re.search(self.pattern, value, re.ASCII):
            raise UnfitError(f"« {_short(text)} » ne s’écrit pas ainsi. Exemple : {self.example}.")
        return value

    def _parts(self, text: str) -> Sequence[str]:
        if not self.many:
            return (text,)
        if self.values and folded(text) in {folded(value) for value in self.values}:
            return (text,)
        split = r"[|;,\s]+" if self.name in ("courriels", *PAGES) else r"[|;\n]+"
        if self.values and "|" not in text and ";" not in text and "\n" not in text:
            split = r","
        return [part.strip() for part in re.split(split, text) if part.strip()]

    def _read_one(self, text: str) -> str:
        if self.values:
            return self._among(text)
        if self.kind == "date":
            return _day(text)
        if self.kind == "number":
            return _number(text, _DEGREES[self.name])
        if self.name in PAGES:
            return _page(text)
        if self.name == "courriels":
            return _email(text)
        if self.name == "telephone":
            return _telephone(text)
        if self.name == "pivot":
            return re.sub(r"[\s.]", "", text)
        if self.name in _DIGITS:
            return re.sub(r"\s", "", text).upper().rjust(_DIGITS[self.name], "0")
        return text

    def _among(self, text: str) -> str:
        known = {folded(value): value for value in self.values}
        found = known.get(folded(text))
        if found is None:
            near = get_close_matches(folded(text), known, n=1, cutoff=0.6)
            advice = (
                f"Vouliez-vous dire « {known[near[0]]} » ?"
                if near
                else f"Il y a : {', '.join(self.values)}."
            )
            raise UnfitError(f"« {_short(text)} » n’est pas dans la liste. {advice}")
        return found


def folded(text: str) -> str:
    """Return what two spellings of a word share: no accents, no case, no signs."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[\W_]|[\u0300-\u036f]", "", plain)


def missing(values: Mapping[str, str]) -> list[Field]:
    """Return the required fields that a lieu still lacks: it is not exported before."""
    return [field for field in REQUIRED if not values.get(field.name)]


def _fields() -> dict[str, Field]:
    with _SOURCE.open(encoding="utf-8", newline="") as source:
        rows = csv.DictReader((line for line in source if line[0] != "#"), delimiter=";")
        return {row["champ"]: _field(row) for row in rows}


def _field(row: Mapping[str, str]) -> Field:
    usual = LONGEST_TEXT if row["champ"] == "presentation_detail" else LONGEST
    several = bool(row["multi_separateur"])
    return Field(
        name=row["champ"],
        title=row["titre"],
        required=row["requis"] == "oui",
        kind=row["type"],
        pattern=row["motif"],
        longest=int(row["longueur_max"] or (LONGEST_TEXT if several else usual)),
        many=several,
        values=tuple(filter(None, row["valeurs"].split("|"))),
        example=row["exemple"],
    )


def _day(text: str) -> str:
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d"):
        try:
            # A day stands alone: no hour, hence no time zone.
            return datetime.strptime(text[:10], form).date().isoformat()  # noqa: DTZ007
        except ValueError:
            continue
    raise UnfitError(f"« {_short(text)} » n’est pas une date. Exemple : {date(2026, 3, 31)}.")


def _number(text: str, most: int) -> str:
    typed = text.replace(",", ".").replace("−", "-")
    number = Decimal(typed) if _DECIMAL.fullmatch(typed) else Decimal("NaN")
    if number.is_nan() or abs(number) > most:
        raise UnfitError(
            f"« {_short(text)} » n’est pas un nombre entre −{most} et {most}. Exemple : 43,52609."
        )
    return f"{round(number, 7):f}".rstrip("0").rstrip(".") if number else "0"


def _page(text: str) -> str:
    address = text if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text) else f"https://{text}"
    if not re.fullmatch(r"https?://[^\s/?#|<>\"]+\.[^\s|<>\"]+", address, re.IGNORECASE):
        raise UnfitError(
            f"« {_short(text)} » n’est pas une adresse de page. Exemple : https://www.structure.fr."
        )
    return address


def _email(text: str) -> str:
    if not re.fullmatch(r"[^@\s|<>]+@[^@\s|<>]+\.[^@\s|<>]+", text):
        raise UnfitError(
            f"« {_short(text)} » n’est pas une adresse e-mail. Exemple : contact@structure.fr."
        )
    return text


def _telephone(text: str) -> str:
    dialled = re.sub(r"\(0\)|[\s.\-()/]", "", text)
    dialled = re.sub(r"^00(?=[1-9])", "+", dialled)
    if re.fullmatch(r"0[1-9]\d{8}", dialled):
        prefix = next((one for one, starts in _OVERSEAS.items() if dialled[:4] in starts), "+33")
        return f"{prefix}{dialled[1:]}"
    return dialled


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"


#: Every field by its name, in the order of the schéma.
FIELDS: Mapping[str, Field] = _fields()
REQUIRED = tuple(field for field in FIELDS.values() if field.required)
