"""Commands about campaigns: open, close, poster, cards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.campaigns import actions
from app.campaigns.addresses import link_address
from app.campaigns.cards import cards_pdf
from app.campaigns.checks import CampaignError, too_long
from app.campaigns.codes import doubtful_signs
from app.campaigns.formats import FORMATS
from app.campaigns.models import Campaign, Link
from app.campaigns.periods import closing_day, first_day, last_day
from app.campaigns.posters import FRENCH, poster_of
from app.campaigns.proofs import poster_pdf
from app.campaigns.queries import find_link, published
from app.organisations.models import Lieu, Organisation
from app.organisations.queries import Reach, lieux
from app.questionnaires.cli import Refused
from app.web.current import database, keys, library, settings, today
from app.web.private_file import private_file
from app.web.typography import long_date, plural

Named = TypeVar("Named", Organisation, Lieu)
OUT = click.Path(dir_okay=False, path_type=Path)


@click.group()
def campaigns() -> None:
    """Campagnes, affiches et cartes."""


@campaigns.command("open")
@click.argument("questionnaire")
@click.option("--structure", required=True, help="Nom ou identifiant de la structure.")
@click.option("--lieu", required=True, help="Nom ou identifiant du lieu d'activité.")
@click.option("--from", "first", required=True, metavar="AAAA-MM", help="Premier mois.")
@click.option("--to", "last", required=True, metavar="AAAA-MM", help="Dernier mois, compris.")
@click.option("--doors", required=True, help="Portes, séparées par des virgules.")
@click.option("--form", default="courte", show_default=True, help="courte ou longue.")
@click.option("--modules", default="", help="Modules facultatifs, séparés par des virgules.")
@click.option("--languages", default="", help="Langues à proposer en plus du français.")
@click.option("--action", default="", help="Action ou cadre : « Ateliers du mardi ».")
@with_appcontext
def open_(
    questionnaire: str,
    structure: str,
    lieu: str,
    first: str,
    last: str,
    doors: str,
    form: str,
    modules: str,
    languages: str,
    action: str,
) -> None:
    """Ouvrir une campagne ; une ligne par lien : code, porte, moment, adresse."""
    with _said_in_french(), database().writing() as session:
        organisation = structure_named(session, structure)
        campaign = actions.open_campaign(
            session,
            library(),
            organisation.id,
            questionnaire=questionnaire,
            lieu_id=lieu_named(session, organisation, lieu).id,
            starts_on=first_day(first),
            ends_on=last_day(last),
            doors=_listed(doors),
            form=form,
            modules=_listed(modules),
            action=action,
            today=today(),
        )
        unreviewed = [
            language
            for language in _listed(languages)
            if not actions.turn_language_on(session, library(), campaign, language).reviewed_by
        ]
        warning = too_long(published(session, campaign.version), form, campaign.modules)
    _show(campaign, unreviewed)
    if warning:
        click.echo(f"Attention : {warning}", err=True)


@campaigns.command()
@click.argument("code")
@with_appcontext
def close(code: str) -> None:
    """Fermer la campagne d'un code."""
    with _said_in_french(), database().writing() as session:
        link = _link(session, code)
        actions.close_campaign(link.campaign, today())
        last = closing_day(link.campaign)
    click.echo(f"Campagne fermée le {long_date(last)}. Une réponse commencée a encore un jour.")


@campaigns.command()
@click.argument("code")
@click.option("--format", "format_id", default="a4", type=click.Choice([*FORMATS]))
@click.option("--language", default=FRENCH, show_default=True, help="Langue de l'affiche.")
@click.option("--grey", is_flag=True, help="En noir et blanc.")
@click.option("--out", required=True, type=OUT, help="Fichier PDF à écrire.")
@with_appcontext
def poster(code: str, format_id: str, language: str, grey: bool, out: Path) -> None:
    """Écrire l'affiche d'un lien en PDF, son QR code relu."""
    with _said_in_french():
        with database().reading() as session:
            link = _link(session, code)
            said = poster_of(session, library(), link, settings().base_url, language)
        with private_file(out) as file:
            file.write(poster_pdf(said, format_id, grey))
    distance = FORMATS[format_id].distance
    click.echo(f"{out} : lisible jusqu'à {distance}. Imprimez à 100 %, sans ajuster à la page.")


@campaigns.command()
@click.argument("code")
@click.option("--count", required=True, type=int, help="Nombre de cartes.")
@click.option("--out", required=True, type=OUT, help="Fichier PDF à écrire.")
@with_appcontext
def cards(code: str, count: int, out: Path) -> None:
    """Écrire des cartes à code, sans nom, en PDF : elles relient le début et la fin."""
    # The file first: a card that nobody can print is not issued.
    with _said_in_french(), private_file(out) as file:
        with database().writing() as session:
            codes = actions.issue_cards(session, keys(), _link(session, code).campaign, count)
        # Drawn after it: people who answer must not wait for sheets to be drawn.
        with database().reading() as session:
            file.write(cards_pdf(session, _link(session, code), settings().base_url, codes))
    click.echo(f"{out} : {plural(count, 'carte')}. Gardez le fichier à l'abri, ou effacez-le.")


@contextmanager
def _said_in_french() -> Iterator[None]:
    try:
        yield
    except (CampaignError, ValueError) as error:
        raise Refused(str(error)) from error
    except OSError as error:
        raise Refused(f"{error.filename} : {error.strerror}.") from error


def _show(campaign: Campaign, unreviewed: Sequence[str]) -> None:
    for link in campaign.links:
        address = link_address(settings().base_url, link.code)
        click.echo(f"{link.code:<6}  {link.door:<10}  {link.wave:<8}  {address}")
    for language in unreviewed:
        click.echo(
            f"Attention : la traduction « {language} » n'a pas été relue. "
            "Les résultats le rappelleront.",
            err=True,
        )


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _link(session: Session, code: str) -> Link:
    link = find_link(session, code)
    if link is None:
        doubtful = doubtful_signs(code)
        why = f" Aucun code ne contient {', '.join(doubtful)}." if doubtful else ""
        raise CampaignError("code", f"Le code « {code} » n’existe pas.{why}")
    return link


def structure_named(session: Session, name: str) -> Organisation:
    """Return the structure of that name or id; raise CampaignError naming those there are."""
    known = session.scalars(select(Organisation).order_by(Organisation.name)).all()
    return _named(known, name, "La structure")


def lieu_named(session: Session, organisation: Organisation, name: str) -> Lieu:
    """Return the lieu of that name or id; raise CampaignError naming those there are."""
    return _named(lieux(session, Reach(organisation.id)), name, "Le lieu")


def _named(known: Sequence[Named], name: str, what: str) -> Named:
    """Return the one of that name or id; else name those that exist, the nearest first."""
    same_id = [one for one in known if str(one.id) == name.lower()]
    same_name = [one for one in known if one.name.casefold() == name.strip().casefold()]
    found = same_id or same_name
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(str(one.id) for one in found)
        raise CampaignError("", f"{what} « {name} » existe plusieurs fois. Donnez l’un de : {ids}.")
    names = [one.name for one in known]
    near = get_close_matches(name, names, n=3, cutoff=0.5) or names[:20]
    shown = ", ".join(f"« {one} »" for one in near) or "aucun pour l’instant"
    raise CampaignError("", f"{what} « {name} » n’existe pas. Il y a : {shown}.")
