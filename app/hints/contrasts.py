"""What changed, in the words of a text: what was before, beside what is now."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import NamedTuple

from app.hints.lexicon import Role
from app.hints.reading import Reading, Trigger, read
from app.hints.spans import BREAKS, STOP, Span, span


class Contrast(NamedTuple):
    """Be two stretches of a text that tell of the same thing at two moments."""

    before: Span
    now: Span


#: « je n'ai plus peur »: at most this many words say what is no more.
_NO_MORE = 4
#: Between « avant » and « maintenant » there may be a few sentences, not a whole story.
_FARTHEST = 60


def contrasts(text: str) -> tuple[Contrast, ...]:
    """Return the befores and afters of a text, in its order."""
    reading = read(text)
    found = [*_two_moments(reading), *_no_more(reading)]
    apart: list[Contrast] = []
    end = 0
    for one in sorted(found, key=min):
        if min(one).start >= end:
            apart.append(one)
            end = max(one).end
    return tuple(apart)


def _two_moments(reading: Reading) -> list[Contrast]:
    """Pair each stretch of before with the stretch of now that is nearest."""
    stretches = _stretches(reading)
    found: list[Contrast] = []
    used: set[int] = set()
    for rank, (first, last, moment) in enumerate(stretches):
        if moment is not Role.BEFORE:
            continue
        before = span(reading.words, first, last)
        for other in (rank + 1, rank + 2, rank - 1):
            if not 0 <= other < len(stretches) or other in used:
                continue
            start, end, when = stretches[other]
            if when is Role.NOW and abs(start - first) <= _FARTHEST:
                used.add(other)
                found.append(Contrast(before, span(reading.words, start, end)))
                break
        else:
            found += _better_since(reading, before, first, last)
    return found


def _better_since(reading: Reading, before: Span, first: int, last: int) -> list[Contrast]:
    """Read « je n'osais pas demander. J'ose venir. »: bad then, good in the next words."""
    then = bisect_left(reading.triggers, first, key=_place)
    since = bisect_right(reading.triggers, last, key=_place)
    if not any(trigger.weight < 0 for trigger in reading.triggers[then:since]):
        return []
    for trigger in reading.triggers[since:]:
        if trigger.first > last + _FARTHEST:
            break
        if trigger.weight > 0:
            return [Contrast(before, _part_of(reading, trigger.first, last + 1))]
    return []


def _place(trigger: Trigger) -> int:
    return trigger.first


def _part_of(reading: Reading, at: int, earliest: int) -> Span:
    """Return the part of a sentence around a word."""
    part = reading.parts[at]
    first = max(bisect_left(reading.parts, part), earliest)
    last = bisect_right(reading.parts, part) - 1
    while reading.words[first].folded in BREAKS:
        first += 1
    return span(reading.words, first, last)


def _stretches(reading: Reading) -> list[tuple[int, int, Role]]:
    """Return what is told of before and of now: first word, last word, moment."""
    found: list[tuple[int, int, Role]] = []
    for first, last in _sentences(reading):
        moment: Role | None = None
        for at in range(first, last + 1):
            if reading.words[at].folded in BREAKS:
                continue
            told = _moment(reading, at) or (moment if moment in {Role.BEFORE, Role.NOW} else None)
            if reading.roles.get(at) is Role.OPPOSITION and told is moment:
                told = None
            if told is not None and told is moment and found:
                found[-1] = (found[-1][0], at, told)
            elif told is not None:
                found.append((at, at, told))
            moment = told
    return found


def _moment(reading: Reading, at: int) -> Role | None:
    part = reading.parts[at]
    if part in reading.now:
        return Role.NOW
    return Role.BEFORE if part in reading.past | reading.imperfect else None


def _sentences(reading: Reading) -> list[tuple[int, int]]:
    found, first = [], 0
    for at, word in enumerate(reading.words):
        if word.folded == STOP:
            if at > first:
                found.append((first, at - 1))
            first = at + 1
    if first < len(reading.words):
        found.append((first, len(reading.words) - 1))
    return found


def _no_more(reading: Reading) -> list[Contrast]:
    """Read « je n'ai plus peur », « moins de stress »: what was there, what ended it."""
    ended = [
        (trigger, _ended(reading, trigger))
        for trigger in reading.triggers
        if trigger.turned_by in {Role.MORE, Role.LESS}
        and trigger.weight > 0
        and 0 < trigger.first - trigger.turned_at <= _NO_MORE
    ]
    return [
        contrast
        for trigger, contrast in ended  # « j'ai plus peur », without « ne », may mean more of it
        if trigger.turned_by is Role.LESS
        or contrast.now.start < reading.words[trigger.turned_at].start
    ]


def _ended(reading: Reading, trigger: Trigger) -> Contrast:
    begins = trigger.turned_at
    for at in range(begins - 1, max(begins - 4, -1), -1):
        if reading.words[at].folded in BREAKS:
            break
        if reading.words[at].folded in {"n", "ne"}:
            begins = at
            break
    return Contrast(
        before=span(reading.words, trigger.first, trigger.last),
        now=span(reading.words, begins, trigger.turned_at),
    )
