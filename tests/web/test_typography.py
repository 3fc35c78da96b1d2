"""French formats, sign by sign: the spaces are the point."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from flask import Flask, render_template_string

from app.web import typography

NARROW, NO_BREAK = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (0, 0, "0"),
        (1234567, 0, f"1{NARROW}234{NARROW}567"),
        (12345.5, 1, f"12{NARROW}345,5"),
        (Fraction(5, 2), 0, "3"),
        (Fraction(1, 3), 2, "0,33"),
        (-1.25, 1, "−1,3"),
        (-0.04, 1, "0,0"),
    ],
)
def test_numbers_are_rounded_half_up_and_written_in_french(
    value: float | Fraction, decimals: int, written: str
) -> None:
    assert typography.number(value, decimals) == written


def test_the_first_of_a_month_is_premier() -> None:
    assert typography.long_date(date(2026, 3, 1)) == f"1er{NO_BREAK}mars 2026"
    assert typography.long_date(date(2026, 8, 21)) == f"21{NO_BREAK}août 2026"


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        (date(2026, 3, 1), date(2026, 3, 31), "mars 2026"),
        (date(2026, 4, 1), date(2026, 6, 30), "d’avril à juin 2026"),
        (date(2025, 12, 1), date(2026, 2, 28), "de décembre 2025 à février 2026"),
    ],
)
def test_a_period_is_named_by_its_months(first: date, last: date, written: str) -> None:
    assert typography.months(first, last) == written


def test_zero_and_one_are_singular() -> None:
    assert [typography.plural(count, "réponse") for count in (0, 1, 2)] == [
        f"0{NO_BREAK}réponse",
        f"1{NO_BREAK}réponse",
        f"2{NO_BREAK}réponses",
    ]
    assert typography.plural(3, "lieu", "lieux").endswith("lieux")


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Le Fil numérique", "du Fil numérique"),
        ("Les Tilleuls", "des Tilleuls"),
        ("La Source", "de la Source"),
        ("L’Escale", "de l’Escale"),
        ("Emmaüs", "d’Emmaüs"),
        ("Maison des Tilleuls", "de Maison des Tilleuls"),
        ("", "de "),
    ],
)
def test_de_agrees_with_the_name_that_follows(name: str, written: str) -> None:
    assert typography.of(name) == written


def test_our_own_words_get_the_spaces_that_do_not_break() -> None:
    assert typography.typographic("L'aide : « oui » ? 5 %") == (
        f"L’aide{NO_BREAK}: «{NARROW}oui{NARROW}»{NARROW}? 5{NARROW}%"
    )
    assert typography.typographic("à 12:30, http://a.fr") == "à 12:30, http://a.fr"


def test_listing_ends_with_et() -> None:
    assert typography.listing(["a", "b", "c"]) == "a, b et c"
    assert typography.listing(["a"]) == "a"
    assert typography.listing([]) == ""


def test_templates_get_french_spaces_but_styles_and_typed_words_stay_whole(app: Flask) -> None:
    template = "<style>a :hover{color:red !important}</style><p>Prêt ?</p>{{ typed }} : « ok »"
    with app.test_request_context():
        page = render_template_string(template, typed="vraiment ?")
    assert "a :hover{color:red !important}" in page
    assert f"Prêt{NARROW}?" in page
    assert f"vraiment ?{NO_BREAK}: «{NARROW}ok{NARROW}»" in page
