"""`recueil score`: the figures of a table of answers, with no database and no server."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import click

from app.questionnaires import Library, Questionnaire, SurveyErrors, load_library, read_file
from app.questionnaires.cli import Refused
from app.scoring.explain import NOT_A_SAMPLE, WARNINGS, margin_words
from app.scoring.figures import Figure
from app.scoring.results import Results, score_table
from app.scoring.table import TableErrors, read_table
from config import Settings

#: Beyond this many errors the file is not the right one: the first ones say enough.
MOST_ERRORS = 100


@click.command()
@click.argument("questionnaire")
@click.argument("answers", metavar="REPONSES.csv")
@click.option(
    "--accompagnes",
    "accompanied",
    type=click.IntRange(min=1),
    metavar="N",
    help="Nombre de personnes accompagnées sur la même période.",
)
@click.option("--json", "as_json", is_flag=True, help="Écrire tous les chiffres, en JSON.")
def score(questionnaire: str, answers: str, accompanied: int | None, as_json: bool) -> None:
    """Calculer les indicateurs d'un fichier de réponses.

    QUESTIONNAIRE est le nom d'un questionnaire livré (progres…) ou le chemin d'un fichier YAML ;
    REPONSES.csv vaut « - » pour lire l'entrée standard.
    """
    folder = Settings.from_environment().surveys
    try:
        library = load_library(folder)
        asked = _questionnaire(questionnaire, library, folder)
        table = read_table(asked, io.StringIO(_text(answers), newline=""))
    except SurveyErrors as errors:
        raise Refused(str(errors)) from errors
    except TableErrors as errors:
        raise Refused(_first(errors)) from errors
    languages = {row.reserved.get("langue", "") for row in table.rows} - {"", "fr"}
    unreviewed = {code for code in languages if not _reviewed(library, asked, code)}
    results = score_table(table, accompanied=accompanied, unreviewed=unreviewed)
    if as_json:
        click.echo(json.dumps(results.to_json(), ensure_ascii=False, indent=2, allow_nan=False))
    else:
        click.echo(_written(asked, results, with_margin=accompanied is not None))


def _questionnaire(name: str, library: Library, folder: Path) -> Questionnaire:
    if name in library.questionnaires:
        return library.questionnaires[name]
    path = Path(name)
    if path.is_file():
        return read_file(path, folder)
    shipped = ", ".join(library.questionnaires)
    raise Refused(f"« {name} » : ni un questionnaire livré ({shipped}), ni un fichier.")


def _text(answers: str) -> str:
    try:
        content = sys.stdin.buffer.read() if answers == "-" else Path(answers).read_bytes()
    except OSError as error:
        raise Refused(f"« {answers} » ne peut pas être lu : {error.strerror}.") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Refused(f"ligne {line} : le fichier doit être enregistré en UTF-8.") from error


def _reviewed(library: Library, questionnaire: Questionnaire, language: str) -> bool:
    wording = library.wording(questionnaire, language)
    return wording is not None and wording.reviewed_by is not None


def _first(errors: TableErrors) -> str:
    said = [str(problem) for problem in errors.problems[:MOST_ERRORS]]
    if more := len(errors.problems) - len(said):
        said.append(f"… et {more} autres erreurs.")
    return "\n".join(said)


def _written(questionnaire: Questionnaire, results: Results, *, with_margin: bool) -> str:
    """Write the results as a table, then what its warnings mean."""
    rows = [("Indicateur", "Moment", "n", "Résultat", "À savoir")]
    rows += [_row(figure, with_margin) for figure in results.figures]
    widths = [max(len(row[rank]) for row in rows) for rank in range(4)]
    version = f"version {results.version[:12]}, méthode {questionnaire.method}"
    said = f"{results.responses} réponses, {results.ignored} hors condition"
    lines = [f"{questionnaire.title.fr} ({version}) : {said}", ""]
    for row in rows:
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        lines.append("  ".join([*padded, row[4]]).rstrip())
    raised = {code for figure in results.figures for code in figure.warnings}
    lines += ["", *(f"{code} : {' '.join(WARNINGS[code])}" for code in WARNINGS if code in raised)]
    if with_margin:
        lines += ["", NOT_A_SAMPLE]
    return "\n".join(lines).rstrip()


def _row(figure: Figure, with_margin: bool) -> tuple[str, str, str, str, str]:
    measure = figure.measure
    moment = f"{measure.from_wave} → {measure.to_wave}" if measure.from_wave else measure.to_wave
    n = str(figure.n) if figure.visibility.counts else "–"
    if with_margin and figure.visibility.percentages:
        n += f" ({margin_words(figure.margin)})"
    return measure.indicator.id, moment, n, figure.display, " ".join(figure.warnings)
