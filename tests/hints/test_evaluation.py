"""The figures of the hints, beside the same figures worked out another way."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.hints.evaluation import (
    ABSTENTION,
    ACCURACY,
    MACRO_F1,
    NEGATIVE_RECALL,
    THEME_FIGURES,
    THEME_MACRO,
    THEME_MICRO,
    TONE_FIGURES,
    WHEN_SAID,
    Outcome,
    estimates,
    evaluate,
)
from app.hints.labelled import POLARITIES, Example
from app.hints.tone import NEGATIVE, POSITIVE, UNCLEAR

NAMES = TONE_FIGURES + THEME_FIGURES


def outcome(expected: str, said: str, labels: str = "", themes: str = "") -> Outcome:
    return Outcome(expected, said, frozenset(labels.split()), frozenset(themes.split()))


#: Ten texts, small enough to work out by hand.
TEN = [
    outcome("pos", "pos", "lien", "lien"),
    outcome("pos", "pos", "lien droits", "lien"),
    outcome("pos", "neutre", "", "cyber"),
    outcome("pos", "neg", "droits", "droits"),
    outcome("neg", "neg", "coince", "coince"),
    outcome("neg", "neutre", "coince", ""),
    outcome("neg", "neg"),
    outcome("mixte", "mixte", "lien", "droits"),
    outcome("mixte", "pos"),
    outcome("neutre", "neutre"),
]


def test_the_figures_of_ten_texts_are_those_worked_out_by_hand() -> None:
    figures = {name: one.value for name, one in estimates(TEN, NAMES).items()}
    assert figures == pytest.approx(
        {
            ACCURACY: 6 / 10,
            # pos: P 2/3, R 2/4 → 4/7 · neg: P 2/3, R 2/3 → 2/3 · mixte: P 1, R 1/2 → 2/3
            # · neutre: P 1/3, R 1 → 1/2
            MACRO_F1: (4 / 7 + 2 / 3 + 2 / 3 + 1 / 2) / 4,
            NEGATIVE_RECALL: 2 / 3,
            ABSTENTION: 3 / 10,
            WHEN_SAID: 5 / 7,
            # hits: lien 2, droits 1, coince 1 · missed: droits, coince, lien
            # · wrongly said: cyber, droits
            THEME_MICRO: 8 / (8 + 3 + 2),
            # lien 4/5 · droits 2/4 · cyber 0 · coince 2/3
            THEME_MACRO: (4 / 5 + 1 / 2 + 0 + 2 / 3) / 4,
        }
    )


def macro_f1(outcomes: list[Outcome]) -> float:
    """Work out the macro-F1 from precision and recall, class by class."""
    scores = []
    for one in POLARITIES:
        said = [o for o in outcomes if o.said == one]
        there = [o for o in outcomes if o.expected == one]
        if not said and not there:
            continue
        right = sum(o.expected == one for o in said)
        precision = right / len(said) if said else 0
        recall = right / len(there) if there else 0
        scores.append(2 * precision * recall / (precision + recall) if right else 0)
    return sum(scores) / len(scores)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.builds(outcome, st.sampled_from(POLARITIES), st.sampled_from(POLARITIES)),
        min_size=1,
        max_size=12,
    )
)
def test_the_macro_f1_is_that_of_precision_and_recall(outcomes: list[Outcome]) -> None:
    assert estimates(outcomes, [MACRO_F1])[MACRO_F1].value == pytest.approx(macro_f1(outcomes))


def test_an_interval_is_as_wide_as_chance_makes_it_and_the_same_each_time() -> None:
    outcomes = [outcome("pos", "pos")] * 140 + [outcome("pos", "neg")] * 60
    one = estimates(outcomes, [ACCURACY])[ACCURACY]
    assert one == estimates(outcomes, [ACCURACY])[ACCURACY]
    assert one.value == pytest.approx(0.7)
    assert one.low is not None
    assert one.high is not None
    half = 1.96 * sqrt(0.7 * 0.3 / 200)
    assert one.low == pytest.approx(0.7 - half, abs=0.015)
    assert one.high == pytest.approx(0.7 + half, abs=0.015)


def test_what_a_file_has_nothing_to_say_of_has_no_figure() -> None:
    figures = estimates([outcome("pos", "pos")], NAMES)
    assert figures[NEGATIVE_RECALL] == (None, None, None)
    assert figures[THEME_MICRO] == (None, None, None)
    assert figures[ACCURACY] == (1, 1, 1)


def test_an_abstention_counts_as_neutral() -> None:
    examples = [
        Example("a", "neutre", frozenset()),
        Example("b", "pos", frozenset({"lien"})),
        Example("c", "neg", frozenset()),
    ]
    tones = {"a": UNCLEAR, "b": POSITIVE, "c": NEGATIVE}
    measured = evaluate(examples, tones.__getitem__, lambda _: ["lien"])
    assert measured.figures[ACCURACY].value == 1
    assert measured.figures[ABSTENTION].value == pytest.approx(1 / 3)
    assert measured.figures[THEME_MICRO].value == pytest.approx(2 / 4)
    assert measured.count("neutre", "neutre") == measured.count("neutre") == 1
    assert set(evaluate(examples, tones.__getitem__, None).figures) == set(TONE_FIGURES)
