"""`recueil testimonies`: measure the reading hints on texts that people have labelled."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.questionnaires.cli import Refused

if TYPE_CHECKING:  # loading TextBlob takes a second: only measuring waits for it
    from app.hints.evaluation import Estimate, Evaluation


@click.group()
def testimonies() -> None:
    """Mesurer les indices de lecture des témoignages."""


@testimonies.command()
@click.argument("file", metavar="FICHIER.csv")
@click.option(
    "--analyzer",
    type=click.Choice(["recueil", "pattern"]),
    default="recueil",
    show_default=True,
    help="L'analyseur mesuré : celui de Recueil, ou textblob-fr tel quel.",
)
def evaluate(file: str, analyzer: str) -> None:
    """Comparer les indices à ce que des personnes ont lu dans les mêmes textes.

    FICHIER.csv a trois colonnes : text, polarity (pos, neg, mixte ou neutre) et labels (thèmes
    séparés par « | », ou rien). « - » lit l'entrée standard. Rien n'est enregistré.
    """
    from app.hints.analyzers import Analyzer, tone_of
    from app.hints.evaluation import evaluate as measure
    from app.hints.labelled import FileError, read_examples
    from app.hints.themes import themes

    try:
        examples = read_examples(_content(file))
    except FileError as error:
        raise Refused(str(error)) from error
    chosen = Analyzer(analyzer)
    measured = measure(examples, tone_of(chosen), themes if chosen is Analyzer.RECUEIL else None)
    click.echo(_written(measured, chosen))


def _content(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise Refused(
            f"« {file} » ne peut pas être lu. Vérifiez le nom du fichier et le dossier."
        ) from error


def _written(measured: Evaluation, analyzer: str) -> str:
    from app.hints.evaluation import RESAMPLES, SEED, THEME_FIGURES
    from app.hints.labelled import POLARITIES

    shares = ", ".join(f"{measured.count(one)} {one}" for one in POLARITIES)
    lines = [f"Analyseur {analyzer}, n = {len(measured.outcomes)} textes ({shares})", ""]
    lines.append(f"{'':<34}{'valeur':<9}intervalle à 95 %")
    lines += [f"{name:<34}{_figure(one)}" for name, one in measured.figures.items()]
    lines += [f"{name:<34}sans objet" for name in THEME_FIGURES if name not in measured.figures]
    lines += ["", f"{'lu par une personne ↓, dit →':<34}" + _cells(POLARITIES)]
    lines += [
        f"{one:<34}" + _cells([str(measured.count(one, said)) for said in POLARITIES])
        for one in POLARITIES
    ]
    return "\n".join([*lines, "", *_method(analyzer, f"{RESAMPLES:,}".replace(",", " "), SEED)])


def _cells(cells: list[str] | tuple[str, ...]) -> str:
    return "".join(f"{cell:<9}" for cell in cells).rstrip()


def _figure(one: Estimate) -> str:
    if one.value is None:
        return "sans objet"
    between = f"[{_decimal(one.low)} ; {_decimal(one.high)}]"
    return f"{_decimal(one.value):<9}{between}"


def _decimal(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}".replace(".", ",")


def _method(analyzer: str, resamples: str, seed: int) -> list[str]:
    from app.hints.analyzers import PATTERN_THRESHOLD

    said = [
        "positif compte comme pos, négatif comme neg, mitigé comme mixte.",
        "indéterminé est une abstention : elle compte comme neutre, donc juste si la personne a lu",
        "neutre, et fausse sinon. La macro-F1 et celle des thèmes laissent de côté une classe que",
        "ni la personne ni l'analyseur ne nomment.",
        f"Intervalles : bootstrap par texte, {resamples} tirages, graine {seed}.",
    ]
    if analyzer == "pattern":
        threshold = f"{PATTERN_THRESHOLD}".replace(".", ",")
        said += [
            f"textblob-fr donne un nombre de -1 à 1 : au moins {threshold} est positif, au plus",
            f"-{threshold} négatif, le reste une abstention. Il ne dit jamais mitigé et ne connaît",
            "pas les thèmes.",
        ]
    return said
