"""The order in which a figure is read: the sentence first, then what makes it precise."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from app.scoring import METHODS, Figure
from app.scoring.sentences import spaced
from app.web.typography import plural

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.indicators.queries import Block, Measured, Results

#: Where a sentence without a headline may pause: before its details.
PAUSE = re.compile(r"\s(?=[;:(])|, (?=\S+ (?:est|sont|n’est|en|n’en) )")


class Laid(NamedTuple):
    """Be one indicator on the page: the way that most people answered, then the others."""

    name: str
    leading: Measured
    others: tuple[Measured, ...]


def laid_out(block: Block) -> tuple[list[Laid], list[Laid]]:
    """Return the indicators of a critère, and apart those that too few answered for a percentage.

    Where none has more, nothing stands apart: it is all that there is to read.
    """
    laid = [_laid(name, ways) for name, ways in block.indicators.items()]
    small = [one for one in laid if not one.leading.figure.visibility.percentages]
    return ([one for one in laid if one not in small], small) if small != laid else (laid, [])


def group_of(measured: Measured) -> tuple[str, bool]:
    """Return what shares its warnings: the questionnaire, and whether two moments are compared."""
    return measured.questionnaire, bool(measured.figure.measure.from_wave)


def said_once(results: Results) -> Mapping[tuple[str, bool], tuple[str, ...]]:
    """Return the warnings that every figure of a group bears, where there are several."""
    raised: dict[tuple[str, bool], list[Sequence[str]]] = defaultdict(list)
    for block in results.blocks:
        for ways in block.indicators.values():
            for one in ways:
                raised[group_of(one)].append(one.figure.warnings)
    return {group: _common(found, results) for group, found in raised.items() if len(found) > 1}


def sentence_of(figure: Figure) -> tuple[str, str]:
    """Return what is said in big, and the rest, which repeats none of it and may be empty."""
    said, headline = _capital(figure.display), _capital(figure.headline)
    if not headline:
        pause = PAUSE.search(said)
        headline = said[: pause.start()] if pause else said
    if said.startswith(headline) and said != headline:
        return headline, f"{said[len(headline) :]}."
    if headline.startswith(said):
        return f"{headline}.", ""
    # « 2 réponses sur 10 le disent. 5 réponses sur 24 (21 %) »: the words themselves only once.
    words = headline.partition(" sur ")[2].partition(" ")[2]
    return f"{headline}.", f" {said.replace(f' {words}', '', 1) if words else said}."


def base_of(measured: Measured) -> str:
    """Say what a figure stands on: « n = 25 réponses ; méthode B, rétrospectif ; « Bilan » »."""
    measure = measured.figure.measure
    base = f"n = {plural(measured.figure.n, measure.unit)}"
    method = f"méthode {measure.method}, {METHODS[measure.method].name}"
    asked = f"« {measured.questionnaire} »"
    if measured.moments:
        asked += f", {measured.moments}"
    return spaced(f"{base} ; {method} ; {asked}.")


def quotation(measured: Measured, words: str) -> str:
    """Write a figure to paste elsewhere: its sentence, what it stands on, when."""
    lead, rest = sentence_of(measured.figure)
    return f"{lead}{rest} ({base_of(measured).rstrip('.')} ; {words})"


def _laid(name: str, ways: Sequence[Measured]) -> Laid:
    leading = max(ways, key=lambda one: one.figure.n)
    return Laid(name, leading, tuple(one for one in ways if one is not leading))


def _common(found: Sequence[Sequence[str]], results: Results) -> tuple[str, ...]:
    """Return the codes that all bear, but those said of the whole page."""
    return tuple(
        code
        for code in found[0]
        if code not in results.shared_warnings and all(code in others for others in found)
    )


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
