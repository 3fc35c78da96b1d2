"""What people wait behind the shipped nginx while two hundred slow clients hold on to it.

    python -m bench.slow_clients --seconds 20 --slow 200

Half of the slow clients send a form one byte every 0.1 to 1 second, a quarter half of a form and
then nothing, a quarter their headers byte by byte. Eight people answer meanwhile. Prints the p95
of a POST without and with the slow ones, in one run, and their ratio.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import random
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from functools import cache
from pathlib import Path

from bench.respondents import Form, Visitor, address, text_of
from bench.server import Running, demonstration, free_port
from bench.shipped_nginx import adapted

PEOPLE = 8


@cache
def _trusting() -> ssl.SSLContext:
    """Return a client that takes the certificate we just made."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class SafeVisitor(Visitor):
    """Be one open connection over TLS."""

    def _open(self) -> socket.socket:
        return _trusting().wrap_socket(super()._open())


async def _slow(port: int, path: str, kind: int) -> None:
    """Be one slow client, again and again."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: same-origin\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 600\r\n"
    ).encode()
    while True:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=_trusting())
            if kind < 3:
                writer.write(head + b"\r\n" + (b"sat1=3&" * 43 if kind == 2 else b""))
            for byte in head * 20 if kind != 2 else b"":
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(random.uniform(0.1, 1))
            await asyncio.sleep(30)
            writer.close()


async def _crowd(port: int, path: str, count: int) -> None:
    clients = (_slow(port, path, number % 4) for number in range(count))
    await asyncio.gather(*clients)


def _answer(port: int, path: str, seconds: float) -> list[float]:
    """Answer by several people at once; return what each POST took."""
    visitor = SafeVisitor(port)
    form = Form.of(text_of(visitor.get(path, address()).body))
    visitor.close()
    waited: list[float] = []
    until = time.perf_counter() + seconds

    def person() -> None:
        visitor = SafeVisitor(port)
        while time.perf_counter() < until:
            page = visitor.get(path, address())
            body = form.filled(text_of(page.body))
            began = time.perf_counter()
            thanks = visitor.post(path, address(), body)
            waited.append(time.perf_counter() - began)
            if thanks.status != 200:
                raise RuntimeError(f"{thanks.status} was answered to a person")
            time.sleep(0.05)
        visitor.close()

    threads = [threading.Thread(target=person) for _ in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return waited


def _p95(values: list[float]) -> float:
    return round(1000 * sorted(values)[len(values) * 95 // 100], 2)


def measure(folder: Path, seconds: float, count: int) -> dict[str, object]:
    """Measure without the slow clients, with them, and without them again."""
    running = Running(folder / "data")
    running.environment["RECUEIL_LIMIT"] = "1000000"  # all come from this machine
    path = "/" + demonstration(running, 60)["affiche"].strip()
    running.start(path)
    https = free_port()
    configuration = adapted(folder, http=free_port(), https=https, upstream=running.port)
    nginx = subprocess.Popen(
        ["/usr/sbin/nginx", "-c", str(configuration), "-p", str(folder), "-g", "daemon off;"]
    )
    time.sleep(1)
    crowd = None
    try:
        before = _answer(https, path, seconds)
        # They stand for two hundred telephones: their own processor must not be ours.
        command = ["nice", "-n", "19", sys.executable, "-m", "bench.slow_clients", "--crowd"]
        crowd = subprocess.Popen([*command, str(https), path, str(count)])
        began = time.perf_counter()
        while (held := _connections(nginx.pid)) < count and time.perf_counter() - began < 60:
            time.sleep(0.2)
        during = _answer(https, path, seconds)
        crowd.terminate()
        crowd.wait()
        after = _answer(https, path, seconds)
    finally:
        if crowd is not None and crowd.poll() is None:
            crowd.kill()
        nginx.terminate()
        nginx.wait()
        running.stop()
    alone = _p95([*before, *after])
    return {
        "slow_connections_held": held,
        "posts": [len(before), len(during), len(after)],
        "p95_ms_without": [_p95(before), _p95(after)],
        "p95_ms_with": _p95(during),
        "ratio": round(_p95(during) / alone, 2),
    }


def _connections(master: int) -> int:
    """Count the sockets that the worker of nginx holds open."""
    children = Path(f"/proc/{master}/task/{master}/children").read_text("ascii").split()
    return sum(
        str(descriptor.readlink()).startswith("socket:")
        for child in children
        for descriptor in Path(f"/proc/{child}/fd").iterdir()
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--slow", type=int, default=200)
    parser.add_argument("--crowd", nargs=3, metavar=("PORT", "PATH", "COUNT"))
    given = parser.parse_args()
    if given.crowd:
        port, path, many = given.crowd
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(_crowd(int(port), path, int(many)))
    else:
        with tempfile.TemporaryDirectory(prefix="recueil-slow-") as place:
            Path(place).chmod(0o755)
            print(json.dumps(measure(Path(place), given.seconds, given.slow), indent=1))
