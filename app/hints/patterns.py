"""Set phrases found in a text in one pass, however many there are.

A pattern is words as people write them, accents or not. `souri*` is any ending; `…` alone is up to
three words of the same part of a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from app.hints.spans import BREAKS, Word, fold, words

T = TypeVar("T")
WIDEST_GAP = 3
SHORTEST_STEM, LONGEST_STEM = 3, 24
#: What a single word may end with and stay the same word: contente, soucis, perdues.
_ENDINGS = ("s", "e", "es", "x")
_LAST_LETTERS = frozenset("sex")


class Match(NamedTuple, Generic[T]):
    """Be a pattern found: its first and last word, and what it stands for."""

    first: int
    last: int
    value: T


@dataclass
class _Node(Generic[T]):
    values: list[T] = field(default_factory=list)
    exact: dict[str, _Node[T]] = field(default_factory=dict)
    stems: dict[str, _Node[T]] = field(default_factory=dict)
    #: How the stems begin, so that most words are not tried letter by letter.
    heads: set[str] = field(default_factory=set)
    gap: _Node[T] | None = None


class Patterns(Generic[T]):
    """Hold patterns as a tree, so that reading a text is linear in its length."""

    def __init__(self, written: Iterable[tuple[str, T]]) -> None:
        """Read patterns, each with what it stands for."""
        self._root: _Node[T] = _Node()
        for pattern, value in written:
            self._add(pattern, value)

    def longest(self, found: list[Word], at: int) -> Match[T] | None:
        """Return the longest pattern that begins at a word, if there is one."""
        best: Match[T] | None = None
        for match in self.at(found, at):
            if best is None or match.last > best.last:
                best = match
        return best

    def at(self, found: list[Word], at: int) -> list[Match[T]]:
        """Return every pattern that begins at a word."""
        matches: list[Match[T]] = []
        self._walk(self._root, found, at, at, matches)
        if (bare := self._bare(found[at].folded)) is not None:
            matches += (Match(at, at, value) for value in bare.values)
        return matches

    def _bare(self, word: str) -> _Node[T] | None:
        """Return a one-word pattern that this word is the feminine or the plural of."""
        if word[-1:] not in _LAST_LETTERS or word in self._root.exact:
            return None
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
                node = self._root.exact.get(word.removesuffix(ending))
                if node is not None and node.values:
                    return node
        return None

    def _walk(
        self, node: _Node[T], found: list[Word], first: int, at: int, matches: list[Match[T]]
    ) -> None:
        matches += (Match(first, at - 1, value) for value in node.values)
        if at >= len(found) or (word := found[at].folded) in BREAKS:
            return
        if (following := node.exact.get(word)) is not None:
            self._walk(following, found, first, at + 1, matches)
        if word[:SHORTEST_STEM] in node.heads:
            for length in range(SHORTEST_STEM, min(len(word), LONGEST_STEM) + 1):
                if (following := node.stems.get(word[:length])) is not None:
                    self._walk(following, found, first, at + 1, matches)
        if node.gap is not None:
            self._over_gap(node.gap, found, first, at, matches)

    def _over_gap(
        self, node: _Node[T], found: list[Word], first: int, at: int, matches: list[Match[T]]
    ) -> None:
        for after in range(at, min(at + WIDEST_GAP + 1, len(found))):
            self._walk(node, found, first, after, matches)
            if found[after].folded in BREAKS:
                return

    def _add(self, pattern: str, value: T) -> None:
        node = self._root
        for part in pattern.split():
            if part == "…":
                node.gap = node.gap or _Node()
                node = node.gap
                continue
            pieces = words(part.removesuffix("*")) or [Word(fold(part), 0, 0)]
            for piece in pieces[:-1]:
                node = node.exact.setdefault(piece.folded, _Node())
            last = pieces[-1].folded
            branch = node.exact
            if part.endswith("*"):
                branch = node.stems
                node.heads.add(last[:SHORTEST_STEM])
            node = branch.setdefault(last, _Node())
        node.values.append(value)
