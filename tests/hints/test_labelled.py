"""Files of labelled texts: read as people write them, refused with the line at fault."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.hints.labelled import Example, FileError, read_examples

HEAD = "text,polarity,labels\n"


@pytest.mark.parametrize(
    "content",
    [
        'text,polarity,labels\n"Oui, merci",pos,lien|droits\nBof,neutre,\n',
        "text;polarity;labels\nOui, merci;pos;lien|droits\nBof;neutre;\n",
        "\ufefftext;polarity;labels\r\nOui, merci;POS; lien | droits \r\n\r\nBof;neutre;\r\n",
        'labels,id,Polarity,TEXT\nlien|droits,1,pos,"Oui, merci"\n,2,neutre,Bof\n',
        'text,polarity,labels\n"Oui, merci",pos,lien|droits\nBof,neutre\n',
    ],
)
def test_a_file_is_read_whatever_spreadsheet_wrote_it(content: str) -> None:
    assert read_examples(content.encode()) == (
        Example("Oui, merci", "pos", frozenset({"lien", "droits"})),
        Example("Bof", "neutre", frozenset()),
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Le fichier est vide"),
        (b"\n\n", "Le fichier est vide"),
        (HEAD.encode(), "ne contient aucun texte"),
        (b"text,labels\nOui,\n", "ligne 1 : il manque la colonne polarity."),
        (b"a,b\n1,2\n", "la colonne text et la colonne polarity et la colonne labels"),
        (f"{HEAD}Oui,positif,\n".encode(), "ligne 2 : « positif » n'est pas une polarité."),
        (f'{HEAD}"Oui\nmerci",pos,\nNon,,\n'.encode(), "ligne 4 : la polarité manque."),
        (f"{HEAD}Oui,pos,joie\n".encode(), "ligne 2 : « joie » n'est pas un thème."),
        (f"{HEAD} ,pos,\n".encode(), "ligne 2 : la colonne text est vide."),
        (f"{HEAD}Oui,pos,\nÉté,pos,\n".encode("latin-1"), "ligne 3 : le fichier doit être"),
        (f'{HEAD}"Oui"x,pos,\n'.encode(), "ligne 2 : les cellules ne se lisent pas."),
        (f'{HEAD}"Oui,pos,\n'.encode(), "les cellules ne se lisent pas."),
        (f"{HEAD}{'a' * 200_000},pos,\n".encode(), "les cellules ne se lisent pas."),
    ],
)
def test_a_wrong_file_is_refused_with_what_to_do(content: bytes, words: str) -> None:
    with pytest.raises(FileError) as error:
        read_examples(content)
    assert words in str(error.value)


def test_every_wrong_line_is_named_up_to_a_number_that_can_be_read() -> None:
    with pytest.raises(FileError) as error:
        read_examples((HEAD + "Oui,bien,\n" * 30).encode())
    said = str(error.value).splitlines()
    assert (said[0][:9], len(said), said[-1]) == ("ligne 2 :", 21, "… et 10 autres erreurs.")


@settings(deadline=None)
@given(
    st.binary(max_size=200)
    | st.text(max_size=200).map(lambda text: (HEAD + text).encode("utf-8", "replace"))
)
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with suppress(FileError):
        assert read_examples(content)
