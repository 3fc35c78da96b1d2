"""A crowd behind one address is let through; a machine that hammers is not."""

from __future__ import annotations

import pytest

from app.answering.limits import WINDOW, Limiter


def test_refuses_above_the_limit_until_ten_minutes_have_passed() -> None:
    now = [0.0]
    limiter = Limiter(2, lambda: now[0])
    assert not limiter.refuses("a")
    limiter.accept("a")
    now[0] = 100
    limiter.accept("a")
    assert limiter.refuses("a")
    assert not limiter.refuses("b")
    now[0] = WINDOW + 1
    assert not limiter.refuses("a")
    limiter.accept("a")
    assert limiter.refuses("a")


def test_forgets_addresses_that_stopped() -> None:
    now = [0.0]
    limiter = Limiter(1, lambda: now[0])
    for address in range(10_001):
        limiter.accept(address)
    now[0] = WINDOW + 1
    limiter.accept("late")
    assert len(limiter._accepted) == 1


def test_a_crowd_is_not_swept_at_each_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    limiter = Limiter(1, lambda: 0.0)
    sweeps: list[float] = []
    sweep = limiter._sweep
    monkeypatch.setattr(limiter, "_sweep", lambda before: (sweeps.append(before), sweep(before)))
    for address in range(30_000):
        limiter.accept(address)
    assert len(sweeps) == 2
