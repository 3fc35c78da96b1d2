"""The list beside a bilan: what is written, what asks a look, what is still to write."""

from __future__ import annotations

from dataclasses import replace

from app.bilan.outline import outline, passage_of, quotes_in, to_write
from app.documents.section import Block, Section, Words
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
