"""Commands about answers: import, export, rescore."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from app.campaigns.models import Campaign, Link
from app.campaigns.queries import find_link
from app.organisations.access import note_server
from app.questionnaires.cli import Refused
from app.responses.exporting import FORMATS, Export, Selection
from app.responses.importing import import_table
from app.responses.layouts import Words
from app.responses.rescoring import rescore
from app.responses.rollups import fold
from app.responses.submission import AlreadyRecorded
from app.scoring import TableErrors
from app.scoring.cli import MOST_ERRORS
from app.web.current import database, keys, today
from app.web.private_file import private_file

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@click.group()
def responses() -> None:
    """Réponses : exporter, importer, noter de nouveau."""


@responses.command("export")
@click.argument("code")
@click.option(
    "--dialect",
    type=click.Choice(["interop", "tableur"]),
    default="tableur",
    show_default=True,
    help="CSV. tableur : pour LibreOffice et Excel ; interop : pour un programme.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["ods", "xlsx"]),
    help="Classeur avec son dictionnaire, au lieu d'un CSV.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Fichier à écrire ; sinon la sortie standard.",
)
@with_appcontext
def export_(code: str, dialect: str, format_: str | None, out: Path | None) -> None:
    """Écrire toutes les réponses d'une campagne ; CODE est l'un de ses liens.

    Chaque ligne est la réponse d'une personne : gardez ce fichier dans la structure.
    """
    chosen = FORMATS[format_ or dialect]
    with database().writing() as session:
        link = _link(session, code)
        note_server(session, link.campaign.organisation_id, "exported", link.code)
    with database().reading() as session:
        campaign = _link(session, code).campaign
        selection = Selection(
            [campaign],
            Link.campaign_id == campaign.id,
            [("Structure", campaign.organisation.name), ("Lieu", campaign.lieu.name)],
            today(),
        )
        export = Export(session, keys(), selection, chosen.layout or Words)
        with _opened(out) as file, chosen.write(export) as written:
            shutil.copyfileobj(written, file)
    click.echo(f"{export.count} réponse{'s' if export.count > 1 else ''}", err=True)


@responses.command("import")
@click.argument("code")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar="FICHIER.csv")
@with_appcontext
def import_(code: str, file: Path) -> None:
    """Ajouter les réponses d'un fichier, par la porte du lien CODE : toutes, ou aucune."""
    try:
        with database().reading() as session:
            link_id = _link(session, code).id
        count = import_table(database(), keys(), link_id, _text(file), today())
    except TableErrors as errors:
        said = [str(problem) for problem in errors.problems[:MOST_ERRORS]]
        if more := len(errors.problems) - len(said):
            said.append(f"… et {more} autres erreurs.")
        raise Refused("\n".join([*said, "Rien n'a été ajouté."])) from errors
    except AlreadyRecorded as error:
        raise Refused("Ce fichier a déjà été importé. Rien n'a été ajouté.") from error
    click.echo(f"{count} réponse{'s ajoutées' if count > 1 else ' ajoutée'}")


@responses.command("rescore")
@click.option("--campaign", "code", metavar="CODE", help="Seulement la campagne de ce lien.")
@with_appcontext
def rescore_(code: str | None) -> None:
    """Noter de nouveau les réponses, quand les règles de calcul ont changé."""
    with database().reading() as session:
        chosen = (
            [_link(session, code).campaign] if code else list(session.scalars(select(Campaign)))
        )
    for campaign in chosen:
        after = None
        while True:
            with database().writing() as session:
                after = rescore(session, campaign, after=after)
            if after is None:
                break
        with database().writing() as session:
            fold(session, campaign.organisation_id)
    count = len(chosen)
    click.echo(f"{count} campagne{'s notées' if count > 1 else ' notée'} de nouveau")


def _link(session: Session, code: str) -> Link:
    link = find_link(session, code)
    if link is None:
        raise Refused(f"Aucun lien n'a le code « {code} ». Relisez l'affiche.")
    return link


@contextmanager
def _opened(out: Path | None) -> Iterator[IO[bytes]]:
    """Open the file, which only its owner may read, or the standard output."""
    if out is None:
        yield sys.stdout.buffer
        return
    try:
        with private_file(out) as file:
            yield file
    except OSError as error:
        raise Refused(f"« {out} » ne peut pas être écrit : {error.strerror}.") from error


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Refused(f"« {file} » ne peut pas être lu : {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Refused(f"« {file} » doit être enregistré en UTF-8.") from error
