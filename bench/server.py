"""Start and stop, for a bench, the real server on a folder of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from http.client import HTTPConnection
from pathlib import Path

RECUEIL = (str(Path(sys.executable).with_name("recueil")),)


def free_port() -> int:
    """Return a port that nobody listens to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Running:
    """Be one server in a process group of its own, listening on this machine only."""

    def __init__(self, folder: Path, *, command: Sequence[str] = (*RECUEIL, "serve")) -> None:
        self.folder = folder
        self.port = free_port()
        self.command = tuple(command)
        self.environment = {
            **os.environ,
            "RECUEIL_DATA": str(folder),
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "RECUEIL_BASE_URL": f"http://127.0.0.1:{self.port}",
            "RECUEIL_PROXIES": "1",
        }
        self.process: subprocess.Popen[bytes] | None = None

    def recueil(self, *arguments: str) -> str:
        """Run one command of Recueil on the same folder, and return what it prints."""
        done = subprocess.run(
            [*RECUEIL, *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
        return done.stdout

    def start(self, path: str) -> float:
        """Start, and return the seconds until the first 200 on the path."""
        self.folder.mkdir(parents=True, exist_ok=True)
        began = time.perf_counter()
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        while time.perf_counter() - began < 60:
            connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
            try:
                connection.request("GET", path)
                if connection.getresponse().status == 200:
                    return time.perf_counter() - began
            except OSError:
                pass
            finally:
                connection.close()
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        said = (self.folder / "server.log").read_text("utf-8", "replace")[-2000:]
        raise RuntimeError(f"{self.command} does not answer 200 on {path}:\n{said}")

    def kill(self) -> None:
        """Kill every process of the server, without warning."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> float:
        """Ask for a clean stop, and return the seconds it took."""
        assert self.process is not None
        began = time.perf_counter()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)
        return time.perf_counter() - began


def demonstration(running: Running, responses: int) -> dict[str, str]:
    """Make the database and a demonstration structure; return what `recueil demo` said."""
    running.recueil("migrate")
    said = running.recueil("demo", "--responses", str(responses))
    return dict(line.split(maxsplit=1) for line in said.splitlines() if " " in line)
