"""What was before, beside what is now."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.hints import contrasts


def pairs(text: str) -> list[tuple[str, str]]:
    return [
        (text[one.before.start : one.before.end], text[one.now.start : one.now.end])
        for one in contrasts(text)
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Avant j'avais peur de cliquer. Maintenant j'ouvre mon espace !",
            [("Avant j'avais peur de cliquer", "Maintenant j'ouvre mon espace")],
        ),
        (
            "Aujourd’hui je me connecte seule, alors qu’avant j’étais perdue.",
            [("alors qu’avant j’étais perdue", "Aujourd’hui je me connecte seule")],
        ),
        (
            "je n'osais pas toucher la souris, j'ose maintenant",
            [("je n'osais pas toucher la souris", "j'ose maintenant")],
        ),
        (
            "Je n'osais pas demander. J'ose venir.",
            [("Je n'osais pas demander", "J'ose venir")],
        ),
        ("Je n'ai plus honte de demander", [("honte", "n'ai plus")]),
        ("J'ai moins de stress", [("stress", "moins")]),
        # these are not two moments
        ("J'ai plus peur", []),
        ("Je viens avant midi, maintenant il pleut", []),
        ("Je viens maintenant", []),
        ("Avant j'habitais Tours.", []),
        ("Je voudrais venir. Merci.", []),
        ("", []),
    ],
)
def test_two_moments_are_found_in_the_words_of_the_person(
    text: str, found: list[tuple[str, str]]
) -> None:
    assert pairs(text) == found


WORDS = "avant|maintenant|je|j'avais|n'ai|plus|peur|osais|pas|ose|mais|.|,|moins|merci|stress"


@settings(deadline=None)
@given(
    st.text(max_size=200) | st.lists(st.sampled_from(WORDS.split("|")), max_size=40).map(" ".join)
)
def test_contrasts_lie_inside_the_text_and_apart(text: str) -> None:
    found = sorted(span for one in contrasts(text) for span in one)
    ends = 0
    for start, end in found:
        assert ends <= start < end <= len(text)
        ends = end


def test_a_masked_word_is_never_cut_in_two() -> None:
    text = "Avant je demandais à ma voisine [nom]. Maintenant je sais faire [adresse] seule."
    shown = [text[one.start : one.end] for pair in contrasts(text) for one in pair]
    assert shown
    assert all("[" not in one or "]" in one for one in shown), shown
