"""The commands of an installation's upkeep: purge, registre."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from app.organisations.models import Organisation
from app.organisations.retention import (
    forget_accounts_above,
    old_accounts_above,
    purge_invitations_above,
)
from app.questionnaires.cli import Refused
from app.responses import retention
from app.responses.keeping import upstairs
from app.responses.register import register
from app.web.current import database, settings, today

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session


@click.command()
@click.option("--dry-run", is_flag=True, help="Dire ce qui partirait, et ne rien effacer.")
@click.option(
    "--now",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="AAAA-MM-JJ",
    help="Faire comme si c'était ce jour-là.",
)
@with_appcontext
def purge(dry_run: bool, day: datetime | None) -> None:
    """Effacer ce qui a dépassé sa durée de conservation ; les chiffres restent."""
    until, above = day.date() if day else today(), upstairs()
    if until > today() and not dry_run:
        raise Refused(
            f"Le {until:%d/%m/%Y} est à venir : des réponses partiraient avant leur terme. "
            "Pour voir lesquelles sans rien effacer, ajoutez --dry-run. Rien n'a été effacé."
        )
    nothing = True
    with database().reading() as session:
        structures = [(one.id, one.name) for one in _structures(session)]
    for organisation_id, name in structures:
        if dry_run:
            with database().reading() as session:
                parts = retention.due(session, organisation_id, until, above.keepers)
        else:
            parts = retention.purge(database(), organisation_id, until, above.keepers, above.forget)
        for part in parts:
            nothing = False
            what = above.labels[part.category]
            click.echo(f"{name} · {what} · {part.month} · {part.number}")
    for month, number in _accounts_above(until, dry_run=dry_run).items():
        nothing = False
        click.echo(f"Hors structure · comptes de coordination · {month} · {number}")
    if nothing:
        click.echo("Rien n'a dépassé sa durée de conservation.")
    if dry_run:
        click.echo("Essai : rien n'a été effacé.", err=True)
        return
    retention.sweep(database(), above.keepers)
    with database().reading() as session:
        above.sweep_files(session)


def _accounts_above(until: date, *, dry_run: bool) -> Mapping[str, int]:
    """Count, or forget, who belongs to no structure and reads none."""
    if dry_run:
        with database().reading() as session:
            return old_accounts_above(session, until)
    with database().writing() as session:
        purge_invitations_above(session, until)
        return forget_accounts_above(session, until)


@click.command()
@click.option("--structure", "name", metavar="NOM", help="Seulement cette structure.")
@with_appcontext
def registre(name: str | None) -> None:
    """Écrire le registre des traitements et l'analyse d'impact, d'après ce qui est en place."""
    with database().reading() as session:
        chosen = [one for one in _structures(session) if name is None or one.name == name]
        if not chosen:
            raise Refused(
                f"Aucune structure ne s'appelle « {name} »." if name else "Aucune structure."
            )
        for one in chosen:
            click.echo(register(session, settings(), one.id, today()))


def _structures(session: Session) -> Sequence[Organisation]:
    return session.scalars(select(Organisation).order_by(Organisation.name, Organisation.id)).all()
