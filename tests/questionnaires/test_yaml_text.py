"""YAML that tries to be clever, or to hurt."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.questionnaires import SurveyErrors, load_library, read_frozen
from app.questionnaires.problems import Report
from app.questionnaires.yaml_text import read_yaml, write_yaml
from tests.questionnaires.support import HEAD, SURVEYS, Folder

MANY = "questions:\n" + "".join(
    f"  - {{id: q{number}, fr: Un mot, type: texte_court}}\n" for number in range(10_000)
)
UNKNOWN = "ecrans: [" + ", ".join(f"question_{number}" for number in range(14_000)) + "]"
ALIKE = (
    "questions: [" + ", ".join(f"{{id: question_{n}, fr: Un mot}}" for n in range(499)) + "]\n"
    "ecrans: [" + ", ".join(f"question_{n}x" for n in range(99)) + "]"
)
KEYS = "".join(f"pourquo{number}: x\n" for number in range(14_000)) + "ecrans: [hum1]"
LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{after}: &{after} [*{name}, *{name}, *{name}, *{name}]\n"
    for name, after in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        ("ecrans: !!python/object/apply:os.system [echo]", 7, "les types « ! »"),
        ("ecrans: [!!str hum1]", 7, "les types « ! »"),
        ("ecrans: &a [hum1]", 7, "les ancres « & »"),
        ("ecrans: &a [hum1, *a]", 7, "est un renvoi"),
        ("<<: {ecrans: [hum1]}\necrans: [hum1]", 7, "n'est pas un texte simple"),
        ("? [a, b]\n: c\necrans: [hum1]", 7, "n'est pas un texte simple"),
        ("ecrans: [hum1]\nfr: encore", 8, "écrite deux fois (déjà ligne 2)"),
        ("ecrans: [hum1]\n---\nautre: document", 8, "plusieurs documents"),
        ("ecrans: " + "[" * 30 + "]" * 30, 7, "imbriqués sur plus de 20 niveaux"),
        ("ecrans: " + "[" * 50_000, 7, "imbriqués sur plus de 20 niveaux"),
        (MANY + "ecrans: [hum1]", None, "trop grand"),
        ("ecrans: [hum1]\n# " + "x" * 1_000_000, 1, "trop grand"),
        (UNKNOWN, 7, "la liste est trop longue"),
        (ALIKE, 7, "on ne sait pas comment y répondre"),
        (KEYS, 7, "ne se met pas ici"),
        (LAUGHS + "ecrans: [hum1]", None, "les ancres « & »"),
        ("ecrans: [hum1]\nx: \x07", 1, "caractère de contrôle"),
        ("ecrans:\n\t- hum1", 8, "ne peut pas commencer une valeur"),
        ("ecrans: [hum1]\nfr: un: deux", 8, "un deux-points se trouve dans un texte"),
    ],
    ids=range(19),
)  # fmt: skip
def test_hostile_yaml_is_refused_at_its_line(
    folder: Folder, body: str, line: int | None, message: str
) -> None:
    start = time.process_time()
    errors = folder.add(body).errors()
    assert time.process_time() - start < 1
    found = [problem for problem in errors if message in problem.message]
    assert found, errors
    assert line is None or line in {problem.line for problem in found}


def test_a_file_that_is_not_utf8_is_refused(folder: Folder) -> None:
    (folder.path / "questionnaires/essai.yaml").write_bytes(HEAD.encode("utf-16"))
    assert "UTF-8" in folder.error().message


@pytest.mark.parametrize("text", ["", "# rien\n", "- a\n", "bonjour", "''", "{}"])
def test_a_file_without_questionnaire_is_refused(text: str) -> None:
    with pytest.raises(SurveyErrors):
        read_frozen(text)


def test_nothing_becomes_something_else() -> None:
    report = Report()
    text = "a: no\nb: on\nc: 12:30\nd: 1e3\ne: 2026-01-01\nf: ~\ng: 0o17\nh: .inf\nno: 1\n"
    assert read_yaml(text, "essai.yaml", report) == {
        "a": "no", "b": "on", "c": "12:30", "d": "1e3", "e": "2026-01-01", "f": "~",
        "g": "0o17", "h": ".inf", "no": "1",
    }  # fmt: skip
    assert report.problems == []


@given(st.dictionaries(st.text(min_size=1), st.text()))
def test_what_is_written_reads_back(table: dict[str, str]) -> None:
    report = Report()
    if not all(text.isprintable() and key != "<<" for key, text in table.items()):
        return
    assert table == {} or read_yaml(write_yaml(table), "essai.yaml", report) == table


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text())
@example("a: \ud800")
@example("\ufeff")
@example("%YAML 9.9\n---\na: b")
@example("a: b\n...\nc")
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(SurveyErrors):
        read_frozen(text)


SOURCE = load_library(SURVEYS).questionnaires["apparie"].source


@settings(max_examples=150, deadline=None)
@given(
    at=st.integers(0, len(SOURCE)),
    cut=st.integers(0, 40),
    put=st.sampled_from(["", "\n", ": ", "- ", "[", "{", "&a ", "*a", "!x ", "'", '"', "é", "0"]),
)
def test_a_damaged_file_is_read_or_refused(at: int, cut: int, put: str) -> None:
    damaged = SOURCE[:at] + put + SOURCE[at + cut :]
    try:
        questionnaire = read_frozen(damaged)
    except SurveyErrors:
        return
    assert read_frozen(questionnaire.source) == questionnaire
