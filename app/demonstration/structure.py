"""Build a demonstration structure, its lieux, its campaigns and its answers."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from random import Random
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.campaigns.actions import open_campaign, turn_language_on
from app.campaigns.doors import PARTNER_DOORS
from app.campaigns.models import Campaign
from app.db import Database
from app.demonstration.bilans import write_bilans
from app.demonstration.partners import ask_partners
from app.demonstration.passings import submissions
from app.demonstration.people import invent
from app.demonstration.testimonies import Doors, Telling
from app.demonstration.words import ACTIONS, COMMUNES, PLACES
from app.indicators.freezing import freezable, freeze
from app.organisations.actions import add_lieu, confirm_notice, create_organisation
from app.organisations.models import Lieu
from app.organisations.roles import RESPONSABLE
from app.questionnaires import Library
from app.responses.actions import record_many
from app.responses.rollups import fold
from app.responses.submission import Submission
from config import Keys

#: What a demonstration holds when nobody says: enough for every kind of figure to show, and few
#: enough to be made while somebody waits.
USUAL = 380
#: From this month on, the answers of the year are many enough; before, last year's are needed.
ENOUGH_MONTHS = 9
#: Above this number the demonstration covers two years and up to sixty lieux.
LARGE = 1_000
BATCH = 1_000


class Asked(NamedTuple):
    """Be a questionnaire that the demonstration asks."""

    questionnaire: str
    doors: tuple[str, ...]
    #: Its share of all answers.
    share: float
    modules: tuple[str, ...]
    #: Lieux that ask it in a small demonstration, by rank; all of them in a large one.
    lieux: tuple[int, ...]


ASKED = (
    Asked("satisfaction", ("affiche", "borne", "papier"), 0.39, (), (0, 1, 2)),
    Asked("progres", ("affiche", "aide"), 0.42, ("insertion",), (0,)),
    Asked("progres_retrospectif", ("affiche", "entretien"), 0.17, (), (1,)),
    Asked("partenaire", ("partenaire",), 0.02, (), (0,)),
    # Told, not answered: see `stories.py`.
    Asked("temoignage", ("affiche",), 0.0, (), (0,)),
)
#: Of which a large demonstration opens only one campaign.
ONCE = ("partenaire", "temoignage")
#: Which the first lieu also asks in Arabic.
TRANSLATED = ("satisfaction", "temoignage")


@dataclass(frozen=True, slots=True)
class Demonstration:
    """Say how to enter the demonstration structure that was just made."""

    organisation_id: UUID
    email: str
    password: str
    #: Code of the poster of the first campaign.
    code: str
    responses: int


def load_demonstration(
    database: Database,
    keys: Keys,
    library: Library,
    *,
    folder: Path,
    name: str = "Le Fil numérique",
    email: str = "",
    responses: int = USUAL,
    seed: int = 1,
    today: date,
) -> Demonstration:
    """Write one demonstration structure through the functions that real answers use.

    `folder` is that of the data, where what is taken back is written.
    """
    random = Random(seed)
    with database.writing() as session:
        organisation = create_organisation(
            session, name, contact="4 rue du Lavoir, Kerlann · 02 00 00 00 00", is_demo=True
        )
        email = email or f"demo-{secrets.token_hex(3)}@recueil.invalid"
        person, entry = invent(session, organisation.id, email, "Nolwenn Le Guen", RESPONSABLE)
        confirm_notice(session, organisation.id, today)
        campaigns = list(_campaigns(session, library, organisation.id, responses, today))
    written = 0
    for share, campaign in campaigns:
        count = round(responses * share)
        drawn = submissions(database, keys, campaign, count, random, today)
        if campaign.links[0].door in PARTNER_DOORS:
            written += ask_partners(database, keys, campaign, drawn, count, today)
        written += _write(database, keys, drawn)
    doors = _doors(campaign for _, campaign in campaigns)
    Telling(database, keys, library, folder, doors, person.id, random, today).tell_all()
    _fold_everything(database, organisation.id)
    _freeze_closed_months(database, organisation.id, person.id, today)
    write_bilans(database, keys, organisation.id, person.id, today)
    code = next(link.code for link in campaigns[0][1].links if link.door == "affiche")
    return Demonstration(organisation.id, entry.email, entry.password, code, written)


def _doors(campaigns: Iterable[Campaign]) -> Doors:
    """Return by which campaigns people tell, the last, and partners."""
    known = list(campaigns)
    partners = next(one for one in known if one.links[0].door in PARTNER_DOORS)
    return Doors(known[-1], partners)


def _write(database: Database, keys: Keys, drawn: Iterator[Submission]) -> int:
    written = 0
    while batch := list(islice(drawn, BATCH)):
        with database.writing() as session:
            record_many(session, keys, batch)
        written += len(batch)
    return written


def _fold_everything(database: Database, organisation_id: UUID) -> None:
    moved = True
    while moved:
        with database.writing() as session:
            moved = bool(fold(session, organisation_id, at_most=20 * BATCH))


def _freeze_closed_months(
    database: Database, organisation_id: UUID, person_id: UUID, today: date
) -> None:
    with database.reading() as session:
        waiting = freezable(session, organisation_id, today)
    for month in waiting:  # the rest of the installation may be answering
        with database.writing() as session:
            freeze(session, organisation_id, month, person_id, today)


def _campaigns(
    session: Session, library: Library, organisation_id: UUID, responses: int, today: date
) -> Iterator[tuple[float, Campaign]]:
    """Open the campaigns of every lieu; yield each with its share of all answers."""
    large = responses >= LARGE
    lieux = list(_lieux(session, organisation_id, min(60, responses // 1_000 or 3)))
    for asked in ASKED:
        ranks = range(len(lieux)) if large and asked.questionnaire not in ONCE else asked.lieux
        for rank in ranks:
            campaign = open_campaign(
                session,
                library,
                organisation_id,
                questionnaire=asked.questionnaire,
                lieu_id=lieux[rank % len(lieux)].id,
                starts_on=_two_years_ago(today) if large else _first_of_january(today),
                ends_on=date(today.year, 12, 31),
                doors=asked.doors,
                modules=asked.modules,
                action=ACTIONS[rank % len(ACTIONS)],
                today=today,
            )
            if rank == 0 and asked.questionnaire in TRANSLATED:
                turn_language_on(session, library, campaign, "ar")
            yield asked.share / len(ranks), campaign


def _lieux(session: Session, organisation_id: UUID, count: int) -> Iterator[Lieu]:
    for rank in range(count):
        place, commune = PLACES[rank % len(PLACES)], COMMUNES[rank // len(PLACES) % len(COMMUNES)]
        yield add_lieu(session, organisation_id, f"{place} de {commune}", commune)


def _first_of_january(today: date) -> date:
    """Return the beginning of this year, or of the year before while this one is young."""
    return date(today.year - (today.month < ENOUGH_MONTHS), 1, 1)


def _two_years_ago(today: date) -> date:
    """Return the first of twenty-four months, the current one included."""
    if today.month == 12:
        return date(today.year - 1, 1, 1)
    return date(today.year - 2, today.month + 1, 1)
