"""A bilan says what `recueil score` says of the exported answers: k, n, intervals, display.

Whoever received the bilan, and may see the answers, finds its figures again without Recueil’s
database: the interoperable export of each campaign, and the command.
"""

from __future__ import annotations

import json
from datetime import date
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner

from app.bilan.composing import compose
from app.bilan.figures import Figures, live, released
from app.campaigns.actions import issue_cards
from app.campaigns.models import Campaign
from app.db import Database
from app.documents.section import Section
from app.indicators.accompanied import Count, note_accompanied
from app.indicators.period import Period
from app.questionnaires import Library
from app.scoring.cli import score
from app.scoring.sentences import spaced
from app.web.typography import number
from app.wording.annex_rows import below, result_of
from app.wording.said import told
from app.wording.tracing import title_of
from config import Keys
from tests.bilan.sealed import freeze_closed, seal_one, shown
from tests.bilan.structures import TODAY, Made, answer, empty_structure, opened
from tests.responses.conftest import Sender
from tests.responses.exported import text

#: Methods A, B, C.
ASKED = ("progres", "progres_retrospectif", "satisfaction")
ACCOMPANIED = 90


@pytest.fixture
def made(database: Database, keys: Keys, library: Library) -> Made:
    """Return a structure that asks by the three methods, and where some skip what they want."""
    made = empty_structure(database, library)
    made.campaigns["progres"] = opened(database, library, made, "progres", action="Parcours")
    answer(database, keys, made, 26)
    sender = Sender(database, keys, Random(11))
    for name in ("progres_retrospectif", "satisfaction"):
        for rank in range(9):
            sender.send(made.campaigns[name].links[0], day=date(2026, 3, 1 + rank))
    come_back(database, keys, made.campaigns["progres"], sender)
    with database.writing() as session:
        # A bilan that leaves in November counts October last, and only people noted up to then.
        for last in ("2026-10", "2026-12"):
            note_accompanied(session, made.organisation_id, made.organisation_id,
                             Period("2026-01", last), Count(ACCOMPANIED), made.person_id,
                             TODAY)  # fmt: skip
    return made


def come_back(database: Database, keys: Keys, campaign: Campaign, sender: Sender) -> None:
    """Let 24 people answer at the beginning, most at the end, some months later."""
    with database.writing() as session:
        cards = issue_cards(session, keys, campaign, 24)
    links = {link.wave: link for link in campaign.links if link.door == "affiche"}
    for rank, card in enumerate(cards):
        for month, wave in ((2, "entree"), (5, "sortie"), (9, "suivi"))[: 1 + (rank + 2) % 4]:
            sender.send(links[wave], card=card, day=date(2026, month, 1 + rank))


def scored(database: Database, keys: Keys, made: Made) -> dict[str, dict[tuple[Any, ...], Any]]:
    """Return what the command finds in the export of each campaign."""
    found = {}
    for name in ASKED:
        table = text(database, keys, made.campaigns[name])
        given = [name, "-", "--accompagnes", str(ACCOMPANIED), "--json"]
        printed = CliRunner().invoke(score, given, input=table)
        assert printed.exit_code == 0, printed.stderr
        found[name] = {_name(one): one for one in json.loads(printed.stdout)["indicators"]}
    return found


def _name(one: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(one.get(part) for part in ("id", "method", "wave", "from", "to"))


def figures_of(database: Database, made: Made, *, leaves: bool) -> Figures:
    bilan = made.bilan(database)
    if leaves:
        freeze_closed(database, made)
    with database.writing() as session:
        if leaves:
            return released(session, made.reach, bilan)
        return live(session, made.reach, bilan, TODAY)


@pytest.mark.parametrize("leaves", [False, True], ids=["live", "leaving"])
def test_every_figure_of_a_bilan_is_that_of_the_command(
    database: Database, keys: Keys, made: Made, leaves: bool
) -> None:
    expected = scored(database, keys, made)
    figures = figures_of(database, made, leaves=leaves)
    seen: set[tuple[str, tuple[Any, ...]]] = set()
    for one in figures.told:
        said = json.loads(json.dumps(one.figure.to_json()))
        named = _name(said)
        asked = [name for name in ASKED if expected[name].get(named) == said]
        assert asked, (named, said, [expected[name].get(named) for name in ASKED])
        seen |= {(name, named) for name in asked}
    assert {one.figure.measure.method for one in figures.shown} == {"A", "B", "C"}
    assert len(figures.shown) > 12
    # The command knows no figure that the bilan forgets, save those that repeat another one.
    forgotten = {
        one["id"]
        for name, found in expected.items()
        for named, one in found.items()
        if one.get("n") and (name, named) not in seen
    }
    assert all(name.endswith("taches_sans_aide") for name in forgotten), forgotten


def test_the_section_and_its_annex_write_the_figures_of_the_command(
    database: Database, keys: Keys, made: Made
) -> None:
    expected = scored(database, keys, made)
    figures = figures_of(database, made, leaves=True)
    bilan = made.bilan(database)
    seal_one(database, keys, made, bilan)
    section = shown(database, keys, made, bilan)
    rows = sorted(section.annex.figures, key=lambda row: (row.title, row.method))
    in_order = sorted(
        figures.told, key=lambda one: (title_of(one.measured), one.figure.measure.method)
    )
    for one, row in zip(in_order, rows, strict=True):
        assert row.title == title_of(one.measured)
        (same,) = {
            json.dumps(found[named])
            for found in expected.values()
            if (named := _name(one.figure.to_json())) in found
            and found[named]["display"] == one.figure.display
            and found[named]["n"] == one.figure.n
        }
        known = json.loads(same)
        if one.reason:
            assert (row.n, row.result) == (below(one.reason), spaced(one.reason))
            assert not one.figure.visibility.counts or known["display"] != row.result
            continue
        assert row.n == number(known["n"])
        assert row.result == result_of(one.figure)
        assert_numbers(row.result, known, one.figure.visibility)
    assert_sentences(section, figures)


def assert_numbers(result: str, known: dict[str, Any], shown_of: Any) -> None:
    """Find k, n and both ends of the interval, as the command gives them, in what is written."""
    plain = result.replace("\u202f", " ").replace("\u00a0", " ").replace("−", "-")
    share = known.get("progress") or known.get("satisfied") or known
    if "k" not in share:
        return
    words = {0: "aucun"}
    assert f"{share['k']} sur {share['n']}" in plain or words.get(share["k"], "?") in plain.lower()
    if shown_of.percentages:
        rate, low, high = (
            int(100 * value + 0.5) for value in (share["k"] / share["n"], *share["ci"])
        )
        assert f"{rate} % [{low} ; {high}]" in plain
    else:
        assert "%" not in plain
    if shown_of.means and known.get("delta_ci") and "tasks" not in known:
        low, high = (round(end) for end in known["delta_ci"])
        assert f"[{low:+d} ; {high:+d}]" in plain.replace("[0", "[+0").replace("; 0", "; +0")
    if not shown_of.means:
        assert "écart" not in plain
        assert "moyenne" not in plain


def assert_sentences(section: Section, figures: Figures) -> None:
    """Find the sentence of each figure that the page tells, and the trace it opens to."""
    by_key = {one.measured.key: one.figure for one in figures.shown}
    findings = [one for part in section.body for one in getattr(part, "findings", ())]
    assert len(findings) > 5
    for one in findings:
        assert one.passage.text == told(by_key[one.trace.measure]).whole
        assert str(by_key[one.trace.measure].n) in one.trace.counts
    for opening in section.headlines:
        assert opening.trace.measure in by_key


def test_a_sealed_bilan_writes_what_the_same_answers_gave_the_day_before(
    database: Database, keys: Keys, made: Made
) -> None:
    freeze_closed(database, made)
    bilan = made.bilan(database)
    with database.reading() as session:
        before = compose(session, keys, made.reach, bilan, TODAY)
    seal_one(database, keys, made, bilan)
    after = shown(database, keys, made, bilan)
    assert [one.passage.text for one in after.headlines] == [
        one.passage.text for one in before.headlines
    ]
    assert [row.result for row in after.annex.rows] == [row.result for row in before.annex.rows]
    assert [row.cautions for row in after.annex.rows] == [row.cautions for row in before.annex.rows]
