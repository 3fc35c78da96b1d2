"""What guessing at passwords may cost: few tries, few at a time; in memory only."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from typing import TypeAlias

from werkzeug.exceptions import ServiceUnavailable

from app.web.typography import plural

#: Wrong passwords allowed in so many seconds for one e-mail from one address; from one address,
#: where a whole team may sit; for one e-mail from anywhere: many, or a stranger would lock it.
PAIR, ADDRESS, EMAIL = 10, 30, 60
WINDOW = 600
#: Counters remembered; the oldest are forgotten first.
_MOST = 10_000

#: Slow hashes at a time, and those that may wait: the public pages keep the other threads.
AT_ONCE, WAITING, PATIENCE = 2, 2, 5
#: Seconds after which somebody who found the place full tries again.
RETRY_AFTER = 5

_Counter: TypeAlias = tuple[str, str]


class Attempts:
    """Count what may be tried so often: nothing about people is written down."""

    def __init__(self, pair: int = PAIR, *, address: int = ADDRESS, email: int = EMAIL) -> None:
        self._most = (pair, address, email)
        self._times: OrderedDict[_Counter, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, email: str, address: str) -> int:
        """Take one try before it is made; when none is left, return the seconds to wait."""
        now = time.monotonic()
        with self._lock:
            counted = [(self._of(name, now), most) for name, most in self._named(email, address)]
            if full := [times[-most] for times, most in counted if len(times) >= most]:
                return max(1, ceil(max(full) + WINDOW - now))
            for name, _ in self._named(email, address):
                self._times.setdefault(name, deque()).append(now)
                self._times.move_to_end(name)
            while len(self._times) > _MOST:
                self._times.popitem(last=False)
        return 0

    def give_back(self, email: str, address: str) -> None:
        """Give back a try that was right, or was not made."""
        with self._lock:
            for name, _ in self._named(email, address):
                if times := self._times.get(name):
                    times.pop()

    def succeeded(self, email: str, address: str) -> None:
        """Forget the wrong passwords that came before the right one, from this address."""
        self.give_back(email, address)
        with self._lock:
            self._times.pop((email, address), None)

    def is_last(self, email: str, address: str) -> bool:
        """Tell whether the wrong password that was just given is the last that is heard for now."""
        now = time.monotonic()
        with self._lock:
            pair, _, anywhere = self._named(email, address)
            return any(len(self._of(name, now)) >= most for name, most in (pair, anywhere))

    def _named(self, email: str, address: str) -> list[tuple[_Counter, int]]:
        names = ((email, address), ("", address), (email, "*"))
        return list(zip(names, self._most, strict=True))

    def _of(self, name: _Counter, now: float) -> deque[float]:
        times = self._times.get(name, deque())
        while times and times[0] <= now - WINDOW:
            times.popleft()
        return times


class Busy(ServiceUnavailable):
    """Say that too many passwords are being checked at this moment."""

    def __init__(self) -> None:
        super().__init__(retry_after=RETRY_AFTER)


class Gate:
    """Let few through at a time, and few wait for their turn."""

    def __init__(self, through: int = AT_ONCE, waiting: int = WAITING) -> None:
        self._through = threading.BoundedSemaphore(through)
        self._places = threading.BoundedSemaphore(through + waiting)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn; refuse at once when the waiting room is full."""
        if not self._places.acquire(blocking=False):
            raise Busy
        try:
            if not self._through.acquire(timeout=PATIENCE):
                raise Busy
            try:
                yield
            finally:
                self._through.release()
        finally:
            self._places.release()


def wait_words(seconds: int, what: str = "essais") -> str:
    """Say when somebody may try again."""
    minutes = plural(ceil(seconds / 60), "minute")
    return f"Plusieurs {what} à la suite. Attendez {minutes}, puis essayez encore."
