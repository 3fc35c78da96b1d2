"""What a text suggests to who reads it: a tone, a before and after, themes, personal data.

Hints sort a reading queue and point at words. They are never a score and never a number.
"""

from app.hints.contrasts import Contrast, contrasts
from app.hints.personal import Finding, findings, masked
from app.hints.spans import Span
from app.hints.themes import CRITERIA, themes
from app.hints.tone import MIXED, NEGATIVE, POSITIVE, TONES, UNCLEAR, Tone, polarity

__all__ = [
    "CRITERIA",
    "MIXED",
    "NEGATIVE",
    "POSITIVE",
    "TONES",
    "UNCLEAR",
    "Contrast",
    "Finding",
    "Span",
    "Tone",
    "contrasts",
    "findings",
    "masked",
    "polarity",
    "themes",
]
