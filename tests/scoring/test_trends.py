"""Rule 14: what may be compared from one period to the next, and how it is said."""

from __future__ import annotations

from dataclasses import replace

from app.questionnaires.definition import Question, Text
from app.questionnaires.formulas import Part
from app.scoring import Figure, Plan, measures, trend
from app.scoring.sentences import spaced
from tests.scoring.cases import choice, figure_of, questionnaire, results

ASKED = choice("dro3", "oui", "non")


def period(yes: int, n: int, question: Question = ASKED) -> Figure:
    made = questionnaire("A", {"sortie": [question]}, ("d", Part("dro3", ("oui",))))
    lines = ["sortie,oui"] * yes + ["sortie,non"] * (n - yes)
    return figure_of(results(made, "wave,dro3", *lines), "d")


def test_a_change_that_may_be_chance_is_not_established() -> None:
    assert trend(period(14, 25), period(24, 32)).display == spaced(
        "évolution non établie (+19 points ; entre −5 et +41)"
    )
    assert trend(period(40, 80), period(66, 90)).display == spaced("+23 points ; entre +9 et +37")
    assert trend(period(14, 25), period(14, 19)).display == ""
    assert trend(period(14, 25), period(0, 0)) is None


def test_round_numbers_of_points_are_plural_too() -> None:
    assert trend(period(40, 100), period(50, 100)).display.endswith(
        spaced("(+10 points ; entre −4 et +23)")
    )
    assert trend(period(30, 30), period(0, 30)).display.startswith("−100 points")
    assert trend(period(99, 100), period(100, 100)).display.startswith(
        "évolution non établie (+1 point\u202f;"
    )


def test_another_wording_breaks_the_series_and_typography_does_not() -> None:
    def key(**change: object) -> str:
        return period(1, 1, replace(ASKED, **change)).measure.key

    words = ASKED.text.fr
    assert key(text=Text("dro3", words.replace(" ?", "\u202f?  "))) == key()
    assert key(text=Text("dro3", "Autre question ?")) != key()
    assert key(hint=Text("dro3.aide", "Par exemple")) != key()
    assert key(options=ASKED.options[::-1]) != key()
    assert key(asides=("nsp",), aside_texts=()) != key()
    other = period(5, 6, replace(ASKED, text=Text("dro3", "Autre question ?")))
    assert trend(period(5, 6), other) is None


def test_what_stands_elsewhere_in_the_questionnaire_does_not_break_the_series() -> None:
    alone = questionnaire("A", {"sortie": [ASKED]}, ("d", Part("dro3", ("oui",))))
    among = questionnaire(
        "A", {"sortie": [choice("x", "a", "b"), ASKED]}, ("d", Part("dro3", ("oui",)))
    )
    keys = [measures(Plan.of_campaign(made))[0].key for made in (alone, among)]
    assert keys[0] == keys[1]
    assert len(keys[0]) == 32
