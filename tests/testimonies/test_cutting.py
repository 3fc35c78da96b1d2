"""Excerpts: the words as they were said, none added, none cut in two, every cut marked."""

from __future__ import annotations

import re
import time
from random import Random

import pytest

from app.testimonies.cutting import (
    CUT,
    LONGEST,
    CutError,
    Stretch,
    excerpt,
    is_excerpt,
    stretches,
)

TEXT = (
    "Avant j’avais peur. Maintenant je suis heureuse, je fais mes papiers sans aide ! "
    "Ma voisine [nom] vient.\nMerci à tous"
)


def part(words: str, text: str = TEXT) -> Stretch:
    at = text.index(words)
    return Stretch(at, at + len(words))


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        (["Avant j’avais peur."], "Avant j’avais peur."),
        (["Merci à tous"], "Merci à tous"),
        (["Ma voisine [nom] vient.\nMerci"], "Ma voisine [nom] vient. Merci […]"),
        (["Avant j’avais peur. ", "Maintenant"], "Avant j’avais peur. Maintenant […]"),
        (["Avant j’avais peur.", "Merci à tous"], "Avant j’avais peur. […] Merci à tous"),
        (["Merci à tous", "Avant j’avais peur."], "Avant j’avais peur. […] Merci à tous"),
        (["heureuse"], "[…] heureuse […]"),
        # Neither a word nor what was masked is cut in two, and no sign is lost.
        (["eureus"], "[…] heureuse […]"),
        (["je fais mes papiers sans aid"], "[…] je fais mes papiers sans aide !"),
        (["om] vien"], "[…] [nom] vient."),
        (["Avant j’avais peur", "peur. Maintenant je"], "Avant j’avais peur. Maintenant je […]"),
    ],
)
def test_an_excerpt_marks_each_cut_and_adds_no_word(chosen: list[str], said: str) -> None:
    assert excerpt(TEXT, [part(words) for words in chosen]) == said
    assert is_excerpt(TEXT, said)


@pytest.mark.parametrize(
    ("chosen", "reason"),
    [
        ([], "au moins une phrase"),
        ([Stretch(19, 20)], "au moins une phrase"),
        ([part("[nom]")], "tout entier masqué"),
        ([Stretch(-4, 9)], "n’est plus dans le texte"),
        ([Stretch(5, 5000)], "n’est plus dans le texte"),
        ([Stretch(9, 4)], "n’est plus dans le texte"),
    ],
)
def test_what_is_no_excerpt_is_refused_with_a_reason(chosen: list[Stretch], reason: str) -> None:
    with pytest.raises(CutError, match=reason):
        excerpt(TEXT, chosen)


def test_the_longest_excerpt_has_280_characters_with_its_marks() -> None:
    text = "a" * LONGEST
    assert excerpt(text, [Stretch(0, LONGEST)]) == text
    with pytest.raises(CutError, match="281 caractères : 1 caractère de trop"):
        excerpt(f"{text}b", [Stretch(0, LONGEST + 1)])
    words = "mot " * 90
    with pytest.raises(CutError, match="de trop"):
        excerpt(f"{words}fin.", [Stretch(0, LONGEST)])  # the mark itself is too much


def test_every_sentence_is_offered_once_and_a_long_one_in_parts() -> None:
    offered = [TEXT[one.start : one.end] for one in stretches(TEXT)]
    assert offered == [
        "Avant j’avais peur.",
        "Maintenant je suis heureuse, je fais mes papiers sans aide !",
        "Ma voisine [nom] vient.",
        "Merci à tous",
    ]
    long = f"Au début {'je ne savais rien faire ' * 3}, puis {'j’ai appris avec eux ' * 3}."
    assert len(stretches(long)) == 2
    assert [long[one.start] for one in stretches(long)] == ["A", "p"]


def test_any_choice_in_any_text_gives_words_of_the_text_in_order() -> None:
    """A walk through random texts: no letter comes from elsewhere, whatever is chosen."""
    random = Random(5)
    words = ["peur", "j’ai", "[nom]", "porte-monnaie", "été", "🌻", "مرحبا", "12"]
    for _ in range(400):
        text = "".join(
            random.choice(words) + random.choice([" ", ". ", ", ", "\n", " ! ", "… "])
            for _ in range(random.randrange(1, 14))
        )
        chosen = []
        for _ in range(random.randrange(1, 4)):
            start = random.randrange(len(text))
            chosen.append(Stretch(start, random.randrange(start, len(text)) + 1))
        try:
            said = excerpt(text, chosen)
        except CutError:
            continue
        assert is_excerpt(text, said), (text, said)
        assert len(said) <= LONGEST
        known, kept = (re.split(r"[\s,.!…]+", one) for one in (text, said.replace(CUT, " ")))
        assert set(kept) <= {"", *known}, (text, said)


def test_what_was_masked_since_is_no_excerpt_any_more() -> None:
    assert not is_excerpt(TEXT.replace("voisine", "[nom]"), "Ma voisine [nom] vient.")
    assert not is_excerpt(TEXT, "Merci à tous […] Avant j’avais peur.")
    assert not is_excerpt("", "Merci à tous")


@pytest.mark.parametrize("text", ["a " * 1000, "[" * 2000, "." * 2000, "a,b " * 500, "’-" * 1000])
def test_cutting_is_linear_in_the_length_of_the_text(text: str) -> None:
    def seconds(text: str) -> float:
        began = time.process_time()
        assert all(re.search(r"\S", text[one.start : one.end]) for one in stretches(text))
        with pytest.raises(CutError):
            excerpt(text, [Stretch(0, len(text))])
        return time.process_time() - began

    short, long = (min(seconds(text * times) for _ in range(3)) for times in (1, 16))
    assert long < 16 * 6 * short  # sixteen times the text; the square would be 256
