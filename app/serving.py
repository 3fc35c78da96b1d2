"""Serve with gunicorn started from Python: the same server in `./run` and in production."""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication

from app import create_app
from app.db import migrate
from app.media.working import Worker
from app.web.qr import qr_terminal
from config import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

#: Heartbeat files of the workers, in memory: on the disk they would wait behind the answers.
HEARTBEAT_FOLDER = "/dev/shm"  # noqa: S108

#: Seconds that a conversion takes to be given back when we are stopped.
STOPS_WITHIN = 2

#: What `./run` keeps of `recueil demo`: one « word value » a line, readable by its owner only.
SIGN_IN_FILE = "connexion-demo.txt"


class Server(BaseApplication):  # type: ignore[misc]
    """Be a gunicorn that is configured from Python and loads the application in each worker."""

    def __init__(self, load: Callable[[], WSGIApplication], options: dict[str, Any]) -> None:
        self._load = load
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Hand our options to gunicorn, which reads no file and no command line of its own."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> WSGIApplication:
        """Return the application; called in the worker, so that no connection crosses a fork."""
        return self._load()


def options(settings: Settings) -> dict[str, Any]:
    """Return gunicorn's options for these settings."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return {
        "bind": f"{host}:{settings.port}",
        "proc_name": "recueil",
        "worker_class": "gthread",
        "workers": settings.processes,
        "threads": settings.threads,
        "worker_tmp_dir": HEARTBEAT_FOLDER if os.access(HEARTBEAT_FOLDER, os.W_OK) else None,
        "keepalive": 5,
        # A stop lets the answers in flight be written, and ends under 10 seconds all the same.
        "graceful_timeout": 8,
        # Forwarded headers are read in one place only: app/web, by RECUEIL_PROXIES.
        "forwarded_allow_ips": "",
        "control_socket_disable": True,
        # No access log: on public pages, an address and an hour would be personal data.
        "accesslog": None,
        "loglevel": "warning",
    }


def serve(settings: Settings) -> None:
    """Bring the database up to date, then serve until a SIGTERM or a Ctrl-C, and say where."""
    _refuse_busy_port(settings)
    settings.data.mkdir(parents=True, exist_ok=True)
    migrate(settings.database_url)
    text = where(settings)

    def say_where(_server: object) -> None:
        print(text, flush=True)

    hooks = {"when_ready": say_where, **_working_hooks(settings)}
    Server(lambda: create_app(settings), {**options(settings), **hooks}).run()


def _working_hooks(settings: Settings) -> dict[str, Any]:
    """Convert voices and films in the one process of SQLite; elsewhere `recueil work` does it."""
    if not settings.database_url.startswith("sqlite"):
        return {}
    working: list[tuple[Worker, threading.Thread]] = []

    def begin(server: Any) -> None:
        worker = Worker(server.wsgi.extensions["database"], settings.data)
        thread = threading.Thread(target=worker.run, name="recueil-work", daemon=True)
        working.append((worker, thread))
        thread.start()

    def end(_arbiter: object, _server: object) -> None:
        for worker, thread in working:
            worker.stop.set()
            thread.join(STOPS_WITHIN)

    return {"post_worker_init": begin, "worker_exit": end}


def where(settings: Settings) -> str:
    """Say where the pages are, with the QR code of the demonstration when `./run` made one."""
    lines = [f"Espace des médiateurs : {settings.base_url}/espace"]
    sign_in = settings.data / SIGN_IN_FILE
    if sign_in.exists():
        known = dict(
            line.split(maxsplit=1) for line in sign_in.read_text("utf-8").splitlines() if line
        )
        address = f"{settings.base_url}/{known['affiche']}"
        lines += [
            f"Identifiant et mot de passe : dans {sign_in}",
            f"Questionnaire de démonstration : {address}",
            qr_terminal(address.upper()),
            "Scannez avec un téléphone du même réseau. Pour arrêter : Ctrl-C.",
        ]
    return "\n".join(lines)


def _refuse_busy_port(settings: Settings) -> None:
    """Stop at once, in French, where gunicorn would try five times in English."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            sys.exit(
                f"Recueil ne peut pas écouter sur {settings.host}, port {settings.port} "
                f"({error.strerror}). Choisissez-en un autre : PORT={settings.port + 1} ./run"
            )
