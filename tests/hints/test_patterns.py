"""Patterns as the data files write them: endings, gaps, the longest first."""

from __future__ import annotations

import pytest

from app.hints.patterns import Patterns
from app.hints.spans import words


def found(pattern: str, text: str) -> list[str]:
    read, known = words(text), Patterns([(pattern, True)])
    return [
        text[read[match.first].start : read[match.last].end]
        for at in range(len(read))
        for match in known.at(read, at)
    ]


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("content", "Contente, CONTENTS, contentement", ["Contente", "CONTENTS"]),
        ("content*", "Contente, contentement", ["Contente", "contentement"]),
        ("l'ordinateur", "L’ordinateur", ["L’ordinateur"]),
        ("petits enfants", "mes petits-enfants", ["petits-enfants"]),
        ("très bien", "tres bien", ["tres bien"]),
        ("imprimante … panne", "imprimante est en panne", ["imprimante est en panne"]),
        ("imprimante … panne", "imprimante panne", ["imprimante panne"]),
        ("imprimante … panne", "imprimante a b c d panne", []),
        ("imprimante … panne", "imprimante. En panne", []),
        ("très bien", "très. Bien", []),
        ("plu", "plus", ["plus"]),
        ("un", "une uns", []),
        ("👍", "oui👍", ["👍"]),
        (":)", "merci :)", [":)"]),
    ],
)
def test_a_pattern_matches_what_people_write(pattern: str, text: str, matches: list[str]) -> None:
    assert found(pattern, text) == matches


def test_the_longest_pattern_wins() -> None:
    known = Patterns([("pas", 1), ("pas mal", 2)])
    match = known.longest(words("pas mal"), 0)
    assert match is not None
    assert (match.last, match.value) == (1, 2)
    assert known.longest(words("bien"), 0) is None
