"""A figure is read in one breath: what matters first, and nothing twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.indicators.reading import sentence_of
from app.questionnaires import Library
from app.scoring import Figure
from tests.indicators.test_charts import satisfaction


@pytest.fixture
def figure(library: Library) -> Figure:
    return satisfaction(library, ["3"] * 5, "satisfaction.aide")


@pytest.mark.parametrize(
    ("headline", "display", "lead", "rest"),
    [
        ("1 réponse sur 6 dit voir", "1 réponse sur 6", "1 réponse sur 6 dit voir.", ""),
        ("4 sur 10 disent", "39 % (46 sur 118)", "4 sur 10 disent.", " 39 % (46 sur 118)."),
        (
            "2 sur 10 le disent",
            "5 sur 24 le disent (21 %)",
            "2 sur 10 le disent.",
            " 5 sur 24 (21 %).",
        ),
        ("9 ont gagné", "9 ont gagné (36 %)", "9 ont gagné", " (36 %)."),
        ("", "9 ont progressé, 1 est stable", "9 ont progressé", ", 1 est stable."),
        ("", "aucune n’a progressé", "Aucune n’a progressé.", ""),
        ("", "en moyenne 0,5 tâche, 1,0 après", "En moyenne 0,5 tâche, 1,0 après.", ""),
        ("", "sur 40 personnes : oubli 60 % (24)", "Sur 40 personnes", " : oubli 60 % (24)."),
    ],
)
def test_a_sentence_says_what_matters_first_and_nothing_twice(
    figure: Figure, headline: str, display: str, lead: str, rest: str
) -> None:
    assert sentence_of(replace(figure, headline=headline, display=display)) == (lead, rest)
