"""One rule that a person understands."""

from __future__ import annotations

import pytest

from app.organisations.passwords import hash_password, is_password, weakness


@pytest.mark.parametrize(
    "password",
    ["moulin cerise tabouret", "correcthorsebatterystaple", "Zx9!qT4@pL7&", "мама мыла раму 1974"],
)
def test_twelve_signs_that_nobody_guesses_are_enough(password: str) -> None:
    assert weakness(password, "nolwenn@lefil.example", "Nolwenn Le Guen") == ""


@pytest.mark.parametrize(
    "password",
    [
        "court",
        "aaaaaaaaaaaaaaaa",
        "ababababababab",
        "123456789012",
        "azertyuiop123",
        "motdepassemotdepasse",
        "Bonjour12345",
        "nolwenn@lefil.example",
        "NolwennLeGuen1",
        "x" * 201,
    ],
)
def test_what_comes_first_to_mind_is_refused_with_a_reason(password: str) -> None:
    assert weakness(password, "nolwenn@lefil.example", "Nolwenn Le Guen").endswith((".", "!"))


def test_an_accent_typed_in_two_ways_is_one_password() -> None:
    assert is_password(hash_password("élan café violon"), "e\u0301lan cafe\u0301 violon")


def test_without_a_hash_no_password_is_right() -> None:
    assert not is_password("", "personne")
