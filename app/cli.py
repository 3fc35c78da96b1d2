"""The console command `recueil`: the rooms' commands, and those that cross rooms."""

from __future__ import annotations

import click
from flask.cli import ScriptInfo, with_appcontext

from app import create_app
from app.campaigns.cli import campaigns
from app.campaigns.queries import frozen_source
from app.demonstration import load_demonstration
from app.organisations.cli import organisations
from app.questionnaires.cli import questionnaires, show_command
from app.responses.cli import responses
from app.scoring.cli import score
from app.web.current import database, keys, library, today
from config import Settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def recueil(context: click.Context) -> None:
    """Recueil : la parole des personnes accompagnées, jusqu'au bilan."""
    context.obj = ScriptInfo(create_app=create_app)


@recueil.command()
def migrate() -> None:
    """Mettre la base de données à jour."""
    from app.db import migrate as migrate_database

    settings = Settings.from_environment()
    settings.data.mkdir(parents=True, exist_ok=True)
    migrate_database(settings.database_url)


@recueil.command()
def serve() -> None:
    """Servir Recueil avec le serveur de production."""
    from app.serving import serve as serve_application

    serve_application(Settings.from_environment())


@recueil.command()
@click.option("--responses", "count", default=240, show_default=True, help="Nombre de réponses.")
@click.option("--seed", default=1, show_default=True, help="Graine : même graine, mêmes réponses.")
@click.option("--two-structures", is_flag=True, help="Créer aussi une seconde structure.")
@with_appcontext
def demo(count: int, seed: int, two_structures: bool) -> None:
    """Créer une structure de démonstration, avec des réponses inventées."""
    names = ["Le Fil numérique", "L’Escale numérique"] if two_structures else ["Le Fil numérique"]
    for rank, name in enumerate(names):
        made = load_demonstration(
            database(),
            keys(),
            library(),
            name=name,
            responses=count,
            seed=seed + rank,
            today=today(),
        )
        click.echo(f"structure     {name} ({made.responses} réponses)")
        click.echo(f"identifiant   {made.email}")
        click.echo(f"mot de passe  {made.password}")
        click.echo(f"affiche       {made.code}")


@with_appcontext
def _frozen(code: str) -> str | None:
    with database().reading() as session:
        return frozen_source(session, code)


questionnaires.add_command(show_command(_frozen))
for group in (questionnaires, organisations, campaigns, responses, score):
    recueil.add_command(group)
