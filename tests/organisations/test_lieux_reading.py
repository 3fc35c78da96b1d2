"""A file of lieux is read tolerantly; what is not kept is named, line by line."""

from __future__ import annotations

import codecs
import json
import random
from contextlib import suppress

import pytest

from app.organisations.lieux_reading import (
    LARGEST_FILE,
    MOST_LINES,
    LieuxFileError,
    Reading,
    read_lieux,
)

CSV = (
    "nom;commune;code_postal;services\n"
    "Médiathèque;Kerlann;22110;Accès internet et matériel informatique\n"
)


def only(reading: Reading) -> dict[str, str]:
    (read,) = reading.lieux
    return read.values


@pytest.mark.parametrize(
    "content",
    [
        CSV.encode(),
        codecs.BOM_UTF8 + CSV.encode(),
        CSV.encode("cp1252"),
        CSV.encode("utf-16"),
        CSV.replace(";", ",").encode(),
        CSV.replace(";", "\t").encode(),
        CSV.replace("\n", "\r\n").encode(),
        b"sep=;\r\n" + CSV.encode(),
        CSV.replace("code_postal", " Code  POSTAL ").replace("nom", "NOM DU LIEU").encode(),
        CSV.replace("Médiathèque", "Me\u0301diathe\u0300que").encode(),
        json.dumps([{"nom": "Médiathèque", "commune": "Kerlann", "code_postal": 22110,
                     "services": ["accès internet et matériel informatique"]}]).encode(),
        json.dumps({"data": [{"nom": "Médiathèque", "commune": "Kerlann", "code postal": "22110",
                              "services": "Accès internet et matériel informatique"}],
                    "meta": {"total": 1}}).encode(),
        json.dumps({"results": [{"fields": {"nom": "Médiathèque", "ville": "Kerlann", "cp": "22110",
                    "services": "Accès internet et matériel informatique"}}]}).encode(),
    ],
)  # fmt: skip
def test_the_same_lieu_is_read_from_any_writing(content: bytes) -> None:
    reading = read_lieux(content)
    assert only(reading) == {
        "nom": "Médiathèque",
        "commune": "Kerlann",
        "code_postal": "22110",
        "services": "Accès internet et matériel informatique",
    }
    assert not reading.refused
    assert not reading.set_aside


def test_a_bad_value_is_set_aside_with_its_line_its_column_and_what_to_do() -> None:
    reading = read_lieux(b"nom,latitude\nMairie,nord\nAnnexe,48\n")
    assert [read.values for read in reading.lieux] == [
        {"nom": "Mairie"},
        {"nom": "Annexe", "latitude": "48"},
    ]
    (remark,) = reading.set_aside
    assert (remark.line, remark.column, remark.value) == (2, "latitude", "nord")
    assert "Exemple" in remark.reason


def test_a_line_without_a_name_is_refused_and_the_others_kept() -> None:
    reading = read_lieux(f"nom,commune\n,Kerlann\n{'x' * 301},Lannion\nMairie,\n\n,\n".encode())
    assert [(one.line, one.column) for one in reading.refused] == [(2, "nom"), (3, "nom")]
    assert only(reading) == {"nom": "Mairie"}


def test_columns_that_the_schema_does_not_know_are_named() -> None:
    assert read_lieux(b"nom,directeur\nMairie,Sam\n").unknown == ["directeur"]
    assert read_lieux(b'[{"nom": "Mairie", "directeur": 1}]').unknown == ["directeur"]


def test_cells_that_were_made_safe_come_back_as_they_were() -> None:
    assert only(read_lieux(b"nom\n'=Mairie\n")) == {"nom": "=Mairie"}


def test_cells_beyond_the_columns_are_named() -> None:
    (remark,) = read_lieux(b"nom,commune\nMairie,Kerlann,de trop\n").set_aside
    assert (remark.line, remark.value) == (2, "de trop")
    assert "guillemets" in remark.reason


def test_values_of_json_that_no_cell_holds_are_set_aside() -> None:
    reading = read_lieux(b'[{"nom": "Mairie", "commune": {"a": 1}, "adresse": true}, 3]')
    assert {one.column for one in reading.set_aside} == {"commune", "adresse"}
    assert [one.line for one in reading.refused] == [2]
    assert (reading.unit, only(reading)) == ("fiche", {"nom": "Mairie"})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Choisissez un fichier"),
        (b"PK\x03\x04rest", "classeur"),
        (b"\x89PNG\r\n\x1a\n\0\0", "pas du texte"),
        (b"\0" * 50, "pas du texte"),
        (b"\xff\xfe\x00", "pas du texte"),
        (b"\x81\x8d\x8f", "pas du texte"),
        (b"a,b\n1,2\n", "la colonne « nom »"),
        (b"\n\n", "la colonne « nom »"),
        (b"nom\n", "aucun lieu"),
        (b"nom\n\n\n", "aucun lieu"),
        (b"[]", "aucun lieu"),
        (b"[" * 100_000, "JSON"),
        (b"{", "JSON"),
        (b'{"a": 1}', "liste de lieux"),
        (b"[" + b"9" * 5_000 + b"]", "JSON"),
        (b"nom\n" + b"a\n" * (MOST_LINES + 1), "plus de 1000 lieux"),
        (json.dumps([{"nom": "a"}] * (MOST_LINES + 1)).encode(), "plus de 1000 lieux"),
        (b"nom" + b"," * 300 + b"\n", "colonnes"),
        (b'nom\n"' + b"x" * 200_000, "brisé"),
        (b"a" * (LARGEST_FILE + 1), "2 Mo"),
        (b"<html><body>", "la colonne « nom »"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(content: bytes, said: str) -> None:
    with pytest.raises(LieuxFileError, match=said):
        read_lieux(content)


def test_half_a_character_and_great_numbers_are_only_text() -> None:
    reading = read_lieux(
        b'[{"nom": "a\\ud800", "commune": 1e999, "adresse": 36893488147419103232}]'
    )
    assert only(reading)["nom"] == "a\ufffd"
    assert only(reading)["adresse"] == "36893488147419103232"


def test_chance_never_breaks_it() -> None:
    chance = random.Random(5)
    whole = [CSV.encode(), b'[{"nom": "Mairie", "services": ["a", {"b": [1]}]}]']
    for _ in range(400):
        content = bytearray(chance.choice(whole))
        for _ in range(chance.randrange(1, 15)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        with suppress(LieuxFileError):
            read_lieux(bytes(content))
