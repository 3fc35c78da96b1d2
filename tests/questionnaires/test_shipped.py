"""The questionnaires that Recueil ships: publishable, short, and the same once frozen."""

from __future__ import annotations

import pytest

from app.questionnaires import load_library, read_frozen
from app.questionnaires.definition import Questionnaire
from app.questionnaires.library import survey
from app.questionnaires.problems import Report
from config import PROJECT

LIBRARY = load_library(PROJECT / "surveys")
SHIPPED = LIBRARY.questionnaires.values()
NAMES = [questionnaire.id for questionnaire in SHIPPED]


def test_what_ships_is_there() -> None:
    assert set(NAMES) == {
        "satisfaction",
        "progres",
        "progres_retrospectif",
        "temoignage",
        "partenaire",
    }
    waves = [wave.id for wave in LIBRARY.questionnaires["progres"].waves]
    assert waves == ["entree", "sortie", "suivi"]


def test_only_the_long_forms_and_optional_modules_are_warned_about() -> None:
    report = Report()
    survey(PROJECT / "surveys", report)
    assert report.errors == []
    others = [p.message for p in report.warnings if "forme longue" not in p.message]
    assert [words for words in others if not words.startswith("avec « ")] == []


@pytest.mark.parametrize("questionnaire", SHIPPED, ids=NAMES)
def test_a_frozen_one_is_the_same(questionnaire: Questionnaire) -> None:
    assert read_frozen(questionnaire.source) == questionnaire


@pytest.mark.parametrize("questionnaire", SHIPPED, ids=NAMES)
def test_the_short_form_takes_as_long_as_promised(questionnaire: Questionnaire) -> None:
    promised = {"satisfaction": 2, "partenaire": 3}.get(questionnaire.id, 4)
    for wave in questionnaire.waves:
        passing = questionnaire.passing(wave.id)
        assert len(passing.screens) <= 14
        assert passing.minutes <= promised


@pytest.mark.parametrize("questionnaire", SHIPPED, ids=NAMES)
def test_arabic_is_whole_for_the_public_and_not_read_over(questionnaire: Questionnaire) -> None:
    wording = LIBRARY.wording(questionnaire, "ar")
    if questionnaire.audience == "usager":
        assert wording is not None
        assert wording.reviewed_by is None
