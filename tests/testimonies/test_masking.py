"""Masking: what may be shown is what was said, with passages replaced, and nothing added."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from app.db import Database
from app.organisations.models import Person
from app.testimonies.actions import MASKED, ORIGINAL, write_part
from app.testimonies.cutting import Stretch
from app.testimonies.masking import (
    MASKS,
    Masking,
    MaskingError,
    left_readable,
    masked_more,
    masked_words,
    masking_of,
    shown_again,
    write_masking,
)
from app.testimonies.models import Quote, Testimony
from app.testimonies.queries import parts_of
from app.testimonies.quotes import cut
from config import Keys
from tests.testimonies.teller import EVERYWHERE, TODAY, Teller

TEXT = "Je montre à ma voisine Jeannine. Jeannine habite 12 rue Olivier Perrin. Au 06 12 34 56 78."
PROPOSED = "Je montre à ma voisine Jeannine. Jeannine habite [adresse]. Au [téléphone]."


def of(text: str = TEXT) -> Masking:
    """Return the masking of a text that nobody touched."""
    return masking_of({ORIGINAL: text})


def test_what_is_sure_is_proposed_and_names_wait() -> None:
    found = of()
    assert (found.text, found.is_kept, found.sure) == (PROPOSED, False, ())
    assert [TEXT[one.start : one.end] for one in found.waiting] == ["Jeannine"]


def test_what_names_nobody_is_left_on_purpose_and_waits_no_more() -> None:
    phone = (TEXT.index("06"), len(TEXT) - 1)
    with pytest.raises(MaskingError, match="n’attend plus"):
        left_readable(of(), *phone)  # still masked
    shown = shown_again(of(), *phone)
    assert [one.kind for one in shown.sure] == ["téléphone"]
    left = left_readable(shown, *phone)
    assert left.sure == ()
    assert "06 12 34 56 78" in left.text
    assert masked_more(left, [phone], "téléphone").spared == ()
    with pytest.raises(MaskingError, match="n’attend plus"):
        left_readable(left, 0, 2)


def test_what_was_left_on_purpose_is_kept(database: Database, keys: Keys, teller: Teller) -> None:
    phone = (TEXT.index("06"), len(TEXT) - 1)
    testimony_id = teller.tell(TEXT)
    with database.writing() as session:
        testimony = session.get_one(Testimony, testimony_id)
        left = left_readable(shown_again(of(), *phone), *phone)
        write_masking(session, keys, testimony, left)
    with database.reading() as session:
        again = masking_of(parts_of(session, keys, [testimony_id])[testimony_id])
    assert (again.text, again.sure) == (left.text, ())
    assert [(one.start, one.end) for one in again.spared] == [phone]


def test_words_are_masked_wherever_they_are() -> None:
    after = masked_words(of(), "Jeannine", "nom")
    assert after.text == "Je montre à ma voisine [nom]. [nom] habite [adresse]. Au [téléphone]."
    assert after.waiting == ()
    assert masked_words(of(), "ma  voisine\nJeannine", "nom").text.startswith("Je montre à [nom].")
    assert masked_words(of("L’eau, c’est Léa."), "c'est léa".replace("léa", "Léa"), "nom").text == (
        "L’eau, [nom]."
    )


def test_words_are_whole_and_as_they_were_written() -> None:
    text = "Léa aime les Léandres."
    assert masked_words(of(text), "Léa", "nom").text == "[nom] aime les Léandres."
    for wrong in ("léa", "Jeanne", "", "  ", ".", "[nom]", "aime Léa", "L.a"):
        with pytest.raises(MaskingError, match="copiez-les"):
            masked_words(of(text), wrong, "nom")


def test_a_selection_that_takes_in_a_masked_passage_masks_the_whole() -> None:
    after = masked_words(of(), "habite [adresse]", "autre")
    assert after.text == "Je montre à ma voisine Jeannine. Jeannine [masqué]. Au [téléphone]."


def test_a_passage_is_shown_again_and_a_place_out_of_the_text_is_refused() -> None:
    found = of()
    phone = found.masks[-1]
    again = shown_again(found, phone.start, phone.end)
    assert again.text.endswith("Au 06 12 34 56 78.")
    assert [one.kind for one in again.sure] == ["téléphone"]
    for spans in ([(5, 5)], [(0, len(TEXT) + 1)], [(9, 3)]):
        with pytest.raises(MaskingError):
            masked_more(found, spans, "nom")
    with pytest.raises(MaskingError):
        shown_again(found, 1, 2)


def test_an_unknown_kind_adds_no_word_of_the_sender() -> None:
    assert masked_more(of("Bonjour Léa"), [(8, 11)], "<b>mon mot</b>").text == "Bonjour [masqué]"


def test_brackets_that_the_person_typed_stay_words() -> None:
    text = "J’ai écrit [nom] moi-même, dit Léa Le Bris."
    after = masked_words(of(text), "Léa Le Bris", "nom")
    assert after.text == "J’ai écrit [nom] moi-même, dit [nom]."
    places = f'[[{text.index("Léa")}, {len(text) - 1}, "nom"]]'
    again = masking_of({ORIGINAL: text, MASKED: after.text, MASKS: places})
    assert (again.is_kept, again.masks) == (True, after.masks)


def test_a_masked_text_without_its_places_is_compared() -> None:
    found = masking_of({ORIGINAL: TEXT, MASKED: PROPOSED.replace("Jeannine", "[nom]")})
    assert found.is_kept
    assert [TEXT[one.start : one.end] for one in found.masks] == [
        "Jeannine", "Jeannine", "12 rue Olivier Perrin", "06 12 34 56 78",
    ]  # fmt: skip


def test_a_masked_text_that_says_something_else_is_not_believed() -> None:
    for wrong in ("J’adore ce lieu [nom].", TEXT + " Bravo !", "[nom] Bravo"):
        found = masking_of({ORIGINAL: TEXT, MASKED: wrong})
        assert (found.text, found.is_kept) == (PROPOSED, False)


def kept(teller: Teller, testimony_id: UUID) -> Masking:
    with teller.database.reading() as session:
        return masking_of(parts_of(session, teller.keys, [testimony_id])[testimony_id])


def change(teller: Teller, testimony_id: UUID, how: Callable[[Masking], Masking]) -> int:
    """Change the masking of a testimony; return how many quotes went."""
    before = kept(teller, testimony_id)
    with teller.database.writing() as session:
        testimony = session.get_one(Testimony, testimony_id)
        return write_masking(session, teller.keys, testimony, how(before))


def test_it_is_kept_and_read_back(teller: Teller) -> None:
    testimony_id = teller.tell(TEXT, masked="", status="nouveau")
    change(teller, testimony_id, lambda found: masked_words(found, "Jeannine", "nom"))
    found = kept(teller, testimony_id)
    assert found.is_kept
    assert found.text == "Je montre à ma voisine [nom]. [nom] habite [adresse]. Au [téléphone]."
    with teller.database.reading() as session:
        parts = parts_of(session, teller.keys, [testimony_id])[testimony_id]
    assert parts[MASKED] == found.text
    assert parts[ORIGINAL] == TEXT
    assert "Jeannine" not in parts[MASKS]


def test_what_becomes_readable_again_was_confirmed_by_nobody(teller: Teller) -> None:
    testimony_id = teller.tell(TEXT, masked=PROPOSED)
    with teller.database.writing() as session:
        session.get_one(Testimony, testimony_id).reread_on = TODAY
    change(teller, testimony_id, lambda found: masked_words(found, "Jeannine", "nom"))
    with teller.database.reading() as session:
        found = session.get_one(Testimony, testimony_id)
        assert (found.status, found.reread_on) == ("valide", TODAY)
    change(teller, testimony_id, lambda found: shown_again(found, *found.masks[0][:2]))
    with teller.database.reading() as session:
        found = session.get_one(Testimony, testimony_id)
        assert (found.status, found.reread_on) == ("nouveau", None)


def test_a_quote_goes_when_the_masked_text_no_longer_says_it(
    teller: Teller, person: Person
) -> None:
    testimony_id = teller.tell(TEXT, EVERYWHERE, masked=PROPOSED)
    with teller.database.writing() as session:
        testimony = session.get_one(Testimony, testimony_id)
        at = PROPOSED.index("Jeannine habite")
        end = PROPOSED.index(" Au")
        args = ("lien", person.id, TODAY)
        cut(session, teller.keys, testimony, [Stretch(at, end)], *args)
        cut(session, teller.keys, testimony, [Stretch(end + 1, len(PROPOSED))], *args)
    lost = change(teller, testimony_id, lambda found: masked_words(found, "Jeannine", "nom"))
    assert lost == 1
    with teller.database.reading() as session:
        assert session.query(Quote).count() == 1


def test_a_text_written_again_meanwhile_is_not_overwritten(teller: Teller) -> None:
    testimony_id = teller.tell(TEXT, masked="", status="nouveau")
    before = kept(teller, testimony_id)
    with teller.database.writing() as session:
        write_part(session, teller.keys, testimony_id, ORIGINAL, "Autre chose")
    with teller.database.writing() as session, pytest.raises(MaskingError, match="a changé"):
        write_masking(session, teller.keys, session.get_one(Testimony, testimony_id), before)
