"""A port for a server that a test starts in another process."""

from __future__ import annotations

import itertools
import os
import socket

#: Below the ports that the machine gives to whoever connects: none of them is taken meanwhile.
_FIRST, _EACH, _SHARES = 20_000, 1_500, 8
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_NUMBERS = itertools.count(os.getpid() * 37)


def free_port() -> int:
    """Return a port on which nobody listens; two processes of the tests are given no same one."""
    for number in itertools.islice(_NUMBERS, _EACH):
        port = _FIRST + _WORKER % _SHARES * _EACH + number % _EACH
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no port is free")
