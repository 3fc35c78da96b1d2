"""The order in which a figure is read: the sentence first, then what makes it precise."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.scoring import METHODS, Figure
from app.scoring.sentences import spaced
from app.web.typography import plural

if TYPE_CHECKING:
    from app.indicators.queries import Measured

#: Where a sentence without a headline may pause: before its details.
PAUSE = re.compile(r"\s(?=[;:(])|, (?=\S+ (?:est|sont|n’est|en|n’en) )")


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


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
