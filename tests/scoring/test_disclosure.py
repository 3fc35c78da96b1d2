"""Rule 11, at each threshold and just below it."""

from __future__ import annotations

import pytest

from app.questionnaires.formulas import Part, Typology
from app.scoring import Figure, Plan, Thresholds, figure, measures
from app.scoring.disclosure import (
    SMALL_SENSITIVE_COUNT,
    TOO_FEW,
    TOO_FEW_SENSITIVE,
    may_tell,
    visibility,
)
from app.scoring.sentences import spaced
from app.scoring.typology import ALL_TOO_SMALL
from tests.scoring.cases import (
    cells,
    choice,
    figure_of,
    motives,
    paired,
    questionnaire,
    results,
    retrospective,
    satisfaction,
)


@pytest.mark.parametrize(
    ("n", "counts", "means", "percentages", "alpha"),
    [
        (0, False, False, False, False),
        (4, False, False, False, False),
        (5, True, False, False, False),
        (9, True, False, False, False),
        (10, True, True, False, False),
        (11, True, True, False, False),
        (19, True, True, False, False),
        (20, True, True, True, False),
        (29, True, True, True, False),
        (30, True, True, True, True),
    ],
)
def test_what_n_allows(n: int, counts: bool, means: bool, percentages: bool, alpha: bool) -> None:
    shown = visibility(n)
    assert (shown.counts, shown.means, shown.percentages, shown.alpha) == (
        counts, means, percentages, alpha,
    )  # fmt: skip
    assert shown.hidden == ("" if counts else TOO_FEW.format(5))
    assert bool(visibility(n, sensitive=True).hidden) == (n < 11)


def test_a_structure_may_want_more_people_and_never_fewer() -> None:
    careful = Thresholds(counts=8, means=15, percentages=30, category=20)
    assert visibility(7, thresholds=careful).hidden == TOO_FEW.format(8)
    assert visibility(8, thresholds=careful).counts
    assert [visibility(n, thresholds=careful).means for n in (14, 15)] == [False, True]
    assert [visibility(n, thresholds=careful).percentages for n in (29, 30)] == [False, True]
    assert visibility(10, sensitive=True, thresholds=careful).hidden
    very = Thresholds(counts=12)
    assert visibility(11, sensitive=True, thresholds=very).hidden == TOO_FEW_SENSITIVE.format(12)
    assert (careful.of_category, very.of_category) == (20, 12)
    with pytest.raises(ValueError, match="ne descend pas sous 5"):
        Thresholds(counts=4)


def test_a_figure_obeys_the_thresholds_it_is_given() -> None:
    asked = choice("dro3", "oui", "non")
    made = questionnaire("A", {"sortie": [asked]}, ("decouverte", Part("dro3", ("oui",))))
    (measure,) = measures(Plan.of_campaign(made))
    tally = {"to": 20, "n": 20, "k": 14}
    assert figure(measure, tally).visibility.percentages
    careful = figure(measure, tally, thresholds=Thresholds(percentages=25))
    assert careful.display == "14 personnes sur 20"
    hidden = figure(measure, tally, thresholds=Thresholds(counts=21))
    assert (hidden.display, hidden.parts) == (TOO_FEW.format(21), ())


def test_a_sensitive_count_and_its_complement_are_none_or_five() -> None:
    assert [count for count in range(12) if may_tell(count, 11)] == [0, 5, 6, 11]
    assert visibility(11, sensitive=True, counts=(4,)).hidden == SMALL_SENSITIVE_COUNT
    assert visibility(11, sensitive=True, counts=(7,)).hidden == SMALL_SENSITIVE_COUNT
    assert visibility(11, counts=(4,)).counts


def part(yes: int, no: int, *, sensitive: bool = False) -> Figure:
    made = questionnaire(
        "A",
        {"sortie": [choice("dro3", "oui", "non", sensitive=sensitive)]},
        ("decouverte", Part("dro3", ("oui",))),
    )
    return figure_of(
        results(made, "wave,dro3", *["sortie,oui"] * yes, *["sortie,non"] * no), "decouverte"
    )


@pytest.mark.parametrize(
    ("yes", "no", "said"),
    [
        (0, 0, TOO_FEW.format(5)),
        (4, 0, TOO_FEW.format(5)),
        (5, 2, "5 personnes sur 7"),
        (1, 8, "1 personne sur 9"),
        (0, 9, "aucune personne sur 9"),
        (7, 9, "7 personnes sur 16"),
        (14, 5, "14 personnes sur 19"),
        (14, 6, "70 % (14 sur 20) ; entre 48 % et 85 %"),
        (21, 9, "70 % (21 sur 30) ; entre 52 % et 83 %"),
    ],
)
def test_a_share_says_what_n_allows(yes: int, no: int, said: str) -> None:
    assert part(yes, no).display == spaced(said)


@pytest.mark.parametrize(
    ("yes", "no", "said"),
    [
        (4, 0, TOO_FEW_SENSITIVE.format(11)),
        (5, 5, TOO_FEW_SENSITIVE.format(11)),
        (5, 6, "5 personnes sur 11"),
        (0, 11, "aucune personne sur 11"),
        (4, 7, SMALL_SENSITIVE_COUNT),
        (17, 3, SMALL_SENSITIVE_COUNT),
    ],
)
def test_a_sensitive_share_says_less(yes: int, no: int, said: str) -> None:
    figure = part(yes, no, sensitive=True)
    assert figure.display == said
    assert bool(figure.parts) == (not figure.visibility.hidden)


def test_spaces_before_signs_do_not_break() -> None:
    assert part(14, 6).display == ("70\u202f% (14 sur 20)\u202f; entre 48\u202f% et 85\u202f%")


def test_eight_in_ten_is_said_only_when_it_is_near_enough() -> None:
    assert part(20, 5).headline == "8 personnes sur 10"
    assert part(25, 6).headline == "environ 8 personnes sur 10"
    assert part(19, 6).headline == "19 personnes sur 25"
    assert part(13, 6).headline == "13 personnes sur 19"
    assert part(30, 0).headline == "30 personnes sur 30"


def moved(up: int, same: int, down: int, *, before_after: bool = True) -> str:
    moves = [("1111", "2222")] * up + [("1111", "1111")] * same + [("2222", "1111")] * down
    if not before_after:
        header = "aut1,aut2,aut3,aut4," + ",".join(f"avant:aut{rank}" for rank in (1, 2, 3, 4))
        lines = [f"{cells(after)},{cells(before)}" for before, after in moves]
        return figure_of(results(retrospective(), header, *lines), "autonomie.progression").display
    lines = ["person,wave,aut1,aut2,aut3,aut4,att_autonomie"]
    for rank, (before, after) in enumerate(moves):
        lines += [f"{rank},entree,{cells(before)},", f"{rank},sortie,{cells(after)},non"]
    return figure_of(results(paired(), *lines), "autonomie.progression").display


def test_a_progress_sentence_gives_the_three_counts() -> None:
    assert moved(1, 1, 3) == "1 personne sur 5 a progressé, 1 est stable, 3 reculent"
    assert (
        moved(5, 0, 0) == "5 personnes sur 5 ont progressé, aucune n’est stable, aucune ne recule"
    )
    assert moved(0, 5, 0).startswith("aucune personne sur 5 n’a progressé, 5 sont stables")
    assert moved(2, 1, 1) == TOO_FEW.format(5)
    assert moved(14, 4, 2) == spaced(
        "14 personnes sur 20 ont progressé (70 % ; entre 48 % et 85 %), 4 sont stables, 2 reculent"
    )
    assert moved(0, 4, 1, before_after=False) == (
        "aucune réponse sur 5 n’est en progrès, 4 sont stables, 1 est en recul"
    )


def test_a_mean_waits_for_ten_and_a_percentage_for_twenty() -> None:
    def said(count: int) -> str:
        found = results(satisfaction(), "sat1", *["3"] * (count - 1), "0")
        return figure_of(found, "satisfaction.globale").display

    assert said(9) == "8 réponses satisfaites sur 9"
    assert said(10) == spaced("9 réponses satisfaites sur 10 ; moyenne 90,0 sur 100")
    assert said(20) == spaced(
        "réponses satisfaites : 95 % (19 sur 20) ; entre 76 % et 99 % ; moyenne 95,0 sur 100"
    )


TYPES = {"a": "non_demande", "b": "non_connaissance", "c": "non_reception", "rien": None}


def reasons(*, sensitive: bool = True, **counts: int) -> Figure:
    """Return the figure of motives given together (`a_b`) by some numbers of people."""
    made = questionnaire(
        "A",
        {"sortie": [motives("dro6", TYPES)]},
        ("motifs", Typology("dro6")),
        sensitive=("motifs",) if sensitive else (),
    )
    given = [f"sortie,{codes.replace('_', '|')}" for codes, n in counts.items() for _ in range(n)]
    return figure_of(results(made, "wave,dro6", *given), "motifs")


def test_a_type_of_motive_shows_from_five_persons_and_the_rest_is_merged() -> None:
    shown = reasons(a=6, b=3, c=3)
    assert shown.display == spaced(
        "sur 12 personnes avec au moins un motif : non-demande 6, autres motifs réunis 6"
        " ; plusieurs motifs sont possibles, le total peut dépasser 100 %"
    )
    assert [(part.id, part.count) for part in shown.parts] == [("non_demande", 6), ("merged", 6)]


def test_merged_motives_count_each_person_once_and_hide_below_five() -> None:
    together = reasons(sensitive=False, a=7, b_c=4)
    assert "non-demande 7, autres motifs non diffusés (effectif trop petit)" in together.display
    assert [part.id for part in together.parts] == ["non_demande"]
    assert together.to_json()["counts"] == {
        "non_demande": 7,
        "non_connaissance": 4,
        "non_reception": 4,
    }


def test_sensitive_motives_need_eleven_persons_and_a_large_complement() -> None:
    assert reasons(a=10, rien=9).display == TOO_FEW_SENSITIVE.format(11)
    alone = reasons(a=7, b_c=4)
    assert alone.display == ALL_TOO_SMALL
    assert alone.parts == ()


def test_motives_are_percentages_from_twenty() -> None:
    said = reasons(a=15, b=5).display
    assert spaced("non-demande 75 % (15), non-connaissance 25 % (5)") in said
