"""Texts that people have read and labelled, to measure the hints against: a CSV file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import NamedTuple

from app.hints.themes import CRITERIA

POLARITIES = ("pos", "neg", "mixte", "neutre")
COLUMNS = ("text", "polarity", "labels")
#: Beyond this many errors the file is not the right one: the first ones say enough.
MOST_ERRORS = 20


class Example(NamedTuple):
    """Be a text with what somebody read in it."""

    text: str
    polarity: str
    labels: frozenset[str]


class FileError(ValueError):
    """Say in French what is wrong with a file of labelled texts."""


def read_examples(content: bytes) -> tuple[Example, ...]:
    """Read labelled texts; refuse the whole file as soon as one line cannot be understood."""
    table = _table(_decoded(content))
    examples, problems = [], []
    for line, row in table:
        example, problem = _example(row)
        if example is not None:
            examples.append(example)
        elif problem:
            problems.append(f"ligne {line} : {problem}")
    if problems:
        more = len(problems) - MOST_ERRORS
        said = problems[:MOST_ERRORS] + ([f"… et {more} autres erreurs."] if more > 0 else [])
        raise FileError("\n".join(said))
    if not examples:
        raise FileError("Le fichier ne contient aucun texte : écrivez un texte par ligne.")
    return tuple(examples)


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileError(f"ligne {line} : le fichier doit être enregistré en UTF-8.") from error


def _table(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each line with its number, whichever of « , » and « ; » separates its cells."""
    first = text.partition("\n")[0]
    if not first.strip():
        raise FileError(f"Le fichier est vide : sa première ligne doit être {','.join(COLUMNS)}.")
    separator = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        head = [name.strip().lower() for name in next(reader)]
        if missing := [name for name in COLUMNS if name not in head]:
            raise FileError(
                f"ligne 1 : il manque la colonne {' et la colonne '.join(missing)}. "
                f"Les colonnes attendues sont {', '.join(COLUMNS)}."
            )
        line = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, dict(zip(head, cells, strict=False))
            line = reader.line_num + 1
    except csv.Error as error:
        raise FileError(
            f"ligne {reader.line_num} : les cellules ne se lisent pas. Vérifiez les guillemets, "
            "ou enregistrez de nouveau le fichier en CSV depuis votre tableur."
        ) from error


def _example(row: dict[str, str]) -> tuple[Example | None, str]:
    """Read one line; when it cannot be understood, say why instead."""
    text, polarity, labels = (row.get(name, "").strip() for name in COLUMNS)
    polarity = polarity.lower()
    chosen = frozenset(label.strip().lower() for label in labels.split("|") if label.strip())
    if not text:
        return None, "la colonne text est vide. Écrivez le texte, ou retirez la ligne."
    if polarity not in POLARITIES:
        said = f"« {polarity} » n'est pas une polarité" if polarity else "la polarité manque"
        return None, f"{said}. Écrivez {', '.join(POLARITIES[:-1])} ou {POLARITIES[-1]}."
    if unknown := sorted(chosen - set(CRITERIA)):
        names = ", ".join(CRITERIA)
        return None, f"« {unknown[0]} » n'est pas un thème. Les thèmes sont : {names}."
    return Example(text, polarity, chosen), ""
