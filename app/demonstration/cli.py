"""The command `recueil demo`."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.demonstration import load_demonstration
from app.web.current import database, keys, library, today

NAMES = ("Le Fil numérique", "L’Escale numérique")


@click.command()
@click.option(
    "--responses",
    "count",
    type=click.IntRange(min=0),
    default=240,
    show_default=True,
    help="Nombre de réponses.",
)
@click.option("--seed", default=1, show_default=True, help="Graine : même graine, mêmes réponses.")
@click.option("--two-structures", is_flag=True, help="Créer aussi une seconde structure.")
@with_appcontext
def demo(count: int, seed: int, two_structures: bool) -> None:
    """Créer une structure de démonstration, avec des réponses inventées."""
    for rank, name in enumerate(NAMES if two_structures else NAMES[:1]):
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
