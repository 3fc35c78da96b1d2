"""`recueil questionnaires`: check, show, and describe the format of questionnaires."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import click

from app.questionnaires.definition import Questionnaire
from app.questionnaires.library import check_file, load_library, survey
from app.questionnaires.presentation import describe
from app.questionnaires.problems import Report, SurveyErrors, choose, in_order
from app.questionnaires.source import json_schema
from config import Settings


class Refused(click.ClickException):
    """Explain in French why a command does nothing, and what to do about it."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the message alone, without an English word before it."""
        click.echo(self.message, file, err=True)


FILES = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def questionnaires() -> None:
    """Vérifier et lire les questionnaires."""


@questionnaires.command()
@click.argument("files", metavar="[FICHIER]...", nargs=-1, type=FILES)
def check(files: tuple[Path, ...]) -> None:
    """Vérifier des questionnaires, ou tout le dossier des questionnaires.

    Le code de sortie est 0 quand tout est publiable, 1 quand il reste une erreur.
    """
    folder = _folder()
    report = Report()
    within = [path for path in files if path.resolve().is_relative_to(folder)]
    if within or not files:
        whole = Report()
        with suppress(SurveyErrors):  # too many: the report holds them
            survey(folder, whole)
        names = {str(path.resolve().relative_to(folder.parent)) for path in within}
        report.problems += [p for p in whole.problems if not files or p.file in names]
    for path in files:
        if path not in within:
            with suppress(SurveyErrors):
                check_file(path, folder, report)
    for problem in in_order(report.problems):
        click.echo(str(problem))
    click.echo(f"{_count(len(report.errors), 'erreur')}, "
               f"{_count(len(report.warnings), 'avertissement')}")  # fmt: skip
    if report.errors:
        raise click.exceptions.Exit(1)


@questionnaires.command()
def schema() -> None:
    """Écrire le schéma JSON des fichiers, pour les éditeurs de texte."""
    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))


def show_command(frozen_source: Callable[[str], str | None] | None = None) -> click.Command:
    """Return the command `show`; with `frozen_source` it also reads what a campaign froze.

    This room has no database: whoever has one gives the source of a campaign, by a link's code.
    """

    def show(identifier: str | None, campaign: str | None = None) -> None:
        """Lire un questionnaire : ses écrans, sa durée, ses indicateurs."""
        if (identifier is None) == (campaign is None):
            raise Refused("Donnez l'identifiant d'un questionnaire.")
        if campaign is None or frozen_source is None:
            click.echo(describe(_questionnaire(identifier or "")), nl=False)
            return
        source = frozen_source(campaign)
        if source is None:
            raise Refused(f"Aucune campagne n'a le code « {campaign} ».")
        click.echo(source, nl=False)

    parameters: list[click.Parameter] = [
        click.Argument(["identifier"], metavar="[IDENTIFIANT]", required=False)
    ]
    if frozen_source is not None:
        wanted = "Écrire le YAML figé de la campagne qui a ce code."
        parameters.append(click.Option(["--campaign"], metavar="CODE", help=wanted))
    return click.Command("show", callback=show, params=parameters, help=show.__doc__)


questionnaires.add_command(show_command())


def _folder() -> Path:
    return Settings.from_environment().surveys.resolve()


def _questionnaire(identifier: str) -> Questionnaire:
    try:
        library = load_library(_folder())
    except SurveyErrors as errors:
        raise Refused(str(errors)) from None
    found = library.questionnaires.get(identifier)
    if found is None:
        raise Refused(
            f"Aucun questionnaire « {identifier} » : {choose(identifier, library.questionnaires)}"
        )
    return found


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' if count > 1 else ''}"
