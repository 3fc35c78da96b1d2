"""Sealing: who may, what may, and that nothing of it changes afterwards."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from app.bilan.drafting import SealedError, leave_out, write_text
from app.bilan.models import Bilan, BilanSeal
from app.bilan.sealable import sealable
from app.bilan.sealing import RewrittenError, SealingError
from app.bilan.verifying import opened
from app.db import Database
from app.documents.section import Section
from app.indicators.models import FrozenMonth, Publication
from app.organisations.actions import add_lieu, create_person
from app.organisations.models import AccessEvent
from app.organisations.roles import MEDIATEUR, RESPONSABLE
from app.questionnaires import Library
from app.testimonies.models import QuoteUse
from config import Keys
from tests.bilan.sealed import MARK, SIGNED, freeze_closed, lend, seal_one, shown
from tests.bilan.structures import TODAY, Made, answer, structure_with

LATER = date(2027, 1, 4)


@pytest.fixture
def made(database: Database, keys: Keys, library: Library) -> Made:
    """Return a structure where 30 people answered each questionnaire, in ten months."""
    return structure_with(database, keys, library, 30)


def count(database: Database, table: Any) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def figures_of(section: Section) -> list[str]:
    told = [one.passage.text for one in section.headlines]
    for part in section.body:
        told += [one.passage.text for one in getattr(part, "findings", ())]
    return told + [f"{row.title} {row.result} {row.n}" for row in section.annex.rows]


def test_a_sealed_bilan_says_the_same_whatever_comes_later(
    database: Database, keys: Keys, made: Made
) -> None:
    freeze_closed(database, made)
    bilan = made.bilan(database)
    draft = shown(database, keys, made, bilan)
    assert (draft.standing.is_sealed, "Provisoire" in draft.standing.words) == (False, True)
    seal_one(database, keys, made, bilan)
    sealed = shown(database, keys, made, bilan)
    assert sealed.headlines
    assert sealed.method.period == "de janvier à octobre 2026"
    assert sealed.standing.is_sealed
    assert sealed.standing.words.startswith("Arrêté le 22\u00a0novembre 2026 par ")
    assert sealed.standing.since == ""
    answer(database, keys, made, 12, tone="negative")
    assert figures_of(shown(database, keys, made, made.bilan(database))) != figures_of(draft)
    after = shown(database, keys, made, bilan, LATER)
    assert figures_of(after) == figures_of(sealed)
    assert replace(after, standing=sealed.standing) == sealed
    assert "tardives, restées en dehors" in after.standing.since


def test_the_print_stands_on_the_page_and_in_the_annex(
    database: Database, keys: Keys, made: Made
) -> None:
    freeze_closed(database, made)
    bilan = made.bilan(database)
    seal_one(database, keys, made, bilan)
    with database.reading() as session:
        digest = session.get_one(BilanSeal, bilan.id).digest
    section = shown(database, keys, made, bilan)
    print_ = f"{digest[:4]}\u00a0{digest[4:8]}\u00a0{digest[8:12]}".upper()
    assert section.standing.words.endswith(f"empreinte {print_}")
    assert print_ in section.annex.references[-1]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"last_month": "2026-10"}, "Choisissez toute l’année 2026"),
        ({"first_month": "2026-02", "last_month": "2026-05"}, "un trimestre entier"),
        ({"first_month": "2025-07", "last_month": "2026-06"}, "un trimestre entier"),
        ({"actions": ["Ateliers"]}, "Retirez le choix des actions"),
        ({"lieux": ["1", "2"]}, "un seul lieu"),
        ({"first_month": "2026-10"}, "n’est pas fini"),
        ({"first_month": "2024-01", "last_month": "2024-12"}, "Aucun mois"),
    ],
)
def test_what_stays_provisional_is_refused_with_what_to_do(
    database: Database, keys: Keys, made: Made, changed: dict[str, Any], words: str
) -> None:
    freeze_closed(database, made)
    if changed.get("lieux"):
        with database.writing() as session:
            other = add_lieu(session, made.organisation_id, "Annexe").id
        changed = {"lieux": [str(made.lieu_id), str(other)]}
    bilan = made.bilan(database, **changed)
    with database.reading() as session:
        assert words in sealable(session, bilan, TODAY).problem
    with pytest.raises(SealingError):
        seal_one(database, keys, made, bilan)
    assert (count(database, BilanSeal), count(database, Publication)) == (0, 0)


def test_the_months_that_would_be_frozen_and_counted_are_named(
    database: Database, made: Made
) -> None:
    year, quarter = made.bilan(database), made.bilan(database, last_month="2026-03")
    months = tuple(f"2026-{month:02d}" for month in range(1, 11))
    with database.reading() as session:
        found = sealable(session, year, TODAY)
        assert (found.to_freeze, found.counted, found.is_partial) == (months, months, True)
        assert found.words == "de janvier à octobre 2026"
        found = sealable(session, quarter, TODAY)
        assert (found.to_freeze, found.counted, found.is_partial) == (months[:3], months[:3], False)
    freeze_closed(database, made)
    with database.reading() as session:
        assert sealable(session, year, TODAY).to_freeze == ()
        assert sealable(session, year, LATER).to_freeze == ("2026-11", "2026-12")


def test_a_quarter_and_a_lieu_may_be_sealed(database: Database, keys: Keys, made: Made) -> None:
    freeze_closed(database, made)
    quarter = made.bilan(database, last_month="2026-03", lieux=[str(made.lieu_id)])
    seal_one(database, keys, made, quarter)
    section = shown(database, keys, made, quarter)
    assert section.place == "Médiathèque de Kerlann"
    assert section.method.period == "de janvier à mars 2026"


def test_only_a_responsable_of_the_structure_seals(
    database: Database, keys: Keys, library: Library, made: Made
) -> None:
    freeze_closed(database, made)
    bilan = made.bilan(database)
    stranger = structure_with(database, keys, library, 0, name="Ailleurs")
    with database.writing() as session:
        colleague = create_person(
            session, made.organisation_id, "sam@example.fr", "Sam", MEDIATEUR
        ).id
        gone = create_person(session, made.organisation_id, "x@example.fr", "X", RESPONSABLE)
        gone.active = False
    for person_id in (colleague, gone.id, stranger.person_id):
        with pytest.raises(SealingError, match="responsable"):
            seal_one(database, keys, made, bilan, by=person_id)
    assert count(database, BilanSeal) == 0


def test_what_is_sealed_is_sealed_once_and_takes_no_more_words(
    database: Database, keys: Keys, made: Made
) -> None:
    freeze_closed(database, made)
    bilan = made.bilan(database)
    seal_one(database, keys, made, bilan)
    with pytest.raises(SealedError):
        seal_one(database, keys, made, bilan)
    with database.writing() as session:
        mine = session.get_one(Bilan, bilan.id)
        with pytest.raises(SealedError):
            write_text(session, keys, mine, "suite", "Non.", "", made.person_id, TODAY)
        with pytest.raises(SealedError):
            leave_out(session, mine, "suite")


def test_a_text_written_over_other_figures_is_read_again_first(
    database: Database, keys: Keys, made: Made
) -> None:
    bilan = made.bilan(database)
    # What the responsable read: answers of November, that the frozen months will not count.
    other = {"asked": ("progres_retrospectif",), "tone": "positive"}
    answer(database, keys, made, 40, **other)  # type: ignore[arg-type]
    passage = shown(database, keys, made, bilan).headlines[0].passage
    with database.writing() as session:
        mine = session.get_one(Bilan, bilan.id)
        given = ("Presque tous progressent.", f"{passage.proposed} Hier.", made.person_id, TODAY)
        write_text(session, keys, mine, passage.slot, *given)
    freeze_closed(database, made)
    with pytest.raises(RewrittenError) as refused:
        seal_one(database, keys, made, bilan)
    assert [one.text for one in refused.value.passages] == ["Presque tous progressent."]
    assert (count(database, BilanSeal), count(database, Publication)) == (0, 0)
    seal_one(database, keys, made, bilan, reread=True)
    first = shown(database, keys, made, bilan).headlines[0].passage
    assert (first.text, first.outdated) == ("Presque tous progressent.", "")


def test_an_empty_bilan_is_not_sealed(database: Database, keys: Keys, library: Library) -> None:
    made = structure_with(database, keys, library, 3)
    freeze_closed(database, made)
    with pytest.raises(SealingError, match="reconnaître"):
        seal_one(database, keys, made, made.bilan(database))
    assert count(database, Publication) == 0


def test_quotes_are_noted_in_the_register_and_stay_out_of_the_seal(
    database: Database, keys: Keys, made: Made
) -> None:
    told, quote = lend(database, keys, made)
    freeze_closed(database, made)
    bilan = made.bilan(database)
    seal_one(database, keys, made, bilan)
    with database.reading() as session:
        kept = opened(keys, session.get_one(BilanSeal, bilan.id))
        uses = session.scalars(select(QuoteUse)).all()
        acts = session.scalars(select(AccessEvent.act)).all()
    assert str(quote) in kept
    assert (MARK in kept, SIGNED in kept) == (False, False)
    assert [(one.testimony_id, one.quote_id, one.scope, one.place) for one in uses] == [
        (told, quote, "financeurs", "Bilan qualitatif 2026")
    ]
    assert acts.count("sealed") == 1
    (words,) = shown(database, keys, made, bilan).quotes
    assert (words.text, words.signature, words.is_gone) == (MARK, SIGNED, False)


def test_each_figure_is_kept_with_what_it_stands_on(
    database: Database, keys: Keys, made: Made
) -> None:
    freeze_closed(database, made)
    bilan = made.bilan(database)
    seal_one(database, keys, made, bilan)
    with database.reading() as session:
        sealed = session.get_one(BilanSeal, bilan.id)
        left = session.execute(
            select(Publication.measure, Publication.last_month, Publication.n).where(
                Publication.first_month == "2026-01", Publication.measure.not_like("%:%")
            )
        ).all()
        months = set(session.scalars(select(FrozenMonth.month)))
    kept = {(one["measure"], one["last_month"], one["tally"]["n"]) for one in sealed.figures}  # type: ignore[index]
    assert kept == set(map(tuple, left))
    assert sealed.last_month == max(months) == "2026-10"
    assert all(one["versions"] and one["indicator"] for one in sealed.figures)


def test_two_people_cannot_seal_the_same_bilan_at_once(
    database: Database, keys: Keys, made: Made
) -> None:
    freeze_closed(database, made)
    bilan = made.bilan(database)
    ended: list[str] = []
    together = threading.Barrier(2)

    def try_it() -> None:
        together.wait()
        try:
            seal_one(database, keys, made, bilan)
            ended.append("sealed")
        except SealedError:
            ended.append("refused")

    threads = [threading.Thread(target=try_it) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["refused", "sealed"]
