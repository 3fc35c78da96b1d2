"""Writing a bilan: what is kept, what is refused, and that nothing is written over in silence."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.bilan.drafting import (
    LONGEST,
    ChangedError,
    DraftError,
    Objective,
    SealedError,
    bring_back,
    change_frame,
    choose_quotes,
    copy_bilan,
    create_bilan,
    delete_bilan,
    leave_out,
    mark_of,
    move_part,
    propose_quotes,
    refuse_if_rewritten,
    set_objectives,
    take_proposal,
    write_text,
)
from app.bilan.frames import Frame
from app.bilan.models import Bilan, BilanObjective, BilanSeal, BilanText
from app.bilan.queries import objectives_of, texts_of
from app.db import Database
from app.indicators.period import Period
from app.organisations.actions import create_person
from app.organisations.models import Lieu, Organisation
from app.organisations.queries import Reach
from app.organisations.roles import RESPONSABLE
from config import Keys

TODAY = date(2026, 11, 22)
YEAR = Period("2026-01", "2026-12")
SAID = "43 personnes sur 58 disent faire plus de choses."


@pytest.fixture
def bilan(database: Database, organisation: Organisation) -> Bilan:
    """Return a bilan of the whole structure over the year 2026."""
    with database.writing() as session:
        person = create_person(session, organisation.id, "y@example.fr", "Yann", RESPONSABLE)
        return create_bilan(session, Reach(organisation.id), Frame(YEAR), person.id, TODAY)


def again(session: Session, bilan: Bilan) -> Bilan:
    """Read a bilan again."""
    return session.get_one(Bilan, bilan.id)


def _on_disk(file: Path) -> bytes:
    """Return the file and its log."""
    return b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*"))


def seal(session: Session, bilan: Bilan) -> None:
    """Put a seal on a bilan, whatever it says."""
    session.add(
        BilanSeal(
            bilan_id=bilan.id, sealed_on=TODAY, sealed_by=bilan.made_by, last_month="2026-10",
            content=b"", figures=[], digest="0" * 64,
        )
    )  # fmt: skip
    session.flush()


def test_a_text_replaces_the_proposal_and_remembers_it(
    database: Database, bilan: Bilan, keys: Keys
) -> None:
    with database.writing() as session:
        mine = again(session, bilan)
        write_text(
            session, keys, mine, "phrase:a", " Trois sur quatre. ", SAID, mine.made_by, TODAY
        )
        write_text(session, keys, mine, "phrase:a", "Trois sur quatre !", SAID, mine.made_by, TODAY)
        assert mine.revision == 3
    with database.reading() as session:
        (kept,) = texts_of(session, keys, bilan.id).values()
        assert (kept.text, kept.proposed) == ("Trois sur quatre !", SAID)


def test_writing_the_proposal_itself_follows_the_figures_again(
    database: Database, bilan: Bilan, keys: Keys
) -> None:
    with database.writing() as session:
        mine = again(session, bilan)
        write_text(session, keys, mine, "phrase:a", "Autre", SAID, mine.made_by, TODAY)
        write_text(session, keys, mine, "phrase:a", f"{SAID} ", SAID, mine.made_by, TODAY)
        assert texts_of(session, keys, bilan.id) == {}


def test_an_empty_text_is_refused_only_where_a_sentence_is_proposed(
    database: Database, bilan: Bilan, keys: Keys
) -> None:
    with database.writing() as session:
        mine = again(session, bilan)
        with pytest.raises(DraftError, match="reprenez la phrase proposée"):
            write_text(session, keys, mine, "phrase:a", "  ", SAID, mine.made_by, TODAY)
        write_text(session, keys, mine, "suite", "Jeudi.", "", mine.made_by, TODAY)
        write_text(session, keys, mine, "suite", "", "", mine.made_by, TODAY)
        assert texts_of(session, keys, bilan.id) == {}


def test_a_text_that_is_too_long_says_by_how_much(
    database: Database, bilan: Bilan, keys: Keys
) -> None:
    with database.writing() as session:
        mine = again(session, bilan)
        write_text(session, keys, mine, "suite", "a" * LONGEST, "", mine.made_by, TODAY)
        with pytest.raises(DraftError, match="2001 caractères"):
            write_text(session, keys, mine, "suite", "a" * (LONGEST + 1), "", mine.made_by, TODAY)


def test_what_a_colleague_wrote_meanwhile_is_not_written_over(
    database: Database, bilan: Bilan, keys: Keys
) -> None:
    with database.writing() as session:
        mine = again(session, bilan)
        refuse_if_rewritten(session, keys, mine, "suite", "")
        write_text(session, keys, mine, "suite", "De Yann.", "", mine.made_by, TODAY)
        refuse_if_rewritten(session, keys, mine, "suite", mark_of("De Yann."))
        with pytest.raises(ChangedError) as refused:
            refuse_if_rewritten(session, keys, mine, "suite", "")
    assert refused.value.theirs is not None
    assert refused.value.theirs.text == "De Yann."


def test_what_is_taken_back_leaves_no_trace(
    sqlite_file: Path, database: Database, bilan: Bilan, keys: Keys
) -> None:
    with database.writing() as session:
        mine = again(session, bilan)
        write_text(session, keys, mine, "suite", "Ouvrir le jeudi.", "", mine.made_by, TODAY)
        kept = session.get_one(BilanText, (bilan.id, "suite")).ciphertext
    assert kept in _on_disk(sqlite_file)
    with database.writing() as session:
        take_proposal(session, again(session, bilan), "suite")
    assert kept not in _on_disk(sqlite_file)
    assert sqlite3.connect(sqlite_file).execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize(
    ("slot", "by", "order"),
    [
        ("b", -1, ["b", "a", "c"]),
        ("b", 1, ["a", "c", "b"]),
        ("a", -1, ["a", "b", "c"]),
        ("c", 1, ["a", "b", "c"]),
    ],
)
def test_a_part_moves_by_one_place(
    database: Database, bilan: Bilan, slot: str, by: int, order: list[str]
) -> None:
    with database.writing() as session:
        move_part(session, again(session, bilan), slot, by, ["a", "b", "c"])
    with database.reading() as session:
        assert again(session, bilan).parts_order == order


def test_a_part_that_is_no_longer_there_does_not_move(database: Database, bilan: Bilan) -> None:
    with database.writing() as session, pytest.raises(DraftError, match="Rechargez"):
        move_part(session, again(session, bilan), "z", 1, ["a", "b"])


def test_a_part_is_left_out_once_and_comes_back(database: Database, bilan: Bilan) -> None:
    with database.writing() as session:
        for slot in ("bloc:lien", "annexe", "bloc:lien"):
            leave_out(session, again(session, bilan), slot)
    with database.writing() as session:
        assert again(session, bilan).left_out == ["annexe", "bloc:lien"]
        bring_back(session, again(session, bilan), "annexe")
    with database.reading() as session:
        assert again(session, bilan).left_out == ["bloc:lien"]


def test_quotes_are_few_ordered_and_chosen_on_a_page_that_is_not_older(
    database: Database, bilan: Bilan
) -> None:
    one, two, three = (UUID(int=rank) for rank in (1, 2, 3))
    with database.writing() as session:
        mine = again(session, bilan)
        choose_quotes(session, mine, "bloc:lien", [two, one], revision=1)
        with pytest.raises(ChangedError):
            choose_quotes(session, mine, "bloc:lien", [one], revision=1)
        with pytest.raises(DraftError, match="2 citations au plus"):
            choose_quotes(session, mine, "bloc:lien", [one, two, three], revision=2)
        with pytest.raises(DraftError, match="une seule citation"):
            choose_quotes(session, mine, "titre", [one, two], revision=2)
        choose_quotes(session, mine, "temoignages", [three], revision=2)
        choose_quotes(session, mine, "coince", [], revision=3)
        propose_quotes(session, mine, "temoignages")
    with database.reading() as session:
        assert again(session, bilan).quotes == {"bloc:lien": [str(two), str(one)], "coince": []}


def test_objectives_are_written_together_in_their_order(database: Database, bilan: Bilan) -> None:
    asked = [Objective("Créer du lien", "lien.progression", 60), Objective(""), Objective("Aider")]
    with database.writing() as session:
        set_objectives(session, again(session, bilan), asked, revision=1)
        set_objectives(session, again(session, bilan), asked[::-1], revision=2)
    with database.reading() as session:
        kept = objectives_of(session, bilan.id)
        assert [(one.rank, one.words, one.indicator, one.target) for one in kept] == [
            (1, "Aider", "", None),
            (2, "Créer du lien", "lien.progression", 60),
        ]


@pytest.mark.parametrize(
    ("objectives", "words"),
    [
        ([Objective("a" * 301)], "300 caractères"),
        ([Objective("Aider", "a.b", 0)], "de 1 à 100"),
        ([Objective("Aider", "a.b", 101)], "de 1 à 100"),
        ([Objective(f"Aider {rank}") for rank in range(9)], "8 objectifs au plus"),
    ],
)
def test_an_objective_that_cannot_be_is_refused(
    database: Database, bilan: Bilan, objectives: list[Objective], words: str
) -> None:
    with database.writing() as session:
        with pytest.raises(DraftError, match=words):
            set_objectives(session, again(session, bilan), objectives, revision=1)
        assert not objectives_of(session, bilan.id)


def test_a_frame_changes_and_texts_stay(
    database: Database, bilan: Bilan, keys: Keys, lieu: Lieu
) -> None:
    reach = Reach(bilan.organisation_id)
    frame = Frame(Period("2026-04", "2026-06"), (lieu.id,), ("Ateliers",), "public", True)
    with database.writing() as session:
        mine = again(session, bilan)
        write_text(session, keys, mine, "suite", "Jeudi.", "", mine.made_by, TODAY)
        with pytest.raises(ChangedError):
            change_frame(session, reach, mine, frame, revision=1)
        change_frame(session, reach, mine, frame, revision=2)
    with database.reading() as session:
        assert Frame.of(again(session, bilan)) == frame
        assert list(texts_of(session, keys, bilan.id)) == ["suite"]


def test_who_sees_some_lieux_begins_a_bilan_of_theirs_only(
    database: Database, bilan: Bilan, lieu: Lieu
) -> None:
    reach = Reach(bilan.organisation_id, frozenset({lieu.id}))
    with database.writing() as session:
        create_bilan(session, reach, Frame(YEAR, (lieu.id,)), bilan.made_by, TODAY)
        for lieux in ((), (UUID(int=9),), (lieu.id, UUID(int=9))):
            with pytest.raises(DraftError, match="vos lieux"):
                create_bilan(session, reach, Frame(YEAR, lieux), bilan.made_by, TODAY)


def test_a_sealed_bilan_refuses_every_write(database: Database, bilan: Bilan, keys: Keys) -> None:
    reach = Reach(bilan.organisation_id)
    with database.writing() as session:
        mine, who = again(session, bilan), bilan.made_by
        seal(session, mine)
        writes: tuple[Callable[[], object], ...] = (
            lambda: write_text(session, keys, mine, "suite", "Jeudi.", "", who, TODAY),
            lambda: take_proposal(session, mine, "suite"),
            lambda: move_part(session, mine, "a", 1, ["a", "b"]),
            lambda: leave_out(session, mine, "a"),
            lambda: bring_back(session, mine, "a"),
            lambda: choose_quotes(session, mine, "titre", [], revision=1),
            lambda: propose_quotes(session, mine, "titre"),
            lambda: set_objectives(session, mine, [], revision=1),
            lambda: change_frame(session, reach, mine, Frame(YEAR), revision=1),
            lambda: delete_bilan(session, mine),
        )
        for write in writes:
            with pytest.raises(SealedError, match="copie"):
                write()
        assert mine.revision == 1


def test_a_copy_of_a_sealed_bilan_has_all_of_it_and_is_free(
    database: Database, bilan: Bilan, keys: Keys
) -> None:
    with database.writing() as session:
        mine = again(session, bilan)
        write_text(session, keys, mine, "phrase:a", "Autre", SAID, mine.made_by, TODAY)
        leave_out(session, mine, "annexe")
        move_part(session, mine, "b", -1, ["a", "b"])
        choose_quotes(session, mine, "titre", [UUID(int=1)], revision=mine.revision)
        set_objectives(session, mine, [Objective("Aider")], revision=mine.revision)
        seal(session, mine)
        copy = copy_bilan(session, keys, mine, mine.made_by, TODAY)
        assert Frame.of(copy) == Frame.of(mine)
        assert texts_of(session, keys, copy.id) == texts_of(session, keys, mine.id)
        assert (copy.left_out, copy.parts_order, copy.quotes) == (
            mine.left_out, mine.parts_order, mine.quotes,
        )  # fmt: skip
        assert [one.words for one in objectives_of(session, copy.id)] == ["Aider"]
        write_text(session, keys, copy, "suite", "Jeudi.", "", copy.made_by, TODAY)
        assert "suite" not in texts_of(session, keys, mine.id)


def test_a_draft_that_is_deleted_leaves_nothing(
    database: Database, bilan: Bilan, keys: Keys
) -> None:
    with database.writing() as session:
        mine = again(session, bilan)
        write_text(session, keys, mine, "suite", "Jeudi.", "", mine.made_by, TODAY)
        set_objectives(session, mine, [Objective("Aider")], revision=mine.revision)
        delete_bilan(session, mine)
    with database.reading() as session:
        for table in (Bilan, BilanText, BilanObjective):
            assert session.scalar(select(func.count()).select_from(table)) == 0
