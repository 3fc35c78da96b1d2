"""Commands about structures."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.organisations import actions, queries, team
from app.organisations.letters import invitation_link
from app.questionnaires.cli import Refused
from app.web.current import database, keys


@click.group()
def organisations() -> None:
    """Structures, lieux et personnes."""


@organisations.command()
@click.argument("name", metavar="NOM")
@click.option("--email", required=True, help="Adresse de la première personne de l’équipe.")
@click.option("--contact", default="", help="Adresse et téléphone, imprimés sur les affiches.")
@click.option("--lieu", "lieux", multiple=True, help="Lieu d’activité (peut se répéter).")
@with_appcontext
def create(name: str, email: str, contact: str, lieux: tuple[str, ...]) -> None:
    """Créer une structure et inviter sa première personne."""
    try:
        with database().writing() as session:
            organisation = actions.create_organisation(session, name, contact=contact or email)
            for lieu in lieux or (name,):
                actions.add_lieu(session, organisation.id, lieu)
            person = actions.create_person(session, organisation.id, email)
            token = actions.invite(session, keys(), person)
    except actions.OrganisationError as error:
        raise Refused(str(error)) from error
    click.echo(f"structure   {organisation.name}")
    if not contact:
        click.echo(f"{email} sera imprimé sur les affiches : Réglages, Structure.", err=True)
    _print_invitation(token)


@organisations.command()
@click.argument("email", metavar="EMAIL")
@with_appcontext
def invite(email: str) -> None:
    """Inviter de nouveau une personne : lien expiré, mot de passe oublié."""
    with database().writing() as session:
        person = queries.find_person(session, actions.tidy_email(email))
        if person is None or not person.active:
            raise Refused(f"Personne n’utilise l’adresse {email}.")
        token = actions.invite(session, keys(), person)
    _print_invitation(token)


@organisations.command()
@click.argument("email", metavar="EMAIL")
@with_appcontext
def administrator(email: str) -> None:
    """Inviter une personne à administrer l’installation : structures et responsables."""
    try:
        with database().writing() as session:
            token = team.invite_administrateur(session, keys(), email)
    except actions.OrganisationError as error:
        raise Refused(str(error)) from error
    _print_invitation(token)


def _print_invitation(token: str) -> None:
    click.echo(f"invitation  {invitation_link(token)}")
    click.echo(f"Ce lien sert une fois, pendant {actions.INVITATION_DAYS} jours.", err=True)
