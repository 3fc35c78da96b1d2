"""Objectives beside results: a verdict only where the interval gives one, always with its base."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from app.bilan.models import BilanObjective
from app.bilan.objectives import confront
from app.documents.section import Confronted
from app.questionnaires import Library
from app.scoring import Plan
from app.scoring.sentences import spaced
from app.wording.told import Told
from tests.wording.crowds import Crowd, measured_over, plans, told_of

AUTONOMY = "autonomie.progression"


@pytest.fixture(scope="module")
def asked(library: Library) -> dict[str, Plan]:
    return {plan.questionnaire.id: plan for plan in plans(library)}


def objective(indicator: str = AUTONOMY, target: int | None = None) -> BilanObjective:
    return BilanObjective(
        bilan_id=uuid4(), rank=1, words="Rendre autonome", indicator=indicator, target=target
    )


def confronted(
    told: list[Told], indicator: str = AUTONOMY, target: int | None = None
) -> Confronted:
    (found,) = confront([objective(indicator, target)], told)
    return found


@pytest.mark.parametrize(
    ("target", "verdict", "end"),
    [
        (60, "atteint", "au moins 60\u202f% étaient visés."),
        (90, "non atteint", "au moins 90\u202f% étaient visés."),
        (75, "non mesurable", "la marge contient l’objectif."),
    ],
)
def test_a_target_is_reached_when_the_whole_interval_is(
    asked: dict[str, Plan], target: int, verdict: str, end: str
) -> None:
    told = told_of(measured_over(asked["progres_retrospectif"], {"up": 43, "same": 9, "down": 6}))
    found = confronted(told, target=target)
    assert found.verdict == verdict
    assert found.reason.startswith(
        "43 réponses sur 58 (74\u202f%\u202f; entre 62\u202f% et 84\u202f%), "
        "d’après «\u202fMes progrès, en une fois\u202f» (méthode B)\u00a0: "
    )
    assert found.reason.endswith(end)
    assert found.trace is not None
    assert found.trace.indicator == AUTONOMY


@pytest.mark.parametrize(
    ("crowd", "verdict", "end"),
    [
        ({"up": 43, "same": 9, "down": 6}, "atteint", "le progrès moyen est établi."),
        ({"up": 6, "same": 9, "down": 43}, "non atteint", "un recul moyen est établi."),
        ({"up": 10, "down": 20}, "non mesurable", "évolution non établie."),
        ({"up": 7}, "non mesurable", "trop peu pour établir une évolution."),
    ],
)
def test_without_a_target_the_mean_difference_decides(
    asked: dict[str, Plan], crowd: Crowd, verdict: str, end: str
) -> None:
    found = confronted(told_of(measured_over(asked["progres_retrospectif"], crowd)))
    assert found.verdict == verdict
    assert found.reason.endswith(end)
    n = sum(crowd.values())
    assert f"sur {n}" in found.reason


def test_fewer_than_20_answers_measure_no_share(asked: dict[str, Plan]) -> None:
    told = told_of(measured_over(asked["progres_retrospectif"], {"up": 12}))
    found = confronted(told, target=50)
    assert found.verdict == "non mesurable"
    assert found.reason == (
        "12 réponses sur 12, d’après «\u202fMes progrès, en une fois\u202f» (méthode B)\u00a0: "
        "trop peu pour dire si 50\u202f% sont atteints."
    )


def test_what_is_not_measured_says_why_and_never_a_hidden_number(asked: dict[str, Plan]) -> None:
    retro = asked["progres_retrospectif"]
    enough, few = (told_of(measured_over(retro, {"up": n})) for n in (25, 3))
    nothing = confronted(enough, "")
    assert nothing.verdict == "non mesuré par questionnaire"
    assert nothing.reason == "Aucune question ne porte sur cet objectif."
    assert confronted(enough, "jamais.vu").reason.startswith("L’indicateur choisi n’existe pas")
    hidden = confronted(few, target=50)
    assert hidden.reason == "Non diffusé (moins de 5 réponses)."
    assert hidden.trace is None
    refused = [replace(one, reason="non diffusé (une soustraction désignerait quelqu’un)")
               for one in enough]  # fmt: skip
    held = confronted(refused, target=50)
    assert held.verdict == "non mesurable"
    assert "25" not in held.reason
    assert held.trace is None
    motives = confronted(enough, "nonrecours.motifs", 50)
    assert "ne se résume pas à une part" in motives.reason
    evite = confronted(enough, "nonrecours.evite")
    assert "choisissez la part" in evite.reason
    assert confronted([], target=50).verdict == "non mesurable"


def test_the_way_that_may_be_told_speaks_before_the_others(asked: dict[str, Plan]) -> None:
    hidden = told_of(measured_over(asked["progres"], {"up": 3}))
    shown = told_of(measured_over(asked["progres_retrospectif"], {"up": 25}))
    for told in (hidden + shown, shown + hidden):
        assert confronted(told, target=60).verdict == "atteint"


def test_two_ways_of_asking_that_disagree_conclude_nothing(asked: dict[str, Plan]) -> None:
    """The figure that suits is not chosen: both are written, with where each comes from."""
    apart = told_of(measured_over(asked["progres"], {"up": 30, "same": 6, "down": 1}))
    once = told_of(measured_over(asked["progres_retrospectif"], {"up": 31, "same": 22, "down": 2}))
    for told in (apart + once, once + apart):
        found = confronted(told, target=50)
        assert found.verdict == "non mesurable"
        assert found.reason == spaced(
            "31 réponses sur 55 (56 % ; entre 43 % et 69 %), d’après « Mes progrès, en une fois » "
            "(méthode B) ; 30 personnes sur 37 (81 % ; entre 66 % et 91 %), d’après "
            "« Mes progrès » (méthode A) : au moins 50 % étaient visés. Selon la "
            "façon de demander, 56 % ou 81 % : on ne peut pas conclure."
        )
        agreed = confronted(told, target=40)
        assert agreed.verdict == "atteint"
        # The figure of the block and of the headlines, not the one that flatters.
        assert agreed.reason.startswith("31 réponses sur 55 (56")
        assert "37" not in agreed.reason
        assert confronted(told).verdict == "atteint"


def test_a_way_with_too_few_answers_contradicts_nothing(asked: dict[str, Plan]) -> None:
    few = told_of(measured_over(asked["progres"], {"up": 2, "down": 10}))
    many = told_of(measured_over(asked["progres_retrospectif"], {"up": 50, "down": 5}))
    assert confronted(few + many, target=60).verdict == "atteint"
