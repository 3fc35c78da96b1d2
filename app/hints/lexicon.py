"""The words of the data files, read once: what leans, what turns it round, what says when."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple

from app.hints.patterns import Patterns

DATA = Path(__file__).parent / "data"
_SIGNS = {"pos": 1, "neg": -1, "none": 0}


class Kind(StrEnum):
    """Say how a word takes its negation."""

    PLAIN = ""
    VERB = "verb"  # « ça marche pas »: the negation also comes after
    NOUN = "nom"  # « plus peur », « plus de stress »: no more, or more


class Entry(NamedTuple):
    """Be what a form of the lexicon leans to, and by how much."""

    weight: int
    kind: Kind = Kind.PLAIN
    is_ironic: bool = False


class Role(StrEnum):
    """Say what a word does to those around it."""

    NEGATION = "negation"
    LESS = "less"
    MORE = "more"
    STRONGER = "stronger"
    WEAKER = "weaker"
    OPPOSITION = "opposition"
    BEFORE = "before"
    NOW = "now"
    NOTHING = "nothing"  # a set phrase whose words do nothing: « avant de », « au moins »


@cache
def entries() -> Patterns[Entry]:
    """Return the words, set phrases and emoji that lean one way."""
    return Patterns(
        (row["form"], _entry(row))
        for name in ("lexicon.csv", "phrases.csv", "emoji.csv")
        for row in rows(name)
    )


@cache
def modifiers() -> Patterns[Role]:
    """Return the words that turn round, strengthen, oppose or date those around them."""
    return Patterns((row["form"], Role(row["role"])) for row in rows("modifiers.csv"))


@cache
def themes() -> Patterns[str]:
    """Return the patterns of each criterion."""
    return Patterns((row["pattern"], row["criterion"]) for row in rows("themes.csv"))


def rows(name: str) -> Iterator[dict[str, str]]:
    """Read a data file, one line at a time."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _entry(row: dict[str, str]) -> Entry:
    if row["polarity"] == "ironie":
        return Entry(-int(row["intensity"]), is_ironic=True)
    return Entry(_SIGNS[row["polarity"]] * int(row["intensity"]), Kind(row["kind"]))
