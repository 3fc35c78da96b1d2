"""Invent the partners of a demonstration: asked, reminded, and some who answered and signed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from app.partners.actions import add_partner, invite, note_answer, note_reminded, note_sent
from app.partners.standing import WEEK
from app.responses.actions import record

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.campaigns.models import Campaign
    from app.db import Database
    from app.partners.models import PartnerInvitation
    from app.responses.submission import Submission
    from config import Keys


class Invented(NamedTuple):
    """Be one partner of the canton."""

    name: str
    type: str
    contact: str
    email: str
    #: How many days ago it was reminded; None for never.
    reminded: int | None = None


ANSWERING = (
    Invented("CCAS de Kerlann", "aide_sociale", "Anne Riou", "accueil@ccas-kerlann.invalid"),
    Invented(
        "France Travail, agence du Littoral",
        "insertion_professionnelle",
        "Karim Benali",
        "littoral@emploi.invalid",
    ),
    Invented("Mairie de Trévenec", "administration", "", "mairie@trevenec.invalid"),
)
SILENT = (
    Invented(
        "Maison France services de Plouvara",
        "aide_aux_demarches_administratives",
        "Soizic Prigent",
        "services@plouvara.invalid",
        reminded=3,
    ),
    Invented(
        "Caisse d’allocations familiales, antenne de Kerlann",
        "operateur_ou_organisme_en_charge",
        "",
        "antenne@caf-kerlann.invalid",
        reminded=5,
    ),
    Invented("Les Amis de Lanvily", "autre", "Gwen Tanguy", "amis@lanvily.invalid"),
)
#: How long ago the silent ones were asked.
ASKED = timedelta(days=20)
#: How long before its answer a partner received its letter.
BEFORE = timedelta(days=4)


def ask_partners(
    database: Database,
    keys: Keys,
    campaign: Campaign,
    drawn: Iterator[Submission],
    count: int,
    today: date,
) -> int:
    """Ask every partner; the first of the drawn answers are signed. Return how many are."""
    signed = list(islice(drawn, min(count, len(ANSWERING))))
    with database.writing() as session:
        for one, submission in zip(ANSWERING, signed, strict=False):
            _answer(session, keys, campaign, one, submission)
        for one in (*ANSWERING[len(signed) :], *SILENT):
            asked = _ask(session, keys, campaign, one, today - ASKED)
            if one.reminded is not None:
                day = today - timedelta(days=one.reminded)
                if asked.sent_on and day >= asked.sent_on + WEEK:
                    note_reminded(session, asked, day)
    return len(signed)


def _answer(
    session: Session, keys: Keys, campaign: Campaign, one: Invented, submission: Submission
) -> None:
    invitation = _ask(session, keys, campaign, one, submission.day - BEFORE)
    answers = {**submission.answers, "type": one.type}
    outcome = record(session, keys, replace(submission, answers=answers))
    if outcome.response_id is not None:
        note_answer(session, invitation.id, outcome.response_id, submission.day)


def _ask(
    session: Session, keys: Keys, campaign: Campaign, one: Invented, day: date
) -> PartnerInvitation:
    day = max(day, campaign.starts_on)
    partner = add_partner(
        session,
        campaign.organisation_id,
        one.name,
        one.type,
        contact_name=one.contact,
        email=one.email,
        today=day,
    )
    invitation = invite(session, keys, partner, campaign.links[0], day)
    note_sent(session, invitation, day)
    return invitation
