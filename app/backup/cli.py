"""The commands `recueil backup` and `recueil restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from app.backup.archive import ArchiveError
from app.backup.restoring import restore_archive
from app.backup.writing import write_archive
from app.questionnaires.cli import Refused
from app.web.current import database, keys, settings

_FILE = click.argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar="FICHIER")


@click.command()
@_FILE
@with_appcontext
def backup(file: Path) -> None:
    """Copier toute l'installation dans une archive, pendant que Recueil sert ; jamais les clés."""
    try:
        manifest = write_archive(database(), keys(), settings().data, file)
    except ArchiveError as error:
        raise Refused(str(error)) from error
    _print(manifest)
    click.echo(
        "Les textes, les voix et les images y sont chiffrés ; les réponses codées et les adresses "
        "de l'équipe, non. Gardez l'archive sur un disque chiffré.\n"
        f"Les clés ne sont pas dans l'archive. Copiez à part, une fois : "
        f"{settings().data / 'recueil.key'}",
        err=True,
    )


@click.command()
@_FILE
@with_appcontext
def restore(file: Path) -> None:
    """Remettre une archive dans une installation vide qui a les mêmes clés."""
    try:
        manifest, buried = restore_archive(database(), settings(), keys(), file)
    except ArchiveError as error:
        raise Refused(str(error)) from error
    _print(manifest)
    for what, count in (
        ("Réponses effacées", buried.answers),
        ("Témoignages effacés", buried.testimonies),
        ("Accès fermés", buried.withdrawn.accesses),
        ("Partages de résultats repris", buried.withdrawn.shared),
        ("Mots de passe remplacés", buried.withdrawn.passwords),
    ):
        if count:
            click.echo(f"{what} depuis, et de nouveau : {count}", err=True)
    if buried.withdrawn.passwords:
        click.echo(
            "Ces personnes choisissent un nouveau mot de passe : « Mot de passe oublié », ou le "
            "lien que donne « recueil organisations invite EMAIL ».",
            err=True,
        )
    click.echo("Lancez « recueil purge » : l'archive a pu garder ce qui devait partir.", err=True)


def _print(manifest: dict[str, Any]) -> None:
    """Print the count and the digest of each table: the same lines on both sides."""
    for table in manifest["tables"]:
        click.echo(f"{table['name']:<24}{table['count']:>9}  {table['digest'][:16]}")
