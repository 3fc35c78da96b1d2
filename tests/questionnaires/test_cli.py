"""`recueil questionnaires`, as an author uses it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from app.questionnaires.cli import questionnaires, show_command
from tests.questionnaires.support import HEAD, REFERENTIEL, Folder


@pytest.fixture
def recueil(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("RECUEIL_SURVEYS", str(folder.path))
    return CliRunner()


def run(recueil: CliRunner, *arguments: str) -> Result:
    return recueil.invoke(questionnaires, arguments)


def test_check_passes_with_warnings(recueil: CliRunner) -> None:
    result = run(recueil, "check")
    assert result.exit_code == 0
    assert result.stdout.endswith("0 erreur, 5 avertissements\n")


def test_check_fails_with_file_line_question_and_remedy(recueil: CliRunner, folder: Folder) -> None:
    folder.change(REFERENTIEL, "image: aide-1", "image: aide-11")
    result = run(recueil, "check")
    assert result.exit_code == 1
    assert (
        "surveys/referentiel.yaml:8: erreur : échelle aide4, option 1 : "
        "l'image « aide-11 » n'existe pas → vouliez-vous écrire « aide-1 » ?"
    ) in result.stdout


def test_check_reads_the_files_given_and_only_them(recueil: CliRunner, folder: Folder) -> None:
    folder.add("ecrans: [hum1, rien]")
    inside, sound = folder.path / "questionnaires/essai.yaml", folder.path / REFERENTIEL
    outside = folder.path.parent / "le-mien.yaml"
    outside.write_text(HEAD + "ecrans: [hum1, dro5]", "utf-8")
    assert run(recueil, "check", str(sound)).exit_code == 0
    assert "« rien » n'existe pas" in run(recueil, "check", str(inside)).stdout
    result = run(recueil, "check", str(outside))
    assert (result.exit_code, result.stdout.count("erreur :")) == (1, 1)
    assert f"{outside}:7:" in result.stdout


def test_a_missing_file_is_a_wrong_use(recueil: CliRunner) -> None:
    assert run(recueil, "check", "absent.yaml").exit_code == 2


def test_show_reads_like_the_questionnaire(recueil: CliRunner) -> None:
    result = run(recueil, "show", "choix")
    assert result.exit_code == 0
    assert "4. Qu'est-ce qui a freiné cette demande ?  [dro6, sensible]" in result.stdout
    assert "seulement si dro4 = non ou oui" in result.stdout
    assert "4 écrans" in result.stdout
    assert "droits.motifs" in result.stdout


@pytest.mark.parametrize("arguments", [[], ["choi"], ["choix", "--campaign", "K7QF3"]])
def test_show_says_what_it_needs(recueil: CliRunner, arguments: list[str]) -> None:
    result = run(recueil, "show", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")


def test_show_writes_what_a_campaign_froze(recueil: CliRunner) -> None:
    show = show_command({"K7QF3": "questionnaire: choix\n"}.get)
    result = recueil.invoke(show, ["--campaign", "K7QF3"])
    assert (result.exit_code, result.stdout) == (0, "questionnaire: choix\n")
    assert recueil.invoke(show, ["--campaign", "AAAA2"]).exit_code == 2
    assert recueil.invoke(show, ["choix"]).exit_code == 0


def test_schema_describes_the_keys_an_author_writes(recueil: CliRunner) -> None:
    schema = json.loads(run(recueil, "schema").stdout)
    written = schema["$defs"]["QuestionnaireSource"]
    assert {"questionnaire", "pourquoi", "ecrans", "vagues"} <= set(written["properties"])
    assert written["additionalProperties"] is False
    assert schema["anyOf"][0] == {"$ref": "#/$defs/QuestionnaireSource"}
