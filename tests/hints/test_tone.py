"""The tone of a text: what leans, what turns it round, when it abstains, with the words shown."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textblob import TextBlob

from app.hints import MIXED, NEGATIVE, POSITIVE, TONES, UNCLEAR, polarity
from app.hints.analyzers import FrenchAnalyzer

#: Words of people, to build texts that lean: properties on random letters would prove little.
WORDS = (
    "je|j'ai|n'ai|suis|pas|plus|moins|très|trop|peu|mais|avant|maintenant|peur|contente|aidée|galère"
    "|bien|mal|compliqué|l'ordinateur|arrive|à|y|marche|jamais|sans|aucun|problème|,|.|!|merci|😊|🙄"
    "|osais|ose|de|confiance|perdue|vous|:D|bonne journée"
)
SAID = st.lists(st.sampled_from(WORDS.split("|")), max_size=30).map(" ".join)


def shown(text: str) -> list[str]:
    return [text[start:end] for start, end in polarity(text).words]


@pytest.mark.parametrize(
    ("text", "tone"),
    [
        # what the dictionary of textblob-fr gets wrong
        ("C'est très bien", POSITIVE),
        ("ça m'a aidé", POSITIVE),
        ("Je n'y arrive pas", NEGATIVE),
        ("Je ne suis pas du tout content", NEGATIVE),
        # negation, and how far it reaches
        ("Ce n'est pas compliqué", POSITIVE),
        ("Elle n'est pas aimable", NEGATIVE),
        ("Pas d'imprimante chez moi, très bon accueil", POSITIVE),
        ("Ça ne m'a pas aidée", NEGATIVE),
        ("Ça m'aide pas", NEGATIVE),
        ("Aucun problème", POSITIVE),
        ("Une personne très gentille", POSITIVE),
        ("Personne n'est gentil", NEGATIVE),
        ("Ce n'est pas assez clair", NEGATIVE),
        ("c'est pas mal", POSITIVE),
        # « plus »
        ("Je n'ai plus peur", POSITIVE),
        ("J'ai plus peur", UNCLEAR),
        ("J'ai plus peur qu'avant", NEGATIVE),
        ("Ça ne marche plus", NEGATIVE),
        ("Je suis plus autonome", POSITIVE),
        # « moins », « trop », what strengthens and softens
        ("J'ai moins de stress", POSITIVE),
        ("C'est moins bien", NEGATIVE),
        ("Je stresse moins", POSITIVE),
        ("trop contente", POSITIVE),
        ("trop d'étapes", NEGATIVE),
        ("super déçu", NEGATIVE),
        # two sides
        ("L'accueil est très bien mais c'est une galère pour venir", MIXED),
        ("👍 pour l'équipe 👎 pour les ordinateurs", MIXED),
        ("C'est vraiment formidable mais quelle attente", MIXED),
        ("C'est vraiment formidable, quelle attente", POSITIVE),
        # then and now
        ("Avant j'avais peur. Maintenant j'ose cliquer.", POSITIVE),
        ("Avant j'avais peur, maintenant j'ouvre mon espace", POSITIVE),
        ("Je n'osais pas demander, j'ose maintenant", POSITIVE),
        ("Avant tout, merci", POSITIVE),
        # emoji, irony, set phrases
        ("😡", NEGATIVE),
        (":-)", POSITIVE),
        ("Génial, encore un formulaire 🙄", NEGATIVE),
        ("Merci pour rien", NEGATIVE),
        # faults, capitals, no accents, stretched letters, typographic apostrophe
        ("TROP CONTENTE", POSITIVE),
        ("c'est tres complique", NEGATIVE),
        ("super géniaaaaal", POSITIVE),
        ("Je n’arrive pas à me connecter", NEGATIVE),
        # nothing that leans
        ("", UNCLEAR),
        ("   \n", UNCLEAR),
        ("Je viens le mardi avec mon mari", UNCLEAR),
        ("Bonjour, bonne journée", UNCLEAR),
        ("rdv sans rendez-vous", UNCLEAR),
        ("شكرا جزيلا على المساعدة", UNCLEAR),
        ("Дуже дякую за допомогу", UNCLEAR),
        ("\ud800", UNCLEAR),
    ],
)
def test_a_text_leans_as_a_person_would_read_it(text: str, tone: str) -> None:
    assert polarity(text).value == tone


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Je ne suis PAS DU TOUT contente !", ["PAS DU TOUT contente"]),
        ("Merci, mais l’imprimante ne marche pas.", ["Merci", "marche pas"]),
        ("Je n'ai plus peur du tout", ["plus peur du tout"]),
        ("pas bien aidée", ["pas bien aidée"]),
        ("c\u0327a m'a aide\u0301e", ["aide\u0301e"]),
        ("Je viens le mardi", []),
    ],
)
def test_the_words_that_lean_are_shown_as_they_were_typed(text: str, words: list[str]) -> None:
    assert shown(text) == words


def test_textblob_gives_the_same_tone_through_our_analyzer() -> None:
    for text in ("Je n'y arrive pas", "Merci beaucoup", "", "Je viens le mardi"):
        assert TextBlob(text, analyzer=FrenchAnalyzer()).sentiment == polarity(text)


@settings(deadline=None)
@given(st.text(max_size=400) | SAID)
def test_any_text_has_a_tone_and_its_words_lie_inside_it(text: str) -> None:
    tone = polarity(text)
    assert tone.value in TONES
    ends = 0
    for start, end in tone.words:
        assert ends <= start < end <= len(text)
        ends = end


@settings(deadline=None)
@given(SAID)
def test_neither_case_nor_spaces_change_the_tone(text: str) -> None:
    said = polarity(text).value
    assert polarity(text.upper()).value == said
    assert polarity(text.replace(" ", "  ")).value == said
    assert polarity(text.replace("'", "’")).value == said


@pytest.mark.parametrize(
    "repeated", ["mais ", "pas content ", "trop ", "avant maintenant ", "j'avais peur, ", ":( "]
)
def test_reading_is_linear_in_the_length_of_the_text(repeated: str) -> None:
    def seconds(text: str) -> float:
        began = time.process_time()
        polarity(text)
        return time.process_time() - began

    polarity(repeated)
    short, long = (min(seconds(repeated * times) for _ in range(5)) for times in (400, 6400))
    assert long < 16 * 6 * short  # sixteen times the text; the square would be 256
