"""What a text speaks of: for each criterion, the words that suggest it."""

from __future__ import annotations

from collections.abc import Mapping

from app.hints.lexicon import Role
from app.hints.lexicon import themes as patterns
from app.hints.patterns import Match
from app.hints.reading import BEFORE_WORD, Reading, read
from app.hints.spans import BREAKS, Span, span

#: The ten criteria of the question « De quoi parle votre histoire ? », and what is in the way.
STUCK = "coince"
CRITERIA = (
    "autonomie",
    "confiance",
    "lien",
    "droits",
    "insertion",
    "partage",
    "cyber",
    "information",
    "ressource",
    "associatif",
    STUCK,
)


def themes(text: str) -> Mapping[str, tuple[Span, ...]]:
    """Return the criteria a text speaks of, in their order, each with the words that say so."""
    reading = read(text)
    found: dict[str, list[Span]] = {}
    for match in _longest(reading):
        if match.value == STUCK and not _is_in_the_way(reading, match.first):
            continue
        shown = found.setdefault(match.value, [])
        place = span(reading.words, match.first, match.last)
        if shown and place.start < shown[-1].end:
            place = Span(shown[-1].start, max(shown.pop().end, place.end))
        shown.append(place)
    return {one: tuple(found[one]) for one in CRITERIA if one in found}


def _longest(reading: Reading) -> list[Match[str]]:
    """Return the patterns found, without those inside a longer one: « perdu mon mot de passe ».

    What is in the way is always kept: « personne ne m'a dit où aller » is both.
    """
    found: list[Match[str]] = []
    farthest = -1  # the last word of the patterns that began earlier
    for at in range(len(reading.words)):
        here = list(patterns().at(reading.words, at))
        last = max((match.last for match in here), default=-1)
        found += [
            match
            for match in here
            if match.value == STUCK or (match.last == last and last > farthest)
        ]
        farthest = max(farthest, last)
    return found


def _is_in_the_way(reading: Reading, first: int) -> bool:
    """Say whether what is in the way still is: neither denied nor over."""
    if reading.parts[first] in reading.past:
        return False
    for at in range(first - 1, max(first - 1 - BEFORE_WORD, -1), -1):
        if reading.words[at].folded in BREAKS or reading.parts[at] != reading.parts[first]:
            return True
        if reading.roles.get(at) in {Role.NEGATION, Role.LESS}:
            return False
    return True
