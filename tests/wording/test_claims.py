"""Numbers that a rewritten sentence claims, against those that were computed."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.wording.claims import _WORDS, THANKS, unproven

COMPUTED = "7 personnes sur 10 décrivent plus d’autonomie (31 sur 55)."


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("9 personnes sur 10 décrivent plus d’autonomie.", ("9",)),
        ("Neuf personnes sur dix disent faire seules.", ("Neuf",)),
        ("Sept personnes sur dix font plus seules, soit 31 sur 55.", ()),
        ("Elles sont une dizaine à le dire.", ()),
        ("10 personnes sur 7", ("10 sur 7",)),
        ("31 personnes sur dix", ("31 sur dix",)),
        ("70 % des personnes", ("70 %",)),
        ("31 pour cent des personnes", ("31 %",)),
        ("Une personne sur deux", ("Une", "deux")),
        ("En 2026, un atelier et une visite : le 1er pas.", ()),
        ("2026 personnes", ("2026",)),
        ("Après le COVID-19, soixante et onze", ("soixante et onze",)),
        ("10-12 personnes, ou 9/10", ("12", "9")),
        ("Oui,9 personnes", ("9",)),
        ("Grâce au lieu, 7 sur 10", (THANKS,)),
        ("Elles ont moins peur.", ()),
    ],
)
def test_what_the_figures_do_not_say_is_named(text: str, named: tuple[str, ...]) -> None:
    assert unproven(text, COMPUTED) == named


def test_a_percentage_is_no_count_and_an_interval_is_two_percentages() -> None:
    computed = "31 réponses sur 55 (56\u202f%\u202f; entre 43\u202f% et 69\u202f%)"
    assert unproven("56 % (de 43 à 69 %), soit 31 sur 55", computed) == ()
    assert unproven("56 réponses sur 55", computed) == ("56",)


def test_another_computed_sentence_and_what_it_thanks_are_held_too() -> None:
    other = "28 réponses sur 50, grâce à ce lieu"
    assert unproven("Grâce à nous, 28 sur 50", COMPUTED) == ("28", "50", THANKS)
    assert unproven("Grâce à nous, 28 sur 50", COMPUTED, other) == ()


NUMBERS = st.integers(0, 99)


@given(NUMBERS, st.integers(0, 9999), st.integers(0, 9999))
def test_each_changed_number_is_named_in_digits_and_in_letters(said: int, k: int, n: int) -> None:
    assume(said not in (k, n, 1))
    computed = f"{k:,} personnes sur {n:,}".replace(",", "\u202f")
    assert unproven(f"{said} personnes sur {n}", computed)[0] == str(said)
    word = next(word for word, value in _WORDS.items() if value == said)
    assert unproven(f"{word} personnes", computed) == (word,)
    assert unproven(f"{word.replace('-', ' ')} personnes sur {n}", computed)


@given(NUMBERS, NUMBERS)
def test_the_same_numbers_are_never_named_however_they_are_written(k: int, n: int) -> None:
    words = {value: word for word, value in _WORDS.items()}
    computed = f"{k} personnes sur {n} le disent ({k} %)."
    told = f"Le disent {words[k]} personnes sur {words[n]}, soit {k}\u202f%."
    assert unproven(computed, computed) == ()
    assert unproven(told, computed) == ()


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_is_read_and_nothing_of_itself_is_named(text: str, other: str) -> None:
    assert unproven(text, text, other) == ()
    assert all(one == THANKS or one.removesuffix(" %") in text or " sur " in one
               for one in unproven(text, other))  # fmt: skip
