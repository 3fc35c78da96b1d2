"""Read a text word by word: what leans, which way once negated, and in which part it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from app.hints.lexicon import Entry, Kind, Role, entries, modifiers
from app.hints.patterns import Match
from app.hints.spans import BREAKS, STOP, Word, words

#: How far a negation reaches: « pas du tout contente » before a word, « marche pas » after a verb.
BEFORE_WORD = 4
AFTER_VERB = 2
LESS_REACH = 3
STRONGER, WEAKER, UNSURE = 1.5, 0.6, 0.4
#: A negation does not reach over these.
_LINKS = frozenset(
    ["et", "ou", "que", "qu", "qui", "quand", "lorsque", "car", "parce", "pour", "donc", "alors"]
)
_SKIPPED = frozenset(["toujours", "encore", "meme", "y", "du", "tout", "tres", "trop", "bien"])
#: « je n'osais pas », « je me sentais »; never « je voudrais ».
_IMPERFECT = re.compile(r"\w+(?<!r)ais")
_I = frozenset(["j", "je"])
_BEGINNINGS = frozenset([Role.BEFORE, Role.NOW, Role.OPPOSITION])


class Trigger(NamedTuple):
    """Be words that lean one way: which ones, how much, and what turned them round."""

    first: int
    last: int
    weight: float
    turned_by: Role | None = None
    turned_at: int = -1

    @property
    def begins(self) -> int:
        """Return the first word to show, the one that negates included."""
        return self.first if self.turned_at < 0 else min(self.first, self.turned_at)

    @property
    def ends(self) -> int:
        """Return the last word to show, the one that negates included."""
        return max(self.last, self.turned_at)


@dataclass
class Reading:
    """Hold what was read in a text."""

    words: list[Word]
    roles: dict[int, Role] = field(default_factory=dict)
    triggers: list[Trigger] = field(default_factory=list)
    #: For each word, the part of a sentence it is in: a number that only goes up.
    parts: list[int] = field(default_factory=list)
    #: The parts that tell of before.
    past: set[int] = field(default_factory=set)
    #: The parts in which « je » tells of before by the tense alone.
    imperfect: set[int] = field(default_factory=set)
    #: The parts that begin with « maintenant », « aujourd'hui »…
    now: set[int] = field(default_factory=set)
    is_ironic: bool = False


def read(text: str) -> Reading:
    """Read a text, whatever its length and its language."""
    reading = Reading(words(text))
    found = _leaning(reading)
    hidden = {
        at for match in found if match.last > match.first or not match.value.weight
        for at in range(match.first, match.last + 1)
    }  # fmt: skip
    reading.roles = _roles(reading.words, hidden)
    _cut(reading)
    leaning = [match for match in found if match.value.weight]
    followed = {match.first - 1 for match in leaning}
    reading.is_ironic = any(match.value.is_ironic for match in found)
    reading.triggers = [
        _weighed(reading, match)
        for match in leaning
        if match.last not in followed or not _only_strengthens(reading, match)
    ]
    return reading


def _leaning(reading: Reading) -> list[Match[Entry]]:
    known, found, at = entries(), [], 0
    while at < len(reading.words):
        match = known.longest(reading.words, at)
        if match is not None:
            found.append(match)
        at = at + 1 if match is None else match.last + 1
    return found


def _roles(found: list[Word], hidden: set[int]) -> dict[int, Role]:
    """Say what each word does; a set phrase of the lexicon has already used its own words."""
    known, at = modifiers(), 0
    roles: dict[int, Role] = {}
    while at < len(found):
        match = known.longest(found, at)
        if match is None or not hidden.isdisjoint(range(match.first, match.last + 1)):
            at += 1
            continue
        roles |= dict.fromkeys(range(match.first, match.last + 1), match.value)
        at = match.last + 1
    return roles


def _cut(reading: Reading) -> None:
    """Number the parts of sentences and say which tell of before and which of now."""
    part, is_past = 0, False
    for at, word in enumerate(reading.words):
        role = reading.roles.get(at)
        begins = role in _BEGINNINGS and not _is_trailing(reading, at)
        if word.folded in BREAKS or (begins and reading.roles.get(at - 1) is not role):
            part += 1
        if word.folded == STOP or role in {Role.NOW, Role.OPPOSITION}:
            is_past = False
        if role is Role.BEFORE:
            is_past = begins
            reading.past.add(part)
        if role is Role.NOW:
            reading.now.add(part)
        if is_past:
            reading.past.add(part)
        elif word.folded in _I and _is_imperfect(reading.words, at):
            reading.imperfect.add(part)
        reading.parts.append(part)


def _is_trailing(reading: Reading, at: int) -> bool:
    """Say whether a word of time ends its part: « j'ose maintenant » is said of the whole of it."""
    role, after = reading.roles.get(at), at + 1
    while after < at + BEFORE_WORD and reading.roles.get(after) is role:
        after += 1
    return role is not Role.OPPOSITION and (
        after >= len(reading.words) or reading.words[after].folded in BREAKS
    )


def _is_imperfect(found: list[Word], at: int) -> bool:
    for word in found[at + 1 : at + 4]:
        if word.folded in BREAKS:
            return False
        if _IMPERFECT.fullmatch(word.folded):
            return True
    return False


def _only_strengthens(reading: Reading, match: Match[Entry]) -> bool:
    """Say whether a word strengthens the next one that leans: « super contente », « trop bien »."""
    return match.first == match.last and reading.roles.get(match.first) is Role.STRONGER


def _weighed(reading: Reading, match: Match[Entry]) -> Trigger:
    """Weigh a form where it stands: negated, strengthened, softened."""
    trigger = _turned(reading, match, float(match.value.weight))
    near = [reading.roles.get(at) for at in _reach(reading, match.first, 2)]
    if trigger.turned_by is None and Role.STRONGER in near:
        trigger = trigger._replace(weight=trigger.weight * STRONGER)
    if Role.WEAKER in near:
        trigger = trigger._replace(weight=trigger.weight * WEAKER)
    return trigger


def _reach(reading: Reading, first: int, most: int) -> list[int]:
    """Return the words just before one, nearest first, that stand in the same part."""
    reached = []
    for at in range(first - 1, max(first - 1 - most, -1), -1):
        if reading.parts[at] != reading.parts[first] or reading.words[at].folded in BREAKS:
            break
        if reading.words[at].folded in _LINKS:
            break
        reached.append(at)
    return reached


def _turned(reading: Reading, match: Match[Entry], weight: float) -> Trigger:
    """Turn a form round when something negates it."""
    plain = Trigger(match.first, match.last, weight)
    for at in _reach(reading, match.first, BEFORE_WORD):
        role = reading.roles.get(at)
        if role is Role.NEGATION or (role is Role.LESS and match.first - at <= LESS_REACH):
            return _opposite(plain, role, _first_of(reading, at))
        if role is Role.MORE:
            return _with_plus(reading, match, plain, at)
    if match.value.kind is Kind.VERB:
        return _after_verb(reading, match, plain)
    return plain


def _first_of(reading: Reading, at: int) -> int:
    """Return where a set phrase like « pas du tout » begins."""
    first = at
    while first and at - first < BEFORE_WORD and reading.roles.get(first - 1) is reading.roles[at]:
        first -= 1
    return first


def _opposite(plain: Trigger, role: Role, at: int, share: float = 1.0) -> Trigger:
    return plain._replace(weight=-plain.weight * share, turned_by=role, turned_at=at)


def _with_plus(reading: Reading, match: Match[Entry], plain: Trigger, at: int) -> Trigger:
    """Tell « je n'ai plus peur » from « plus facile »; « j'ai plus peur » alone stays unsure."""
    if _has_ne(reading, at):
        return _opposite(plain, Role.MORE, at)
    after = reading.words[match.last + 1].folded if match.last + 1 < len(reading.words) else ""
    if match.value.kind is Kind.PLAIN or after in {"que", "qu"}:
        return plain._replace(weight=plain.weight * STRONGER)
    if plain.weight > 0 and match.first - at > 1:
        return plain  # « plus de confiance »
    return _opposite(plain, Role.MORE, at, UNSURE)


def _after_verb(reading: Reading, match: Match[Entry], plain: Trigger) -> Trigger:
    at, left = match.last + 1, AFTER_VERB
    while at < len(reading.words) and left and reading.words[at].folded not in BREAKS:
        role = reading.roles.get(at)
        if role in {Role.NEGATION, Role.LESS}:
            return _opposite(plain, role, at)
        if role is Role.MORE:
            share = 1.0 if _has_ne(reading, match.first) else UNSURE
            return _opposite(plain, role, at, share)
        left -= reading.words[at].folded not in _SKIPPED
        at += 1
    return plain


def _has_ne(reading: Reading, at: int) -> bool:
    return any(reading.words[near].folded in {"n", "ne"} for near in _reach(reading, at, 4))
