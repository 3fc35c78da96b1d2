"""What a text speaks of, and the words that say so."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.hints import CRITERIA, themes
from app.hints.lexicon import DATA, Role, rows
from app.hints.patterns import SHORTEST_STEM
from app.questionnaires import load_library
from config import PROJECT


def words(text: str) -> dict[str, list[str]]:
    return {one: [text[a:b] for a, b in spans] for one, spans in themes(text).items()}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Je fais mes démarches TOUTE SEULE", {"autonomie": ["fais mes démarches TOUTE SEULE"]}),
        ("je suis toute seule", {"lien": ["suis toute seule"]}),
        ("J’ai refait mon CV", {"insertion": ["CV"]}),
        ("un piratage", {"cyber": ["piratage"]}),
        ("J'ai perdu mon mot de passe", {"coince": ["perdu mon mot de passe"]}),
        ("trop d'attente", {"coince": ["attente"]}),
        ("moins d'attente", {}),
        ("Rien n'est compliqué ici", {}),
        ("Avant c'était compliqué", {}),
        ("Je viens le mardi", {}),
        ("", {}),
    ],
)
def test_themes_come_with_the_words_that_suggest_them(
    text: str, found: dict[str, list[str]]
) -> None:
    said = words(text)
    if "autonomie" in said:  # two patterns side by side may show as one stretch or two
        said["autonomie"] = [" ".join(said["autonomie"])]
    assert said == found


@settings(deadline=None)
@given(st.text(max_size=300))
def test_themes_of_any_text_lie_inside_it(text: str) -> None:
    for spans in themes(text).values():
        assert spans
        assert all(0 <= start < end <= len(text) for start, end in spans)


def test_the_criteria_are_the_options_of_the_question_and_what_is_in_the_way() -> None:
    asked = load_library(PROJECT / "surveys").questionnaires["temoignage"]
    question = asked.questions["themes"]
    codes = [str(option.code) for option in question.options]
    assert [*(code for code in codes if code != "autre"), "coince"] == list(CRITERIA)


def test_the_data_files_say_where_each_line_comes_from() -> None:
    for path in sorted(DATA.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            lines = list(csv.DictReader(file))
        sources = {line["source"] for line in lines}
        assert sources <= {"recueil", "textblob-fr 0.2.0 (PDDL)"}, path.name
        key = {"themes.csv": ("criterion", "pattern")}.get(path.name, ("form",))
        keys = [tuple(line[name] for name in key) for line in lines]
        assert len(keys) == len(set(keys)), path.name


def test_every_line_of_the_data_files_can_be_read() -> None:
    assert {row["criterion"] for row in rows("themes.csv")} == {*CRITERIA, "rien"}
    assert {row["role"] for row in rows("modifiers.csv")} == set(Role)
    for name in ("lexicon.csv", "phrases.csv", "emoji.csv"):
        for row in rows(name):
            assert row["polarity"] in {"pos", "neg", "none", "ironie"}, row
            assert row["intensity"] in {"0", "1", "2", "3"}, row
            assert row["kind"] in {"", "verb", "nom"}, row
    assert Path(DATA, "README.md").read_text("utf-8").count(".csv") >= 5


def test_no_line_of_the_data_files_matches_everything_or_nothing() -> None:
    for path in sorted(DATA.glob("*.csv")):
        for row in rows(path.name):
            parts = (row.get("form") or row.get("pattern") or "").split()
            assert parts, (path.name, row)
            assert parts[0] != "…", (path.name, row)
            assert parts[-1] != "…", (path.name, row)
            stems = [part for part in parts if part.endswith("*")]
            assert all(len(stem) > SHORTEST_STEM for stem in stems), (path.name, row)
