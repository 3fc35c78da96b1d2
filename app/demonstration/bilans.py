"""The bilans of the demonstration: a quarter that is « arrêté », and the year being written."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from app.bilan.drafting import Objective, create_bilan, set_objectives, write_text
from app.bilan.frames import Frame, usual_year
from app.bilan.sealing import SealingError, seal
from app.campaigns.periods import months_around
from app.indicators.accompanied import Count, note_accompanied
from app.indicators.fixed import FixedPeriod
from app.indicators.live import responses_in
from app.indicators.period import Period
from app.organisations.queries import Reach

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.db import Database
    from config import Keys

#: What the team writes in the bilan of the year, by slot; « {after} » is the year after.
WRITTEN = {
    "appris:autonomie": (
        "Refaire la même démarche à deux semaines d’intervalle aide plus qu’une longue séance : "
        "nous fixons maintenant le second rendez-vous avant que la personne parte."
    ),
    "appris:lien": (
        "On vient pour un papier et l’on repart vite. Le café du jeudi crée des liens, mais peu de "
        "personnes le connaissent."
    ),
    "coince": (
        "L’attente, surtout le mardi. Plusieurs personnes repartent sans avoir été reçues, et nous "
        "n’avons qu’un ordinateur dans la salle du fond."
    ),
    "suite": (
        "Ouvrir un second créneau le jeudi matin, à partir de janvier {after}.\n"
        "Consacrer deux ateliers à l’envoi d’un document, en février et en mars {after}.\n"
        "Proposer le café du jeudi à la fin de chaque rendez-vous, dès maintenant."
    ),
}
NEXT_QUARTER = (
    "Écrire à l’accueil les heures où l’on attend le moins.\n"
    "Demander à la mairie un second ordinateur pour la salle du fond."
)
OBJECTIVES = (
    Objective(
        "Qu’une personne suivie sur deux progresse dans ses démarches", "autonomie.progression", 50
    ),
    Objective("Que trois visites sur quatre se passent bien", "satisfaction.globale", 75),
    Objective(
        "Que deux personnes sur trois aient plus de liens avec les autres", "lien.progression", 67
    ),
    Objective("Que chacune sache à qui demander de l’aide près de chez elle"),
)
#: People who came, for a hundred answers: most answer, some twice, many never.
PEOPLE = 55


def write_bilans(
    database: Database, keys: Keys, organisation_id: UUID, person_id: UUID, today: date
) -> None:
    """Seal the last closed quarter, when enough people answered, and begin the bilan of the year.

    The months are frozen already: nobody waits for this.
    """
    reach, year = Reach(organisation_id), FixedPeriod(usual_year(today))
    quarter = _last_quarter(today)
    with database.writing() as session:
        for period in (_period(year), _period(quarter)):
            _note_accompanied(session, reach, period, person_id, today)
        draft = create_bilan(session, reach, Frame(_period(year)), person_id, today)
        for slot, text in WRITTEN.items():
            said = text.format(after=year.year + 1)
            write_text(session, keys, draft, slot, said, "", person_id, today)
        set_objectives(session, draft, OBJECTIVES, revision=draft.revision)
    with suppress(SealingError), database.writing() as session:
        bilan = create_bilan(session, reach, Frame(_period(quarter)), person_id, today)
        write_text(session, keys, bilan, "suite", NEXT_QUARTER, "", person_id, today)
        seal(session, keys, reach, bilan, person_id, today)  # too few answered: nothing stays


def _note_accompanied(
    session: Session, reach: Reach, period: Period, person_id: UUID, today: date
) -> None:
    """Say how many people came, as somebody who keeps count does."""
    count = Count(people=max(20, responses_in(session, reach, period) * PEOPLE // 100))
    organisation_id = reach.organisation_id
    note_accompanied(session, organisation_id, organisation_id, period, count, person_id, today)


def _period(fixed: FixedPeriod) -> Period:
    return Period(fixed.first, fixed.last)


def _last_quarter(today: date) -> FixedPeriod:
    """Return the last quarter that was over a month ago."""
    (month,) = months_around(today, -1, 0)
    quarter = FixedPeriod.holding(f"{month:%Y-%m}")[1]
    if f"{month:%Y-%m}" == quarter.last:
        return quarter
    (before,) = months_around(date.fromisoformat(f"{quarter.first}-01"), -1, 0)
    return FixedPeriod.holding(f"{before:%Y-%m}")[1]
