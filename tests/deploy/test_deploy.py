"""What we ship to run Recueil is accepted by what reads it, and the guide's commands work."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from email.message import Message
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from werkzeug.serving import make_server

from app.organisations import withdrawals
from app.responses import tombstones as answers
from app.testimonies import tombstones as testimonies
from app.web.headers import _HEADERS, _HTTPS_HEADERS
from bench.shipped_nginx import adapted
from config import PROJECT
from tests.ports import free_port

DEPLOY = PROJECT / "deploy"
GUIDE = (PROJECT / "docs" / "deployer.md").read_text("utf-8")
#: The blocks of the guide that run anywhere; the others change the machine.
TRIED = re.findall(r"<!-- essayé par un test -->\n```sh\n(.*?)```", GUIDE, re.DOTALL)
#: Where Debian puts nginx.
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin")


def test_the_guide_names_each_file_that_says_what_people_took_back() -> None:
    """Left behind, an erasure or a refusal made after the copy would be undone."""
    (moved,) = re.findall(r"sudo install .*\.zip (.*) /srv/recueil/", GUIDE)
    assert moved.split() == [
        answers.NAME, testimonies.NAME, testimonies.CHANGES, withdrawals.NAME,
    ]  # fmt: skip


@pytest.fixture
def machine(tmp_path: Path) -> dict[str, str]:
    """Return the environment of a machine whose folders are ours."""
    (tmp_path / "data").mkdir()
    (tmp_path / "env").write_text(
        f"RECUEIL_DATA={tmp_path}/data\nRECUEIL_BASE_URL=https://avis.exemple.fr\n"
        f"SAUVEGARDES={tmp_path}/data/sauvegardes\n"
    )
    return {
        "PATH": os.environ["PATH"],
        "RECUEIL_ENV": f"{tmp_path}/env",
        "RECUEIL_DATA": f"{tmp_path}/data",
        "RECUEIL_BASE_URL": "https://avis.exemple.fr",
        "LANG": "C.UTF-8",
    }


def _run(script: str, environment: dict[str, str]) -> str:
    script = script.replace("/opt/recueil", str(PROJECT))
    script = script.replace("/srv/recueil", environment["RECUEIL_DATA"])
    done = subprocess.run(
        ["sh", "-eu", "-c", script], env=environment, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_commands_of_the_guide_run_in_its_order(machine: dict[str, str]) -> None:
    first, night, drill, upgrade = TRIED
    assert "https://avis.exemple.fr/espace/invitation#" in _run(first, machine)
    _run(night, machine)
    data = Path(machine["RECUEIL_DATA"])
    (copy,) = (data / "sauvegardes").glob("recueil-*.zip")
    assert copy.stat().st_mode & 0o777 == 0o600
    assert _run(drill, machine).endswith("Mêmes comptes, mêmes empreintes.\n")
    _run(upgrade, machine)
    time.sleep(1.1)  # the name holds the second
    _run(upgrade, machine)
    copies = list((data / "sauvegardes").glob("recueil-avant-mise-a-jour-*.zip"))
    assert len(copies) == 2
    for one in copies:  # they go with the others
        os.utime(one, (0, time.time() - 36 * 86_400))
    _run(night.splitlines()[-1], machine)
    assert not any(one.exists() for one in copies)


def test_the_night_forgets_copies_of_more_than_35_days(machine: dict[str, str]) -> None:
    folder = Path(machine["RECUEIL_DATA"]) / "sauvegardes"
    _run(TRIED[0], machine)
    folder.mkdir()
    for days in (34, 36):
        (folder / f"recueil-{days}.zip").touch()
        os.utime(folder / f"recueil-{days}.zip", (0, time.time() - days * 86_400))
    (folder / "autre.txt").touch()
    _run("/opt/recueil/deploy/recueil-chaque-nuit", machine)
    names = {path.name for path in folder.iterdir()}
    assert {"recueil-34.zip", "autre.txt"} <= names
    assert "recueil-36.zip" not in names
    assert len(names) == 3


def test_a_night_that_fails_forgets_old_copies_all_the_same(machine: dict[str, str]) -> None:
    """The database does not answer: neither the purge nor the copy is done, and cron is told."""
    folder = Path(machine["RECUEIL_DATA"]) / "sauvegardes"
    folder.mkdir()
    ages = {
        "recueil-36.zip": 36, ".recueil-2.zip.en-cours": 2, "recueil-34.zip": 34,
        ".recueil-0.zip.en-cours": 0,
    }  # fmt: skip
    for name, days in ages.items():
        (folder / name).touch()
        os.utime(folder / name, (0, time.time() - days * 86_400))
    with pytest.raises(AssertionError, match="base de données"):
        _run("/opt/recueil/deploy/recueil-chaque-nuit", machine)
    assert {path.name for path in folder.iterdir()} == {"recueil-34.zip", ".recueil-0.zip.en-cours"}


def test_cron_runs_what_we_ship() -> None:
    (line,) = re.findall(r"^\d.*$", (DEPLOY / "recueil.cron").read_text("utf-8"), re.MULTILINE)
    command = Path(line.split()[6].replace("/opt/recueil", str(PROJECT)))
    assert os.access(command, os.X_OK)


def test_nginx_accepts_the_configuration_we_ship(tmp_path: Path) -> None:
    if NGINX is None:
        pytest.skip("nginx n'est pas installé (paquet nginx-light)")
    configuration = adapted(tmp_path, http=8080, https=8443, upstream=8000)
    done = subprocess.run(
        [NGINX, "-t", "-c", str(configuration), "-p", str(tmp_path)],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


def test_nginx_writes_no_journal_and_trusts_no_address() -> None:
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    servers = text.split("\nserver {")[1:]
    assert [server.count("access_log off;") for server in servers] == [1, 1]
    assert not re.search(r"access_log (?!off)", text)
    assert re.findall(r"error_log \S+ (\w+);", text) == ["crit", "crit"]
    assert "$proxy_add_x_forwarded_for" not in text
    # Said once for the whole server: a place that sets one header would lose the others.
    headers = re.findall(r"^( *)proxy_set_header (\S+) (.*);$", text, re.MULTILINE)
    assert ("    ", "X-Forwarded-For", "$remote_addr") in headers
    assert {indent for indent, _, _ in headers} == {"    "}


@pytest.mark.parametrize("name", ["recueil.service", "recueil-work.service"])
def test_systemd_accepts_the_units_we_ship(tmp_path: Path, name: str) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd n'est pas installé")
    unit = tmp_path / name
    text = (DEPLOY / name).read_text("utf-8")
    unit.write_text(text.replace("/opt/recueil", str(PROJECT)).replace("User=recueil", "User=root"))
    done = subprocess.run(
        [analyze, "verify", str(unit)], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    ours = [line for line in done.stderr.splitlines() if name in line]
    assert ours == []


@pytest.fixture
def nginx(tmp_path: Path) -> Iterator[Callable[..., tuple[int, Message, str]]]:
    """Yield what asks the real nginx, with our configuration and a service of the test behind."""
    if NGINX is None:
        pytest.skip("nginx n'est pas installé (paquet nginx-light)")
    https, upstream = free_port(), free_port()
    configuration = adapted(tmp_path, http=free_port(), https=https, upstream=upstream)
    text = configuration.read_text("utf-8")
    configuration.write_text(text.replace("recueil.error.log crit", "recueil.error.log warn"))
    service = make_server("127.0.0.1", upstream, _service, threaded=True)
    thread = threading.Thread(target=service.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    command = [NGINX, "-c", str(configuration), "-p", str(tmp_path), "-g", "daemon off;"]
    running = subprocess.Popen(command)
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE

    def ask(path: str, body: bytes | None = None) -> tuple[int, Message, str]:
        given = Request(f"https://127.0.0.1:{https}{path}", data=body)
        try:
            with urlopen(given, context=trusting, timeout=20) as reply:
                return reply.status, reply.headers, reply.read().decode()
        except HTTPError as error:
            return error.code, error.headers, error.read().decode()

    until = time.monotonic() + 20
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", https)):
            break
        time.sleep(0.05)
    yield ask
    running.terminate()
    running.wait(20)
    service.shutdown()
    thread.join()
    service.server_close()


def _service(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
    """Be behind nginx: read what comes, and hang up where the test wants it."""
    size = int(environ.get("CONTENT_LENGTH") or 0)
    read = len(environ["wsgi.input"].read(size))
    if environ["PATH_INFO"] == "/panne":
        environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    if environ["PATH_INFO"] == "/refus":
        start("413 Too Large", [("Content-Type", "text/plain")])
        return [b"les mots de Recueil"]
    start("200 OK", [("Content-Type", "text/plain")])
    if environ["PATH_INFO"].endswith("/export"):
        return [b"mots " * 400_000]
    return [str(read).encode()]


Asks = Callable[..., tuple[int, Message, str]]


def test_what_nginx_says_itself_is_in_french_with_our_headers(nginx: Asks) -> None:
    for path, body, status, said in (
        ("/ABCDE", bytes(1_100_000), 413, "votre texte est encore là"),
        ("/panne", None, 502, "votre texte est encore là"),
    ):
        found, headers, page = nginx(path, body)
        assert found == status
        assert said in page
        assert '<html lang="fr">' in page
        for name, value in (*_HEADERS, *_HTTPS_HEADERS, ("X-Frame-Options", "DENY")):
            assert headers.get_all(name) == [value]
        assert headers["Cache-Control"] == "no-store"
        (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
        digest = b64encode(sha256(style.encode()).digest()).decode()
        assert f"style-src 'sha256-{digest}'" in headers["Content-Security-Policy"]
        assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert nginx("/refus", b"x")[2] == "les mots de Recueil"  # what Recueil says is left alone
    assert nginx("/.nginx/panne.html")[0] == 200  # not ours from outside: Recueil answers


@pytest.mark.parametrize("name", ["trop-lourd", "panne", "attendre"])
def test_the_pages_of_nginx_keep_our_words(name: str) -> None:
    page = (DEPLOY / "pages" / f"{name}.html").read_text("utf-8")
    text = re.sub(r"<[^>]+>", " ", page)
    assert "'" not in re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    assert "essayez encore" in text or "envoyez encore" in text
    for word in ("bénéficiaire", "valider", "soumettre", "erreur"):
        assert word not in text.lower()


def test_an_export_of_la_coop_passes_whole_and_is_written_nowhere(
    nginx: Asks, tmp_path: Path
) -> None:
    """nginx warns of each body and each reply that it writes to its disk."""
    weight = 11 * 1024 * 1024
    assert nginx("/espace/indicateurs/accompagnes", bytes(weight))[2] == str(weight)
    assert len(nginx("/espace/reponses/export")[2]) == 2_000_000
    assert nginx("/ABCDE", bytes(200_000))[2] == "200000"
    journal = (tmp_path / "recueil.error.log").read_text()
    assert "temporary file" not in journal
    nginx("/espace/autre", bytes(1_000_000))
    assert "temporary file" in (tmp_path / "recueil.error.log").read_text()


def test_a_workshop_signs_in_behind_one_address_and_a_hammer_waits(nginx: Asks) -> None:
    statuses = [nginx("/espace/connexion", b"x")[0] for _ in range(40)]
    assert set(statuses) == {200}
    with ThreadPoolExecutor(8) as crowd:
        many = list(crowd.map(lambda _: nginx("/espace/connexion", b"x"), range(120)))
    refused = [one for one in many if one[0] == 429]
    assert refused
    assert "Attendez une minute" in refused[0][2]
    assert nginx("/espace/connexion")[0] == 200  # who only looks is never refused
