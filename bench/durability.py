"""What was acknowledged is on the disk: retries, kill -9, SIGTERM, and the order of the fsyncs.

    python -m bench.durability [--kills 60] [--keys 50] [--parallel 32]

Kill -9 alone proves nothing about a power cut, hence the last check: under strace, every
acknowledgement leaves after an fsync that was asked for since the acknowledgement before it.
"""

from __future__ import annotations

import argparse
import re
import secrets
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from bench.respondents import Form, Visitor, address, encode, text_of
from bench.server import Running, demonstration

LOAD = 8


class Answerer:
    """Fill the form of one link under keys that we choose and remember."""

    def __init__(self, running: Running, path: str) -> None:
        self.port, self.path = running.port, path
        visitor = Visitor(self.port)
        self.form = Form.of(text_of(visitor.get(path, address()).body))
        visitor.close()

    def body(self, key: str) -> bytes:
        """Return the form filled, under this key."""
        return encode({**self.form.chosen, "cle": key})

    def acknowledged(self, stop: threading.Event) -> Callable[[], set[str]]:
        """Send answers in the background; the function returned waits and tells which stood."""
        known: set[str] = set()

        def send() -> None:
            try:
                visitor = Visitor(self.port)
                while not stop.is_set():
                    key = secrets.token_hex(16)
                    if visitor.post(self.path, address(), self.body(key)).status == 200:
                        known.add(key)
            except OSError:
                return

        threads = [threading.Thread(target=send) for _ in range(LOAD)]
        for thread in threads:
            thread.start()

        def wait() -> set[str]:
            for thread in threads:
                thread.join()
            return known

        return wait


def stored(running: Running) -> set[str]:
    """Return the keys of the answers in the database, found whole."""
    with sqlite3.connect(running.folder / "recueil.sqlite3") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {key for (key,) in database.execute("SELECT idempotency_key FROM response")}


def retries(running: Running, path: str, keys: int, parallel: int) -> str:
    """Send each key many times at once: one row and one receipt each."""
    running.start(path)
    answerer = Answerer(running, path)
    before = len(stored(running))
    statuses: set[int] = set()
    receipts: dict[str, set[bytes]] = {}
    barrier = threading.Barrier(parallel)
    names = [secrets.token_hex(16) for _ in range(keys)]

    def send() -> None:
        visitor = Visitor(running.port)
        for key in names:
            body = answerer.body(key)
            barrier.wait()
            reply = visitor.post(path, address(), body)
            statuses.add(reply.status)
            found = re.search(rb"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}", text_of(reply.body))
            receipts.setdefault(key, set()).add(found[0] if found else b"")
        visitor.close()

    threads = [threading.Thread(target=send) for _ in range(parallel)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    running.stop()
    rows = len(stored(running)) - before
    single = sum(len(found) == 1 and b"" not in found for found in receipts.values())
    return f"{keys} keys × {parallel}: {rows} rows, {single} with one receipt, {sorted(statuses)}"


def kills(running: Running, path: str, times: int) -> str:
    """Kill -9 under load, start again, count what was acknowledged and is not there."""
    random = Random(1)
    sent, lost, slowest = 0, 0, running.start(path)
    answerer = Answerer(running, path)
    for _ in range(times):
        stop = threading.Event()
        wait = answerer.acknowledged(stop)
        time.sleep(random.uniform(0.2, 0.8))
        running.kill()
        stop.set()
        known = wait()
        slowest = max(slowest, running.start(path))
        sent, lost = sent + len(known), lost + len(known - stored(running))
    running.stop()
    return (
        f"kill -9 × {times}: {sent} acknowledged, {lost} lost, slowest first 200: {slowest:.2f} s"
    )


def clean_stop(running: Running, path: str) -> str:
    """Stop under load, and count what was acknowledged and is not there."""
    running.start(path)
    stop = threading.Event()
    wait = Answerer(running, path).acknowledged(stop)
    time.sleep(2)
    seconds = running.stop()
    stop.set()
    known = wait()
    lost = len(known - stored(running))
    return f"SIGTERM under load: {len(known)} acknowledged, {lost} lost, stopped in {seconds:.2f} s"


def synced(running: Running, path: str, posts: int = 100) -> str:
    """Count the acknowledgements that left after an fsync of their own."""
    running.start(path)
    answerer = Answerer(running, path)
    assert running.process is not None
    log = running.folder / "strace.log"
    tracer = subprocess.Popen(
        [
            *("strace", "-f", "-qq", "-s", "32", "-o", str(log)),
            *("-e", "trace=fsync,fdatasync,sendto,sendmsg,write,writev"),
            *("-p", str(running.process.pid)),
            *(part for child in _children(running.process.pid) for part in ("-p", child)),
        ]
    )
    time.sleep(1)
    visitor = Visitor(running.port)
    for _ in range(posts):
        reply = visitor.post(path, address(), answerer.body(secrets.token_hex(16)))
        assert reply.status == 200
    visitor.close()
    time.sleep(0.5)
    tracer.terminate()
    tracer.wait()
    running.stop()
    return f"fsync before each acknowledgement: {acknowledged_after_fsync(log)}/{posts}"


def acknowledged_after_fsync(log: Path) -> int:
    """Read a trace of answers sent one after the other."""
    good, safe = 0, False
    for line in log.read_text("utf-8", "replace").splitlines():
        if re.search(r"\b(fsync|fdatasync)\b.*= 0$", line):
            safe = True
        elif '"HTTP/1.1 200' in line:
            good, safe = good + safe, False
    return good


def _children(pid: int) -> list[str]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
    return listed.split()


def main() -> None:
    """Run the four checks on one demonstration structure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--keys", type=int, default=50)
    parser.add_argument("--parallel", type=int, default=32)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        running = Running(Path(folder))
        path = f"/{demonstration(running, responses=20)['affiche']}"
        print(retries(running, path, given.keys, given.parallel), flush=True)
        print(clean_stop(running, path), flush=True)
        print(synced(running, path), flush=True)
        print(kills(running, path, given.kills), flush=True)


if __name__ == "__main__":
    main()
