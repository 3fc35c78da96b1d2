"""The figures of a bilan: live for its own structure, and those that may leave."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.bilan.composing import compose, compose_from, provisional
from app.bilan.doors import doors
from app.bilan.figures import Figures, live, released
from app.bilan.method_box import doors_drawing
from app.bilan.scope import scope_of
from app.db import Database
from app.indicators.accompanied import Count, note_accompanied
from app.indicators.answers_ledger import Answered, answers_key
from app.indicators.fixed import FixedPeriod
from app.indicators.freezing import freeze
from app.indicators.ledger import GIVEN_AWAY
from app.indicators.lines import Ledger, Population
from app.indicators.models import Publication
from app.indicators.period import Period
from app.questionnaires import Library
from app.responses.rollups import fold
from app.scoring.disclosure import SMALL_SENSITIVE_COUNT, TOO_FEW_SENSITIVE
from app.wording.limits import UNLIKE
from config import Keys
from tests.bilan.structures import (
    ASKED,
    TODAY,
    Made,
    answer,
    empty_structure,
    opened,
    structure_with,
)

#: Sensitive figures keep their small numbers.
HIDDEN = (TOO_FEW_SENSITIVE.format(11), SMALL_SENSITIVE_COUNT)


def frozen(database: Database, made: Made, up_to: str) -> None:
    """Freeze the closed months of a structure."""
    with database.writing() as session:
        freeze(session, made.organisation_id, up_to, made.person_id, TODAY)


def leaving(database: Database, made: Made, **changed: Any) -> Figures:
    """Return the figures that may leave."""
    bilan = made.bilan(database, **changed)
    with database.writing() as session:
        figures = released(session, made.reach, bilan)
        assert figures.ledger
        figures.ledger.write(session, TODAY)
        return figures


def of(figures: Figures, indicator: str) -> Any:
    return next(one for one in figures.told if one.indicator == indicator)


def test_live_figures_know_what_they_were_looked_for_in(
    database: Database, keys: Keys, library: Library
) -> None:
    made = structure_with(database, keys, library, 20)
    bilan = made.bilan(database)
    with database.reading() as session:
        figures = live(session, made.reach, bilan, TODAY)
    assert figures.responses == 40
    assert {one.questionnaire.id: one.responses for one in figures.asked} == {
        "progres_retrospectif": 20, "satisfaction": 20,
    }  # fmt: skip
    assert of(figures, "autonomie.progression").received == 20
    assert of(figures, "autonomie.progression").versions
    assert list(figures.doors) == ["téléphone", "tablette", "papier"]
    assert figures.doors["téléphone"] + figures.doors["tablette"] + figures.doors["papier"] == 40
    assert figures.comparison is None


def test_folded_or_not_the_figures_are_the_same(
    database: Database, keys: Keys, library: Library
) -> None:
    made = structure_with(database, keys, library, 12)
    bilan = made.bilan(database)
    with database.reading() as session:
        waiting = compose(session, keys, made.reach, bilan, TODAY)
    with database.writing() as session:
        fold(session, made.organisation_id)
    with database.reading() as session:
        assert compose(session, keys, made.reach, bilan, TODAY) == waiting


def test_how_many_were_accompanied_gives_a_rate_and_a_margin_to_who_answers_once(
    database: Database, keys: Keys, library: Library
) -> None:
    made = structure_with(database, keys, library, 25)
    with database.writing() as session:
        note_accompanied(
            session, made.organisation_id, made.organisation_id, Period("2026-01", "2026-12"),
            Count(100), made.person_id, TODAY,
        )  # fmt: skip
    bilan = made.bilan(database)
    with database.reading() as session:
        section = compose(session, keys, made.reach, bilan, TODAY)
    once, often = section.method.sources
    assert once.received == "25\u00a0réponses sur 100 personnes (25\u202f%)"
    assert once.margin == "marge d’environ ± 17 points"
    assert often.received == "25\u00a0réponses (une personne peut répondre plusieurs fois)"
    assert often.margin == ""
    assert section.method.accompanied.startswith("100\u00a0personnes accompagnées")


def test_what_leaves_stands_on_frozen_months_alone(
    database: Database, keys: Keys, library: Library
) -> None:
    made = structure_with(database, keys, library, 30)
    frozen(database, made, "2026-06")
    figures = leaving(database, made)
    assert figures.last_month == "2026-06"
    assert of(figures, "satisfaction.globale").figure.n == 18
    answer(database, keys, made, 30, tone="negative")
    again = leaving(database, made)
    assert of(again, "satisfaction.globale").figure.n == 18
    assert [one.responses for one in again.asked] == [18, 18]
    assert sum(again.doors.values()) == 36
    assert of(again, "satisfaction.globale").received == 18


def test_a_section_that_leaves_says_its_last_month_and_no_number_of_comments(
    database: Database, keys: Keys, library: Library
) -> None:
    made = structure_with(database, keys, library, 5)
    answer(database, keys, made, 25, texts=("Trop d’attente.",), asked=("satisfaction",))
    frozen(database, made, "2026-10")
    bilan = made.bilan(database)
    with database.writing() as session:
        figures = released(session, made.reach, bilan)
        section = compose_from(session, keys, made.reach, bilan, figures, provisional(TODAY), TODAY)
    assert section.method.period == "de janvier à octobre 2026"
    (stuck,) = (one for one in section.body if one.slot == "coince")
    said = stuck.passage.proposed  # type: ignore[union-attr]
    assert "Le mot «\u202fattente\u202f» revient dans les commentaires." in said
    assert not any(sign.isdigit() for sign in said)


def test_a_figure_that_would_single_out_somebody_stays_with_its_reason(
    database: Database, keys: Keys, library: Library
) -> None:
    made = structure_with(database, keys, library, 58)  # 6 a month, 5 in the last two
    frozen(database, made, "2026-03")
    quarter = leaving(database, made, first_month="2026-01", last_month="2026-03")
    assert of(quarter, "satisfaction.globale").reason == ""
    frozen(database, made, "2026-04")
    answer(database, keys, made, 3, tone="positive")
    year = leaving(database, made)
    assert of(year, "satisfaction.globale").last_month == "2026-04"
    with database.reading() as session:
        ledger = Ledger.of(session, made.organisation_id)
        counted = Population(made.organisation_id, "2026-01", "2026-04")
        told = Answered(session, ledger, counted).questionnaires()
    assert told == {"progres_retrospectif": 24, "satisfaction": 24}


@pytest.mark.parametrize("lieux", [False, True], ids=["structure", "lieu"])
def test_what_leaves_says_who_is_missing_as_the_structure_reads_it(
    database: Database, keys: Keys, library: Library, lieux: bool
) -> None:
    made = empty_structure(database, library)
    for asked in ASKED:
        made.campaigns[asked] = opened(
            database, library, made, asked, form="courte", modules=["profil"]
        )
    answer(database, keys, made, 40)
    scope_id = made.lieu_id if lieux else made.organisation_id
    count = Count(people=200, profile={"age": {"soixante_dix_plus": 200}})
    with database.writing() as session:
        note_accompanied(session, made.organisation_id, scope_id, Period("2026-01", "2026-12"),
                         count, made.person_id, TODAY)  # fmt: skip
    bilan = made.bilan(database, lieux=[str(made.lieu_id)] if lieux else [])
    with database.reading() as session:
        inside = live(session, made.reach, bilan, TODAY)
    frozen(database, made, "2026-10")
    with database.writing() as session:
        outside = released(session, made.reach, bilan)
        box = compose_from(session, keys, made.reach, bilan, outside, provisional(TODAY), TODAY)
    assert "W_PROFIL" in of(inside, "satisfaction.globale").figure.warnings
    assert [one.figure.warnings for one in outside.told] == [
        one.figure.warnings for one in inside.told
    ]
    assert UNLIKE in box.method.limits.text


def test_the_number_of_answers_is_in_the_ledger_too(
    database: Database, keys: Keys, library: Library
) -> None:
    made = structure_with(database, keys, library, 23)  # 3 in January, then 2 or 3 a month
    for up_to in ("2026-03", "2026-04"):
        frozen(database, made, up_to)
        fixed = FixedPeriod(2026)
        with database.writing() as session:
            ledger = Ledger.of(session, made.organisation_id)
            counted = Population(made.organisation_id, fixed.first, up_to)
            told = Answered(session, ledger, counted).questionnaires()
            ledger.write(session, TODAY)
        # April adds 2 answers to a number that left: the new one stays.
        assert bool(told) == (up_to == "2026-03")
    with database.reading() as session:
        left = session.scalars(select(Publication).order_by(Publication.measure)).all()
        assert {one.measure for one in left} == {
            answers_key("satisfaction"), answers_key("progres_retrospectif"),
        }  # fmt: skip
        assert {(one.last_month, one.n) for one in left} == {("2026-03", 9)}
    figures = leaving(database, made)
    assert [one.responses for one in figures.asked] == [None, None]
    assert figures.doors == {}
    assert {one.received for one in figures.told} == {None}


def test_a_figure_that_would_single_out_somebody_stops_at_an_earlier_month_and_says_it(
    database: Database, keys: Keys, library: Library
) -> None:
    made = structure_with(database, keys, library, 30)  # 3 a month
    frozen(database, made, "2026-04")
    leaving(database, made, first_month="2026-01", last_month="2026-03")
    bilan = made.bilan(database)
    with database.writing() as session:
        figures = released(session, made.reach, bilan)
        section = compose_from(session, keys, made.reach, bilan, figures, provisional(TODAY), TODAY)
    told = of(figures, "satisfaction.globale")
    assert (figures.last_month, told.last_month, told.figure.n) == ("2026-04", "2026-03", 9)
    assert told.received is None
    (block,) = (one for one in section.body if one.slot == "bloc:satisfaction")
    assert "Jusqu’à mars 2026 seulement" in block.findings[0].margin  # type: ignore[union-attr]


def test_a_figure_that_cannot_leave_at_all_is_named_with_its_reason(
    database: Database, keys: Keys, library: Library
) -> None:
    made = structure_with(database, keys, library, 30)
    frozen(database, made, "2026-03")
    leaving(database, made)
    frozen(database, made, "2026-06")
    # January to March left with 9, the second quarter with 9: nothing is singled out.
    second = leaving(database, made, first_month="2026-04", last_month="2026-06")
    assert {one.reason for one in second.told if one.figure.n == 9} <= {"", *HIDDEN}
    frozen(database, made, "2026-09")
    with database.writing() as session:
        session.add(
            Publication(
                organisation_id=made.organisation_id, scope_id=made.organisation_id,
                measure=of(second, "satisfaction.aide").measured.key, first_month="2026-07",
                last_month="2026-08", n=6, published_on=TODAY,
            )
        )  # fmt: skip
    bilan = made.bilan(database, first_month="2026-07", last_month="2026-09")
    with database.writing() as session:
        figures = released(session, made.reach, bilan)
        section = compose_from(session, keys, made.reach, bilan, figures, provisional(TODAY), TODAY)
    assert of(figures, "satisfaction.aide").reason == GIVEN_AWAY
    assert ("Aide reçue", GIVEN_AWAY) in section.unshown
    assert "satisfaction.aide" not in str(section.body)


@pytest.mark.parametrize("changed", [{"first_month": "2026-02"}, {"actions": ["Mardi"]}])
def test_only_a_year_or_a_quarter_of_one_scope_leaves(
    database: Database, keys: Keys, library: Library, changed: dict[str, Any]
) -> None:
    made = structure_with(database, keys, library, 5)
    bilan = made.bilan(database, **changed)
    with database.writing() as session, pytest.raises(ValueError, match="année ou un trimestre"):
        released(session, made.reach, bilan)


def test_nothing_is_frozen_nothing_leaves(database: Database, keys: Keys, library: Library) -> None:
    made = structure_with(database, keys, library, 8)
    figures = leaving(database, made)
    assert (figures.told, figures.last_month, figures.responses) == ((), "", 0)


def test_the_year_before_is_compared_only_when_it_is_frozen_too(
    database: Database, keys: Keys, library: Library
) -> None:
    made = structure_with(database, keys, library, 30, tone="positive")
    answer(database, keys, made, 30, tone="negative", year=2025)
    frozen(database, made, "2026-10")
    figures = leaving(database, made)
    assert figures.comparison is not None
    assert "2025" in figures.comparison.words


def test_rare_doors_stand_with_another_and_the_total_tells_nothing_more() -> None:
    drawn = doors_drawing({"téléphone": 19, "tablette": 14, "papier": 3, "avec l’équipe": 2})
    assert drawn is not None
    assert drawn.table[1:] == (
        ("téléphone", "19"), ("tablette", "14"), ("papier ou avec l’équipe", "5"),
    )  # fmt: skip
    few = doors_drawing({"téléphone": 19, "tablette": 6, "papier": 1})
    assert few is not None
    assert few.table[1:] == (("téléphone", "19"), ("tablette ou papier", "7"))
    assert doors_drawing({"téléphone": 19, "papier": 4}) is None
    assert doors_drawing({"téléphone": 40}) is None
    assert doors_drawing({}) is None


def test_doors_are_those_of_what_is_spoken_of(
    database: Database, keys: Keys, library: Library
) -> None:
    made = structure_with(database, keys, library, 10)
    bilan = made.bilan(database, first_month="2026-01", last_month="2026-03")
    with database.reading() as session:
        found = doors(session, scope_of(session, made.reach, bilan))
    assert sum(found.values()) == 6
