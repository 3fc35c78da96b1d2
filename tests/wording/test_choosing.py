"""What a critère tells first: by the way that more people answered, and without repeating it."""

from __future__ import annotations

import pytest

from app.questionnaires import Library
from app.scoring import Plan
from app.wording.choosing import chosen, ranked
from app.wording.phrases import headline
from app.wording.told import Told
from tests.wording.crowds import Crowd, measured_over, plans, told_of

UP: Crowd = {"up": 24, "same": 4, "down": 2}
UNSURE: Crowd = {"up": 6, "same": 3, "down": 5}


@pytest.fixture(scope="module")
def asked(library: Library) -> dict[str, Plan]:
    return {plan.questionnaire.id: plan for plan in plans(library)}


def about(plan: Plan, crowd: Crowd, criterion: str) -> list[Told]:
    told = told_of(measured_over(plan, crowd))
    return [one for one in told if one.indicator.startswith(f"{criterion}.")]


def never(_one: Told) -> bool:
    return False


def test_one_thing_asked_in_two_ways_is_told_by_the_larger(asked: dict[str, Plan]) -> None:
    small = about(asked["progres"], UNSURE, "confiance")
    large = about(asked["progres_retrospectif"], UP, "confiance")
    first = ranked([*small, *large])[0]
    assert (first.indicator, first.figure.measure.method) == ("confiance.progression", "B")
    told = chosen([*small, *large], never)
    assert [one.indicator for one in told].count("confiance.progression") == 1


def test_another_way_that_says_something_else_stands_beside(asked: dict[str, Plan]) -> None:
    sure = about(asked["progres"], {"up": 14}, "confiance")
    unsure = about(asked["progres_retrospectif"], {"up": 12, "same": 4, "down": 11}, "confiance")
    told = chosen([*sure, *unsure], never)
    assert [one.figure.measure.method for one in told] == ["B", "A"]
    assert {one.indicator for one in told} == {"confiance.progression"}


def test_a_few_people_are_told_of_once(asked: dict[str, Plan]) -> None:
    assert len(chosen(about(asked["progres_retrospectif"], {"up": 7}, "autonomie"), never)) == 1


def test_one_person_out_of_thirteen_opens_nothing(asked: dict[str, Plan]) -> None:
    found = measured_over(asked["progres_retrospectif"], {"up": 1, "down": 12})
    (one,) = (one for one in found if one.figure.measure.indicator.id == "nonrecours.evite")
    assert headline(one) is None
