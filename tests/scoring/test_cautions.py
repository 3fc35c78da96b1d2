"""Each warning, at its threshold and just below it."""

from __future__ import annotations

import pytest

from app.questionnaires.formulas import Part, Progression
from app.scoring import METHODS, WARNINGS, figure, measures
from app.scoring.cautions import CHECKS
from app.scoring.results import score_table
from tests.scoring.cases import (
    AUTONOMY,
    HEADER,
    choice,
    figure_of,
    paired,
    questionnaire,
    results,
    rows,
    scale,
)

PROGRESSION = "autonomie.progression"


def warned(*lines: str, accompanied: int | None = None) -> tuple[str, ...]:
    found = results(paired(), HEADER, *lines, accompanied=accompanied)
    return figure_of(found, PROGRESSION, "entree>sortie").warnings


def pairs(count: int, before: str = "1,1,1,1", after: str = "2,2,2,2", start: int = 0) -> list[str]:
    return [
        line
        for rank in range(start, start + count)
        for line in (f"{rank},entree,{before},", f"{rank},sortie,{after},beaucoup")
    ]


def test_every_warning_has_its_sentence_in_the_order_of_the_rules() -> None:
    assert list(WARNINGS) == list(CHECKS)
    assert all(text.endswith(".") for advice in WARNINGS.values() for text in advice)
    assert set(METHODS) == {"A", "B", "C"}


@pytest.mark.parametrize(("n", "warns"), [(0, True), (19, True), (20, False)])
def test_small_n(n: int, warns: bool) -> None:
    assert ("W_PETIT_N" in warned(*pairs(n))) == warns


@pytest.mark.parametrize(
    ("accompanied", "warns"), [(None, True), (66, False), (67, True), (20, False), (19, True)]
)
def test_the_rate_is_unknown_or_below_thirty_percent(accompanied: int | None, warns: bool) -> None:
    assert ("W_TAUX" in warned(*pairs(20), accompanied=accompanied)) == warns


@pytest.mark.parametrize(("top", "warns"), [(4, False), (5, True)])
def test_the_ceiling_holds_a_quarter(top: int, warns: bool) -> None:
    lines = pairs(top, "3,3,3,3", "3,3,3,3") + pairs(20 - top, start=top)
    assert ("W_PLAFOND" in warned(*lines)) == warns


@pytest.mark.parametrize(("alone", "warns"), [(0, False), (13, False), (14, True)])
def test_fewer_than_sixty_percent_came_back(alone: int, warns: bool) -> None:
    lines = pairs(20) + [f"seul{rank},entree,1,1,1,1," for rank in range(alone)]
    assert ("W_ATTRITION" in warned(*lines)) == warns


@pytest.mark.parametrize(("start", "warns"), [("1,1,1,2", False), ("1,1,2,2", True)])
def test_those_who_left_started_elsewhere(start: str, warns: bool) -> None:
    assert ("W_ATTRITION" in warned(*pairs(20), f"seul,entree,{start},")) == warns


@pytest.mark.parametrize(("gaps", "warns"), [(3, False), (4, True)])
def test_a_question_left_out_by_a_fifth_in_one_wave(gaps: int, warns: bool) -> None:
    lines = pairs(gaps, "1,1,1,nsp") + pairs(20 - gaps, start=gaps)
    assert ("W_NSP" in warned(*lines)) == warns


def test_gaps_of_different_questions_or_waves_are_not_added() -> None:
    lines = pairs(3, "1,1,1,nsp", "2,2,2,refus") + pairs(3, "1,1,,1", start=3) + pairs(14, start=6)
    assert "W_NSP" not in warned(*lines)


def test_an_attribution_left_out_warns_of_the_contribution_only() -> None:
    lines = [line.replace("beaucoup", "nsp") for line in pairs(20)]
    found = results(paired(), HEADER, *lines)
    assert "W_NSP" in figure_of(found, "autonomie.contribution").warnings
    assert "W_NSP" not in figure_of(found, PROGRESSION).warnings


@pytest.mark.parametrize(("helped", "warns"), [(7, False), (8, True)])
def test_forty_percent_answered_with_the_team(helped: int, warns: bool) -> None:
    header = "mode," + HEADER
    modes = ["mediateur"] * helped + ["seul"] * (20 - helped)
    lines = [
        f"{mode if 'sortie' in line else 'seul'},{line}"
        for mode, pair in zip(modes, zip(*[iter(pairs(20))] * 2, strict=True), strict=True)
        for line in pair
    ]
    found = results(paired(), header, *lines)
    assert ("W_MEDIATEUR" in figure_of(found, PROGRESSION).warnings) == warns


def test_an_unreviewed_language_warns() -> None:
    table = rows(paired(), "langue," + HEADER, *(f"ar,{line}" for line in pairs(1)))
    assert "W_LANGUE" in score_table(table, unreviewed={"ar"}).figures[0].warnings
    assert "W_LANGUE" not in score_table(table).figures[0].warnings


def test_several_versions_warn() -> None:
    measure = measures(rows(paired(), HEADER, *pairs(1)).plan)[0]
    assert "W_VERSION" in figure(measure, {}, versions=2).warnings
    assert "W_VERSION" not in figure(measure, {}).warnings


def loose(count: int) -> list[str]:
    """Return rows whose items do not go together."""
    ends = ["0,3,0", "3,0,3", "0,0,3", "3,3,0", "1,2,1", "2,1,2"]
    return [
        line
        for rank in range(count)
        for line in (f"{rank},entree,1,1,1", f"{rank},sortie,{ends[rank % 6]}")
    ]


def test_alpha_waits_for_thirty_complete_rows_and_warns_below_six_tenths() -> None:
    items = [scale(f"con{rank}") for rank in (1, 2, 3)]
    made = questionnaire(
        "A", {"entree": items, "sortie": items}, ("i", Progression(("con1", "con2", "con3")))
    )
    header = "person,wave,con1,con2,con3"
    assert figure_of(results(made, header, *loose(29)), "i").values["alpha"] is None
    weak = figure_of(results(made, header, *loose(30)), "i")
    assert weak.values["alpha"] < 0.6
    assert weak.warnings[-1] == "W_ALPHA"
    steps = [
        line
        for rank in range(30)
        for line in (f"{rank},entree,1,1,1", f"{rank},sortie" + f",{rank % 4}" * 3)
    ]
    strong = figure_of(results(made, header, *steps), "i")
    assert strong.values["alpha"] == 1
    assert "W_ALPHA" not in strong.warnings
    same = [
        line.split(",sortie")[0] + ",sortie,1,1,1" if "sortie" in line else line for line in steps
    ]
    assert figure_of(results(made, header, *same), "i").values["alpha"] is None


def test_a_share_is_warned_about_its_own_wave() -> None:
    made = questionnaire(
        "A", {"sortie": [*AUTONOMY, choice("dro3", "oui", "non")]}, ("d", Part("dro3", ("oui",)))
    )
    found = results(made, "wave,dro3", *["sortie,oui"] * 16, *["sortie,"] * 4, accompanied=50)
    assert figure_of(found, "d").warnings == ("W_PETIT_N", "W_NSP")
    assert figure_of(found, "d").margin is not None
