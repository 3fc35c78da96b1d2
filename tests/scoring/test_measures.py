"""What a plan measures, how it is explained, and the limits of exact scores."""

from __future__ import annotations

import pytest

from app.questionnaires.definition import Screen
from app.questionnaires.formulas import Part, Progression
from app.scoring import RESPONSES, Plan, measures, score_pair, score_response
from app.scoring.sentences import spaced
from tests.scoring.cases import (
    AUTONOMY,
    choice,
    figure_of,
    paired,
    questionnaire,
    results,
    retrospective,
    rights,
    satisfaction,
    scale,
    several,
)


def test_the_form_decides_which_items_are_posed() -> None:
    made = paired()
    for wave in made.waves:
        for screen in wave.screens[2:4]:
            object.__setattr__(screen, "long_only", True)
    short, long = (measures(Plan.of_campaign(made, form))[0] for form in ("courte", "longue"))
    assert [item.id for item in short.items] == ["aut1", "aut2"]
    assert [item.id for item in long.items] == ["aut1", "aut2", "aut3", "aut4"]
    assert short.key != long.key


def test_a_longer_formula_does_not_break_a_short_form() -> None:
    def key(*items: str) -> str:
        made = questionnaire(
            "A", {"entree": AUTONOMY[:2], "sortie": AUTONOMY[:2]}, ("i", Progression(items))
        )
        return measures(Plan.of_campaign(made))[0].key

    assert key("aut1", "aut2") == key("aut2", "aut1", "aut9")


def test_equal_plans_share_their_measures() -> None:
    made = paired()
    assert measures(Plan.of_campaign(made)) is measures(Plan.of_campaign(made, "longue"))


def test_a_response_counts_itself_and_says_who_chose() -> None:
    plan = Plan.of_campaign(paired())
    itself, *scored = score_response(plan, "sortie", {"aut1": 3}, mode="mediateur", unreviewed=True)
    assert itself == (RESPONSES, RESPONSES, None, {"responses": 1, "mode.mediateur": 1})
    progression = scored[0]
    assert progression.value is None
    assert progression.tally == {
        "to": 1,
        "to.aut2.vide": 1,
        "to.aut3.vide": 1,
        "to.aut4.vide": 1,
        "to.mediateur": 1,
        "to.non_relue": 1,
    }


def test_a_pair_is_scored_exactly_on_its_common_items() -> None:
    plan = Plan.of_campaign(paired())
    before = {"aut1": 1, "aut2": 0, "aut4": 1}
    after = {"aut1": 2, "aut2": 2, "aut3": 2, "aut4": 2, "att_autonomie": "beaucoup"}
    progression, tasks, contribution = score_pair(plan, "entree", "sortie", before, after)
    assert progression[:5] == (
        progression.measure_key,
        "autonomie.progression",
        3,
        672_000,  # 200/9 points
        2_016_000,  # 200/3 points
    )
    assert progression.tally["delta2"] == (2_016_000 - 672_000) ** 2
    assert (tasks.k, tasks.before, tasks.after) == (3, 0, 0)
    assert contribution.tally["attributed"] == contribution.tally["strong"] == 1
    assert all(type(count) is int for count in contribution.tally.values())


def test_too_few_common_items_exclude_the_pair() -> None:
    plan = Plan.of_campaign(paired())
    progression = score_pair(plan, "entree", "sortie", {"aut1": 1}, {"aut1": 2, "aut2": 2})[0]
    assert (progression.k, progression.before, progression.after) == (1, None, None)
    assert progression.tally == {"pairs": 1}


def test_scores_that_cannot_be_exact_are_refused() -> None:
    many = [scale(f"x{rank}") for rank in range(11)]
    wide = [scale("x0", 8)]
    for items in (many, wide):
        made = questionnaire(
            "A",
            {"entree": items, "sortie": items},
            ("i", Progression(tuple(item.id for item in items))),
        )
        with pytest.raises(ValueError, match="score exact"):
            measures(Plan.of_campaign(made))


def test_a_question_without_a_score_measures_no_progress() -> None:
    items = [choice("c1", "oui", "non")]
    made = questionnaire("A", {"entree": items, "sortie": items}, ("i", Progression(("c1",))))
    assert measures(Plan.of_campaign(made)) == ()


def test_method_c_has_no_before() -> None:
    made = questionnaire("C", {"unique": AUTONOMY}, ("i", Progression(("aut1", "aut2"))))
    assert measures(Plan.of_campaign(made)) == ()


@pytest.mark.parametrize(
    "made", [paired(), retrospective(), rights(), satisfaction(), several()], ids=lambda m: m.method
)
def test_every_measure_explains_itself_in_whole_sentences(made: object) -> None:
    for measure in measures(Plan.of_campaign(made)):
        said = measure.explanation()
        assert said[0].isupper()
        assert said.endswith(".")
        assert "grâce à" not in said
        if measure.from_wave:
            assert "question" in said
            assert ("apparié" if measure.method == "A" else "rétrospecti") in said


def followed(received: int, refused: int, waiting: int, unknown: int) -> object:
    asked = choice("dro7", "recu", "attente", "refuse", "pas_demande")
    made = questionnaire(
        "A",
        {"suivi": [asked]},
        ("ouverts", Part("dro7", ("recu",), ("recu", "refuse"), ("attente",))),
    )
    rows = ["recu"] * received + ["refuse"] * refused + ["attente"] * waiting + ["nsp"] * unknown
    rows += ["pas_demande"] * 9
    return figure_of(results(made, "wave,dro7", *(f"suivi,{row}" for row in rows)), "ouverts")


def test_outcomes_not_known_yet_are_printed_beside_and_keep_percentages_away() -> None:
    some = followed(15, 5, 3, 2)
    assert some.display == spaced(
        "75 % (15 sur 20) ; entre 53 % et 89 % ; "
        "à part, « Réponse attente » : 3, « Je ne sais pas » : 2"
    )
    many = followed(15, 5, 3, 3)
    assert many.display.startswith(spaced("15 personnes sur 20 ; à part, "))
    assert not many.visibility.percentages
    assert many.to_json()["aside"] == {"attente": 3, "nsp": 3, "pas_demande": 9}


def test_the_follow_up_of_the_worked_data() -> None:
    values = followed(6, 2, 3, 3).values
    assert (values["k"], values["n"]) == (6, 8)
    assert values["ci"] == pytest.approx((0.40927543031016883, 0.9285207872837754), abs=1e-3)


def test_screens_keep_their_order_in_a_measure() -> None:
    made = questionnaire(
        "A",
        {"entree": AUTONOMY[::-1], "sortie": AUTONOMY[::-1]},
        ("i", Progression(("aut1", "aut2"))),
    )
    assert isinstance(made.waves[0].screens[0], Screen)
    assert [item.id for item in measures(Plan.of_campaign(made))[0].items] == ["aut2", "aut1"]
