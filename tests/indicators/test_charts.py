"""A drawing shows what may be shown, and nothing else."""

from __future__ import annotations

import pytest

from app.indicators.charts import Bar, Circles, dumbbell, share_chart, stacked
from app.questionnaires import Library
from app.scoring import Figure
from app.scoring.results import score_table
from app.scoring.table import read_table


def satisfaction(library: Library, answers: list[str], indicator: str) -> Figure:
    """Return the figure of an indicator over the answers to one question."""
    questionnaire = library.questionnaires["satisfaction"]
    table = read_table(questionnaire, ["sat2\n", *(f"{answer}\n" for answer in answers)])
    return next(
        figure for figure in score_table(table).figures if figure.measure.indicator.id == indicator
    )


@pytest.mark.parametrize(
    ("answers", "drawn"),
    [(["3"] * 4, type(None)), (["3"] * 5 + ["0"] * 2, Circles), (["3"] * 15 + ["0"] * 5, Bar)],
)
def test_the_drawing_depends_on_how_many_answered(
    library: Library, answers: list[str], drawn: type
) -> None:
    assert type(share_chart(satisfaction(library, answers, "satisfaction.aide"))) is drawn


def test_circles_count_people(library: Library) -> None:
    chart = share_chart(satisfaction(library, ["3"] * 5 + ["0"] * 2, "satisfaction.aide"))
    assert isinstance(chart, Circles)
    assert (chart.k, chart.n) == (5, 7)


def test_the_stretches_of_a_bar_fill_it_and_are_said_aloud() -> None:
    bar = stacked([("a", "téléphone", 3), ("b", "tablette", 0), ("c", "papier", 5)])
    assert sum(segment.width for segment in bar.segments) == pytest.approx(100, abs=0.02)
    assert bar.spoken == "téléphone 3, tablette 0, papier 5 (n = 8)"


@pytest.mark.parametrize(("n", "shown"), [(9, False), (10, True)])
def test_means_are_drawn_from_ten_people(library: Library, n: int, *, shown: bool) -> None:
    questionnaire = library.questionnaires["progres_retrospectif"]
    rows = ["3,1\n", "2,2\n"] * n
    table = read_table(questionnaire, ["aut3,avant:aut3\n", *rows[:n]])
    figure = next(
        figure
        for figure in score_table(table).figures
        if figure.measure.indicator.id == "autonomie.progression"
    )
    chart = dumbbell(figure)
    assert (chart is not None) == shown
    if chart:
        assert chart.after > chart.before
        assert chart.first_word == "pas encore"
        assert chart.ends[0] >= 0
        assert chart.ends[1] <= 100
