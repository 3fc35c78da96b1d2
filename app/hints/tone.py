"""Which way a text leans, with the words that say so; it abstains when they say little."""

from __future__ import annotations

from typing import NamedTuple

from app.hints.lexicon import Role
from app.hints.reading import Reading, Trigger, read
from app.hints.spans import Span, span

POSITIVE, NEGATIVE, MIXED, UNCLEAR = "positif", "négatif", "mitigé", "indéterminé"
TONES = (POSITIVE, NEGATIVE, MIXED, UNCLEAR)

#: Under this, one side says nothing.
LEAST = 1.0
#: The weaker side counts when it weighs this share of the stronger one.
SHARE = 0.4
#: « Avant j'avais peur », alone: what is over weighs less.
OVER = 0.5


class Tone(NamedTuple):
    """Be which way a text leans, and every word that leans in it."""

    value: str
    words: tuple[Span, ...]


def polarity(text: str) -> Tone:
    """Say which way a text leans; « indéterminé » whenever it is not clear."""
    reading = read(text)
    shown = (span(reading.words, trigger.begins, trigger.ends) for trigger in reading.triggers)
    return Tone(_value(reading), tuple(_apart(sorted(shown))))


def _apart(spans: list[Span]) -> list[Span]:
    """Join the spans that overlap: « pas bien aidée » is shown once."""
    joined: list[Span] = []
    for one in spans:
        if joined and one.start < joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(one.end, joined[-1].end))
        else:
            joined.append(one)
    return joined


def _value(reading: Reading) -> str:
    good, bad = _sides(reading)
    if reading.is_ironic:
        good = 0.0
    if max(good, bad) < LEAST:
        return UNCLEAR
    least, most = sorted((good, bad))
    if least >= LEAST and (least >= SHARE * most or _opposes(reading)):
        return MIXED
    return POSITIVE if good > bad else NEGATIVE


def _sides(reading: Reading) -> tuple[float, float]:
    """Add up each side; what was bad before weighs nothing when something is good now."""
    good_in = {reading.parts[t.first] for t in reading.triggers if t.weight > 0}
    over: list[float] = []
    present: list[float] = []
    for trigger in reading.triggers:
        (over if _is_over(reading, trigger, good_in) else present).append(trigger.weight)
    good = sum((w for w in present if w > 0), 0.0)
    bad = -sum((w for w in present if w < 0), 0.0)
    if not present and not reading.now:
        good = OVER * sum(w for w in over if w > 0)
        bad = -OVER * sum(w for w in over if w < 0)
    elif reading.now and not good and not bad and any(w < 0 for w in over):
        good = LEAST  # « avant j'avais peur, maintenant j'ouvre mon espace »
    return good, bad


def _is_over(reading: Reading, trigger: Trigger, good_in: set[int]) -> bool:
    part = reading.parts[trigger.first]
    if part in reading.past:
        return True
    is_told_as_over = trigger.weight < 0 and part in reading.imperfect
    return is_told_as_over and len(good_in) > (part in good_in)


def _opposes(reading: Reading) -> bool:
    """Say whether a « mais » stands between the two sides."""
    good = [t.first for t in reading.triggers if t.weight > 0]
    bad = [t.first for t in reading.triggers if t.weight < 0]
    if not good or not bad:
        return False
    return any(
        role is Role.OPPOSITION and (good[0] < at <= bad[-1] or bad[0] < at <= good[-1])
        for at, role in reading.roles.items()
    )
