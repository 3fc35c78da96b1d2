"""The CSV of answers: what is accepted, and errors that name line, column and value."""

from __future__ import annotations

import pytest

from app.questionnaires.definition import Questionnaire
from app.scoring import TableErrors
from tests.scoring.cases import (
    HEADER,
    figure_of,
    paired,
    results,
    rights,
    rows,
    satisfaction,
    several,
    worked_lines,
)


def said(made: Questionnaire, *lines: str) -> list[str]:
    with pytest.raises(TableErrors) as caught:
        rows(made, *lines)
    assert str(caught.value) == "\n".join(map(str, caught.value.problems))
    return [str(problem) for problem in caught.value.problems]


def test_the_only_wave_need_not_be_written() -> None:
    table = rows(satisfaction(), "\ufeffsat1", "3", "", "nsp", "   ")
    assert [(row.wave, row.answers) for row in table.rows] == [
        ("unique", {"sat1": 3}),
        ("unique", {"sat1": "nsp"}),
        ("unique", {}),
    ]


def test_reserved_columns_are_kept_as_they_stand() -> None:
    made = satisfaction()
    table = rows(
        made,
        "person,wave,jour,porte,langue,version,mode,sat1",
        f"K7,unique,2026-03-02,affiche,fr,{made.version},mediateur,2",
    )
    (row,) = table.rows
    assert (row.person, row.mode, row.line) == ("K7", "mediateur", 2)
    assert row.reserved["jour"] == "2026-03-02"
    assert row.answers == {"sat1": 2}


def test_several_codes_are_joined_by_a_bar() -> None:
    lines = [
        "emploi|formation",
        "rien",
        "cherche_pas",
        "emploi|cherche_pas",
        "nsp",
        '""',
        "formation",
    ]
    found = figure_of(results(several(), "ins3", *lines), "insertion.sorties").to_json()
    assert (found["k"], found["n"]) == (2, 3)
    assert found["aside"] == {"cherche_pas": 2, "nsp": 1, "vide": 1}


def test_all_errors_are_told_at_once_with_line_column_and_value() -> None:
    problems = said(
        paired(),
        HEADER,
        "P1,entree,0,1,9,0,",
        "P1,sortie,0,1,oui,0,enormement",
        "P2,milieu,0,1,2,0,",
        "P1,entree,0,1,2,0,",
        "P3,entree,0,1,2,0,non",
        "P4,entree,0",
    )
    assert problems[0] == (
        "ligne 2, colonne « aut3 », valeur « 9 » : "
        "ce code n'existe pas ; codes possibles : 0, 1, 2, 3, nsp, nc, refus"
    )
    assert problems[1].startswith("ligne 3, colonne « aut3 », valeur « oui »")
    assert problems[2].startswith("ligne 3, colonne « att_autonomie », valeur « enormement »")
    assert problems[3].startswith("ligne 4, colonne « wave », valeur « milieu »")
    assert problems[4].startswith("lignes 2 et 5, colonne « person », valeur « P1 »")
    assert problems[5].startswith("ligne 6, colonne « att_autonomie », valeur « non »")
    assert problems[6] == "ligne 7 : 3 cellules au lieu de 7"
    assert len(problems) == 7


@pytest.mark.parametrize(
    ("header", "start"),
    [
        ("wave,aut1,aut9", "ligne 1, colonne « aut9 » : colonne inconnue"),
        ("wave,aut1,", "ligne 1, colonne « 3 » : colonne inconnue"),
        ("wave,avant:aut1", "ligne 1, colonne « avant:aut1 » : colonne inconnue"),
        ("wave,aut1,aut1", "ligne 1, colonne « aut1 » : cette colonne est écrite deux fois"),
        ("aut1", "ligne 1, colonne « wave » : il manque la colonne des vagues"),
        ("person;wave;aut1", "ligne 1 : les colonnes doivent être séparées par des virgules"),
    ],
)
def test_a_wrong_header_is_told(header: str, start: str) -> None:
    assert said(paired(), header, "1")[0].startswith(start)


def test_an_empty_file_and_a_broken_quote_are_told() -> None:
    with pytest.raises(TableErrors, match="le fichier est vide"):
        rows(satisfaction())
    assert said(satisfaction(), "sat1", "3", '"3')[0].startswith("ligne 3 : ")
    assert said(satisfaction(), "sat1", "\x00")[0].startswith("ligne 2")


def test_another_version_is_refused() -> None:
    (problem,) = said(satisfaction(), "version,sat1", ",3", "autre,3")
    assert problem.startswith("ligne 3, colonne « version », valeur « autre »")


def test_people_without_a_code_are_never_taken_for_one_another() -> None:
    lines = [line.replace(line.split(",")[0], "", 1) for line in worked_lines()[1:]]
    found = figure_of(results(paired(), HEADER, *lines), "autonomie.progression").values
    assert (found["n"], found["unpaired_entry"], found["unpaired_exit"]) == (0, 12, 12)


def test_an_answer_whose_condition_is_false_is_ignored_and_counted() -> None:
    found = results(rights(), "dro4,dro5,dro6", "pas_besoin,non,honte", "non,,honte", "oui,non,")
    assert (found.responses, found.ignored) == (3, 2)
    assert figure_of(found, "nonrecours.motifs").values["n"] == 1
    assert figure_of(found, "nonrecours.evite").values["k"] == 1


def test_a_question_counts_when_its_column_stands_in_the_header() -> None:
    lines = [",".join(line.split(",")[:4]) for line in worked_lines()]
    found = results(paired(), *lines)
    (measured,) = (
        figure.measure
        for figure in found.figures
        if figure.measure.indicator.id == "autonomie.progression"
    )
    assert [item.id for item in measured.items] == ["aut1", "aut2"]
    assert "mesuré par 2 questions" in measured.explanation()
    assert {figure.measure.indicator.id for figure in found.figures} == {
        "autonomie.progression",
        "autonomie.taches_sans_aide",
    }


def test_each_pair_of_waves_has_its_figure() -> None:
    lines = [*worked_lines(), "P01,suivi,2,2,2,2,non"]
    found = results(paired(), *lines)
    pairs = [
        (one.measure.from_wave, one.measure.to_wave, one.n)
        for one in found.figures
        if one.measure.indicator.id == "autonomie.contribution"
    ]
    assert pairs == [("entree", "sortie", 11), ("entree", "suivi", 1), ("sortie", "suivi", 1)]


def test_a_table_without_a_row_lists_every_indicator() -> None:
    found = results(paired(), HEADER)
    assert len(found.figures) == 9
    values = found.figures[0].to_json()
    assert (values["n"], values["before"], values["delta_ci"], values["balance"]) == (
        0, None, None, None,
    )  # fmt: skip
    assert values["progress"] == {"k": 0, "n": 0, "ci": None}
