"""Two analyzers behind TextBlob: ours, and plain textblob-fr to measure it against.

TextBlob takes a second to load: only what measures imports this; the pages call `polarity`.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from textblob import TextBlob
from textblob.base import DISCRETE, BaseSentimentAnalyzer
from textblob_fr import PatternAnalyzer

from app.hints.tone import NEGATIVE, POSITIVE, UNCLEAR, Tone, polarity

#: textblob-fr gives a number from -1 to 1; between these two it says nothing.
PATTERN_THRESHOLD = 0.1


class FrenchAnalyzer(BaseSentimentAnalyzer):  # type: ignore[misc, unused-ignore]
    """Be our analyzer for TextBlob: TextBlob(text, analyzer=FrenchAnalyzer()).sentiment."""

    kind = DISCRETE

    def analyze(self, text: str) -> Tone:
        """Return the tone of a text and the words that say so."""
        return polarity(text)


class Analyzer(StrEnum):
    """Name the analyzers that can be measured."""

    RECUEIL = "recueil"
    PATTERN = "pattern"


def tone_of(analyzer: Analyzer) -> Callable[[str], str]:
    """Return what says the tone of a text, for an analyzer."""
    if analyzer is Analyzer.RECUEIL:
        ours = FrenchAnalyzer()
        return lambda text: str(TextBlob(text, analyzer=ours).sentiment.value)
    plain = PatternAnalyzer()
    return lambda text: _thresholded(float(TextBlob(text, analyzer=plain).sentiment[0]))


def _thresholded(value: float) -> str:
    if abs(value) < PATTERN_THRESHOLD:
        return UNCLEAR
    return POSITIVE if value > 0 else NEGATIVE
