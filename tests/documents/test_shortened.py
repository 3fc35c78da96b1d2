"""What a document shortens: nothing is lost, nothing is said twice."""

from __future__ import annotations

from dataclasses import replace

from app.documents import shortened
from app.documents.section import Annex, AnnexRow
from app.scoring import IN_SHORT
from tests.documents.sections import sample

FORMULA = "Réponses où la moyenne des questions monte d’un moment à l’autre"


def row(title: str, questions: str, cautions: str = "", **changed: str) -> AnnexRow:
    return AnnexRow(title, questions, FORMULA, "8 sur 12\u202f; taille d’effet 0,39", "12", "A",
                    cautions, **changed)  # fmt: skip


def annexed(*rows: AnnexRow) -> Annex:
    names = {name for one in rows for name in one.cautions.split(", ") if name}
    return Annex(
        rows, tuple((name, "Sens.") for name in IN_SHORT.values() if name in names), (), ()
    )


def test_questions_of_a_row_above_are_named_by_its_number() -> None:
    annex = annexed(row("Liens", "Un ?"), row("Contribution", "Un ? · Aidé ?"))
    first, second = shortened.rows_of(replace(sample(), annex=annex, unshown=()))
    assert (first.title, first.questions, first.formula) == ("1. Liens", "Un ?", FORMULA)
    assert (second.questions, second.formula) == ("comme 1 · Aidé ?", "comme 1")
    assert first.result == "8 sur 12"


def test_a_warning_is_a_letter_unless_the_table_says_it() -> None:
    few, gone, silent = (IN_SHORT[code] for code in ("W_PETIT_N", "W_ATTRITION", "W_NSP"))
    annex = annexed(row("Un", "A ?", f"{few}, {gone}"), row("Deux", "B ?", f"{gone}, {silent}"))
    assert [one.sign for one in shortened.warned(annex)] == [
        "n plus petit que 20", "tous les chiffres", "a",
    ]  # fmt: skip
    rows = shortened.rows_of(replace(sample(), annex=annex, unshown=()))
    assert [one.cautions for one in rows] == ["", "a"]


def test_what_is_not_shown_is_one_paragraph_and_no_row() -> None:
    reason = "non diffusé (moins de 5 réponses)"
    section = replace(sample(), annex=annexed(row("Emploi", "A ?"), row("Liens", "B ?")),
                      unshown=(("Emploi", reason), ("Prudence", reason)))  # fmt: skip
    assert shortened.unshown(section) == (
        "Non diffusé (moins de 5 réponses)\u00a0: emploi et prudence."
    )
    assert [one.title for one in shortened.rows_of(section)] == ["Liens"]


def test_moments_stand_in_a_title_only_where_they_tell_two_rows_apart() -> None:
    alone = row("Liens (À la fin)", "A ?", moments="À la fin")
    two = [row(f"Emploi ({when})", "B ?", moments=when) for when in ("À la fin", "Des nouvelles")]
    titles = [one.title for one in shortened.rows_of(
        replace(sample(), annex=annexed(alone, *two), unshown=())
    )]  # fmt: skip
    assert [title.partition(". ")[2] for title in titles] == [
        "Liens", "Emploi (À la fin)", "Emploi (Des nouvelles)",
    ]  # fmt: skip


def test_every_number_drawn_stands_in_a_table() -> None:
    section = sample()
    drawn = {one.name for one in section.drawings if one.table}
    told = {name for table in shortened.numbers_of(section) for name, _ in table.rows}
    assert told == drawn
