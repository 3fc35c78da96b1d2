"""The command `recueil demo`."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.demonstration import load_demonstration
from app.demonstration.people import SignIn, invent_coordinateur, invent_mediateur
from app.demonstration.structure import USUAL
from app.web.current import database, keys, library, settings, today

NAMES = ("Le Fil numérique", "L’Escale numérique")


@click.command()
@click.option(
    "--responses",
    "count",
    type=click.IntRange(min=0),
    default=USUAL,
    show_default=True,
    help="Nombre de réponses.",
)
@click.option("--seed", default=1, show_default=True, help="Graine : même graine, mêmes réponses.")
@click.option("--two-structures", is_flag=True, help="Créer aussi une seconde structure.")
@with_appcontext
def demo(count: int, seed: int, two_structures: bool) -> None:
    """Créer une structure de démonstration, avec des réponses inventées."""
    made = []
    for rank, name in enumerate(NAMES if two_structures else NAMES[:1]):
        one = load_demonstration(
            database(),
            keys(),
            library(),
            folder=settings().data,
            name=name,
            responses=count,
            seed=seed + rank,
            today=today(),
        )
        made.append(one.organisation_id)
        click.echo(f"structure     {name} ({one.responses} réponses)")
        click.echo(f"identifiant   {one.email}")
        click.echo(f"mot de passe  {one.password}")
        click.echo(f"affiche       {one.code}")
        _say("médiateur", invent_mediateur(database(), one.organisation_id))
    _say("coordinateur", invent_coordinateur(database(), keys(), made))


def _say(role: str, person: SignIn) -> None:
    seen = f"  ({person.sees})" if person.sees else ""
    click.echo(f"{role:12}  {person.email}  {person.password}{seen}")
