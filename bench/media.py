"""Time and memory of a film of 30 MB: put, read whole, read by ranges as a player asks for it.

.venv/bin/python -m bench.media
"""

from __future__ import annotations

import os
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from app.media.store import Store, new_key

SIZE = 30_000_000
#: What a player asks for when somebody moves in a film.
RANGE = 1_000_000
ROUNDS = 5


def _best(act: Callable[[], None]) -> float:
    """Return the milliseconds of the fastest of some rounds."""
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        act()
        taken.append((time.perf_counter() - began) * 1_000)
    return min(taken)


def _peak() -> float:
    """Return the most memory that the process took, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024


def main() -> None:
    """Print a line for each act."""
    with tempfile.TemporaryDirectory() as name:
        folder, key = Path(name), new_key()
        made = folder / "made"
        with made.open("wb") as file:
            for _ in range(SIZE // RANGE):
                file.write(os.urandom(RANGE))
        store = Store(folder)

        def whole() -> None:
            for _ in store.read(key):
                pass

        def ranges() -> None:
            for start in range(0, SIZE, RANGE):
                for _ in store.read(key, start, start + RANGE):
                    pass

        def seeks() -> None:
            for start in range(0, SIZE, RANGE):
                next(store.read(key, start + 12_345, start + 12_445))

        print(f"{'avant':<12}{'':>12}{_peak():>8.0f} MB")
        for said, act in (
            ("put", lambda: store.put(key, made)),
            ("whole", whole),
            ("30 ranges", ranges),
            ("30 seeks", seeks),
        ):
            print(f"{said:<12}{_best(act):>9.1f} ms{_peak():>8.0f} MB")


if __name__ == "__main__":
    main()
