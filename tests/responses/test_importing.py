"""A table typed elsewhere comes in whole, by one door, and gives the figures of `recueil score`."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from app.campaigns.actions import issue_cards
from app.campaigns.models import Campaign, Link
from app.campaigns.queries import find_link, plan_of, published
from app.db import Database
from app.responses import importing
from app.responses.actions import Prepared, prepare
from app.responses.importing import import_table
from app.responses.models import Pair, Response
from app.responses.queries import texts_of
from app.responses.submission import AlreadyRecorded
from app.scoring import TableErrors, read_table
from app.scoring.results import score_table
from config import Keys
from tests.rebuilding import differences
from tests.responses.conftest import Sender
from tests.responses.exported import text as text_of

TODAY = date(2026, 5, 4)

TABLE = """person,wave,jour,langue,mode,aut1,aut2,aut3,att_autonomie
P01,entree,2026-01-05,fr,seul,0,1,0,
P01,sortie,2026-03-05,fr,mediateur,1,2,1,beaucoup
P02,sortie,2026-03-06,fr,,3,nsp,refus,non
P02,entree,2026-01-06,fr,,0,0,0,
P03,entree,2026-01-07,fr,proche,2,,,
,entree,2026-01-08,fr,,1,1,1,
,sortie,2026-03-08,,,2,2,2,un_peu
"""


@pytest.fixture
def progres(campaign_of: Callable[..., Campaign]) -> Campaign:
    """Return a campaign of « Mes progrès » that asks every question."""
    return campaign_of("progres", doors=("affiche", "papier"), form="longue")


def test_a_table_in_and_out_again_gives_the_figures_of_the_table(
    database: Database, keys: Keys, progres: Campaign
) -> None:
    with database.reading() as session:
        passings = plan_of(session, progres).passings.values()
    whole = _with_columns(TABLE, [key for passing in passings for key in passing.by_key])
    assert _import(database, keys, progres, whole) == 7
    with database.reading() as session:
        questionnaire = published(session, progres.version)
        assert differences(session) == []
        assert session.scalar(select(func.count()).select_from(Pair)) == 3
    came_in = score_table(read_table(questionnaire, io.StringIO(whole)))
    out = text_of(database, keys, progres)
    went_out = score_table(read_table(questionnaire, io.StringIO(out)))
    assert went_out.to_json() == came_in.to_json()
    assert sum(figure.n for figure in went_out.figures) > 0


def test_rows_enter_by_the_door_of_the_link_and_the_wave_of_the_row(
    database: Database, keys: Keys, progres: Campaign
) -> None:
    _import(database, keys, progres, TABLE, door="papier")
    with database.reading() as session:
        links = {link.id: link for link in progres.links}
        rows = session.scalars(select(Response)).all()
        assert {links[row.link_id].door for row in rows} == {"papier"}
        assert all(links[row.link_id].wave == row.wave for row in rows)
        assert {row.day for row in rows if row.wave == "entree"} == {
            date(2026, 1, day) for day in (5, 6, 7, 8)
        }


def test_a_card_typed_in_a_table_joins_the_answer_sent_from_a_phone(
    database: Database, keys: Keys, sender: Sender, progres: Campaign, waves: dict[str, Link]
) -> None:
    with database.writing() as session:
        card = issue_cards(session, keys, progres, 1)[0]
    sender.send(waves["entree"], card=card)
    _import(database, keys, progres, f"person,wave,aut1,aut2\n{card},sortie,3,3\n")
    with database.reading() as session:
        assert len(set(session.scalars(select(Response.pair_id)))) == 1
        assert differences(session) == []


def test_texts_come_in_encrypted_and_as_they_went_out(
    database: Database,
    keys: Keys,
    sender: Sender,
    campaign: Campaign,
    campaign_of: Callable[..., Campaign],
) -> None:
    link = campaign.links[0]
    text = next(one for one in sender.build(link).passing.posed if one.question.kind.is_text)
    longest = "=" * (text.question.max_length or 280)
    typed = {"- un\n- deux", "=1+1", "'=1+1", 'Merci, « vous » ; "oui"', longest}
    for words in typed:
        sender.send(link, texts={text.key: words})
    out = text_of(database, keys, campaign)
    other = campaign_of("satisfaction", action="Copie")
    _import(database, keys, other, out)
    with database.reading() as session:
        copies = select(Response.id).where(Response.link_id == other.links[0].id)
        said = texts_of(session, keys, list(session.scalars(copies)))
    assert {texts[text.key] for texts in said.values()} == typed


def test_the_same_file_twice_is_refused_whole(
    database: Database, keys: Keys, progres: Campaign
) -> None:
    _import(database, keys, progres, TABLE)
    with pytest.raises(AlreadyRecorded):
        _import(database, keys, progres, TABLE)
    assert _count(database) == 7


def test_people_answer_while_a_table_is_read_and_scored(
    database: Database,
    keys: Keys,
    progres: Campaign,
    sender: Sender,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def watched(*given: Any) -> Prepared:
        with ThreadPoolExecutor(1) as pool:  # it would wait for ever if the table held all
            pool.submit(sender.send, progres.links[0]).result(60)
        return prepare(*given)

    monkeypatch.setattr(importing, "prepare", watched)
    assert _import(database, keys, progres, TABLE) == 7
    assert _count(database) == 8


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("P09,suivi,2026-01-05,fr,,9,1,0,", "ligne 9, colonne « aut1 », valeur « 9 »"),
        ("P09,milieu,2026-01-05,fr,,1,1,0,", "ligne 9, colonne « wave », valeur « milieu »"),
        ("P09,entree,2026-02-30,fr,,1,1,0,", "ligne 9, colonne « jour », valeur « 2026-02-30 »"),
        ("P09,entree,2026-05-05,fr,,1,1,0,", "ligne 9, colonne « jour », valeur « 2026-05-05 »"),
        ("P09,entree,2026-01-05,tlh,,1,1,0,", "ligne 9, colonne « langue », valeur « tlh »"),
        ("P01,entree,2026-01-05,fr,,1,1,0,", "lignes 2 et 9, colonne « person »"),
    ],
)
def test_one_wrong_line_is_named_and_nothing_comes_in(
    database: Database, keys: Keys, progres: Campaign, line: str, said: str
) -> None:
    with pytest.raises(TableErrors) as caught:
        _import(database, keys, progres, f"{TABLE}{line}\n")
    assert said in str(caught.value)
    assert len(caught.value.problems) == 1
    assert _count(database) == 0


def test_what_the_campaign_does_not_ask_is_refused(
    database: Database, keys: Keys, campaign_of: Callable[..., Campaign]
) -> None:
    short = campaign_of("progres")
    with pytest.raises(TableErrors) as caught:
        _import(database, keys, short, TABLE)
    assert [(one.lines, one.column) for one in caught.value.problems] == [((2,), "aut2")]
    only_entry = campaign_of("progres", form="longue", waves=("entree",))
    with pytest.raises(TableErrors) as caught:
        _import(database, keys, only_entry, TABLE)
    assert {problem.column for problem in caught.value.problems} == {"wave"}
    assert len(caught.value.problems) == 3


def test_an_answer_of_after_the_closing_is_kept_and_flagged(
    database: Database, keys: Keys, campaign_of: Callable[..., Campaign]
) -> None:
    closed = campaign_of("progres", form="longue", ends_on=date(2026, 2, 28))
    _import(database, keys, closed, TABLE)
    with database.reading() as session:
        assert {row.late for row in session.scalars(select(Response)) if row.day.month == 3} == {
            True
        }
        assert {row.late for row in session.scalars(select(Response)) if row.day.month == 1} == {
            False
        }


def _with_columns(table: str, columns: list[str]) -> str:
    """Add empty columns: a question whose column is there was asked, and skipped."""
    rows = list(csv.DictReader(io.StringIO(table)))
    written = io.StringIO()
    writer = csv.DictWriter(written, list(dict.fromkeys([*rows[0], *columns])))
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue()


def _import(
    database: Database, keys: Keys, campaign: Campaign, content: str, door: str = "affiche"
) -> int:
    code = next(link.code for link in campaign.links if link.door == door)
    with database.reading() as session:
        link = find_link(session, code)
        assert link is not None
    return import_table(database, keys, link.id, content, TODAY)


def _count(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Response)) or 0
