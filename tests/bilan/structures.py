"""Structures whose bilan is known beforehand: so many answers, that say one thing.

`structure_with(database, keys, library, n, tone="mixed")` opens « Mes progrès, en une fois » and
« Votre avis aujourd’hui » (long form) over 2025 and 2026 in one lieu, records `n` answers to each
through the real functions, and returns a `Made`: `organisation_id`, `lieu_id`, `person_id` (a
responsable), `reach`, `campaigns` by questionnaire, and `bilan(database, …)`, which writes a bilan
of it. `tone`: everybody goes up and is pleased (`positive`), everybody goes down and is not
(`negative`), or 6 in 10 go up, 2 stay and 2 go down (`mixed`). Answers come from January to
October 2026, and by three doors in turn.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from uuid import UUID, uuid4

from app.bilan.models import Bilan
from app.campaigns.actions import open_campaign
from app.campaigns.models import Campaign
from app.campaigns.queries import campaign_of
from app.organisations.actions import add_lieu, create_organisation, create_person
from app.organisations.queries import Reach
from app.organisations.roles import RESPONSABLE
from tests.responses.conftest import Sender

if TYPE_CHECKING:
    from app.db import Database
    from app.questionnaires import Library
    from app.questionnaires.definition import Answer, Posed
    from config import Keys

Tone: TypeAlias = Literal["positive", "negative", "mixed"]
TODAY = date(2026, 11, 22)
DOORS = ("affiche", "borne", "papier")
ASKED = ("progres_retrospectif", "satisfaction")
ASKS_WHAT_IS_DIFFICULT = {
    "progres_retrospectif": "frein", "satisfaction": "frein_jour", "partenaire": "attente",
}  # fmt: skip
#: What one person in ten does, in turn: up, the same, down.
MIXED = (1, 1, 0, 1, -1, 1, 1, 0, 1, -1)


@dataclass(frozen=True)
class Made:
    """Be a structure, and what is needed to read it."""

    organisation_id: UUID
    lieu_id: UUID
    person_id: UUID
    #: By the id of the questionnaire.
    campaigns: dict[str, Campaign] = field(default_factory=dict)

    @property
    def reach(self) -> Reach:
        """Return the whole structure."""
        return Reach(self.organisation_id)

    def bilan(self, database: Database, **changed: Any) -> Bilan:
        """Write a bilan of the year 2026 for a financeur, unless something is changed."""
        values: dict[str, Any] = {
            "id": uuid4(), "organisation_id": self.organisation_id, "first_month": "2026-01",
            "last_month": "2026-12", "audience": "financeur", "made_by": self.person_id,
            "made_on": TODAY,
        }  # fmt: skip
        with database.writing() as session:
            made = Bilan(**{**values, **changed})
            session.add(made)
            session.flush()
            session.refresh(made)
        return made


def structure_with(
    database: Database,
    keys: Keys,
    library: Library,
    n: int,
    *,
    tone: Tone = "mixed",
    name: str = "Le Fil numérique",
    year: int = 2026,
) -> Made:
    """Return a structure where `n` people answered each of two questionnaires over a year."""
    made = empty_structure(database, library, name)
    answer(database, keys, made, n, tone=tone, year=year)
    return made


def empty_structure(database: Database, library: Library, name: str = "Le Fil numérique") -> Made:
    """Return a structure that opened its campaigns, and that nobody answered."""
    with database.writing() as session:
        organisation = create_organisation(
            session, name, contact="4 rue du Lavoir, Kerlann · 02 00 00 00 00"
        )
        lieu = add_lieu(session, organisation.id, "Médiathèque de Kerlann", "Kerlann")
        email = f"{organisation.id.hex[:12]}@exemple.fr"
        person = create_person(session, organisation.id, email, role=RESPONSABLE)
        made = Made(organisation.id, lieu.id, person.id)
    for asked in ASKED:
        made.campaigns[asked] = opened(database, library, made, asked)
    return made


def opened(
    database: Database, library: Library, made: Made, asked: str, **options: Any
) -> Campaign:
    """Open a campaign over 2025 and 2026, its links loaded."""
    values: dict[str, Any] = {
        "lieu_id": made.lieu_id, "starts_on": date(2025, 1, 1), "ends_on": date(2026, 12, 31),
        "doors": DOORS, "form": "longue", "today": TODAY,
    }  # fmt: skip
    with database.writing() as session:
        campaign_id = open_campaign(
            session, library, made.organisation_id, questionnaire=asked, **{**values, **options}
        ).id
    with database.reading() as session:
        found = campaign_of(session, made.reach, campaign_id)
        assert found is not None
        assert all(link.campaign is found for link in found.links)
        return found


def answer(
    database: Database,
    keys: Keys,
    made: Made,
    n: int,
    *,
    tone: Tone = "mixed",
    year: int = 2026,
    asked: tuple[str, ...] = ASKED,
    texts: tuple[str, ...] = (),
) -> None:
    """Record `n` answers to each questionnaire; `texts` say in turn what is still difficult."""
    sender = Sender(database, keys, Random(1))
    for name in asked:
        links = made.campaigns[name].links
        for rank in range(n):
            link = links[rank % len(links)]
            sent = sender.build(link, answers={"mode": "seul"})
            said = {posed.key: _answered(posed, rank, tone) for posed in sent.passing.posed}
            told = ASKS_WHAT_IS_DIFFICULT[name]
            sender.send(
                link,
                day=date(year, 1 + rank % 10, 1 + rank // 10 % 28),
                answers={key: value for key, value in said.items() if value is not None},
                texts={told: texts[rank % len(texts)]} if texts else {},
            )


def _answered(posed: Posed, rank: int, tone: Tone) -> Answer | None:
    question = posed.question
    if question.kind.is_text:
        return None
    move = {"positive": 1, "negative": -1, "mixed": MIXED[rank % 10]}[tone]
    codes = [option.code for option in question.options]
    if question.id == "mode":
        return "seul"
    if question.id.startswith("att_"):
        return "beaucoup" if move > 0 else "non"
    if question.id == "dro4":
        return "oui" if move > 0 else "non"
    if question.id == "dro5":
        return "non"
    if question.kind.name == "choix_multiple":
        return [str(codes[rank % (len(codes) - 1)])]
    # « Avant » stands in the middle of a scale, « maintenant » above, there or below.
    middle = (len(codes) - 1) // 2
    if len(codes) == 2:
        return codes[1 if move > 0 else 0]
    return codes[middle] if posed.before or not move else codes[-1 if move > 0 else 0]
