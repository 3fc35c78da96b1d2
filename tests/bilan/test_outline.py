"""The list beside a bilan: what is written, what asks a look, what is still to write."""

from __future__ import annotations

from dataclasses import replace

from app.bilan.outline import (
    doubt_of,
    goes_empty,
    optional,
    outline,
    passage_of,
    quotes_in,
    to_write,
)
from app.documents.section import Block, Passage, Section, Words
from tests.documents.sections import sample


def states(section: Section) -> dict[str, str]:
    return {one.slot: one.state for one in outline(section)}


def test_each_part_is_told_by_its_state() -> None:
    found = states(sample())
    assert list(found) == [
        "titre", "methode", "bloc:autonomie", "bloc:lien", "bloc:nonrecours", "coince",
        "partenaires", "objectifs", "suite", "petits", "annexe",
    ]  # fmt: skip
    assert found.pop("petits") == "cache"
    assert found.pop("bloc:lien") == "voir"  # its evolution is not established
    assert set(found.values()) == {"fait"}
    assert to_write(sample()) == ""


def test_what_nobody_wrote_is_counted() -> None:
    section = sample()
    empty = tuple(
        replace(part, passage=replace(part.passage, written=None, proposed=""))
        if isinstance(part, Words)
        else part
        for part in section.body
    )
    section = replace(section, body=empty)
    assert {slot for slot, state in states(section).items() if state == "ecrire"} == {
        "coince", "partenaires", "suite",
    }  # fmt: skip
    assert to_write(section) == "Il reste 3 textes à écrire."
    one = replace(section, body=(*sample().body[:-1], empty[-1]))
    assert to_write(one) == "Il reste 1 texte à écrire."


def test_a_figure_that_changed_and_a_quote_that_went_ask_a_look() -> None:
    section = sample()
    block = section.body[0]
    assert isinstance(block, Block)
    old = replace(block.learnt, outdated="Avant.")
    changed = replace(section, body=(replace(block, learnt=old), *section.body[1:]))
    assert states(changed)["bloc:autonomie"] == "voir"
    gone = replace(block.quotes[0], text="", is_gone=True)
    taken = replace(section, body=(replace(block, quotes=(gone,)), *section.body[1:]))
    assert states(taken)["bloc:autonomie"] == "voir"
    assert section.title_quote
    title = replace(section, title_quote=replace(section.title_quote, is_gone=True))
    assert states(title)["titre"] == "voir"


def test_what_gets_stuck_waits_for_a_person_whatever_the_figures_say() -> None:
    section = sample()
    machine = Words("coince", "Ce qui coince", Passage("coince", "En recul : la confiance."))
    assert states(replace(section, body=(machine,)))["coince"] == "ecrire"
    told = replace(machine, passage=replace(machine.passage, written="Rien d’autre."))
    assert states(replace(section, body=(told,)))["coince"] == "fait"


def test_what_is_optional_is_counted_apart_and_a_chapter_that_goes_is_told() -> None:
    section = sample()
    assert (optional(section), goes_empty(section)) == (1, False)
    *before, suite = section.body
    assert isinstance(suite, Words)
    empty = replace(suite, passage=Passage("suite", "", written=" "))
    assert goes_empty(replace(section, body=(*before, empty)))
    assert not goes_empty(replace(section, body=tuple(before)))


def test_a_number_that_is_not_computed_asks_a_look_until_somebody_keeps_it() -> None:
    section = sample()
    block = section.body[0]
    assert isinstance(block, Block)
    finding = block.findings[0]
    doubted = replace(finding.passage, written="Neuf sur dix.", unproven=("Neuf", "dix"))

    def with_passage(passage: Passage) -> Section:
        changed = replace(block, findings=(replace(finding, passage=passage),))
        return replace(section, body=(changed, *section.body[1:]))

    assert states(with_passage(doubted))["bloc:autonomie"] == "voir"
    assert doubt_of(doubted) == ("Ce texte dit Neuf et dix ; le calcul donne 43 personnes sur 58.")
    kept = replace(doubted, is_kept=True)
    assert states(with_passage(kept))["bloc:autonomie"] == "fait"
    assert doubt_of(replace(doubted, unproven=())) == ""


def test_what_is_hidden_is_not_listed() -> None:
    section = replace(sample(), hidden_slots=("titre", "phrases", "methode", "petits", "annexe"))
    assert not {"titre", "methode", "petits", "annexe"} & set(states(section))


def test_every_text_is_found_by_its_slot() -> None:
    section = sample()
    for slot in ("phrase:0", "methode", "constat:lien", "appris:autonomie", "coince", "suite"):
        found = passage_of(section, slot)
        assert found is not None
        assert found[0].slot == slot
    assert passage_of(section, "objectifs") is None
    assert [one.text for one in quotes_in(section, "coince")] == [
        "[…] il y a trop de monde le mardi."
    ]
    assert quotes_in(section, "titre") == (section.title_quote,)
    assert quotes_in(section, "rien") == ()
