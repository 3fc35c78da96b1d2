"""`recueil score` on the shipped questionnaires: the object on the output, errors, the table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.scoring.cli import score
from tests.scoring.cases import HEADER, cells, rights_lines, worked_lines

WORKED = """
{"id": "autonomie.progression", "method": "A", "from": "entree", "to": "sortie", "n": 11,
 "excluded": 1, "unpaired_entry": 0, "unpaired_exit": 0,
 "before": 40.1515, "after": 66.1616, "delta": 26.0101, "delta_ci": [11.8159, 40.2043],
 "d_z": 1.1364,
 "progress": {"k": 8, "n": 11, "ci": [0.43435, 0.90254]}, "stable": 2, "decline": 1,
 "balance": 63.6364,
 "net": {"k": 6, "n": 11, "ci": [0.28009, 0.78729]}, "ceiling": 1, "alpha": null,
 "missing": {"nsp": 0, "nc": 0, "refus": 0, "vide": 5},
 "display": "8 personnes sur 11 ont progressé, 2 sont stables, 1 recule",
 "warnings": ["W_PETIT_N", "W_TAUX"]}
"""


def run(*arguments: str, given: str | bytes | None = None) -> Result:
    return CliRunner().invoke(score, arguments, input=given)


@pytest.fixture
def worked(tmp_path: Path) -> Path:
    path = tmp_path / "progres.csv"
    path.write_text("\n".join(worked_lines()) + "\n", "utf-8-sig")
    return path


def near(expected: object) -> object:
    """Compare numbers at the precision they are printed with in scoring.md."""
    if isinstance(expected, dict):
        return {name: near(value) for name, value in expected.items()}
    if isinstance(expected, list):
        return [near(value) for value in expected]
    return pytest.approx(expected, abs=1e-4) if isinstance(expected, float) else expected


def test_the_worked_example_comes_out_as_it_is_specified(worked: Path) -> None:
    result = run("progres", str(worked), "--json")
    assert result.exit_code == 0, result.stderr
    printed = json.loads(result.stdout)
    assert list(printed) == [
        "questionnaire", "version", "responses", "hors_condition", "indicators",
    ]  # fmt: skip
    assert (printed["questionnaire"], printed["responses"], printed["hors_condition"]) == (
        "progres", 24, 0,
    )  # fmt: skip
    found = {one["id"]: one for one in printed["indicators"]}
    assert set(found) == {
        "autonomie.progression", "autonomie.taches_sans_aide", "autonomie.contribution",
    }  # fmt: skip
    expected = json.loads(WORKED)
    assert found["autonomie.progression"] == near(expected)
    assert list(found["autonomie.progression"]) == list(expected)
    contribution = found["autonomie.contribution"]
    assert (contribution["k"], contribution["n"], contribution["unanswered"]) == (6, 11, 2)


def test_the_accompanied_people_give_a_rate(worked: Path) -> None:
    printed = json.loads(run("progres", str(worked), "--accompagnes", "30", "--json").stdout)
    assert all("W_TAUX" not in one["warnings"] for one in printed["indicators"])
    assert run("progres", str(worked), "--accompagnes", "0", "--json").exit_code == 2


def test_the_standard_input_is_read(worked: Path) -> None:
    piped = run("progres", "-", "--json", given=worked.read_bytes())
    assert piped.stdout == run("progres", str(worked), "--json").stdout


def test_the_rights_of_the_worked_data() -> None:
    header, *people = rights_lines()
    given = "\n".join([f"wave,{header}", *(f"sortie,{row}" for row in people)])
    printed = json.loads(run("progres", "-", "--json", given=given).stdout)
    found = {one["id"]: one for one in printed["indicators"]}
    assert (found["nonrecours.demarches"]["k"], found["nonrecours.demarches"]["n"]) == (14, 16)
    assert found["nonrecours.evite"]["ci"] == near([0.23099, 0.66821])
    assert found["nonrecours.accelere"]["k"] == 3
    assert found["nonrecours.motifs"]["n"] == 13
    assert found["nonrecours.motifs"]["counts"] == {
        "non_connaissance": 6, "non_demande": 5, "non_proposition": 2, "non_reception": 2,
    }  # fmt: skip


def test_the_satisfaction_of_the_worked_data() -> None:
    given = "\n".join(["sat1", *["3"] * 18, *["2"] * 9, *["1"] * 2, "0"])
    printed = json.loads(run("satisfaction", "-", "--json", given=given).stdout)
    (found,) = (one for one in printed["indicators"] if one["id"] == "satisfaction.globale")
    assert list(found) == ["id", "wave", "n", "mean", "satisfied", "display", "warnings"]
    assert found["mean"] == pytest.approx(740 / 9)
    assert found["satisfied"] == near({"k": 27, "n": 30, "ci": [0.74379, 0.96540]})


def test_retrospective_rows_are_told_at_once() -> None:
    header = "aut3,con1,avant:aut3,avant:con1"
    given = "\n".join([header, *["3,2,1,2"] * 6])
    printed = json.loads(run("progres_retrospectif", "-", "--json", given=given).stdout)
    found = {one["id"]: one for one in printed["indicators"]}
    progress = found["autonomie.progression"]
    assert (progress["method"], progress["from"], progress["to"]) == ("B", "avant", "maintenant")
    assert (progress["progress"]["k"], progress["n"]) == (6, 6)
    assert "W_RETRO" in progress["warnings"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("person,wave,aut1\nP1,entree,7\n", "ligne 2, colonne « aut1 », valeur « 7 »"),
        ("person,wave,zzz\n", "ligne 1, colonne « zzz »"),
        ("person,wave,aut1\nP1,milieu,1\n", "ligne 2, colonne « wave », valeur « milieu »"),
        ("person,wave,aut1\nP1,entree,1\nP1,entree,2\n", "lignes 2 et 3, colonne « person »"),
        ("wave,version\nentree,0000\n", "ligne 2, colonne « version », valeur « 0000 »"),
        (b"wave,aut1\nentree,1\nentree,\xff\n", "ligne 3 : le fichier doit être enregistré en UTF"),
        ("", "le fichier est vide"),
    ],
)
def test_an_error_says_where_and_prints_no_figure(given: str | bytes, said: str) -> None:
    result = run("progres", "-", "--json", given=given)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_an_unknown_questionnaire_or_file_is_told(tmp_path: Path) -> None:
    result = run("inconnu", "-", "--json", given="aut1\n")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "satisfaction" in result.stderr
    missing = run("progres", str(tmp_path / "absent.csv"), "--json")
    assert (missing.exit_code, missing.stdout) == (2, "")


def test_a_hundred_errors_are_enough() -> None:
    given = "wave,aut1\n" + "entree,9\n" * 250
    assert run("progres", "-", given=given).stderr.endswith("… et 150 autres erreurs.\n")


def test_without_json_it_is_a_table_that_keeps_small_numbers(worked: Path) -> None:
    said = run("progres", str(worked)).stdout
    assert "8 personnes sur 11 ont progressé, 2 sont stables, 1 recule" in said
    assert "W_PETIT_N : Moins de 20 réponses" in said
    few = "\n".join([HEADER, f"P1,entree,{cells('0000')},", f"P1,sortie,{cells('3333')},beaucoup"])
    assert "non diffusé (moins de 5 réponses)" in run("progres", "-", given=few).stdout


def test_a_margin_comes_with_its_limit() -> None:
    given = "\n".join(["sat1", *["3"] * 30])
    said = run("satisfaction", "-", "--accompagnes", "60", given=given).stdout
    assert "30 (± 13 points)" in said
    assert "échantillon tiré au hasard" in said
    fewer = run("satisfaction", "-", "--accompagnes", "29", given=given).stdout
    assert "30 (marge non calculée)" in fewer
    assert "marge" not in run("satisfaction", "-", given=given).stdout
