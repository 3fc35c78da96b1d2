"""A figure is read in one breath: what matters first, and nothing twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.indicators.queries import Block, Measured, Results
from app.indicators.reading import laid_out, said_once, sentence_of
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


@pytest.fixture
def ways(library: Library) -> dict[str, tuple[Measured, ...]]:
    """Return an indicator asked by two questionnaires, and one that few answered."""
    many = Measured("Avis", "", satisfaction(library, ["3"] * 25, "satisfaction.aide"))
    few = Measured("Avis court", "", satisfaction(library, ["3"] * 6, "satisfaction.aide"))
    other = Measured("Avis court", "", satisfaction(library, ["3"] * 6, "satisfaction.aide"))
    return {"satisfaction.aide": (few, many), "satisfaction.globale": (other,)}


def block_of(library: Library, ways: dict[str, tuple[Measured, ...]]) -> Block:
    register = library.questionnaires["satisfaction"].registers[0]
    return Block(register, register.criteria[0], ways)


def test_what_most_people_answered_is_read_first_and_few_answers_stand_apart(
    library: Library, ways: dict[str, tuple[Measured, ...]]
) -> None:
    (leading,), (small,) = laid_out(block_of(library, ways))
    assert (leading.leading.questionnaire, len(leading.others)) == ("Avis", 1)
    assert small.name == "satisfaction.globale"
    alone = {"satisfaction.globale": ways["satisfaction.globale"]}
    shown, apart = laid_out(block_of(library, alone))
    assert [one.name for one in shown] == ["satisfaction.globale"]
    assert apart == []


def test_a_warning_of_every_card_of_a_questionnaire_is_said_once(
    library: Library, ways: dict[str, tuple[Measured, ...]]
) -> None:
    shown = Results(0, (block_of(library, ways),), (), ("W_TAUX",), ("W_PETIT_N",), None, (), 0)
    said = said_once(shown)
    assert "W_PETIT_N" in said["Avis court", False]
    assert "W_TAUX" not in said["Avis court", False]  # said of the whole page
    assert ("Avis", False) not in said  # one card: it says its own
