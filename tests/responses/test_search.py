"""Words are found whatever their accents, and shown as they were written."""

from __future__ import annotations

import pytest

from app.responses.recurring import MOST, recurring_words
from app.responses.search import Finder, fold


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("DÉÇUE", "decue"),
        ("Cœur d’été", "coeur d'ete"),
        ("MERCI", "merci"),
        ("شُكْرًا", "شكرا"),
        ("🌻 Ōsaka ﬁn", "🌻 osaka fin"),
    ],
)
def test_accents_and_capitals_do_not_count(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_every_word_of_a_search_must_be_there() -> None:
    finder = Finder("attente MARDI")
    assert finder.finds("L’attente, le mardi surtout.")
    assert not finder.finds("L’attente est longue.")
    assert Finder("").finds("tout")
    assert Finder("").is_idle


def test_a_whole_word_is_not_found_inside_another() -> None:
    assert Finder(word="seule").finds("Presque Seule !")
    assert not Finder(word="seule").finds("Seulement le mardi")
    assert Finder(word="mot de passe").finds("Mon MOT  de passe")


def test_what_is_found_is_shown_where_it_stands() -> None:
    text = "🌻 Cœur déçu, DÉÇU. ßa"
    assert [(one.text, one.is_found) for one in Finder("decu").pieces(text)] == [
        ("🌻 Cœur ", False), ("déçu", True), (", ", False), ("DÉÇU", True), (". ßa", False),
    ]  # fmt: skip
    assert [one.text for one in Finder("oeu").pieces(text) if one.is_found] == ["œu"]
    assert "".join(one.text for one in Finder("s").pieces(text)) == text
    assert Finder("x").pieces("") == []


def test_a_search_is_no_pattern() -> None:
    assert Finder(".*(").pieces("a.*(b")[1].text == ".*("
    assert not Finder(".*").finds("abc")


def test_words_recur_in_three_comments_and_are_shown_as_most_people_write_them() -> None:
    comments = ["Patience !", "La patience", "Votre PATIENCE, patience, patience", "Deux fois"] * 1
    assert recurring_words(comments) == [("patience", 3)]
    assert recurring_words(comments[:2]) == []
    assert recurring_words(["L’Accès", "accés", "un accès", "acces", "l’accès"]) == [("accès", 5)]


def test_a_probable_name_is_no_chip_and_an_acronym_is() -> None:
    comments = ["Merci à Nolwenn", "C’est Nolwenn.", "Nolwenn est là", "la CAF", "ma CAF", "CAF"]
    assert recurring_words(comments) == [("CAF", 3)]
    assert recurring_words(["Sur Facebook"] * 3) == [("Facebook", 3)]


def test_empty_words_recur_for_nobody_and_set_phrases_hold_together() -> None:
    said = ["J’ai oublié le mot de passe"] * 4
    assert ("mot de passe", 4) in recurring_words(said)
    # Its own words would only say it again.
    assert not {"mot", "passe"} & {one.word for one in recurring_words(said)}
    assert ("passe", 7) in recurring_words([*said, *["Je passe le mardi"] * 3])
    assert not {"avec", "pour", "j’ai", "les"} & {
        one.word for one in recurring_words(["avec pour les j’ai"] * 5)
    }


def test_chips_are_few() -> None:
    words = [f"mot{chr(97 + number // 26)}{chr(97 + number % 26)}" for number in range(60)]
    assert len(recurring_words([" ".join(words)] * 3)) == MOST
