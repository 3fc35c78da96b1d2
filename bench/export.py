"""The files of answers, format by format: seconds, size and peak memory.

    python -m bench.export FOLDER [--responses 100000] [--answers-of QUESTIONNAIRE]

FOLDER keeps the demonstration structure for the next run. Each format is written in a process of
its own, over the campaigns of one questionnaire, as the desk writes it: into a temporary file.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from bench.server import Running, demonstration

FORMATS = ("tableur", "interop", "xlsx", "ods")


def prepared(folder: Path, responses: int) -> Running:
    """Return an installation with this many answers, made now or by a former run."""
    running = Running(folder / str(responses))
    done = running.folder / "done"
    if not done.exists():
        began = time.perf_counter()
        demonstration(running, responses)
        done.touch()
        print(f"{responses} responses written in {time.perf_counter() - began:.0f} s", flush=True)
    return running


def measure(name: str, questionnaire: str) -> dict[str, float]:
    """Write one file in this process, and say what it took; run by `main` in a child."""
    from sqlalchemy import select

    from app import create_app
    from app.campaigns.models import Campaign, PublishedVersion
    from app.responses.exporting import FORMATS as KNOWN
    from app.responses.exporting import Export, Selection
    from app.responses.layouts import Words
    from app.web.current import database, keys, today

    with create_app().app_context(), database().reading() as session:
        of_it = select(Campaign).join(
            PublishedVersion, Campaign.version == PublishedVersion.version
        )
        of_it = of_it.where(PublishedVersion.questionnaire == questionnaire)
        campaigns = list(session.scalars(of_it))
        wanted = Campaign.id.in_([campaign.id for campaign in campaigns])
        form = KNOWN[name]
        before = _memory()
        began = time.perf_counter()
        selection = Selection(campaigns, wanted, [], today())
        export = Export(session, keys(), selection, form.layout or Words)
        with form.write(export) as file:
            seconds = time.perf_counter() - began
            size = file.seek(0, os.SEEK_END)
        columns = len(export.layout.heading())
    return {
        "rows": export.count,
        "columns": columns,
        "seconds": seconds,
        "size": size / 1e6,
        "before": before,
        "peak": _memory(),
    }


def _memory() -> float:
    """Return the peak memory of this process so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure each format, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--responses", type=int, default=100_000)
    parser.add_argument("--answers-of", default="satisfaction")
    parser.add_argument("--only", choices=FORMATS, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.only:
        print(json.dumps(measure(given.only, given.answers_of)))
        return
    running = prepared(given.folder, given.responses)
    print("format      rows  columns  seconds  size MB  memory before MB  peak MB")
    for name in FORMATS:
        command = [sys.executable, "-m", "bench.export", str(given.folder), "--only", name]
        done = subprocess.run(
            [*command, "--answers-of", given.answers_of],
            env=running.environment,
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
        found = json.loads(done.stdout.splitlines()[-1])
        print(
            f"{name:8} {found['rows']:7.0f} {found['columns']:8.0f} {found['seconds']:8.1f} "
            f"{found['size']:8.1f} {found['before']:17.0f} {found['peak']:8.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
