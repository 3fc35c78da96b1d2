"""The annex: exact questions, result with its interval, n, and each warning explained once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.documents.section import AnnexRow
from app.questionnaires import Library
from app.questionnaires.definition import Questionnaire
from app.scoring import IN_SHORT, WARNINGS, Plan
from app.wording.annex import annex_of
from tests.wording.crowds import Crowd, measured_over, plans, told_of

MIXED: Crowd = {"up": 43, "same": 9, "down": 6}


@pytest.fixture(scope="module")
def asked(library: Library) -> dict[str, Plan]:
    return {plan.questionnaire.id: plan for plan in plans(library)}


def row(plan: Plan, crowd: Crowd, indicator: str) -> AnnexRow:
    found = measured_over(plan, crowd)
    one = next(one for one in found if one.figure.measure.indicator.id == indicator)
    return annex_of(told_of([one]), ()).rows[0]


def test_a_progression_gives_its_interval_its_counts_and_its_difference(
    asked: dict[str, Plan],
) -> None:
    found = row(asked["progres_retrospectif"], MIXED, "autonomie.progression")
    assert found.title == "Autonomie dans les démarches"
    assert found.result.startswith(
        "43 sur 58 en progrès, soit 74\u202f% [62\u202f; 84]\u202f; 9 stables, 6 en recul\u202f; "
        "écart +"
    )
    assert "taille d’effet" in found.result
    assert (found.n, found.method) == ("58", "B")
    assert found.formula == "Réponses où la moyenne des 2 questions monte d’un moment à l’autre"
    assert IN_SHORT["W_RETRO"] in found.cautions


def test_a_movement_that_is_not_established_says_so(asked: dict[str, Plan]) -> None:
    found = row(asked["progres_retrospectif"], {"up": 10, "down": 20}, "lien.progression")
    assert "évolution non établie" in found.result


def test_every_question_stands_in_its_exact_words(asked: dict[str, Plan]) -> None:
    found = row(asked["progres_retrospectif"], MIXED, "autonomie.progression")
    assert found.questions.split(" · ") == [
        "Remplir une demande sur internet\u00a0: vous savez faire\u202f?",
        "Aller sur le bon site pour une démarche\u00a0: vous savez faire\u202f?",
        "Avant de venir ici\u00a0: saviez-vous remplir une demande sur internet\u202f?",
        "Avant de venir ici\u00a0: saviez-vous aller sur le bon site pour une démarche\u202f?",
    ]


def test_a_share_names_the_answers_that_count(asked: dict[str, Plan]) -> None:
    found = row(asked["progres_retrospectif"], MIXED, "nonrecours.evite")
    assert found.formula == (
        "«\u202fOui\u202f» puis «\u202fNon\u202f», parmi «\u202fOui\u202f» ou «\u202fNon\u202f» "
        "à la première question"
    )
    assert found.result == "43 sur 58, soit 74\u202f% [62\u202f; 84]"


def test_what_is_hidden_has_no_number_whatever_hides_it(asked: dict[str, Plan]) -> None:
    few = row(asked["satisfaction"], {"up": 4}, "satisfaction.globale")
    assert (few.n, few.result) == ("<\u202f5", "non diffusé (moins de 5 réponses)")
    found = told_of(measured_over(asked["satisfaction"], {"up": 37}))
    refused = [replace(one, reason="non diffusé (une soustraction désignerait moins de 5 "
                                   "personnes)") for one in found]  # fmt: skip
    annex = annex_of(refused, ())
    assert {one.n for one in annex.rows} == {"–"}
    assert not any("37" in f"{one.result}{one.cautions}" for one in annex.rows)
    assert annex.warnings == annex.methods == ()


def test_each_warning_is_explained_once_and_each_method_named(asked: dict[str, Plan]) -> None:
    told = [one for plan in asked.values() for one in told_of(measured_over(plan, MIXED))]
    annex = annex_of(told, ("« Mes progrès »",))
    raised = {code for one in told for code in one.figure.warnings if not one.reason}
    assert [words for words, _ in annex.warnings] == [
        IN_SHORT[code] for code in WARNINGS if code in raised
    ]
    assert [name for name, _ in annex.methods] == [
        "A, apparié", "B, rétrospectif", "C, après seulement",
    ]  # fmt: skip
    assert annex.references == ("« Mes progrès »",)
    # Nothing is lost: every figure stands alone for the spreadsheet.
    alone = sorted((one.title, one.method, one.result) for one in annex.figures)
    every = (annex_of([one], ()).rows[0] for one in told)
    assert alone == sorted((one.title, one.method, one.result) for one in every)
    assert len(annex.rows) < len(told) / 2


def test_what_details_a_progression_stands_in_its_row(asked: dict[str, Plan]) -> None:
    told = told_of(measured_over(asked["progres"], MIXED))
    rows = {one.title: one for one in annex_of(told, ()).rows}
    found = rows["Autonomie dans les démarches (Au début → À la fin)"]
    assert found.result.startswith("43 sur 58 en progrès, soit 74")
    assert ". Démarches faites sans aide\u00a0: " in found.result
    assert ". Contribution du lieu à l’autonomie\u00a0: " in found.result
    assert ". Au début → Des nouvelles\u00a0: " in found.result
    assert not any(title.startswith("Contribution") for title in rows)
    questions = found.questions.split(" · ")
    assert len(questions) == len(set(questions))
    refused = rows["Demandes qui n’auraient pas été faites (déclaré) (À la fin)"]
    assert ". Nouvelles demandes d’aide\u00a0: " in refused.result


def test_rows_that_support_a_sentence_come_first_and_small_ones_together(
    asked: dict[str, Plan],
) -> None:
    many = told_of(measured_over(asked["progres_retrospectif"], MIXED))
    few = told_of(measured_over(asked["satisfaction"], {"up": 7, "down": 5}))
    known = next(one for one in few if one.indicator == "satisfaction.globale").measured.key
    rows = annex_of([*many, *few], (), {known}).rows
    assert rows[0].title == "Satisfaction"
    last = rows[-1]
    assert last.title == "Autres chiffres, moins de 20 réponses"
    assert "Aide reçue\u00a0: 7 sur 12" in last.result
    assert last.n == "12"
    assert len(last.figures) > 1
    assert all(int(one.n) < 20 for one in last.figures)


def test_no_questionnaire_is_told_as_if_it_caused_what_it_measures(library: Library) -> None:
    """« Grâce à » stands only where the question itself says so."""
    for made in library.questionnaires.values():
        for indicator in made.indicators.values():
            if "grâce à" in indicator.says:
                assert "Grâce à" in words_of_questions(made, indicator.id)


def words_of_questions(made: Questionnaire, indicator: str) -> str:
    plan = Plan.of_campaign(made, "longue", tuple(module.id for module in made.modules))
    found = measured_over(plan, {"up": 5})
    return " ".join(
        item.posed.text.fr
        for one in found
        if one.figure.measure.indicator.id == indicator
        for item in one.figure.measure.asked
    )
