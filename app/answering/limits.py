"""How many answers one address may send to one campaign; counted in memory only."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable

#: Seconds over which accepted answers are counted.
WINDOW = 600
#: Above so many counters, those that have expired are thrown away.
_MANY = 10_000


class Limiter:
    """Count accepted answers over the last ten minutes."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._accepted: dict[Hashable, deque[float]] = {}
        self._guard = threading.Lock()
        self._crowd = _MANY

    def refuses(self, counter: Hashable) -> bool:
        """Tell whether one more answer would be too many."""
        with self._guard:
            times = self._accepted.get(counter)
            if times is None:
                return False
            _forget(times, self._clock() - WINDOW)
            return len(times) >= self._most

    def accept(self, counter: Hashable) -> None:
        """Count one accepted answer."""
        with self._guard:
            now = self._clock()
            if len(self._accepted) > self._crowd:
                self._sweep(now - WINDOW)
            self._accepted.setdefault(counter, deque()).append(now)

    def _sweep(self, before: float) -> None:
        for times in self._accepted.values():
            _forget(times, before)
        self._accepted = {counter: times for counter, times in self._accepted.items() if times}
        self._crowd = max(
            _MANY, 2 * len(self._accepted)
        )  # or a crowd would be swept at each answer


def _forget(times: deque[float], before: float) -> None:
    while times and times[0] < before:
        times.popleft()
