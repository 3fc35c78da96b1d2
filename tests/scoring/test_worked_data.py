"""The worked data of scoring.md, through the same road as `recueil score`."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from app.questionnaires.definition import Posed
from app.questionnaires.formulas import Progression
from app.scoring.intervals import cronbach, newcombe, wilson
from app.scoring.readings import Item, exact_mean
from app.scoring.sentences import decimal
from app.scoring.suppression import suppress
from tests.scoring.cases import (
    figure_of,
    paired,
    questionnaire,
    results,
    retrospective,
    rights,
    rights_lines,
    satisfaction,
    scale,
    worked_lines,
)

VECTORS = json.loads(Path(__file__).with_name("vectors.json").read_text("utf-8"))
POINT = 30_240


def case(start: str) -> object:
    (found,) = (value for name, value in VECTORS.items() if name.startswith(start))
    return found


def test_an_item_is_brought_to_0_100() -> None:
    for value, is_reversed, exact, displayed in case("normalisation"):
        item = Item.of(Posed(scale("aut1", reversed=is_reversed)))
        score = Fraction(item.scores[value], POINT)
        assert score == Fraction(exact)
        assert decimal(score).replace(",", ".") == displayed


@pytest.mark.parametrize(
    ("values", "k", "expected"),
    [
        ([3, 2, 1, 2], 4, "200/3"),
        ([3, 1], 4, "200/3"),
        ([3], 4, None),
        ([0, 1], 3, "50/3"),
        ([2], 3, None),
        ([1], 2, None),
        ([2], 1, "200/3"),
        ([], 1, None),
    ],
)
def test_a_score_needs_half_of_the_items(values: list[int], k: int, expected: str | None) -> None:
    score = exact_mean([value * 100 * POINT // 3 for value in values], k)
    assert (score and Fraction(score, POINT)) == (expected and Fraction(expected))


def test_autonomy_is_the_worked_example() -> None:
    found = results(paired(), *worked_lines())
    said = figure_of(found, "autonomie.progression").to_json()
    assert said == {
        "id": "autonomie.progression",
        "method": "A",
        "from": "entree",
        "to": "sortie",
        "n": 11,
        "excluded": 1,
        "unpaired_entry": 0,
        "unpaired_exit": 0,
        "before": float(Fraction(1325, 33)),
        "after": float(Fraction(6550, 99)),
        "delta": float(Fraction(2575, 99)),
        "delta_ci": pytest.approx([11.815860783928454, 40.204341236273564], abs=1e-9),
        "d_z": pytest.approx(1.1363541186935096, abs=1e-12),
        "progress": {
            "k": 8,
            "n": 11,
            "ci": pytest.approx((0.43435469882387084, 0.902539407099751), abs=1e-12),
        },
        "stable": 2,
        "decline": 1,
        "balance": float(Fraction(700, 11)),
        "net": {"k": 6, "n": 11, "ci": pytest.approx((0.28009, 0.78729), abs=1e-5)},
        "ceiling": 1,
        "alpha": None,
        "missing": {"nsp": 0, "nc": 0, "refus": 0, "vide": 5},
        "display": "8 personnes sur 11 ont progressé, 2 sont stables, 1 recule",
        "warnings": ["W_PETIT_N", "W_TAUX"],
    }
    assert list(said)[-2:] == ["display", "warnings"]


def test_contribution_reads_the_attribution_of_the_later_wave() -> None:
    said = figure_of(results(paired(), *worked_lines()), "autonomie.contribution").to_json()
    assert (said["k"], said["n"], said["unanswered"]) == (6, 11, 2)
    assert said["ci"] == pytest.approx((0.280091537409322, 0.7872872837754024), abs=1e-12)
    assert said["strong"]["k"] == 4
    assert said["strong"]["ci"] == pytest.approx((0.15166471095367576, 0.6461988254921511))
    assert said["warnings"] == ["W_PETIT_N", "W_TAUX"]
    assert list(said) == [
        "id", "method", "from", "to", "k", "n", "ci", "strong", "unanswered", "display", "warnings",
    ]  # fmt: skip


def test_tasks_without_help_are_counted_on_common_items() -> None:
    said = figure_of(results(paired(), *worked_lines()), "autonomie.taches_sans_aide").to_json()
    assert (said["n"], said["tasks"]) == (11, 4)
    assert (said["before"], said["after"]) == (float(Fraction(5, 11)), 1.0)
    assert said["display"] == "en moyenne 0,5 tâche sur 4 faite sans aide avant, 1,0 après"


def test_retrospective_gives_the_same_numbers_over_responses() -> None:
    lines = ["aut1,aut2,aut3,aut4,att_autonomie," + ",".join(f"avant:aut{i}" for i in (1, 2, 3, 4))]
    pairs = worked_lines()[1:]
    for before, after in zip(pairs[::2], pairs[1::2], strict=True):
        lines.append(",".join([*after.split(",")[2:], *before.split(",")[2:6]]))
    said = figure_of(results(retrospective(), *lines), "autonomie.progression").to_json()
    assert (said["method"], said["from"], said["to"]) == ("B", "avant", "maintenant")
    assert (said["n"], said["excluded"], said["before"]) == (11, 1, float(Fraction(1325, 33)))
    assert said["display"] == "8 réponses sur 11 sont en progrès, 2 sont stables, 1 est en recul"
    assert said["warnings"] == ["W_PETIT_N", "W_TAUX", "W_RETRO"]
    assert said["missing"]["vide"] == 5


def test_lien_turns_its_reversed_item_over() -> None:
    items = [scale("lie1"), scale("lie2"), scale("lie4", reversed=True)]
    made = questionnaire(
        "A",
        {"entree": items, "sortie": items},
        ("lien.progression", Progression(("lie1", "lie2", "lie4"))),
    )
    lines = ["person,wave,lie1,lie2,lie4"]
    for rank, pair in enumerate(["113 222", "013 121", "221 221", "102 212", "320 330"]):
        before, after = pair.split()
        lines += [f"{rank},entree,{','.join(before)}", f"{rank},sortie,{','.join(after)}"]
    values = figure_of(results(made, *lines), "lien.progression").values
    assert decimal(values["before"]) == "42,2"
    assert decimal(values["after"]) == "64,4"
    assert values["progress"]["k"] == 4


def test_non_recours_counts_the_concerned() -> None:
    found = results(rights(), *rights_lines())
    demarches = figure_of(found, "nonrecours.demarches").to_json()
    assert (demarches["k"], demarches["n"]) == (14, 16)
    assert demarches["aside"] == {"pas_besoin": 3, "nsp": 1}
    evite = figure_of(found, "nonrecours.evite").to_json()
    assert (evite["k"], evite["n"]) == (7, 16)
    assert evite["ci"] == pytest.approx((0.23098652405492354, 0.6682144360118811), abs=1e-12)
    assert evite["aside"] == {"pas_besoin": 3, "nsp": 1}
    assert figure_of(found, "nonrecours.accelere").values["k"] == 3
    motifs = figure_of(found, "nonrecours.motifs").to_json()
    assert motifs["n"] == 13
    assert motifs["counts"] == case("non-recours, 20 rows")["typologie(personnes)"]
    assert motifs["aside"] == {"vide": 3}
    assert found.ignored == 0


def test_satisfaction_is_a_mean_over_responses() -> None:
    lines = ["sat1", *["3"] * 18, *["2"] * 9, *["1"] * 2, "0"]
    found = results(satisfaction(), *lines)
    said = figure_of(found, "satisfaction.globale").to_json()
    assert said["mean"] == float(Fraction(740, 9))
    assert (said["satisfied"]["k"], said["n"]) == (27, 30)
    assert said["satisfied"]["ci"] == pytest.approx((0.7437891742081593, 0.9654001112526658))


def test_wilson_and_its_display() -> None:
    for ratio, (low, high, displayed) in case("Wilson").items():
        k, n = map(int, ratio.split("/"))
        assert wilson(k, n) == pytest.approx((low, high), abs=1e-6)
        ends = [round(100 * end) for end in wilson(k, n)]
        assert displayed == f"{round(100 * k / n)} % [{ends[0]} ; {ends[1]}]"


def test_newcombe_between_two_periods() -> None:
    change = newcombe(14, 25, 24, 32)
    assert (change.value, change.established) == (Fraction(19, 100), False)
    assert change.interval == pytest.approx((-0.05353940872580171, 0.4128120299058792))
    change = newcombe(40, 80, 66, 90)
    assert (change.value, change.established) == (Fraction(7, 30), True)
    assert change.interval == pytest.approx((0.08717894282470884, 0.3672111607128954))


def test_suppression_hides_the_worked_positions() -> None:
    for name, positions in case("one-way").items():
        cells, threshold = name.split(" s")
        assert suppress(json.loads(cells), int(threshold)).hidden == set(positions)


def test_alpha_is_exact() -> None:
    rows = [
        tuple(map(int, row))
        for row in ["223", "112", "333", "212", "011", "233", "111", "323", "222", "122"]
    ]
    items = tuple(map(sum, zip(*rows, strict=True)))
    squares = sum(value**2 for row in rows for value in row)
    totals = sum(sum(row) ** 2 for row in rows)
    assert cronbach(len(rows), items, squares, totals) == Fraction(432, 481)
