"""The section that is proposed: what it holds, in which order, and what it never says."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.bilan.composing import NOBODY, TOO_FEW, compose
from app.bilan.drafting import write_text
from app.bilan.models import BilanObjective
from app.db import Database
from app.demonstration import load_demonstration
from app.documents.section import Block, Objectives, Section, Words
from app.organisations.actions import add_lieu
from app.organisations.models import Person
from app.organisations.queries import Reach
from app.questionnaires import Library
from app.web.typography import typographic
from config import Keys
from tests.bilan.structures import (
    TODAY,
    Made,
    answer,
    empty_structure,
    opened,
    structure_with,
)

#: How a structure of so many people is composed.
Composed = Callable[..., Section]
CORE = ["bloc:autonomie", "bloc:confiance", "bloc:lien", "bloc:nonrecours"]


@pytest.fixture
def made(database: Database, keys: Keys, library: Library) -> Callable[..., Made]:
    """Return a function that makes a structure."""

    def make(n: int, **options: Any) -> Made:
        return structure_with(database, keys, library, n, **options)

    return make


@pytest.fixture
def composed(database: Database, keys: Keys) -> Callable[..., Section]:
    """Return a function that composes a bilan of a structure."""

    def section_of(structure: Made, *, reach: Reach | None = None, **changed: Any) -> Section:
        bilan = structure.bilan(database, **changed)
        with database.reading() as session:
            return compose(session, keys, reach or structure.reach, bilan, TODAY)

    return section_of


def slots(section: Section) -> list[str]:
    return [part.slot for part in section.body]


def part(section: Section, slot: str) -> Any:
    (found,) = (one for one in section.body if one.slot == slot)
    return found


def findings(section: Section) -> list[Any]:
    return [one for found in section.body for one in getattr(found, "findings", ())]


def everything(section: Section) -> str:
    """Return every word of the body: what a reader sees, the annex left out."""
    told = [one.passage.text for one in (*section.headlines, *findings(section))]
    return " ".join([*told, section.method.period, *(s.received for s in section.method.sources)])


def test_the_usual_section_goes_from_the_heart_to_what_comes_next(
    made: Callable[..., Made], composed: Composed
) -> None:
    section = composed(made(25))
    assert slots(section) == [
        *CORE, "bloc:ressource", "bloc:satisfaction", "coince", "suite",
    ]  # fmt: skip
    assert section.empty == ""
    assert section.running_title == "Bilan d’activité 2026"
    assert section.standing.words == typographic(
        "Provisoire, ne pas diffuser : chiffres du 22\u00a0novembre 2026"
    )
    assert not section.standing.is_sealed
    assert part(section, "suite").is_list


def test_the_heart_is_drawn_once_each_and_told_in_two_sentences_at_most(
    made: Callable[..., Made], composed: Composed
) -> None:
    section = composed(made(25))
    drawn = {one.slot: [bool(f.drawings) for f in one.findings] for one in section.body
             if isinstance(one, Block)}  # fmt: skip
    for slot in CORE:
        assert drawn[slot][0], slot
        assert not any(drawn[slot][1:]), slot
        assert len(drawn[slot]) <= 2
    assert drawn["bloc:ressource"] == drawn["bloc:satisfaction"] == [False]
    assert all(len(one.drawings) <= 1 for one in findings(section))
    assert all(not f.margin for one in section.body if isinstance(one, Block)
               for f in one.findings[1:])  # fmt: skip
    names = [one.name for one in section.drawings]
    assert len(names) == len(set(names))


def test_every_figure_told_stands_in_the_annex_with_its_version(
    made: Callable[..., Made], composed: Composed
) -> None:
    section = composed(made(25))
    rows = " ".join(row.title for row in section.annex.figures)
    for one in (*section.headlines, *findings(section)):
        assert one.trace.title in rows
        assert one.trace.versions
        assert all(re.fullmatch(r"[0-9a-f]{12}", version) for version in one.trace.versions)
    assert any("version" in reference for reference in section.annex.references)


def test_four_sentences_at_most_open_it_one_a_critere(
    made: Callable[..., Made], composed: Composed
) -> None:
    section = composed(made(25, tone="positive"))
    indicators = [one.trace.indicator for one in section.headlines]
    assert len(indicators) == 4
    assert len({one.partition(".")[0] for one in indicators} - {"apprentissage"}) >= 3
    assert len(set(indicators)) == 4


def test_a_structure_of_seven_counts_people_and_gives_no_percentage(
    made: Callable[..., Made], composed: Composed
) -> None:
    section = composed(made(7))
    assert findings(section)
    assert "%" not in everything(section)
    assert all(not one.figure.count("%") for one in (f.trace for f in findings(section)))


def test_nobody_answered_says_what_to_do_and_invents_no_sentence(
    database: Database, library: Library, composed: Composed
) -> None:
    section = composed(empty_structure(database, library))
    assert section.empty == typographic(NOBODY)
    assert section.headlines == ()
    assert findings(section) == []
    assert section.title_quote is None
    assert section.method.doors is None
    assert part(section, "coince").passage.proposed == ""


def test_four_answers_are_named_as_hidden_and_never_told(
    made: Callable[..., Made], composed: Composed
) -> None:
    section = composed(made(4))
    assert section.empty == typographic(TOO_FEW)
    assert findings(section) == []
    assert section.headlines == ()
    assert section.method.doors is None  # 4 + 2 + 2 answers: no two groups of 5
    assert "Autonomie dans les démarches" in dict(section.unshown)
    assert all("non diffusé" in reason for _, reason in section.unshown)
    assert [one.received for one in section.method.sources] == ["moins de 5 réponses"] * 2


def test_only_bad_news_are_told_as_plainly(made: Callable[..., Made], composed: Composed) -> None:
    section = composed(made(25, tone="negative"))
    assert {one.slot for one in section.body if isinstance(one, Block)} >= set(CORE)
    stuck = part(section, "coince")
    assert stuck.passage.proposed.startswith(
        "Un recul est établi pour l’autonomie dans les démarches"
    )
    assert any("ne montrent pas de progrès" in hint for hint in stuck.hints)


def test_what_is_not_established_is_never_dropped(
    made: Callable[..., Made], composed: Composed
) -> None:
    structure = made(25, tone="negative")
    whole = composed(structure)
    told = {one.trace.indicator for one in findings(whole)}
    # Left out of its block by hand, a figure is not brought back elsewhere.
    slot = next(f.passage.slot for f in findings(whole) if "lien.progression" in f.passage.slot)
    section = composed(structure, left_out=[slot])
    assert {"autonomie.progression", "lien.progression"} <= told
    assert slot not in [one.passage.slot for one in findings(section)]
    assert (slot, "Liens avec les autres") in section.left_out


def test_parts_go_where_somebody_put_them(made: Callable[..., Made], composed: Composed) -> None:
    section = composed(made(7), parts_order=["suite", "bloc:lien"])
    assert slots(section)[:3] == ["suite", "bloc:lien", "bloc:autonomie"]


def test_what_is_left_out_is_named_to_be_brought_back(
    made: Callable[..., Made], composed: Composed
) -> None:
    off = ["titre", "phrases", "methode", "petits", "annexe", "bloc:lien", "coince", "suite"]
    section = composed(made(7), left_out=off)
    assert dict(section.left_out).keys() == set(off)
    assert set(section.hidden_slots) == {"titre", "phrases", "methode", "petits", "annexe"}
    assert not {"bloc:lien", "coince", "suite"} & set(slots(section))
    assert section.headlines == ()
    assert section.unshown == ()
    assert section.annex.rows == ()


def test_a_text_of_ours_stands_and_tells_when_its_figure_moved(
    database: Database, keys: Keys, library: Library, composed: Composed
) -> None:
    structure = structure_with(database, keys, library, 20)
    bilan = structure.bilan(database)
    with database.reading() as session:
        before = compose(session, keys, structure.reach, bilan, TODAY)
    passage = part(before, "bloc:lien").findings[0].passage
    with database.writing() as session:
        write_text(session, keys, bilan, passage.slot, "Nos mots.", passage.proposed,
                   structure.person_id, TODAY)  # fmt: skip
    with database.reading() as session:
        same = part(compose(session, keys, structure.reach, bilan, TODAY), "bloc:lien")
    assert (same.findings[0].passage.text, same.findings[0].passage.outdated) == ("Nos mots.", "")
    answer(database, keys, structure, 5, tone="negative")
    with database.reading() as session:
        moved = part(compose(session, keys, structure.reach, bilan, TODAY), "bloc:lien")
    texts = [one.passage for one in moved.findings if one.passage.slot == passage.slot]
    assert [one.text for one in texts] == ["Nos mots."]
    assert texts[0].outdated == passage.proposed
    assert texts[0].proposed != passage.proposed


def test_objectives_stand_beside_the_results_once_some_are_written(
    database: Database, keys: Keys, library: Library, composed: Composed
) -> None:
    structure = structure_with(database, keys, library, 30, tone="positive")
    bilan = structure.bilan(database)
    with database.writing() as session:
        session.add(
            BilanObjective(bilan_id=bilan.id, rank=1, words="Rendre autonome",
                           indicator="autonomie.progression", target=60)
        )  # fmt: skip
    with database.reading() as session:
        section = compose(session, keys, structure.reach, bilan, TODAY)
    found: Objectives = part(section, "objectifs")
    assert [(one.words, one.verdict) for one in found.confronted] == [
        ("Rendre autonome", "atteint")
    ]
    assert slots(section)[-2:] == ["objectifs", "suite"]


def test_the_same_year_before_is_compared(
    database: Database, keys: Keys, library: Library, composed: Composed
) -> None:
    structure = structure_with(database, keys, library, 30, tone="positive")
    alone = composed(structure)
    assert {one.evolution for one in findings(alone)} == {""}
    answer(database, keys, structure, 30, tone="negative", year=2025)
    compared = part(composed(structure), "bloc:satisfaction").findings[0]
    assert compared.evolution.startswith("+100 points")
    assert "de janvier à décembre 2025" in compared.evolution


def test_that_nothing_is_compared_is_said_once_by_the_method(
    database: Database, keys: Keys, library: Library, composed: Composed
) -> None:
    structure = structure_with(database, keys, library, 30, tone="positive")
    assert "période d’avant" not in composed(structure).method.limits.text
    answer(database, keys, structure, 8, tone="negative", year=2025)
    section = composed(structure)
    assert {one.evolution for one in findings(section)} == {""}
    assert section.method.limits.text.endswith(
        typographic(
            "Pas de comparaison possible avec la période d’avant, de janvier à décembre "
            "2025 : il faut 20\u00a0réponses dans chaque période."
        )
    )


def test_two_words_that_come_back_make_one_sentence(
    database: Database, keys: Keys, library: Library, composed: Composed
) -> None:
    structure = empty_structure(database, library)
    answer(database, keys, structure, 12, texts=("Trop d’attente le mardi.",),
           asked=("satisfaction",))  # fmt: skip
    said = part(composed(structure), "coince").passage.proposed
    assert said.count("Le mot") == 1
    assert "«\u202fattente\u202f» revient dans 12" in said
    assert ", «\u202fmardi\u202f» dans 12." in said


def test_the_annex_has_one_row_a_way_of_asking_and_keeps_every_figure(
    made: Callable[..., Made], composed: Composed
) -> None:
    section = composed(made(25))
    rows, figures = section.annex.rows, list(section.annex.figures)
    assert len(rows) <= 20
    assert len(figures) > len(rows)
    told = [one.trace.title for one in (*section.headlines, *findings(section))]
    supporting = [any(one.title in told for one in row.figures or (row,)) for row in rows]
    assert supporting == sorted(supporting, reverse=True)


def test_a_worse_year_is_told_first_among_what_follows(
    database: Database, keys: Keys, library: Library, composed: Composed
) -> None:
    structure = structure_with(database, keys, library, 30, tone="negative")
    answer(database, keys, structure, 30, tone="positive", year=2025)
    section = composed(structure)
    assert part(section, "bloc:satisfaction").findings[0].evolution.startswith("−100 points")


def test_a_mediateur_of_one_lieu_reads_nothing_of_the_others(
    database: Database, keys: Keys, library: Library, composed: Composed
) -> None:
    structure = structure_with(database, keys, library, 12)
    with database.writing() as session:
        other = add_lieu(session, structure.organisation_id, "Antenne", "Ailleurs").id
    reach = Reach(structure.organisation_id, frozenset({other}))
    empty = composed(structure, reach=reach, lieux=[str(other)])
    assert empty.empty == typographic(NOBODY)
    assert empty.place == "Antenne"
    # Whatever the bilan names, what is read stays within reach.
    assert composed(structure, reach=reach, lieux=[str(structure.lieu_id)]).empty
    assert composed(structure, reach=reach).empty


def test_actions_speak_of_their_campaigns_alone(
    database: Database, keys: Keys, library: Library, composed: Composed
) -> None:
    structure = structure_with(database, keys, library, 12)
    campaign = opened(database, library, structure, "satisfaction", action="Ateliers du mardi")
    apart = Made(structure.organisation_id, structure.lieu_id, structure.person_id,
                 {"satisfaction": campaign})  # fmt: skip
    answer(database, keys, apart, 8, asked=("satisfaction",))
    section = composed(structure, actions=["Ateliers du mardi"])
    assert section.place == "Ateliers du mardi"
    assert [one.received for one in section.method.sources] == [
        "8\u00a0réponses (une personne peut répondre plusieurs fois)"
    ]
    assert composed(structure, actions=["Jamais ouverte"]).empty == typographic(NOBODY)


def test_the_word_that_comments_repeat_is_counted_never_that_of_a_few(
    database: Database, keys: Keys, library: Library, composed: Composed
) -> None:
    structure = empty_structure(database, library)
    answer(database, keys, structure, 12, texts=("Trop d’attente le mardi.", "Rien de difficile."),
           asked=("satisfaction",))  # fmt: skip
    said = part(composed(structure), "coince").passage.proposed
    assert "Le mot «\u202fattente\u202f» revient dans 6\u00a0commentaires sur 12, " in said
    few = empty_structure(database, library, "Les Petits")
    answer(database, keys, few, 8, texts=("Trop d’attente.", "Rien."), asked=("satisfaction",))
    assert "attente" not in str(part(composed(few), "coince"))


def test_partners_stand_apart_from_the_public(
    database: Database, keys: Keys, library: Library, composed: Composed
) -> None:
    structure = structure_with(database, keys, library, 8)
    campaign = opened(database, library, structure, "partenaire", doors=("partenaire",))
    asked = Made(structure.organisation_id, structure.lieu_id, structure.person_id,
                 {"partenaire": campaign})  # fmt: skip
    answer(database, keys, asked, 6, tone="positive", asked=("partenaire",),
           texts=("attente attente",) )  # fmt: skip
    section = composed(structure)
    theirs: Words = part(section, "partenaires")
    assert theirs.passage.proposed == ""  # nobody was asked by name
    assert 1 <= len(theirs.findings) <= 2
    assert not any(one.drawings for one in theirs.findings)
    public = [one.trace.indicator for one in findings(section) if one not in theirs.findings]
    assert not [one for one in public if one.startswith(("partenaire.", "associatif."))]
    assert not [one for one in section.headlines if one.trace.indicator.startswith("partenaire.")]
    assert all(one.title != "Votre regard de partenaire" for one in section.method.sources)
    assert section.method.doors is not None
    assert "n\u00a0= 16" in section.method.doors.spoken.replace("n = ", "n\u00a0= ")


def test_a_quarter_and_free_months_say_what_they_are(
    made: Callable[..., Made], composed: Composed
) -> None:
    structure = made(20)
    quarter = composed(structure, first_month="2026-01", last_month="2026-03")
    assert quarter.running_title == "Bilan d’activité, 1er trimestre 2026"
    assert quarter.method.period == "de janvier à mars 2026"
    months = composed(structure, first_month="2026-02", last_month="2026-11")
    assert months.method.period == typographic(
        "de février à novembre 2026, en cours : jusqu’au 22\u00a0novembre 2026"
    )


def test_the_demonstration_is_composed_and_shows_nothing_hidden(
    database: Database, keys: Keys, library: Library, composed: Composed, tmp_path: Path
) -> None:
    shown = load_demonstration(
        database, keys, library, folder=tmp_path, responses=200, seed=3, today=TODAY
    )
    with database.writing() as session:
        mine = select(Person.id).where(Person.organisation_id == shown.organisation_id)
        structure = Made(
            shown.organisation_id, shown.organisation_id, session.scalars(mine.limit(1)).one()
        )
    section = composed(structure)
    assert section.title_quote is not None
    assert not section.title_quote.is_partner
    quotes = [one.id for found in section.body for one in getattr(found, "quotes", ())]
    assert len([*quotes, section.title_quote.id]) == len({*quotes, section.title_quote.id})
    assert "bloc:autonomie" in slots(section)
    assert "partenaires" in slots(section)
    assert len(section.headlines) <= 4
    hidden = {title for title, _ in section.unshown}
    assert not hidden & {one.trace.title for one in section.headlines}
