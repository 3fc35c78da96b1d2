"""What says who somebody is, in the many ways people type it, and what looks like it and is not."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

from app.hints.personal import Finding, findings, masked


def sure(text: str) -> list[tuple[str, str]]:
    """Return the words and the kind of what is sure."""
    return [(text[one.start : one.end], one.kind) for one in findings(text) if one.is_sure]


def probable(text: str) -> list[str]:
    """Return the probable names."""
    return [text[one.start : one.end] for one in findings(text) if one.kind == "nom"]


@pytest.mark.parametrize(
    "typed",
    [
        "06 12 34 56 78", "0612345678", "06.12.34.56.78", "06-12-34-56-78", "06.12 34-56 78",
        "06 12 345 678", "02 98 00 00 00", "09 70 12 34 56", "+33 6 12 34 56 78",
        "+33612345678", "+33 (0)6 12 34 56 78", "0033 6 12 34 56 78", "0033612345678",
        "(0)6 12 34 56 78", "06/12/34/56/78", "06\u00a012\u00a034\u00a056\u00a078",
        "6 12 34 56 78", "0692 12 34 56", "+262 692 12 34 56", "0262 20 12 34",
        "06 39 98 12 34",
        "0590 90 12 34", "0696 12 34 56", "+213 551 23 45 67", "+44 7911 123456",
    ],
)  # fmt: skip
def test_telephones_are_found_however_they_are_typed(typed: str) -> None:
    for text in (typed, f"Appelez-moi au {typed}.", f"Tél:{typed}, merci", f"({typed})"):
        found = [one for one in findings(text) if one.kind == "téléphone"]
        assert len(found) == 1, text
        assert found[0].is_sure
        digits = "".join(sign for sign in text if sign.isdigit())
        assert "".join(c for c in text[found[0].start : found[0].end] if c.isdigit()) == digits


@pytest.mark.parametrize(
    "text",
    [
        "le 01/02/2024 à 10 h 30", "le 01/02/2024 12 personnes étaient là", "né le 06.12.1945",
        "le 6/12/24 puis le 7/12/24", "de 2019 à 2024", "j’ai payé 1 234 567,89 €", "12 500 euros",
        "10 000 000 000 d’habitants", "le 3949 ou le 115", "à 10h15 ou 14h30", "0,50 € la page",
        "salle 012", "le 08 03 2026", "il y a 06 ordinateurs et 12 chaises, 34 places",
        "mon dossier n° 0123456789", "allocataire 0612345678", "facture numéro 0298000000",
    ],
)  # fmt: skip
def test_dates_amounts_and_files_are_no_telephone(text: str) -> None:
    assert [one for one in findings(text) if one.kind == "téléphone"] == []


def test_the_number_of_a_file_is_shown_and_never_sure() -> None:
    text = "Mon dossier n° 0123456789, allocataire CAF 1234567."
    found = [one for one in findings(text) if one.kind == "numéro de dossier"]
    assert [text[one.start : one.end] for one in found] == ["0123456789", "1234567"]
    assert not any(one.is_sure for one in found)


@pytest.mark.parametrize(
    "typed",
    [
        "jeanne@orange.fr", "jeanne.le-bris+caf@mairie-kerlann.bzh", "JEANNE@ORANGE.FR",
        "jeanne @ orange.fr", "jeanne(at)orange.fr", "jeanne arobase orange point fr",
        "é.dupont@exemple.fr",
    ],
)  # fmt: skip
def test_e_mails(typed: str) -> None:
    assert sure(f"Écrivez à {typed}, merci.") == [(typed, "e-mail")]


@pytest.mark.parametrize(
    "typed",
    [
        "1 84 12 76 451 089 46", "184127645108946", "1 84 12 76 451 089", "1841276451089",
        "2.55.08.14.168.025.38", "2 85 05 2A 004 123", "1 84 12 76 451 089 clé 46",
        "1 84 12 76 451 089 / 46",
    ],
)  # fmt: skip
def test_social_security_numbers_with_and_without_their_key(typed: str) -> None:
    assert sure(f"Mon numéro est {typed}.") == [(typed, "numéro de sécurité sociale")]


def test_a_number_that_cannot_be_one_is_left() -> None:
    assert sure("Le compteur affiche 1841376451089 et 9841276451089.") == []


@pytest.mark.parametrize(
    "typed",
    [
        "FR76 3000 6000 0112 3456 7890 189", "FR7630006000011234567890189",
        "fr76 3000 6000 0112 3456 7890 189", "DE89 3704 0044 0532 0130 00",
        "FR76 3000 6000 0112 3456 7890 188",
    ],
)  # fmt: skip
def test_accounts_stop_where_they_end(typed: str) -> None:
    assert sure(f"Mon compte {typed} merci à vous") == [(typed, "IBAN")]


@pytest.mark.parametrize(
    "typed",
    [
        "12 rue Olivier Perrin", "12 rue des lilas", "3 bis, avenue de la République",
        "4 place du Marché", "7 allée des Tilleuls", "2B rue Jean-Jaurès", "1 impasse l’Étang",
        "12 rue du 8 mai 1945", "5 route de Brest 29000 Quimper", "18 bd Voltaire",
        "9 cours Mirabeau", "14 chemin du Bois, 22110 Rostrenen",
    ],
)  # fmt: skip
def test_addresses(typed: str) -> None:
    assert sure(f"Elle habite {typed}. Merci.") == [(typed, "adresse")]


@pytest.mark.parametrize(
    "text",
    [
        "Il y a 2 places de parking.", "J’ai pris 3 cours de français.", "3 cours de Word",
        "J’ai reçu 1 mail de la CAF.", "Je suis venue 12 fois cette année.", "2 allées du parc",
        "Voir https://www.service-public.fr/particuliers/vosdroits", "sur ameli.fr",
    ],
)  # fmt: skip
def test_ordinary_words_are_no_address(text: str) -> None:
    assert sure(text) == []


def test_a_street_without_a_number_and_a_page_of_somebody() -> None:
    text = "Près de la rue Victor Hugo, voir facebook.com/jeanne.lebris."
    found = {text[one.start : one.end]: (one.kind, one.is_sure) for one in findings(text)}
    assert found["rue Victor Hugo"] == ("adresse", False)
    assert found["facebook.com/jeanne.lebris"] == ("adresse internet", True)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Merci à Madame Le Bris.", "Le Bris"),
        ("M. Dupont m’a montré.", "Dupont"),
        ("mme dupont est venue", "dupont"),
        ("Mme DUPONT est venue", "DUPONT"),
        ("je montre à ma voisine Jeannine Le Bris", "Jeannine Le Bris"),
        ("ma fille, Éloïse, habite loin", "Éloïse"),
        ("je viens avec Oumou", "Oumou"),
        ("Merci Nolwenn !", "Nolwenn"),
        ("grâce à Nolwenn", "Nolwenn"),
        ("J’ai montré à Jeannine comment faire.", "Jeannine"),
        ("Nolwenn m’a aidée.", "Nolwenn"),
        ("Jeannine Le Bris vient aussi.", "Jeannine Le Bris"),
        ("Je m’appelle Fatou Diop.", "Fatou Diop"),
        ("avec Marie-Jo O’Brien", "Marie-Jo O’Brien"),
        ("Maintenant Nolwenn vient.", "Nolwenn"),
    ],
)
def test_probable_names_are_shown_and_never_sure(text: str, name: str) -> None:
    assert probable(text) == [name]
    assert sure(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Avant j’avais peur. Maintenant je fais mes papiers.",
        "Le mardi il y a du monde. Personne ne répond.",
        "Internet m’a aidé. Cela m’a fait du bien.",
        "Je vais à Rostrenen, en Bretagne, à la CAF, chez France Travail.",
        "J’ai appris Word et Excel avec Google.",
        "MERCI A TOUTE L EQUIPE DU CCAS DE KERLANN",
        "monsieur qui aide, madame la directrice",
        "Très bien ! Merci. Oui… Bravo à tous",
        "La Poste, la Sécurité sociale, le Secours Populaire",
    ],
)
def test_ordinary_capitals_are_no_name(text: str) -> None:
    assert probable(text) == []


def test_masking_replaces_passages_and_adds_nothing() -> None:
    text = "Jeannine, 12 rue Olivier Perrin, au 06 12 34 56 78 ou a@b.fr."
    spans = [*findings(text), Finding(0, 8, "nom", False)]
    assert masked(text, spans) == "[nom], [adresse], au [téléphone] ou [courriel]."
    assert masked(text, []) == text
    assert masked("abc", [Finding(1, 2, "autre", False)]) == "a[masqué]c"


def test_findings_are_in_order_and_never_overlap() -> None:
    text = "M. Jean Rue, 3 rue Jean Le Bris, jean@bris.fr 06 12 34 56 78 " * 20
    found = findings(text)
    assert len(found) >= 60
    assert all(one.end <= two.start for one, two in pairwise(found))


@pytest.mark.parametrize(
    "text",
    [
        "0 " * 1_000, "01.02." * 334, "a" * 2_000, "a." * 1_000, "A " * 1_000, "1 rue " * 334,
        "FR76" * 500, "Le " * 667, "M. " * 667, "12 rue de la " * 154, "1 84 12 " * 250,
        "@" * 2_000,
        "a-" * 1_000, "Jean-" * 400, "rue " * 500, "dossier n° " * 180, "à " * 1_000, "\n" * 2_000,
        "( " * 1_000, "l’" * 1_000, "é" * 2_000, "Voir Jean, rue Le Bris au 06 12 34. " * 56,
    ],
)  # fmt: skip
def test_reading_is_linear_in_the_length_of_the_text(text: str) -> None:
    def seconds(text: str) -> float:
        began = time.process_time()
        findings(text)
        return time.process_time() - began

    short, long = (min(seconds(text * times) for _ in range(3)) for times in (1, 16))
    assert long < 16 * 6 * short  # sixteen times the text; the square would be 256
