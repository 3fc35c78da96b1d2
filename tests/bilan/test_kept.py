"""What a seal keeps comes back as it was, and holds no word of anybody."""

from __future__ import annotations

from dataclasses import fields, replace
from uuid import UUID

import pytest

from app.bilan.kept import (
    digest_of,
    fingerprint,
    rewritten,
    section_from_json,
    section_to_json,
    to_reread,
    without_words,
)
from app.bilan.models import Bilan
from app.documents.section import Block, Passage, Words
from tests.documents.sections import sample


@pytest.mark.parametrize("is_sealed", [True, False])
def test_a_section_comes_back_as_it_was(is_sealed: bool) -> None:
    section = sample(is_sealed=is_sealed)
    assert section_from_json(section_to_json(section)) == section


def test_no_word_of_a_quote_is_kept() -> None:
    section = sample(is_sealed=True)
    kept = section_to_json(without_words(section))
    for quote in section.quotes:
        assert str(quote.id) in kept
        for words in (quote.text, quote.signature, quote.told, quote.agreed, str(quote.until)):
            assert words not in kept


def test_what_helps_to_write_is_not_kept_and_all_that_is_read_is() -> None:
    section = sample()
    outdated = Passage("coince", "Neuf fois.", written="Dix fois.", outdated="Dix fois.")
    hinted = Words("coince", "Ce qui coince", outdated, hints=("Revient aussi.",))
    section = replace(section, body=(section.body[0], hinted), left_out=(("suite", "La suite"),))
    assert to_reread(section) == (outdated,)
    kept = without_words(section)
    assert (kept.left_out, to_reread(kept)) == ((), ())
    stuck = kept.body[1]
    assert isinstance(stuck, Words)
    assert (stuck.hints, stuck.passage.text) == ((), "Dix fois.")
    block, same = section.body[0], kept.body[0]
    assert isinstance(block, Block)
    assert isinstance(same, Block)
    assert (block.findings, block.learnt) == (same.findings, same.learnt)
    untouched = {"title_quote", "body", "standing", "left_out"}
    for field in fields(section):
        if field.name not in untouched:
            assert getattr(kept, field.name) == getattr(section, field.name)


def test_each_text_that_was_written_over_other_figures_is_found() -> None:
    section, old = sample(), Passage("x", "a", written="b", outdated="c")
    block = section.body[0]
    assert isinstance(block, Block)
    finding = replace(block.findings[0], passage=old)
    changed = replace(
        section,
        headlines=(replace(section.headlines[0], passage=old),),
        method=replace(section.method, limits=old),
        body=(replace(block, learnt=old, findings=(finding,)), Words("suite", "La suite", old)),
    )
    assert len(to_reread(changed)) == 5
    hidden = replace(changed, hidden_slots=("phrases", "methode"))
    assert len(to_reread(hidden)) == 3


def test_a_sentence_in_other_words_is_known_for_ever_and_its_doubt_is_not_kept() -> None:
    section = sample()
    own = Passage("phrase:a", "7 sur 10", written="9 sur 10", unproven=("9",), is_kept=True)
    free = Passage("coince", "Le mot « attente » revient.", written="9 fois.")
    changed = replace(
        section,
        headlines=(replace(section.headlines[0], passage=own),),
        body=(*section.body[:1], Words("coince", "Ce qui coince", free)),
    )
    assert (to_reread(changed), rewritten(changed)) == ((own,), (own,))
    sealed = section_from_json(section_to_json(without_words(changed)))
    assert to_reread(sealed) == ()
    (kept,) = rewritten(sealed)
    assert (kept.text, kept.proposed, kept.is_kept) == ("9 sur 10", "7 sur 10", False)


def test_the_digest_covers_the_frame_the_section_and_the_figures() -> None:
    bilan = Bilan(
        id=UUID(int=1), organisation_id=UUID(int=2), first_month="2026-01", last_month="2026-12",
        lieux=[], audience="financeur",
    )  # fmt: skip
    figure = {"measure": "m", "tally": {"n": 12}}
    same = digest_of(bilan, "2026-10", "{}", [figure])
    assert digest_of(bilan, "2026-10", "{}", [dict(reversed(figure.items()))]) == same
    others = {
        digest_of(bilan, "2026-09", "{}", [figure]),
        digest_of(bilan, "2026-10", "{ }", [figure]),
        digest_of(bilan, "2026-10", "{}", [{"measure": "m", "tally": {"n": 13}}]),
    }
    bilan.audience = "public"
    others.add(digest_of(bilan, "2026-10", "{}", [figure]))
    bilan.audience, bilan.lieux = "financeur", ["x"]
    others.add(digest_of(bilan, "2026-10", "{}", [figure]))
    assert len(others | {same}) == 6
    assert fingerprint("7c2f91ab04d6ffff") == "7C2F\u00a091AB\u00a004D6"
