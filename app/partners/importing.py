"""A list of partners pasted from a spreadsheet or a letter: read as far as it can be."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.partners.forms import LONGEST_CONTACT, LONGEST_EMAIL, LONGEST_NAME
from app.partners.types import OTHER, recognised

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

#: A spreadsheet pastes tabs; people type semicolons.
_BETWEEN = re.compile(r"\s*[;\t]\s*")
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
_HEADINGS = frozenset({"nom", "nom du partenaire", "partenaire", "structure"})
#: Lines of one list.
MOST = 200


@dataclass(frozen=True, slots=True)
class Line:
    """Be one line, as it was pasted and as it is understood."""

    typed: str
    name: str
    kind: str
    contact_name: str
    email: str
    #: The type was not written, or not understood.
    is_kind_unknown: bool


@dataclass(slots=True)
class Reading:
    """Be what a list says."""

    found: list[Line] = field(default_factory=list)
    #: Names that are in the list of the structure, or twice in this one.
    known: list[str] = field(default_factory=list)
    #: Lines left aside, each with what to mend.
    refused: list[tuple[str, str]] = field(default_factory=list)


def read_list(pasted: str, names: Mapping[str, str], known: Collection[str]) -> Reading:
    """Read « nom ; type ; contact ; courriel », in whatever order after the name."""
    reading, seen = Reading(), {name.casefold() for name in known}
    for typed in pasted.splitlines():
        parts = [part.strip() for part in _BETWEEN.split(typed.strip())]
        if not any(parts) or parts[0].casefold() in _HEADINGS:
            continue
        line = _line(typed.strip(), parts, names)
        reason = _problem(line) or (_TOO_MANY if len(reading.found) >= MOST else "")
        if reason:
            reading.refused.append((line.typed, reason))
        elif line.name.casefold() in seen:
            reading.known.append(line.name)
        else:
            seen.add(line.name.casefold())
            reading.found.append(line)
    return reading


_TOO_MANY = f"{MOST} partenaires au plus à la fois : collez la suite ensuite."


def _line(typed: str, parts: list[str], names: Mapping[str, str]) -> Line:
    name, others = parts[0], [part for part in parts[1:] if part]
    email = next((found[0] for part in others if (found := _EMAIL.search(part))), "")
    others = [part for part in others if not _EMAIL.search(part)]
    kind = next((code for part in others[:1] if (code := recognised(part, names))), None)
    contact = others[1:] if kind or len(others) > 1 else others
    return Line(
        typed,
        name,
        kind or recognised(name, names) or OTHER,
        contact[0] if contact else "",
        email,
        is_kind_unknown=kind is None,
    )


def _problem(line: Line) -> str:
    if not line.name:
        return "Il manque le nom, au début de la ligne."
    if len(line.name) > LONGEST_NAME:
        return f"Le nom est trop long : {LONGEST_NAME} caractères au plus."
    if len(line.contact_name) > LONGEST_CONTACT:
        return f"Le nom de la personne est trop long : {LONGEST_CONTACT} caractères au plus."
    if len(line.email) > LONGEST_EMAIL:
        return "L’adresse e-mail est trop longue."
    return ""
