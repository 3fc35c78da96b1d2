"""La Coop's export: how many people, who they are, and nothing else of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from app.indicators import coop_export
from app.indicators.accompanied import GROUPS
from app.indicators.coop_export import CODES, WANTED, Counted, ExportError, read_exports
from app.questionnaires import Library
from app.scoring import Plan
from app.web.workbooks import folded
from tests.indicators.coop import HEADINGS, NAMELESS, activity, export

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
AGE = "Tranche d’âge du bénéficiaire"


def read(*exports: bytes, lieu: str = "") -> Counted:
    return read_exports(exports, FIRST, LAST, lieu)


def numbers(counted: Counted) -> tuple[int | None, int | None, int]:
    count = counted.count
    return count.people, count.supports, count.unnamed


def refusal(*exports: bytes) -> str:
    with pytest.raises(ExportError) as caught:
        read(*exports)
    return str(caught.value)


def without(*names: str) -> list[str]:
    return [name for name in HEADINGS if name not in names]


def test_people_count_once_and_those_without_a_name_are_apart() -> None:
    rows = [
        activity("Jeanne Le Goff"),
        activity("  jeanne  LE GOFF "),
        activity("Hervé Tanguy"),
        activity("Herve\u0301 Tanguy"),
        activity(),
        activity(""),
        activity(NAMELESS.upper()),
    ]
    assert numbers(read(export(rows))) == (2, 7, 3)


def test_each_person_of_a_workshop_has_a_row() -> None:
    rows = [activity(f"Personne {rank}", participants=f"{rank}/5") for rank in range(1, 6)]
    assert numbers(read(export(rows))) == (5, 5, 0)


def test_an_older_export_has_a_row_an_activity_and_a_line_a_person() -> None:
    headings = [
        "Nombre de participants" if name == "Participants" else name
        for name in without("ID CRA", "Nom du lieu")
    ]
    workshop = activity(f"Anna\nBilal\n{NAMELESS}", age="70 ans et plus\n25 - 39 ans\n12 - 17 ans")
    rows = [workshop | {"Nombre de participants": 4}, activity("Anna")]
    counted = read(export(rows, headings))
    assert numbers(counted) == (2, 5, 2)
    assert counted.count.profile == {"age": {"soixante_dix_plus": 1, "vingt_cinq_trente_neuf": 1}}


@pytest.mark.parametrize(
    "rows",
    [[activity("", participants=1), activity()], [activity(), activity()]],
)
def test_without_names_only_accompagnements_are_counted(rows: list[Mapping[str, Any]]) -> None:
    for headings in (HEADINGS, without("Bénéficiaire")):
        counted = read(export(rows, headings))
        assert numbers(counted) == (None, 2, 0)
        assert counted.count.profile == {}
        assert counted.count.source == "coop"


def test_other_months_and_rows_without_a_day_are_left_out_and_said() -> None:
    rows = [
        activity("A", date(2025, 12, 31)),
        activity("B", date(2026, 1, 1)),
        activity("C", date(2026, 12, 31)),
        activity("D", "05/06/2026"),
        activity("E", date(2027, 1, 1)),
        activity("F", "bientôt"),
    ]
    counted = read(export(rows))
    assert (counted.count.people, counted.outside, counted.undated) == (3, 2, 1)


def test_only_the_lieu_counts_when_its_name_is_there() -> None:
    rows = [
        activity("A", lieu="Médiathèque de Kerlann"),
        activity("A", lieu="Annexe"),
        activity("B", lieu="mediatheque  de KERLANN"),
        activity("C"),
    ]
    there = read(export(rows), lieu="Médiathèque de Kerlann")
    assert numbers(there) == (2, 2, 0)
    assert (there.elsewhere, there.is_lieu_unknown) == (2, False)
    unknown = read(export(rows), lieu="Mairie")
    assert numbers(unknown) == (3, 4, 0)
    assert (unknown.elsewhere, unknown.is_lieu_unknown) == (0, True)
    assert not read(export(rows)).is_lieu_unknown


def test_each_person_tells_their_profile_once() -> None:
    rows = [
        activity("A", genre="Féminin", age="70 ans et plus"),
        activity("A", genre="Féminin", age="70 ans et plus", statut="Retraité"),
        activity("B", genre="Masculin", statut="Sans emploi"),
        activity("C"),
        activity("", genre="Masculin"),
    ]
    assert read(export(rows)).count.profile == {
        "genre": {"feminin": 1, "masculin": 1},
        "age": {"soixante_dix_plus": 1},
        "statut": {"retraite": 1, "sans_emploi": 1},
    }


def test_codes_are_those_that_people_answer_and_that_la_coop_knows(library: Library) -> None:
    plan = Plan.of_campaign(library.questionnaires["satisfaction"], "courte", ["profil"])
    options = {
        posed.question.id: {str(option.code) for option in posed.question.options}
        for passing in plan.passings.values()
        for posed in passing.posed
        if posed.question.id in GROUPS
    }
    assert {name: set(codes.values()) for name, codes in CODES.items()} == options
    assert {name: set(groups) for name, groups in GROUPS.items()} == options


def test_two_mediateurs_and_the_same_activities_sent_twice() -> None:
    mine = [activity("A", cra="1"), activity("B", cra="2")]
    workshop = [activity(f"P{rank}", participants=f"{rank}/2", cra="3") for rank in (1, 2)]
    theirs = [activity("B", cra="4"), *workshop]
    assert numbers(read(export(mine), export(theirs))) == (4, 5, 0)
    assert numbers(read(export([*mine, *workshop]), export(theirs), export(mine))) == (4, 5, 0)
    assert numbers(read(export([activity("A"), activity("A")]), export([activity("A")]))) == (
        1,
        3,
        0,
    )


def test_columns_in_another_order_and_with_other_signs() -> None:
    headings = [name.upper().replace("’", "'") for name in reversed(without("Adresse", "Tags"))]
    row = {name.upper().replace("’", "'"): cell for name, cell in activity("A").items()}
    assert numbers(read(export([row], headings, about=()))) == (1, 1, 0)


def test_the_notes_are_not_among_what_is_taken() -> None:
    assert "Notes supplémentaires" in HEADINGS
    assert not [name for name in WANTED if "note" in folded(name)]
    counted = read(export([activity("Zqxnom", notes="Zqxnote", lieu="Zqxlieu")]))
    assert "Zqx" not in repr(counted)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (export([]), "aucune activité"),
        (export([activity("A", date(2020, 1, 1))]), "Aucune activité de ce classeur"),
        (export([activity("A", "jamais")]), "aucune date"),
        (export([], ["Nom", "Prénom"]), "pas l’export des activités"),
        (export([], ["Date", "Montant"]), "pas l’export des activités"),
    ],
)
def test_an_export_that_counts_nobody_says_what_to_do(content: bytes, words: str) -> None:
    assert words in refusal(content)


def test_the_table_is_found_on_another_sheet() -> None:
    assert numbers(read(export([activity("A")], before=("Lisez-moi",)))) == (1, 1, 0)


def test_more_people_than_a_workshop_holds_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    row = activity("", participants=10**12)
    assert read(export([row])).count.supports == coop_export.MOST_AT_ONCE
    monkeypatch.setattr(coop_export, "MOST_SUPPORTS", 1_500)
    assert "plus d’un million" in refusal(export([row, row]))
