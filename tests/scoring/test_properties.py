"""What must hold for any answers: order, mirrors, gaps, grouping."""

from __future__ import annotations

import random
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from app.questionnaires.definition import Clause
from app.questionnaires.formulas import Progression
from app.questionnaires.kinds import FULL_SCORE
from app.scoring import Tally, add, figure, measures, score_pair, score_response
from app.scoring.readings import min_items
from tests.scoring.cases import HEADER, figure_of, paired, questionnaire, results, rows, scale

ITEMS = ("aut1", "aut2", "aut3", "aut4")
answer = st.sampled_from(["0", "1", "2", "3", "nsp", "refus", "nc", ""])
passing = st.lists(answer, min_size=4, max_size=4).map(",".join)
attribution = st.sampled_from(["beaucoup", "un_peu", "non", "pas_change", "nsp", ""])
person = st.tuples(st.none() | passing, st.none() | passing, attribution)
crowd = st.lists(person, max_size=14)


def lines_of(people: list[tuple[str | None, str | None, str]]) -> list[list[str]]:
    """Return the rows of each person."""
    return [
        [f"{rank},entree,{before},"] * (before is not None)
        + [f"{rank},sortie,{after},{helped}"] * (after is not None)
        for rank, (before, after, helped) in enumerate(people)
    ]


@settings(max_examples=60, deadline=None)
@given(crowd, st.integers())
def test_the_order_of_people_changes_nothing(people: list, seed: int) -> None:
    lines = [line for person in lines_of(people) for line in person]
    shuffled = random.Random(seed).sample(lines, len(lines))
    found, again = results(paired(), HEADER, *lines), results(paired(), HEADER, *shuffled)
    assert found.to_json() == again.to_json()


@settings(max_examples=60, deadline=None)
@given(crowd.filter(len), st.data())
def test_figures_of_groups_add_up_to_the_figure_of_all(people: list, data: st.DataObject) -> None:
    made = paired()
    lines = [line for person in lines_of(people) for line in person]
    whole, plan = results(made, HEADER, *lines), rows(made, HEADER, *lines).plan
    tallies: list[tuple[int, str, Tally]] = []
    for before, after, helped in people:
        given_before, given_after = stored(before, ""), stored(after, helped)
        scored = []
        if before is not None:
            scored += score_response(plan, "entree", given_before)
        if after is not None:
            scored += score_response(plan, "sortie", given_after)
        if before is not None and after is not None:
            scored += score_pair(plan, "entree", "sortie", given_before, given_after)
        tallies += [(data.draw(st.integers(0, 3)), one.measure_key, one.tally) for one in scored]
    groups: dict[int, dict[str, Tally]] = {}
    for group, measure, tally in tallies:
        add(groups.setdefault(group, {}).setdefault(measure, {}), tally)
    totals: dict[str, Tally] = {}
    for group in groups.values():
        for measure, tally in group.items():
            add(totals.setdefault(measure, {}), tally)
    again = [figure(one, totals.get(one.key, {})).to_json() for one in measures(plan)]
    assert again == whole.to_json()["indicators"]


def stored(passing: str | None, helped: str) -> dict[str, int | str]:
    if passing is None:
        return {}
    given = {
        item: int(cell) if cell.isdigit() else cell
        for item, cell in zip(ITEMS, passing.split(","), strict=True)
        if cell
    }
    return {**given, **({"att_autonomie": helped} if helped else {})}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(passing, passing), max_size=12))
def test_a_reversed_indicator_mirrors(people: list[tuple[str, str]]) -> None:
    def said(is_reversed: bool) -> dict[str, object]:
        items = [scale(item, reversed=is_reversed) for item in ITEMS]
        made = questionnaire("A", {"entree": items, "sortie": items}, ("i", Progression(ITEMS)))
        lines = ["person,wave," + ",".join(ITEMS)]
        for rank, (before, after) in enumerate(people):
            lines += [f"{rank},entree,{before}", f"{rank},sortie,{after}"]
        return dict(figure_of(results(made, *lines), "i").values)

    straight, mirrored = said(False), said(True)
    assert straight["progress"]["k"] == mirrored["decline"]
    assert straight["decline"] == mirrored["progress"]["k"]
    assert straight["stable"] == mirrored["stable"]
    assert straight["missing"] == mirrored["missing"]
    if straight["n"]:
        assert abs(straight["before"] + mirrored["before"] - 100) < 1e-9
        assert abs(straight["delta"] + mirrored["delta"]) < 1e-9


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(passing, passing), min_size=1, max_size=12))
def test_the_means_are_those_of_a_plain_computation(people: list[tuple[str, str]]) -> None:
    """Missing never counts as zero: only items valid at both times enter both means."""
    expected: list[tuple[Fraction, Fraction]] = []
    for before, after in people:
        common = [
            (int(a), int(b))
            for a, b in zip(before.split(","), after.split(","), strict=True)
            if a.isdigit() and b.isdigit()
        ]
        if len(common) >= 2:
            k = len(common)
            expected.append(
                (
                    Fraction(sum(a for a, _ in common) * 100, 3 * k),
                    Fraction(sum(b for _, b in common) * 100, 3 * k),
                )
            )
    lines = lines_of([(before, after, "") for before, after in people])
    found = results(paired(), HEADER, *(row for person in lines for row in person))
    values = figure_of(found, "autonomie.progression").values
    assert values["n"] == len(expected)
    assert values["excluded"] == len(people) - len(expected)
    assert values["progress"]["k"] == sum(after > before for before, after in expected)
    assert values["net"]["k"] == sum(3 * (after - before) >= 100 for before, after in expected)
    assert values["ceiling"] == sum(before == 100 for before, _ in expected)
    if expected:
        assert values["before"] == float(sum(before for before, _ in expected) / len(expected))
        assert values["after"] == float(sum(after for _, after in expected) / len(expected))


@given(st.integers(2, 7), st.integers(1, 10), st.data())
def test_every_mean_is_a_whole_number_of_30240ths(
    options: int, k: int, data: st.DataObject
) -> None:
    values = data.draw(st.lists(st.integers(0, options - 1), min_size=k, max_size=k))
    assert Fraction(sum(values) * FULL_SCORE, (options - 1) * k).denominator == 1
    assert 1 <= min_items(k) <= k or k == 1


def test_missing_codes_are_counted_apart_and_unasked_ones_are_not() -> None:
    first, second = (
        scale("aut1"),
        scale("aut2", condition=(Clause("aut1", (1, 2, 3)),)),
    )
    made = questionnaire(
        "A",
        {"entree": [first, second], "sortie": [first, second]},
        ("i", Progression(("aut1", "aut2"))),
    )
    entries = ["1,entree,nsp,", "2,entree,0,", "3,entree,1,", "4,entree,2,refus", "5,entree,,"]
    values = figure_of(results(made, "person,wave,aut1,aut2", *entries, "1,sortie,nc,"), "i").values
    assert values["missing"] == {"nsp": 1, "nc": 1, "refus": 1, "vide": 2}
    assert (values["unpaired_entry"], values["unpaired_exit"]) == (4, 0)
