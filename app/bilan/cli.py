"""The commands of the bilan: write it, freeze it, verify it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar, cast
from uuid import UUID, uuid4

import click
from flask.cli import with_appcontext

from app.bilan.audiences import AUDIENCES, USUAL, Audience
from app.bilan.composing import compose
from app.bilan.drafting import create_bilan, delete_bilan
from app.bilan.frames import Frame
from app.bilan.models import Bilan
from app.bilan.queries import bilans_of, seals_of
from app.bilan.sealable import Sealable, sealable
from app.bilan.sealing import RewrittenError, place_of, seal_briefly, section_of, verify
from app.campaigns.checks import CampaignError
from app.campaigns.cli import lieu_named, structure_named
from app.indicators.fixed import FixedPeriod
from app.indicators.freezing import freeze as freeze_month
from app.indicators.period import Period
from app.organisations.actions import tidy_email
from app.organisations.queries import Reach, find_person
from app.questionnaires.cli import Refused
from app.responses.rollups import fold_if_needed
from app.web.current import database, keys, today
from app.web.private_file import private_file
from app.web.typography import listing, long_date

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.documents.section import Section
    from app.organisations.models import Person

Command = TypeVar("Command", bound=Callable[..., Any])
#: Files that can be written, by how their name ends.
KINDS = ("odt", "docx", "pdf", "html", "ods", "xlsx", "csv")
NOT_A_PERIOD = (
    "Écrivez une année (2026), un trimestre (2026-T1), un mois (2026-03) ou des mois "
    "(2026-03..2026-06)."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Be what a command is about."""

    reach: Reach
    frame: Frame
    #: « Le Fil numérique, Médiathèque de Kerlann, 2026 ».
    words: str


class Found(NamedTuple):
    """Be the bilan to write, and what is said of it."""

    bilan: Bilan
    said: str
    #: Composed again from the figures of today, whatever was sealed.
    is_live: bool


@click.group()
def bilan() -> None:
    """Bilan qualitatif : écrire, arrêter, vérifier."""


def about_one(command: Command) -> Command:
    """Ask which structure, which period, which lieu."""
    for option in (
        click.option("--lieu", default="", help="Nom ou identifiant d'un lieu ; sinon tous."),
        click.option("--period", required=True, metavar="P",
                     help="2026, 2026-T1, 2026-03 ou 2026-03..2026-06."),
        click.option("--structure", required=True, help="Nom ou identifiant de la structure."),
    ):  # fmt: skip
        command = option(command)
    return command


def for_readers(**given: Any) -> Callable[[Command], Command]:
    """Ask who reads the bilan."""
    return click.option("--audience", type=click.Choice([*AUDIENCES]), **given)


@bilan.command()
@about_one
@for_readers(default=USUAL, show_default=True, help="Qui le lira.")
@click.option("--provisional", is_flag=True,
              help="Les chiffres d'aujourd'hui, même si un bilan est arrêté.")  # fmt: skip
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path),
              help="Fichier à écrire : .odt, .docx, .pdf, .html, .ods, .xlsx ou .csv.")  # fmt: skip
@with_appcontext
def write(
    structure: str, period: str, lieu: str, audience: str, provisional: bool, out: Path
) -> None:
    """Écrire le bilan dans un fichier : arrêté s'il l'est, sinon provisoire."""
    kind = out.suffix.lower().removeprefix(".")
    if kind not in KINDS:
        raise Refused(f"« {out.name} » doit finir par .{', .'.join(KINDS[:-1])} ou .{KINDS[-1]}.")
    with _said_in_french():
        asked = _asked(structure, period, lieu, audience)
        with database().reading() as session:
            found = _found(session, asked, is_live=provisional)
            given = (session, keys(), asked.reach, found.bilan, today())
            section = compose(*given) if found.is_live else section_of(*given)
        _write(section, kind, out)
    click.echo(f"{out} : {found.said}", err=True)
    if section.standing.since:
        click.echo(f"Depuis : {section.standing.since}.", err=True)
    if section.empty:
        click.echo(section.empty, err=True)


@bilan.command("freeze")
@about_one
@for_readers(default=USUAL, show_default=True, help="Qui le lira.")
@click.option("--by", "email", required=True, metavar="ADRESSE",
              help="Adresse de la personne responsable qui arrête le bilan.")  # fmt: skip
@click.option("--reread", is_flag=True,
              help="Les textes écrits sur d'autres chiffres ont été relus.")  # fmt: skip
@with_appcontext
def freeze_(
    structure: str, period: str, lieu: str, audience: str, email: str, reread: bool
) -> None:
    """Arrêter les mois clos de la période, puis le bilan : il ne change plus."""
    with _said_in_french():
        asked = _asked(structure, period, lieu, audience)
        with database().reading() as session:
            person = _person(session, asked, email)
            ready = sealable(session, _draft(session, asked) or _fresh(asked), today())
        if ready.problem:
            raise Refused(ready.problem)
        _freeze_months(asked, ready, person.id)
        bilan_id = _sealed(asked, person.id, reread=reread)
        with database().reading() as session:
            sealed = session.get_one(Bilan, bilan_id)
            section = section_of(session, keys(), asked.reach, sealed, today())
    click.echo(f"{section.standing.words}.")
    click.echo(f"Mois comptés : {ready.words}.")
    for title, reason in section.unshown:
        click.echo(f"{title} : {reason}")


@bilan.command("verify")
@about_one
@for_readers(default=None, help="Qui le lit ; sinon tous les bilans arrêtés de la période.")
@with_appcontext
def verify_(structure: str, period: str, lieu: str, audience: str | None) -> None:
    """Recompter un bilan arrêté et dire ce qui a changé depuis ; 1 s'il a été modifié."""
    altered = False
    with _said_in_french():
        asked = _asked(structure, period, lieu, audience or USUAL)
        with database().reading() as session:
            every = _matching(session, asked, list(AUDIENCES) if audience is None else [audience])
            sealed = seals_of(session, [one.id for one in every])
            if not sealed:
                raise Refused(f"Aucun bilan n'est arrêté : {asked.words}.")
            for one in (one for one in every if one.id in sealed):
                proof = verify(session, keys(), one, today())
                if proof is None:
                    continue
                altered = altered or proof.is_altered
                day = long_date(proof.sealed_on)
                click.echo(f"{place_of(one)}, {_readers(one)}, arrêté le {day}")
                for line in (f"empreinte {proof.fingerprint}", *proof.said):
                    click.echo(f"  {line}")
    if altered:
        raise SystemExit(1)


def _asked(structure: str, period: str, lieu: str, audience: str) -> Asked:
    chosen = _period(period)
    with database().reading() as session:
        organisation = structure_named(session, structure)
        place = lieu_named(session, organisation, lieu) if lieu else None
    fold_if_needed(database(), organisation.id)
    frame = Frame(chosen, (place.id,) if place else (), (), audience)
    words = ", ".join(filter(None, (organisation.name, place.name if place else "", frame.title)))
    return Asked(Reach(organisation.id), frame, words)


def _period(written: str) -> Period:
    """Read `2026`, `2026-T1`, `2026-03` or `2026-03..2026-06`."""
    if re.fullmatch(r"20\d\d(-T[1-4])?", written, re.ASCII):
        fixed = FixedPeriod.read(written)
        return Period(fixed.first, fixed.last)
    first, _, last = written.partition("..")
    try:
        return Period(first, last or first)
    except ValueError as error:
        raise Refused(f"« {written} » n'est pas une période. {NOT_A_PERIOD}") from error


def _person(session: Session, asked: Asked, email: str) -> Person:
    person = find_person(session, tidy_email(email))
    if person is None or person.organisation_id != asked.reach.organisation_id:
        raise Refused(f"Personne n'a l'adresse « {email} » dans cette structure.")
    return person


def _found(session: Session, asked: Asked, *, is_live: bool) -> Found:
    """Return the sealed bilan, else the draft made in a browser, else a fresh one."""
    every = _matching(session, asked, [asked.frame.audience])
    sealed = seals_of(session, [one.id for one in every])
    arrested = [one for one in every if one.id in sealed]
    if arrested and not is_live:
        return Found(arrested[0], "bilan arrêté.", is_live=False)
    drafts = [one for one in every if one.id not in sealed] or arrested
    if drafts:
        return Found(drafts[0], "brouillon, provisoire, à ne pas diffuser.", is_live=True)
    said = "composé à l'instant, sans aucun texte de l'équipe ; provisoire, à ne pas diffuser."
    return Found(_fresh(asked), said, is_live=True)


def _matching(session: Session, asked: Asked, audiences: list[str]) -> list[Bilan]:
    """Return the bilans of these months, this scope, these readers; the latest made first."""
    frame = asked.frame
    return [
        one
        for one in bilans_of(session, asked.reach)
        if Frame.of(one).period == frame.period
        and set(one.lieux) == {str(lieu) for lieu in frame.lieux}
        and not one.actions
        and one.audience in audiences
    ]


def _draft(session: Session, asked: Asked) -> Bilan | None:
    every = _matching(session, asked, [asked.frame.audience])
    sealed = seals_of(session, [one.id for one in every])
    return next((one for one in every if one.id not in sealed), None)


def _fresh(asked: Asked) -> Bilan:
    """Return a bilan that is never stored: everything in it is as it is proposed."""
    frame = asked.frame
    return Bilan(
        id=uuid4(),
        organisation_id=asked.reach.organisation_id,
        first_month=frame.period.first,
        last_month=frame.period.last,
        lieux=[str(lieu) for lieu in frame.lieux],
        actions=[],
        audience=frame.audience,
        testimonies_apart=False,
        parts_order=[],
        left_out=[],
        quotes={},
        revision=1,
    )


def _freeze_months(asked: Asked, ready: Sealable, person_id: UUID) -> None:
    """Freeze what waits, one transaction a month: nobody who answers waits for all of them."""
    for name in ready.to_freeze:
        with database().writing() as session:
            freeze_month(session, asked.reach.organisation_id, name, person_id, today())


def _sealed(asked: Asked, person_id: UUID, *, reread: bool) -> UUID:
    """Seal the draft made in a browser, else one made for this; a refusal leaves it nowhere."""
    with database().writing() as session:
        draft = _draft(session, asked)
        day = today()
        chosen = draft or create_bilan(session, asked.reach, asked.frame, person_id, day)
        bilan_id = chosen.id
    try:
        given = (asked.reach, bilan_id, person_id, day)
        seal_briefly(database(), keys(), *given, reread=reread)
    except ValueError:  # it said why in French
        if draft is None:
            with database().writing() as session:
                delete_bilan(session, session.get_one(Bilan, bilan_id))
        raise
    return bilan_id


def _readers(one: Bilan) -> str:
    return AUDIENCES[cast("Audience", one.audience)].title.lower()


@contextmanager
def _said_in_french() -> Iterator[None]:
    try:
        yield
    except RewrittenError as error:
        texts = listing([f"« {one.text[:60]}… »" for one in error.passages])
        raise Refused(f"{error}\n{texts}\nRelisez-les, puis ajoutez --reread.") from error
    except (CampaignError, ValueError) as error:
        raise Refused(str(error)) from error
    except OSError as error:
        raise Refused(f"« {error.filename} » : {error.strerror}.") from error


def _write(section: Section, kind: str, out: Path) -> None:
    with private_file(out) as file, _content(section, kind) as content:
        shutil.copyfileobj(content, file)


def _content(section: Section, kind: str) -> IO[bytes]:
    """Return the section as a kind of file; what writes it takes a second to load."""
    if kind == "odt":
        from app.documents.odt import write_odt

        return BytesIO(write_odt(section))
    if kind == "docx":
        from app.documents.docx import write_docx

        return BytesIO(write_docx(section))
    if kind in ("pdf", "html"):
        from app.documents.printing import page_of, write_pdf

        return BytesIO(write_pdf(section) if kind == "pdf" else page_of(section).encode())
    from app.documents.sheets import write_figures

    return write_figures(section, cast("Literal['csv', 'xlsx', 'ods']", kind))
