"""The schéma des lieux: what is typed is read as it writes it, or refused with advice."""

from __future__ import annotations

import re

import pytest

from app.organisations.lieux_schema import FIELDS, REQUIRED, UnfitError, folded, missing


def test_the_schema_has_its_32_fields_and_8_required() -> None:
    assert len(FIELDS) == 32
    assert [field.name for field in REQUIRED] == [
        *("id", "pivot", "nom", "commune", "code_postal", "adresse", "date_maj", "services")
    ]


def test_every_example_of_the_schema_is_read_as_it_stands() -> None:
    for field in FIELDS.values():
        assert field.read(field.example) == field.example


def test_every_value_of_a_list_fits_the_pattern_of_its_field() -> None:
    for field in FIELDS.values():
        for value in field.values:
            assert field.read(value) == value
        if field.values:
            assert re.search(field.pattern, field.read("|".join(field.values)))


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("telephone", "02 40 12 34 56", "+33240123456"),
        ("telephone", "0262 12 34 56", "+262262123456"),
        ("telephone", "+33 (0)2.40.12.34.56", "+33240123456"),
        ("telephone", "0033 2 40 12 34 56", "+33240123456"),
        ("pivot", "434 933 123 00029", "43493312300029"),
        ("code_postal", "1000", "01000"),
        ("code_insee", "2a004", "2A004"),
        ("latitude", "43,526090", "43.52609"),
        ("longitude", "−0,5", "-0.5"),
        ("latitude", "0", "0"),
        ("date_maj", "02/04/2024", "2024-04-02"),
        ("date_maj", "2024-04-02T10:00:00Z", "2024-04-02"),
        ("itinerance", "itinerant|FIXE", "Itinérant|Fixe"),
        ("dispositif_programmes_nationaux", "point d’accès numérique CAF",
         "Point d'accès numérique CAF"),
        ("modalites_acces", "téléphoner, se présenter", "Téléphoner|Se présenter"),
        ("formations_labels", "étapes numériques (La Poste)", "Étapes numériques(La Poste)"),
        ("frais_a_charge", "Payant;payant", "Payant"),
        ("courriels", "a@b.fr, c@d.fr", "a@b.fr|c@d.fr"),
        ("site_web", "www.structure.fr", "https://www.structure.fr"),
        ("horaires", "Mo-Fr 09:00-12:00,14:00; Sa 08:30", "Mo-Fr 09:00-12:00,14:00; Sa 08:30"),
        ("nom", "  ", ""),
    ],
)  # fmt: skip
def test_a_value_is_read_tolerantly(name: str, typed: str, kept: str) -> None:
    assert FIELDS[name].read(typed) == kept


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("services", "Aide aux démarches", "Vouliez-vous dire « Aide aux démarches adm"),
        ("itinerance", "parfois", "Il y a : Itinérant, Fixe"),
        ("pivot", "12", "Exemple : 43493312300029"),
        ("telephone", "12", "Exemple : +33180059880"),
        ("code_postal", "CEDEX", "Exemple : 51100"),
        ("date_maj", "hier", "Exemple : 2026-03-31"),
        ("latitude", "91", "entre −90 et 90"),
        ("latitude", "NaN", "n’est pas un nombre"),
        ("latitude", "1e999999999", "n’est pas un nombre"),
        ("longitude", "est", "entre −180 et 180"),
        ("courriels", "contact chez structure", "e-mail"),
        ("site_web", "javascript:alert(1)", "adresse de page"),
        ("prise_rdv", "data:text/html,x", "adresse de page"),
        ("presentation_resume", "x" * 300, "raccourcissez de 20"),
        ("nom", "x" * 301, "300 au plus"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_how_to_write_it(
    name: str, typed: str, said: str
) -> None:
    with pytest.raises(UnfitError, match=re.escape(said)):
        FIELDS[name].read(typed)


def test_two_spellings_of_a_name_are_one_in_any_script() -> None:
    assert folded("Médiathèque de l’Étang") == folded("mediatheque  de l'etang")
    assert folded("مكتبة") != folded("بلدية")


def test_what_a_lieu_lacks_is_named() -> None:
    assert [field.name for field in missing(dict.fromkeys(FIELDS, "x") | {"pivot": ""})] == [
        "pivot"
    ]
