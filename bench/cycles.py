"""Full cycles of respondents a second, ours against the plain reference, in one run.

    python -m bench.cycles [--seconds 10] [--rounds 3] [--at-once 8] [--questionnaire satisfaction]

A cycle is a GET of the page and a POST of the filled form, acknowledged after its fsync. The two
servers take turns, on the same machine, with the same server class and the same client.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from bench.server import Running, demonstration


def measured(running: Running, path: str, seconds: float, at_once: int) -> dict[str, Any]:
    """Start the server, let respondents answer, stop it."""
    running.start(path)
    try:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "bench.respondents", str(running.port), path),
                *("--seconds", str(seconds), "--at-once", str(at_once)),
            ],
            stdout=subprocess.PIPE,
            check=True,
        )
    finally:
        running.stop()
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def main() -> None:
    """Measure in turns, and print one line a round and the ratio of the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--at-once", type=int, default=8)
    parser.add_argument("--questionnaire", default="satisfaction")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ours = Running(Path(folder, "ours"))
        code = link(ours, given.questionnaire)
        plain = Running(
            Path(folder, "plain"),
            command=(sys.executable, "-m", "bench.plain_flask", given.questionnaire),
        )
        rates: dict[str, list[float]] = {"ours": [], "plain": []}
        for _ in range(given.rounds):
            for name, running, path in (("ours", ours, f"/{code}"), ("plain", plain, "/form")):
                result = measured(running, path, given.seconds, given.at_once)
                rates[name].append(result["per_second"])
                print(f"{name:6}", json.dumps(result), flush=True)
    print(f"ratio  {median(rates['ours']) / median(rates['plain']):.2f} (ours / plain)")


def link(ours: Running, questionnaire: str) -> str:
    """Return the code of a poster of the demonstration that asks this questionnaire."""
    said = demonstration(ours, responses=40)
    if questionnaire == "satisfaction":
        return said["affiche"]
    ours.recueil("organisations", "create", "Banc", "--email", "banc@exemple.fr", "--lieu", "Ici")
    opened = ours.recueil(
        *("campaigns", "open", questionnaire, "--structure", "Banc", "--lieu", "Ici"),
        *("--from", time.strftime("%Y-%m"), "--to", time.strftime("%Y-%m")),
        *("--doors", "partenaire" if questionnaire == "partenaire" else "affiche"),
    )
    return opened.split()[0]


if __name__ == "__main__":
    main()
