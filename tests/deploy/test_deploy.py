"""What we ship to run Recueil is accepted by what reads it, and the guide's commands work."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from app.responses import tombstones as answers
from app.testimonies import tombstones as testimonies
from bench.shipped_nginx import adapted
from config import PROJECT

DEPLOY = PROJECT / "deploy"
GUIDE = (PROJECT / "docs" / "deployer.md").read_text("utf-8")
#: The blocks of the guide that run anywhere; the others change the machine.
TRIED = re.findall(r"<!-- essayé par un test -->\n```sh\n(.*?)```", GUIDE, re.DOTALL)
#: Where Debian puts nginx.
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin")


def test_the_guide_names_each_file_that_says_what_people_took_back() -> None:
    """Left behind, an erasure or a refusal made after the copy would be undone."""
    (moved,) = re.findall(r"sudo install .*\.zip (.*) /srv/recueil/", GUIDE)
    assert moved.split() == [answers.NAME, testimonies.NAME, testimonies.CHANGES]


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
    assert (data / "avant-mise-a-jour.zip").exists()


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
    assert text.count("proxy_pass ") == text.count("X-Forwarded-For $remote_addr;")


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
